r"""What a value must be beyond having its type: the rules that a column may declare.

Here belong the rules and the words for them; the SQL of each is in query/rules.py. Patterns are
full matches that end in `\z`, as those of the types.
"""

import re
from dataclasses import dataclass
from functools import cached_property

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
    """The text has this form."""

    pattern: str
    meaning: str

    @cached_property
    def can_be_read(self) -> bool:
        r"""Say whether it is a full match; Python writes the engines' `\z` as `\Z`."""
        try:
            re.compile(self.pattern.replace(r"\z", r"\Z"))
        except re.error:
            return False
        return self.pattern.startswith("^") and self.pattern.endswith(r"\z")


@dataclass(frozen=True)
class NotBefore:
    """The instant is not before that of another leaf, named by its column in flattened_users."""

    column: str


@dataclass(frozen=True)
class NotInTheFuture:
    """The instant is of no later day than the one on which the record was fetched."""


Rule = OneOf | Between | Matches | NotBefore | NotInTheFuture
