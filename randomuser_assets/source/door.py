"""The door between the wire and the disk: private fields are hashed or dropped here.

Which fields is derived from the declarations. The door holds when a record is not what it should
be: what it does not know inside a guarded object is hashed, what is no object is hashed whole, and
a secret that stands where it does not belong is hashed there.
"""

import hmac
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec
from msgspec import Raw

from randomuser_assets.forgotten import Forgotten
from randomuser_assets.model import UNREADABLE, Leaf, Model
from randomuser_assets.source import lenient
from randomuser_assets.source.plain import PlainRecords
from randomuser_assets.source.shape import INSTEAD, Drift, Shape

_BLOCK = 64  # bytes that SHA-256 takes at a time
_TOGETHER = 32  # records: of more, what was read is no longer near when it is written
_has_a_blank_before_a_colon = re.compile(rb'"[ \t\n\r]+:').search

_read_object = msgspec.json.Decoder(dict[str, Raw]).decode
_read_text = msgspec.json.Decoder(str).decode
_write = msgspec.json.Encoder().encode


@dataclass
class _Guard:
    """The rules of one guarded object: what is hashed, under which name, what is dropped, kept."""

    hashed: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    @property
    def stored_as(self) -> dict[str, str]:
        """The names under which members are stored."""
        return {name: name for name in self.kept} | self.hashed

    @property
    def rules(self) -> tuple[object, ...]:
        """The same for the same rules."""
        return sorted(self.hashed.items()), sorted(self.dropped), sorted(self.kept)


class KeyedHash:
    """HMAC-SHA256, with what depends on the key alone done once instead of for each text.

    `hmac.digest` begins anew each time, which takes three times as long for a text this short.
    """

    def __init__(self, key: bytes) -> None:
        padded = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def __call__(self, text: bytes) -> str:
        """Give the hash in hex."""
        (hashed,) = self.each([text])
        return hashed

    def each(self, texts: Iterable[bytes]) -> list[str]:
        """Give the hash of each text: faster than a call for each."""
        inner_part, outer_part, hashes = self._inner.copy, self._outer.copy, []
        for text in texts:
            inner, outer = inner_part(), outer_part()
            inner.update(text)
            outer.update(inner.digest())
            hashes.append(outer.hexdigest())
        return hashes


