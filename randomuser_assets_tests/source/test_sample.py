"""The stand-in speaks the API's contract over real HTTP.

Here belongs what a client sees: which people a request draws, what becomes of a wrong one,
connections and limits. Not here: what is in a person (`test_sample_people`).
"""

import http.client
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from randomuser_assets.source.sample import SampleApi
from randomuser_assets.source.sample.words import NATIONALITIES

Record = dict[str, Any]


@pytest.fixture(scope="module")
def api() -> Iterator[SampleApi]:
    with SampleApi() as running:
        yield running


def ask(api: SampleApi, **parameters: object) -> Record:
    response = requests.get(
        api.base_url, params={name: str(value) for name, value in parameters.items()}, timeout=30
    )
    assert response.status_code == 200
    answered: Record = response.json()
    return answered


def drawn(api: SampleApi, **parameters: object) -> list[Record]:
    records: list[Record] = ask(api, **parameters)["results"]
    return records


def without_ages(records: list[Record]) -> list[Record]:
    for record in records:
        for moment in ("dob", "registered"):
            del record[moment]["age"]
    return records


def uuids(records: list[Record]) -> list[str]:
    return [record["login"]["uuid"] for record in records]


# What a request draws


def test_the_same_request_draws_the_same_people(api: SampleApi) -> None:
    first, second = (drawn(api, seed="twice", results=50, page=3) for _ in range(2))
    assert without_ages(first) == without_ages(second)


def test_a_short_page_is_the_head_of_a_long_one(api: SampleApi) -> None:
    long = drawn(api, seed="size", page=2, results=200)
    assert drawn(api, seed="size", page=2, results=10) == long[:10]


def test_pages_and_seeds_are_streams_of_their_own(api: SampleApi) -> None:
    seen = [
        uuid
        for seed in ("branch", "twig")
        for page in (1, 2, 3)
        for uuid in uuids(drawn(api, seed=seed, page=page, results=100))
    ]
    assert len(set(seen)) == len(seen) == 600


def test_seed_and_page_are_one_text(api: SampleApi) -> None:
    twelve = drawn(api, seed="branch", page=12, results=5)
    assert drawn(api, seed="branch1", page=2, results=5) == twelve
    assert drawn(api, seed="branch12", page=1, results=5) == twelve


def test_a_missing_seed_is_made_up_and_told(api: SampleApi) -> None:
    first, second = ask(api), ask(api, seed="")
    assert re.fullmatch("[0-9a-f]{16}", first["info"]["seed"])
    assert first["info"]["seed"] != second["info"]["seed"]
    assert drawn(api, seed=first["info"]["seed"]) == first["results"]


def test_a_nationality_changes_the_people_but_not_the_uuids(api: SampleApi) -> None:
    anyone = drawn(api, seed="who", results=100)
    some = drawn(api, seed="who", results=100, nat="fr,IR,xx")
    assert {record["nat"] for record in some} == {"FR", "IR"}
    assert uuids(some) == uuids(anyone)
    assert [record["name"] for record in some] != [record["name"] for record in anyone]


@pytest.mark.parametrize("gender", ["male", "female"])
def test_a_gender_changes_the_people_but_not_the_uuids(api: SampleApi, gender: str) -> None:
    chosen = drawn(api, seed="who", results=100, gender=gender)
    assert {record["gender"] for record in chosen} == {gender}
    assert uuids(chosen) == uuids(drawn(api, seed="who", results=100))


def test_a_seed_of_eighteen_characters_draws_one_nation(api: SampleApi) -> None:
    seed = "0123456789abcdef03"
    answered = ask(api, seed=seed, results=50)
    assert {record["nat"] for record in answered["results"]} == {NATIONALITIES[3]}
    assert answered["info"]["seed"] != seed
    assert ask(api, seed=seed[:-1], results=1)["info"]["seed"] == seed[:-1]


def test_fields_can_be_chosen_and_left_out(api: SampleApi) -> None:
    whole = drawn(api, seed="few", results=3)
    chosen = drawn(api, seed="few", results=3, inc="nat,name,login,nothing", exc="login")
    assert chosen == [{key: record[key] for key in ("name", "nat")} for record in whole]
    assert list(drawn(api, seed="few", exc="login,id")[0]) == [
        key for key in whole[0] if key not in ("login", "id")
    ]


# What is not understood


@pytest.mark.parametrize("results", ["0", "-1", "5001", "99999", "abc", "", "1.5", "٣"])
def test_a_wrong_number_of_results_is_one_user(api: SampleApi, results: str) -> None:
    answered = ask(api, seed="clamp", results=results)
    assert answered["info"] == {"seed": "clamp", "results": 1, "page": 1, "version": "1.4"}
    assert len(answered["results"]) == 1


@pytest.mark.parametrize("page", ["0", "-1", "10001", "x", ""])
def test_a_wrong_page_is_the_first(api: SampleApi, page: str) -> None:
    answered = ask(api, seed="clamp", page=page)
    assert answered["info"]["page"] == 1
    assert answered["results"] == drawn(api, seed="clamp")


def test_other_wrong_values_are_ignored(api: SampleApi) -> None:
    wrong = drawn(api, seed="odd", results=9, nat="zz", gender="none", inc="zz", exc="zz", x="y")
    assert wrong == drawn(api, seed="odd", results=9)


