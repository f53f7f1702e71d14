"""The audit says what is unsafe, and loudly what it could not look at."""

import json
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LOCK = """\
# by make lock
first==1.0 \\
    --hash=sha256:00
second==2.5.1 ; sys_platform == 'win32' \\
    --hash=sha256:00
second==2.6 ; sys_platform != 'win32' \\
    --hash=sha256:00
"""
UNREACHABLE = "http://127.0.0.1:9/"
Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text(LOCK)
    (tmp_path / "code.py").write_text("print(1)\n")
    return tmp_path


def audit(root: Path, database: str = UNREACHABLE, *more: str) -> tuple[int, str]:
    command = [sys.executable, str(ROOT / ".ci/audit.py"), "--root", str(root)]
    command += ["--database", database, *more]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not ended.stderr, ended.stderr
    return ended.returncode, ended.stdout


def asked_of(root: Path, answer: Answer) -> tuple[int, str, list[dict[str, Any]]]:
    """Audit with a database on loopback, and give what it was asked, too."""
    asked: list[dict[str, Any]] = []

    class Database(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, body = answer(asked[-1])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Database) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        code, told = audit(root, f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
    return code, told, asked


def knows(*vulns: str) -> Answer:
    """Know these of the second package asked about, and nothing of the others."""

    def answer(asked: dict[str, Any]) -> tuple[int, bytes]:
        results: list[dict[str, Any]] = [{} for _ in asked["queries"]]
        results[1] = {"vulns": [{"id": each} for each in vulns]}
        return 200, json.dumps({"results": results}).encode()

    return answer


def test_the_database_is_asked_about_what_the_lock_names(project: Path) -> None:
    code, told, asked = asked_of(project, knows())
    assert (code, "0 advisories about 3 packages." in told) == (0, True)
    assert [(q["package"]["name"], q["version"]) for q in asked[0]["queries"]] == [
        ("first", "1.0"),
        ("second", "2.5.1"),
        ("second", "2.6"),
    ]


def test_it_is_asked_about_the_lock_of_the_benchmarks_too(project: Path) -> None:
    (project / ".ci/bench").mkdir(parents=True)
    (project / ".ci/bench/requirements.lock").write_text("third==3 \\\n    --hash=sha256:00\n")
    _, told, asked = asked_of(project, knows())
    assert "0 advisories about 4 packages." in told
    assert asked[0]["queries"][-1]["package"]["name"] == "third"


def test_an_advisory_is_told_and_fails(project: Path) -> None:
    code, told, _ = asked_of(project, knows("GHSA-1", "PYSEC-2"))
    assert code == 1
    assert "second 2.5.1: GHSA-1, https://osv.dev/vulnerability/GHSA-1" in told
    assert "2 advisories" in told


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"not found"),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b'{"results":[{}]}'),
        (200, b'{"results":[1,2,3]}'),
    ],
)
def test_an_answer_that_is_none_is_not_taken_for_good_news(
    project: Path, status: int, body: bytes
) -> None:
    code, told, _ = asked_of(project, lambda _: (status, body))
    assert code == 0
    assert told.startswith("NOT CHECKED: advisories about 3 packages of the locks: ")


def test_without_the_internet_the_rest_is_done_and_said_loudly(project: Path) -> None:
    code, told = audit(project)
    assert code == 0
    assert told.count("NOT CHECKED") == 1
    assert "places of the code" in told
    assert audit(project, UNREACHABLE, "--strict")[0] == 1


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("x = eval(input())", False),
        ("x = eval(input())  # noqa: S307", False),
        ("x = eval(input())  # noqa", False),
        ("x = eval(input())  # noqa: S101  another rule", False),
        ("x = eval(input())  # noqa: S307  a calculator", True),
    ],
)
def test_unsafe_code_needs_a_reason(project: Path, line: str, passes: bool) -> None:
    (project / "code.py").write_text(line + "\n")
    code, told = audit(project)
    assert code == (0 if passes else 1)
    assert ("code.py:1: S307" in told) is not passes


def test_this_project_is_clean() -> None:
    code, told = audit(ROOT)
    assert code == 0, told
