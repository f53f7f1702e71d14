"""The commands that back up, restore and migrate: what they ask, and what they tell."""

import logging
import sys
from pathlib import Path

from randomuser_assets.export.catalog import exported_tables
from randomuser_assets.forgotten import Forgotten, read_forgotten, stored_list, take_over
from randomuser_assets.model import MODEL
from randomuser_assets.model.marts import MARTS
from randomuser_assets.numbered import numbered
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.backup import Backup, make_backup
from randomuser_assets.warehouse.changes import Renames
from randomuser_assets.warehouse.connect import opened
from randomuser_assets.warehouse.faults import WarehouseError, told_without_data
from randomuser_assets.warehouse.migrate import Plan, migrate, planned
from randomuser_assets.warehouse.mixed import NEVER, UNKNOWN, MixedDays, Writer, spans
from randomuser_assets.warehouse.restore import Restored, restore
from randomuser_assets.warehouse.table import is_stored

_WORD = "restore"
_MATERIALIZE = "dagster asset materialize -m randomuser_assets.definitions"

_log = logging.getLogger(__name__)


def back_up(settings: Settings, doing: str) -> Backup:
    """Make a backup, and tell of it."""
    made = make_backup(
        settings.warehouse_path,
        settings.backups_path,
        keep=settings.backups_kept,
        version=MODEL.version,
        doing=doing,
        log=_log,
    )
    print(
        f"Backup     {made.path}\n"
        f"           {made.bytes:,} bytes, {made.manifest.rows:,} rows in "
        f"{len(made.manifest.tables)} tables"
    )
    return made


def restore_backup(
    settings: Settings, file: Path, to: Path | None, *, over: bool, sure: bool
) -> None:
    """Restore a backup to a new place or, asked twice, over the warehouse; and tell of it."""
    target = to or settings.warehouse_path
    if to and (to.is_dir() or not to.suffix):
        target = to / settings.warehouse_path.name
    if to and target.exists():
        raise WarehouseError(
            f"There is a file at {target} already. Nothing was changed: name a place where "
            "there is none."
        )
    replaces = not to and target.exists()
    if replaces and not over:
        raise WarehouseError(
            f"There is a warehouse at {target}. Nothing was changed: restore to another place with "
            "--to, or over this one with --over."
        )
    if replaces and not sure and not _is_sure(target, file):
        raise WarehouseError("Nothing was changed.")
    # Not `over`: nobody was asked about a warehouse that a run makes only now.
    folder = target.resolve().parent
    restored = restore(
        file.resolve(),
        target.resolve(),
        over=replaces,
        log=_log,
        forgotten=lambda brought: _known_to_be_forgotten(settings, folder, brought),
    )
    _tell(restored, settings)


def _known_to_be_forgotten(settings: Settings, folder: Path, brought: str) -> Forgotten | None:
    """Give the list for a folder: its own, that of the settings, and what a backup brings."""
    lists = [stored_list(settings.data_path), brought]
    if not any(lists) and not stored_list(folder):
        return None  # nobody, which takes no secret
    secret = settings.key_bytes()
    for each in lists:
        take_over(folder, each, secret)
    return read_forgotten(folder, secret)


def _is_sure(target: Path, file: Path) -> bool:
    if not sys.stdin.isatty():
        raise WarehouseError(
            f"{target} would be replaced, and nobody is there to be asked. Nothing was changed: "
            "add --yes to --over."
        )
    print(f"All of {target} would be replaced by what is in {file}.")
    return input(f"Type {_WORD!r} to go on: ").strip() == _WORD


def _tell(restored: Restored, settings: Settings) -> None:
    manifest = restored.manifest
    taken_at = f"{manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    print(
        f"Restored   {restored.path}\n"
        f"           as of {taken_at}: {manifest.rows:,} rows in {len(manifest.tables)} tables, "
        f"the newest day is {restored.newest_day or 'none'}"
    )
    if restored.forgotten:
        print(f"Left out   {numbered(restored.forgotten, 'forgotten person', 'forgotten people')}")
    if manifest.schema_version != MODEL.version:
        print("Its tables were declared otherwise: run `randomuser-assets migrate`.")
    _tell_mixed(restored.mixed)
    if restored.path == settings.warehouse_path:
        print(
            "The files below csv/ and parquet/, and Dagster's own records, are as they were. Days "
            f"written after {taken_at} are to be made again from raw_users on; to have only "
            f"files follow:\n  {_MATERIALIZE} --select 'group:csv or group:parquet' --partition DAY"
        )


