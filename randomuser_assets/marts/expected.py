"""What is expected of the tables, as tests that dbt knows or that are in tests/generic."""

from collections.abc import Iterator
from typing import Any

from randomuser_assets.model import Column, Table
from randomuser_assets.model.marts import MARTS
from randomuser_assets.model.values import Between, Matches, OneOf, Rule


def kinds_of_tests(table: Table) -> list[str]:
    """Give the names of the tests that are asked of a table, each once."""
    tests = [*tests_of_table(table), *(t for c in table.columns for t in tests_of_column(table, c))]
    return list(
        dict.fromkeys(test if isinstance(test, str) else next(iter(test)) for test in tests)
    )


def tests_of_table(table: Table) -> Iterator[Any]:
    """Give the tests of a table as a whole."""
    if len(table.key) > 1:
        yield {"unique_key": {"arguments": {"columns": list(table.key)}}}


def tests_of_column(table: Table, column: Column) -> Iterator[Any]:
    """Give the tests of a column: a name each, or a name with its arguments."""
    if table.key == (column.name,):
        yield "unique"
    if column.required:
        yield "not_null"
    for rule in column.rules:
        if (test := _test(rule)) is not None:
            yield test
    if column.references:
        target = next(other for other in MARTS if other.name == column.references)
        yield {
            "relationships": {
                "arguments": {"to": f"ref('{target.name}')", "field": target.own_key[0]}
            }
        }


def _test(rule: Rule) -> dict[str, Any] | None:
    match rule:
        case OneOf(values):
            return {"accepted_values": {"arguments": {"values": list(values)}}}
        case Between(low, high):
            return {"between": {"arguments": {"low": low, "high": high}}}
        case Matches():
            return {"matches": {"arguments": {"pattern": rule.pattern}}}
        case _:  # asked of flattened_users, where what it compares with is
            return None
