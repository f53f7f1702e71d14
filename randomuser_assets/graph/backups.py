"""Backups as an asset, made each night, and the check that each can be restored."""

import time
from collections.abc import Iterator
from pathlib import Path

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSelection,
    DefaultScheduleStatus,
    Failure,
    MaterializeResult,
    MetadataValue,
    ScheduleDefinition,
    asset,
    asset_check,
    define_asset_job,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from randomuser_assets.graph.check_ops import keep_results, kept
from randomuser_assets.graph.days import WHOLE_RANGE, days_of_run
from randomuser_assets.graph.describe import OWNERS
from randomuser_assets.model import Model
from randomuser_assets.settings import PREFIX, Settings
from randomuser_assets.warehouse.backup import backups_in, make_backup
from randomuser_assets.warehouse.faults import WarehouseError
from randomuser_assets.warehouse.restore import proven

BACKUP = AssetKey("backup")
HOUR = 2  # UTC: long before the day's run
GROUP = "operations"

CHECK = "can_be_restored"
HOLDS = "The newest backup can be restored, with the rows and values that it was made with."
ADVICE = "Make another backup, and look at the disk that this one is on."


def backup_asset(settings: Settings, model: Model) -> AssetsDefinition:
    """Give the asset of the backups."""

    @asset(
        key=BACKUP,
        description="The whole warehouse as it was at one moment, compressed and dated; the "
        f"newest {settings.backups_kept} are kept ({PREFIX}BACKUPS_KEPT).",
        group_name=GROUP,
        kinds={"duckdb"},
        owners=OWNERS,
        tags={"personal_data": "yes"},
        code_version="1",
        # So that all assets can be selected for a range of days.
        backfill_policy=WHOLE_RANGE,
        # Without a backup made there is nothing to be proven, and its check is not asked.
        output_required=False,
    )
    def backup(context: AssetExecutionContext) -> Iterator[MaterializeResult[None]]:
        if days_of_run(context.run.tags):
            # Else days that somebody loads one by one would push out the backups of a week.
            context.log.info("a run about days makes no backup: select the backup alone")
            return
        if not settings.warehouse_path.exists():
            context.log.info("there is no warehouse yet, and so nothing to back up")
            return
        started = time.monotonic()
        try:
            made = make_backup(
                settings.warehouse_path,
                settings.backups_path,
                keep=settings.backups_kept,
                version=model.version,
                doing=f"run {context.run.run_id}, copying it for a backup",
                log=context.log,
            )
        except OSError as error:
            raise Failure(
                f"A backup cannot be written to {settings.backups_path}: {error.strerror}. Those "
                "that were there are untouched: check the folder's owner and free space.",
                allow_retries=False,
            ) from None
        yield MaterializeResult(
            metadata={
                "file": MetadataValue.path(made.path),
                "bytes": made.bytes,
                "tables": len(made.manifest.tables),
                "rows": made.manifest.rows,
                "seconds": time.monotonic() - started,
            }
        )

    return backup


def backup_check(settings: Settings) -> AssetChecksDefinition:
    """Give the check that restores the newest backup aside."""

    @asset_check(asset=BACKUP, name=CHECK, description=HOLDS)
    def can_be_restored(context: AssetCheckExecutionContext) -> AssetCheckResult:
        backup = _to_prove(context, settings.backups_path)
        result = _result(backup) if backup else _nothing()
        if settings.warehouse_path.exists():
            said = kept(BACKUP.to_user_string(), CHECK, result)
            keep_results([said], str(settings.warehouse_path), context.run.run_id, context.log)
        return result

    return can_be_restored


def _to_prove(context: AssetCheckExecutionContext, folder: Path) -> Path | None:
    """Give the backup of this run, which is not the newest by name if the clock was set back."""
    event = context.instance.get_latest_materialization_event(BACKUP)
    if event and event.run_id == context.run.run_id and event.asset_materialization:
        return Path(str(event.asset_materialization.metadata["file"].value))
    backups = backups_in(folder)
    return backups[-1] if backups else None


def _nothing() -> AssetCheckResult:
    return AssetCheckResult(
        passed=True,
        description="There is no backup yet, and so nothing is proven.",
        metadata={"backups": 0},
    )


def _result(file: Path) -> AssetCheckResult:
    started = time.monotonic()
    try:
        manifest = proven(file, file.parent)
    except WarehouseError as error:
        return AssetCheckResult(
            passed=False, description=f"{error.description} {ADVICE}", metadata={"file": file.name}
        )
    return AssetCheckResult(
        passed=True,
        description="Restored aside, it has the rows and values that it was made with.",
        metadata={
            "file": file.name,
            "tables": len(manifest.tables),
            "rows": manifest.rows,
            "seconds": time.monotonic() - started,
        },
    )


def backup_job() -> UnresolvedAssetJobDefinition:
    """Give the job that makes a backup and proves it."""
    return define_asset_job(
        "backup_job",  # not as the asset: jobs and ops share their names
        selection=AssetSelection.assets(BACKUP),
        description="A backup of the warehouse, restored aside to prove it.",
    )


def backup_schedule(job: UnresolvedAssetJobDefinition) -> ScheduleDefinition:
    """Give the schedule: each night."""
    return ScheduleDefinition(
        name="backup_schedule",
        job=job,
        cron_schedule=f"0 {HOUR} * * *",
        description=f"Makes a backup at {HOUR:02}:00 UTC, and proves it.",
        default_status=DefaultScheduleStatus.RUNNING,
    )
