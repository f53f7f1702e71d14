"""Forgetting a person who is in the marts: there, too, it is as if they had never come."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from randomuser_assets import cli
from randomuser_assets.model import MODEL, Table
from randomuser_assets.model.marts import DIM_LOCATION, DIM_USER, MARTS
from randomuser_assets.warehouse import people
from randomuser_assets.warehouse.people import person_columns
from randomuser_assets_tests.graph.forgetful import again, backed_up, holding
from randomuser_assets_tests.graph.made_marts import make_marts, marts_in
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site

pytestmark = pytest.mark.long

DAYS = ("2026-01-01", "2026-01-02")
OF_PEOPLE = [table for table in MARTS if person_columns(table, MODEL)]
PLACE = MODEL["locations"].column_names[2:]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two days of the same people, and the marts of it: two live together, and one has moved."""
    folder = tmp_path_factory.mktemp("full") / "data"
    with opened_site("sample", folder, seed="the same", users_per_day=40, page_size=15) as site:
        assert site.run_range(*DAYS).success
        one, two, *_, last = people_of(site)
        site.change(
            f"UPDATE core.locations AS l SET {', '.join(f'{name} = o.{name}' for name in PLACE)} "
            f"FROM core.locations AS o WHERE o.user_id = '{one}' AND l.user_id = '{two}' "
            "AND l.snapshot_date = o.snapshot_date",
            f"UPDATE core.locations SET city = 'Elsewhere' WHERE user_id = '{last}' "
            f"AND snapshot_date = '{DAYS[1]}'",
        )
        make_marts(site.settings)
        yield site


