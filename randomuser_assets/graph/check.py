"""What a check is: a question about days, and what Dagster is told of the answer.

Here belongs what is the same for all checks. Which checks there are is said in checks.py, how they
run in check_ops.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import duckdb
from dagster import AssetCheckResult, AssetCheckSeverity, AssetCheckSpec
from sqlglot.expressions import Select

from randomuser_assets.model import Table
from randomuser_assets.model.quality import QUALITY
from randomuser_assets.query.days import Days
from randomuser_assets.query.dialects import WarehouseDuckDB

ERROR, WARN = AssetCheckSeverity.ERROR, AssetCheckSeverity.WARN

Figures = Mapping[str, int | float | str]
Day = str | None
"""A day, or null for what is not of a day: the columns of a table."""

Judge = Callable[[Figures], AssetCheckSeverity | None]
"""Says how bad figures are, or null when they are as they should be."""

_TOLD = ("days", "failing_days")
"""What is told of every result: the days it is about, and those that are bad."""

_MOST_TOLD = 5  # different texts of several days that are told


@dataclass(frozen=True)
class Found:
    """The figures by day; a day that is not named has none of them, all zero."""

    names: tuple[str, ...]
    by_day: Mapping[Day, Figures]


@dataclass(frozen=True)
class Stored:
    """What checks look at: the open warehouse, the days asked for, the columns of each table.

    `there` are the days asked for of which anything is stored.
    """

    connection: duckdb.DuckDBPyConnection
    days: Days
    there: tuple[str, ...]
    columns: Mapping[str, Mapping[str, str]]
    _known: dict[str, Found] = field(default_factory=dict, repr=False)

    def figures(self, query: Select) -> Found:
        """Run a query whose first column is the day; the same one is run once."""
        sql = query.sql(dialect=WarehouseDuckDB, copy=False)
        if sql not in self._known:
            cursor = self.connection.execute(sql)
            _, *names = [column[0] for column in cursor.description or ()]
            found = {
                None if day is None else str(day): dict(zip(names, figures, strict=True))
                for day, *figures in cursor.fetchall()
            }
            self._known[sql] = Found(tuple(names), found)
        return self._known[sql]


@dataclass(frozen=True)
class Reads:
    """The columns of a table that a check's query names."""

    table: Table
    columns: tuple[str, ...]

    def lacking(self, there: Stored) -> str | None:
        """Say what of it is not there, and what to do."""
        place = f"{self.table.schema}.{self.table.name}"
        stored = there.columns[self.table.name]
        if not stored:
            return f"{place} is not there: materialise it first."
        wrong = [
            f"{place}.{name} is {stored.get(name, 'not there')}"
            for name in self.columns
            if stored.get(name) != self.table[name].type.sql
        ]
        return f"{', '.join(wrong)}: see columns_are_as_declared." if wrong else None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check of one table. Its severity is the worst it can say; an ERROR stops what follows."""

    table: Table
    name: str
    holds: str
    advice: str
    find: Callable[[Stored], Found]
    reads: tuple[Reads, ...]
    severity: AssetCheckSeverity = ERROR
    judge: Judge | None = None

    @property
    def spec(self) -> AssetCheckSpec:
        """Give what Dagster shows of the check before it runs."""
        return AssetCheckSpec(
            name=self.name,
            asset=self.table.name,
            description=self.holds,
            blocking=self.severity is ERROR,
            additional_deps=sorted(
                {r.table.name for r in self.reads if r.table not in (self.table, *QUALITY)}
            ),
        )

    def ask(self, there: Stored) -> "Verdict":
        """Ask, and judge what was found."""
        lacking = [told for reads in self.reads if (told := reads.lacking(there))]
        found = Found((), {None: {"missing": lacking[0]}}) if lacking else self.find(there)
        by_day = dict(found.by_day)
        if there.days and there.there:
            of_each = by_day.pop(None, dict.fromkeys(found.names, 0))
            by_day = {**dict.fromkeys(there.there, of_each), **by_day}
        judge = self._any_figure if lacking or self.judge is None else self.judge
        judged = ((day, judge(figures)) for day, figures in by_day.items())
        bad = {day: severity for day, severity in judged if severity is not None}
        return Verdict(self, there.days, by_day, bad, found.names)

    def _any_figure(self, figures: Figures) -> AssetCheckSeverity | None:
        return self.severity if any(figures.values()) else None


@dataclass(frozen=True)
class Verdict:
    """What a check said: the figures of each day, and how bad those are that are bad."""

    check: Check
    days: Days
    by_day: Mapping[Day, Figures]
    bad: Mapping[Day, AssetCheckSeverity]
    names: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Say whether nothing is bad."""
        return not self.bad

    @property
    def severity(self) -> AssetCheckSeverity:
        """Give how bad the worst day is."""
        return ERROR if ERROR in self.bad.values() else WARN if self.bad else self.check.severity

    def result(self) -> AssetCheckResult:
        """Give what Dagster keeps of it."""
        told = {day: figures for day, figures in self.by_day.items() if day in self.bad}
        figures = _total(self.by_day, self.names)
        return AssetCheckResult(
            passed=self.passed,
            asset_key=self.check.table.name,
            check_name=self.check.name,
            severity=self.severity,
            description=self._told(_total(told, self.names)),
            metadata={
                _TOLD[0]: " to ".join(sorted(set(self.days))) if self.days else "all",
                _TOLD[1]: ", ".join(sorted(day or "all" for day in self.bad)),
                **{
                    # A key that appeared may be called like what is told above.
                    f"{name} " if name in _TOLD else name: "none" if figure == "" else figure
                    for name, figure in figures.items()
                },
            },
        )

    def _told(self, bad: Figures) -> str:
        if self.passed:
            return "Nothing wrong was found."
        figures = ", ".join(f"{name} {figure}" for name, figure in bad.items() if figure)
        return f"{figures}. {self.check.advice}"

    def rows(self) -> list[tuple[str | None, str, bool, Figures]]:
        """Give partition, severity, passed and figures, as the log of the checks keeps them.

        What was asked about everything at once has a row of its own, and each bad day another.
        """
        kept = self.by_day if self.days else {day: self.by_day[day] for day in self.bad if day}
        found = [
            (day, (self.bad.get(day) or self.check.severity).value, day not in self.bad, figures)
            for day, figures in sorted(kept.items(), key=lambda item: item[0] or "")
        ]
        if self.days is None or not found:
            everything = _total(self.by_day, self.names)
            found.insert(0, (None, self.severity.value, self.passed, everything))
        return found


def _total(by_day: Mapping[Day, Figures], names: tuple[str, ...]) -> Figures:
    """Add up numbers of several days, and put texts beside each other."""
    every = list(by_day.values())
    total: dict[str, int | float | str] = dict.fromkeys(names, 0)
    for name in dict.fromkeys(name for figures in every for name in figures):
        values = [figures[name] for figures in every if name in figures]
        if any(isinstance(value, str) for value in values):
            different = list(dict.fromkeys(str(value) for value in values))
            more = ["…"] if len(different) > _MOST_TOLD else []
            total[name] = "; ".join([*different[:_MOST_TOLD], *more])
        else:
            total[name] = sum(value for value in values if not isinstance(value, str))
    return total
