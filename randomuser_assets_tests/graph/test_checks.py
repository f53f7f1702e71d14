"""Each check fails when the stored data are spoilt in its way, and only then.

Every check of the definitions needs a tampering: a new one without it fails the suite. To be quick,
all tables are tampered with at once, in batches in which each table's fault is another: that
exactly these checks fail shows that each looked for its own fault in its own table.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    AssetSelection,
)

from randomuser_assets.model import MODEL
from randomuser_assets_tests.graph.contract_api import Asked, ContractApi, contract_api
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site, range_tags
from randomuser_assets_tests.graph.tamperings import (
    AS_DECLARED,
    BATCHES,
    OWN,
    REQUIRED,
    TAMPERINGS,
    CheckName,
    batch_of,
    place,
)
from randomuser_assets_tests.graph.trapped_people import TrappedPeople, written
from randomuser_assets_tests.graph.verdicts import evaluated, failed

FIRST, SECOND, THIRD = "2026-01-05", "2026-01-06", "2026-01-07"
REPEATS = ("flattened_users", "login_uuid_does_not_repeat")


class People(TrappedPeople):
    """People, of whom the fifth cannot be read."""

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        records = [self.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
        records[4]["gender"] = None
        return [written(record, at) for at, record in enumerate(records)]


@pytest.fixture(scope="module")
def api() -> Iterator[ContractApi]:
    with contract_api(People(today=date(2026, 1, 6))) as running:
        yield running


@pytest.fixture(scope="module")
def stored(api: ContractApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two days as they should be; tests tamper with copies."""
    with opened_site(api.base_url, tmp_path_factory.mktemp("stored")) as site:
        assert site.run_range(FIRST, SECOND).success
        yield site


@pytest.fixture
def site(stored: Site, tmp_path: Path) -> Site:
    return copy_of(stored, tmp_path / "data")


@pytest.fixture(scope="module")
def batches(
    stored: Site, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[CheckName, AssetCheckEvaluation]]:
    """What the checks say of each batch of tamperings."""
    found = []
    for number in range(BATCHES):
        site = copy_of(stored, tmp_path_factory.mktemp("batch") / "data")
        for check, tampering in TAMPERINGS.items():
            if batch_of(check) == number:
                site.change(*tampering.statements)
        found.append(evaluated(site.check()))
    return found


def declared(site: Site) -> set[CheckName]:
    keys = site.definitions.resolve_asset_graph().asset_check_keys
    return {(key.asset_key.to_user_string(), key.name) for key in keys}


def is_reference(check: CheckName) -> bool:
    return "_is_in_" in check[1]


def references(site: Site) -> AssetSelection:
    keys = site.definitions.resolve_asset_graph().asset_check_keys
    return AssetSelection.checks(*(key for key in keys if is_reference(("", key.name))))


def test_every_check_has_a_tampering_that_it_notices(stored: Site) -> None:
    assert set(TAMPERINGS) == declared(stored)


def test_every_table_has_its_checks(stored: Site) -> None:
    for table in MODEL:
        own = {name for of, name in declared(stored) if of == table.name}
        assert own >= set(OWN)
        assert len(own) >= len(OWN) + len(table.references)


def test_on_data_as_they_should_be_every_check_passes(stored: Site) -> None:
    result = stored.check()
    assert result.success
    assert set(evaluated(result)) == declared(stored)
    assert failed(result) == set()


@pytest.mark.parametrize("check", TAMPERINGS, ids=".".join)
def test_a_tampering_fails_its_check(
    check: CheckName, batches: list[dict[CheckName, AssetCheckEvaluation]]
) -> None:
    evaluation = batches[batch_of(check)][check]
    assert not evaluation.passed
    assert evaluation.metadata["days"].value == "all"
    warns = check == REPEATS
    assert evaluation.severity is (AssetCheckSeverity.WARN if warns else AssetCheckSeverity.ERROR)


@pytest.mark.parametrize("number", range(BATCHES))
def test_a_tampering_fails_no_other_check(
    number: int, batches: list[dict[CheckName, AssetCheckEvaluation]], stored: Site
) -> None:
    made = {check for check in TAMPERINGS if batch_of(check) == number}
    unavoidable = {other for check in made for other in TAMPERINGS[check].also}
    failing = {name for name, evaluation in batches[number].items() if not evaluation.passed}
    assert failing == made | unavoidable
    # References are not asked when a lookup table is wrong by itself: that blocks them.
    assert all(is_reference(check) for check in declared(stored) - set(batches[number]))


def test_a_null_in_any_required_column_is_counted_by_the_columns_name(
    batches: list[dict[CheckName, AssetCheckEvaluation]],
) -> None:
    for table in MODEL:
        evaluation = batches[batch_of((table.name, REQUIRED))][table.name, REQUIRED]
        counts = {
            name: value.value for name, value in evaluation.metadata.items() if name != "days"
        }
        assert counts == {column.name: 1 for column in table.columns if column.required}


