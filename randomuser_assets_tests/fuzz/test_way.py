"""What made-up bodies are held against can fail: doors that are broken are found out."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec import Raw

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets.source.shape import Drift
from randomuser_assets_tests.fuzz import long, way
from randomuser_assets_tests.fuzz.batches import FoundError, drawn, send_all
from randomuser_assets_tests.fuzz.bodies import INTACT, Body, Record, page
from randomuser_assets_tests.fuzz.secrets import SECRETS, to_hide
from randomuser_assets_tests.fuzz.way import Landed, Way, at_the_door, opened_way

Admit = Callable[[bytes], bytes]


class BrokenDoor(Door):
    """A door that stores whatever it is told to."""

    def __init__(self, admit: Admit) -> None:
        super().__init__(MODEL, b"a key")
        self._instead = admit

    def admit(self, record: bytes | Raw, drift: Drift | None = None) -> bytes:
        """Store something else."""
        return self._instead(super().admit(record, drift))

    def admit_all(self, records: Sequence[bytes | Raw], drift: Drift | None = None) -> list[bytes]:
        """Store something else of each."""
        return [self.admit(record, drift) for record in records]


def body_of(*records: Record) -> Body:
    return Body(page([record.text for record in records]), len(records), records)


def refuse(payload: bytes) -> bytes:
    if b"NaN" in payload:
        raise KeyError("NaN")
    return payload


def forgetting() -> Admit:
    """Store the first record in place of the second, but only once."""
    seen: list[bytes] = []

    def admit(payload: bytes) -> bytes:
        seen.append(payload)
        return seen[0] if len(seen) == 2 else payload

    return admit


@pytest.mark.parametrize(
    ("admit", "told"),
    [
        (lambda payload: payload[:-1] + b',"x":"planted-pAsswort"}', None),
        (lambda payload: payload[:-1] + b',"x":"Planted-Salt-22"}', "a secret can be read"),
        (lambda payload: payload[:-1] + b',"x":"UGxhbnRlZC1TYWx0LTIy"}', "a secret can be read"),
        (lambda payload: payload[:-1] + b',"x":"\\u0050lanted-Salt-22"}', "a secret can be read"),
        (lambda payload: payload[:-1] + b',"x":1,"x":1}', "a name twice"),
        (lambda payload: payload[:-1] + b',"x":NaN}', "NaN is no JSON"),
        (lambda payload: payload[:-1] + b',"x":"\\ud800"}', "surrogates not allowed"),
        (lambda payload: payload[:-1], "delimiter"),
        (lambda payload: b"[%b]" % payload, "no object"),
        (forgetting(), "not as it was sent"),
    ],
)
def test_a_door_that_stores_what_it_must_not_is_found_out(admit: Admit, told: str | None) -> None:
    body = body_of(INTACT[0], INTACT[1])
    if told is None:  # what is no secret may be stored
        at_the_door(body_of(Record(INTACT[0].text)), BrokenDoor(admit))
        return
    with pytest.raises((AssertionError, ValueError), match=told):
        at_the_door(body, BrokenDoor(admit))


def test_a_page_that_is_refused_for_one_record_is_found_out() -> None:
    body = body_of(INTACT[0], Record(b"NaN"))
    assert body.is_certain
    assert len(at_the_door(body, way.DOORS[False]).payloads) == 2
    with pytest.raises(AssertionError, match="its records are clear"):
        at_the_door(Body(body.text[:-2], 2, body.records), way.DOORS[False])


@pytest.mark.parametrize("text", [b"", b" ", b"{", b'"', b"1,2", b"}{", b'"\\"', b"[1]]", b'{"a}"'])
def test_a_record_that_does_not_end_is_not_counted_on(text: bytes) -> None:
    assert not Record(text).ends_where_it_ends
    assert not body_of(INTACT[0], Record(text)).is_certain


@pytest.mark.parametrize(
    ("record", "hidden"),
    [
        (b'{"login":{"password":"%b"}}', True),
        (b'{"login":["%b"]}', True),
        (b'{"LOGIN":"%b"}', True),
        (b'{"a":[{"Salt":["%b"]}]}', True),
        (b'{"a":{"login":{"hint":"%b"}}}', True),
        (b'["%b"]', True),
        (b'{"a":"%b",}', True),
        (b'{"email":"%b"}', False),
        (b'{"login":{"username":"%b"}}', False),
        (b'{"login":{"password":"%b"},"email":"Planted-Salt-22"}', False),
        (b'{"login":{"%b":1}}', False),
    ],
)
def test_a_secret_is_hidden_by_where_it_stands(record: bytes, hidden: bool) -> None:
    salt = SECRETS["salt"]
    assert (salt in to_hide(record % salt.encode())) is hidden


def test_what_breaks_is_made_small_kept_and_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = BrokenDoor(refuse)
    for discards in way.DOORS:
        monkeypatch.setitem(way.DOORS, discards, broken)
    bad = body_of(INTACT[2], Record(b'{"a":[1,"x",NaN]}'), INTACT[1])
    monkeypatch.setattr(long, "drawn", lambda *_: [body_of(INTACT[0]), bad])
    (kept,) = long.fuzz(0.0001, tmp_path)
    assert "KeyError at a door that" in capsys.readouterr().out
    again = Body.from_file(kept.read_bytes())
    assert len(again.records or ()) == 1
    assert len(again.text) < len(page([b""])) + 20
    with pytest.raises(KeyError):
        at_the_door(again, broken)


def test_a_body_that_fails_behind_the_door_is_found_among_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse_france(_: Way, pages: list[Landed]) -> None:
        if any(b'"nat":"FR"' in payload for landed in pages for payload in landed.payloads):
            raise KeyError("FR")

    monkeypatch.setattr(Way, "_to_the_files", refuse_france)
    others = [body_of(INTACT[n], Record(b"1"), INTACT[0]) for n in range(3)]
    bad = body_of(INTACT[0], Record(b'{"nat":"FR","gender":"x"}'))
    with opened_way() as made, pytest.raises(FoundError, match="KeyError") as caught:
        send_all(made, [*others, bad, *others], discards=False)
    assert len(caught.value.body.records or ()) == 1
    assert b'[{"nat":"FR"' in caught.value.body.text


def test_a_seed_draws_the_same_bodies_again() -> None:
    assert drawn(5, 20) == drawn(5, 20) != drawn(6, 20)
