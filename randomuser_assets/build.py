"""Where everything meets: from settings and declarations to Dagster definitions."""

import warnings

from dagster import AssetSelection, BetaWarning, Definitions, in_process_executor

from randomuser_assets.graph.alerts import alert_sensor
from randomuser_assets.graph.assets import table_assets
from randomuser_assets.graph.automation import follower
from randomuser_assets.graph.backups import (
    BACKUP,
    backup_asset,
    backup_check,
    backup_job,
    backup_schedule,
)
from randomuser_assets.graph.check_ops import check_definitions
from randomuser_assets.graph.days import daily_partitions
from randomuser_assets.graph.deliveries import delivery_sensor
from randomuser_assets.graph.exports import file_assets
from randomuser_assets.graph.mart_files import mart_file_assets
from randomuser_assets.graph.marts import mart_assets
from randomuser_assets.graph.population import population_asset, population_check
from randomuser_assets.graph.reports import report_assets
from randomuser_assets.graph.schedules import (
    apart_schedules,
    daily_job,
    daily_schedule,
    extract_load_job,
    quality_job,
    quality_schedule,
    transform_job,
)
from randomuser_assets.model import MODEL, Model
from randomuser_assets.settings import Settings, load_settings
from randomuser_assets.warehouse import WarehouseIOManager


def build_definitions(settings: Settings | None = None, model: Model = MODEL) -> Definitions:
    """Assemble the code location; tests call this with other settings or tables."""
    with warnings.catch_warnings():
        # Beta in name only: what we use of it is pinned by our tests.
        warnings.filterwarnings("ignore", "Parameter `backfill_policy`", BetaWarning)
        return _assembled(settings or load_settings(), model)


def _assembled(settings: Settings, model: Model) -> Definitions:
    partitions = daily_partitions(settings)
    folder = settings.files_path
    of_all_days = [
        *mart_assets(settings, model),
        *mart_file_assets(settings, model),
        population_asset(settings, model),
    ]
    selected = AssetSelection.assets(*of_all_days)
    daily, quality, backup = daily_job(but=[BACKUP]), quality_job(but=[BACKUP]), backup_job()
    extract_load = extract_load_job(but=selected | AssetSelection.assets(BACKUP))
    transform = transform_job(selected)
    return Definitions(
        assets=[
            *table_assets(settings, model, partitions),
            *file_assets(settings, model, partitions),
            *report_assets(settings, model, partitions),
            *of_all_days,
            backup_asset(settings, model),
        ],
        asset_checks=[
            *check_definitions(settings, model),
            population_check(settings),
            backup_check(settings),
        ],
        jobs=[daily, extract_load, transform, quality, backup],
        schedules=[
            daily_schedule(daily, runs=folder is None),
            *apart_schedules(extract_load, transform),
            quality_schedule(quality, settings.start_date),
            backup_schedule(backup),
        ],
        sensors=[
            alert_sensor(settings),
            follower(selected),
            *(
                [delivery_sensor(folder, settings.quiet_period, daily, partitions)]
                if folder
                else []
            ),
        ],
        resources={
            "io_manager": WarehouseIOManager(
                database=str(settings.warehouse_path), schema_version=model.version
            )
        },
        # A process a step would spend more time on starting than on a day's work.
        executor=in_process_executor,
    )
