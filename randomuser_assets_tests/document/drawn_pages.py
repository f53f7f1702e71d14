"""The pages that the tests of the diagram plan and draw: as declared, and with what may come."""

import io
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest
from pypdf import PageObject, PdfReader

from randomuser_assets.document.erd import AREA, draw
from randomuser_assets.document.pages import Page, core_page, star_page
from randomuser_assets.document.plan import Plan, plan
from randomuser_assets.model import MODEL, PARTITION, Column, Model, Privacy, Table
from randomuser_assets.model.marts import MARTS
from randomuser_assets.model.types import TEXT

DECLARED = {table.name: table for table in (*MODEL, *MARTS)}


def a_column(name: str, references: str | None = None, *, required: bool = True) -> Column:
    """Declare a column, which has the type of the declared key that it refers to, or is a text."""
    target = DECLARED.get(str(references))
    return Column(
        name=name,
        type=target[target.own_key[0]].type if target else TEXT,
        description="Something.",
        privacy=Privacy.PLAIN,
        references=references,
        required=required,
    )


def a_table(name: str, *columns: Column) -> Table:
    key = a_column(f"{name}_key")
    return Table(
        name=name,
        schema="core",
        description=f"Rows of {name}, as many as there are.",
        columns=(MODEL.core[0].columns[0], key, *columns),
        key=(PARTITION, key.name),
    )


def a_mart(name: str, *columns: Column) -> Table:
    key = a_column(f"{name}_key")
    return Table(
        name=name,
        schema="marts",
        description=f"Rows of {name}, over all days.",
        columns=(key, *columns),
        key=(key.name,),
        partitioned=False,
    )


def with_core(*tables: Table) -> Model:
    return replace(MODEL, core=(*MODEL.core, *tables))


def widened(tables: Sequence[Table], name: str, *columns: Column) -> tuple[Table, ...]:
    """Add columns to one of the tables."""
    return tuple(
        replace(table, columns=(*table.columns, *columns)) if table.name == name else table
        for table in tables
    )


def with_columns(name: str, *columns: Column) -> Model:
    """Add columns to a table of core."""
    return replace(MODEL, core=widened(MODEL.core, name, *columns))


MODELS = {
    "as declared": MODEL,
    "another table": with_core(a_table("visits", a_column("user_id", "users"), a_column("reason"))),
    "another column": with_columns("pictures", a_column("photographer")),
    "a chain": with_core(
        a_table("orders", a_column("user_id", "logins")),
        a_table("items", a_column("order_id", "orders")),
    ),
    "optional references": with_core(
        a_table(
            "visits", a_column("host_id", "users"), a_column("guest_id", "users", required=False)
        )
    ),
    "circles": with_core(
        a_table("regions", a_column("parent", "regions", required=False)),
        a_table("hens", a_column("egg", "eggs")),
        a_table("eggs", a_column("hen", "hens")),
    ),
    "a reference from staging": replace(
        MODEL,
        flattened=replace(
            MODEL.flattened,
            columns=(*MODEL.flattened.columns[:-1], a_column("nat", "countries")),
        ),
    ),
    "many referrers": with_core(
        *(
            a_table(f"things_{at}", a_column("user_id", "users"), a_column("thing"))
            for at in range(5)
        )
    ),
    "a long table": with_columns("locations", *(a_column(f"more_{at}") for at in range(20))),
}

STARS = {
    "as declared": MARTS,
    "another fact": (
        *MARTS,
        a_mart("fct_visits", a_column("user_key", "dim_user"), a_column("day", "dim_date")),
    ),
    "another dimension": (
        *widened(MARTS, "fct_registrations", a_column("channel_key", "dim_channel")),
        a_mart("dim_channel", a_column("channel")),
    ),
    "another column": widened(MARTS, "dim_age_group", a_column("generation")),
    "a table without references": (*MARTS, a_mart("calendar_notes", a_column("note"))),
}

CORE, STAR = core_page(MODEL), star_page(MARTS, MODEL)
PAGES = {
    **{f"core, {name}": core_page(model) for name, model in MODELS.items()},
    **{f"star, {name}": star_page(tables, MODEL) for name, tables in STARS.items()},
}

any_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
declared_pages = pytest.mark.parametrize("page", [CORE, STAR], ids=["core", "star"])


@cache
def planned(page: Page) -> Plan:
    return plan(page, *AREA)


@cache
def drawn(*pages: Page) -> bytes:
    return draw(pages)


def printed(*pages: Page) -> list[PageObject]:
    """Give the pages of the file that is drawn of these."""
    found = list(PdfReader(io.BytesIO(drawn(*pages))).pages)
    assert len(found) == len(pages)
    return found
