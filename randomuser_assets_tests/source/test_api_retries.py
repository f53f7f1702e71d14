"""What may pass is tried again, is told, and ends in one error when the budget is spent.

Here belong faults that may pass. Not here: those that would stay (`test_api_faults`).
"""

import logging
import re
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise, repeat
from threading import Event

import pytest

from randomuser_assets.source import RandomUserApi, SourceError, api
from randomuser_assets.source.page import Page, PageRequest
from randomuser_assets_tests.source.scripted_server import (
    Answer,
    Line,
    ScriptedServer,
    as_asked,
    cut_by_chunk,
    cut_by_length,
    cut_in_gzip,
    cut_unseen,
    drip,
    free_port,
    hang_up,
    head,
    reply,
    reset,
    reset_in_body,
    silence,
)

PAGE = PageRequest("day", 1, 3)
LIMIT = b'{"error": "Whoa, ease up there cowboy."}'
SORRY = b'{"error": "Uh oh, something has gone wrong."}'
HTML = b"<html><body>Bad gateway</body></html>"
SOON = 0.5  # seconds, where a client is to give up
DROPS = 150  # more than any client here should wait for
BUSY = reply(b"", "503 Service Unavailable")


pytestmark = pytest.mark.usefixtures("quick_waits")


def waits(caplog: pytest.LogCaptureFixture) -> list[float]:
    """Give the waits that were told of, in their order."""
    told = [record.args for record in retries(caplog)]
    return [float(str(args[-1])) for args in told if isinstance(args, tuple)]


def retries(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == api.__name__]


