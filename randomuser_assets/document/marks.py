"""The signs of the diagram, each drawn at a point: row marks, privacy classes, line ends.

Here belongs what the tables and the legend both show, so that the legend cannot differ from what
it explains. What does not: where anything stands. Every sign has a shape or a letter of its own,
since colours are lost on many printers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from reportlab.lib.colors import Color, HexColor, white
from reportlab.pdfgen.canvas import Canvas

from randomuser_assets.model import Privacy

PLAIN_FONT, BOLD_FONT, SLANTED_FONT = "Helvetica", "Helvetica-Bold", "Helvetica-Oblique"
"""Fonts that every PDF reader has: nothing to embed, so nothing that could differ."""

INK, SOFT = HexColor("#1F2933"), HexColor("#5B6670")
REFERENCE, LINEAGE = HexColor("#27323C"), HexColor("#8A96A1")
LINE = 0.85
"""How many points thick a line is."""
CAP = 0.36
"""Half the height of a capital letter, as a share of the font size."""

Point = tuple[float, float]


class Ending(Enum):
    """How many rows are at an end of a line."""

    EXACTLY_ONE = auto()
    ZERO_OR_ONE = auto()
    ZERO_OR_MANY = auto()

    @property
    def meaning(self) -> str:
        """The name in words."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Badge:
    """How a privacy class is marked: a letter in a shape."""

    letter: str
    fill: Color
    edge: Color
    ink: Color
    roundness: float
    """The radius of the corners, as a share of half the width."""


BADGES = {
    Privacy.SECRET: Badge("S", HexColor("#2D1B4E"), HexColor("#2D1B4E"), white, 0.0),
    Privacy.DIRECT: Badge("D", HexColor("#C0392B"), HexColor("#C0392B"), white, 0.45),
    Privacy.QUASI: Badge("Q", HexColor("#FFF4D6"), HexColor("#A66A00"), HexColor("#7A4E00"), 1.0),
}
"""Plain columns, the remaining class, bear no mark."""


def text(
    canvas: Canvas,
    at: Point,
    words: str,
    size: float,
    *,
    font: str = PLAIN_FONT,
    color: Color = INK,
) -> float:
    """Write words whose capitals are centred on the height of a point, and give the x they end."""
    canvas.setFont(font, size)
    canvas.setFillColor(color)
    canvas.drawString(at[0], at[1] - CAP * size, words)
    return at[0] + float(canvas.stringWidth(words, font, size))


def badge(canvas: Canvas, at: Point, privacy: Privacy, size: float) -> None:
    """Draw the mark of a privacy class around a point; plain has none."""
    if privacy not in BADGES:
        return
    x, y = at
    look = BADGES[privacy]
    half = 0.57 * size
    canvas.setFillColor(look.fill)
    canvas.setStrokeColor(look.edge)
    canvas.setLineWidth(0.09 * size)
    canvas.roundRect(
        x - half, y - half, 2 * half, 2 * half, half * look.roundness, stroke=1, fill=1
    )
    wide = canvas.stringWidth(look.letter, BOLD_FONT, size)
    text(canvas, (x - wide / 2, y), look.letter, size, font=BOLD_FONT, color=look.ink)


def requirement(canvas: Canvas, at: Point, size: float, *, required: bool) -> None:
    """Draw a full dot for a required column, a ring for one that may be null."""
    canvas.setStrokeColor(INK)
    canvas.setFillColor(INK if required else white)
    canvas.setLineWidth(0.11 * size)
    canvas.circle(*at, 0.17 * size if required else 0.23 * size, stroke=not required, fill=1)


def ending(canvas: Canvas, at: Point, side: int, kind: Ending, unit: float) -> None:
    """Draw the end of a reference at a box's edge; the line leaves to the side."""
    x, y = at
    canvas.setStrokeColor(REFERENCE)
    canvas.setLineWidth(LINE)
    canvas.setFillColor(white)
    step, half = side * unit, 0.6 * unit
    if kind is Ending.ZERO_OR_MANY:
        canvas.line(x + 0.9 * step, y, x, y + 0.75 * unit)
        canvas.line(x + 0.9 * step, y, x, y - 0.75 * unit)
    else:
        canvas.line(x + 0.55 * step, y - half, x + 0.55 * step, y + half)
    if kind is Ending.EXACTLY_ONE:
        canvas.line(x + step, y - half, x + step, y + half)
    else:
        canvas.circle(x + 1.2 * step, y, 0.33 * unit, stroke=1, fill=1)


def arrowhead(canvas: Canvas, at: Point, side: int, unit: float) -> None:
    """Draw the end of a lineage arrow that comes from the side."""
    x, y = at
    path = canvas.beginPath()
    path.moveTo(x, y)
    path.lineTo(x + side * 1.1 * unit, y + 0.5 * unit)
    path.lineTo(x + side * 1.1 * unit, y - 0.5 * unit)
    path.close()
    canvas.setFillColor(LINEAGE)
    canvas.drawPath(path, stroke=0, fill=1)


def joint(canvas: Canvas, at: Point, unit: float, color: Color) -> None:
    """Draw the dot where a line joins another; a crossing has none."""
    canvas.setFillColor(color)
    canvas.circle(*at, 0.28 * unit, stroke=0, fill=1)


def line(
    canvas: Canvas, points: Sequence[Point], radii: Sequence[float] = (), *, lineage: bool
) -> None:
    """Draw a line whose corners have these radii: a reference full, a lineage dashed, lighter."""
    canvas.saveState()
    canvas.setStrokeColor(LINEAGE if lineage else REFERENCE)
    canvas.setLineWidth(LINE)
    if lineage:
        canvas.setDash(2.4, 1.8)
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for before, corner, after, radius in zip(points, points[1:], points[2:], radii, strict=False):
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        near = _towards(corner, before, radius / 2), _towards(corner, after, radius / 2)
        path.lineTo(*start)
        path.curveTo(*near[0], *near[1], *end)
    path.lineTo(*points[-1])
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()


def _towards(start: Point, end: Point, length: float) -> Point:
    """Give the point at this distance on the way to another, which is straight across or down."""
    across, down = end[0] - start[0], end[1] - start[1]
    share = length / (abs(across) + abs(down))
    return start[0] + share * across, start[1] + share * down
