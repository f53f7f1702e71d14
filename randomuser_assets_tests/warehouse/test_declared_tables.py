"""A stored table is as its asset declares it, and a changed declaration is met or refused.

Here belongs the table. Values that do not fit its columns are in `test_guards`.
"""

import pytest
from dagster import TableColumn

from randomuser_assets_tests.warehouse.house import House
from randomuser_assets_tests.warehouse.people import (
    AGE,
    COLUMNS,
    DAY,
    FIRST,
    NAME,
    SECOND,
    SEEN_AT,
    STORED_COLUMNS,
    STORED_TABLES,
    column,
    people,
    people_asset,
)

ADA = people(FIRST, "Ada", age=36)
COMMENTS = f"SELECT column_name, comment {STORED_COLUMNS}"


def test_a_table_is_created_as_declared(house: House) -> None:
    house.run(people_asset(ADA, description="People: it's all there is."), day=FIRST)
    assert house.rows(f"SELECT column_name, data_type, is_nullable {STORED_COLUMNS}") == [
        (c.name, c.type, c.constraints.nullable) for c in COLUMNS
    ]
    assert house.rows(COMMENTS) == [(c.name, c.description) for c in COLUMNS]
    assert house.rows(f"SELECT schema_name, table_name, comment {STORED_TABLES}") == [
        ("core", "people", "People: it's all there is.")
    ]


def test_types_may_be_declared_by_another_name(house: House) -> None:
    columns = (DAY, NAME, column("age", "int"), column("seen_at", "datetime"))
    for _ in range(2):
        house.run(people_asset(ADA, columns=columns), day=FIRST)
    assert house.rows("SELECT typeof(age), typeof(seen_at) FROM core.people") == [
        ("INTEGER", "TIMESTAMP")
    ]


def test_odd_names_are_kept_as_they_are(house: House) -> None:
    columns = (*COLUMNS, column('the "order"', "VARCHAR", description="Odd."), column("at", "DATE"))
    odd = ADA.assign(**{'the "order"': "second", "at": None})
    for _ in range(2):
        house.run(people_asset(odd, columns=columns), day=FIRST)
    assert house.rows('SELECT "the ""order""", "at" FROM core.people') == [("second", None)]


def test_a_new_column_is_added_empty(house: House) -> None:
    house.run(people_asset(ADA), day=FIRST)
    city = column("city", "VARCHAR", description="City, if it's known.")
    wider = people(SECOND, "Bob", city="Bonn")
    house.run(people_asset(wider, columns=(DAY, city, *COLUMNS[1:])), day=SECOND)
    assert house.rows("SELECT name, age, city FROM core.people ORDER BY name") == [
        ("Ada", 36, None),
        ("Bob", None, "Bonn"),
    ]
    assert dict(house.rows(COMMENTS))["city"] == "City, if it's known."
    house.run(people_asset(ADA.assign(city="Rome"), columns=(*COLUMNS, city)), day=FIRST)
    assert house.rows("SELECT city FROM core.people ORDER BY name") == [("Rome",), ("Bonn",)]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (
            (*COLUMNS, column("city", "VARCHAR", required=True)),
            "core.people.city is declared as required, and the stored table lacks it",
        ),
        (
            (DAY, NAME, column("age", "VARCHAR"), SEEN_AT),
            "core.people.age is declared as VARCHAR, and stored as INTEGER",
        ),
        ((DAY, NAME, SEEN_AT), "core.people has the columns age, which are no longer declared"),
    ],
    ids=["new and required", "another type", "removed"],
)
def test_another_change_is_refused(
    house: House, columns: tuple[TableColumn, ...], sentence: str
) -> None:
    house.run(people_asset(ADA), day=FIRST)
    frame = people(SECOND, "Bob", city="Bonn")[[c.name for c in columns]]
    told = house.refusal(people_asset(frame, columns=columns), day=SECOND)
    assert f"{sentence}. Nothing was stored or replaced: declare it as it is stored, or" in told
    assert house.rows("SELECT name, age FROM core.people") == [("Ada", 36)]
    assert house.rows(COMMENTS) == [(c.name, c.description) for c in COLUMNS]


def test_no_null_enters_a_column_that_became_required(house: House) -> None:
    house.run(people_asset(ADA), day=FIRST)
    required = column("age", "INTEGER", required=True)
    nameless = people_asset(people(SECOND, "Bob"), columns=(DAY, NAME, required, SEEN_AT))
    assert "required" in house.refusal(nameless, day=SECOND)


def test_a_column_that_became_optional_is_refused_for_what_it_is(house: House) -> None:
    required = column("age", "INTEGER", required=True)
    house.run(people_asset(ADA, columns=(DAY, NAME, required, SEEN_AT)), day=FIRST)
    told = house.refusal(people_asset(people(SECOND, "Bob")), day=SECOND)
    assert "core.people.age" in told
    assert "the declaration says it is required" not in told


def test_what_a_column_means_is_kept_current(house: House) -> None:
    house.run(people_asset(ADA, description="Old words."), day=FIRST)
    retold = column("age", "INTEGER", description="New words.")
    columns = tuple(retold if c is AGE else c for c in COLUMNS)
    house.run(people_asset(ADA, columns=columns, description="Better words."), day=FIRST)
    assert dict(house.rows(COMMENTS))["age"] == "New words."
    assert house.rows(f"SELECT comment {STORED_TABLES}") == [("Better words.",)]
