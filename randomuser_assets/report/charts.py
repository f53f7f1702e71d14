"""The bars of the charts: where each stands, how high its parts are, and what it says.

Only geometry, in units of the drawing: the template draws it, so that everything is escaped in
one place. A day without data has no bar; a day of which nothing is counted has a flat one.
"""

from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date

from randomuser_assets.numbered import numbered
from randomuser_assets.report.quality import DayOfChecks, DayOfRecords
from randomuser_assets.report.words import told_checks, told_records

STEP, WIDTH, HEIGHT = 10.0, 8.0, 100.0
FLAT = 1.5
"""Height of the least that can be seen: one failed check among hundreds, or the mark of a zero."""


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it stands for, its upper edge and its height."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """The bar of a day, with what is said of it."""

    x: float
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: its bars, the value at its top, and what it shows in a sentence."""

    bars: tuple[Bar, ...]
    top: str
    said: str
    width: float


def chart_of_checks(days: Sequence[date], found: Iterable[DayOfChecks]) -> Chart:
    """Draw which share of each day's checks pass, warn and fail."""
    found = list(found)
    bars = [
        Bar(
            _place(days, day.day),
            told_checks(day),
            _stacked({"ok": day.passed, "warning": day.warned, "error": day.failed}, day.all),
        )
        for day in found
    ]
    wrong = [day for day in found if day.passed < day.all]
    said = f"{_days(found)} with evaluations, on {len(wrong)} of them not all checks pass."
    return Chart(tuple(bars), "100%", said, STEP * len(days))


def chart_of_rejections(days: Sequence[date], found: Iterable[DayOfRecords]) -> Chart:
    """Draw how many records of each day were rejected."""
    found = list(found)
    most = max((day.rejected for day in found), default=0)
    bars = [
        Bar(_place(days, day.day), told_records(day), _stacked({"rejected": day.rejected}, most))
        for day in found
    ]
    said = (
        f"{_days(found)} with records; at most {most:,} rejected on a day, "
        f"{sum(day.rejected for day in found):,} in all."
    )
    return Chart(tuple(bars), f"{most:,}", said, STEP * len(days))


def chart_of_rows(days: Sequence[date], rows: Mapping[date, int]) -> Chart:
    """Draw how many rows of a table each day has."""
    shown = {day: rows[day] for day in days if day in rows}
    most = max(shown.values(), default=0)
    bars = [
        Bar(
            _place(days, day),
            f"{day}: {numbered(number, 'row', 'rows')}",
            _stacked({"rows": number}, most),
        )
        for day, number in shown.items()
    ]
    said = f"Rows of {_days(shown)}, at most {most:,}."
    return Chart(tuple(bars), f"{most:,}", said, STEP * len(days))


def _days(found: Sized) -> str:
    return numbered(len(found), "day", "days")


def _place(days: Sequence[date], day: date) -> float:
    return days.index(day) * STEP + (STEP - WIDTH) / 2


def _stacked(counts: Mapping[str, int], whole: int) -> tuple[Part, ...]:
    """Stack the parts from the bottom up; what is not nothing is seen, at the cost of the first."""
    heights = {
        kind: max(HEIGHT * number / whole, FLAT) for kind, number in counts.items() if number
    }
    if not heights:
        return (Part("zero", HEIGHT - FLAT, FLAT),)
    first = next(iter(heights))
    heights[first] = max(heights[first] - max(sum(heights.values()) - HEIGHT, 0), 0)
    parts, edge = [], HEIGHT
    for kind, height in heights.items():
        edge -= height
        parts.append(Part(kind, round(edge, 2), round(height, 2)))
    return tuple(parts)
