"""The population report as an asset, and the check that it is small and shows nobody."""

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    MaterializeResult,
    MetadataValue,
    asset,
    asset_check,
)

from randomuser_assets.graph.automation import when_newer
from randomuser_assets.graph.check_ops import keep_results, kept
from randomuser_assets.graph.days import WHOLE_RANGE
from randomuser_assets.graph.describe import OWNERS
from randomuser_assets.graph.freshness import DAILY
from randomuser_assets.graph.reports import read_warehouse, write_page
from randomuser_assets.model import Model
from randomuser_assets.model.marts import SCHEMA
from randomuser_assets.report.population.counting import READS, count_people
from randomuser_assets.report.population.page import MOST_BYTES, NAME, population_page
from randomuser_assets.report.population.private import identifiers_in
from randomuser_assets.report.population.still import as_image, still
from randomuser_assets.report.population.telling import verdict
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.faults import told_without_data

POPULATION = AssetKey(["reports", "population"])

CHECK = "is_small_and_shows_nobody"
HOLDS = (
    f"The page has less than {MOST_BYTES:,} bytes, and no name, address, number or key of a person."
)
ADVICE = "Do not pass the page on. Remove it, and look at what names countries, zones and groups."


def population_asset(settings: Settings, model: Model) -> AssetsDefinition:
    """Give the asset of the population report, which is about all days at once."""
    path = settings.reports_path / NAME

    @asset(
        key=POPULATION,
        description="The population report: people by age group, nationality, gender, time zone, "
        "registration, and what changed since the day before; counts only.",
        group_name=SCHEMA,
        kinds={"html"},
        owners=OWNERS,
        tags={"personal_data": "no"},
        code_version="1",
        deps=[AssetKey([table.name]) for table in READS],
        # So that all assets can be selected for a range of days.
        backfill_policy=WHOLE_RANGE,
        freshness_policy=DAILY,
        automation_condition=when_newer(model),
    )
    def population(context: AssetExecutionContext) -> MaterializeResult[None]:
        with (
            read_warehouse(settings.warehouse_path, NAME, context.log) as connection,
            told_without_data(f"Making {path}"),
        ):
            found = count_people(connection)
        size = write_page(path, population_page(found, days_are=settings.days_are))
        said = verdict(found)
        return MaterializeResult(
            metadata={
                "page": MetadataValue.url(f"{settings.reports_url}/{NAME}"),
                "file": MetadataValue.path(path),
                "still": MetadataValue.md(f"![{said}]({as_image(still(found))})"),
                "people": found.people,
                "days": len(found.days),
                "bytes": size,
            }
        )

    return population


def population_check(settings: Settings) -> AssetChecksDefinition:
    """Give the check of the page as it lies there."""
    path = settings.reports_path / NAME

    @asset_check(asset=POPULATION, name=CHECK, description=HOLDS)
    def is_small_and_shows_nobody(context: AssetCheckExecutionContext) -> AssetCheckResult:
        try:
            page = path.read_text("utf-8")
        except FileNotFoundError:
            return AssetCheckResult(passed=True, description="There is no page yet.")
        with (
            read_warehouse(settings.warehouse_path, f"checking {NAME}", context.log) as connection,
            told_without_data(f"Checking {path}"),
        ):
            found = identifiers_in(connection, page)
        size = len(page.encode())
        passed = not found and size < MOST_BYTES
        result = AssetCheckResult(
            passed=passed,
            description=None if passed else ADVICE,
            metadata={"identifiers": found, "bytes": size},
        )
        if settings.warehouse_path.exists():
            said = kept(POPULATION.to_user_string(), CHECK, result)
            keep_results([said], str(settings.warehouse_path), context.run.run_id, context.log)
        return result

    return is_small_and_shows_nobody
