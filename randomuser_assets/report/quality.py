"""What the quality page tells: the figures, and the verdict that follows from them.

Here belong the types. Where the figures come from is in reading.py, their words in words.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """How a table or a check is; the better ones come first."""

    OK = "ok"
    UNCHECKED = "not checked"
    WARNING = "warning"
    ERROR = "error"


def worst(states: Iterable[State]) -> State:
    """Give the worst of them; where nothing is, nothing was checked."""
    order = list(State)
    return max(states, key=order.index, default=State.UNCHECKED)


@dataclass(frozen=True, kw_only=True)
class Checks:
    """How many checks of a table are how, and when one of them was last asked."""

    passed: int = 0
    warned: int = 0
    failed: int = 0
    last_asked: datetime | None = None

    @property
    def all(self) -> int:
        """The number of checks."""
        return self.passed + self.warned + self.failed

    @property
    def state(self) -> State:
        """The worst that one of them found."""
        if self.failed:
            return State.ERROR
        if self.warned:
            return State.WARNING
        return State.OK if self.passed else State.UNCHECKED


@dataclass(frozen=True, kw_only=True)
class TableState:
    """A table: its newest day, the rows of each day shown, its checks.

    `lacking` says in words what of the stored table is not there; then there are no figures.
    """

    asset: str
    name: str
    checks: Checks
    rows: Mapping[date, int]
    newest: date | None
    lacking: str

    @property
    def newest_rows(self) -> int | None:
        """The rows of the newest day."""
        return self.rows.get(self.newest) if self.newest else None


@dataclass(frozen=True)
class DayOfChecks:
    """How the checks of one day are."""

    day: date
    passed: int
    warned: int
    failed: int

    @property
    def all(self) -> int:
        """The number of checks that looked at the day."""
        return self.passed + self.warned + self.failed


@dataclass(frozen=True)
class DayOfRecords:
    """How many of a day's records were rejected; how many came is not known of each day."""

    day: date
    rejected: int
    records: int | None


@dataclass(frozen=True)
class Reason:
    """A reason of rejection without the value that it is about."""

    words: str
    records: int
    last_day: date


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The last time that a check failed for a day, or for everything at once."""

    evaluated_at: datetime
    run_id: str
    asset: str
    check: str
    partition: str | None
    severity: State
    figures: str | None
    recovered_at: datetime | None


@dataclass(frozen=True)
class Drift:
    """A place in the record that had another shape than declared."""

    day: date
    kind: str
    path: str
    found: str
    records: int | None
    example: str


@dataclass(frozen=True)
class Failures:
    """The newest failures, and how many there are in all."""

    newest: tuple[Failure, ...] = ()
    all: int = 0
    still_open: int = 0


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Everything that the page tells; what is lacking of a table is said in words, else empty."""

    made_at: datetime
    days: tuple[date, ...]
    tables: tuple[TableState, ...]
    days_of_checks: tuple[DayOfChecks, ...]
    days_of_records: tuple[DayOfRecords, ...]
    reasons: tuple[Reason, ...]
    kinds_of_reasons: int
    failures: Failures
    drift: tuple[Drift, ...]
    places_of_drift: int
    lacks_results: str
    lacks_rejected: str
    lacks_drift: str

    @property
    def state(self) -> State:
        """The worst that is said of a table."""
        return worst(table.checks.state for table in self.tables)

    @property
    def checks(self) -> Checks:
        """All checks of all tables."""
        asked = [t.checks.last_asked for t in self.tables if t.checks.last_asked]
        return Checks(
            passed=sum(table.checks.passed for table in self.tables),
            warned=sum(table.checks.warned for table in self.tables),
            failed=sum(table.checks.failed for table in self.tables),
            last_asked=max(asked, default=None),
        )

    @property
    def open_errors(self) -> tuple[Failure, ...]:
        """Those of the newest failures that somebody should look at: of days that are shown."""
        return tuple(
            failure
            for failure in self.failures.newest
            if failure.severity is State.ERROR
            and not failure.recovered_at
            and (failure.partition is None or failure.partition >= f"{self.days[0]}")
        )

    @property
    def newest(self) -> date | None:
        """The newest day of any table."""
        return max((table.newest for table in self.tables if table.newest), default=None)

    @property
    def newest_records(self) -> int | None:
        """The records of the newest day: the first table holds all that came."""
        return self.tables[0].rows.get(self.newest) if self.tables and self.newest else None

    @property
    def newest_division(self) -> DayOfRecords | None:
        """What became of the records of the newest day, where that is known."""
        return next((day for day in self.days_of_records if day.day == self.newest), None)
