"""The marts as assets: one op that runs dbt, for its models and for its tests as asset checks.

dbt's own package for Dagster would take longer to load than all of this code location, and would
leave out unit tests; what is needed of it is what stands here.
"""

from collections.abc import Iterator, Mapping, Sequence

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
    TableColumnDep,
    TableColumnLineage,
    multi_asset,
)
from dagster._core.definitions.metadata.metadata_set import TableMetadataSet

from randomuser_assets.graph.automation import when_newer
from randomuser_assets.graph.check import ERROR
from randomuser_assets.graph.check_ops import keep_results, kept
from randomuser_assets.graph.days import WHOLE_RANGE
from randomuser_assets.graph.describe import OWNERS, table_tags
from randomuser_assets.graph.freshness import DAILY
from randomuser_assets.marts import dbt
from randomuser_assets.marts.dbt import DbtError, Made, Tested
from randomuser_assets.marts.project import (
    UNIT_TESTS,
    tables_read_by,
    tests_of,
    told_by,
    version_of,
)
from randomuser_assets.model import Model, Table, Taken
from randomuser_assets.model.marts import MARTS, SCHEMA
from randomuser_assets.numbered import numbered
from randomuser_assets.settings import Settings
from randomuser_assets.warehouse.connect import alone, opened
from randomuser_assets.warehouse.declared import column_schema
from randomuser_assets.warehouse.faults import told_without_data
from randomuser_assets.warehouse.preview import preview
from randomuser_assets.warehouse.table import Slice, stored_columns

_HOLDS = {
    "unique": "No key is there twice.",
    "unique_key": "No key is there twice.",
    "not_null": "Each required column has a value.",
    "relationships": "Whatever is referred to is there.",
    "accepted_values": "Each value is one of those that are declared.",
    "between": "Each number lies within its declared bounds.",
    "matches": "Each text has its declared form.",
    UNIT_TESTS: "Of given rows the model makes the expected ones.",
}
_ADVICE = (
    "Look at the table, and at randomuser_assets/marts/models. What is made of all days anew, by "
    "`randomuser-assets dbt build --full-refresh`, mends what somebody wrote into it."
)


_Stored = Mapping[str, Mapping[str, str]]
"""The columns of each table, by its name; none of a table that is not there."""


