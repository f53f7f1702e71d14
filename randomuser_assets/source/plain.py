"""Records of the declared shape, as nearly all are that the API sends: several by one call.

Written as this project writes JSON, one is the same text once it was read into the declared
structure and written again. So it has each declared name once and nothing else, no blanks, and no
number that would be written otherwise; and what is stored of it is written from what was read.

One that is written otherwise, with an escaped é or with blanks, say, is cut into its members
besides, which are stored as they came. That takes half as long again or more, and still less than
to take apart a record of which nothing is known, which is left for all others.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Raw
from msgspec.structs import astuple

from randomuser_assets.source.shape import Shape, place, structure

_write = msgspec.json.Encoder().encode
_write_lines = msgspec.json.Encoder().encode_lines
_BLANKS = b" \t\n\r"
_WITHIN_A_LINE = b" \t\r"
_LOOKED_AT = 100  # bytes: who writes blanks writes one after the first few names


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
        hashes: Callable[[Sequence[bytes]], Sequence[str]],
    ) -> None:
        self._hashes = hashes
        self._read_lines = msgspec.json.Decoder(shape.structure).decode_lines
        self._cut_lines = msgspec.json.Decoder(_members(shape, stored_as)).decode_lines
        self._names = shape.count
        self._guarded = [_guarded(shape, name, names) for name, names in stored_as.items()]

    def stored_together(self, records: Sequence[bytes | Raw]) -> Sequence[bytes | None] | None:
        """Give what is stored of each of these records, and nothing of one that is not for here.

        Nothing at all if any of them is of another shape.
        """
        lines = b"\n".join([*records, b""])
        try:
            people = self._read_lines(lines)
        except (msgspec.MsgspecError, RecursionError):
            return None
        # Where a comma is missing, one text holds two people.
        if len(people) != len(records):
            return None
        spread = b'": ' in lines[:_LOOKED_AT]
        if spread or _write_lines(people) != lines:
            return self._as_they_came(records, lines, people)
        self._protect(people, people)
        return _lines(_write_lines(people))

    def _as_they_came(
        self, records: Sequence[bytes | Raw], lines: bytes, people: Sequence[msgspec.Struct]
    ) -> Sequence[bytes | None]:
        """Give what is stored of each of these people, all but what is protected as it came."""
        cut = self._cut_lines(lines)
        written = _write_lines(cut)
        self._protect(people, cut)
        stored = _lines(_write_lines(cut))
        each_is_a_line = lines.count(b"\n") == len(records)
        if each_is_a_line and self._are_as_written(lines, written, len(records), _WITHIN_A_LINE):
            return stored
        texts, again = [bytes(record) for record in records], _lines(written)
        # As many people as texts need not be one in each: a text may hold two, another none.
        if not all(map(_is_closed, texts)) or not len(again) == len(stored) == len(records):
            return [None] * len(records)
        return [
            kept if self._are_as_written(text, same, 1, _BLANKS) else None
            for kept, text, same in zip(stored, texts, again, strict=True)
        ]

    def _are_as_written(self, came: bytes, written: bytes, records: int, blanks: bytes) -> bool:
        """Say whether records of the declared shape have each name once, and members in its order.

        Blanks left out, they are the same text as they are written again, member by member. Names
        are counted, those within members, too: none is missing, so one too many is there twice.
        """
        closed = came.translate(None, blanks)
        # Without blanks they are the same at once.
        is_same = came == written or closed == written.translate(None, blanks)
        return is_same and closed.count(b'":') == self._names * records

    def _protect(self, people: Sequence[msgspec.Struct], cut: Sequence[msgspec.Struct]) -> None:
        """Put what is stored of each guarded object in its place: a member of all, then the next.

        One by one, each step for one person would take longer than what is done in it.
        """
        for guarded in self._guarded:
            read = _by_member(people, guarded.member)
            came = read if cut is people else _by_member(cut, guarded.member)
            kept = [
                self._hashed(read[n], came[n]) if hashed else came[n] for n, hashed in guarded.kept
            ]
            stored = map(guarded.stored, *kept) if kept else [guarded.stored()] * len(people)
            for person, each in zip(cut, stored, strict=True):
                setattr(person, guarded.member, each)

    def _hashed(self, values: Sequence[Any], came: Sequence[Any]) -> list[str | None]:
        """Give the hash of each value that there is."""
        texts = [
            value.encode() if isinstance(value, str) else _write(written)
            for value, written in zip(values, came, strict=True)
            if value is not None
        ]
        hashes = iter(self._hashes(texts))
        return [None if value is None else next(hashes) for value in values]


def _lines(written: bytes) -> list[bytes]:
    """Give the lines of a text in which each has an end, and nothing but a line feed is one.

    So no carriage return within a record ends it; and to split would take twice as long.
    """
    return [line[:-1] for line in BytesIO(written)]


def _is_closed(text: bytes) -> bool:
    """Say whether a text begins and ends as an object.

    Where all do, each holds one at least: within an object no { comes next after a }, and no text
    value goes on in the next line.
    """
    stripped = text.strip(_BLANKS)
    return stripped.startswith(b"{") and stripped.endswith(b"}")


def _by_member(people: Sequence[msgspec.Struct], guarded: str) -> list[tuple[Any, ...]]:
    """Give the first member of a guarded object of all people, then the second."""
    return list(zip(*map(astuple, map(attrgetter(guarded), people)), strict=True))


def _members(shape: Shape, guarded: Collection[str]) -> type[msgspec.Struct]:
    """Give the structure that cuts a record into its members, and guarded objects into theirs."""
    return structure(
        {
            name: structure(dict.fromkeys(shape.names(name), Raw)) if name in guarded else Raw
            for name in shape.names()
        }
    )


def _guarded(shape: Shape, name: str, stored_as: Mapping[str, str]) -> _Guarded:
    names = shape.names(name)
    kept = tuple((n, stored_as[each] != each) for n, each in enumerate(names) if each in stored_as)
    stored = structure({stored_as[each]: Any for each in names if each in stored_as})
    return _Guarded(place(shape.names().index(name)), kept, stored)
