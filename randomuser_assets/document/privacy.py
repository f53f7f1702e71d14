"""The part of docs/privacy.md that is derived: each class, and of which class each column is."""

from collections.abc import Iterable

from randomuser_assets.model import Model, Privacy, Table
from randomuser_assets.model.marts import MARTS


def privacy_tables(model: Model) -> str:
    """Give the classes, and the columns of each table, as Markdown tables."""
    classes = _table(
        ("class", "a value of it", "in the public views"),
        ((each.value, each.meaning, _yes(public=each.public)) for each in Privacy),
    )
    return "\n".join([classes, *(_section(table, model) for table in (*model, *MARTS))])


def _section(table: Table, model: Model) -> str:
    viewed = table in (*model.core, *MARTS)
    head = (
        ("column", "class", f"in `{table.public_view.schema}`") if viewed else ("column", "class")
    )
    lines = _table(
        head,
        (
            (f"`{c.name}`", c.privacy.value, _yes(public=c.privacy.public))[: len(head)]
            for c in table.columns
        ),
    )
    return f"### {table.schema}.{table.name}\n\n{lines}"


def _yes(*, public: bool) -> str:
    return "yes" if public else "no"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
