"""Reading what a strict JSON reader refuses, so that one bad record does not cost its page.

`children` takes a container apart by its brackets alone; `mend` reads one record as Python does
and gives it back as strict JSON. Everything here is slow and only used when the strict reader has
refused.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress

import msgspec
from msgspec import Raw

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{},]', re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_OPENING, _CLOSING = b"[{", b"]}"

JsonValue = dict[str, "JsonValue"] | list["JsonValue"] | str | Raw | bool | None


class NotJsonError(ValueError):
    """No reader can tell where the parts of this text begin and end."""


def children(container: bytes) -> Iterator[bytes]:
    """Give the texts between the outermost commas of an array or object.

    Nothing else is read, so that depth, numbers and odd characters inside cannot stop it.
    """
    container = container.strip()
    depth, start, end = 0, 1, 0
    for token in _TOKEN.finditer(container):
        mark = token.group()
        if mark == b'"' or end:
            raise NotJsonError("a text that does not end, or something behind the last bracket")
        if mark in _OPENING:
            if not depth and token.start():
                raise NotJsonError("it does not begin with a bracket")
            depth += 1
        elif mark in _CLOSING:
            depth -= 1
        if (mark == b"," and depth == 1) or (mark in _CLOSING and not depth):
            part = container[start : token.start()].strip()
            if part or mark == b",":
                yield part
            start = token.end()
            end = start if not depth else 0
    if not end or end != len(container):
        raise NotJsonError("the brackets do not close")


def members(container: bytes) -> dict[str, bytes]:
    """Give the members of an object by name, each value as its text; the last of equals wins."""
    found = {}
    for member in children(container):
        name = _TOKEN.match(member)
        value = member[name.end() :].lstrip() if name else b""
        if not name or value[:1] != b":":
            raise NotJsonError("a member of the object has no name")
        found[str(read(name.group()))] = value[1:].strip()
    return found


def read(text: bytes) -> JsonValue:
    """Read JSON as Python does, keeping numbers as they are written.

    NaN and its like become texts, lone surrogates U+FFFD. Raises ValueError or RecursionError.
    """
    value = json.loads(
        text, strict=False, parse_int=_as_written, parse_float=_as_written, parse_constant=str
    )
    return _cleaned(value)


def names(text: bytes) -> list[list[str]]:
    """Give the names that each object anywhere in it has, as often as it has them.

    Raises ValueError or RecursionError.
    """
    found: list[list[str]] = []
    json.loads(
        text,
        strict=False,
        parse_int=str,
        parse_float=str,
        parse_constant=str,
        object_pairs_hook=lambda members: found.append([name for name, _ in members]),
    )
    return found


def repeats_a_name(text: bytes) -> bool:
    """Say whether any object in strict JSON has two members of one name, as deep as can be read."""
    found = []

    def look(members: list[tuple[str, object]]) -> None:
        found.append(len(dict(members)) < len(members))

    with suppress(RecursionError):
        json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=look)
    return any(found)


def mend(record: bytes) -> bytes:
    """Write a record again as strict JSON. Raises ValueError or RecursionError."""
    return msgspec.json.encode(read(record))


def _as_written(number: str) -> Raw:
    return Raw(number.encode())


def _cleaned(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_LONE_SURROGATE.sub("\ufffd", name): _cleaned(v) for name, v in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value
