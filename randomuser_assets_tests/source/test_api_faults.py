"""What would be the same on the next try ends the fetch at once, in one sentence that says all.

Here belong faults that stay. Not here: those that may pass (`test_api_retries`).
"""

import gzip
import json

import pytest

from randomuser_assets.source import RandomUserApi, SourceError, api
from randomuser_assets.source.page import PageRequest
from randomuser_assets_tests.source.scripted_server import (
    Answer,
    Asked,
    ScriptedServer,
    in_chunks,
    page_with,
    people,
    reply,
)

PAGE = PageRequest("day", 1, 3)
LONG = "x" * 10_000


def only_one(asked: Asked) -> bytes:
    """Answer as the API does what it does not understand: with one person, and in silence."""
    page = json.loads(people(asked))
    page["results"] = page["results"][:1]
    page["info"]["results"] = 1
    return json.dumps(page).encode()


def without_info(asked: Asked) -> bytes:
    return json.dumps({"results": json.loads(people(asked))["results"]}).encode()


def one_fewer(asked: Asked) -> bytes:
    page = json.loads(people(asked))
    return json.dumps({**page, "results": page["results"][1:]}).encode()


def one_more(asked: Asked) -> bytes:
    page = json.loads(people(asked))
    return json.dumps({**page, "results": [*page["results"], page["results"][0]]}).encode()


def in_latin_1(asked: Asked) -> bytes:
    return people(asked).decode().encode("latin-1", "replace") + b"\xe9"


@pytest.mark.parametrize(
    ("fault", "came"),
    [
        (reply(only_one), "info.results 1 instead of 3"),
        (reply(page_with(results=2)), "info.results 2 instead of 3"),
        (reply(page_with(results=True)), "info.results True instead of 3"),
        (reply(page_with(page=2)), "info.page 2 instead of 1"),
        (reply(page_with(page=True)), "info.page True instead of 1"),
        (reply(page_with(page="1")), "info.page '1' instead of 1"),
        (reply(page_with(seed="night")), "info.seed 'night' instead of 'day'"),
        (reply(page_with(seed=None)), "info.seed None instead of 'day'"),
        (reply(page_with(version="1.3")), "info.version '1.3' instead of '1.4'"),
        (reply(page_with(version=1.4)), "info.version 1.4 instead of '1.4'"),
        (
            reply(page_with(seed="night", version="2.0")),
            "info.seed 'night' instead of 'day', info.version '2.0' instead of '1.4'",
        ),
        (reply(one_fewer), "2 people in results"),
        (reply(one_more), "4 people in results"),
        (reply(page_with(results_are=[])), "0 people in results"),
        (reply(page_with(results_are={"0": {}})), "results that are no list"),
        (reply(page_with(results_are=None)), "results that are no list"),
        (reply(page_with(results_are="three")), "results that are no list"),
        (reply(without_info), "an object with ['results'] instead of results and info"),
        (reply(b'{"info": {}}'), "an object with ['info'] instead of results and info"),
        (reply(b"{}"), "an object with [] instead of results and info"),
        (reply(b'{"results": [], "info": null}'), "the info of 4 bytes"),
        (reply(b'{"results": [], "info": "none"}'), "the info 'none'"),
        (reply(b'{"results": [], "info": {}}'), "info.seed None instead of 'day', "),
        (reply(b"Not Found", "404 Not Found"), "status 404 Not Found"),
        (reply(b"", "400 Bad Request"), "status 400 Bad Request"),
        (reply(b"", "401 Unauthorized"), "status 401 Unauthorized"),
        (reply(b"", "403 Forbidden"), "status 403 Forbidden"),
        (reply(b"", "204 No Content"), "status 204 No Content"),
        (reply(in_latin_1), "a body that is not UTF-8 (at byte "),
    ],
)
def test_what_would_stay_ends_at_once_and_says_all(fault: Answer, came: str) -> None:
    with ScriptedServer(otherwise=fault) as server:
        with pytest.raises(SourceError) as caught:
            server.client().page(PAGE)
        asked = f"{server.base_url}?results=3&page=1&seed=day"
    assert caught.value.lasting
    assert len(server.asked) == 1
    told = str(caught.value)
    assert told.startswith(f"Asked {asked} for page 1 of seed 'day' with 3 people and got {came}")
    assert told.endswith(
        ". Nothing of that day was stored or replaced. This would be the same on the next try: "
        "check the address, the seed and the version."
    )


@pytest.mark.parametrize(
    "fault",
    [
        reply(page_with(seed=LONG)),
        reply(page_with(version=[LONG])),
        reply(json.dumps({"results": [], "info": LONG}).encode()),
        reply(json.dumps({f"{LONG}{n}": n for n in range(100)}).encode()),
        reply(b"", f"404 {LONG}"),
        reply(b"", "302 Found", Location=f"http://127.0.0.1/{LONG}"),
    ],
    ids=["seed", "version", "info", "names", "reason", "location"],
)
def test_a_source_that_tells_much_is_quoted_in_part(fault: Answer) -> None:
    with ScriptedServer(otherwise=fault) as server, pytest.raises(SourceError) as caught:
        server.client().page(PAGE)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Elsewhere", "308 Elsewhere"])
def test_a_redirect_is_told_and_not_followed(status: str) -> None:
    with ScriptedServer() as target:
        there = target.base_url.replace("//", "//me:secret@")
        moved = reply(b"", status, Location=there)
        with ScriptedServer(otherwise=moved) as server, pytest.raises(SourceError) as caught:
            server.client().page(PAGE)
    assert caught.value.lasting
    assert f"got status {status} to {there.replace('me:secret', '***')}" in str(caught.value)
    assert target.asked == []


@pytest.mark.parametrize("nowhere", ["http://[", "//", "", "http://127.0.0.1:port/", "a:b:c"])
def test_a_redirect_to_nowhere_is_a_redirect(nowhere: str) -> None:
    moved = reply(b"", "301 Moved", Location=nowhere)
    with ScriptedServer(otherwise=moved) as server, pytest.raises(SourceError) as caught:
        server.client(request_budget=0.5).page(PAGE)
    assert caught.value.lasting
    assert "got status 301 Moved" in str(caught.value)


@pytest.mark.parametrize("address", ["randomuser.me/api/1.4/", "ftp://127.0.0.1/", "http://", "x"])
def test_an_address_that_is_none_is_not_tried_again(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises((SourceError, ValueError)) as caught:
        RandomUserApi(address, request_budget=1.5).page(PAGE)
    assert "trying again" not in caplog.text
    assert getattr(caught.value, "lasting", True)


@pytest.mark.parametrize(
    "endless",
    [
        reply(b" " * 50_000_000),
        reply(gzip.compress(b" " * 50_000_000, 1), Content_Encoding="gzip"),
        in_chunks(b" " * 5_000_000),
    ],
    ids=["plain", "gzip", "chunks"],
)
def test_a_body_of_no_sane_size_is_not_read_to_its_end(
    endless: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_MAX_BODY", 1_000_000)
    too_much = pytest.raises(SourceError, match="a body of more than 1000000 bytes")
    with ScriptedServer(otherwise=endless) as server, too_much as caught:
        server.client(timeout=30).page(PAGE)
    assert caught.value.lasting
    assert len(server.asked) == 1
