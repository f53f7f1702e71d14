"""The counts of the population report are those of a slow count, whatever is in the marts."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from randomuser_assets.report.population.embedding import MOST_BYTES, embedded
from randomuser_assets.report.population.figures import Cell, Changes, Day, Population
from randomuser_assets.report.population.page import MOST_BYTES as MOST_OF_ALL
from randomuser_assets.report.population.private import identifiers_in
from randomuser_assets.report.population.still import still
from randomuser_assets.report.population.telling import NOBODY, verdict
from randomuser_assets_tests.report.marts import Marts, opened_marts

LAST = date(2026, 11, 20)


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marts]:
    """Six hundred people on four days, not all of them on each."""
    with opened_marts(tmp_path_factory.mktemp("some") / "warehouse.duckdb") as marts:
        marts.fill(600, 4, share=60)
        yield marts


@pytest.fixture
def marts(tmp_path: Path) -> Iterator[Marts]:
    with opened_marts(tmp_path / "warehouse.duckdb") as opened:
        yield opened


def full_years(since: date, day: date) -> int:
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


Person = tuple[Any, ...]


def everybody(marts: Marts) -> list[Person]:
    """Give nationality, gender, birth, registration and offset of each current version."""
    return marts.connection.execute(
        "SELECT nationality, gender, born_at::DATE, registered_at::DATE, utc_offset_minutes "
        "FROM marts.dim_user JOIN marts.dim_location USING (location_key) "
        "JOIN marts.dim_timezone USING (timezone_key) WHERE is_current"
    ).fetchall()


def on(marts: Marts, day: date) -> list[Person]:
    """Give the same of the people of a day."""
    return marts.connection.execute(
        "SELECT f.nationality, f.gender, born_at::DATE, registered_at::DATE, utc_offset_minutes "
        "FROM marts.fct_user_snapshot AS f JOIN marts.dim_user USING (user_key) "
        "JOIN marts.dim_timezone USING (timezone_key) WHERE snapshot_date = ?",
        [day],
    ).fetchall()


def without_changes(cells: tuple[Cell, ...]) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (cell.nationality, cell.gender): (
            cell.people,
            dict(cell.ages),
            dict(cell.years),
            dict(cell.tenures),
            dict(cell.zones),
        )
        for cell in cells
    }


def slowly(people: list[Person], day: date) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Count one by one."""
    cells: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        cells.setdefault(person[:2], []).append(person)
    return {
        key: (
            len(own),
            dict(Counter(full_years(born, day) for _, _, born, _, _ in own)),
            dict(Counter(registered.year for _, _, _, registered, _ in own)),
            dict(Counter(full_years(registered, day) for _, _, _, registered, _ in own)),
            dict(Counter(offset for *_, offset in own)),
        )
        for key, own in cells.items()
    }


def test_everybody_is_counted_once_of_an_age_as_on_the_newest_day(some: Marts) -> None:
    assert without_changes(some.population().everybody) == slowly(everybody(some), LAST)


def test_each_day_is_counted_as_it_was(some: Marts) -> None:
    days = some.population().days
    assert [day.day for day in days] == [date(2026, 11, 20 - ago) for ago in range(4)]
    for day in days:
        assert without_changes(day.cells) == slowly(on(some, day.day), day.day)


def test_age_groups_are_those_of_the_marts(some: Marts) -> None:
    (newest, *_) = some.population().days
    counted = some.connection.execute(
        "SELECT age_group, count(*) FROM marts.fct_user_snapshot "
        "JOIN marts.dim_age_group USING (age_group_key) WHERE snapshot_date = ? GROUP BY ALL",
        [newest.day],
    ).fetchall()
    of_the_day = Population(**{**vars(some.population()), "everybody": newest.cells})
    found = {group.name: number for group, number in of_the_day.by_age_group.items() if number}
    assert found == dict(counted)


def test_somebody_of_a_hundred_and_more_is_in_the_last_group(marts: Marts) -> None:
    marts.fill(1, 1)
    marts.connection.execute("UPDATE marts.dim_user SET born_at = '1900-01-01'")
    groups = marts.population().by_age_group
    assert {group.name: number for group, number in groups.items() if number} == {"100+": 1}


def test_who_is_born_on_29_february_is_older_on_1_march(marts: Marts) -> None:
    marts.fill(1, 1)
    for day, age in (("2026-02-28", 25), ("2026-03-01", 26)):
        marts.connection.execute(f"UPDATE marts.fct_user_snapshot SET snapshot_date = '{day}'")
        marts.connection.execute("UPDATE marts.dim_user SET born_at = '2000-02-29'")
        (cell,) = marts.population().everybody
        assert dict(cell.ages) == {age: 1}


