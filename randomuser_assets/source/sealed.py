"""A page as it is recorded: protected, with a seal by which the same door knows it again.

Its records hold hashes where secrets were. Read like any other response these would be hashed once
more; so the page carries what only the key's owner can have made, and what was found when it came.
"""

import hmac
from datetime import datetime

import msgspec

from randomuser_assets.source.door import Door
from randomuser_assets.source.faults import LastingFault
from randomuser_assets.source.page import VERSION, Page, PageRequest, Response
from randomuser_assets.source.shape import Difference, Drift

SEAL = "protected"
"""Where in `info` the seal is."""

RECORDED = "recorded"

_NOBODY = b"null"
"""In the place of somebody who was forgotten; what comes as null is never stored so."""

_write = msgspec.json.Encoder().encode


class _Recorded(msgspec.Struct):
    """What is recorded beside the records: when they came, what was odd, past which door."""

    fetched_at: datetime
    drift: list[tuple[str, str, str, int, str]]
    door: str


def sealed(page: Page, door: Door) -> bytes:
    """Write a page that has passed this door as a response."""
    drift = [(d.kind, d.path, d.found, n, d.example) for d, n in page.drift.found.items()]
    recorded = _write(_Recorded(page.fetched_at, drift, door.fingerprint))
    results = b"[%b]" % b",".join(payload or _NOBODY for payload in page.payloads)
    seal = door.seal(_asked(page.request), recorded, results)
    info = _write({**page.request.parameters, "version": VERSION, SEAL: seal})
    return b'{"results":%b,"info":%b,"%b":%b}' % (results, info, RECORDED.encode(), recorded)


def unsealed(response: Response, request: PageRequest, seal: object, door: Door) -> Page:
    """Give a recorded page as it came, once it has proven to be what this door let through."""
    written, results = (response.members.get(name, b"") for name in (RECORDED, "results"))
    expected = door.seal(_asked(request), written, results)
    if not isinstance(seal, str) or not hmac.compare_digest(seal.encode(), expected.encode()):
        raise LastingFault(
            f"a recording (info.{SEAL}) that was made with another RANDOMUSER_PII_KEY or by other "
            "rules of protection, or was changed since"
        )
    recorded = msgspec.json.decode(written, type=_Recorded)
    drift = Drift({Difference(k, path, found, ex): n for k, path, found, n, ex in recorded.drift})
    new_keys = recorded.door != door.fingerprint and bool(drift.found)
    payloads = [
        None if bytes(record) == _NOBODY else door.admit_again(record, may_have_new_keys=new_keys)
        for record in response.records
    ]
    return Page(request, recorded.fetched_at, door.let_in(payloads), drift)


def _asked(request: PageRequest) -> bytes:
    return _write([request.seed, request.page, request.results])
