"""A wrong declaration fails when it is made, with a sentence that says what is wrong with it.

Here belong the rules of declarations. Not here: the declared tables (`test_tables`), which rules
a value can have (`test_values`), and what is derived from them.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from randomuser_assets.model import (
    MODEL,
    Column,
    ColumnType,
    Copied,
    DeclarationError,
    Extracted,
    Leaf,
    Model,
    Privacy,
    Table,
)
from randomuser_assets.model.types import DEGREES, INSTANT, INTEGER, TEXT
from randomuser_assets.model.values import (
    Between,
    Matches,
    NotBefore,
    NotInTheFuture,
    OneOf,
    Rule,
)

DAY = MODEL.raw["snapshot_date"]


def column(name: str = "colour", type_: ColumnType = TEXT, **more: object) -> Column:
    plain = Column(name=name, type=type_, description="Something.", privacy=Privacy.PLAIN)
    return replace(plain, **more) if more else plain  # type: ignore[arg-type]


def table(*columns: Column, key: tuple[str, ...] = ("snapshot_date",), name: str = "toys") -> Table:
    return Table(name=name, schema="core", description="Things.", columns=(DAY, *columns), key=key)


def log(*columns: Column, key: tuple[str, ...]) -> Table:
    """Declare a table that is no table of days."""
    return Table(
        name="log",
        schema="quality",
        description="Things.",
        columns=columns,
        key=key,
        partitioned=False,
    )


def with_core(*tables: Table) -> Model:
    return replace(MODEL, core=(*MODEL.core, *tables))


def with_leaf(leaf: Column) -> Model:
    columns = (*MODEL.flattened.columns, leaf)
    return replace(MODEL, flattened=replace(MODEL.flattened, columns=columns))


# Wrong ones


@pytest.mark.parametrize(
    ("declare", "sentence"),
    [
        *(
            (lambda name=name: column(name), f"Column name {name!r} is not allowed: ")
            for name in ("", "1st", "_a", "a-b", "a b", "a.b", "größe", 'a"b', "a\n")
        ),
        *(
            (lambda name=name: table(name=name), f"Table name core.{name} is not allowed: ")
            for name in ("", "1st", "a-b", "a;b")
        ),
        (
            lambda: replace(MODEL.raw, schema="my schema"),
            "Table name my schema.raw_users is not allowed: ",
        ),
        (lambda: column(description=""), "Column 'colour' has no description: say what it means."),
        (lambda: column(description=" \n"), "Column 'colour' has no description"),
        (lambda: replace(table(), description=""), "Table 'toys' has no description: say what"),
        (lambda: table(column(), column()), "Table 'toys' declares column 'colour' twice "),
        (lambda: table(column(), column("Colour")), "(capitals make no difference in SQL): "),
        (
            lambda: table(column(required=False), key=("snapshot_date", "colour")),
            "Key column 'colour' of table 'toys' may be null: a key column is always required.",
        ),
        (
            lambda: table(column(), key=("snapshot_date", "color")),
            "Table 'toys' has no column 'color'; it has snapshot_date, colour.",
        ),
        (
            lambda: replace(table(column()), rows_with="color"),
            "Table 'toys' has no column 'color'; it has snapshot_date, colour.",
        ),
        (
            lambda: replace(table(), columns=(column(), DAY)),
            "Table 'toys' must begin with 'snapshot_date' and have it in its key: ",
        ),
        (lambda: replace(table(), columns=()), "Table 'toys' must begin with 'snapshot_date'"),
        (
            lambda: replace(table(), columns=(column(),), key=("colour",)),
            "Table 'toys' must begin with 'snapshot_date'",
        ),
        (
            lambda: table(column(), key=("colour",)),
            "Table 'toys' must begin with 'snapshot_date' and have it in its key: ",
        ),
        *(
            (
                lambda pattern=pattern: column(origin=Extracted("picture_large", pattern, "x")),
                f"Column 'colour' is extracted with {pattern!r}: the pattern needs exactly one ",
            )
            for pattern in (r"[a-z]+\z", r"([a-z])([0-9])\z", r"(?:[a-z]+)\z", "")
        ),
        (
            lambda: column(origin=Extracted("picture_large", "([a-z]+", "x")),
            "Column 'colour' is extracted with '([a-z]+': ",
        ),
        (
            lambda: column(type_=INTEGER, rules=(OneOf(("red",)),)),
            "Column 'colour', which is INTEGER, has the rule OneOf(values=('red',)): OneOf is for ",
        ),
        (
            lambda: column(rules=(OneOf(("red",)), Matches("(red", "red"))),
            "has the rule Matches(form='(red', meaning='red'): the pattern cannot be read: ",
        ),
        (
            lambda: column(rules=(NotBefore("dob_date"),)),
            "Column 'colour', which is VARCHAR, has the rule NotBefore(column='dob_date'): ",
        ),
        (
            lambda: with_leaf(column(type_=INSTANT, rules=(NotBefore("birthday"),))),
            "Table 'flattened_users' has no column 'birthday'; it has snapshot_date, seed, ",
        ),
        (
            lambda: with_leaf(column(type_=INSTANT, rules=(NotBefore("dob_age"),))),
            "colour is TIMESTAMP and must not be before dob_age, which is INTEGER: only two ",
        ),
        (
            lambda: replace(table(column("a", required=False), key=("a",)), partitioned=False),
            "Table 'toys' must begin with 'snapshot_date'",
        ),
        (
            lambda: log(column("a", required=False), key=("a",)),
            "Key column 'a' of table 'log' may be null: a key column is always required.",
        ),
        (
            lambda: table(column(privacy=Privacy.SECRET), key=("snapshot_date", "colour")),
            "Key column 'colour' of table 'toys' is declared as secret: a key is wherever ",
        ),
        (lambda: log(column("a"), key=("b",)), "Table 'log' has no column 'b'; it has a."),
        (
            lambda: log(column("a"), column("A"), key=("a",)),
            "Table 'log' declares column 'a' twice ",
        ),
        (lambda: with_core(table(name="users")), "Table 'users' is declared twice: rename one."),
        (
            lambda: with_core(table(column(references="planets"))),
            "toys.colour refers to 'planets', which is no declared table.",
        ),
        (
            lambda: with_core(table(column(references="raw_users"))),
            "toys.colour refers to 'raw_users', whose key within a day is not one column: ",
        ),
        (
            lambda: with_core(table(column(references="days")), table(name="days")),
            "toys.colour refers to 'days', whose key within a day is not one column: ",
        ),
        (
            lambda: with_core(table(column(references="users"))),
            "toys.colour is VARCHAR, but the key of 'users' it refers to is UUID: declare the same",
        ),
        (
            lambda: with_core(table(column(origin=Copied("name_middle")))),
            "Table 'flattened_users' has no column 'name_middle'; it has snapshot_date, seed, ",
        ),
        (
            lambda: with_core(table(column(origin=Extracted("photo", "(a)", "a")))),
            "Table 'flattened_users' has no column 'photo'; it has ",
        ),
        (
            lambda: with_core(table(column(origin=Copied("id_value_hmac")))),
            "toys.colour is required but made of flattened_users.id_value_hmac, which may be null.",
        ),
        (
            lambda: with_core(table(column(type_=INTEGER, origin=Copied("gender")))),
            "toys.colour is INTEGER, but ",
        ),
        *(
            (
                lambda path=path: replace(MODEL, dropped=(path,)),
                f"{'.'.join(path)} is hashed or dropped, which the door does for members of a ",
            )
            for path in (("email",), ("location", "street", "name"))
        ),
        *(
            (
                lambda path=path: with_leaf(column(origin=Leaf(path, hashed=True))),
                f"{'.'.join(path)} is hashed or dropped, which the door does for members of a ",
            )
            for path in (("iban",), ("bank", "account", "iban"))
        ),
    ],
)
def test_a_wrong_declaration_fails_with_a_sentence(
    declare: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare()
    told = str(caught.value)
    assert sentence in told
    assert told.endswith(".")


def test_an_unknown_column_is_told_with_the_known_ones() -> None:
    with pytest.raises(DeclarationError, match=r"'countries' has no column 'name'; it has .*code"):
        MODEL["countries"]["name"]


# Right ones


def test_a_table_more_is_one_declaration() -> None:
    code = column("country_code", references="countries")
    toys = table(column(), code, key=("snapshot_date", "colour"))
    assert with_core(toys)["toys"].references == (code,)
    assert with_core(toys)["toys"].own_key == ("colour",)
    assert [each.name for each in with_core(toys)][-1] == "toys"


def test_a_nullable_source_may_make_a_required_column_where_it_decides_on_the_row() -> None:
    value = column("number", origin=Copied("id_value_hmac"))
    cards = replace(table(value, name="cards"), rows_with="number")
    assert with_core(cards)["cards"].rows_with == "number"


@pytest.mark.parametrize(
    ("type_", "rules"),
    [
        (TEXT, (OneOf(("a", "b")), Matches("a+|b", "some a or a b"))),
        (INTEGER, (Between(1, 2), Between(-1, 1))),
        (DEGREES, (Between(1, 1),)),
        (INSTANT, (NotBefore("dob_date"), NotInTheFuture(), NotBefore("registered_date"))),
    ],
)
def test_a_column_may_have_several_rules_of_its_type(
    type_: ColumnType, rules: tuple[Rule, ...]
) -> None:
    grown = with_leaf(column(type_=type_, rules=rules))
    assert grown.flattened["colour"].rules == rules


def test_a_table_that_is_no_table_of_days_needs_no_day() -> None:
    table_ = log(column("a"), column("b"), key=("b",))
    assert (table_.own_key, table_.column_names) == (("b",), ("a", "b"))


def test_a_copy_is_found_by_the_leaf_it_is_made_of() -> None:
    users = MODEL["users"]
    assert users.column_from("dob_date") == users["born_at"]
    assert users.column_from("nat") == users["nationality"]
    assert users.column_from("location_city") is None
    assert MODEL.flattened.column_from("dob_date") == MODEL.flattened["dob_date"]


def test_declarations_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        MODEL.raw["page"].name = "sheet"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        MODEL.core = ()  # type: ignore[misc]


def test_a_private_key_is_not_among_the_public_columns() -> None:
    """A table of days is not declared with one: its rows are told apart by it everywhere."""
    declared = log(column("a", privacy=Privacy.DIRECT), column("b"), key=("a", "b"))
    assert declared.public.column_names == ("b",)
    assert declared.public.key == ("b",)
