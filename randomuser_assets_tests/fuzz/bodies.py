"""Answers of a server that are wrong in every way that one can draw.

A body is people of the built-in sample, each of them as it is, or changed: a member changed,
renamed, dropped, doubled or wrapped, some bytes changed, or something else in its place. Around
them is a page, as it should be or not. What is known of a body for sure is kept with it.
"""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Union

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from randomuser_assets.source.page import PageRequest
from randomuser_assets.source.sample.people import people
from randomuser_assets_tests.fuzz.hostile import BYTES, HUGE, NAMES, ODD, STRICT, TEXTS, UNCLOSED
from randomuser_assets_tests.fuzz.secrets import DOCUMENT, SECRETS

Node = Union[str, "Members"]
Members = list[tuple[str, Node]]
"""JSON as it is written, or an object: its members in order, the names as they are written."""

SEED = "day"
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|["\[\]{},]', re.DOTALL)


@dataclass(frozen=True)
class Record:
    """One record as it is sent, and whether nothing in it was changed."""

    text: bytes
    intact: bool = False

    @cached_property
    def ends_where_it_ends(self) -> bool:
        """Say whether its brackets and texts close, and it is one value and not two or none."""
        depth = 0
        for found in _MARKS.finditer(self.text):
            mark = found.group()
            if mark == b'"':
                return False
            if mark in b"[{":
                depth += 1
            elif mark in b"]}":
                depth -= 1
            if depth < 0 or (mark == b"," and not depth):
                return False
        return bool(self.text.strip()) and not depth


@dataclass(frozen=True)
class Body:
    """What a server sends, and which records are in it, if that is certain."""

    text: bytes
    results: int
    records: tuple[Record, ...] | None

    @property
    def request(self) -> PageRequest:
        """What was asked for."""
        return PageRequest(SEED, 1, self.results)

    @cached_property
    def is_certain(self) -> bool:
        """Say whether a lenient reader must find just these records."""
        if self.records is None or not all(r.ends_where_it_ends for r in self.records):
            return False
        try:
            self.text.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return False
        return True

    def to_file(self) -> bytes:
        """Write it so that it can be sent again."""
        records = None
        if self.records is not None:
            records = [
                {"intact": r.intact, "base64": base64.b64encode(r.text).decode()}
                for r in self.records
            ]
        header = json.dumps({"results": self.results, "records": records})
        return header.encode() + b"\n" + self.text

    @classmethod
    def from_file(cls, content: bytes) -> "Body":
        """Read what `to_file` wrote."""
        header, _, text = content.partition(b"\n")
        known = json.loads(header)
        records = known["records"]
        if records is not None:
            records = tuple(Record(base64.b64decode(r["base64"]), r["intact"]) for r in records)
        return cls(text, known["results"], records)


def page(records: list[bytes], *, between: bytes = b",", after: bytes = b"") -> bytes:
    """Write a page of these records as the API does."""
    info = {"seed": SEED, "results": len(records), "page": 1, "version": "1.4"}
    written = json.dumps(info).encode()
    return b'{"results":[%b],"info":%b%b}' % (between.join(records), written, after)


def _planted(person: str) -> Node:
    record = json.loads(person)
    record["login"] |= {name: secret for name, secret in SECRETS.items() if name != "value"}
    record["id"]["value"] = DOCUMENT
    return _node(record)


def _node(value: object) -> Node:
    if isinstance(value, dict):
        return [(json.dumps(name)[1:-1], _node(inner)) for name, inner in value.items()]
    return json.dumps(value, ensure_ascii=False)


PEOPLE = [_planted(person) for person in people("fuzz", 1, 12, datetime(2026, 1, 1, tzinfo=UTC))]


def written(node: Node, gap: str = "") -> str:
    """Write a record."""
    if isinstance(node, str):
        return node
    members = (f'"{name}":{gap}{written(inner, gap)}' for name, inner in node)
    return "{" + f",{gap}".join(members) + "}"


def encoded(text: str) -> bytes:
    """Write a text in UTF-8, halves of surrogate pairs as some programs do."""
    return text.encode("utf-8", "surrogatepass")


# What stands in the place of a value

_short_texts = st.text(max_size=6).map(json.dumps) | st.sampled_from(TEXTS).map(json.dumps)
_leaves = (
    st.sampled_from(STRICT)
    | st.sampled_from(ODD)
    | _short_texts
    | st.text(max_size=4).map(lambda text: f'"{text}"'.replace("\\", ""))
    | st.integers().map(str)
    | st.floats().map(json.dumps)
    | st.sampled_from([json.dumps(secret) for secret in SECRETS.values()])
)
# Not on the first or the last of the numbers: those are drawn more often.
_rarely_huge = st.integers(0, 400).flatmap(lambda n: st.sampled_from(HUGE) if n == 77 else _leaves)
_names = st.sampled_from(NAMES) | st.text("abAB_.é ", max_size=5)


@st.composite
def _values(draw: DrawFn) -> str:
    value: str = draw(_rarely_huge)
    for around in draw(st.lists(st.sampled_from("[{d"), max_size=2)):
        match around:
            case "[":
                value = f"[{value}]"
            case "{":
                value = f'{{"{draw(_names)}":{value}}}'
            case _:
                depth = draw(st.sampled_from([5, 60, 250, 480, 520, 900, 1100, 3000]))
                value = "[" * depth + value + "]" * depth
    return value


# What is changed in a person

_CHANGES = ["value", "value", "rename", "extra", "wrap", "double", "swap", "move", "drop"]


def _objects(node: Node) -> list[Members]:
    found: list[Members] = []
    if isinstance(node, list):
        found.append(node)
        for _, inner in node:
            found += _objects(inner)
    return found


def _copied(node: Node) -> Node:
    return node if isinstance(node, str) else [(name, _copied(inner)) for name, inner in node]


@st.composite
def _changed(draw: DrawFn) -> bytes:
    """Change some members of a person."""
    person = _copied(draw(st.sampled_from(PEOPLE)))
    for _ in range(draw(st.integers(1, 4))):
        objects = _objects(person)
        if full := [members for members in objects if members]:
            _change(draw, draw(st.sampled_from(full)), draw(st.sampled_from(objects)))
    return encoded(written(person, draw(st.sampled_from(["", " ", "\n\t", "  "]))))


def _change(draw: DrawFn, members: Members, elsewhere: Members) -> None:
    at = draw(st.integers(0, len(members) - 1))
    name, value = members[at]
    change = draw(st.sampled_from(_CHANGES))
    if change == "value":
        members[at] = (name, draw(_values()))
    elif change == "rename":
        members[at] = (draw(_names), value)
    elif change == "extra":
        members.insert(at, (draw(_names), draw(_values())))
    elif change == "wrap":
        opening, closing = draw(st.sampled_from([("[", "]"), ('{"a":', "}"), ("[1,", "]")]))
        members[at] = (name, f"{opening}{written(value)}{closing}")
    elif change == "double":
        other = draw(_values()) if draw(st.booleans()) else _copied(value)
        members.insert(draw(st.integers(0, len(members))), (name, other))
    elif change == "swap":
        there = draw(st.integers(0, len(members) - 1))
        members[at], members[there] = (name, members[there][1]), (members[there][0], value)
    else:
        del members[at]
        if change == "move":
            elsewhere.append((name, value))


@st.composite
def _damaged(draw: DrawFn, text: bytes) -> bytes:
    """Change some bytes."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        length = draw(st.integers(1, 3) | st.integers(1, 300))
        match draw(st.sampled_from(["flip", "flip", "set", "delete", "cut", "double", "insert"])):
            case "flip":
                bit = 1 << draw(st.integers(0, 7))
                text = text[:at] + bytes(sign ^ bit for sign in text[at : at + 1]) + text[at + 1 :]
            case "set":
                text = text[:at] + draw(st.sampled_from(BYTES)) + text[at + 1 :]
            case "delete":
                text = text[:at] + text[at + length :]
            case "cut":
                text = text[:at]
            case "double":
                there = draw(st.integers(0, len(text)))
                text = text[:there] + text[at : at + length] + text[there:]
            case "insert":
                text = text[:at] + draw(st.sampled_from(BYTES)) + text[at:]
    return text


INTACT = [Record(encoded(written(person)), intact=True) for person in PEOPLE]
_intact = st.sampled_from(INTACT)
_others = (
    _intact.flatmap(lambda record: _damaged(record.text))
    | _changed().flatmap(_damaged)
    | _values().map(encoded)
    | _values().map(encoded)
    | st.sampled_from(UNCLOSED).map(encoded)
)
_records = st.integers(0, 99).flatmap(
    lambda n: _intact if n < 20 else _changed().map(Record) if n < 88 else _others.map(Record)
)

_BETWEEN = [b",", b",", b" , ", b",\n", b",\t\r\n"]
_AFTER = [b"", b"", b',"served_by":"x"', b',"took":NaN', b',"\\ud800":["a\tb"]', b',"results2":[]']


@st.composite
def _pages(draw: DrawFn) -> Body:
    """Write a page of records of which some are as they should be."""
    records = tuple(draw(st.lists(_records, min_size=1, max_size=4)))
    between, after = draw(st.sampled_from(_BETWEEN)), draw(st.sampled_from(_AFTER))
    text = page([record.text for record in records], between=between, after=after)
    text = draw(st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf", b"\n "])) + text
    return Body(text, len(records), records)


@st.composite
def _damaged_pages(draw: DrawFn) -> Body:
    body = draw(_pages())
    return Body(draw(_damaged(body.text)), body.results, None)


_no_pages = (st.binary(max_size=60) | _values().map(encoded) | st.sampled_from(BYTES)).map(
    lambda text: Body(text, 1, None)
)
bodies: SearchStrategy[Body] = st.integers(0, 19).flatmap(
    lambda n: _no_pages if n == 19 else _damaged_pages() if n > 15 else _pages()
)
