"""The preview of a written table shows what may be seen, and stays a table.

Here belongs the `preview` metadata: which columns, how many rows, and odd values in its cells.
"""

import pandas as pd
import pytest
from dagster import TableColumn
from markdown_it import MarkdownIt

from randomuser_assets.warehouse import SHOWN_TAG
from randomuser_assets_tests.warehouse.house import House
from randomuser_assets_tests.warehouse.people import (
    AGE,
    COLUMNS,
    FIRST,
    NAME,
    SECOND,
    column,
    people,
    people_asset,
    table_asset,
)

CITY = column("city", "VARCHAR", tags={**SHOWN_TAG, "privacy": "plain"})


def cells(markdown: str) -> list[list[str]]:
    """Give the texts of the one table in a Markdown text, as a reader sees them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    assert [token.type for token in tokens].count("table_open") == 1
    rows: list[list[str]] = []
    for at, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            parts = tokens[at + 1].children or []
            assert all(part.type == "text" for part in parts), parts
            rows[-1].append("".join(part.content for part in parts))
    return rows


def preview(house: House, frame: pd.DataFrame, *columns: TableColumn) -> str:
    house.run(people_asset(frame, columns=columns), day=FIRST)
    told = house.metadata("people", FIRST)["preview"]
    assert isinstance(told, str)
    return told


def test_only_columns_tagged_as_shown_are_shown(house: House) -> None:
    rome = people(FIRST, "Xanthippe", age=2046093517, city="Rome")
    told = preview(house, rome, *COLUMNS, CITY)
    assert cells(told) == [["snapshot_date", "city"], [FIRST, "Rome"]]
    assert told.endswith("Private, not shown: name, age, seen_at.")
    for private in ("Xanthippe", "2046093517"):
        assert private not in house.log()


def test_a_column_is_private_unless_tagged(house: House) -> None:
    tags: list[dict[str, str] | None] = [None, {}, {"preview": "hidden"}, {"privacy": "plain"}]
    columns = [column(f"name_{at}", "VARCHAR", tags=found) for at, found in enumerate(tags)]
    frame = people(FIRST, "Ada", **{private.name: "Xanthippe" for private in columns})
    assert cells(preview(house, frame, *COLUMNS, *columns)) == [["snapshot_date"], [FIRST]]
    assert "Xanthippe" not in house.log()


def test_nothing_of_a_private_table_is_shown(house: House) -> None:
    house.run(table_asset(people(FIRST, "Ada")[["name", "age"]], columns=(NAME, AGE)))
    assert house.metadata("people")["preview"] == "Private, not shown: name, age."


def test_nothing_of_an_undeclared_table_is_shown(house: House) -> None:
    house.run(table_asset(people(FIRST, "Ada"), columns=None))
    told = house.metadata("people")["preview"]
    assert told == "Not shown: the asset declares no columns."


@pytest.mark.parametrize(
    "values",
    [
        {
            "a|b": "a|b",
            "a\\|b": "a\\|b",
            "a\\": "a\\",
            "line\nbreak\r\n\r\nand tab\t.": "line break and tab .",
            "\u2028split\x85": "split",
            "<b>bold</b>": "<b>bold</b>",
            "| --- |": "| --- |",
            "": "",
            "   ": "",
            None: "null",
            "ü" * 100: "ü" * 60,
            "|" * 100: "|" * 60,
        },
        {
            text: text
            for text in (
                "&lt;b&gt; &#124; &amp;",
                "`code`",
                "*very* _odd_ **bold** ~~gone~~",
                "[here](https://example.com)",
                "![](https://example.com/seen.png)",
            )
        },
    ],
    ids=["what would end a cell", "what would be drawn instead of read"],
)
def test_a_value_stays_in_its_cell(house: House, values: dict[str | None, str]) -> None:
    names = [f"column_{number}" for number, _ in enumerate(values)]
    shown = [column(name, "VARCHAR", tags=SHOWN_TAG) for name in names]
    frame = people(FIRST, "Ada", **{name: [v] for name, v in zip(names, values, strict=True)})
    told = preview(house, frame, *COLUMNS, *shown)
    assert cells(told) == [["snapshot_date", *names], [FIRST, *values.values()]]


def test_a_column_name_stays_in_its_cell(house: House) -> None:
    odd = column("either|or", "INTEGER", tags=SHOWN_TAG)
    frame = people(FIRST, "Ada").assign(**{"either|or": 1})
    assert cells(preview(house, frame, *COLUMNS, odd))[0] == ["snapshot_date", "either|or"]


def test_a_few_rows_of_the_written_day_are_shown(house: House) -> None:
    house.run(
        people_asset(people(SECOND, "Eve", city="Bonn"), columns=(*COLUMNS, CITY)), day=SECOND
    )
    names = [f"person {number}" for number in range(100)]
    told = preview(house, people(FIRST, *names, city="Rome"), *COLUMNS, CITY)
    assert cells(told) == [["snapshot_date", "city"], *[[FIRST, "Rome"]] * 5]


def test_an_empty_day_shows_its_columns(house: House) -> None:
    assert cells(preview(house, people(FIRST), *COLUMNS)) == [["snapshot_date"]]
