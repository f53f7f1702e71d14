"""Reading what the checks said: which failures are open, and since when the others are over.

A check speaks of a day, or of everything at once. What it said last of a day is that day's state,
and an evaluation of everything speaks of every day.
"""

from datetime import date

import duckdb

from randomuser_assets.report.quality import Checks, DayOfChecks, Failure, Failures, State

MOST_FAILURES = 50

_LONGEST = 200  # characters of a name
_LONGEST_FIGURES = 20_000


def follow(connection: duckdb.DuckDBPyConnection) -> None:
    """Prepare what the other functions here ask: the evaluations, and the failures among them."""
    connection.execute(_EVALUATIONS)
    connection.execute(_PROBLEMS)


# A failed evaluation of everything at once names the days that failed, if it failed for days.
_EVALUATIONS = """
    CREATE OR REPLACE TEMP VIEW evaluations AS
    SELECT * REPLACE (coalesce(severity, 'ERROR') AS severity),
           bool_or("partition" IS NOT NULL AND NOT passed) OVER evaluation AS names_days
    FROM seen_check_results
    WHERE evaluated_at IS NOT NULL AND asset IS NOT NULL AND check_name IS NOT NULL
          AND passed IS NOT NULL
    WINDOW evaluation AS (PARTITION BY evaluated_at, run_id, asset, check_name)
"""

# What failed last for each day, and when it was first found right after that: by an evaluation of
# the day, or by one of everything that passed, or that failed and names other days. A failure of
# everything that names no day (a wrong column) is over when any later evaluation says otherwise.
_PROBLEMS = """
    CREATE OR REPLACE TEMP TABLE problems AS
    WITH last_failures AS (
        SELECT * FROM evaluations
        WHERE NOT passed AND ("partition" IS NOT NULL OR NOT names_days)
        QUALIFY row_number() OVER (
            PARTITION BY asset, check_name, "partition" ORDER BY evaluated_at DESC, run_id
        ) = 1
    )
    SELECT failure.*, (
        SELECT min(later.evaluated_at) FROM evaluations AS later
        WHERE later.asset = failure.asset AND later.check_name = failure.check_name
          AND later.evaluated_at > failure.evaluated_at
          AND CASE
              WHEN failure."partition" IS NULL OR later."partition" IS NULL
                  THEN later.passed OR later.names_days
              ELSE later."partition" = failure."partition" AND later.passed
          END
    ) AS recovered_at
    FROM last_failures AS failure
"""

# An error stays with its table until its day is found right, since that day's files were not
# written, or until the day is no longer shown. A warning of a past day is history.
_CHECKS_BY_TABLE = """
    WITH checks AS (
        SELECT asset, check_name, max("partition") AS newest, max(evaluated_at) AS last_asked
        FROM evaluations GROUP BY ALL
    ), open AS (
        SELECT asset, check_name, bool_or(severity <> 'WARN') AS failed,
               bool_or("partition" IS NULL OR "partition" = newest) AS warned
        FROM problems JOIN checks USING (asset, check_name)
        WHERE recovered_at IS NULL
          AND ("partition" IS NULL OR "partition" = newest
               OR severity <> 'WARN' AND coalesce(TRY_CAST("partition" AS DATE) >= ?, TRUE))
        GROUP BY ALL
    )
    SELECT asset, count(*), count(*) FILTER (warned AND NOT failed), count(*) FILTER (failed),
           max(last_asked)
    FROM checks LEFT JOIN open USING (asset, check_name)
    GROUP BY asset ORDER BY asset
"""


def checks_by_table(connection: duckdb.DuckDBPyConnection, first_day: date) -> dict[str, Checks]:
    """Count the checks of each table by how they are; past errors count from this day on."""
    found = connection.execute(_CHECKS_BY_TABLE, [first_day]).fetchall()
    return {
        asset: Checks(passed=every - warned - failed, warned=warned, failed=failed, last_asked=last)
        for asset, every, warned, failed, last in found
    }


_DAYS_OF_CHECKS = """
    WITH looked_at AS (
        SELECT DISTINCT asset, check_name, "partition", TRY_CAST("partition" AS DATE) AS day
        FROM evaluations WHERE day BETWEEN ? AND ?
    )
    SELECT day, count(*) FILTER (severity IS NULL), count(*) FILTER (severity = 'WARN'),
           count(*) FILTER (severity <> 'WARN')
    FROM looked_at
    LEFT JOIN (FROM problems WHERE recovered_at IS NULL) USING (asset, check_name, "partition")
    GROUP BY day ORDER BY day
"""


def days_of_checks(
    connection: duckdb.DuckDBPyConnection, days: tuple[date, ...]
) -> tuple[DayOfChecks, ...]:
    """Count the checks of each day by how they are."""
    found = connection.execute(_DAYS_OF_CHECKS, [days[0], days[-1]]).fetchall()
    return tuple(DayOfChecks(*row) for row in found)


_FAILURES = f"""
    SELECT evaluated_at, left(coalesce(run_id, ''), {_LONGEST}), left(asset, {_LONGEST}),
           left(check_name, {_LONGEST}), left("partition", {_LONGEST}), severity = 'WARN',
           CASE WHEN length(figures) <= {_LONGEST_FIGURES} THEN figures END, recovered_at
    FROM problems
    ORDER BY evaluated_at DESC, "partition" DESC NULLS FIRST, asset, check_name
    LIMIT {MOST_FAILURES}
"""  # noqa: S608  our own names


def failures(connection: duckdb.DuckDBPyConnection) -> Failures:
    """Give the newest failures, one a check and day."""
    newest = tuple(
        Failure(
            evaluated_at=evaluated_at,
            run_id=run_id,
            asset=asset,
            check=check,
            partition=partition,
            severity=State.WARNING if warns else State.ERROR,
            figures=figures,
            recovered_at=recovered_at,
        )
        for (
            evaluated_at,
            run_id,
            asset,
            check,
            partition,
            warns,
            figures,
            recovered_at,
        ) in connection.execute(_FAILURES).fetchall()
    )
    counted = connection.execute(
        "SELECT count(*), count(*) FILTER (recovered_at IS NULL) FROM problems"
    ).fetchall()[0]
    return Failures(newest, *counted)
