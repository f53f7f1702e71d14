"""The client asks for the pages it needs, a few at a time, and makes a frame of them.

Here belongs what happens when all goes well. Not here: what is tried again (`test_api_retries`)
and what ends a fetch (`test_api_faults`).
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Event, Lock

import pandas as pd
import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.source import RandomUserApi, SourceError
from randomuser_assets.source.page import Page, page_requests
from randomuser_assets.source.sample import SampleApi
from randomuser_assets_tests.source.scripted_server import (
    KEY,
    Asked,
    Line,
    ScriptedServer,
    as_asked,
    free_port,
    in_chunks,
    people,
    reply,
)

LEAVES = [column.name for column in MODEL.leaves]


@pytest.fixture(scope="module")
def sample() -> Iterator[SampleApi]:
    with SampleApi() as running:
        yield running


def fetched(api: RandomUserApi, seed: str, users: int) -> list[Page]:
    pages: list[Page] = []
    api.fetch((request, pages.append) for request in page_requests(seed, users, api.page_size))
    return sorted(pages, key=lambda page: page.request.page)


# What is asked


def test_people_are_asked_for_in_pages_and_the_last_is_smaller() -> None:
    with ScriptedServer() as server:
        pages = fetched(server.client(page_size=500, timeout=30), "day", 1200)
    assert sorted(asked.query for asked in server.asked) == [
        "results=200&page=3&seed=day",
        "results=500&page=1&seed=day",
        "results=500&page=2&seed=day",
    ]
    assert [len(page.payloads) for page in pages] == [500, 500, 200]


@pytest.mark.parametrize(
    ("users", "size", "results"),
    [(1, 500, [1]), (500, 500, [500]), (501, 500, [500, 1]), (3, 1, [1, 1, 1]), (0, 500, [])],
)
def test_pages_add_up_to_the_people(users: int, size: int, results: list[int]) -> None:
    wanted = page_requests("day", users, size)
    assert [request.results for request in wanted] == results
    assert [request.page for request in wanted] == list(range(1, len(results) + 1))


def test_a_seed_is_sent_as_it_is() -> None:
    seed = 'sea+son & "co" 50% дата'
    with ScriptedServer() as server:
        fetched(server.client(), seed, 3)
    assert server.asked[0].parameters["seed"] == seed


def test_an_address_needs_no_last_slash(sample: SampleApi) -> None:
    assert len(RandomUserApi(sample.base_url.rstrip("/")).users("slash", 3)) == 3


def test_gzip_is_asked_for_and_read() -> None:
    with ScriptedServer() as server:
        zipped = fetched(server.client(), "zip", 3)
    assert server.asked[0].headers["Accept-Encoding"] == "gzip"
    with ScriptedServer(otherwise=reply()) as plain:
        assert fetched(plain.client(), "zip", 3)[0].payloads == zipped[0].payloads


def test_a_body_in_chunks_is_read() -> None:
    with ScriptedServer(otherwise=in_chunks()) as server:
        assert len(fetched(server.client(), "day", 3)[0].payloads) == 3


def test_as_many_pages_are_fetched_at_a_time_as_there_are_connections() -> None:
    together, lock, open_now, most = Barrier(3), Lock(), 0, 0

    def in_threes(line: Line) -> None:
        nonlocal open_now, most
        with lock:
            open_now += 1
            most = max(most, open_now)
        together.wait(timeout=20)  # breaks, and so fails the fetch, when fewer come
        line.pause(0.05)  # time for one too many to show up
        with lock:
            open_now -= 1
        as_asked(line)

    with ScriptedServer(otherwise=in_threes) as server:
        fetched(server.client(connections=3, timeout=30), "day", 27)
    assert server.pages_asked == list(range(1, 10))
    assert most == 3


def test_an_address_of_this_machine_is_reached_without_the_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with ScriptedServer() as server:
        fetched(server.client(request_budget=0.2), "day", 3)


@pytest.mark.usefixtures("quick_waits")
def test_the_fair_use_limit_is_waited_for() -> None:
    with SampleApi(limit=20, window=0.5) as limited:
        api = RandomUserApi(limited.base_url, page_size=10, timeout=5, request_budget=60)
        assert len(fetched(api, "limit", 60)) == 6


@pytest.mark.parametrize("ask", ["users", "page"])
def test_a_seed_of_eighteen_characters_is_refused_with_the_reason(ask: str) -> None:
    seed = "0123456789abcdef03"
    with ScriptedServer() as server:
        api = server.client()
        with pytest.raises(
            ValueError, match=r"exactly 18 characters: the API reads .* nationality"
        ):
            api.users(seed, 3) if ask == "users" else api.page(page_requests(seed, 3, 3)[0])
    assert server.asked == []


# What comes of it


def test_three_lines_give_a_frame_of_people(sample: SampleApi) -> None:
    api = RandomUserApi(sample.base_url)
    people = api.users(seed="hello", results=1000)
    assert isinstance(people, pd.DataFrame)
    assert len(people) == 1000
    assert set(people.columns) == set(LEAVES)
    assert people["login_uuid"].is_unique
    assert people["login_password_hmac"].str.fullmatch("[0-9a-f]{64}").all()


def test_the_frame_has_the_columns_of_flattened_users_in_their_order(sample: SampleApi) -> None:
    assert list(RandomUserApi(sample.base_url).users("hello", 20).columns) == LEAVES


def test_nobody_is_a_frame_without_rows_and_with_all_columns(sample: SampleApi) -> None:
    people = RandomUserApi(sample.base_url).users("hello", 0)
    assert people.empty
    assert set(people.columns) == set(LEAVES)


def test_people_without_a_document_have_null_for_its_number(sample: SampleApi) -> None:
    people = RandomUserApi(sample.base_url).users("hello", 300)
    without = people[people["id_name"] == ""]
    assert 0 < len(without) < 300
    assert without["id_value_hmac"].isna().all()


def test_the_frame_is_in_the_order_of_pages_however_they_come() -> None:
    second_came = Event()

    def first(line: Line) -> None:
        assert second_came.wait(20)
        as_asked(line)

    def second(line: Line) -> None:
        as_asked(line)
        second_came.set()

    with ScriptedServer({1: [first], 2: [second]}) as server:
        late = server.client(timeout=30).users("order", 6)
    with ScriptedServer() as server:
        pd.testing.assert_frame_equal(server.client().users("order", 6), late)


def test_the_same_key_gives_the_same_hashes_and_no_key_gives_others() -> None:
    with ScriptedServer() as server:
        first, same = (server.client().users("key", 3) for _ in range(2))
        other, another = (server.client(key=None).users("key", 3) for _ in range(2))
    hashes = [list(frame["login_password_hmac"]) for frame in (first, same, other, another)]
    assert hashes[0] == hashes[1]
    assert len({tuple(hashed) for hashed in hashes}) == 3


@pytest.mark.parametrize(
    "odd",
    [b"9" * 5000, b"1e999", b"NaN", b"tru", b'"\\ud800"', b"[" * 5000 + b"]" * 5000],
    ids=["5,000 digits", "1e999", "NaN", "tru", "lone surrogate", "5,000 deep"],
)
def test_one_odd_record_does_not_cost_the_frame(odd: bytes) -> None:
    def body(asked: Asked) -> bytes:
        return people(asked).replace(b'{"gender"', b'{"odd":%b,"gender"' % odd, 1)

    with ScriptedServer(otherwise=reply(body)) as server:
        assert len(server.client().users("odd", 3)) == 3


# What is not told


def test_neither_key_nor_password_is_in_what_a_client_says_of_itself() -> None:
    api = RandomUserApi("http://me:secret@127.0.0.1/api/", key=KEY)
    assert repr(api) == "RandomUserApi('http://***@127.0.0.1/api/')"
    for text in (repr(api), str(api), repr(api.door), str(vars(api))):
        assert KEY.decode() not in text
        assert KEY.hex() not in text


@pytest.mark.usefixtures("quick_waits")
@pytest.mark.parametrize("password", ["secret", "se@cret", "se%40cret", "se:cret", "se cret"])
def test_a_password_in_the_address_is_used_and_never_told(
    password: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    busy = reply(b"", "503 Busy")
    gone = reply(b"", "301 Moved", Location=f"http://me:{password}@127.0.0.1:1/")
    with ScriptedServer({1: [busy, as_asked], 2: [busy, gone]}) as server:
        address = server.base_url.replace("//", f"//me:{password}@")
        api = RandomUserApi(address, key=KEY, page_size=3)
        with pytest.raises(SourceError) as caught:
            api.users("day", 6)
    assert all(asked.headers["Authorization"].startswith("Basic ") for asked in server.asked)
    told = [repr(api), str(caught.value), caplog.text]
    assert not [text for text in told if "cret" in text]


def test_nothing_is_written_anywhere_but_where_the_caller_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ScriptedServer() as server:
        server.client().users("day", 6)
    assert list(tmp_path.iterdir()) == []