@pytest.fixture
def site(full: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    copied = copy_of(full, tmp_path / "data")
    again(monkeypatch, copied)
    return copied


def people_of(site: Site) -> list[str]:
    found = site.rows("SELECT DISTINCT CAST(user_id AS VARCHAR) FROM core.users ORDER BY ALL")
    return [person for (person,) in found]


def places_of(site: Site, person: str) -> list[str]:
    return [
        key
        for (key,) in site.rows(
            "SELECT DISTINCT location_key FROM marts.dim_location JOIN marts.dim_user "
            f"USING (location_key) WHERE user_id = '{person}'"
        )
    ]


def count(site: Site, table: Table, condition: str) -> int:
    ((number,),) = site.rows(f"SELECT count(*) FROM marts.{table.name} WHERE {condition}")
    return int(number)


def test_the_marts_of_people_are_those_with_their_ids() -> None:
    assert [table.name for table in OF_PEOPLE] == [
        "dim_user",
        "fct_user_snapshot",
        "fct_registrations",
    ]


def test_no_mart_holds_private_columns_that_forgetting_does_not_reach() -> None:
    referred_to = {column.references for table in OF_PEOPLE for column in table.references}
    for table in MARTS:
        private = table.public.columns != table.columns
        assert not private or table in OF_PEOPLE or table.name in referred_to, table.name


def test_a_person_goes_from_every_mart_and_others_stay(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    person = people_of(site)[-1]
    here, there = places_of(site, person)
    mine, others = f"user_id = '{person}'", f"user_id <> '{person}'"
    before = {table.name: count(site, table, others) for table in OF_PEOPLE}
    places = count(site, DIM_LOCATION, "TRUE")
    assert all(count(site, table, mine) for table in OF_PEOPLE)
    assert cli.main(["forget", person]) == 0
    assert "dim_user 2, " in capsys.readouterr().out
    assert [count(site, table, mine) for table in OF_PEOPLE] == [0, 0, 0]
    assert {table.name: count(site, table, "TRUE") for table in OF_PEOPLE} == before
    assert count(site, DIM_LOCATION, f"location_key IN ('{here}', '{there}')") == 0
    assert count(site, DIM_LOCATION, "TRUE") == places - 2
    assert holding(site.settings.data_path, person) == []


def test_made_again_the_marts_are_what_forgetting_has_left(site: Site) -> None:
    """But for those without a private column, which may have lost a country or a year."""
    assert cli.main(["forget", people_of(site)[-1]]) == 0
    left = marts_in(site.settings)
    make_marts(site.settings)
    made = marts_in(site.settings)
    for table in (*OF_PEOPLE, DIM_LOCATION):
        name = f"marts.{table.name}"
        assert made[name] == left[name]
    assert made.keys() == left.keys()


def test_a_day_on_which_nobody_else_came_still_ends_the_versions_of_others(site: Site) -> None:
    """Where a day is everybody: that they were absent does not go with whoever was there."""
    person = people_of(site)[-1]
    of_others = f"user_id <> '{person}' AND snapshot_date = '{DAYS[1]}'"
    in_core = [table for table in MODEL.core if "user_id" in table.column_names]
    site.change(*(f"DELETE FROM core.{table.name} WHERE {of_others}" for table in in_core))
    snapshots = site.settings.model_copy(update={"days_are": "snapshots"})
    make_marts(snapshots)
    assert cli.main(["forget", person]) == 0
    left = marts_in(snapshots)
    assert count(site, DIM_USER, f"valid_to = '{DAYS[1]}'") == 39
    make_marts(snapshots)
    made = marts_in(snapshots)
    for table in (*OF_PEOPLE, DIM_LOCATION):
        assert made[f"marts.{table.name}"] == left[f"marts.{table.name}"]


def test_a_place_that_somebody_else_lives_at_stays(site: Site) -> None:
    one, two, *_ = people_of(site)
    (place,) = places_of(site, one)
    assert places_of(site, two) == [place]
    assert cli.main(["forget", one]) == 0
    assert places_of(site, two) == [place]
    assert cli.main(["forget", two]) == 0
    assert count(site, DIM_LOCATION, f"location_key = '{place}'") == 0


def test_what_a_build_that_was_killed_has_left_goes_too(site: Site) -> None:
    """Its old table stays under another name when it ends before it has dropped that."""
    person = people_of(site)[-1]
    site.change(
        "CREATE TABLE marts.dim_user__dbt_backup AS FROM marts.dim_user",
        "CREATE TABLE marts.of_somebody AS SELECT 1 AS number",
    )
    assert cli.main(["forget", person]) == 0
    assert holding(site.settings.data_path, person) == []
    names = marts_in(site.settings).keys()
    assert "marts.dim_user__dbt_backup" not in names
    assert "marts.of_somebody" in names


def test_a_restore_leaves_them_out_of_the_marts_even_if_nothing_else_has_them(
    site: Site, tmp_path: Path
) -> None:
    """As when their days were fetched again without them, and the marts were not made since."""
    person = people_of(site)[-1]
    in_core = [table for table in MODEL.core if "user_id" in table.column_names]
    site.change(
        *(f"DELETE FROM core.{table.name} WHERE user_id = '{person}'" for table in in_core),
        f"DELETE FROM staging.flattened_users WHERE login_uuid = '{person}'",
        f"DELETE FROM raw.raw_users WHERE payload->>'$.login.uuid' = '{person}'",
    )
    backup = backed_up(site, tmp_path / "kept")
    assert cli.main(["forget", person]) == 0
    without = marts_in(site.settings)
    elsewhere = tmp_path / "elsewhere"
    assert cli.main(["restore", str(backup.path), "--to", str(elsewhere)]) == 0
    assert holding(elsewhere, person) == []
    restored = site.settings.model_copy(update={"data_dir": elsewhere})
    assert marts_in(restored) == without


def test_a_mart_without_the_column_that_names_people_stops_everything(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    person = people_of(site)[-1]
    site.change("ALTER TABLE marts.dim_user RENAME user_id TO person")
    before = marts_in(site.settings)
    assert cli.main(["forget", person]) == 1
    told = capsys.readouterr().err
    assert "marts.dim_user cannot be searched for people: it lacks user_id" in told
    assert "drop it" in told
    assert marts_in(site.settings) == before
    assert person in people_of(site)


def test_where_a_mart_is_not_made_yet_the_others_lose_the_person(site: Site) -> None:
    person = people_of(site)[-2]
    (place,) = places_of(site, person)
    site.change("DROP TABLE marts.fct_user_snapshot", "DROP TABLE marts.fct_registrations")
    assert cli.main(["forget", person]) == 0
    assert count(site, DIM_USER, f"user_id = '{person}'") == 0
    assert count(site, DIM_LOCATION, f"location_key = '{place}'") == 0


def test_a_mart_that_is_added_is_searched_because_of_its_declaration(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = people_of(site)[-1]
    added = replace(DIM_USER, name="dim_friend")
    monkeypatch.setattr(people, "MARTS", (*MARTS, added))
    site.change("CREATE TABLE marts.dim_friend AS FROM marts.dim_user")
    assert cli.main(["forget", person]) == 0
    assert count(site, added, f"user_id = '{person}'") == 0
