"""What each check said is kept in the warehouse: each time, each day, also of a failed run."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetSelection, DagsterInstance, ExecuteInProcessResult

from randomuser_assets.model.quality import CHECK_RESULTS
from randomuser_assets_tests.graph.contract_api import Asked, contract_api
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site
from randomuser_assets_tests.graph.tamperings import REPEATS, CheckName
from randomuser_assets_tests.graph.trapped_people import TrappedPeople, written
from randomuser_assets_tests.graph.verdicts import evaluated, failed

pytestmark = pytest.mark.long

GOOD, TWINS, LAST = "2026-01-05", "2026-01-06", "2026-01-07"
REPEATED = ("users", "key_is_unique")
OF_USERS = AssetSelection.checks_for_assets("users")
NAMES = ("evaluated_at", "run_id", "asset", "check_name", "partition", "severity", "passed",
         "figures")  # fmt: skip

Logged = dict[str, Any]


class People(TrappedPeople):
    """People, of whom two have one uuid on one day."""

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        records = [self.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
        if asked.seed == TWINS:
            records[1]["login"]["uuid"] = records[0]["login"]["uuid"]
        return [written(record, at) for at, record in enumerate(records)]


@dataclass(frozen=True)
class Kept:
    """A run of three days, what it left in the log, and when it was."""

    site: Site
    result: ExecuteInProcessResult
    log: list[Logged]
    began: datetime
    ended: datetime

    def rows_of(self, check: CheckName) -> dict[str, Logged]:
        """Give what was said of a check, by day."""
        return {row["partition"]: row for row in self.log if of(row) == check}


def of(row: Logged) -> CheckName:
    return row["asset"], row["check_name"]


def log_of(site: Site) -> list[Logged]:
    rows = site.rows("FROM quality.check_results")
    return [dict(zip(NAMES, row, strict=True)) for row in rows]


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept") / "data"
    with (
        contract_api(People(today=date(2026, 1, 6))) as api,
        opened_site(api.base_url, folder) as site,
    ):
        began = now()
        result = site.run_range(GOOD, LAST)
        yield Kept(site, result, log_of(site), began, now())


def test_the_log_has_the_columns_that_are_declared(kept: Kept) -> None:
    described = kept.site.rows("DESCRIBE quality.check_results")
    assert [row[0] for row in described] == list(CHECK_RESULTS.column_names) == list(NAMES)
    declared = [(c.type.sql, "NO" if c.required else "YES") for c in CHECK_RESULTS.columns]
    assert [(type_, null) for _, type_, null, *_ in described] == declared


def test_a_run_that_failed_keeps_a_row_of_each_check_and_day(kept: Kept) -> None:
    assert not kept.result.success
    found = sorted((*of(row), row["partition"]) for row in kept.log)
    asked = evaluated(kept.result)
    assert found == sorted((*check, day) for check in asked for day in (GOOD, TWINS, LAST))
    assert REPEATED in asked
    assert len(asked) > 70


def test_a_row_says_when_and_in_which_run(kept: Kept) -> None:
    assert {row["run_id"] for row in kept.log} == {kept.result.run_id}
    assert all(kept.began <= row["evaluated_at"] <= kept.ended for row in kept.log)


def test_only_the_day_that_is_bad_did_not_pass(kept: Kept) -> None:
    bad = {of(row) for row in kept.log if not row["passed"]}
    assert bad == failed(kept.result)
    assert {row["partition"] for row in kept.log if not row["passed"]} == {TWINS}


@pytest.mark.parametrize(("check", "severity"), [(REPEATED, "ERROR"), (REPEATS, "WARN")])
def test_a_row_says_how_bad_it_is_and_what_was_counted(
    kept: Kept, check: CheckName, severity: str
) -> None:
    for day, row in kept.rows_of(check).items():
        twice = int(day == TWINS)
        assert row["severity"] == severity
        assert row["passed"] is not bool(twice)
        assert json.loads(row["figures"]) == {"repeated_values": twice, "rows_affected": 2 * twice}


def test_figures_of_a_day_are_those_of_that_day(kept: Kept) -> None:
    rows = kept.rows_of(("raw_users", "as_many_came_as_were_asked_for"))
    figures = {"asked": 12, "came": 12, "pages_that_differ": 0}
    assert [json.loads(row["figures"]) for row in rows.values()] == [figures] * 3
    usual = kept.rows_of(("raw_users", "volume_is_usual"))
    assert {json.loads(row["figures"])["records"] for row in usual.values()} == {12}


def test_dagster_is_told_which_of_the_days_are_bad(kept: Kept) -> None:
    for check, evaluation in evaluated(kept.result).items():
        told = {name: value.value for name, value in evaluation.metadata.items()}
        assert told["days"] == f"{GOOD} to {LAST}"
        assert told["failing_days"] == (TWINS if check in failed(kept.result) else "")
    told = {n: v.value for n, v in evaluated(kept.result)[REPEATED].metadata.items()}
    assert (told["repeated_values"], told["rows_affected"]) == (1, 2)


def test_the_files_of_a_run_with_a_bad_day_are_not_written(kept: Kept) -> None:
    assert kept.site.csv_contents() == {}


# By themselves


@pytest.fixture(scope="module")
def later(kept: Kept) -> Iterator[tuple[ExecuteInProcessResult, list[Logged]]]:
    """Checks run by themselves, by a Dagster that knows nothing of the earlier run."""
    with DagsterInstance.ephemeral() as other:
        result = replace(kept.site, instance=other).check(checks=OF_USERS)
        yield result, log_of(kept.site)


def test_the_log_grows_and_outlives_dagsters_own_records(
    kept: Kept, later: tuple[ExecuteInProcessResult, list[Logged]]
) -> None:
    result, log = later
    assert log[: len(kept.log)] == kept.log
    assert {row["run_id"] for row in log[len(kept.log) :]} == {result.run_id}
    assert result.run_id != kept.result.run_id


def test_by_themselves_there_is_a_row_of_everything_and_one_of_each_bad_day(
    kept: Kept, later: tuple[ExecuteInProcessResult, list[Logged]]
) -> None:
    result, log = later
    new = [(of(row), row["partition"], row["passed"]) for row in log[len(kept.log) :]]
    whole = [(check, None, check != REPEATED) for check in evaluated(result)]
    order = lambda row: (row[0], row[1] or "")  # noqa: E731
    assert sorted(new, key=order) == sorted([*whole, (REPEATED, TWINS, False)], key=order)


def test_by_themselves_the_figures_of_all_days_are_told_together(
    kept: Kept, later: tuple[ExecuteInProcessResult, list[Logged]]
) -> None:
    _, log = later
    rows = [row for row in log[len(kept.log) :] if of(row) == ("users", "nothing_is_lost")]
    (everything,) = [json.loads(row["figures"]) for row in rows if row["partition"] is None]
    assert everything == {"lost": 0, "from_nowhere": 0}


CHECKING = """
    import sys
    from pathlib import Path
    from dagster import AssetSelection
    from randomuser_assets_tests.graph.site import opened_site

    with opened_site("sample", Path(sys.argv[1])) as site:
        for _ in range(3):
            print(site.check(checks=AssetSelection.checks_for_assets("countries")).run_id)
"""


def test_runs_of_two_processes_at_once_lose_no_row(kept: Kept, tmp_path: Path) -> None:
    site = copy_of(kept.site, tmp_path / "data")
    site.change("DROP TABLE quality.check_results")  # both find that there is none
    command = [sys.executable, "-c", textwrap.dedent(CHECKING), str(site.settings.data_path)]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120) for process in both]
    runs = [run for out, _ in told for run in out.split()]
    assert len(set(runs)) == 6, told
    rows: dict[str, int] = {}
    for row in log_of(site):
        rows[row["run_id"]] = rows.get(row["run_id"], 0) + 1
    assert rows == dict.fromkeys(runs, 8)
