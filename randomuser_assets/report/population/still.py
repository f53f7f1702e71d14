"""The main chart as one SVG picture that stands for itself: for the Dagster UI, and without script.

It brings its own ground, since where it is shown may be light or dark. Its text is in the reader's
own font, so nothing is embedded.
"""

import base64
from xml.sax.saxutils import escape

from randomuser_assets.report.population.figures import Population
from randomuser_assets.report.population.telling import aged, verdict
from randomuser_assets.report.words import share

_WIDTH, _HEIGHT = 720, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 24, 24, 104, 44
_GAP = 0.22
"""Share of a column's place that is left free."""

_GROUND, _LINE, _TEXT, _QUIET = "#ffffff", "#e4e1da", "#1c2430", "#5a6370"
_COLUMN, _LARGEST = "#9db4d6", "#1f55a5"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"


def still(population: Population) -> str:
    """Draw how many people are in each age group."""
    groups, people = population.by_age_group, population.people
    said = verdict(population)
    most = max(groups.values(), default=0)
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(groups), 1)
    floor = _HEIGHT - _BOTTOM
    frame = f'width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="12" stroke="{_LINE}"'
    drawn = [
        f'<rect x=".5" y=".5" {frame} fill="{_GROUND}"/>',
        _text(_LEFT, 36, "Population by age group", 14, _QUIET, anchor="start"),
        _text(_LEFT, 62, said, 19, _TEXT, weight=650, anchor="start"),
        f'<path d="M{_LEFT} {floor + 0.5}H{_WIDTH - _RIGHT}" stroke="{_QUIET}"/>',
    ]
    for at, (group, number) in enumerate(groups.items()):
        middle = round(_LEFT + step * (at + 0.5), 1)
        width = round(step * (1 - _GAP), 1)
        high = round((floor - _TOP) * number / most, 1) if most else 0
        fill, weight = (_LARGEST, 650) if number == most > 0 else (_COLUMN, 400)
        place = f'x="{middle - width / 2:.1f}" y="{floor - high:.1f}"'
        drawn += [
            f'<rect {place} width="{width}" height="{high}" fill="{fill}"/>',
            _text(middle, floor - high - 7, f"{number:,}", 13, _TEXT, weight=weight),
            _text(middle, floor + 18, aged(group), 13, _TEXT, weight=weight),
            _text(middle, floor + 34, share(number, people) if number else "", 12, _QUIET),
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{_attribute(said)}" '
        f'font-family="{_FONT}">{"".join(drawn)}</svg>'
    )


def as_image(svg: str) -> str:
    """Give a picture as an address that holds all of it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    fill: str,
    *,
    weight: int = 400,
    anchor: str = "middle",
) -> str:
    return (
        f'<text x="{x}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
