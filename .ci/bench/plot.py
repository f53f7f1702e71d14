"""A plot of spans on a logarithmic axis, as SVG that is legible in light and dark mode."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

_WIDTH, _LABELS, _VALUES = 860, 220, 90
_LINE, _HEAD, _GAP = 22, 34, 14

_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.quiet { fill: #59636e; font-size: 12px; }
.strong { font-weight: 600; }
.grid { stroke: #d1d9e0; }
.span, .dot { stroke: #59636e; fill: #59636e; }
.ours.span, .ours.dot { stroke: #0969da; fill: #0969da; }
.span { stroke-width: 5; stroke-opacity: .45; stroke-linecap: round; }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; }
.quiet { fill: #9198a1; }
.grid { stroke: #3d444d; }
.span, .dot { stroke: #9198a1; fill: #9198a1; }
.ours.span, .ours.dot { stroke: #4493f8; fill: #4493f8; }
}
"""


@dataclass(frozen=True)
class Row:
    """One line: whose, the median, the least and the most, and whether it is ours."""

    name: str
    middle: float
    least: float
    most: float
    is_ours: bool


def plot(title: str, groups: Sequence[tuple[str, Sequence[Row]]]) -> str:
    """Draw groups of rows below one another, all on one axis."""
    values = [value for _, rows in groups for row in rows for value in (row.least, row.most)]
    low, high = floor(log10(min(values)) * 2) / 2, ceil(log10(max(values)) * 2) / 2
    scale = (_WIDTH - _LABELS - _VALUES) / ((high - low) or 1)

    def x(value: float) -> float:
        return round(_LABELS + (log10(value) - low) * scale, 1)

    body, y = [f'<text class="strong" x="0" y="16">{escape(title)}</text>'], _HEAD
    for name, rows in groups:
        y += _GAP
        body.append(f'<text class="quiet" x="0" y="{y + 4}">{escape(name)}</text>')
        y += _LINE
        for row in rows:
            body += _drawn(row, x, y)
            y += _LINE
    lines = [
        f'<line class="grid" x1="{x(10.0**power)}" x2="{x(10.0**power)}" y1="{_HEAD}" y2="{y}"/>'
        f'<text class="quiet" x="{x(10.0**power)}" y="{y + 16}" text-anchor="middle">'
        f"{10**power:,}</text>"
        for power in range(ceil(low), floor(high) + 1)
    ]
    height = y + 24
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">\n'
        f"<style>{_STYLE}</style>\n" + "\n".join([*lines, *body]) + "\n</svg>\n"
    )


def _drawn(row: Row, x: Callable[[float], float], y: int) -> list[str]:
    name = escape(row.name)
    ours = "ours " if row.is_ours else ""
    label = "strong" if row.is_ours else "label"
    return [
        f'<text class="{label}" x="{_LABELS - 12}" y="{y + 4}" text-anchor="end">{name}</text>',
        f'<line class="{ours}span" x1="{x(row.least)}" x2="{x(row.most)}" y1="{y}" y2="{y}"/>',
        f'<circle class="{ours}dot" cx="{x(row.middle)}" cy="{y}" r="4.5"/>',
        f'<text class="quiet" x="{x(row.most) + 10}" y="{y + 4}">{row.middle:,.0f}</text>',
    ]
