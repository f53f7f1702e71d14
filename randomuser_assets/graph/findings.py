"""How checks find their figures, where that is more than one query.

What can be told equal from two fingerprints, at the cost of a scan, is not compared row by row.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from dagster import AssetCheckSeverity
from sqlglot import exp
from sqlglot.expressions import Select

from randomuser_assets.graph.check import ERROR, WARN, Day, Figures, Found, Stored
from randomuser_assets.model import Column, Copied, Model, Table
from randomuser_assets.model.quality import SHAPE_DRIFT
from randomuser_assets.numbered import numbered
from randomuser_assets.query import audit, compare
from randomuser_assets.query.days import LOOKBACK, rows, with_days_before
from randomuser_assets.source.shape import RENAMED, VANISHED


@dataclass(frozen=True)
class End:
    """One end of a reference: a column of a table."""

    table: Table
    column: Column


FEWEST_DAYS = 3
"""Days before, below which nothing is known of what is usual."""

_CLEAN = re.compile(r"[A-Za-z0-9_]+")
_MORE = "(more)"  # no path can be called so
_LISTED = 20  # paths of drift that a result lists


def unmet(there: Stored, *, here: End, other: End, asked: End) -> Found:
    """Find the values of the asked end of a reference that the other end lacks."""
    mine, theirs = (compare.values(end.table, end.column, there.days) for end in (here, other))
    side = compare.HERE if asked is here else compare.THERE
    names = {name: f"{side}_{name}" for name in ("unmet_values", "rows_affected")}
    if here.table.rows_with:  # only one end is asked
        return _named(there.figures(compare.unmet_here(mine, theirs)), names)
    return _unmet(there, mine, theirs, names, alike=here.column.name in here.table.key)


def lost(there: Stored, *, table: Table, model: Model) -> Found:
    """Compare the keys of a core table with those that flattened_users has."""
    key = table[table.own_key[0]]
    return _unmet(
        there,
        compare.expected(table, model, there.days),
        compare.values(table, key, there.days),
        {"lost": f"{compare.HERE}_unmet_values", "from_nowhere": f"{compare.THERE}_unmet_values"},
        alike=isinstance(key.origin, Copied) and model.flattened[key.origin.column].unique,
    )


def _unmet(
    there: Stored, here: Select, other: Select, names: Mapping[str, str], *, alike: bool
) -> Found:
    """Give the figures of these names, under their own, of what one side has and the other not.

    Sides that should have the same values as often are `alike`, and told so by a fingerprint.
    """
    if alike and _print(there, here) == _print(there, other):
        return Found(tuple(names), {})
    return _named(there.figures(compare.unmet(here, other)), names)


def _named(found: Found, names: Mapping[str, str]) -> Found:
    """Give figures under other names, of the days that have any."""
    named = (
        (day, {name: figures[full] for name, full in names.items()})
        for day, figures in found.by_day.items()
    )
    return Found(tuple(names), {day: figures for day, figures in named if any(figures.values())})


def _print(there: Stored, values: Select) -> Counter[tuple[Day, str]]:
    """Give what two sets of values have in common when they are equal, at the cost of a scan."""
    prints = there.figures(compare.fingerprint(values)).by_day
    return Counter({(day, name): n for day, row in prints.items() for name, n in row.items()})


def unbalanced(there: Stored, *, model: Model) -> Found:
    """Find the records that are not in exactly one half."""
    parts = (model.flattened, model.rejected)
    whole, *halves = (_print(there, compare.places(t, there.days)) for t in (model.raw, *parts))
    if whole == sum(halves, Counter()):
        return Found(compare.UNBALANCED, {})
    return there.figures(compare.unbalanced(model.raw, parts, there.days))


def changes(there: Stored, *, table: Table) -> Found:
    """Find lasting values that changed, if there is another day to compare with."""
    compared = rows(table, with_days_before(there.days))
    nothing_before = len(there.figures(audit.present(compared)).by_day) < 2
    names = tuple(column.name for column in table.lasting)
    if nothing_before:
        return Found(names, {})
    return there.figures(audit.changed(compared, table, there.days))


def volumes(there: Stored, table: Table) -> Found:
    """Count the records of each day, and say what is usual: nothing while too little is known."""
    counts = there.figures(audit.counted(rows(table, with_days_before(there.days)))).by_day
    known = sorted((day, int(figures["records"])) for day, figures in counts.items() if day)
    found: dict[Day, Figures] = {}
    for at, (day, records) in enumerate(known):
        before = [number for _, number in known[max(0, at - LOOKBACK) : at]]
        usual = median(before) if len(before) >= FEWEST_DAYS else 0
        if there.days is None or there.days[0] <= day:
            found[day] = {"records": records, "usual": usual}
    return Found(("records", "usual"), found)


def drift(there: Stored, *, kind: str) -> Found:
    """Give what was found of a kind, path by path."""
    _, of_kind, path_, _, records_, _ = SHAPE_DRIFT.column_names
    query = rows(SHAPE_DRIFT, there.days).where(exp.column(of_kind).eq(kind))
    query = query.order_by(exp.column(records_).desc(), path_)
    found: dict[Day, dict[str, int | float | str]] = {}
    for row in there.connection.execute(query.sql("duckdb")).fetchall():
        day, _, path, other, records, example = row
        listed = found.setdefault(str(day), {})
        if path in listed or len(listed) < _LISTED:
            how = {VANISHED: "missing", RENAMED: f"named {other}"}.get(kind, other)
            shown = f" ({example})" if example else ""
            before = f"{listed[path]}; " if path in listed else ""
            listed[path] = f"{before}{how} in {numbered(records, 'record', 'records')}{shown}"
        else:
            listed[_MORE] = int(listed.get(_MORE, 0)) + 1
    return Found((), found)


def unclean_names(there: Stored, *, table: Table) -> Found:
    """Find column names with other characters than the allowed ones."""
    stored = there.columns[table.name]
    return _of_no_day("names", ", ".join(n for n in stored if not _CLEAN.fullmatch(n)))


def unlike_declared(there: Stored, *, table: Table) -> Found:
    """Find what of the stored columns differs from the declared ones."""
    stored = there.columns[table.name]
    declared = {column.name: column.type.sql for column in table.columns}
    differences = (
        f"{name} is {stored.get(name, 'not there')}, declared {declared.get(name, 'nowhere')}"
        for name in {**declared, **stored}
        if stored.get(name) != declared.get(name)
    )
    return _of_no_day("differences", "; ".join(differences))


def _of_no_day(name: str, told: str) -> Found:
    return Found((name,), {None: {name: told}})


def judged_share(
    part: str, warn: float, error: float, figures: Figures
) -> AssetCheckSeverity | None:
    """Say how bad it is that so many records are in a part."""
    records, rejected = float(figures["records"]), float(figures[part])
    share = rejected / records if records else 0.0
    if rejected and share >= error:
        return ERROR
    return WARN if share > warn else None


def judged_volume(tolerated: float, figures: Figures) -> AssetCheckSeverity | None:
    """Say how bad it is that a day has more or fewer records than usual."""
    records, usual = float(figures["records"]), float(figures["usual"])
    return WARN if usual and abs(records - usual) > tolerated * usual else None