def changes_of(marts: Marts, day: str) -> Changes:
    (found,) = [each for each in marts.population().days if str(each.day) == day]
    (changes,) = [cell.changes for cell in found.cells if cell.changes != Changes()]
    return changes


def a_history(marts: Marts, *versions: tuple[str, str | None, list[str], list[str]]) -> None:
    """Store versions: first day, end, what changed, and the days that they cover."""
    for number, (valid_from, valid_to, changed, days) in enumerate(versions):
        marts.connection.execute(
            "INSERT INTO marts.dim_user BY NAME SELECT ? AS user_key, "
            "md5('one')::UUID AS user_id, ?::DATE AS valid_from, ?::DATE AS valid_to, "
            "valid_to IS NULL AS is_current, 'female' AS gender, '' AS title, '' AS first_name, "
            "'' AS last_name, '' AS email, '' AS phone, '' AS cell, "
            "TIMESTAMP '1980-01-01' AS born_at, TIMESTAMP '2010-01-01' AS registered_at, "
            "'NO' AS nationality, '' AS picture_id, ?::VARCHAR[] AS changed_columns, "
            "'' AS observations",
            [f"v{number}", valid_from, valid_to, changed],
        )
        for day in days:
            marts.connection.execute(
                "INSERT INTO marts.fct_user_snapshot BY NAME SELECT ?::DATE AS snapshot_date, "
                "md5('one')::UUID AS user_id, ? AS user_key, 'c' AS country_key, "
                "'g40' AS age_group_key, 'female' AS gender, 'NO' AS nationality, 46 AS age, "
                "'' AS observations",
                [day, f"v{number}"],
            )


def test_a_life_is_new_the_same_changed_gone_and_back(marts: Marts) -> None:
    a_history(
        marts,
        ("2026-11-14", "2026-11-16", [], ["2026-11-14", "2026-11-15"]),
        ("2026-11-16", "2026-11-17", ["email", "phone"], ["2026-11-16"]),
        ("2026-11-19", None, [], ["2026-11-19"]),
    )
    marts.connection.execute(  # so that the day is one
        "INSERT INTO marts.fct_user_snapshot BY NAME "
        "FROM marts.fct_user_snapshot SELECT * REPLACE (DATE '2026-11-17' AS snapshot_date, "
        "'DK' AS nationality, 'nobody' AS user_key) LIMIT 1"
    )
    assert changes_of(marts, "2026-11-14") == Changes(new=1)
    assert changes_of(marts, "2026-11-15") == Changes(same=1)
    assert changes_of(marts, "2026-11-16") == Changes(changed=1, columns={"email": 1, "phone": 1})
    assert changes_of(marts, "2026-11-17").gone == 1
    assert changes_of(marts, "2026-11-19") == Changes(returned=1)


def test_changes_of_many_are_those_of_a_slow_count(some: Marts) -> None:
    told = some.connection.execute(
        "SELECT snapshot_date, user_id::VARCHAR, valid_from, changed_columns "
        "FROM marts.fct_user_snapshot JOIN marts.dim_user USING (user_id, user_key) ORDER BY 1"
    ).fetchall()
    slow: dict[date, Counter[str]] = {}
    seen: set[str] = set()
    for day, person, valid_from, changed in told:
        kind = "same" if valid_from < day else "changed" if person in seen else "new"
        slow.setdefault(day, Counter())[kind] += 1
        if kind == "changed":
            slow[day].update(changed)
        seen.add(person)
    for each in some.population().days:
        found: Counter[str] = Counter()
        for cell in each.cells:
            changes = cell.changes
            found.update({"new": changes.new, "changed": changes.changed, "same": changes.same})
            found.update(changes.columns)
        assert +found == slow[each.day]
    assert slow[LAST]["changed"] > 0


# The state of the marts


def test_marts_that_are_not_there_are_told(tmp_path: Path) -> None:
    with opened_marts(tmp_path / "none.duckdb", tables=False) as none:
        population, page = none.population(), none.page()
    assert population.lacking.startswith("marts.fct_user_snapshot is not there yet.")
    assert "marts.dim_user is not there yet." in page
    assert "There is nothing to show." in page


def test_marts_with_nobody_in_them_are_told(marts: Marts) -> None:
    page = marts.page()
    assert NOBODY in page
    assert "<script" not in page
    assert verdict(marts.population()) == NOBODY
    assert still(marts.population()).count("<rect") == 12  # the ground, and a column each


