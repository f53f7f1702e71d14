"""A build that fails or is killed leaves the history as it was; the next one makes up for it."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from randomuser_assets_tests.marts.building import Dbt
from randomuser_assets_tests.marts.core import Day
from randomuser_assets_tests.marts.lives import day_number, drawn_day, somebody
from randomuser_assets_tests.marts.warehouse import Warehouse

pytestmark = pytest.mark.long

ONLY_HISTORY = ("run", "--select", "dim_user")


def drawn_days(seed: int, people: int, days: int) -> dict[date, Day]:
    random = Random(seed)  # noqa: S311  draws tests
    persons = [somebody(random) for _ in range(people)]
    return {day_number(number): drawn_day(random, persons) for number in range(days)}


HISTORY = "FROM marts.dim_user ORDER BY ALL"


def test_a_build_that_fails_on_its_way_leaves_all_as_it_was(dbt: Dbt, tmp_path: Path) -> None:
    """In a file without the pipeline's own records, too: it then has no days without people."""
    warehouse = Warehouse(tmp_path / "data", dbt, with_writes=False)
    days = drawn_days(1, 30, 3)
    alone = one_person(days)
    warehouse.load(alone)
    warehouse.build(*ONLY_HISTORY, snapshots=True)
    before = warehouse.rows(HISTORY)
    assert len(before) == 1

    # What is inserted is refused, after the rows that it replaces were deleted.
    warehouse.change("CREATE UNIQUE INDEX one_of_each ON marts.dim_user (gender)")
    warehouse.load(days)
    (fault,) = warehouse.dbt.attempt(warehouse.folder, *ONLY_HISTORY, snapshots=True)
    assert "one_of_each" in fault or "uplicate key" in fault
    assert warehouse.rows(HISTORY) == before
    warehouse.change("DROP INDEX marts.one_of_each")

    # What is gone is held back, after all else was written.
    warehouse.change(
        "ALTER TABLE marts.dim_user ADD PRIMARY KEY (user_key)",
        "CREATE TABLE marts.held (user_key VARCHAR REFERENCES marts.dim_user (user_key))",
        "INSERT INTO marts.held SELECT user_key FROM marts.dim_user",
    )
    warehouse.load({day: without(people, alone) for day, people in days.items()})
    (fault,) = warehouse.dbt.attempt(warehouse.folder, *ONLY_HISTORY, snapshots=True)
    assert "foreign key" in fault
    assert warehouse.rows(HISTORY) == before

    warehouse.change("DROP TABLE marts.held")
    warehouse.build(*ONLY_HISTORY, snapshots=True)
    warehouse.check_history(snapshots=True)


def one_person(days: dict[date, Day]) -> dict[date, Day]:
    """Give the first day with one of its people."""
    day, people = next(iter(days.items()))
    person = people["users"][0]["user_id"]
    return {
        day: {
            table: [row for row in rows if row.get("user_id") == person]
            for table, rows in people.items()
        }
    }


def without(people: Day, others: dict[date, Day]) -> Day:
    gone = {row["user_id"] for other in others.values() for row in other["users"]}
    return {
        table: [row for row in rows if row.get("user_id") not in gone]
        for table, rows in people.items()
    }


@pytest.mark.long
def test_a_build_that_is_killed_leaves_all_as_it_was_or_as_it_should_be(
    dbt: Dbt, tmp_path: Path
) -> None:
    """At moments drawn anew each time: before it reads, while it writes, after it has."""
    random = Random(2)  # noqa: S311  draws tests
    warehouse = Warehouse(tmp_path / "data", dbt)
    days = drawn_days(2, 3000, 6)
    first = list(days)[:3]
    warehouse.load({day: days[day] for day in first})
    warehouse.build(*ONLY_HISTORY)
    before = warehouse.versions()
    warehouse.load(days)
    ends = set()
    for _ in range(8):
        with Dbt(tmp_path) as killed:
            killed.build(warehouse.folder, "list")  # what follows needs no start
            ended = killed.killed_in(random.uniform(0, 3), warehouse.folder, *ONLY_HISTORY)
        found = warehouse.versions()
        if found != before:
            warehouse.check_history(snapshots=False)
            warehouse.load({day: days[day] for day in first})
            warehouse.load(dict.fromkeys(list(days)[3:]))
            warehouse.build(*ONLY_HISTORY)
            assert warehouse.versions() == before
            warehouse.load(days)
        ends.add(ended)
    assert False in ends  # not each of them was through before
    warehouse.build(*ONLY_HISTORY)
    warehouse.check_history(snapshots=False)
