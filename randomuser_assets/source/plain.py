"""Records that are written just as this project writes JSON, as nearly all are that the API sends.

Read into the declared structure and written again, such a record is the same text. So it has each
declared name once and nothing else, no blanks, and no number that would be written otherwise; and
what is stored of it is written from what was read, which takes half of the time that it takes to
cut it apart. Several are read and written by one call, which takes half of that again. Any other
record is not for here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Raw
from msgspec.structs import astuple

from randomuser_assets.source.shape import Shape, place, structure

_write = msgspec.json.Encoder().encode
_write_lines = msgspec.json.Encoder().encode_lines


@dataclass(frozen=True)
class _Guarded:
    """A guarded object: where it stands, and what is stored of it in which structure."""

    member: str
    kept: tuple[tuple[int, bool], ...]
    """The places of the values that are stored, and whether they are hashed."""
    stored: type[msgspec.Struct]


class PlainRecords:
    """Writes what is stored of them; `stored_as` names the members kept of each guarded object.

    A member that is hashed has another name there.
    """

    def __init__(
        self,
        shape: Shape,
        stored_as: Mapping[str, Mapping[str, str]],
        hashed: Callable[[bytes], str],
    ) -> None:
        self._hash = hashed
        self._read_lines = msgspec.json.Decoder(shape.structure).decode_lines
        self._guarded = [_guarded(shape, name, names) for name, names in stored_as.items()]

    def stored(self, person: msgspec.Struct, record: bytes | Raw) -> bytes | None:
        """Give what is stored of a record that was read as this person; nothing of any other."""
        if _write(person) != bytes(record):
            return None
        self._protect([person])
        return _write(person)

    def stored_together(self, records: Sequence[bytes | Raw]) -> list[bytes] | None:
        """Give what is stored of each of these records; nothing if any of them is another."""
        lines = b"\n".join([*records, b""])
        try:
            people = self._read_lines(lines)
        except (msgspec.MsgspecError, RecursionError):
            return None
        # Where a comma is missing, one text holds two people.
        if len(people) != len(records) or _write_lines(people) != lines:
            return None
        self._protect(people)
        return _write_lines(people).splitlines()  # no record has an end of a line within

    def _protect(self, people: Sequence[msgspec.Struct]) -> None:
        """Put what is stored of each guarded object in its place: a member of all, then the next.

        One by one, each step for one person would take longer than what is done in it.
        """
        for guarded in self._guarded:
            objects = map(attrgetter(guarded.member), people)
            members = list(zip(*map(astuple, objects), strict=True))
            kept = [
                map(self._hashed, members[n]) if hashed else members[n]
                for n, hashed in guarded.kept
            ]
            stored = map(guarded.stored, *kept) if kept else [guarded.stored()] * len(people)
            for person, each in zip(people, stored, strict=True):
                setattr(person, guarded.member, each)

    def _hashed(self, value: Any) -> str | None:
        if value is None:
            return None
        return self._hash(value.encode() if isinstance(value, str) else _write(value))


def _guarded(shape: Shape, name: str, stored_as: Mapping[str, str]) -> _Guarded:
    names = shape.names(name)
    kept = tuple((n, stored_as[each] != each) for n, each in enumerate(names) if each in stored_as)
    stored = structure({stored_as[each]: Any for each in names if each in stored_as})
    return _Guarded(place(shape.names().index(name)), kept, stored)
