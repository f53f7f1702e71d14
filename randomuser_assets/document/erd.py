"""The entity-relationship diagram: landscape pages, drawn from the declarations alone.

Here belongs what a page shows, in ink. What does not: what it is of, which is in `pages.py`, where
things stand, which `plan.py` finds, and what the signs look like, which is in `marks.py`.

The pages are written without compression, since zlib's output differs between its builds, and with
reportlab's fixed date: the same declarations give the same bytes everywhere.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from randomuser_assets.document import marks
from randomuser_assets.document.layout import Rect
from randomuser_assets.document.marks import (
    BADGES,
    BOLD_FONT,
    LINEAGE,
    PLAIN_FONT,
    REFERENCE,
    SLANTED_FONT,
    SOFT,
    Ending,
    Point,
)
from randomuser_assets.document.pages import Band, Page
from randomuser_assets.document.plan import (
    BADGE,
    DOT,
    EDGE,
    HEADER,
    HEADER_EM,
    KEY,
    ROW,
    TITLE,
    TITLE_EM,
    Form,
    Plan,
    keys_width,
    plan,
    types_width,
)
from randomuser_assets.model import Column, Privacy

NAME, WHAT = "randomuser_assets", "entity-relationship diagram"
PAGE = landscape(A4)
MARGIN, TOP, BOTTOM = 18.0, 48.0, 37.0
"""Points kept free at the sides, at the top for the title and at the bottom for the legend."""
AREA = PAGE[0] - 2 * MARGIN, PAGE[1] - TOP - BOTTOM
TITLE_AT, LEGEND_AT = PAGE[1] - 27, 22.0
LEGEND_SIZE, SAMPLE, SAMPLE_UNIT = 6.9, 18.0, 4.6
"""The legend's font size, the length of its lines and the grid unit of their ends, in points."""


@dataclass(frozen=True)
class Shade:
    """The colours of a band: of headers and frames, and of what lies behind them."""

    strong: Color
    light: Color


SHADES = (
    Shade(HexColor("#55606E"), HexColor("#F3F5F7")),
    Shade(HexColor("#0F6B6B"), HexColor("#EEF7F6")),
    Shade(HexColor("#34488F"), HexColor("#F0F3FB")),
)
"""For the bands by their number, from the first again when there are more."""


@dataclass(frozen=True)
class Paper:
    """The canvas, and where the grid lies on it."""

    canvas: Canvas
    page: Page
    plan: Plan

    @property
    def unit(self) -> float:
        """The grid unit in points."""
        return self.plan.unit

    @property
    def size(self) -> float:
        """The font size in points."""
        return self.plan.font_size

    @property
    def left(self) -> float:
        """The left edge of the grid, which is centred on the page, in points."""
        return (PAGE[0] - self.plan.sheet.width * self.unit) / 2

    def at(self, x: float, y: float) -> Point:
        """Turn grid units, y downwards, into points on the page."""
        return self.left + x * self.unit, PAGE[1] - TOP - y * self.unit

    def frame(self, rect: Rect) -> tuple[float, float, float, float]:
        """Give a rectangle as the canvas takes it: lower left corner, width, height."""
        return *self.at(rect.x, rect.bottom), rect.width * self.unit, rect.height * self.unit


