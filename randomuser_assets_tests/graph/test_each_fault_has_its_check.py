"""What a source may send wrong is told by the check one would look for, on its day, and no other.

All days are fetched in one run: each is judged as if it had been fetched alone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from dagster import ExecuteInProcessResult

from randomuser_assets_tests.graph.contract_api import contract_api
from randomuser_assets_tests.graph.faulty_days import DAY_OF, FAULTS, FaultyPeople
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.graph.tamperings import CheckName
from randomuser_assets_tests.graph.verdicts import evaluated, failed

pytestmark = pytest.mark.long

FAULT_OF = {day: name for name, day in DAY_OF.items()}


@dataclass(frozen=True)
class Faulty:
    """A run about all days, and what the checks said of each."""

    site: Site
    result: ExecuteInProcessResult
    bad: dict[str, dict[CheckName, dict[str, Any]]]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    """How many records are rejected is of no interest here."""
    tolerant: dict[str, Any] = {"rejected_warn": 0.9, "rejected_error": 1}
    folder = tmp_path_factory.mktemp("faulty") / "data"
    with (
        contract_api(FaultyPeople(today=date(2026, 1, 6))) as api,
        opened_site(api.base_url, folder, **tolerant) as site,
    ):
        result = site.run_range(min(FAULT_OF), max(FAULT_OF))
        bad: dict[str, dict[CheckName, dict[str, Any]]] = {day: {} for day in FAULT_OF}
        for asset, check, day, figures in site.rows(
            "SELECT asset, check_name, partition, figures FROM quality.check_results "
            f"WHERE NOT passed AND run_id = '{result.run_id}'"
        ):
            bad[day][asset, check] = json.loads(figures)
        yield Faulty(site, result, bad)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_by_its_checks_and_no_other(faulty: Faulty, name: str) -> None:
    assert set(faulty.bad[DAY_OF[name]]) == set(FAULTS[name].told_by)


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.told])
def test_a_fault_is_told_by_its_place_in_the_record_or_its_column(
    faulty: Faulty, name: str
) -> None:
    (figures,) = faulty.bad[DAY_OF[name]].values()
    assert FAULTS[name].told in {place for place, figure in figures.items() if figure}


@pytest.mark.parametrize("name", FAULTS)
def test_only_what_cannot_be_read_is_rejected(faulty: Faulty, name: str) -> None:
    query = f"SELECT count(*) FROM staging.rejected_users WHERE snapshot_date = '{DAY_OF[name]}'"
    assert faulty.site.rows(query) == [(FAULTS[name].rejected,)]


def test_drift_is_kept_with_its_day_kind_path_and_number_of_records(faulty: Faulty) -> None:
    columns = "CAST(snapshot_date AS VARCHAR), kind, path, found, records"
    kept = faulty.site.rows(f"SELECT {columns} FROM quality.shape_drift ORDER BY ALL")
    assert [(FAULT_OF[day], *rest) for day, *rest in kept] == [
        ("a new key", "appeared", "score", "number", 3),
        ("a new nested key", "appeared", "location.coordinates.altitude", "object", 2),
        ("an optional key is gone", "vanished", "id.value", "nothing", 2),
        ("a key is gone", "vanished", "location.street.name", "nothing", 1),
        ("an object is gone", "vanished", "dob", "nothing", 1),
        ("a key is renamed", "renamed", "phone", "telephone", 4),
        (
            "a nested key is renamed",
            "renamed",
            "location.coordinates.latitude",
            "location.coordinates.lat",
            1,
        ),
        ("a number is sent as text", "retyped", "dob.age", "text", 5),
        ("a list is sent for a text", "retyped", "name.first", "list", 1),
        ("null is sent for a text", "retyped", "cell", "null", 1),
    ]


def test_dagster_is_told_the_days_that_are_bad(faulty: Faulty) -> None:
    for check in failed(faulty.result):
        days = [day for day, bad in faulty.bad.items() if check in bad]
        told = evaluated(faulty.result)[check].metadata["failing_days"].value
        assert told == ", ".join(sorted(days))


def test_what_was_asked_is_kept_beside_what_came(faulty: Faulty) -> None:
    columns = "CAST(snapshot_date AS VARCHAR), seed, page, results"
    kept = faulty.site.rows(f"SELECT {columns} FROM quality.requests ORDER BY 1")
    assert kept == [(day, day, 1, 12) for day in sorted(FAULT_OF)]
