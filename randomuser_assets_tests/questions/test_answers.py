"""What docs/questions.md says is what the marts answer, and what a person would count by hand.

The notebook is run as it stands, in a process of its own, without Jupyter: its kernel and what it
brings are thirty packages, for five cells of Python.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

import pytest

from randomuser_assets.document.files import PAGE
from randomuser_assets.document.questions import FIRST, answers_in
from randomuser_assets.settings import PREFIX
from randomuser_assets_tests.questions.demo_days import (
    DAYS,
    PEOPLE_A_DAY,
    QUESTIONS,
    ROOT,
    Marts,
    marts_of_demo_days,
    records,
)

TODAY = date.fromisoformat(DAYS[-1])
Person = dict[str, Any]


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Marts:
    return marts_of_demo_days(tmp_path_factory.mktemp("marts"))


@pytest.fixture(scope="module")
def everybody() -> dict[str, list[Person]]:
    return {day: [json.loads(record) for record in records(day)] for day in DAYS}


@pytest.fixture(scope="module")
def today(everybody: dict[str, list[Person]]) -> list[Person]:
    return everybody[DAYS[-1]]


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_in_the_page_is_the_one_that_is_given(name: str, marts: Marts) -> None:
    page = (ROOT / PAGE).read_text("utf-8")
    assert answers_in(page)[name] == marts.answer(QUESTIONS[name]), "Look, then `make answers`."


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_pasted_is_what_dbt_makes_of_the_analysis(name: str, marts: Marts) -> None:
    compiled = (marts.compiled / f"{name}.sql").read_text("utf-8")
    remarks = r"\A(-- .*\n)+"
    assert re.sub(r'"warehouse"\."marts"\."(\w+)"', r"marts.\1", re.sub(remarks, "", compiled)) == (
        QUESTIONS[name].sql
    )


def test_the_page_says_of_which_days_it_speaks() -> None:
    page = (ROOT / PAGE).read_text("utf-8")
    assert f"Today is {DAYS[-1]}" in page
    assert f"{PEOPLE_A_DAY} a day from {DAYS[0]} on" in page


# The answers by hand, from the people as they came


def years(since: str, until: date) -> int:
    """Count full years."""
    then = date.fromisoformat(since[:10])
    return until.year - then.year - ((until.month, until.day) < (then.month, then.day))


def by_country(people: list[Person], counted: Callable[[list[Person]], Any]) -> dict[str, Any]:
    """Say something of the people of each nationality, by the names of the countries."""
    nations: dict[str, list[Person]] = {}
    for person in people:
        nations.setdefault(person["location"]["country"], []).append(person)
    return {country: counted(those) for country, those in nations.items()}


def answered(marts: Marts, name: str, *columns: str) -> dict[Any, Any]:
    """Give columns of an answer by its first one."""
    rows = [
        list(row.values()) if not columns else [row[c] for c in columns]
        for row in marts.rows(QUESTIONS[name])
    ]
    return {first: rest[0] if len(rest) == 1 else tuple(rest) for first, *rest in rows}


def test_age_groups(marts: Marts, today: list[Person]) -> None:
    groups = Counter(min(years(person["dob"]["date"], TODAY) // 10, 10) for person in today)
    names = [*(f"{ten}0-{ten}9" if ten else "0-9" for ten in range(10)), "100+"]
    expected = {name: groups[ten] for ten, name in enumerate(names)}
    assert list(answered(marts, "age_groups", "age_group", "people").items()) == list(
        expected.items()
    )


def test_nationality_and_gender(marts: Marts, today: list[Person]) -> None:
    def counted(those: list[Person]) -> tuple[int, int, int]:
        genders = Counter(person["gender"] for person in those)
        return len(those), genders["female"], genders["male"]

    assert answered(marts, "nationality_and_gender") == by_country(today, counted)


def test_median_age_by_country(marts: Marts, today: list[Person]) -> None:
    def counted(those: list[Person]) -> tuple[int, int, float, int]:
        ages = [years(person["dob"]["date"], TODAY) for person in those]
        return len(ages), min(ages), median(ages), max(ages)

    assert answered(marts, "median_age_by_country") == by_country(today, counted)


def test_registrations_by_year(marts: Marts, everybody: dict[str, list[Person]]) -> None:
    registered = Counter(
        int(person["registered"]["date"][:4]) for day in everybody.values() for person in day
    )
    found = answered(marts, "registrations_by_year")
    assert list(found) == list(range(min(registered), TODAY.year + 1))
    in_all = 0
    for year, (registrations, up_to_then) in found.items():
        in_all += registered[year]
        assert (registrations, up_to_then) == (registered[year], in_all)


def test_tenure(marts: Marts, today: list[Person]) -> None:
    tenures = Counter(years(person["registered"]["date"], TODAY) // 5 * 5 for person in today)
    expected = {f"{first}-{first + 4}": tenures[first] for first in sorted(tenures)}
    assert answered(marts, "tenure", "years", "people") == expected


def test_time_zones_by_nationality(marts: Marts, today: list[Person]) -> None:
    def counted(those: list[Person]) -> tuple[int, int, int]:
        zones = Counter(person["location"]["timezone"]["offset"] for person in those)
        behind = sum(people for offset, people in zones.items() if offset.startswith("-"))
        return behind, len(zones), max(zones.values())

    found = answered(
        marts, "time_zones_by_nationality", "country_name", "behind_utc", "zones", "people_in_it"
    )
    assert found == by_country(today, counted)


def test_names_by_country(marts: Marts, everybody: dict[str, list[Person]]) -> None:
    def most(kind: str, those: list[Person]) -> str:
        names = Counter(person["name"][kind] for person in those)
        first = sorted(names.items(), key=lambda each: (-each[1], each[0].encode()))[:3]
        return ", ".join(f"{name} {people}" for name, people in first)

    people = [person for day in everybody.values() for person in day]
    expected = by_country(people, lambda those: (most("first", those), most("last", those)))
    assert answered(marts, "names_by_country") == expected


# The notebook

_RUN = """
import ast, json, sys

shown, names = [], {}
for cell in json.load(sys.stdin):
    *statements, last = ast.parse(cell).body
    if not isinstance(last, ast.Expr):
        statements.append(last)
    exec(compile(ast.Module(statements, []), "a cell", "exec"), names)
    if isinstance(last, ast.Expr):
        shown.append(eval(compile(ast.Expression(last.value), "a cell", "eval"), names))
table, chart = shown
print(json.dumps([table.to_dict("records"), chart.to_dict()]))
"""


def test_the_notebook_shows_the_age_groups_and_a_chart_of_them(marts: Marts) -> None:
    path = ROOT / "docs" / "analysis.ipynb"
    cells = [
        cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"
    ]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells)
    shutil.copy(marts.database, marts.folder / "catalog.duckdb")
    ended = subprocess.run(
        [sys.executable, "-c", _RUN],
        input=json.dumps(["".join(cell["source"]) for cell in cells]),
        cwd=path.parent,
        env={**os.environ, f"{PREFIX}DATA_DIR": str(marts.folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    table, chart = json.loads(ended.stdout)
    assert table == marts.rows(QUESTIONS[FIRST])
    (drawn,) = chart["datasets"].values()
    assert drawn == table
    assert (chart["encoding"]["x"]["field"], chart["encoding"]["y"]["field"]) == (
        "age_group",
        "people",
    )