class Door:
    """Protects records with one key, by the rules that a model declares.

    Keys that are not declared are stored too, unless it `discards` them. Who is `forgotten` is
    read when it is made, and with each `renew`.
    """

    def __init__(
        self,
        model: Model,
        key: bytes,
        *,
        discards: bool = False,
        forgotten: Callable[[], Forgotten] | None = None,
    ) -> None:
        self._model = model
        self._key = key
        self._hash = KeyedHash(key)
        self._discards = discards
        self._read_forgotten = forgotten
        self._person = model.person.origin
        self.renew()
        self._shape = Shape(model)
        self._guards = _guards(model)
        self._plain = PlainRecords(
            self._shape,
            {name: each.stored_as for name, each in self._guards.items()},
            self._hash.each,
        )
        stored = [c.origin.stored_path for c in model.leaves if isinstance(c.origin, Leaf)]
        self._names = len({path[:n] for path in stored for n in range(1, len(path) + 1)})
        self._secret_names = frozenset(
            name for guard in self._guards.values() for name in {*guard.hashed, *guard.dropped}
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Go to another process, with who is forgotten by now."""
        return _another, (self._model, self._key, self._discards, self._forgotten)

    def __repr__(self) -> str:
        """Show nothing of the key."""
        return f"Door(guards {', '.join(self._guards)})"

    def admit(self, record: bytes | Raw, drift: Drift | None = None) -> bytes:
        """Give what is stored of a record, whatever the record is: always one JSON object.

        In what it is shaped otherwise than declared is counted in `drift`.
        """
        (stored,) = self._admit_together([record], drift)
        return stored

    def admit_all(self, records: Sequence[bytes | Raw], drift: Drift | None = None) -> list[bytes]:
        """Give what is stored of each record, as `admit` does."""
        stored: list[bytes] = []
        for begin in range(0, len(records), _TOGETHER):
            stored += self._admit_together(records[begin : begin + _TOGETHER], drift)
        return stored

    def _admit_together(
        self, records: Sequence[bytes | Raw], drift: Drift | None
    ) -> Sequence[bytes]:
        """Do so for a few; where one is of another shape, for half of them, until it is alone."""
        together = self._plain.stored_together(records)
        if together is None and len(records) == 1:
            return [self._shaped_otherwise(records[0], drift)]
        if together is None:
            middle = len(records) // 2
            return [
                *self._admit_together(records[:middle], drift),
                *self._admit_together(records[middle:], drift),
            ]
        return [
            self._admitted(record, as_declared=True) if stored is None else stored
            for stored, record in zip(together, records, strict=True)
        ]

    def _shaped_otherwise(self, record: bytes | Raw, drift: Drift | None) -> bytes:
        if drift is not None:
            drift.add(self._shape.exactly(record))
        stored = self._admitted(record, as_declared=False)
        return self._shape.pruned(stored) if self._discards else stored

    def renew(self) -> None:
        """Read again who is forgotten."""
        self._forgotten = self._read_forgotten() if self._read_forgotten else None

    def let_in(self, stored: Sequence[bytes | None]) -> list[bytes | None]:
        """Put nothing in the place of each record, as `admit` gave it, of who was forgotten."""
        if not (forgotten := self._forgotten):
            return list(stored)
        return [None if each is None or self._is_in(forgotten, each) else each for each in stored]

    def _is_in(self, forgotten: Forgotten, stored: bytes) -> bool:
        if not isinstance(self._person, Leaf):
            return False
        value: bytes | Raw | None = stored
        try:
            for part in self._person.stored_path:
                value = _read_object(value).get(part) if value is not None else None
            return value is not None and forgotten.holds(_read_text(value))
        except msgspec.DecodeError:  # nobody can be told from what is no object, or no text
            return False

    def _admitted(self, record: bytes | Raw, *, as_declared: bool) -> bytes:
        try:
            return self._protect(record, as_declared=as_declared)
        except msgspec.ValidationError:
            return self._hashed_whole(bytes(record), "the record is not an object")
        except (msgspec.DecodeError, RecursionError) as strict:
            text = bytes(record)
            try:
                fields = _read_object(self._protect(lenient.mend(text), as_declared=False))
            except (ValueError, RecursionError) as error:
                fault = "nested too deep" if isinstance(error, RecursionError) else str(strict)
                return self._hashed_whole(text, fault)
            return _write({**fields, UNREADABLE: str(strict)})

    def admit_again(self, protected: bytes | Raw, *, may_have_new_keys: bool) -> bytes:
        """Give what is stored of a record that a door with this key has admitted before."""
        stored = bytes(protected)
        return self._shape.pruned(stored) if self._discards and may_have_new_keys else stored

    def seal(self, *parts: bytes) -> str:
        """Give a mark that only the key's owner can make, on what this door has protected.

        It is of another algorithm than the hashes: else whoever sends a text as a password could
        read the mark on it out of the tables. By other rules than these nothing is protected.
        """
        rules = repr(sorted((name, guard.rules) for name, guard in self._guards.items()))
        mark = hmac.new(self._key, digestmod="sha512")
        for part in (rules.encode(), *parts):
            mark.update(b"%d " % len(part))  # where a part ends is marked, too
            mark.update(part)
        return mark.hexdigest()

    @property
    def fingerprint(self) -> str:
        """Tell apart what was stored with another key or in another way."""
        made = "discards" if self._discards else ""
        return self._hash((made + (self._forgotten.version if self._forgotten else "")).encode())

    def _protect(self, record: bytes | Raw, *, as_declared: bool) -> bytes:
        fields = _read_object(record)
        for name, guard in self._guards.items():
            if name in fields:
                fields[name] = Raw(self._guarded(fields[name], guard))
        if UNREADABLE in fields:
            # Only this door may say so: what else came under that name would be shown as a reason.
            came = self._hash(bytes(fields[UNREADABLE]))
            fields[UNREADABLE] = Raw(_write(f"the source sent this key itself; its hash is {came}"))
        protected = _write(fields)
        # A record of the declared shape has no key where a secret could stand astray.
        if as_declared and not self._may_repeat_a_name(protected):
            return protected
        if not as_declared:
            if self._has_known_names_in_their_places(protected, fields):
                return protected
            fields = {name: self._without_strays(name, fields[name]) for name in fields}
        # Readers differ in which of two they take; written again, only the last one is there.
        return _write(dict(zip(fields, map(_without_repeats, fields.values()), strict=True)))

    def _has_known_names_in_their_places(self, protected: bytes, fields: Collection[str]) -> bool:
        """Say that in a record of another shape no secret can be astray and no name is there twice.

        So are nearly all, such as those with one key more: one look for all their members.
        """
        try:
            objects = lenient.names(protected)
        except RecursionError:
            return False
        names = [name.casefold() for each in objects for name in each]
        return (
            all(len(set(each)) == len(each) for each in objects)
            and self._secret_names.isdisjoint(names)
            and all(names.count(guard) <= (guard in fields) for guard in self._guards)
        )

    def _may_repeat_a_name(self, protected: bytes) -> bool:
        # A record of the declared shape has each name at least once: one too many is counted.
        # A blank may hide a name's colon.
        return protected.count(b'":') != self._names or bool(_has_a_blank_before_a_colon(protected))

    def _guarded(self, text: bytes | Raw, guard: _Guard) -> bytes:
        try:
            fields = _read_object(text)
        except msgspec.ValidationError:
            return _write({INSTEAD: self._hash(bytes(text))})
        stored: dict[str, object] = {}
        for name, value in fields.items():
            if name in guard.dropped:
                continue
            written = bytes(value)
            if name in guard.hashed:
                stored[guard.hashed[name]] = self._hash_value(written)
            elif name in guard.kept and written[:1] not in (b"{", b"["):
                stored[name] = value
            elif name in guard.kept or name in guard.hashed.values():
                # An object can pass for no value, so that nothing here is taken for the real one.
                stored.setdefault(name, {INSTEAD: self._hash(written)})
            else:
                stored[name] = self._hash_value(written)
        return _write(stored)

    def _without_strays(self, name: str, value: Raw) -> Raw:
        """Hash secrets that stand anywhere in this member; without one, give it as it came."""
        if name in self._guards:
            return value
        text = bytes(value)
        try:
            inside = (inner.casefold() for each in lenient.names(text) for inner in each)
            found = {name.casefold(), *inside}
            if found.isdisjoint(self._secret_names | self._guards.keys()):
                return value
            if name.casefold() in self._guards:
                return Raw(self._guarded(text, self._guards[name.casefold()]))
            return Raw(_write(self._hash_strays(name, lenient.read(text))))
        except RecursionError:
            return Raw(_write({INSTEAD: self._hash(text)}))

    def _hash_strays(self, name: str, value: lenient.JsonValue) -> lenient.JsonValue:
        if name.casefold() in self._secret_names:
            return self._hash_value(_write(value))
        guard = self._guards.get(name.casefold())
        if guard and isinstance(value, dict):
            return Raw(self._guarded(_write(value), guard))
        if isinstance(value, dict):
            return {inner: self._hash_strays(inner, item) for inner, item in value.items()}
        if isinstance(value, list):
            return [self._hash_strays("", item) for item in value]
        return value

    def _hash_value(self, written: bytes) -> str | None:
        """Hash a text by its characters and anything else by its JSON text; null stays null."""
        if written == b"null":
            return None
        return self._hash(_read_text(written).encode() if written[:1] == b'"' else written)

    def _hashed_whole(self, record: bytes, fault: str) -> bytes:
        return _write({UNREADABLE: fault, INSTEAD: self._hash(record)})


def _another(model: Model, key: bytes, discards: bool, forgotten: Forgotten | None) -> Door:
    known = None if forgotten is None else lambda: forgotten
    return Door(model, key, discards=discards, forgotten=known)


def _without_repeats(value: Raw) -> Raw:
    text = bytes(value)
    return Raw(lenient.mend(text)) if lenient.repeats_a_name(text) else value


def _wire_leaves(model: Model) -> list[tuple[tuple[str, ...], bool]]:
    """Give the path of every leaf on the wire, and whether it is hashed."""
    kept = [
        (column.origin.path, column.origin.hashed)
        for column in model.leaves
        if isinstance(column.origin, Leaf)
    ]
    return [*kept, *((path, False) for path in model.dropped)]


def _guards(model: Model) -> dict[str, _Guard]:
    """Give the rules of every top-level object in which something is hashed or dropped."""
    guards: dict[str, _Guard] = {}
    leaves = _wire_leaves(model)
    for path, hashed in leaves:
        if hashed or path in model.dropped:
            guards.setdefault(path[0], _Guard())
    for path, hashed in leaves:
        guard = guards.get(path[0])
        if guard and path in model.dropped:
            guard.dropped.add(path[1])
        elif guard and hashed:
            guard.hashed[path[1]] = Leaf(path, hashed=True).stored_path[-1]
        elif guard:
            guard.kept.add(path[1])
    return guards
