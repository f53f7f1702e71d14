"""What a value must be beyond having its type: the rules that a column may declare.

Here belong the rules, the words for them and what they can be asked of; the SQL of each is in
query/values.py.
"""

import re
from dataclasses import dataclass

from randomuser_assets.model.types import DEGREES, INSTANT, INTEGER, TEXT, ColumnType

_FEW = 5  # allowed values that a sentence names one by one


@dataclass(frozen=True)
class OneOf:
    """The value is one of these texts."""

    values: tuple[str, ...]

    @property
    def meaning(self) -> str:
        """Complete the sentence "… is not …"."""
        if len(self.values) > _FEW:
            return f"one of the {len(self.values)} known: {' '.join(self.values)}"
        return " or ".join(self.values)


@dataclass(frozen=True)
class Between:
    """The number lies between these two, both included."""

    low: int
    high: int

    @property
    def meaning(self) -> str:
        """Complete the sentence "… is not …"."""
        return f"between {self.low} and {self.high}"


@dataclass(frozen=True)
class Matches:
    """The whole text has this form; the pattern is written without its ends."""

    form: str
    meaning: str

    @property
    def pattern(self) -> str:
        """The full match."""
        return rf"^(?:{self.form})\z"


@dataclass(frozen=True)
class NotBefore:
    """The instant is not before that of another leaf, named by its column in flattened_users."""

    column: str


@dataclass(frozen=True)
class NotInTheFuture:
    """The instant is of no later day than the one on which the record was fetched."""


Rule = OneOf | Between | Matches | NotBefore | NotInTheFuture


def fault(rule: Rule, type_: ColumnType) -> str | None:
    """Say why a rule can never hold, or cannot be asked of a column of this type."""
    of_types = {
        OneOf: (TEXT,),
        Matches: (TEXT,),
        Between: (INTEGER, DEGREES),
        NotBefore: (INSTANT,),
        NotInTheFuture: (INSTANT,),
    }[type(rule)]
    if type_ not in of_types:
        return f"{type(rule).__name__} is for {' and '.join(t.sql for t in of_types)}"
    match rule:
        case OneOf(()):
            return "no value is allowed"
        case Between(low, high) if low > high:
            return f"nothing lies between {low} and {high}"
        case Matches(form):
            return _unreadable(form)
        case _:
            return None


def _unreadable(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"the pattern cannot be read: {error}"
    return None
