"""Days read from files are the days that the wire gave: recorded, and read into another warehouse.

Here belongs what is stored of saved responses. Not here: when they are read (`test_deliveries`).
"""

import gzip
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from dagster import ExecuteInProcessResult

from randomuser_assets.model import MODEL
from randomuser_assets.source.record import record_day
from randomuser_assets_tests.graph.contract_api import Asked, contract_api, page
from randomuser_assets_tests.graph.faulty_days import DAY_OF, FaultyPeople
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.graph.test_privacy import SECRETS, People
from randomuser_assets_tests.graph.verdicts import failed
from randomuser_assets_tests.source.delivering import put, response

pytestmark = pytest.mark.long

LOG = logging.getLogger("saved")
FIRST, LAST = min(DAY_OF.values()), max(DAY_OF.values())
TABLES = ["raw.raw_users", "quality.requests", "quality.shape_drift"]
TABLES += [f"{table.schema}.{table.name}" for table in MODEL if table is not MODEL.raw]


@dataclass(frozen=True)
class Twice:
    """The same days from the wire, and recorded and read again."""

    wire: Site
    files: Site
    recorded: tuple[datetime, datetime]
    results: tuple[ExecuteInProcessResult, ExecuteInProcessResult]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    folder = tmp_path_factory.mktemp("twice")
    usual: dict[str, Any] = {"rejected_warn": 0.9, "rejected_error": 1, "page_size": 5}
    with (
        contract_api(FaultyPeople(today=date(2026, 1, 6))) as api,
        opened_site(api.base_url, folder / "wire", **usual) as wire,
        opened_site(f"files:{folder / 'recorded'}", folder / "files", **usual) as files,
    ):
        before = _now()
        for day in wire.settings.days_between(FIRST, LAST):
            record_day(wire.settings, day, folder / "recorded", MODEL, LOG)
        recorded = before, _now()
        results = wire.run_range(FIRST, LAST), files.run_range(FIRST, LAST)
        yield Twice(wire, files, recorded, results)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)  # as it is stored


def test_both_runs_say_the_same(twice: Twice) -> None:
    assert failed(twice.results[0]) == failed(twice.results[1]) != set()


@pytest.mark.parametrize("table", TABLES)
def test_each_row_is_the_same(twice: Twice, table: str) -> None:
    but = "* EXCLUDE (fetched_at)" if table == "raw.raw_users" else "*"
    query = f"SELECT {but} FROM {table} ORDER BY ALL"
    rows = twice.wire.rows(query)
    assert rows
    assert twice.files.rows(query) == rows


def test_each_row_came_when_it_was_recorded(twice: Twice) -> None:
    first, last = twice.files.rows("SELECT min(fetched_at), max(fetched_at) FROM raw.raw_users")[0]
    assert twice.recorded[0] <= first < last <= twice.recorded[1]
    pages = twice.files.rows(
        "SELECT DISTINCT snapshot_date, page, fetched_at FROM raw.raw_users ORDER BY ALL"
    )
    assert len(pages) == 3 * len(DAY_OF)


def test_a_page_of_several_seeds_is_written_with_one_of_them_always_the_same(
    tmp_path: Path,
) -> None:
    for number, seed in enumerate(("b", "a", "c"), 1):
        put(tmp_path / "in", f"{number}.json", response(number, seed=seed), date(2026, 1, 5))
    with opened_site(
        f"files:{tmp_path / 'in'}", tmp_path / "data", rejected_error=1, rejected_warn=1
    ) as site:
        site.run("2026-01-05")
        assert site.rows("SELECT DISTINCT seed FROM raw.raw_users ORDER BY 1") == [
            ("a",),
            ("b",),
            ("c",),
        ]


def test_a_day_that_cannot_be_read_leaves_what_was_stored(tmp_path: Path) -> None:
    folder, day = tmp_path / "in", date(2026, 1, 5)
    put(folder, "a.json", response(), day)
    with opened_site(f"files:{folder}", tmp_path / "data") as site:
        site.materialize("raw_users", str(day))
        before = site.rows("FROM raw.raw_users")
        assert len(before) == 2
        for spoil in (
            lambda: put(folder, "b.json", response(2)[:-1], day),
            lambda: shutil.rmtree(folder),
        ):
            spoil()
            result = site.materialize("raw_users", str(day))
            assert not result.success
            failure = result.failure_data_for_node("raw_users")
            assert failure
            assert failure.user_failure_data
            assert "Nothing of that day was stored" in str(failure.user_failure_data.description)
            assert site.rows("FROM raw.raw_users") == before


def test_nothing_private_of_a_delivery_is_anywhere_but_in_it(tmp_path: Path) -> None:
    """It is handed over in clear text, and none of it gets on."""
    folder = tmp_path / "in"
    asked = Asked("seed", 1, 30)
    put(folder, "a.json", page(asked, People(today=date(2026, 1, 6))(asked)).body, date(2026, 1, 5))
    with opened_site(f"files:{folder}", tmp_path / "data") as site:
        site.run("2026-01-05")
        record_day(site.settings, date(2026, 1, 5), tmp_path / "data/recorded", MODEL, LOG)
        stored = f"{site.rows('FROM raw.raw_users')}".encode()
    (recorded,) = (tmp_path / "data" / "recorded").rglob("*.gz")
    files = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    for content in [stored, gzip.decompress(recorded.read_bytes()), *files]:
        for secret in SECRETS.values():
            assert secret.encode() not in content
