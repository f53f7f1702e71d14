"""Reading one page: is it what was asked for, and what is stored of each of its records.

The only sign that the API did not understand a request is that `info` differs from what was asked,
so all of it is compared.
"""

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import pyarrow as pa
from msgspec import Raw

from randomuser_assets.bounds import MAX_PAGES
from randomuser_assets.numbered import numbered
from randomuser_assets.source.door import Door
from randomuser_assets.source.faults import LastingFault, PassingFault
from randomuser_assets.source.lenient import NotJsonError, children, members, read
from randomuser_assets.source.rows import texts
from randomuser_assets.source.shape import Drift

VERSION = "1.4"
"""The version of the API whose records the tables are made for."""

MAX_BODY = 256 * 1024 * 1024  # 5,000 people are 6 MB

_HALF = re.compile("[\ud800-\udfff]")
_LONGEST_SEED = 200
_SHOWN = 80  # characters of an unexpected value that an error may show


@dataclass(frozen=True, order=True)
class PageRequest:
    """What is asked of the API."""

    seed: str
    page: int
    results: int

    @property
    def parameters(self) -> dict[str, str | int]:
        """Write it as the API wants it."""
        return {"results": self.results, "page": self.page, "seed": self.seed}

    def __str__(self) -> str:
        """Say it as a user would."""
        people = numbered(self.results, "person", "people")
        return f"page {self.page} of seed {self.seed!r} with {people}"


@dataclass(frozen=True)
class Page:
    """What came: the protected records in their order, and what their shape had of its own.

    In the place of somebody who was forgotten is nothing, so that all others keep theirs.
    """

    request: PageRequest
    fetched_at: datetime
    payloads: Sequence[bytes | None]
    drift: Drift = field(default_factory=Drift)

    @property
    def forgotten(self) -> int:
        """How many people were left out."""
        return self.payloads.count(None)


def page_requests(seed: str, users: int, page_size: int) -> list[PageRequest]:
    """Divide people into pages; the last one asks for the rest only."""
    return [
        PageRequest(seed, number, min(page_size, users - start))
        for number, start in enumerate(range(0, users, page_size), 1)
    ]


def read_page(
    body: bytes, request: PageRequest, door: Door, drift: Drift | None = None
) -> list[bytes]:
    """Give the protected records of a page, or raise what is wrong with it."""
    response = opened(body)
    _check_info(response.info, request)
    return door.admit_all(counted(response, request), drift)


class _Plain(msgspec.Struct, forbid_unknown_fields=True):
    """A response as the API sends it."""

    results: list[Raw]
    info: Raw


_read_plain = msgspec.json.Decoder(_Plain).decode


@dataclass(frozen=True)
class Response:
    """What a response holds, each part as its text."""

    records: list[Raw]
    info: Raw
    members: Mapping[str, bytes] = field(default_factory=dict)
    """All of it, where there is more than is in the API's."""


def opened(body: bytes) -> Response:
    """Take a response apart, or raise what is wrong with it."""
    text = _in_utf_8(body)
    try:
        plain = _read_plain(text)
    except (msgspec.DecodeError, RecursionError):
        return _opened_otherwise(_fields(text))
    return Response(plain.results, plain.info)


def _opened_otherwise(fields: dict[str, bytes]) -> Response:
    if "error" in fields:
        raise PassingFault(f"the error {_shown(fields['error'])}")
    if "results" not in fields or "info" not in fields:
        held = _short(repr(sorted(fields)))
        raise LastingFault(f"an object with {held} instead of results and info")
    return Response(_records(fields["results"]), Raw(fields["info"]), fields)


def counted(response: Response, request: PageRequest) -> list[Raw]:
    """Give the records of a page, which are as many as were asked for."""
    found = len(response.records)
    if found != request.results:
        people = numbered(found, "person", "people")
        raise LastingFault(f"{people} in results instead of {request.results:,}")
    return response.records


def told(written: Raw) -> tuple[PageRequest, dict[str, object]]:
    """Give what a saved response says that was asked for, and all of its `info`."""
    info = _info(written)
    seed, page, results = (info.get(name) for name in ("seed", "page", "results"))
    # A seed is repeated in each row: one without measure would fill the disk.
    text = isinstance(seed, str) and len(seed) <= _LONGEST_SEED and seed.isprintable()
    expected = {
        "seed": (text, f"a text of up to {_LONGEST_SEED} printable characters"),
        "results": (_is_whole(results), "a whole number from 1"),
        "page": (_is_whole(page, MAX_PAGES), f"a whole number from 1 to {MAX_PAGES}"),
        "version": (info.get("version") == VERSION, repr(VERSION)),
    }
    differing = [
        f"info.{name} {_short(repr(info.get(name)))} instead of {what}"
        for name, (is_so, what) in expected.items()
        if not is_so
    ]
    if differing:
        raise LastingFault(", ".join(differing))
    return PageRequest(str(seed), int(str(page)), int(str(results))), info


def _is_whole(value: object, most: int | None = None) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return value >= 1 and (most is None or value <= most)


def _in_utf_8(body: bytes) -> bytes:
    """Give the body, with each half of a character as JSON writes it; refuse what is no UTF-8.

    Some programs write what they cannot pair, or what they could, as three bytes a half. That is
    no UTF-8, but what was meant is clear: a fault of its record at most, as if it were escaped.
    """
    if is_utf_8(body):
        return body
    try:
        text = str(body, "utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise LastingFault(f"a body that is not UTF-8 (at byte {error.start})") from None
    return _HALF.sub(lambda half: f"\\u{ord(half.group()):04x}", text).encode()


def is_utf_8(text: bytes) -> bool:
    """Say whether a text is UTF-8, thirty times as fast as by decoding it."""
    try:
        texts([text]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _fields(received: bytes) -> dict[str, bytes]:
    body = received.removeprefix(codecs.BOM_UTF8)
    try:
        strict = msgspec.json.decode(body, type=dict[str, Raw])
    except (msgspec.DecodeError, RecursionError):
        pass
    else:
        return {name: bytes(value) for name, value in strict.items()}
    try:
        if body.lstrip()[:1] != b"{":
            raise NotJsonError("it does not begin with {")
        return members(body)
    except (ValueError, RecursionError) as error:
        raise PassingFault(f"{len(received)} bytes that are no JSON object ({error})") from None


def _records(results: bytes) -> list[Raw]:
    if results[:1] != b"[":
        raise LastingFault("results that are no list")
    try:
        return msgspec.json.decode(results, type=list[Raw])
    except (msgspec.DecodeError, RecursionError):
        return [Raw(record) for record in children(results)]


def _check_info(written: Raw, request: PageRequest) -> None:
    expected = {
        "seed": request.seed,
        "results": request.results,
        "page": request.page,
        "version": VERSION,
    }
    info = _info(written)
    differing = [
        f"info.{name} {_short(repr(info.get(name)))} instead of {value!r}"
        for name, value in expected.items()
        if info.get(name) != value or isinstance(info.get(name), bool)
    ]
    if differing:
        raise LastingFault(", ".join(differing))


def _info(written: Raw) -> dict[str, object]:
    try:
        return msgspec.json.decode(written, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        raise LastingFault(f"the info {_shown(bytes(written))}") from None


def _shown(written: bytes) -> str:
    try:
        value = read(written)
    except (ValueError, RecursionError):
        value = ""
    return _short(repr(value)) if isinstance(value, str) else f"of {len(written)} bytes"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
