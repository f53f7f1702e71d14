"""Tables with other columns than declared fail their checks with sentences, and never break them.

A check that breaks would hide what the others of its op found.
"""

import pytest

from randomuser_assets.graph.check import Verdict
from randomuser_assets.model import MODEL, Column, Table
from randomuser_assets_tests.graph.asking import asked_of, not_passed
from randomuser_assets_tests.graph.site import Site
from randomuser_assets_tests.graph.spoiling import place
from randomuser_assets_tests.graph.tamperings import AS_DECLARED, OWN, REQUIRED, CheckName

pytestmark = pytest.mark.long

EVERY_SHAPE = {(table.name, AS_DECLARED) for table in MODEL}


def figures(verdict: Verdict) -> str:
    return "; ".join(str(figure) for found in verdict.by_day.values() for figure in found.values())


def change_types(site: Site, columns: dict[Table, Column], type_: str, value: str) -> None:
    site.change(
        *(
            f"ALTER TABLE {place(table)} ALTER COLUMN {column.name} TYPE {type_} "
            f"USING {value.format(column.name)}"
            for table, column in columns.items()
        )
    )


def see_that_only_the_shape_is_blamed(site: Site, columns: dict[str, str], type_: str) -> None:
    """See that what cannot be asked of a changed column says so, and all else is right."""
    verdicts = asked_of(site)
    failing = not_passed(verdicts)
    assert failing >= EVERY_SHAPE
    for table, column in columns.items():
        told = figures(verdicts[table, AS_DECLARED])
        assert told.startswith(f"{column} is {type_}")
        assert MODEL[table][column].type.sql in told
    for check in failing - EVERY_SHAPE:
        assert AS_DECLARED in figures(verdicts[check]), check


WRAPPED = "STRUCT(was VARCHAR)"


def in_each_table(number: int) -> dict[Table, Column]:
    """Give one column of each table, counted from its end.

    The engine does not let go of a text that it was told how to compress.
    """
    changing = {
        table: [column for column in table.columns if not column.type.compression]
        for table in MODEL
    }
    return {table: columns[-1 - number % len(columns)] for table, columns in changing.items()}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_changed_type_fails_the_shape_and_breaks_no_check(site: Site, number: int) -> None:
    columns = in_each_table(number)
    change_types(site, columns, WRAPPED, "{{'was': CAST({} AS VARCHAR)}}")
    names = {table.name: column.name for table, column in columns.items()}
    see_that_only_the_shape_is_blamed(site, names, WRAPPED)


def test_numbers_and_instants_that_became_texts_break_no_check(site: Site) -> None:
    columns = {
        table: column
        for table in MODEL
        for column in table.columns
        if column.type.sql not in {"VARCHAR", "VARCHAR[]", "DATE"}
    }
    change_types(site, columns, "VARCHAR", "CAST({} AS VARCHAR)")
    failing = not_passed(asked_of(site))
    assert {(table.name, AS_DECLARED) for table in columns} <= failing


@pytest.mark.parametrize(
    "renamed",
    [
        *("snapshot_date", "page", "position", "login_uuid", "id_value_hmac", "picture_large"),
        *("location_timezone_offset", "nat", "gender"),
    ],
)
def test_a_missing_column_that_others_are_compared_with_breaks_no_check(
    site: Site, renamed: str
) -> None:
    site.change(f"ALTER TABLE staging.flattened_users RENAME COLUMN {renamed} TO renamed")
    verdicts = asked_of(site)
    assert ("flattened_users", AS_DECLARED) in not_passed(verdicts)
    for check in not_passed(verdicts) - {("flattened_users", AS_DECLARED)}:
        assert f"staging.flattened_users.{renamed}" in figures(verdicts[check])


def test_a_renamed_column_fails_the_shape_and_what_needs_the_column(site: Site) -> None:
    renamed = {
        table: next(c for c in table.columns if c.required and c.name not in table.key)
        for table in MODEL
    }
    site.change(
        *(
            f"ALTER TABLE {place(table)} RENAME COLUMN {column.name} TO renamed"
            for table, column in renamed.items()
        )
    )
    needing: set[CheckName] = {(table.name, REQUIRED) for table in MODEL}
    for table, column in renamed.items():
        if column.lasting and table != MODEL.flattened:
            needing.add((table.name, "lasting_values_stay"))
        if column.rules and table != MODEL.flattened:
            needing.add((table.name, "values_are_accepted"))
    assert not_passed(asked_of(site)) == EVERY_SHAPE | needing


def test_a_renamed_key_fails_what_needs_the_key(site: Site) -> None:
    site.change("ALTER TABLE core.users RENAME COLUMN user_id TO person")
    children = ("logins", "locations", "identity_documents")
    needing = {
        *("key_is_unique", AS_DECLARED, REQUIRED, "nothing_is_lost", "lasting_values_stay"),
        *("user_id_is_in_logins", "user_id_is_in_locations"),
    }
    assert not_passed(asked_of(site)) == {
        *(("users", name) for name in needing),
        *((table, "user_id_is_in_users") for table in children),
    }


@pytest.mark.parametrize("table", list(MODEL), ids=lambda table: table.name)
def test_a_missing_table_fails_what_needs_it_with_a_sentence(site: Site, table: Table) -> None:
    site.change(f"DROP TABLE {place(table)}")
    verdicts = asked_of(site)
    failing = not_passed(verdicts)
    # What was found at the door stands beside it.
    of_the_door = {"no_key_appeared", "no_key_vanished", "no_key_was_renamed"}
    of_the_door |= {"no_json_type_changed"}
    own = {check for check in verdicts if check[0] == table.name and check[1] not in of_the_door}
    assert failing >= own
    assert own >= {(table.name, name) for name in OWN}
    for check in failing:
        told = str(verdicts[check].result().description)
        assert f"{place(table)} is not there: materialise it first." in told
        assert told.endswith(".")


@pytest.mark.parametrize("table", ["requests", "shape_drift"])
def test_what_is_not_known_of_the_fetch_fails_what_needs_it(site: Site, table: str) -> None:
    """A warehouse of an earlier version has no such tables."""
    site.change(f"DROP TABLE quality.{table}")
    verdicts = asked_of(site)
    needing = {"requests": {"as_many_came_as_were_asked_for"}}.get(
        table,
        {"no_key_appeared", "no_key_vanished", "no_key_was_renamed", "no_json_type_changed"},
    )
    assert not_passed(verdicts) == {("raw_users", name) for name in needing}
    for check in not_passed(verdicts):
        assert f"quality.{table} is not there" in str(verdicts[check].result().description)
