"""Each check fails when the stored data are spoilt in its way, and only then.

Every check of the definitions needs a tampering: a new one without it fails the suite. To be quick,
all tables are tampered with at once, in batches in which each table's fault is another: that
exactly these checks fail shows that each looked for its own fault in its own table.
"""

import pytest

from randomuser_assets.graph.backups import BACKUP, CHECK
from randomuser_assets.graph.check import Verdict
from randomuser_assets.model import MODEL, Table
from randomuser_assets.model.marts import SCHEMA
from randomuser_assets_tests.graph.asking import Desk, asked_of, not_passed
from randomuser_assets_tests.graph.site import Site, copy_of
from randomuser_assets_tests.graph.tamperings import (
    BATCHES,
    OWN,
    REPEATS,
    REQUIRED,
    TAMPERINGS,
    CheckName,
    batch_of,
)
from randomuser_assets_tests.graph.verdicts import evaluated, failed

WARNINGS = {
    REPEATS,
    ("raw_users", "volume_is_usual"),
    ("raw_users", "no_key_appeared"),
    ("raw_users", "no_key_vanished"),
    ("raw_users", "no_key_was_renamed"),
    ("raw_users", "no_json_type_changed"),
    *((table, "lasting_values_stay") for table in ("users", "pictures", "timezones", "countries")),
}
"""What stops nothing; all else is an error."""

Batches = list[dict[CheckName, Verdict]]


@pytest.fixture(scope="module")
def batches(stored: Site, tmp_path_factory: pytest.TempPathFactory) -> Batches:
    """What the checks say of each batch of tamperings."""
    found = []
    for number in range(BATCHES):
        site = copy_of(stored, tmp_path_factory.mktemp("batch") / "data")
        made = (TAMPERINGS[check] for check in TAMPERINGS if batch_of(check) == number)
        site.change(*(statement for tampering in made for statement in tampering.statements))
        found.append(asked_of(site, across_tables=number >= len(OWN)))
    return found


def declared(site: Site) -> set[CheckName]:
    """Give the checks of days; that of the backup is in `test_backups`, the marts' in theirs."""
    graph = site.definitions.resolve_asset_graph()
    others = {BACKUP, *(n.key for n in graph.asset_nodes if n.group_name == SCHEMA)}
    keys = (key for key in graph.asset_check_keys if key.asset_key not in others)
    return {(key.asset_key.to_user_string(), key.name) for key in keys}


def test_every_check_has_a_tampering_that_it_notices(stored: Site) -> None:
    assert set(TAMPERINGS) == declared(stored)


def test_every_table_has_its_checks(stored: Site) -> None:
    for table in MODEL:
        own = {name for of, name in declared(stored) if of == table.name}
        assert own >= set(OWN)
        assert len(own) >= len(OWN) + len(table.references)
        assert table not in MODEL.core or "nothing_is_lost" in own


def test_on_data_as_they_should_be_every_check_passes(stored: Site) -> None:
    result = stored.check()
    assert result.success
    assert set(evaluated(result)) == {*declared(stored), (BACKUP.to_user_string(), CHECK)}
    assert failed(result) == set()


@pytest.mark.parametrize("check", TAMPERINGS, ids=".".join)
def test_a_tampering_fails_its_check(check: CheckName, batches: Batches) -> None:
    verdict = batches[batch_of(check)][check]
    assert not verdict.passed
    assert verdict.severity.value == ("WARN" if check in WARNINGS else "ERROR")
    assert verdict.check.spec.blocking is (check not in WARNINGS)


@pytest.mark.parametrize("number", range(BATCHES))
def test_a_tampering_fails_no_other_check(number: int, batches: Batches) -> None:
    made = {check for check in TAMPERINGS if batch_of(check) == number}
    unavoidable = {other for check in made for other in TAMPERINGS[check].also}
    assert not_passed(batches[number]) == made | unavoidable


@pytest.mark.parametrize("check", TAMPERINGS, ids=".".join)
def test_a_check_passes_on_what_is_spoilt_in_other_ways(check: CheckName, batches: Batches) -> None:
    assert any(batch[check].passed for batch in batches if check in batch)


@pytest.mark.parametrize("check", TAMPERINGS, ids=".".join)
def test_a_failed_check_says_what_it_found_and_what_to_do(
    check: CheckName, batches: Batches
) -> None:
    verdict = batches[batch_of(check)][check]
    result = verdict.result()
    found, _, advice = str(result.description).partition(". ")
    assert any(name in found for name in result.metadata if name not in {"days", "failing_days"})
    assert advice == verdict.check.advice
    for sentence in (advice, verdict.check.holds, str(verdict.check.spec.description)):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@pytest.mark.parametrize("table", list(MODEL), ids=lambda table: table.name)
def test_nulls_are_counted_by_the_name_of_each_required_column(table: Table, desk: Desk) -> None:
    desk.put(table.name, {"snapshot_date": None})
    (figures,) = desk.ask(table.name, REQUIRED).by_day.values()
    assert figures == {column.name: 1 for column in table.columns if column.required}
