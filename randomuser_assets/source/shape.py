"""The shape of a record: which keys it has and of which JSON type each value is.

A record that has the declared shape is told by decoding it into declared structures, which costs
little; only one that has not is looked at member by member. What a difference means for the record
is not said here: its values may still be readable.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Raw

from randomuser_assets.model import UNREADABLE, Leaf, Model, Privacy
from randomuser_assets.source import lenient

APPEARED, VANISHED, RENAMED, RETYPED = "appeared", "vanished", "renamed", "retyped"
WHOLE = "(record)"
OTHERS = "(others)"
INSTEAD = "hmac"
"""Key of the hash that stands in the place of what could not be taken apart."""

_MOST = 200  # different findings of a page that are kept apart
_SHOWN = 40
_members = msgspec.json.Decoder(dict[str, Raw]).decode
_encode = msgspec.json.Encoder().encode
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
        told = set[Difference]()
        for each in differences:
            known = each in self.found or len(self.found) < _MOST
            difference = each if known else Difference(each.kind, OTHERS, "")
            if difference not in told:
                told.add(difference)
                self.found[difference] = self.found.get(difference, 0) + 1


@dataclass(frozen=True)
class _Member:
    """What is declared of a value: its JSON types and how private it is."""

    json: tuple[str, ...]
    privacy: Privacy


_Tree = dict[str, "_Tree | _Member"]


class Shape:
    """The shape that a model declares."""

    def __init__(self, model: Model) -> None:
        self._tree = _wire_tree(model)
        self._stored = _stored_tree(model)
        self.structure = _structure(self._tree)
        self._decode = msgspec.json.Decoder(self.structure).decode

    def names(self, *path: str) -> tuple[str, ...]:
        """Give the names of an object of the record, in the order of the values in `read`."""
        tree = self._tree
        for name in path:
            inner = tree[name]
            tree = inner if isinstance(inner, dict) else {}
        return tuple(tree)

    @property
    def count(self) -> int:
        """How many names there are in a record, those of its objects included."""
        return _count(self._tree)

    def read(self, record: bytes | Raw) -> msgspec.Struct | None:
        """Read a record that is shaped as declared; of another give nothing."""
        try:
            return self._decode(record)
        except (msgspec.MsgspecError, RecursionError):
            return None

    def differences(self, record: bytes | Raw) -> tuple[Difference, ...] | None:
        """Say in what a record is shaped otherwise; null if it is shaped as declared.

        Of one that cannot be read nothing can be said.
        """
        return None if self.read(record) is not None else self.exactly(record)

    def exactly(self, record: bytes | Raw) -> tuple[Difference, ...]:
        """Say in what a record is shaped otherwise, of which is known that it is."""
        try:
            return tuple(self._look(_read(bytes(record))))
        except (ValueError, RecursionError):
            return ()

    def pruned(self, protected: bytes) -> bytes:
        """Write a stored record without the keys that nobody declared.

        Their values are not read, and those of the others stay byte for byte.
        """
        return _encode(_pruned(protected, self._stored))

    def _look(self, value: object) -> Iterator[Difference]:
        if isinstance(value, dict):
            yield from _compared(value, self._tree, "")
        else:
            yield Difference(RETYPED, WHOLE, _type(value), _masked(value, Privacy.SECRET))


def _wire_tree(model: Model) -> _Tree:
    """Give what comes, with what is dropped at the door."""
    leaves = [
        (c.origin.path, _Member((*c.origin.json, *(() if c.required else ("null",))), c.privacy))
        for c in model.leaves
        if isinstance(c.origin, Leaf)
    ]
    return _tree([*leaves, *((path, _Member(("text",), Privacy.SECRET)) for path in model.dropped)])


def _stored_tree(model: Model) -> _Tree:
    """Give what is stored, and what the door puts in the place of what is not as it should be."""
    leaves = [c.origin for c in model.leaves if isinstance(c.origin, Leaf)]
    guarded = {path[0] for path in (*model.dropped, *(leaf.path for leaf in leaves if leaf.hashed))}
    paths = [leaf.stored_path for leaf in leaves]
    paths += [(UNREADABLE,), (INSTEAD,), *((name, INSTEAD) for name in guarded)]
    return _tree((path, _Member((), Privacy.PLAIN)) for path in paths)


def _tree(leaves: Iterable[tuple[tuple[str, ...], _Member]]) -> _Tree:
    tree: _Tree = {}
    for path, member in leaves:
        level = tree
        for name in path[:-1]:
            inner = level.setdefault(name, {})
            assert isinstance(inner, dict)  # noqa: S101  a leaf has no leaves below it
            level = inner
        level[path[-1]] = member
    return tree


def _count(tree: _Tree) -> int:
    return sum(1 + (_count(each) if isinstance(each, dict) else 0) for each in tree.values())


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
    return structure(types)


def structure(types: Mapping[str, Any]) -> type[msgspec.Struct]:
    """Give a structure of these members; in it they are `field_0` and so on.

    A key of a record need not be a name in Python.
    """
    fields = [(place(n), type_) for n, type_ in enumerate(types.values())]
    renamed = {place(n): name for n, name in enumerate(types)}
    return msgspec.defstruct(
        "Structure", fields, rename=renamed, forbid_unknown_fields=True, gc=False
    )


def place(n: int) -> str:
    """Name the n-th member of a structure."""
    return f"field_{n}"


def _compared(value: Mapping[str, object], tree: _Tree, path: str) -> Iterator[Difference]:
    gone = [name for name in tree if name not in value]
    new = [name for name in value if name not in tree]
    unknown = _least_private(tree) if new else Privacy.SECRET
    if len(gone) == len(new) == 1 and _may_be(value[new[0]], tree[gone[0]]):
        # It may be another value altogether: it is not as plain as what is gone.
        example = _masked(value[new[0]], unknown)
        yield Difference(RENAMED, path + gone[0], path + _name(new[0]), example)
    else:
        yield from (Difference(VANISHED, path + name, "nothing") for name in gone)
        for name in new:
            found = value[name]
            yield Difference(APPEARED, path + _name(name), _type(found), _masked(found, unknown))
    for name, member in tree.items():
        if name not in value:
            continue
        found = value[name]
        if isinstance(found, dict) and isinstance(member, dict):
            yield from _compared(found, member, f"{path}{name}.")
        elif not _may_be(found, member):
            yield Difference(RETYPED, path + name, _type(found), _masked(found, _privacy(member)))


def _privacy(member: "_Tree | _Member") -> Privacy:
    return member.privacy if isinstance(member, _Member) else _least_private(member)


def _least_private(tree: _Tree) -> Privacy:
    """Say how private what nobody declared is: a secret where secrets are, else what names one."""
    members = [each for each in tree.values() if isinstance(each, _Member)]
    secret = any(member.privacy is Privacy.SECRET for member in members)
    return Privacy.SECRET if secret else Privacy.DIRECT


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


def _masked(value: object, privacy: Privacy) -> str:
    """Show a plain value, and of any other what it is; of a secret not even how long."""
    if privacy is Privacy.SECRET:
        kind = _type(value)
        return {"null": "", "object": "an object"}.get(kind, f"a {kind}")
    match value:
        case None | bool():
            return msgspec.json.encode(value).decode()
        case dict():
            return f"with {len(value)} keys"
        case list():
            return f"with {len(value)} items"
        case str() if privacy is not Privacy.PLAIN:
            return f"of {len(value)} characters"
        case Raw():
            return bytes(value).decode()[:_SHOWN] if privacy is Privacy.PLAIN else ""
        case _:
            return str(value)[:_SHOWN] if privacy is Privacy.PLAIN else ""


def _name(name: str) -> str:
    """Show a key that is a name; any other may be a value that got into the wrong place."""
    return name if _A_NAME.fullmatch(name) else "(no name)"


def _pruned(text: bytes, tree: _Tree) -> dict[str, Raw]:
    kept = {}
    for name, value in _members(text).items():
        if name in tree:
            member, inner = tree[name], bytes(value)
            if isinstance(member, dict) and inner[:1] == b"{":
                kept[name] = Raw(_encode(_pruned(inner, member)))
            else:
                kept[name] = value
    return kept


def _read(record: bytes) -> object:
    try:
        return msgspec.json.decode(record)
    except (msgspec.MsgspecError, RecursionError):
        return lenient.read(record)