def _tell_mixed(mixed: MixedDays) -> None:
    if not mixed:
        return
    print(
        "Each table is whole, but these days have tables of different runs, since the backup was "
        "taken between two writes, or some tables were made again:"
    )
    commands = []
    for first, last, writers in spans(mixed):
        several = first != last
        told = "; ".join(f"{', '.join(w.tables)} {_whose(w)}" for w in writers)
        print(f"  {first}{f' to {last}' if several else ''}: {told}")
        which = f"--partition-range {first}...{last}" if several else f"--partition {first}"
        commands.append(f"{_MATERIALIZE} --select 'raw_users*' {which}")
    print("To have all tables and files of such a day of one run:", *commands, sep="\n  ")


def _whose(writer: Writer) -> str:
    known = f"of run {writer.run_id[:8]} ({writer.written_at})"
    return {NEVER: "never made", UNKNOWN: "of a run that was not kept"}.get(writer.run_id, known)


def migrate_warehouse(
    settings: Settings, renames: Renames, *, dry: bool, accept_fewer_rows: bool
) -> None:
    """Show how the stored tables differ from the declared ones, and make them follow."""
    place = str(settings.warehouse_path)
    with opened(place, read_only=True, doing="planning a migration", log=_log) as connection:
        plan = planned(connection, MODEL, renames)
    if not plan.differences and not plan.shown:
        print(f"The stored tables are as declared (version {MODEL.version}): nothing to do.")
        return
    print(f"To version {MODEL.version}:", *plan.lines(), sep="\n  ")
    if plan.blockers:
        raise WarehouseError("It cannot be done:\n  " + "\n  ".join(plan.blockers))
    tried = _migrated(settings, plan, renames, keep=False, accept_fewer_rows=accept_fewer_rows)
    if tried:
        print("It gives:", *tried, sep="\n  ")
    if dry:
        print("Nothing was changed.")
        return
    # Only now: backups of migrations that cannot be done would take the place of older ones.
    back_up(settings, "copying it before a migration")
    _migrated(
        settings, plan, renames, keep=True, accept_fewer_rows=accept_fewer_rows, expected=tried
    )
    print("Done.")
    _tell_of_files([table.name for table in plan.remade if table in exported_tables(MODEL)])
    if any(table in MODEL.core for table in plan.remade) and _has_marts(settings):
        print("The marts are as they were: the next run makes them of these tables again.")


def _has_marts(settings: Settings) -> bool:
    place, doing = str(settings.warehouse_path), "looking for marts"
    with opened(place, read_only=True, doing=doing, log=_log) as connection:
        return any(is_stored(connection, table) for table in MARTS)


def _migrated(
    settings: Settings,
    plan: Plan,
    renames: Renames,
    *,
    keep: bool,
    accept_fewer_rows: bool,
    expected: list[str] | None = None,
) -> list[str]:
    """Do it in one transaction, which is kept or taken back, and say what became of each table."""
    place = str(settings.warehouse_path)
    with (
        told_without_data("Migrating"),
        opened(place, read_only=False, doing="migrating", log=_log) as connection,
    ):
        connection.begin()
        done = []
        same = planned(connection, MODEL, renames) == plan
        if same:
            done = migrate(connection, MODEL, plan, renames, accept_fewer_rows=accept_fewer_rows)
        if not same or done != (expected or done):
            raise WarehouseError(
                "Somebody wrote to the warehouse meanwhile, so that the plan no longer holds. "
                "Nothing was changed: run it again."
            )
        if keep:
            connection.commit()
        else:
            connection.rollback()
    return done


def _tell_of_files(tables: list[str]) -> None:
    if tables:
        print(
            "Files of the days that are there keep their columns. To have them follow, materialise "
            f"csv/… and parquet/… of {', '.join(tables)} for these days again; to have "
            "catalog.duckdb follow at once, run `randomuser-assets catalog`."
        )
