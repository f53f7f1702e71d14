"""The tables of the monitor: what was asked, what changed its shape, what the checks said.

The first two are of days, written with raw_users in one transaction. The last one is a log: it
outlives Dagster's own records, and is what the report is made of.
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

QUALITY = (REQUESTS, SHAPE_DRIFT, CHECK_RESULTS)