def test_a_changed_type_fails_only_the_shape(site: Site) -> None:
    changed = [
        [column.name for column in table.columns if column.name not in table.key][-1]
        for table in MODEL
    ]
    for table, column in zip(MODEL, changed, strict=True):
        wrapped = f"STRUCT(was VARCHAR) USING {{'was': CAST({column} AS VARCHAR)}}"
        site.change(f"ALTER TABLE {place(table)} ALTER COLUMN {column} TYPE {wrapped}")
    result = site.check()
    assert failed(result) == {(table.name, AS_DECLARED) for table in MODEL}
    for table, column in zip(MODEL, changed, strict=True):
        told = str(evaluated(result)[table.name, AS_DECLARED].metadata["differences"].value)
        assert column in told
        assert table[column].type.sql in told
        assert "STRUCT" in told


def test_a_renamed_column_fails_the_shape_and_what_needs_the_column(site: Site) -> None:
    """No check may crash, which would hide what the others of its table found."""
    for table in MODEL:
        required = [c.name for c in table.columns if c.required and c.name not in table.key]
        site.change(f"ALTER TABLE {place(table)} RENAME COLUMN {required[0]} TO renamed")
    result = site.check()
    unavoidable = {(table.name, REQUIRED) for table in MODEL}
    assert failed(result) == {(table.name, AS_DECLARED) for table in MODEL} | unavoidable
    assert all(is_reference(check) for check in declared(site) - set(evaluated(result)))


def test_a_renamed_key_fails_what_needs_the_key(site: Site) -> None:
    site.change("ALTER TABLE core.users RENAME COLUMN user_id TO person")
    children = ("logins", "locations", "identity_documents")
    result = site.check(checks=AssetSelection.checks_for_assets("users", *children))
    own = {("users", name) for name in ("key_is_unique", AS_DECLARED, REQUIRED)}
    assert failed(result) == own | {(table, "user_id_is_in_users") for table in children}


def test_a_missing_table_fails_its_checks_with_a_sentence(site: Site) -> None:
    site.change("DROP TABLE staging.rejected_users")
    result = site.check(checks=AssetSelection.checks_for_assets("rejected_users", "raw_users"))
    assert failed(result) == {("rejected_users", name) for name in OWN}
    for check in failed(result):
        told = evaluated(result)[check].description
        assert told
        assert "staging.rejected_users" in told
        assert told.endswith(".")


def test_a_reference_to_a_missing_table_is_not_met(site: Site) -> None:
    site.change("DROP TABLE core.pictures")
    result = site.check(checks=references(site))
    missed = ("users", "picture_id_is_in_pictures")
    assert failed(result) == {missed}
    assert "core.pictures" in str(evaluated(result)[missed].description)


def test_without_a_warehouse_checking_fails_with_a_sentence(stored: Site, tmp_path: Path) -> None:
    settings = stored.settings.model_copy(update={"data_dir": tmp_path / "nothing"})
    result = replace(stored, settings=settings).check()
    assert not result.success
    told = [
        str(event.step_failure_data.user_failure_data.description)
        for event in result.filter_events(lambda event: event.is_step_failure)
        if event.step_failure_data.user_failure_data
    ]
    assert told
    assert all(
        str(settings.warehouse_path) in sentence and sentence.endswith(".") for sentence in told
    )
    assert not settings.warehouse_path.exists()


def spoil(site: Site, day: str) -> None:
    """Repeat a person and lose a portrait, on one day."""
    site.change(
        f"INSERT INTO core.logins SELECT * FROM core.logins WHERE snapshot_date = '{day}' LIMIT 1",
        f"DELETE FROM core.pictures WHERE snapshot_date = '{day}'",
    )


SPOILT = {("logins", "key_is_unique"), ("users", "picture_id_is_in_pictures")}


@pytest.mark.parametrize(
    ("tags", "seen", "days"),
    [
        pytest.param({"dagster/partition": FIRST}, SPOILT, FIRST, id="that day"),
        pytest.param({"dagster/partition": SECOND}, set(), SECOND, id="another day"),
        pytest.param(range_tags(FIRST, SECOND), SPOILT, f"{FIRST} to {SECOND}", id="a range"),
        pytest.param(
            range_tags(SECOND, THIRD), set(), f"{SECOND} to {THIRD}", id="a range without it"
        ),
        pytest.param({}, SPOILT, "all", id="by themselves"),
    ],
)
def test_checks_look_at_the_days_of_their_run(
    site: Site, tags: dict[str, str], seen: set[CheckName], days: str
) -> None:
    spoil(site, FIRST)
    result = site.check(tags, AssetSelection.checks_for_assets("logins", "users"))
    assert failed(result) == seen
    assert {e.metadata["days"].value for e in evaluated(result).values()} == {days}


def test_a_reference_is_met_on_the_same_day_only(site: Site) -> None:
    site.change(
        f"UPDATE core.countries SET snapshot_date = '{THIRD}' WHERE snapshot_date = '{SECOND}'"
    )
    result = site.check(checks=references(site))
    assert failed(result) == {("users", "nationality_is_in_countries")}
