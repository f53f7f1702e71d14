"""Which days checks look at, and what is not asked, in a run, a range, or by themselves."""

from dataclasses import replace
from pathlib import Path

import pytest
from dagster import AssetSelection

from randomuser_assets_tests.graph.site import Site, range_tags
from randomuser_assets_tests.graph.spoiling import FIRST, LAST, SECOND
from randomuser_assets_tests.graph.tamperings import AS_DECLARED, CheckName
from randomuser_assets_tests.graph.verdicts import evaluated, failed

pytestmark = pytest.mark.long

UNIQUE, MET = ("logins", "key_is_unique"), ("users", "picture_id_is_in_pictures")
NOT_FETCHED = "2026-01-09"


def only(site: Site, *checks: CheckName) -> AssetSelection:
    keys = site.definitions.resolve_asset_graph().asset_check_keys
    return AssetSelection.checks(
        *(key for key in keys if (key.asset_key.to_user_string(), key.name) in checks)
    )


@pytest.mark.parametrize(
    ("tags", "seen", "days"),
    [
        pytest.param({"dagster/partition": FIRST}, True, FIRST, id="that day"),
        pytest.param({"dagster/partition": SECOND}, False, SECOND, id="another day"),
        pytest.param(range_tags(FIRST, SECOND), True, f"{FIRST} to {SECOND}", id="a range"),
        pytest.param(
            range_tags(SECOND, NOT_FETCHED), False, f"{SECOND} to {NOT_FETCHED}", id="another range"
        ),
        pytest.param({}, True, "all", id="by themselves"),
    ],
)
def test_checks_look_at_the_days_of_their_run(
    site: Site, tags: dict[str, str], seen: bool, days: str
) -> None:
    site.change(
        f"INSERT INTO core.logins FROM core.logins WHERE snapshot_date = '{FIRST}' LIMIT 1",
        f"DELETE FROM core.pictures WHERE snapshot_date = '{FIRST}'",
    )
    result = site.check(tags, only(site, UNIQUE, MET))
    assert failed(result) == ({UNIQUE, MET} if seen else set())
    for check in (UNIQUE, MET):
        evaluation = evaluated(result)[check]
        assert evaluation.metadata["days"].value == days
        assert evaluation.metadata["failing_days"].value == (FIRST if seen else "")


def test_what_is_made_of_a_table_that_is_wrong_is_not_asked(site: Site) -> None:
    site.change("ALTER TABLE staging.flattened_users ADD COLUMN nobody_knows VARCHAR")
    wrong = ("flattened_users", AS_DECLARED)
    further_on = [
        MET,
        ("users", "nothing_is_lost"),
        ("rejected_users", "raw_is_flattened_plus_rejected"),
    ]
    result = site.check(checks=only(site, wrong, UNIQUE, *further_on))
    assert set(evaluated(result)) == failed(result) == {wrong}


def test_what_crosses_tables_is_asked_of_a_table_that_is_wrong_by_itself(site: Site) -> None:
    site.change("ALTER TABLE core.pictures ADD COLUMN nobody_knows VARCHAR")
    wrong = ("pictures", AS_DECLARED)
    result = site.check(checks=only(site, wrong, MET))
    assert set(evaluated(result)) == {wrong, MET}
    assert failed(result) == {wrong}


def test_a_single_check_is_asked_alone(site: Site) -> None:
    result = site.check({"dagster/partition": LAST}, only(site, MET))
    assert set(evaluated(result)) == {MET}
    logged = site.rows(f"SELECT DISTINCT check_name FROM quality.check_results "
                       f"WHERE run_id = '{result.run_id}'")  # fmt: skip
    assert logged == [(MET[1],)]


def test_without_a_warehouse_checking_fails_with_a_sentence(stored: Site, tmp_path: Path) -> None:
    settings = stored.settings.model_copy(update={"data_dir": tmp_path / "nothing"})
    nowhere = replace(stored, settings=settings)
    result = nowhere.check(checks=only(nowhere, UNIQUE, MET))
    assert not result.success
    told = [
        str(event.step_failure_data.user_failure_data.description)
        for event in result.filter_events(lambda event: event.is_step_failure)
        if event.step_failure_data.user_failure_data
    ]
    (sentence,) = told
    assert str(settings.warehouse_path) in sentence
    assert sentence.endswith(".")
    assert not settings.warehouse_path.exists()
