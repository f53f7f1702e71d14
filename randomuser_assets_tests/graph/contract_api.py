"""An API for tests: it answers as the contract says, over real HTTP, with the test's own people.

Written from the contract alone and sharing nothing with the built-in stand-in, so that the
pipeline cannot agree with a fault of its own source.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

PATH = "/api/1.4/"


@dataclass(frozen=True)
class Asked:
    """A request as the API understands it: what is out of bounds has silently become 1."""

    seed: str
    page: int
    results: int


@dataclass(frozen=True)
class Answer:
    """What is answered: `retry_after` is what a proxy may add, and the API itself does not."""

    status: int
    body: bytes
    retry_after: int | None = None


People = Callable[[Asked], list[str]]
"""Gives the people of a page, each as the JSON text of one record."""

Fault = Callable[[Asked], Answer | None]


def no_fault(_: Asked) -> Answer | None:
    return None


@dataclass
class ContractApi:
    """The running API; people and faults can be changed while it runs."""

    people: People
    base_url: str
    fault: Fault = no_fault
    asked: list[Asked] = field(default_factory=list)

    def answer(self, query: str) -> Answer:
        """Answer a request, and remember it."""
        given = {name: values[-1] for name, values in parse_qs(query).items()}
        asked = Asked(
            given["seed"], _bounded(given.get("page"), 10_000), _bounded(given.get("results"), 5000)
        )
        self.asked.append(asked)
        return self.fault(asked) or page(asked, self.people(asked))


@contextmanager
def contract_api(people: People) -> Iterator[ContractApi]:
    """Run the API on loopback until the end of the block."""
    server = _Server(("127.0.0.1", 0), _Handler)
    api = server.api = ContractApi(people, f"http://127.0.0.1:{server.server_port}{PATH}")
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(asked: Asked, people: list[str], **changed_info: object) -> Answer:
    """Write a page with these people; what the info says can be made wrong."""
    info = {
        "seed": asked.seed,
        "results": asked.results,
        "page": asked.page,
        "version": "1.4",
        **changed_info,
    }
    return Answer(200, f'{{"results":[{",".join(people)}],"info":{json.dumps(info)}}}'.encode())


def not_found(_: Asked) -> Answer:
    """Give the API's answer to an address it does not know: on every try the same."""
    return Answer(404, b"Not Found")


def too_many(_: Asked) -> Answer:
    """Give the API's answer to who has drawn too much: later it may be another."""
    return Answer(429, b'{"error": "Whoa, ease up there cowboy."}')


def away_for_long(_: Asked) -> Answer:
    """Give a proxy's answer that makes it useless to ask again soon: a page is given up at once."""
    return Answer(503, b"<html>Back in an hour</html>", retry_after=3600)


def _bounded(text: str | None, most: int) -> int:
    number = int(text) if text and text.isdecimal() else 1
    return number if 1 <= number <= most else 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    api: ContractApi

    def server_bind(self) -> None:
        # Not HTTPServer's: it looks the host's name up, which takes seconds on some machines.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()[:2]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        answer = self.server.api.answer(address.query) if address.path == PATH else None
        answer = answer or Answer(404, b"Not Found")
        body = answer.body
        self.send_response(answer.status)
        if answer.retry_after is not None:
            self.send_header("Retry-After", str(answer.retry_after))
        self.send_header("Content-Type", "application/json; charset=utf-8")
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            self.send_header("Content-Encoding", "gzip")
            body = gzip.compress(body, compresslevel=1)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the test watches the client."""
