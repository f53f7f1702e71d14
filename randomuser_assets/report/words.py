"""The words of the quality page: sentences, counts, shares and instants as people write them."""

import json
from collections.abc import Iterable
from datetime import datetime

from randomuser_assets.numbered import numbered
from randomuser_assets.report.quality import DayOfChecks, DayOfRecords, Quality, State

NOTHING = "\N{EN DASH}"

_FEW = 4  # figures of which also those that are zero are told
_MOST_FIGURES = 8
_LONGEST_FIGURE, _LONGEST = 120, 400


def verdict(quality: Quality) -> str:
    """Say in a sentence how everything is."""
    checks = quality.checks
    unchecked = sum(table.checks.state is State.UNCHECKED for table in quality.tables)
    if not checks.all:
        return "Nothing has been checked yet."
    found = [(checks.failed, "fails", "fail"), (checks.warned, "warns", "warn")]
    wrong = [(number, one if number == 1 else many) for number, one, many in found if number]
    if wrong:
        of = [f" of {numbered(checks.all, 'check', 'checks')}", ""]
        said = ", ".join(f"{n:,}{of[at]} {verb}" for at, (n, verb) in enumerate(wrong)) + "."
    elif checks.all == 1:
        said = "The one check passes."
    else:
        said = f"All {checks.all:,} checks pass."
    if not unchecked:
        return said
    return f"{said} {numbered(unchecked, 'table has', 'tables have')} not been checked."


def share(part: int, whole: int | None) -> str:
    """Write a share so that only nothing is 0% and only everything is 100%."""
    if not whole or part > whole:
        return NOTHING
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "<0.1%"
    if 99.9 < percent < 100:
        return ">99.9%"
    return f"{percent:.1f}".removesuffix(".0") + "%"


def instant(moment: datetime) -> str:
    """Write a moment to the minute; all of them are UTC."""
    return f"{moment:%Y-%m-%d %H:%M}"


def told_checks(day: DayOfChecks) -> str:
    """Say how the checks of a day are."""
    said = f"{day.day}: {day.passed:,} of {day.all:,} checks pass ({share(day.passed, day.all)})"
    if day.warned:
        said += f", {numbered(day.warned, 'warns', 'warn')}"
    if day.failed:
        said += f", {numbered(day.failed, 'fails', 'fail')}"
    return said


def told_records(day: DayOfRecords) -> str:
    """Say how many of a day's records were rejected."""
    if day.records is None:
        return f"{day.day}: {numbered(day.rejected, 'record', 'records')} rejected"
    known = f" ({share(day.rejected, day.records)})" if day.records else ""
    return f"{day.day}: {day.rejected:,} of {day.records:,} records rejected{known}"


def number(value: int | None) -> str:
    """Write a number, or a dash where there is none."""
    return NOTHING if value is None else f"{value:,}"


def told_figures(text: str | None) -> str:
    """Write the figures of a check, given as JSON, in words."""
    if text is None:
        return "not told, or too much to show"
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return "cannot be read: expected a JSON object"
    told = {str(name): value for name, value in found.items()}
    wrong = {name: value for name, value in told.items() if value not in (0, "", "none", None)}
    # A few figures say more together; of many, those that are zero are what is right.
    shown = wrong if wrong and len(told) > _FEW else told
    parts = [f"{_named(name, value)} {_value(value)}" for name, value in shown.items()]
    left = len(parts) - _MOST_FIGURES
    if left > 0:
        parts = [*parts[:_MOST_FIGURES], f"and {left} more"]
    return _cut(", ".join(parts), _LONGEST) or "none"


def _named(name: str, value: object) -> str:
    """Write what is counted as words, and the path of a key as it is."""
    return name if isinstance(value, str) else name.replace("_", " ")


def _value(value: object) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < 10**15 else f"{value:.3e}"
    if isinstance(value, float):
        return f"{value:,.4g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _cut(text, _LONGEST_FIGURE)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def summary(quality: Quality) -> str:
    """Give the page in a few lines of Markdown: the verdict, and what is open."""
    lines = [f"**{verdict(quality)}**"]
    still_open = [failure for failure in quality.failures.newest if not failure.recovered_at]
    lines += [
        f"- {failure.severity}: {_literal(f'{failure.asset}: {failure.check}')}"
        f" ({_literal(failure.partition or 'all days')})"
        for failure in still_open[:10]
    ]
    more = quality.failures.still_open - len(still_open[:10])
    if more > 0:
        lines.append(f"- and {more:,} more")
    return "\n".join([lines[0], "", *lines[1:]]) if lines[1:] else lines[0]


def _literal(text: str) -> str:
    """Write text that Markdown shows as it is."""
    return f"`{' '.join(text.replace('`', ' ').split())}`"


def range_of(days: Iterable[object]) -> str:
    """Name the first and the last of some days."""
    every = list(days)
    return f"{every[0]} to {every[-1]}"
