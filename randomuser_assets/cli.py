"""The commands: `randomuser-assets <command>`. A fault ends in one sentence and exit code 1."""

import argparse
import errno
import logging
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from randomuser_assets import environment
from randomuser_assets.numbered import numbered
from randomuser_assets.settings import PREFIX, SettingsError, load_settings, project_root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code."""
    parsed = _parser().parse_args(arguments)
    # What is imported inside the commands takes a second or two, which the others need not wait.
    try:
        return int(parsed.run(parsed) or 0)
    except SettingsError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # whoever read it, like head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        if error.errno == errno.EADDRINUSE:
            print("The port is taken: choose another one with --port.", file=sys.stderr)
            return 1
        print(
            f"The system refused{where}: {error.strerror}. Check the folder's owner and free "
            "space, or set RANDOMUSER_DATA_DIR to a folder that can be written.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="randomuser-assets", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("init", help="write a .env with a random key, if there is none")
    command.set_defaults(run=_init)

    command = commands.add_parser("demo", help="run three days on the built-in source")
    command.set_defaults(run=_demo)

    command = commands.add_parser("dev", help="start the Dagster UI on what the demo has made")
    command.add_argument("--port", type=int, help="instead of that of RANDOMUSER_UI_URL")
    command.set_defaults(run=_dev)

    command = commands.add_parser("record", help="save a day's responses, protected, as a source")
    command.add_argument("day", type=_day, help="like 2026-11-20")
    command.add_argument("--to", type=_day, metavar="DAY", help="all days up to this one, too")
    command.add_argument("--into", type=Path, metavar="DIR", help="instead of data/recorded")
    command.set_defaults(run=_record)

    command = commands.add_parser("rejected", help="list rejected records with every reason")
    command.add_argument("day", nargs="?", type=_day, help="like 2026-11-20; all days if left out")
    command.add_argument("--json", action="store_true", help="whole rows as JSON, payload included")
    command.set_defaults(run=_of_the_warehouse(_rejected))

    command = commands.add_parser("backup", help="copy the warehouse, compressed and dated")
    command.set_defaults(run=_of_the_warehouse(_backup))

    command = commands.add_parser("restore", help="make a warehouse of a backup")
    command.add_argument("file", type=Path, help="like data/backups/…_warehouse.duckdb.zst")
    command.add_argument("--to", type=Path, help="a new place; without, the warehouse's own")
    command.add_argument("--over", action="store_true", help="over the warehouse that is there")
    command.add_argument("--yes", action="store_true", help="with --over: ask nobody")
    command.set_defaults(run=_of_the_warehouse(_restore))

    command = commands.add_parser("migrate", help="make stored tables follow their declarations")
    command.add_argument("--dry-run", action="store_true", help="do all of it, and take it back")
    command.add_argument(
        "--rename", action="append", default=[], type=_rename, metavar="SCHEMA.TABLE.OLD=NEW"
    )
    command.add_argument("--drop", action="append", default=[], metavar="SCHEMA.TABLE.COLUMN")
    command.add_argument(
        "--accept-fewer-rows", action="store_true", help="even if some rows cannot be made again"
    )
    command.set_defaults(run=_of_the_warehouse(_migrate))

    command = commands.add_parser("forget", help="take a person out of everything, for good")
    command.add_argument("user_id", help="as in core.users")
    command.set_defaults(run=_of_the_warehouse(_forget))

    command = commands.add_parser("rotate-key", help="explain a new secret, and put one in place")
    command.add_argument("--yes", action="store_true", help="put a new random one in place")
    command.add_argument(
        "--new-key-file", type=Path, help="carry the list of forgotten people over to this one"
    )
    command.set_defaults(run=_rotate_key)

    command = commands.add_parser("dbt", help="run dbt on the marts, in turn with all others")
    command.add_argument("arguments", nargs=argparse.REMAINDER, help="like build --full-refresh")
    command.set_defaults(run=_of_the_warehouse(_dbt))

    command = commands.add_parser("catalog", help="write catalog.duckdb anew, as after moving it")
    command.set_defaults(run=_catalog)

    command = commands.add_parser("document", help="write the files derived from declarations")
    command.add_argument("--check", action="store_true", help="only say which are out of date")
    command.set_defaults(run=_document)

    command = commands.add_parser("sample-api", help="serve the built-in stand-in for the API")
    command.add_argument("--port", type=int, default=8765)
    command.add_argument("--limit", type=int, help="people per five minutes (the real API: 20000)")
    command.set_defaults(run=_sample_api)
    return parser


def _init(_: argparse.Namespace) -> None:
    path = project_root() / ".env"
    made = environment.write_env(path)
    print(f"Wrote {path} with a new key." if made else f"{path} is there already; it stays.")


def _demo(_: argparse.Namespace) -> int:
    settings = load_settings()
    from randomuser_assets.demo import run_demo

    return run_demo(settings)


def _dev(parsed: argparse.Namespace) -> None:
    settings = load_settings()
    port = parsed.port or urlsplit(settings.ui_url).port or 3000
    if parsed.port:  # links in alerts and reports lead to where the UI is
        os.environ[f"{PREFIX}UI_URL"] = f"http://127.0.0.1:{port}"
    os.environ["DAGSTER_HOME"] = str(environment.dagster_home(settings))
    os.chdir(project_root())
    from randomuser_assets.export.catalog import make_catalog
    from randomuser_assets.model import MODEL
    from randomuser_assets.owner_only import owner_only
    from randomuser_assets.report.serve import serve_beside

    make_catalog(settings.catalog_path, MODEL, settings.parquet_path)
    if told := serve_beside(settings.reports_path, settings.reports_url):
        print(told, flush=True)
    dagster = Path(sys.executable).with_name("dagster")
    command = ["dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1"]
    with owner_only:  # Dagster's own records, too: what it runs as has this umask
        os.execv(dagster, [*command, "-p", str(port)])  # noqa: S606  our own command


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day like 2026-11-20, not {text!r}") from None


def _of_the_warehouse(
    run: Callable[[argparse.Namespace], int | None],
) -> Callable[[argparse.Namespace], int | None]:
    """Tell in its sentence what the warehouse refuses."""

    def told(parsed: argparse.Namespace) -> int | None:
        from randomuser_assets.warehouse.faults import WarehouseError

        logging.basicConfig(format="%(message)s")
        logging.getLogger("randomuser_assets").setLevel(logging.INFO)  # for whom it waits
        try:
            return run(parsed)
        except WarehouseError as error:
            print(error.description, file=sys.stderr)
            return 1

    return told


def _rename(text: str) -> tuple[str, str]:
    old, _, new = text.partition("=")
    if old.count(".") != 2 or not new:
        raise argparse.ArgumentTypeError(f"expected schema.table.old=new, not {text!r}")
    return old, new


def _rejected(parsed: argparse.Namespace) -> None:
    settings = load_settings()
    from randomuser_assets.rejects import list_rejected

    list_rejected(settings, parsed.day, as_json=parsed.json)


def _record(parsed: argparse.Namespace) -> int:
    settings = load_settings()
    from randomuser_assets.model import MODEL
    from randomuser_assets.source.faults import SourceError
    from randomuser_assets.source.record import record_day

    logging.basicConfig(format="%(message)s")
    log = logging.getLogger("randomuser_assets")
    into = parsed.into or settings.recorded_path
    try:
        for day in settings.days_between(parsed.day, parsed.to or parsed.day):
            made = record_day(settings, day, into, MODEL, log)
            print(f"{day}: {numbered(made.people, 'person', 'people')} in {made.folder}")
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _document(parsed: argparse.Namespace) -> int:
    from randomuser_assets.document.files import stale_files, write_files

    root = project_root()
    if not parsed.check:
        for path in write_files(root):
            print(f"Wrote {path.relative_to(root)}.")
        return 0
    stale = stale_files(root)
    for path in stale:
        print(f"{path.relative_to(root)} is out of date: run `make erd`.", file=sys.stderr)
    return 1 if stale else 0


def _backup(_: argparse.Namespace) -> None:
    settings = load_settings()
    from randomuser_assets.recovery import back_up

    back_up(settings, "copying it for a backup")


def _restore(parsed: argparse.Namespace) -> None:
    settings = load_settings()
    from randomuser_assets.recovery import restore_backup

    restore_backup(settings, parsed.file, parsed.to, over=parsed.over, sure=parsed.yes)


def _migrate(parsed: argparse.Namespace) -> None:
    settings = load_settings()
    from randomuser_assets.recovery import migrate_warehouse

    migrate_warehouse(
        settings,
        {**dict(parsed.rename), **dict.fromkeys(parsed.drop)},
        dry=parsed.dry_run,
        accept_fewer_rows=parsed.accept_fewer_rows,
    )


def _forget(parsed: argparse.Namespace) -> int:
    settings = load_settings()
    from randomuser_assets.forgetting import forget_person

    return forget_person(settings, parsed.user_id)


def _rotate_key(parsed: argparse.Namespace) -> None:
    settings = load_settings()
    from randomuser_assets.rotation import rotate_key

    rotate_key(settings, parsed.new_key_file, sure=parsed.yes)


def _dbt(parsed: argparse.Namespace) -> int:
    settings = load_settings()
    from randomuser_assets.marts.dbt import run_by_hand
    from randomuser_assets.warehouse.connect import alone

    log = logging.getLogger("randomuser_assets")
    with alone(str(settings.warehouse_path), doing="running dbt by hand", log=log):
        return run_by_hand(settings, parsed.arguments)


def _catalog(_: argparse.Namespace) -> int:
    settings = load_settings()
    from randomuser_assets.export.catalog import CatalogError, write_catalog
    from randomuser_assets.model import MODEL

    try:
        write_catalog(settings.catalog_path, MODEL, settings.parquet_path)
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Wrote {settings.catalog_path}.")
    return 0


def _sample_api(parsed: argparse.Namespace) -> None:
    from randomuser_assets.source.sample import SampleApi

    with SampleApi(port=parsed.port, limit=parsed.limit) as api:
        print(f"People at {api.base_url}?results=10&seed=hello (Ctrl-C ends it)", flush=True)
        api.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