def test_what_is_not_known_of_somebody_is_counted_as_such(marts: Marts) -> None:
    marts.fill(3, 1)
    marts.connection.execute("UPDATE marts.fct_user_snapshot SET timezone_key = NULL")
    marts.connection.execute("DELETE FROM marts.dim_country")
    (day,) = marts.population().days
    assert sum(cell.people for cell in day.cells) == 3
    assert all(not cell.zones for cell in day.cells)
    assert json.loads(embedded(marts.population())[0])["nationalities"][0][0] in marts.page()


def test_the_page_says_what_a_day_holds(some: Marts) -> None:
    assert "so nobody counts as gone" in some.page("batches")
    assert "is who was there the day before and is not any more" in some.page("snapshots")


# Size and privacy


def counts_on(page: str) -> dict[str, Any]:
    found = re.search(r'id="counts">(.*?)</script>', page)
    assert found
    return dict(json.loads(found[1]))


def test_only_the_newest_days_can_be_chosen(marts: Marts) -> None:
    marts.fill(40, 33)
    page = marts.page()
    assert len(counts_on(page)["days"]) == 30
    assert "(the newest of 33)" in page


def test_days_that_would_make_the_page_too_large_are_left_out(marts: Marts) -> None:
    marts.fill(1, 2)
    population = marts.population()
    ages = dict.fromkeys(range(400), 10**9)
    vast = Day(LAST, (Cell(nationality="AU", gender="female", people=1, ages=ages),) * 200)
    days = (vast,) * 30
    text, shown = embedded(Population(**{**vars(population), "days": days}))
    assert 0 < shown < 30
    assert len(text) < MOST_BYTES
    assert len(json.loads(text)["days"]) == shown


@pytest.mark.long
def test_a_hundred_thousand_people_a_day_fit(marts: Marts) -> None:
    marts.fill(100_000, 31)
    page = marts.page()
    assert marts.population().people == 100_000
    assert len(counts_on(page)["days"]) == 30
    assert len(page.encode()) < MOST_OF_ALL


def test_nobody_is_on_the_page(some: Marts) -> None:
    page = some.page()
    assert identifiers_in(some.connection, page) == 0
    for (value,) in some.connection.execute(
        "SELECT unnest([first_name, last_name, email, phone, cell, username, user_id::VARCHAR, "
        "user_key, document_value_hmac]) FROM marts.dim_user"
    ).fetchall():
        assert value not in page


@pytest.mark.parametrize(
    "column",
    ["first_name", "last_name", "email", "phone", "username", "user_id", "document_value_hmac"],
)
def test_somebody_on_the_page_is_noticed(some: Marts, column: str) -> None:
    page = some.page()
    ((value,),) = some.connection.execute(
        f"SELECT {column}::VARCHAR FROM marts.dim_user LIMIT 1"
    ).fetchall()
    among_counts = page.replace('"genders":[', f'"genders":["{value}",', 1)
    assert identifiers_in(some.connection, among_counts) == 1
    if not re.fullmatch(r"[\d-]+", value):  # as a word a number may be a count
        in_the_text = page.replace("<main>", f"<main><p>It is {value} here</p>")
        assert identifiers_in(some.connection, in_the_text) == 1


def test_a_name_that_a_place_has_too_is_nobodys(marts: Marts) -> None:
    marts.fill(1, 1)
    marts.connection.execute("UPDATE marts.dim_user SET first_name = 'Norway', nationality = 'NO'")
    assert "Norway" in marts.page()
    assert identifiers_in(marts.connection, marts.page()) == 0


# Words


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "\u2028\u2029&amp;",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_end_nothing(marts: Marts, text: str) -> None:
    marts.fill(2, 1)
    connection: duckdb.DuckDBPyConnection = marts.connection
    connection.execute("UPDATE marts.fct_user_snapshot SET gender = ?", [text])
    connection.execute("UPDATE marts.dim_timezone SET description = ?", [text])
    connection.execute("UPDATE marts.dim_country SET country_name = ?", [text])
    connection.execute("UPDATE marts.dim_age_group SET age_group = ?", [text])
    page = marts.page()
    assert text in counts_on(page)["genders"]
    assert page.count("</script>") == 2
    if "<" in text:
        assert text not in page
        assert text not in still(marts.population())


def test_the_verdict_names_the_largest_group(some: Marts) -> None:
    ages = Counter(full_years(born, LAST) // 10 for _, _, born, _, _ in everybody(some))
    (decade, most), *_ = ages.most_common()
    people = sum(ages.values())
    said = f"The largest age group is {decade}0\N{EN DASH}{decade}9: {most} of {people} people ("
    assert verdict(some.population()).startswith(said)
    assert said in some.page()
    assert said in still(some.population())
