"""What each page of the diagram is of: its title, its tables in bands, and which are made of which.

Here belongs the choice of what is shown together. What does not: sizes and places, which `plan.py`
finds, and ink.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from randomuser_assets.model import Model, Table, Taken


class DiagramError(ValueError):
    """The declared tables cannot be drawn legibly on the page."""


@dataclass(frozen=True)
class Band:
    """Tables that stand together in one frame, of one colour, under a name."""

    name: str
    tables: tuple[Table, ...]
    shade: int
    """Which of the colours, in the order in which a record passes."""


@dataclass(frozen=True)
class Made:
    """A table of which others are made, or whole bands."""

    source: str
    tables: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page, whose tables refer to each other only.

    What tables are made of is drawn as arrows where it is on the page (`lineage`), and said in
    words where it is on another one (`elsewhere`).
    """

    title: str
    note: str
    bands: tuple[Band, ...]
    lineage: tuple[Made, ...] = ()
    elsewhere: tuple[Made, ...] = ()

    def __iter__(self) -> Iterator[Table]:
        """Go through the tables, band by band."""
        return (table for band in self.bands for table in band.tables)

    def __getitem__(self, name: str) -> Table:
        """Give the table of this name."""
        for table in self:
            if table.name == name:
                return table
        raise DiagramError(
            f"The page of the {self.title} has no table {name!r}: tables that refer to each other "
            "belong on the same page."
        )

    def about(self, table: Table) -> str:
        """Say what a table is and, in a line of its own, of which others it has columns."""
        sources = [made.source for made in self.elsewhere if table.name in made.tables]
        if not sources:
            return table.description
        return f"{table.description}\nWith columns of {', '.join(sources)}."

    @property
    def counts(self) -> str:
        """Say how much there is on it."""
        columns = sum(len(table.columns) for table in self)
        references = sum(len(table.references) for table in self)
        return f"{len(list(self))} tables, {columns} columns, {references} references"


def core_page(model: Model) -> Page:
    """Give the page of a day's tables, by schema in the order in which a record passes them."""
    schemas = tuple(dict.fromkeys(table.schema for table in model))
    bands = tuple(
        Band(schema, tuple(table for table in model if table.schema == schema), at)
        for at, schema in enumerate(schemas)
    )
    core = {table.schema for table in model.core} - {model.flattened.schema}
    return Page(
        "core tables",
        "Days are the partitions: a reference holds within its snapshot_date.",
        bands,
        (
            Made(model.raw.name, (model.flattened.name, model.rejected.name)),
            Made(
                model.flattened.name,
                bands=tuple(at for at, schema in enumerate(schemas) if schema in core),
            ),
        ),
    )


def star_page(tables: Sequence[Table], model: Model) -> Page:
    """Give the page of a star made of a model's tables: the facts amid the dimensions.

    Facts are what refers and is not referred to. Dimensions that form a chain stand on the right,
    where it has room; those that only facts refer to stand on the left.
    """
    referred = {column.references for table in tables for column in table.references}
    facts = tuple(t for t in tables if t.references and t.name not in referred)
    dimensions = tuple(table for table in tables if table not in facts)
    chained = {name for table in dimensions for name in _linked(table)}
    near = tuple(table for table in dimensions if table.name not in chained)
    far = tuple(table for table in dimensions if table.name in chained)
    bands = (Band("dimensions", near, 1), Band("facts", facts, 2), Band("dimensions", far, 1))
    return Page(
        "star schema",
        "A key is the same on every day: a reference holds over the whole history.",
        tuple(band for band in bands if band.tables),
        elsewhere=tuple(_taken(tables, model)),
    )


def _taken(tables: Sequence[Table], model: Model) -> Iterator[Made]:
    """Say which tables of the model give columns to which of these."""
    for source in model.core:
        takers = tuple(
            table.name
            for table in tables
            if any(
                isinstance(column.origin, Taken) and column.origin.table == source.name
                for column in table.columns
            )
        )
        if takers:
            yield Made(f"{source.schema}.{source.name}", takers)


def _linked(table: Table) -> Iterator[str]:
    """Name a table that refers to others, and those."""
    for column in table.references:
        yield from (table.name, str(column.references))
