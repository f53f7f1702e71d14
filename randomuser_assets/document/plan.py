"""What stands where on the diagram: from the declarations to boxes, lines and a font size.

Here belongs what a box needs room for, which lines there are, and the choice of the size. What does
not: ink. Places are found by `layout.py`, ways by `connectors.py`; units are those of the grid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth

from randomuser_assets.document.connectors import Net, Port, Wire, connect
from randomuser_assets.document.layout import (
    Link,
    Rect,
    Sheet,
    Size,
    arrange,
    layered,
    ordered,
)
from randomuser_assets.document.marks import BOLD_FONT, PLAIN_FONT, SLANTED_FONT, Ending
from randomuser_assets.document.pages import DiagramError, Page
from randomuser_assets.model import Column, Table

EM = 1.5
"""The font size in grid units; a row is two units high."""
TITLE, TITLE_EM = (2, 2), 2.0
"""Where the name of a band begins in its frame, and its size."""
HEADER, HEADER_EM = 4, 1.9
ROW = 2
EDGE, KEY, DOT, GAP, BADGE = 0.9, 2.4, 1.4, 1.5, 2.4
"""Widths in units: beside a row, of a key mark, of a dot, between texts, of a badge."""

LARGEST, LEGIBLE = 80, 55
"""Font sizes in tenths of a point: the largest that is of use, the smallest that can be read."""


@dataclass(frozen=True)
class Form:
    """What the box of a table shows, and its size."""

    table: Table
    about: tuple[str, ...]
    size: Size

    @property
    def rows_at(self) -> int:
        """The y, within the box, of the first row's upper edge."""
        return HEADER + ROW * len(self.about)

    def row(self, column: Column) -> int:
        """The y, within the box, of the middle of a column's row."""
        return self.rows_at + ROW * self.table.columns.index(column) + ROW // 2


@dataclass(frozen=True)
class Relation:
    """What the lines of a net mean: a reference with its ends, or lineage without."""

    root: Ending | None = None
    leaves: tuple[Ending, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All that is to be drawn, in units of the grid, and the font size in points."""

    font_size: float
    forms: Mapping[str, Form]
    sheet: Sheet
    relations: tuple[Relation, ...]
    wires: tuple[Wire, ...]

    @property
    def unit(self) -> float:
        """The grid unit in points."""
        return self.font_size / EM


def plan(page: Page, width: float, height: float) -> Plan:
    """Find the largest font size at which the tables fit into a width and height in points."""
    links = tuple(_links(page))
    bands = tuple(
        ordered(layered([table.name for table in band.tables], links), links) for band in page.bands
    )
    forms = {
        form.table.name: form for band in bands for column in band for form in _forms(page, column)
    }
    sizes = {name: form.size for name, form in forms.items()}
    for tenths in range(LARGEST, LEGIBLE - 1, -1):
        units = EM * 10 / tenths
        sheet = arrange(bands, sizes, int(width * units), int(height * units))
        if sheet is None:
            continue
        found = tuple(_nets(page, forms, sheet))
        kept_free = (*sheet.boxes.values(), *_titles(page, sheet))
        wires = connect([net for _, net in found], kept_free, sheet.width, sheet.height)
        if wires is not None:
            return Plan(tenths / 10, forms, sheet, tuple(relation for relation, _ in found), wires)
    raise DiagramError(
        f"{page.title}: {page.counts} do not fit on one page with text of at least "
        f"{LEGIBLE / 10} pt: set a larger PAGE in randomuser_assets/document/erd.py."
    )


def _titles(page: Page, sheet: Sheet) -> Iterator[Rect]:
    """Give the places of the names of the bands, which no line should run through."""
    for band, frame in zip(page.bands, sheet.bands, strict=True):
        width = ceil(_width(band.name, BOLD_FONT, TITLE_EM))
        yield Rect(frame.x + TITLE[0], frame.y + TITLE[1] - 1, width, 2)


def _links(page: Page) -> Iterator[Link]:
    for table in page:
        for column in table.references:
            target = page[str(column.references)]
            yield Link(
                table.name,
                target.name,
                table.columns.index(column) / len(table.columns),
                target.column_names.index(target.own_key[0]) / len(target.columns),
            )


def _width(text: str, font: str, em: float = EM) -> float:
    return float(stringWidth(text, font, em))


def _forms(page: Page, names: Sequence[str]) -> Iterator[Form]:
    """Measure the boxes of one column of the layout, all as wide as the widest of them."""
    tables = [page[name] for name in names]
    width = max(ceil(max(_row_width(table), _header_width(table))) for table in tables)
    for table in tables:
        about = simpleSplit(page.about(table), SLANTED_FONT, EM, width - 2 * EDGE)
        height = HEADER + ROW * (len(about) + len(table.columns))
        yield Form(table, tuple(about), Size(width, height))


def keys_width(table: Table) -> float:
    """The width of the key marks, to which only a table with references adds a place."""
    return 2 * KEY if table.references else KEY


def _row_width(table: Table) -> float:
    names = max(
        _width(column.name, BOLD_FONT if column.name in table.key else PLAIN_FONT)
        for column in table.columns
    )
    return 2 * EDGE + keys_width(table) + DOT + names + GAP + types_width(table) + BADGE


def types_width(table: Table) -> float:
    """The width of the widest type name."""
    return max(_width(column.type.sql, PLAIN_FONT) for column in table.columns)


def _header_width(table: Table) -> float:
    return 2 * EDGE + _width(f"{table.schema}.{table.name}", BOLD_FONT, HEADER_EM)


def _ports(rect: Rect, y: int) -> tuple[Port, Port]:
    return Port(rect.x, rect.y + y, -1), Port(rect.right, rect.y + y, 1)


def _nets(page: Page, forms: Mapping[str, Form], sheet: Sheet) -> Iterator[tuple[Relation, Net]]:
    """Give one net for each referenced key, those of optional references apart, then lineage."""
    for target in page:
        for required in (True, False):
            found = [
                (table, column)
                for table in page
                for column in table.references
                if column.references == target.name and column.required is required
            ]
            if found:
                key = forms[target.name].row(target[target.own_key[0]])
                yield (
                    Relation(
                        Ending.EXACTLY_ONE if required else Ending.ZERO_OR_ONE,
                        tuple(_referrers(table, column) for table, column in found),
                    ),
                    Net(
                        _ports(sheet.boxes[target.name], key),
                        tuple(
                            _ports(sheet.boxes[table.name], forms[table.name].row(column))
                            for table, column in found
                        ),
                    ),
                )
    yield from _lineage(page, sheet)


def _referrers(table: Table, column: Column) -> Ending:
    """Say how many rows of a table may refer to one row: a whole key can only once."""
    # What is replaced by days refers within a day, all else over the whole history.
    key = table.own_key if table.partitioned else table.key
    return Ending.ZERO_OR_ONE if key == (column.name,) else Ending.ZERO_OR_MANY


def _lineage(page: Page, sheet: Sheet) -> Iterator[tuple[Relation, Net]]:
    """Give arrows from a table's header to those of the tables made of it, and to whole bands."""
    for made in page.lineage:
        source = _ports(sheet.boxes[made.source], HEADER // 2)
        tables = tuple(_ports(sheet.boxes[name], HEADER // 2)[:1] for name in made.tables)
        bands = tuple((Port(sheet.bands[at].x, source[0].y, -1),) for at in made.bands)
        if tables or bands:
            yield Relation(), Net(source, (*tables, *bands))
