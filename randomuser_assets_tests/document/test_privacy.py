"""The page about privacy says of each column what is declared, and what the views show."""

from dataclasses import replace

from randomuser_assets.document.privacy import privacy_tables
from randomuser_assets.model import MODEL, Privacy, Table
from randomuser_assets.model.marts import MARTS


def cells(page: str, table: Table) -> dict[str, list[str]]:
    """Give what the page says of the columns of a table."""
    section = page.partition(f"### {table.schema}.{table.name}\n")[2].partition("###")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return {column.strip("`"): rest for column, *rest in lines[2:]}


def test_each_column_of_each_table_is_there_with_its_class() -> None:
    page = privacy_tables(MODEL)
    for table in (*MODEL, *MARTS):
        told = cells(page, table)
        assert {name: rest[0] for name, rest in told.items()} == {
            column.name: column.privacy.value for column in table.columns
        }


def test_of_core_tables_and_marts_it_says_what_the_views_show() -> None:
    page = privacy_tables(MODEL)
    for table in (*MODEL.core, *MARTS):
        assert f"| column | class | in `{table.schema}_public` |" in page
        shown = [name for name, rest in cells(page, table).items() if rest[1:] == ["yes"]]
        assert shown == list(table.public.column_names)
    assert all(len(rest) == 1 for rest in cells(page, MODEL.flattened).values())


def test_each_class_says_what_it_means() -> None:
    page = privacy_tables(MODEL)
    for each in Privacy:
        assert f"| {each.value} | {each.meaning} | " in page


def test_it_follows_the_declarations() -> None:
    users = MODEL["users"]
    columns = tuple(
        replace(c, privacy=Privacy.DIRECT) if c.name == "born_at" else c for c in users.columns
    )
    changed = replace(users, columns=columns)
    page = privacy_tables(replace(MODEL, core=(changed, *MODEL.core[1:])))
    assert cells(page, changed)["born_at"] == [Privacy.DIRECT.value, "no"]
