"""What the population report tells: counts of people who have something in common.

Here belong the types. Where the counts come from is in counting.py, how they look in page.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class AgeGroup:
    """A group of ages: its name and its lowest age; the highest is below the next one's lowest."""

    name: str
    age_from: int


@dataclass(frozen=True)
class Zone:
    """A time zone: minutes east of Greenwich, its offset as written, its description."""

    minutes: int
    offset: str
    description: str


@dataclass(frozen=True)
class Changes:
    """What is other than before with the people of a day, and who of the day before is gone."""

    new: int = 0
    changed: int = 0
    returned: int = 0
    same: int = 0
    gone: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The people of one nationality and gender: how many, and how many of each value.

    `ages` and `tenures` are by full years, `years` by the year of registration, `zones` by minutes
    east of Greenwich. Medians come from these, since those of parts give none of the whole.
    """

    nationality: str
    gender: str
    people: int = 0
    ages: Mapping[int, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)
    tenures: Mapping[int, int] = field(default_factory=dict)
    zones: Mapping[int, int] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True)
class Day:
    """A day and its people."""

    day: date
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Population:
    """Everything that the page tells; `lacking` says what of the marts is not there, else empty.

    `everybody` is each person once, as known last, of an age as on the newest day. Of `days`, which
    come newest first, only so many are here as a page shows; `all_days` is how many there are.
    """

    made_at: datetime
    lacking: str
    age_groups: tuple[AgeGroup, ...]
    countries: Mapping[str, str]
    zones: tuple[Zone, ...]
    everybody: tuple[Cell, ...]
    days: tuple[Day, ...]
    all_days: int

    @property
    def people(self) -> int:
        """How many people there are, each counted once."""
        return sum(cell.people for cell in self.everybody)

    @property
    def by_age_group(self) -> dict[AgeGroup, int]:
        """How many people are in each age group."""
        return in_groups(self.age_groups, self.everybody)


def in_groups(groups: Iterable[AgeGroup], cells: Iterable[Cell]) -> dict[AgeGroup, int]:
    """Count people by the group that their age is in."""
    counted = dict.fromkeys(sorted(groups, key=lambda group: group.age_from), 0)
    ages: Counter[int] = Counter()
    for cell in cells:
        ages.update(cell.ages)
    for age, number in ages.items():
        group = max(
            (group for group in counted if group.age_from <= age),
            key=lambda group: group.age_from,
            default=None,
        )
        if group:
            counted[group] += number
    return counted
