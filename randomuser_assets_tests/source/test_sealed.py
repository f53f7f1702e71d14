"""A recorded page is read as it came, past the door that made it and no other.

Here belongs the form of a recorded page. Not here: how days are recorded (`test_record`).
"""

import base64
import gzip
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.source import SourceError
from randomuser_assets.source.door import Door
from randomuser_assets.source.faults import LastingFault
from randomuser_assets.source.files import read_saved
from randomuser_assets.source.page import Page, PageRequest, read_page
from randomuser_assets.source.sealed import sealed
from randomuser_assets.source.shape import Drift
from randomuser_assets_tests.source.delivering import put, read
from randomuser_assets_tests.source.test_page import HASHED, MENDED, bad
from randomuser_assets_tests.source.wire import DOCUMENT, DOOR, KEY, PASSWORD, page, record

MOMENT = datetime(2026, 11, 20, 6, 0, 1, 234567, tzinfo=UTC)
DISCARDS = Door(MODEL, KEY, discards=True)
ODD = [
    record(),
    record(extra=',"new":{"a":[1,2,{"b":"\\u2028"}]}'),
    record("").replace(b'"nat":"BR"', b'"country":"BR"'),
    b"7",
    b'{"login":"PlantedPassword","id":["PlantedDocument"]}',
    *(bad(value) for value, _ in MENDED),
    *(bad(value) for value in HASHED),
]


def came(*records: bytes, door: Door = DOOR, number: int = 1) -> Page:
    """Give a page as it came over the wire."""
    drift, request = Drift(), PageRequest("day", 1, len(records))
    payloads = read_page(page(records, len(records)), request, door, drift)
    return Page(replace(request, page=number), MOMENT, payloads, drift)


def refused(body: bytes, door: Door = DOOR) -> str:
    with pytest.raises(LastingFault) as caught:
        read_saved(body, door)
    assert "Planted" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("door", [DOOR, DISCARDS], ids=["keeps", "discards"])
def test_a_recorded_page_is_read_as_it_came(door: Door) -> None:
    page_ = came(*ODD, door=door)
    assert page_.drift.found
    found = read_saved(sealed(page_, door), door)
    assert found == page_
    assert [d.example for d in found.drift.found] == [d.example for d in page_.drift.found]


def test_nothing_private_is_in_a_recorded_page() -> None:
    text = sealed(came(*ODD), DOOR).decode()
    for secret in (PASSWORD, DOCUMENT, "PlantedSalt", "PlantedMd5", "PlantedSha"):
        assert secret not in text
        assert base64.b64encode(secret.encode()).decode()[:-4] not in text


def test_a_recorded_page_looks_like_a_response() -> None:
    body = json.loads(sealed(came(record(), number=3), DOOR))
    assert {name: body["info"][name] for name in ("seed", "results", "page", "version")} == {
        "seed": "day",
        "results": 1,
        "page": 3,
        "version": "1.4",
    }
    assert len(body["results"]) == 1


def test_who_discards_new_keys_does_so_with_what_was_recorded_before() -> None:
    new = record(extra=',"new":"value"')
    found = read_saved(sealed(came(new), DOOR), DISCARDS)
    assert found.payloads == came(new, door=DISCARDS).payloads
    assert found.drift == came(new).drift


def test_another_key_reads_no_recording() -> None:
    said = refused(sealed(came(record()), DOOR), Door(MODEL, b"another"))
    assert "made with another RANDOMUSER_PII_KEY or by other rules of protection" in said
    assert "or was changed since" in said


def test_other_rules_of_protection_read_no_recording() -> None:
    """As when a column that was kept has become one that is hashed."""
    door = Door(MODEL, KEY)
    body = sealed(came(record(), door=door), door)
    door._guards["login"].kept.remove("username")
    assert "other rules of protection" in refused(body, door)


def changed_json(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def spoil(body: bytes) -> bytes:
        content = json.loads(body)
        change(content)
        return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        changed_json(lambda body: body["results"][0].update(gender="male")),
        changed_json(lambda body: body["results"].reverse()),
        changed_json(lambda body: body["info"].update(page=2)),
        changed_json(lambda body: body["info"].update(seed="other")),
        changed_json(lambda body: body["info"].update(protected="0" * 128)),
        changed_json(lambda body: body["info"].update(protected="é")),
        changed_json(lambda body: body["info"].update(protected=None)),
        changed_json(lambda body: body["info"].update(protected=True)),
        changed_json(lambda body: body["recorded"].update(fetched_at="2026-01-01T00:00:00Z")),
        changed_json(lambda body: body["recorded"]["drift"].append(["appeared", "a", "", 1, ""])),
        changed_json(lambda body: body.pop("recorded")),
        lambda body: body.replace(b'"results":[', b'"results":[ '),
        lambda body: body[:-1] + b',"recorded":{}}',
    ],
)
def test_a_recording_that_was_changed_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    body = sealed(came(b'{"gender":"female"}', b'{"nat":"BR"}'), DOOR)
    read_saved(body, DOOR)
    assert changed_json(lambda _: None)(body) == body
    assert "recording (info.protected)" in refused(spoil(body))


def test_without_its_seal_a_recording_is_a_response_whose_hashes_are_no_values() -> None:
    body = sealed(came(record()), DOOR)
    (payload,) = read_saved(changed_json(lambda b: b["info"].pop("protected"))(body), DOOR).payloads
    assert payload is not None
    assert set(json.loads(payload)["login"]["password_hmac"]) == {"hmac"}


def test_no_hash_that_is_stored_can_be_a_seal() -> None:
    """Else a text sent as a password would come out of the tables as the seal on itself."""
    body = json.loads(sealed(came(record()), DOOR))
    assert len(body["info"]["protected"]) == 128
    assert len(body["results"][0]["login"]["password_hmac"]) == 64
    parts = (b"a", b"b")
    assert DOOR.seal(*parts) != DOOR.seal(b"ab") != DOOR.seal(b"a", b"b", b"")
    assert hmac.new(KEY, b"1 a1 b", hashlib.sha256).hexdigest() not in DOOR.seal(*parts)


def test_the_file_that_is_refused_is_named_and_stays_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json.gz", sealed(came(record()), DOOR))
    with pytest.raises(SourceError, match="another RANDOMUSER_PII_KEY") as caught:
        read(tmp_path, tmp_path / "spool", door=Door(MODEL, b"another"))
    assert str(caught.value).startswith(f"{path} holds a recording")
    assert caught.value.lasting
    assert gzip.decompress(path.read_bytes())