def draw(pages: Sequence[Page]) -> bytes:
    """Draw the diagram as a PDF of these pages."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=PAGE, pageCompression=0, invariant=1, lang="en")
    canvas.setTitle(f"{NAME}: {WHAT}")
    canvas.setAuthor(NAME)
    canvas.setCreator(NAME)
    canvas.setSubject("; ".join(f"{page.title}: {page.counts}" for page in pages))
    for page in pages:
        # A reader lists the pages by what they are of.
        canvas.bookmarkPage(page.title)
        canvas.addOutlineEntry(page.title, page.title)
        _page(Paper(canvas, page, plan(page, *AREA)))
    canvas.save()
    return file.getvalue()


def write(pages: Sequence[Page], path: Path) -> None:
    """Write the diagram to a file."""
    path.write_bytes(draw(pages))


def _page(paper: Paper) -> None:
    """Draw a page, lines below the boxes and their ends above."""
    _title(paper)
    planned = paper.plan
    for band, frame in zip(paper.page.bands, planned.sheet.bands, strict=True):
        _band(paper, band.name, frame, _shade(band))
    _lines(paper)
    for band in paper.page.bands:
        for table in band.tables:
            _box(paper, planned.forms[table.name], planned.sheet.boxes[table.name], _shade(band))
    _ends(paper)
    _legend(paper, _shade(paper.page.bands[-1]))
    paper.canvas.showPage()


def _shade(band: Band) -> Shade:
    return SHADES[band.shade % len(SHADES)]


def _title(paper: Paper) -> None:
    canvas, page = paper.canvas, paper.page
    end = marks.text(canvas, (paper.left, TITLE_AT), NAME, 17, font=BOLD_FONT)
    marks.text(canvas, (end + 8, TITLE_AT - 1), f"{WHAT}: {page.title}", 12, color=SOFT)
    note = f"{page.counts}. {page.note}"
    start = PAGE[0] - paper.left - canvas.stringWidth(note, PLAIN_FONT, 7.5)
    marks.text(canvas, (start, TITLE_AT - 2), note, 7.5, color=SOFT)


def _band(paper: Paper, name: str, rect: Rect, shade: Shade) -> None:
    paper.canvas.setFillColor(shade.light)
    paper.canvas.roundRect(*paper.frame(rect), 5, stroke=0, fill=1)
    at = paper.at(rect.x + TITLE[0], rect.y + TITLE[1])
    size = TITLE_EM * paper.unit
    marks.text(paper.canvas, at, name, size, font=BOLD_FONT, color=shade.strong)


def _box(paper: Paper, form: Form, rect: Rect, shade: Shade) -> None:
    """Draw a table: header, description and rows, within one rounded outline."""
    _ground(paper, form, rect, shade)
    table, canvas = form.table, paper.canvas
    at = paper.at(rect.x + EDGE, rect.y + HEADER / 2)
    name = f"{table.schema}.{table.name}"
    marks.text(canvas, at, name, HEADER_EM * paper.unit, font=BOLD_FONT, color=white)
    for number, words in enumerate(form.about):
        at = paper.at(rect.x + EDGE, rect.y + HEADER + ROW * (number + 0.5))
        marks.text(canvas, at, words, paper.size, font=SLANTED_FONT, color=SOFT)
    for column in table.columns:
        _row(paper, form, column, rect, shade)


def _ground(paper: Paper, form: Form, rect: Rect, shade: Shade) -> None:
    """Draw what lies behind a table's text, the rows of the key tinted, and the outline."""
    canvas = paper.canvas
    outline = canvas.beginPath()
    outline.roundRect(*paper.frame(rect), 3)
    tops = (form.row(form.table[name]) - ROW // 2 for name in form.table.key)
    strips = [Rect(rect.x, rect.y + top, rect.width, ROW) for top in tops]
    canvas.saveState()
    canvas.clipPath(outline, stroke=0, fill=0)
    for color, parts in (
        (white, [rect]),
        (shade.strong, [Rect(rect.x, rect.y, rect.width, HEADER)]),
        (shade.light, strips),
    ):
        canvas.setFillColor(color)
        for part in parts:
            canvas.rect(*paper.frame(part), stroke=0, fill=1)
    canvas.restoreState()
    canvas.setStrokeColor(shade.strong)
    canvas.setLineWidth(0.7)
    canvas.roundRect(*paper.frame(rect), 3, stroke=1, fill=0)


def _row(paper: Paper, form: Form, column: Column, rect: Rect, shade: Shade) -> None:
    """Draw a column: key marks, whether it is required, name, type, privacy class."""
    canvas, size, table = paper.canvas, paper.size, form.table
    y = rect.y + form.row(column)
    marks_x, names_x = rect.x + EDGE, rect.x + EDGE + keys_width(table)
    badges_x = rect.right - EDGE - BADGE
    font = PLAIN_FONT
    if column.name in table.key:
        font = BOLD_FONT
        marks.text(canvas, paper.at(marks_x, y), "PK", size, font=font, color=shade.strong)
    if column.references:
        at = paper.at(marks_x + KEY, y)
        marks.text(canvas, at, "FK", size, font=BOLD_FONT, color=REFERENCE)
    marks.requirement(canvas, paper.at(names_x + DOT / 3, y), size, required=column.required)
    marks.text(canvas, paper.at(names_x + DOT, y), column.name, size, font=font)
    at = paper.at(badges_x - types_width(table), y)
    marks.text(canvas, at, column.type.sql, size, color=SOFT)
    marks.badge(canvas, paper.at(badges_x + 0.7 * BADGE, y), column.privacy, size)


def _lines(paper: Paper) -> None:
    """Draw all lines, lineage first, so that references lie above; joined corners stay sharp."""
    wires, relations = paper.plan.wires, paper.plan.relations
    joints = {wire.points[-1] for wire in wires if wire.joins}
    for wire in sorted(wires, key=lambda wire: relations[wire.net].root is not None):
        points = [paper.at(*point) for point in wire.points]
        radii = [0.0 if point in joints else 0.45 * paper.unit for point in wire.points[1:-1]]
        marks.line(paper.canvas, points, radii, lineage=relations[wire.net].root is None)


def _ends(paper: Paper) -> None:
    """Draw what is at the ends of the lines: at the leaf, and at the root or the joint."""
    canvas, unit = paper.canvas, paper.unit
    for wire in paper.plan.wires:
        relation = paper.plan.relations[wire.net]
        leaf, root = paper.at(*wire.points[0]), paper.at(*wire.points[-1])
        leaf_side = 1 if wire.points[0][0] < wire.points[1][0] else -1
        root_side = 1 if wire.points[-1][0] < wire.points[-2][0] else -1
        if relation.root is None:
            marks.arrowhead(canvas, leaf, leaf_side, unit)
        else:
            marks.ending(canvas, leaf, leaf_side, relation.leaves[wire.leaf], unit)
        if wire.joins:
            marks.joint(canvas, root, unit, REFERENCE if relation.root else LINEAGE)
        elif relation.root is not None:
            marks.ending(canvas, root, root_side, relation.root, unit)


def _legend(paper: Paper, shade: Shade) -> None:
    """Explain every sign, with the functions that draw it in the diagram."""
    canvas, size, y = paper.canvas, LEGEND_SIZE, LEGEND_AT

    def words(x: float, text: str, color: Color = marks.INK, font: str = PLAIN_FONT) -> float:
        return marks.text(canvas, (x, y), text, size, font=font, color=color) + 8

    x = words(paper.left, "COLUMNS", SOFT, BOLD_FONT)
    x = words(words(x, "PK", shade.strong, BOLD_FONT) - 5, "primary key")
    x = words(words(x, "FK", REFERENCE, BOLD_FONT) - 5, "refers to a key")
    for required, meaning in ((True, "required"), (False, "may be null")):
        marks.requirement(canvas, (x + 2, y), size, required=required)
        x = words(x + 6, meaning)
    x = words(x + 8, "PRIVACY", SOFT, BOLD_FONT)
    for privacy in BADGES:
        marks.badge(canvas, (x + 4, y), privacy, size)
        x = words(x + 10, privacy.value)
    x = words(x, f"no mark: {Privacy.PLAIN.value}")
    x = words(x + 8, "LINES", SOFT, BOLD_FONT)
    for kind in Ending:
        marks.line(canvas, [(x, y), (x + SAMPLE, y)], lineage=False)
        marks.ending(canvas, (x + SAMPLE, y), -1, kind, SAMPLE_UNIT)
        x = words(x + SAMPLE + 4, kind.meaning)
    if paper.page.lineage:
        marks.line(canvas, [(x, y), (x + SAMPLE, y)], lineage=True)
        marks.arrowhead(canvas, (x + SAMPLE, y), -1, SAMPLE_UNIT)
        words(x + SAMPLE + 4, "made of")
