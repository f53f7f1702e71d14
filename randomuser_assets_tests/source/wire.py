"""Records and pages as they come over the wire, and what may stand in what is stored of them.

Here belong samples, expectations worked out without the project's own code, and the search for
secrets. Not here: what is tested with them.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

import duckdb

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets.source.page import PageRequest, read_page

KEY = "der Schlüssel".encode()
DOOR = Door(MODEL, KEY)

# One record as text, with what a rewriting would change: 1.10, \/, \u00e9, odd spacing, 1e2.
RECORD = (
    '{"gender":"female","name":{"title":"Mrs","first":"Zo\\u00e9","last":"O\'Neill  "},'
    '"location":{"street":{ "number" : 7 ,"name":" Rua \\/ A"},"city":"São Paulo","state":"SP",'
    '"country":"Brazil","postcode":1.10,"coordinates":{"latitude":"-1.5000","longitude":"2.0"},'
    '"timezone":{"offset":"+5:45","description":"Kathmandu"}},"email":"zoe@example.com",'
    '"login":{"uuid":"3f0e1c1a-65a2-4f7e-9a0b-6f0a4c0e7d11","username":"bigbear","password":"%s",'
    '"salt":"PlantedSalt","md5":"PlantedMd5","sha1":"PlantedSha1","sha256":"PlantedSha256"},'
    '"dob":{"date":"1984-02-29T05:51:59.390Z","age":1e2},"registered":{"date":'
    '"2007-07-09T05:51:59.390Z","age":123456789012345678901234567890},"phone":"(01) 2345",'
    '"cell":"+1","id":{"name":"CPF","value":"%s"},"picture":{"large":"l","medium":"m",'
    '"thumbnail":"t"},"nat":"BR"}'
)
PASSWORD, DOCUMENT = "PlantedPassword", "PlantedDocument"


def record(password: str = PASSWORD, document: str = DOCUMENT, *, extra: str = "") -> bytes:
    """Write a record as the API does, with more members at its end if wanted."""
    return (RECORD % (password, document))[:-1].encode() + extra.encode() + b"}"


def stored(password: str = PASSWORD, document: str = DOCUMENT) -> bytes:
    """Write what the design says is stored of that record."""
    text = RECORD % (password, document)
    before, rest = text.split('"password"')
    after = rest[rest.index("}") :]
    text = f'{before}"password_hmac":"{keyed(password)}"{after}'
    return text.replace(f'"value":"{document}"', f'"value_hmac":"{keyed(document)}"').encode()


def keyed(text: str | bytes, key: bytes = KEY) -> str:
    """Give the keyed hash as the design defines it."""
    content = text if isinstance(text, bytes) else text.encode()
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def page(records: Iterable[bytes], results: int) -> bytes:
    """Write a page of these records."""
    info = json.dumps({"seed": "day", "results": results, "page": 1, "version": "1.4"})
    return b'{"results":[%b],"info":%b}' % (b",".join(records), info.encode())


def admitted(*records: bytes, door: Door = DOOR) -> list[bytes]:
    """Give what is stored of the records of a page."""
    request = PageRequest("day", 1, len(records))
    return read_page(page(records, len(records)), request, door)


def strictly_read(payload: bytes) -> dict[str, Any]:
    """Read what is stored of a record, as strictly as the strictest reader of it."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    text = payload.decode()
    # Numbers stay texts: Python has limits for them that are none of JSON's.
    found = json.loads(text, parse_constant=refuse, parse_int=str, parse_float=str)
    assert isinstance(found, dict)
    json.dumps(found, ensure_ascii=False).encode()  # no half of a surrogate pair
    assert duckdb.execute("SELECT json_valid($1)", [text]).fetchall() == [(True,)]
    return found


def shows(payload: bytes, secret: str) -> bool:
    """Tell whether a secret can be read out of what is stored."""
    decoded = json.dumps(strictly_read(payload), ensure_ascii=False)
    places = [payload.decode(), decoded, _without_escapes(payload.decode())]
    in_clear = any(secret.lower() in place.lower() for place in places)
    return in_clear or any(form in place for form in _forms(secret.encode()) for place in places)


def _forms(content: bytes) -> list[str]:
    """Give what a text is commonly written as by who means to hide it."""
    # Where it begins within a group of three bytes decides how base64 writes it.
    shifted = [base64.b64encode(b"\0" * n + content) for n in range(3)]
    return [
        content.hex(),
        *(text[4:-4].decode() for text in shifted),
        *(hashlib.new(name, content).hexdigest() for name in ("md5", "sha1", "sha256")),
    ]


def _without_escapes(text: str) -> str:
    for character in set(text):
        text = text.replace(f"\\u{ord(character):04x}", character)
    return text.replace("\\", "")