def mart_assets(settings: Settings, model: Model) -> list[AssetsDefinition]:
    """Give the assets of the marts, with their checks."""
    by_check = {
        AssetCheckKey(_key(table), test): (table, test)
        for table in MARTS
        for test in tests_of(table)
    }

    @multi_asset(
        name=SCHEMA,
        specs=[_spec(table, model) for table in MARTS],
        check_specs=[
            AssetCheckSpec(key.name, asset=key.asset_key, description=_holds(test), blocking=True)
            for key, (table, test) in by_check.items()
        ],
        can_subset=True,
        backfill_policy=WHOLE_RANGE,
    )
    def marts(
        context: AssetExecutionContext,
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        models = [table for table in MARTS if _key(table) in context.selected_asset_keys]
        checks = {
            key: asked
            for key, asked in by_check.items()
            if key in context.selected_asset_check_keys
        }
        stored = _columns_of(settings, context, (*model.core, *MARTS))
        _check_are_there(models, stored)
        made, tested = _asked(settings, context, models, list(checks.values()), stored)
        by_name = {each.model: each for each in made}
        yield from _materialized(settings, context, models, by_name)
        there = {*by_name, *(name for name, columns in stored.items() if columns)}
        found = dict(_judged(checks, tested, there))
        keep_results(
            [kept(key.asset_key.to_user_string(), key.name, found[key]) for key in found],
            str(settings.warehouse_path),
            context.run.run_id,
            context.log,
        )
        yield from found.values()
        if faults := [f"{each.model}: {each.fault}" for each in made if each.fault]:
            raise Failure(" ".join(faults), allow_retries=False)

    return [marts]


def _key(table: Table) -> AssetKey:
    return AssetKey(table.name)


def _spec(table: Table, model: Model) -> AssetSpec:
    return AssetSpec(
        _key(table),
        # What reads nothing, such as the age groups, is made with the others all the same: whoever
        # selects all that follows from a table means whatever refers to it to be whole.
        deps=tables_read_by(table) or [model.core[0].name],
        description=table.description,
        group_name=SCHEMA,
        kinds={"dbt", "duckdb"},
        owners=OWNERS,
        tags=table_tags(table),
        code_version=version_of(table),
        metadata={
            "schema": table.schema,
            **TableMetadataSet(
                column_schema=column_schema(table),
                column_lineage=_lineage(table),
                table_name=f"{table.schema}.{table.name}",
            ),
        },
        freshness_policy=DAILY,
        automation_condition=when_newer(model),
        # A model that is made of one whose test fails is not made.
        skippable=True,
    )


def _lineage(table: Table) -> TableColumnLineage:
    """Say which columns are those of core tables; how the others are made, only SQL says."""
    return TableColumnLineage(
        {
            column.name: [TableColumnDep(AssetKey(column.origin.table), column.origin.column)]
            for column in table.columns
            if isinstance(column.origin, Taken)
        }
    )


def _holds(test: str) -> str:
    return f"{_HOLDS[test] if test in _HOLDS else told_by(test)} {_ADVICE}"


def _asked(
    settings: Settings,
    context: AssetExecutionContext,
    models: Sequence[Table],
    checks: Sequence[tuple[Table, str]],
    stored: _Stored,
) -> tuple[list[Made], list[Tested]]:
    """Have dbt make the models and ask the tests, with the warehouse to itself."""
    selected = [table.name for table in models]
    selected += [_selection(table, test) for table, test in checks if table not in models]
    anew = ["--full-refresh"] if _have_other_columns(models, stored) else []
    doing = f"run {context.run.run_id}, running dbt"
    with alone(str(settings.warehouse_path), doing=doing, log=context.log):
        try:
            # Where models are made, a failing test keeps others from being made of them; where none
            # are, it should keep no other test from being asked.
            what = ["build", *anew] if models else ["test"]
            return dbt.run(settings, [*what, "--select", *selected], context.log.info)
        except DbtError as error:
            raise Failure(str(error), allow_retries=False) from None


def _columns_of(
    settings: Settings, context: AssetExecutionContext, tables: Sequence[Table]
) -> _Stored:
    doing = f"run {context.run.run_id}, looking at what the marts are made of"
    database = str(settings.warehouse_path)
    with opened(database, read_only=True, doing=doing, log=context.log) as connection:
        return {t.name: stored_columns(connection, t.schema, t.name) for t in tables}


def _check_are_there(models: Sequence[Table], stored: _Stored) -> None:
    """Refuse to make marts of tables that nobody has made yet."""
    read = {name for mart in models for name in tables_read_by(mart)}
    missing = sorted(name for name in read - {mart.name for mart in models} if not stored.get(name))
    if missing:
        raise Failure(
            f"The marts are made of {', '.join(missing)}, which "
            f"{'is' if len(missing) == 1 else 'are'} not there yet: no mart was made or replaced. "
            f"Materialise {'it' if len(missing) == 1 else 'them'} first.",
            allow_retries=False,
        )


def _have_other_columns(models: Sequence[Table], stored: _Stored) -> bool:
    """Say whether a table has other columns than declared, so that nothing can be added to it."""
    return any(
        stored[table.name]
        and stored[table.name] != {column.name: column.type.sql for column in table.columns}
        for table in models
    )


def _selection(table: Table, test: str) -> str:
    """Give the tests of a kind that a table has, in dbt's words."""
    if test == UNIT_TESTS:
        return f"test_type:unit,{table.name}"
    return test if test not in _HOLDS else f"test_name:{test},{table.name}"


def _materialized(
    settings: Settings,
    context: AssetExecutionContext,
    models: Sequence[Table],
    made: Mapping[str, Made],
) -> Iterator[MaterializeResult[None]]:
    """Tell of each table that was made what it has now."""
    doing = f"run {context.run.run_id}, looking at the marts"
    database = str(settings.warehouse_path)
    with (
        told_without_data("Looking at the marts"),
        opened(database, read_only=True, doing=doing, log=context.log, frugal=True) as connection,
    ):
        for table in models:
            if table.name not in made or not made[table.name].made:
                context.log.warning("%s was not made: what it is made of failed", table.name)
                continue
            stored = Slice(table.schema, table.name, None)
            schema = column_schema(table)
            count = f"SELECT count(*) FROM {stored.name}"  # noqa: S608  quoted
            yield MaterializeResult(
                asset_key=_key(table),
                metadata={
                    **TableMetadataSet(
                        row_count=connection.execute(count).fetchall()[0][0],
                        storage_kind="duckdb",
                        table_name=f"{table.schema}.{table.name}",
                    ),
                    "preview": preview(connection, stored, schema),
                    "seconds": made[table.name].seconds,
                },
            )


def _judged(
    checks: Mapping[AssetCheckKey, tuple[Table, str]], tested: Sequence[Tested], there: set[str]
) -> Iterator[tuple[AssetCheckKey, AssetCheckResult]]:
    """Give the result of each check: of all dbt tests of its kind together."""
    for key, (table, test) in checks.items():
        asked = [each for each in tested if (each.model, each.test) == (table.name, test)]
        if not asked:  # dbt left it out, since the model is not there
            continue
        failing = {each.name: _told(each) for each in asked if not each.passed}
        if table.name not in there:  # of which dbt says, for each test, that there is no such table
            failing = {table.name: "was not made yet: materialise it"}
        yield (
            key,
            AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=not failing,
                severity=ERROR,
                metadata={
                    "tests": len(asked),
                    "failing_rows": sum(each.failures for each in asked),
                    **failing,
                },
            ),
        )


def _told(test: Tested) -> str:
    return test.fault or numbered(test.failures, "row", "rows")
