"""The tables of the monitor: what was asked, what changed its shape, what was written and checked.

The first two are of days, written with raw_users in one transaction. The checks' results are a
log: it outlives Dagster's own records, and is what the report is made of. Of writes the last one of
each table and day is kept, in the transaction that it is about.
"""

from randomuser_assets.model.declaration import PARTITION, Column, Privacy, Table
from randomuser_assets.model.tables import DAY
from randomuser_assets.model.types import BOOLEAN, INSTANT, INTEGER, TEXT, ColumnType

SCHEMA = "quality"


def _plain(name: str, type_: ColumnType, description: str, *, required: bool = True) -> Column:
    return Column(
        name=name, type=type_, description=description, privacy=Privacy.PLAIN, required=required
    )


REQUESTS = Table(
    name="requests",
    schema=SCHEMA,
    description="What was asked of the source: one row a page that came.",
    columns=(
        DAY,
        _plain("seed", TEXT, "Seed of the request."),
        _plain("page", INTEGER, "Page of the request, from 1."),
        _plain("results", INTEGER, "People asked for."),
        _plain(
            "forgotten",
            INTEGER,
            "People left out, since they were forgotten; null is none.",
            required=False,
        ),
    ),
    key=(PARTITION, "page"),
)

SHAPE_DRIFT = Table(
    name="shape_drift",
    schema=SCHEMA,
    description="Where records had another shape than declared: one row a day, kind and path.",
    columns=(
        DAY,
        _plain("kind", TEXT, "appeared, vanished, renamed or retyped."),
        _plain("path", TEXT, "Where in the record, joined by dots."),
        _plain("found", TEXT, "The new name of what was renamed, else the JSON type found."),
        _plain("records", INTEGER, "Records in which it was so."),
        _plain("example", TEXT, "One value, masked by its privacy class."),
    ),
    key=(PARTITION, "kind", "path", "found"),
)

CHECK_RESULTS = Table(
    name="check_results",
    schema=SCHEMA,
    description="What each check said, each time it was asked: one row an evaluation and day.",
    columns=(
        _plain("evaluated_at", INSTANT, "When the check was asked, UTC."),
        _plain("run_id", TEXT, "The run in which it was asked."),
        _plain("asset", TEXT, "The table it is about."),
        _plain("check_name", TEXT, "The check."),
        _plain(
            "partition", TEXT, "The day it looked at; null for everything at once.", required=False
        ),
        _plain("severity", TEXT, "How bad a failure is: WARN, or ERROR, which stops exports."),
        _plain("passed", BOOLEAN, "Whether nothing wrong was found."),
        _plain("figures", TEXT, "What was counted, as JSON."),
    ),
    key=(),  # a log: the same may be said twice
    partitioned=False,
)

WRITES = Table(
    name="writes",
    schema=SCHEMA,
    description="Which run wrote each day of each table last, and as which version declares it.",
    columns=(
        _plain("table_schema", TEXT, "Schema of the table."),
        _plain("table_name", TEXT, "The table."),
        _plain("partition", TEXT, "The day; null for a table without days.", required=False),
        _plain("records", INTEGER, "Rows that the table has of it since."),
        _plain("run_id", TEXT, "The run that wrote it."),
        _plain("written_at", INSTANT, "When, UTC."),
        _plain("schema_version", TEXT, "Version of the declarations, as then in force."),
    ),
    key=(),  # the day may be null
    partitioned=False,
)

QUALITY = (REQUESTS, SHAPE_DRIFT, CHECK_RESULTS, WRITES)
