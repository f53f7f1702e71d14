"""The server of the folder: its pages for this machine, and nothing else for nobody else."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from randomuser_assets.report.serve import ReportServer, own_address

PAGE = "<!doctype html><title>A page</title>"
LONG = 30  # seconds within which anything here happens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a page, and with what is none of anybody's business, in it and beside it."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for path in (folder / "quality.html", tmp_path / "outside.html", folder / "notes.txt"):
        path.write_text(PAGE, encoding="utf-8")
    (folder / ".hidden.html").write_text(PAGE, encoding="utf-8")
    (folder / "linked.html").symlink_to(tmp_path / "outside.html")
    (folder / "folder.html").mkdir()
    os.mkfifo(folder / "pipe.html")
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[ReportServer]:
    with ReportServer(folder, "127.0.0.1", 0) as running:
        thread = Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(
    server: ReportServer, path: str, method: str = "GET", host: str | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for exactly this path, which no client has tidied up."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=LONG)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{server.server_port}")
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_a_page_is_given_as_it_is_and_kept_nowhere(server: ReportServer) -> None:
    answer, body = ask(server, "/quality.html")
    assert (answer.status, body.decode()) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Python" not in answer.headers["Server"]


def test_only_the_head_is_given_where_only_that_was_asked_for(server: ReportServer) -> None:
    answer, body = ask(server, "/quality.html", "HEAD")
    assert (answer.status, body) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(PAGE))


def test_the_index_names_the_pages_and_nothing_else(server: ReportServer) -> None:
    _, body = ask(server, "/")
    assert body.decode().count("<li>") == 1
    assert '<a href="/quality.html">' in body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/notes.txt",
        "/.hidden.html",
        "/linked.html",
        "/folder.html",
        "/folder.html/",
        "/pipe.html",
        "/missing.html",
        "/../outside.html",
        "/%2e%2e/outside.html",
        "/..%2foutside.html",
        "/./quality.html",
        "/quality.html/",
        "/quality.html%00.txt",
        "/QUALITY.HTML",
        "quality.html",
        "http://elsewhere.example/quality.html",
        "*",
    ],
)
def test_nothing_else_is_given(server: ReportServer, path: str) -> None:
    answer, body = ask(server, path)
    assert (answer.status, body) == (404, b"Not Found\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X"])
def test_nothing_can_be_done_but_read(server: ReportServer, method: str) -> None:
    answer, body = ask(server, "/quality.html", method)
    assert answer.status == 501
    assert PAGE not in body.decode()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:3001", 200),
        ("127.0.0.1", 200),
        ("[::1]:3001", 200),
        ("elsewhere.example", 421),
        ("elsewhere.example:3001", 421),
        ("127.0.0.1.elsewhere.example", 421),
        ("localhost.elsewhere.example", 421),
        ("10.0.0.1", 421),
        ("[::1", 421),
        (" ", 421),
    ],
)
def test_only_who_asks_for_this_machine_is_answered(
    server: ReportServer, host: str, status: int
) -> None:
    answer, body = ask(server, "/quality.html", host=host)
    assert answer.status == status
    assert (PAGE in body.decode()) == (status == 200)


@pytest.mark.parametrize(
    "request_text",
    [
        b"GET /quality.html HTTP/1.1\r\n\r\n",
        b"GET /quality.html HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\n\r\n",
        b"GET /quality.html\r\n\r\n",
        b"\x16\x03\x01 nonsense\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
def test_a_request_that_is_none_gets_nothing(server: ReportServer, request_text: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=LONG) as client:
        client.sendall(request_text)
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert PAGE.encode() not in answer
    assert ask(server, "/quality.html")[0].status == 200


def test_before_there_is_a_folder_there_are_no_pages(tmp_path: Path) -> None:
    with ReportServer(tmp_path / "later", "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        assert ask(server, "/quality.html")[0].status == 404
        assert b"None yet" in ask(server, "/")[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:3001", ("127.0.0.1", 3001)),
        ("http://localhost:3001", ("127.0.0.1", 3001)),
        ("http://[::1]:3001", ("::1", 3001)),
        ("http://127.0.0.1", None),
        ("https://127.0.0.1:3001", None),
        ("http://reports.example:3001", None),
        ("http://0.0.0.0:3001", None),
        ("http://127.0.0.1:3001/below", None),
    ],
)
def test_only_an_address_of_this_machine_is_ours_to_serve(
    url: str, address: tuple[str, int] | None
) -> None:
    assert own_address(url) == address


# Beside another process

BESIDE = """
    import os, sys
    from pathlib import Path
    from randomuser_assets.report.serve import serve_beside

    print(serve_beside(Path(sys.argv[1]), sys.argv[2]), flush=True)
    os.execv(sys.executable, [sys.executable, "-c", "print('the UI', flush=True); input()"])
"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def beside(folder: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A process that starts the server and then becomes another one."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(BESIDE), str(folder), f"http://127.0.0.1:{port}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        if process.poll() is None:
            process.kill()


def said(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout
    return [process.stdout.readline().strip() for _ in range(2)]


def answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
        connection.request("GET", "/quality.html")
        return connection.getresponse().read().decode() == PAGE
    except (ConnectionError, http.client.HTTPException):  # it may end in the middle
        return False


def ends(port: int) -> bool:
    """Wait until nothing answers any more."""
    deadline = time.monotonic() + LONG
    while answers(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_the_server_goes_on_when_its_process_becomes_another(
    beside: "subprocess.Popen[str]", port: int
) -> None:
    assert said(beside) == [f"Reports at http://127.0.0.1:{port}", "the UI"]
    assert answers(port)


def test_the_server_ends_with_the_process(beside: "subprocess.Popen[str]", port: int) -> None:
    said(beside)
    beside.communicate("\n", timeout=LONG)
    assert beside.returncode == 0
    assert ends(port)


def test_the_server_ends_even_with_a_process_that_is_killed(
    beside: "subprocess.Popen[str]", port: int
) -> None:
    said(beside)
    beside.kill()
    assert ends(port)


def test_ctrl_c_leaves_the_server_until_the_process_has_ended(
    beside: "subprocess.Popen[str]", port: int
) -> None:
    said(beside)
    os.killpg(beside.pid, signal.SIGINT)
    beside.wait(LONG)
    assert ends(port)


def test_a_port_that_is_taken_is_told_and_stops_nothing(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(BESIDE), folder, f"http://127.0.0.1:{port}"],
            input="\n",
            capture_output=True,
            text=True,
            timeout=LONG,
            check=False,
        )
    sentence, ui = ended.stdout.splitlines()
    assert sentence.startswith(f"The reports are not served: 127.0.0.1 port {port} cannot be used")
    assert sentence.endswith("set RANDOMUSER_REPORTS_URL to another port.")
    assert (ui, ended.returncode) == ("the UI", 0)
