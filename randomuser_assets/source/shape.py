"""The shape of a record: which keys it has and of which JSON type each value is.

A record that has the declared shape is told by decoding it into declared structures, which costs
little; only one that has not is looked at member by member. What a difference means for the record
is not said here: its values may still be readable.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Raw

from randomuser_assets.model import Leaf, Model, Privacy
from randomuser_assets.source import lenient

APPEARED, VANISHED, RENAMED, RETYPED = "appeared", "vanished", "renamed", "retyped"
WHOLE = "(record)"
OTHERS = "(others)"

_MOST = 200  # different findings of a page that are kept apart
_SHOWN = 40
_A_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
_TYPES: Mapping[str, Any] = {"text": str, "number": int | float, "boolean": bool, "null": None}


@dataclass(frozen=True)
class Difference:
    """One way in which a record is not shaped as declared."""

    kind: str
    path: str
    found: str
    example: str = field(default="", compare=False)


@dataclass
class Drift:
    """The differences of many records: in how many each was found, and an example."""

    found: dict[Difference, int] = field(default_factory=dict)

    def add(self, differences: tuple[Difference, ...]) -> None:
        """Count a record's differences; what goes beyond all measure is counted together."""
        for difference in dict.fromkeys(differences):
            known = difference in self.found or len(self.found) < _MOST
            counted = difference if known else Difference(difference.kind, OTHERS, "")
            self.found[counted] = self.found.get(counted, 0) + 1


@dataclass(frozen=True)
class _Member:
    """What is declared of a value: its JSON types and how private it is."""

    json: tuple[str, ...]
    privacy: Privacy


_Tree = dict[str, "_Tree | _Member"]


class Shape:
    """The shape that a model declares."""

    def __init__(self, model: Model) -> None:
        self._tree = _tree(model)
        self._decode = msgspec.json.Decoder(_structure(self._tree)).decode

    def differences(self, record: bytes | Raw) -> tuple[Difference, ...] | None:
        """Say in what a record is shaped otherwise; null if it is shaped as declared.

        Of one that cannot be read nothing can be said.
        """
        try:
            self._decode(record)
        except (msgspec.MsgspecError, RecursionError):
            pass
        else:
            return None
        try:
            return tuple(self._look(_read(bytes(record))))
        except (ValueError, RecursionError):
            return ()

    def pruned(self, record: bytes | Raw) -> bytes:
        """Write a record without the keys that nobody declared; other records as they are."""
        text = bytes(record)
        try:
            value = lenient.read(text)
        except (ValueError, RecursionError):
            return text
        return msgspec.json.encode(_pruned(value, self._tree)) if isinstance(value, dict) else text

    def _look(self, value: object) -> Iterator[Difference]:
        if isinstance(value, dict):
            yield from _compared(value, self._tree, "")
        else:
            yield Difference(RETYPED, WHOLE, _type(value), _masked(value, None))


def _tree(model: Model) -> _Tree:
    leaves = [
        (c.origin.path, _Member((*c.origin.json, *(() if c.required else ("null",))), c.privacy))
        for c in model.leaves
        if isinstance(c.origin, Leaf)
    ]
    leaves += [(path, _Member(("text",), Privacy.SECRET)) for path in model.dropped]
    tree: _Tree = {}
    for path, member in leaves:
        level = tree
        for name in path[:-1]:
            inner = level.setdefault(name, {})
            assert isinstance(inner, dict)  # noqa: S101  a leaf has no leaves below it
            level = inner
        level[path[-1]] = member
    return tree


def _structure(tree: _Tree) -> type[msgspec.Struct]:
    """Give the structure that only records of this shape can be decoded into."""
    types: dict[str, Any] = {}
    for name, member in tree.items():
        if isinstance(member, dict):
            types[name] = _structure(member)
        else:
            allowed = _TYPES[member.json[0]]
            for other in member.json[1:]:
                allowed = allowed | _TYPES[other]
            types[name] = allowed
    # A key of a record need not be a name in Python.
    fields = [(f"field_{n}", type_) for n, type_ in enumerate(types.values())]
    renamed = {f"field_{n}": name for n, name in enumerate(types)}
    return msgspec.defstruct(
        "Structure", fields, rename=renamed, forbid_unknown_fields=True, gc=False
    )


def _compared(value: Mapping[str, object], tree: _Tree, path: str) -> Iterator[Difference]:
    gone = [name for name in tree if name not in value]
    new = [name for name in value if name not in tree]
    if len(gone) == len(new) == 1 and _may_be(value[new[0]], tree[gone[0]]):
        example = _masked(value[new[0]], tree[gone[0]])
        yield Difference(RENAMED, path + gone[0], path + _name(new[0]), example)
    else:
        yield from (Difference(VANISHED, path + name, "nothing") for name in gone)
        for name in new:
            found = value[name]
            yield Difference(APPEARED, path + _name(name), _type(found), _masked(found, None))
    for name, member in tree.items():
        found = value.get(name)
        if name not in value:
            continue
        if isinstance(found, dict) and isinstance(member, dict):
            yield from _compared(found, member, f"{path}{name}.")
        elif not _may_be(found, member):
            yield Difference(RETYPED, path + name, _type(found), _masked(found, member))


def _may_be(found: object, member: "_Tree | _Member") -> bool:
    return _type(found) in (member.json if isinstance(member, _Member) else ("object",))


def _type(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "text"
        case dict():
            return "object"
        case list():
            return "list"
        case _:
            return "number"


def _masked(value: object, member: "_Tree | _Member | None") -> str:
    """Show a plain value, and of any other what it is; of a secret not even how long."""
    privacy = member.privacy if isinstance(member, _Member) else Privacy.DIRECT
    match value:
        case dict():
            names = ", ".join(map(_name, list(value)[:5]))
            return f"an object of {len(value)}: {names}{', …' if len(value) > 5 else ''}"
        case list():
            return f"a list of {len(value)}"
        case None | bool() if privacy is not Privacy.SECRET:
            return msgspec.json.encode(value).decode()
        case _ if privacy is Privacy.PLAIN:
            return str(value)[:_SHOWN]
        case str() if privacy is not Privacy.SECRET:
            return f"a text of {len(value)} characters"
        case _:
            return f"a {_type(value)}"


def _name(name: str) -> str:
    """Show a key that is a name; any other may be a value that got into the wrong place."""
    return name if _A_NAME.fullmatch(name) else "(no name)"


def _pruned(value: Mapping[str, Any], tree: _Tree) -> dict[str, Any]:
    return {
        name: _pruned(found, member)
        if isinstance(found, dict) and isinstance(member := tree[name], dict)
        else found
        for name, found in value.items()
        if name in tree
    }


def _read(record: bytes) -> object:
    try:
        return msgspec.json.decode(record)
    except (msgspec.MsgspecError, RecursionError):
        return lenient.read(record)