def test_the_seed_comes_back_whatever_it_is(api: SampleApi) -> None:
    for seed in ('quo"te', "sea+son & co", "дата 🐫", "back\\slash", "50%"):
        assert ask(api, seed=seed)["info"]["seed"] == seed


@pytest.mark.parametrize("path", ["/api/1.4/", "/api/1.4", "/api/", "/api"])
def test_the_version_and_the_last_slash_may_be_left_out(api: SampleApi, path: str) -> None:
    url = urljoin(api.base_url, path)
    answered = requests.get(url, params={"seed": "path"}, timeout=30).json()
    assert answered["info"]["version"] == "1.4"
    assert answered["results"] == drawn(api, seed="path")


@pytest.mark.parametrize("path", ["/", "/api/1.5/", "/api/1.3/", "/api/1.4/x", "/apis"])
def test_other_paths_are_not_found(api: SampleApi, path: str) -> None:
    response = requests.get(urljoin(api.base_url, path), timeout=30)
    assert (response.status_code, response.text) == (404, "Not Found")


# HTTP


def test_gzip_is_given_to_those_who_take_it(api: SampleApi) -> None:
    def get(accepted: str) -> requests.Response:
        parameters = {"seed": "zip", "results": "50"}
        headers = {"Accept-Encoding": accepted}
        return requests.get(api.base_url, params=parameters, headers=headers, timeout=30)

    plain, zipped = get("identity"), get("br, gzip")
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert zipped.json() == plain.json()
    assert "Content-Encoding" not in get("gzip;q=0").headers


def test_the_body_is_compact_utf_8(api: SampleApi) -> None:
    response = requests.get(api.base_url, params={"nat": "ir", "results": "5"}, timeout=30)
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.content.decode("utf-8").startswith('{"results":[{"gender":"')
    assert b"\\u" not in response.content


def test_a_connection_serves_many_requests(api: SampleApi) -> None:
    connection = http.client.HTTPConnection(urlsplit(api.base_url).netloc, timeout=30)
    connection.connect()
    ends = set()
    for page in range(1, 4):
        connection.request("GET", f"/api/?seed=keep&page={page}")
        assert connection.getresponse().read()
        ends.add(connection.sock.getsockname())
    connection.request("GET", "/nowhere")
    assert connection.getresponse().read() == b"Not Found"
    ends.add(connection.sock.getsockname())
    connection.close()
    assert len(ends) == 1


def test_many_clients_are_served_at_once(api: SampleApi) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda page: drawn(api, seed="many", page=page, results=40), range(1, 25))
        )
    assert len({uuid for records in answers for uuid in uuids(records)}) == 24 * 40


def test_who_has_drawn_the_limit_gets_nothing_more() -> None:
    with SampleApi(limit=100) as limited:
        assert len(drawn(limited, results=60)) == 60
        assert len(drawn(limited, results=60)) == 60
        for url in (limited.base_url, urljoin(limited.base_url, "/nowhere")):
            refused = requests.get(url, timeout=30)
            assert refused.status_code == 429
            assert refused.json()["error"].startswith("Whoa, ease up there cowboy. ")
            assert "Retry-After" not in refused.headers


def test_after_the_window_the_limit_begins_anew() -> None:
    with SampleApi(limit=10, window=0.2) as limited:
        assert len(drawn(limited, results=10)) == 10
        while requests.get(limited.base_url, timeout=30).status_code == 429:
            sleep(0.01)


def test_the_limit_holds_for_clients_at_once() -> None:
    with SampleApi(limit=100) as limited, ThreadPoolExecutor(8) as pool:
        statuses = Counter(
            pool.map(
                lambda _: requests.get(limited.base_url, {"results": "10"}, timeout=30).status_code,
                range(40),
            )
        )
    assert statuses == {200: 10, 429: 30}


def test_the_end_frees_the_port_and_ends_kept_connections() -> None:
    with SampleApi() as api, requests.Session() as session:
        url, port = api.base_url, urlsplit(api.base_url).port or 0
        assert session.get(url, timeout=30).ok
        api.__exit__(None, None, None)
        with pytest.raises(requests.ConnectionError):
            session.get(url, timeout=30)
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
    with SampleApi(port=port) as again:
        assert again.base_url == url
        assert requests.get(url, timeout=30).ok


def test_a_client_that_goes_away_is_nobodys_fault(
    api: SampleApi, capfd: pytest.CaptureFixture[str]
) -> None:
    address = urlsplit(api.base_url)
    assert address.hostname
    assert address.port
    for _ in range(3):
        with socket.create_connection((address.hostname, address.port), timeout=30) as client:
            client.sendall(b"GET /api/?results=2000 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert drawn(api, seed="after")
    assert capfd.readouterr() == ("", "")


def test_an_address_is_known_only_while_it_runs() -> None:
    api = SampleApi()
    with pytest.raises(RuntimeError, match="only while it runs"):
        _ = api.base_url
    with api, pytest.raises(RuntimeError, match="running already"):
        api.__enter__()


def test_served_by_hand_it_ends_with_ctrl_c_and_says_nothing() -> None:
    program = (
        "from randomuser_assets.source.sample import SampleApi\n"
        "with SampleApi() as api:\n"
        "    print(api.base_url, flush=True)\n"
        "    api.serve_forever()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout
        assert requests.get(served.stdout.readline().strip(), timeout=30).ok
        served.send_signal(signal.SIGINT)
        assert served.communicate(timeout=30) == ("", "")
        assert served.returncode == 0
