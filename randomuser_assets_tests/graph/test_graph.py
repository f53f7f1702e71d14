"""What Dagster is told before anything runs: assets, job, schedule, columns, lineage."""

import warnings
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dagster import (
    AssetKey,
    BackfillPolicy,
    DagsterInstance,
    DailyPartitionsDefinition,
    DefaultScheduleStatus,
    Definitions,
    RetryPolicy,
    build_schedule_context,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

from randomuser_assets.build import build_definitions
from randomuser_assets.graph.backups import BACKUP
from randomuser_assets.model import MODEL, Model, Table
from randomuser_assets.model.tables import of
from randomuser_assets.settings import Settings

SETTINGS = Settings(source="sample", start_date=date(2026, 1, 1), run_retries=2, run_retry_delay=7)

MADE_BY_DBT = {
    "dim_user": {"users", "logins", "identity_documents", "locations"},
    "dim_location": {"dim_user", "locations"},
    "dim_country": {"countries"},
    "dim_timezone": {"timezones"},
    "dim_date": {"dim_user", "users"},
    "dim_age_group": {"users"},
    "fct_user_snapshot": {"dim_user", "dim_location", "users"},
    "fct_registrations": {"dim_user"},
}
"""The marts, each with what it is made of."""

GRAPH = {
    "raw_users": ("raw", {"duckdb", "python"}, set()),
    "flattened_users": ("staging", {"duckdb", "sql"}, {"raw_users"}),
    "rejected_users": ("staging", {"duckdb", "sql"}, {"raw_users", "flattened_users"}),
    **{
        name: ("core", {"duckdb", "sql"}, {"flattened_users"})
        for name in (
            *("users", "logins", "locations", "identity_documents"),
            *("pictures", "timezones", "countries"),
        )
    },
    **{
        f"csv/{name}": ("csv", {"csv"}, {name, "rejected_users"})
        for name in (
            *("users", "logins", "locations", "identity_documents"),
            *("pictures", "timezones", "countries"),
        )
    },
    **{
        f"parquet/{name}": ("parquet", {"parquet"}, {name, "rejected_users"})
        for name in (
            *("flattened_users", "users", "logins", "locations", "identity_documents"),
            *("pictures", "timezones", "countries"),
        )
    },
    **{name: ("marts", {"dbt", "duckdb"}, made_of) for name, made_of in MADE_BY_DBT.items()},
    **{f"parquet/{name}": ("marts", {"parquet"}, {name, "rejected_users"}) for name in MADE_BY_DBT},
    "reports/population": (
        "marts",
        {"html"},
        MADE_BY_DBT.keys() - {"dim_date", "fct_registrations"},
    ),
    "quality/check_results": ("quality", {"duckdb"}, set()),
    "reports/quality": ("quality", {"html"}, {"quality/check_results"}),
    "backup": ("operations", {"duckdb"}, set()),
}
"""Each asset with its group, its kinds and what it is made of."""

_MART_NAMES = {name for name, (group, _, _) in GRAPH.items() if group == "marts"}
NOT_OF_DAYS = {"quality/check_results", "reports/quality", "backup"} | _MART_NAMES
NOT_MADE = {"quality/check_results"}
WITHOUT_PERSONAL_DATA = {
    *("pictures", "timezones", "countries", "check_results", "quality", "population"),
    *("dim_country", "dim_timezone", "dim_date", "dim_age_group"),
}


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return build_definitions(SETTINGS)


def test_building_the_definitions_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        definitions = build_definitions(SETTINGS)
        definitions.resolve_job_def("daily")


def test_the_assets_are_in_their_groups_with_their_kinds_and_dependencies(
    definitions: Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    found = {
        node.key.to_user_string(): (
            node.group_name,
            set(node.kinds),
            {parent.to_user_string() for parent in node.parent_keys},
        )
        for node in graph.asset_nodes
    }
    assert found == GRAPH


@pytest.mark.parametrize("name", GRAPH)
def test_an_asset_says_what_it_is_and_whose(definitions: Definitions, name: str) -> None:
    node = definitions.resolve_asset_graph().get(AssetKey.from_user_string(name))
    assert node.description
    assert node.description.endswith(".")
    assert node.owners == ["team:data-engineering"]
    assert node.code_version or name in NOT_MADE
    personal = "no" if name.rpartition("/")[2] in WITHOUT_PERSONAL_DATA else "yes"
    assert node.tags["personal_data"] == personal


@pytest.mark.parametrize("name", sorted(GRAPH.keys() - NOT_OF_DAYS))
def test_an_asset_has_a_partition_a_day(definitions: Definitions, name: str) -> None:
    node = definitions.resolve_asset_graph().get(AssetKey.from_user_string(name))
    assert node.partitions_def == DailyPartitionsDefinition("2026-01-01", end_offset=1)


@pytest.mark.parametrize("name", sorted(GRAPH.keys() - NOT_MADE))
def test_an_asset_backfills_in_one_run(definitions: Definitions, name: str) -> None:
    node = definitions.resolve_asset_graph().get(AssetKey.from_user_string(name))
    assert node.backfill_policy == BackfillPolicy.single_run()


def test_today_is_a_partition_and_tomorrow_is_none(definitions: Definitions) -> None:
    partitions = definitions.resolve_asset_graph().get(AssetKey("raw_users")).partitions_def
    assert partitions
    keys = partitions.get_partition_keys(current_time=datetime(2026, 2, 3, 12, tzinfo=UTC))
    assert (keys[0], keys[-1]) == ("2026-01-01", "2026-02-03")


@pytest.mark.parametrize("table", list(MODEL), ids=lambda table: table.name)
def test_a_table_tells_its_columns_as_declared(definitions: Definitions, table: Table) -> None:
    node = definitions.resolve_asset_graph().get(AssetKey(table.name))
    told = TableMetadataSet.extract(node.metadata)
    assert told.table_name == f"{table.schema}.{table.name}"
    assert told.column_schema
    for shown, column in zip(told.column_schema.columns, table.columns, strict=True):
        assert (shown.name, shown.type) == (column.name, column.type.sql)
        assert shown.description == column.description
        assert shown.constraints.nullable is not column.required


@pytest.mark.parametrize("table", list(MODEL), ids=lambda table: table.name)
def test_a_table_tells_which_columns_each_is_made_of(
    definitions: Definitions, table: Table
) -> None:
    node = definitions.resolve_asset_graph().get(AssetKey(table.name))
    lineage = TableMetadataSet.extract(node.metadata).column_lineage
    assert lineage is not None
    made = {} if table == MODEL.raw else dict.fromkeys(table.column_names)
    assert lineage.deps_by_column.keys() == made.keys()
    for deps in lineage.deps_by_column.values():
        for dep in deps:
            source = MODEL[dep.asset_key.to_user_string()]
            assert dep.column_name in source.column_names
            assert dep.asset_key in node.parent_keys


def test_lineage_follows_a_value_through_its_names(definitions: Definitions) -> None:
    def made_of(table: str, column: str) -> list[tuple[str, str]]:
        node = definitions.resolve_asset_graph().get(AssetKey(table))
        lineage = TableMetadataSet.extract(node.metadata).column_lineage
        assert lineage
        deps = lineage.deps_by_column[column]
        return [(dep.asset_key.to_user_string(), dep.column_name) for dep in deps]

    assert made_of("users", "picture_id") == [("flattened_users", "picture_large")]
    assert made_of("users", "born_at") == [("flattened_users", "dob_date")]
    assert made_of("users", "snapshot_date") == [("flattened_users", "snapshot_date")]
    assert made_of("flattened_users", "dob_date") == [("raw_users", "payload")]
    assert made_of("flattened_users", "page") == [("raw_users", "page")]


@pytest.mark.parametrize("table", MODEL.core, ids=lambda table: table.name)
def test_a_file_tells_the_columns_of_its_table(definitions: Definitions, table: Table) -> None:
    node = definitions.resolve_asset_graph().get(AssetKey(["csv", table.name]))
    told = TableMetadataSet.extract(node.metadata).column_schema
    assert told
    assert tuple(column.name for column in told.columns) == table.column_names


def test_an_edited_table_gets_another_code_version() -> None:
    def versions(model: Model) -> dict[str, str | None]:
        graph = build_definitions(SETTINGS, model).resolve_asset_graph()
        return {node.key.to_user_string(): node.code_version for node in graph.asset_nodes}

    users = next(table for table in MODEL.core if table.name == "users")
    edited = replace(users, columns=(*users.columns, of("registered_age", "years_here")))
    core = tuple(edited if table == users else table for table in MODEL.core)
    before, after = versions(MODEL), versions(replace(MODEL, core=core))
    assert {name for name in before if before[name] != after[name]} == {"users"}


def test_only_the_fetching_step_is_tried_again_as_the_settings_say(
    definitions: Definitions,
) -> None:
    policies = {
        node.key.to_user_string(): definitions.resolve_assets_def(node.key).op.retry_policy
        for node in definitions.resolve_asset_graph().asset_nodes
        if node.is_executable
    }
    assert policies.pop("raw_users") == RetryPolicy(max_retries=2, delay=7)
    assert set(policies.values()) == {None}


def test_the_daily_job_takes_everything_and_checks_it(definitions: Definitions) -> None:
    job = definitions.resolve_job_def("daily")
    graph = definitions.resolve_asset_graph()
    assert job.asset_layer.executable_asset_keys == graph.executable_asset_keys - {BACKUP}
    checks = {key for key in graph.asset_check_keys if key.asset_key != BACKUP}
    assert job.asset_layer.asset_graph.asset_check_keys == checks
    assert job.partitions_def == DailyPartitionsDefinition("2026-01-01", end_offset=1)
    assert job.executor_def.name == "in_process"


def test_the_schedule_asks_for_that_day_every_morning(definitions: Definitions) -> None:
    schedule = definitions.resolve_schedule_def("daily_schedule")
    assert schedule.cron_schedule == "0 6 * * *"
    assert schedule.execution_timezone in {None, "UTC"}
    assert schedule.default_status is DefaultScheduleStatus.RUNNING
    assert schedule.job_name == "daily"
    moment = datetime(2026, 11, 20, 6, tzinfo=UTC)
    with DagsterInstance.ephemeral() as instance:
        tick = schedule.evaluate_tick(
            build_schedule_context(instance, scheduled_execution_time=moment)
        )
    (request,) = tick.run_requests or []
    assert request.partition_key == "2026-11-20"


def test_building_the_definitions_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    build_definitions(SETTINGS.model_copy(update={"data_dir": folder})).resolve_job_def("daily")
    assert not folder.exists()