def dripping(start: bytes, drop: bytes) -> tuple[Answer, Event]:
    """Answer a drop at a time, and know whether the client waited for the last."""
    waited_for_all = Event()

    def drops() -> Iterable[bytes]:
        yield from repeat(drop, DROPS)
        waited_for_all.set()

    return drip(start, drops()), waited_for_all


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (hang_up, "no connection, or one that was cut"),
        (reset, "no connection, or one that was cut"),
        (reset_in_body, "a body that was cut off"),
        (cut_by_length, "a body that was cut off"),
        (cut_by_chunk, "a body that was cut off"),
        (cut_unseen, r"\d+ bytes that are no JSON object"),
        (silence, "no answer in time"),
        (reply(b"", "500 Oops"), "status 500 Oops"),
        (reply(HTML, "502 Bad Gateway"), "status 502 Bad Gateway"),
        (BUSY, "status 503 Service Unavailable"),
        (reply(b"", "504 Late"), "status 504 Late"),
        (reply(b"", "408 Request Timeout"), "status 408 Request Timeout"),
        (reply(LIMIT, "429 Too Many"), "status 429 Too Many"),
        (reply(SORRY, "500 Oops"), "status 500 Oops"),
        (reply(SORRY), "the error 'Uh oh, something has gone wrong.'"),
        (reply(b'{"error": {"code": 1}}'), "the error of 11 bytes"),
        (reply(HTML), "37 bytes that are no JSON object"),
        (reply(b""), "0 bytes that are no JSON object"),
        (reply(b"[]"), "2 bytes that are no JSON object"),
        (reply(b"\xef\xbb\xbf"), "3 bytes that are no JSON object"),
        (cut_in_gzip, r"\d+ bytes that are no JSON object|a body that "),
        (reply(b"no gzip", Content_Encoding="gzip"), "a body that is not the gzip it says it is"),
    ],
)
def test_what_may_pass_is_tried_again_and_told(
    fault: Answer, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedServer({1: [fault, fault]}) as server:
        page = server.client(timeout=SOON if fault is silence else 10).page(PAGE)
    assert len(page.payloads) == 3
    assert server.pages_asked == [1, 1, 1]
    for attempt, record in enumerate(retries(caplog), 1):
        assert re.fullmatch(
            rf"page 1 of seed 'day' with 3 people, attempt {attempt}: got ({told}).*; "
            r"trying again in \d+\.\d s",
            record.getMessage(),
        )
        assert record.levelname == "WARNING"
    assert len(retries(caplog)) == 2


def test_a_source_that_is_not_up_yet_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    server = ScriptedServer(port=free_port())
    log = logging.getLogger("waits for a source")
    with ExitStack() as running:

        def start(record: logging.LogRecord) -> bool:
            if "attempt 1:" in record.getMessage():
                running.enter_context(server)
            return True

        log.addFilter(start)
        client = RandomUserApi(server.base_url, timeout=5, request_budget=20, log=log)
        assert len(client.page(PAGE).payloads) == 3
    assert "got no connection, or one that was cut" in caplog.text


def test_the_error_of_a_server_that_echoes_much_is_told_in_part(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ScriptedServer({1: [reply(b'{"error": "%b"}' % (b"x" * 10_000))]}) as server:
        server.client().page(PAGE)
    assert all(len(record.getMessage()) < 250 for record in retries(caplog))


# Slow ones


def test_a_body_that_drips_in_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    dripped, waited_for_all = dripping(head(Content_Length=100_000), b"x")
    with ScriptedServer({1: [dripped]}) as server:
        server.client(timeout=SOON).page(PAGE)
    assert not waited_for_all.is_set()
    assert "bytes in 1 s, which is too slow" in caplog.text


def test_a_zipped_body_that_drips_in_is_given_up() -> None:
    # A name may stand before the data, and may be of any length.
    start = head(Content_Encoding="gzip") + bytes.fromhex("1f8b0808000000000003")
    dripped, waited_for_all = dripping(start, b"x")
    with ScriptedServer({1: [dripped]}) as server:
        server.client(timeout=SOON).page(PAGE)
    assert not waited_for_all.is_set()


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-Long: "], ids=["status", "header"])
def test_a_head_that_drips_in_is_given_up(start: bytes) -> None:
    dripped, waited_for_all = dripping(start, b"x")
    with ScriptedServer({1: [dripped]}) as server:
        server.client(timeout=SOON, request_budget=2).page(PAGE)
    assert not waited_for_all.is_set()


# How long it waits


def test_each_wait_is_longer_than_the_one_before(caplog: pytest.LogCaptureFixture) -> None:
    with ScriptedServer({1: [BUSY] * 5}) as server:
        server.client().page(PAGE)
    assert len(waits(caplog)) == 5
    assert all(earlier < later for earlier, later in pairwise(waits(caplog)))


def test_clients_do_not_wait_in_step(caplog: pytest.LogCaptureFixture) -> None:
    with ScriptedServer({page: [BUSY] for page in range(1, 9)}) as server:
        server.client().users("day", 24)
    assert len(set(waits(caplog))) == 8


@pytest.mark.parametrize("status", ["429 Too Many", "503 Service Unavailable"])
def test_seconds_asked_for_are_waited(status: str, caplog: pytest.LogCaptureFixture) -> None:
    with ScriptedServer({1: [reply(LIMIT, status, Retry_After=1)]}) as server:
        server.client().page(PAGE)
    assert waits(caplog) == [1.0]


def test_a_moment_asked_for_is_waited_until(caplog: pytest.LogCaptureFixture) -> None:
    def later(line: Line) -> None:
        moment = datetime.now(UTC) + timedelta(seconds=2)
        reply(LIMIT, "429 Too Many", Retry_After=format_datetime(moment, usegmt=True))(line)

    with ScriptedServer({1: [later]}) as server:
        server.client().page(PAGE)
    assert [wait for wait in waits(caplog) if 0.1 < wait <= 2] == waits(caplog) != []


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "Wed, 21 Oct 2015 07:28:00 -0000",
        "Wed, 99 Oct 2015 99:99:99 GMT",
        "Wed, 21 Oct 99999999999999999999 07:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +99999999999999",
    ],
)
def test_a_wait_that_cannot_be_read_is_the_usual_one(
    nonsense: str, caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedServer({1: [reply(LIMIT, "429 Too Many", Retry_After=nonsense)]}) as server:
        server.client().page(PAGE)
    assert all(0 < wait < 0.1 for wait in waits(caplog))
    assert len(waits(caplog)) == 1


@pytest.mark.parametrize("now", ["0", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_server_that_says_now_is_not_asked_without_pause(
    now: str, caplog: pytest.LogCaptureFixture
) -> None:
    with ScriptedServer({1: [reply(LIMIT, "429 Too Many", Retry_After=now)] * 3}) as server:
        server.client().page(PAGE)
    assert all(wait > 0 for wait in waits(caplog))


# The end of patience


def test_a_spent_budget_is_an_error_that_may_pass() -> None:
    with ScriptedServer(otherwise=BUSY) as server:
        with pytest.raises(SourceError) as caught:
            server.client(request_budget=0.3).page(PAGE)
        asked = f"{server.base_url}?results=3&page=1&seed=day"
    assert not caught.value.lasting
    assert re.fullmatch(
        rf"Asked {re.escape(asked)} for page 1 of seed 'day' with 3 people and got status 503 "
        rf"Service Unavailable \({len(server.asked)} tries; it may take 0\.3 s or 50 tries\)\. "
        r"Nothing of that day was stored or replaced\. This may pass: try again later, or raise "
        r"RANDOMUSER_REQUEST_BUDGET and RANDOMUSER_REQUEST_TRIES\.",
        str(caught.value),
    )
    assert len(server.asked) > 1


def test_a_spent_number_of_tries_is_one_too() -> None:
    with (
        ScriptedServer(otherwise=BUSY) as server,
        pytest.raises(SourceError, match=r"\(3 tries; it may take 20 s or 3 tries\)") as caught,
    ):
        server.client(request_tries=3).page(PAGE)
    assert not caught.value.lasting
    assert len(server.asked) == 3


@pytest.mark.parametrize("wait", [3600, "9" * 400])
def test_a_wait_longer_than_the_budget_is_not_begun(wait: object) -> None:
    later = reply(LIMIT, "429 Too Many", Retry_After=wait)
    refused = pytest.raises(SourceError, match="status 429")
    with ScriptedServer(otherwise=later) as server, refused as caught:
        server.client().page(PAGE)
    assert not caught.value.lasting
    assert len(server.asked) == 1


def test_a_page_that_cannot_be_had_stops_the_others() -> None:
    second_waits = Event()

    def gone(line: Line) -> None:
        assert second_waits.wait(20)
        reply(b"Not Found", "404 Not Found")(line)

    def told(record: logging.LogRecord) -> bool:
        if "page 2 of" in record.getMessage():
            second_waits.set()
        return True

    log = logging.getLogger("stops the others")
    log.addFilter(told)
    script: dict[int, list[Answer]] = {1: [gone], 2: [reply(b"", "503 Busy", Retry_After=300)]}
    with ScriptedServer(script) as server:
        client = server.client(connections=2, timeout=30, request_budget=420, log=log)
        with pytest.raises(SourceError, match="page 1 of"):
            client.users("day", 600)
    assert server.pages_asked.count(2) == 1
    assert len(server.asked) < 100


def test_what_a_taker_raises_ends_the_fetch() -> None:
    def full(page: Page) -> None:
        raise OSError(28, "No space left on device", page.request.page)

    with ScriptedServer() as server, pytest.raises(OSError, match="No space"):
        server.client(connections=1).fetch([(PageRequest("day", n, 3), full) for n in (1, 2, 3)])
    assert server.pages_asked in ([1], [1, 2])


def test_a_client_can_be_used_again_after_a_failed_fetch() -> None:
    with ScriptedServer({1: [reply(b"", "404 Not Found")]}) as server:
        client = server.client()
        with pytest.raises(SourceError):
            client.users("day", 6)
        assert len(client.users("day", 6)) == 6


def test_what_comes_late_is_still_taken() -> None:
    def after_a_while(line: Line) -> None:
        line.pause(0.2)
        as_asked(line)

    with ScriptedServer(otherwise=after_a_while) as server:
        assert len(server.client().users("day", 6)) == 6
    assert server.pages_asked == [1, 2]
