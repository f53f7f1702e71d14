"""Who is forgotten: keyed hashes of ids, by which whoever is on the list is known again.

The hashes have a key of their own, so that they outlive a change of the secret. It lies in the
same file, closed with the secret: without that nobody can ask the list for anybody, nor add one.
"""

import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from randomuser_assets.bounds import SettingsError
from randomuser_assets.folders import held_folder
from randomuser_assets.whole import written_whole

FILE = "forgotten.json"
"""Its name, beside the warehouse."""

_HOLD = ".forgotten"
_NO_DIGIT = re.compile("[^0-9a-f]")
_BYTES = 32
_DIGEST = "sha256"


class ForgottenError(SettingsError):
    """The list cannot be read, and without it nobody may be let in."""


@dataclass(frozen=True)
class _Lock:
    """A list's key, closed with the secret: the salt makes a pad that is used for nothing else."""

    salt: str
    closed: str

    @staticmethod
    def of(list_key: bytes, secret: bytes) -> "_Lock":
        salt = secrets.token_bytes(_BYTES)
        return _Lock(salt.hex(), _xor(list_key, _pad(secret, salt)).hex())

    def opened(self, secret: bytes) -> bytes:
        return _xor(bytes.fromhex(self.closed), _pad(secret, bytes.fromhex(self.salt)))


@dataclass
class _List:
    """People who were forgotten under one list key: when, by the hash of their id."""

    proof: str
    locks: list[_Lock]
    people: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def new(secret: bytes) -> "_List":
        list_key = secrets.token_bytes(_BYTES)
        return _List(_proof(list_key), [_Lock.of(list_key, secret)])

    def key(self, secret: bytes) -> bytes | None:
        opened = (lock.opened(secret) for lock in self.locks)
        return next((key for key in opened if hmac.compare_digest(_proof(key), self.proof)), None)


class Forgotten:
    """The list as it was when it was read."""

    def __init__(self, lists: list[_List], secret: bytes) -> None:
        self._lists = lists
        self.opened: list[tuple[bytes, _List]] = []
        for each in lists:
            key = each.key(secret)
            if key is None:
                raise ForgottenError(
                    "The list of forgotten people was closed with another secret, and without it "
                    "they would be let in again. Nothing was changed: set the secret of before, "
                    "and change it with `randomuser-assets rotate-key`."
                )
            self.opened.append((key, each))

    def __len__(self) -> int:
        """Count the people."""
        return len({person for each in self._lists for person in each.people})

    def __repr__(self) -> str:
        """Show how many they are, and nothing of any key."""
        return f"Forgotten({len(self)} people)"

    def holds(self, person: str) -> bool:
        """Say whether a person is on the list."""
        return any(_hash(key, person) in each.people for key, each in self.opened)

    @property
    def version(self) -> str:
        """Tell apart what was let in with another list; empty as long as nobody is on it."""
        return ",".join(sorted(f"{each.proof[:8]}:{len(each.people)}" for each in self._lists))


def read_forgotten(folder: Path, secret: bytes) -> Forgotten:
    """Read the list beside the warehouse; where there is none, nobody was forgotten."""
    return Forgotten(_parsed(stored_list(folder)), secret)


def forget(folder: Path, person: str, current: Callable[[], bytes]) -> bool:
    """Put a person on the list, and say whether they were not there yet.

    The secret is asked for only then: until now it may have been changed.
    """
    with _held(folder), _changing(folder) as lists:
        secret = current()
        if Forgotten(lists, secret).holds(person):
            return False
        if not lists:
            lists.append(_List.new(secret))
        key = lists[-1].key(secret) or b""  # the list above was opened with it
        now = datetime.now(UTC)
        lists[-1].people[_hash(key, person)] = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        return True


def take_over(folder: Path, stored: str, secret: bytes) -> None:
    """Add the people of another list, as of a backup, to the one that is there.

    A list that is known need not be opened: an older secret may have closed that of a backup.
    """
    others = [other for other in _parsed(stored) if other.people]
    if not others:
        return
    with _held(folder), _changing(folder) as lists:
        Forgotten(lists, secret)  # refuses what it cannot open
        known = {each.proof: each for each in lists}
        strange = [other for other in others if other.proof not in known]
        Forgotten(strange, secret)
        for other in others:
            if other.proof in known:
                known[other.proof].people |= other.people
        lists.extend(strange)


@contextmanager
def changing_secret(folder: Path, old: bytes, new: bytes) -> Iterator[None]:
    """Have the list open with both secrets while the block puts the new one in its place.

    Whenever it is killed, the secret that is set then opens the list; and nobody begins one with
    the old secret meanwhile.
    """
    with _held(folder):
        _relock(folder, old, [old, new])
        yield
        _relock(folder, new, [new])


def stored_list(folder: Path) -> str:
    """Give the list as it is stored."""
    try:
        return (folder / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _relock(folder: Path, opens: bytes, secrets_: Iterable[bytes]) -> None:
    with _changing(folder) as lists:
        for key, each in Forgotten(lists, opens).opened:
            each.locks = [_Lock.of(key, secret) for secret in secrets_]


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    with held_folder(folder / _HOLD):
        yield
        (folder / _HOLD).rmdir()  # while it is held: whoever waits makes it anew


@contextmanager
def _changing(folder: Path) -> Iterator[list[_List]]:
    """Replace the list, which is held, as a whole with what the block has made of it."""
    before = stored_list(folder)
    lists = _parsed(before)
    yield lists
    text = json.dumps([asdict(each) for each in lists], indent=1)
    if lists and text != before:
        with written_whole(folder / FILE, folder) as aside:
            aside.write_text(text, encoding="utf-8")


def _parsed(stored: str) -> list[_List]:
    if not stored:
        return []
    try:
        return [
            _List(
                str(each["proof"]),
                [_Lock(**lock) for lock in each["locks"]],
                {str(person): str(at) for person, at in each["people"].items()},
            )
            for each in json.loads(stored)
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ForgottenError(
            f"{FILE}, the list of forgotten people, is damaged, and without it they would be let "
            "in again. Nothing was changed: put back the one of a backup."
        ) from None


def plain_id(person: str) -> str:
    """Give an id in one of the many ways in which it can be written: its digits alone."""
    return _NO_DIGIT.sub("", person.lower())


def _hash(list_key: bytes, person: str) -> str:
    return hmac.digest(list_key, plain_id(person).encode(), _DIGEST).hex()


def _proof(list_key: bytes) -> str:
    return hmac.digest(list_key, b"the key of a list of forgotten people", _DIGEST).hex()


def _pad(secret: bytes, salt: bytes) -> bytes:
    # Another algorithm than that of the hashes in the tables, which a source can have made for it.
    return hmac.digest(secret, b"closing a list of forgotten people" + salt, "sha512")[:_BYTES]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
