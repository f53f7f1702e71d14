"""A server on loopback that answers as it is told: late, cut, wrong, or as the API does.

Here belong ways to answer. Not here: what a client should make of them.
"""

import gzip
import json
import socket
import socketserver
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import parse_headers
from threading import Event, Lock, Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from randomuser_assets.source import RandomUserApi
from randomuser_assets.source.sample.request import answer, understood

KEY = b"the key of the tests"
RECEIVED = "200 OK"


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    target: str
    headers: Mapping[str, str]

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return urlsplit(self.target).query

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters, decoded."""
        return {name: values[-1] for name, values in parse_qs(self.query).items()}

    @property
    def page(self) -> int:
        """The page that was asked for."""
        return int(self.parameters["page"])


class EndedError(Exception):
    """The server ends: whatever an answer still waits for will not come."""


class Line:
    """An open connection: what was asked on it, and what can be done to whoever asked."""

    def __init__(self, connection: socket.socket, asked: Asked, ended: Event) -> None:
        self.asked = asked
        self._connection = connection
        self._ended = ended

    def send(self, data: bytes) -> None:
        """Write to whoever asked."""
        self._connection.sendall(data)

    def pause(self, seconds: float | None = None) -> None:
        """Wait, without an end if need be, but never longer than the server runs."""
        if self._ended.wait(seconds):
            raise EndedError

    def reset(self) -> None:
        """Close it so that the other side is told of a reset, not of an end."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()


Answer = Callable[[Line], None]
Body = bytes | Callable[[Asked], bytes]


def people(asked: Asked) -> bytes:
    """Give the body that the API would answer."""
    return answer(understood(asked.query), datetime.now(UTC))


def page_with(**changes: object) -> Callable[[Asked], bytes]:
    """Give the body that the API would answer, with other `info` or `results`."""

    def body(asked: Asked) -> bytes:
        page: dict[str, Any] = json.loads(people(asked))
        results = changes.get("results_are", page["results"])
        info = page["info"] | {k: v for k, v in changes.items() if k != "results_are"}
        return json.dumps({"results": results, "info": info}).encode()

    return body


def head(status: str = RECEIVED, **headers: object) -> bytes:
    """Write the head of an answer; `Content_Length` is the header Content-Length."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode()


def reply(body: Body = people, status: str = RECEIVED, **headers: object) -> Answer:
    """Answer as a server should, whatever it is that it says."""

    def send(line: Line) -> None:
        content = _content(body, line)
        line.send(head(status, Content_Length=len(content), **headers) + content)

    return send


def as_asked(line: Line) -> None:
    """Answer as the API does."""
    if "gzip" in line.asked.headers.get("Accept-Encoding", ""):
        reply(gzip.compress(people(line.asked)), Content_Encoding="gzip")(line)
    else:
        reply()(line)


def reset(line: Line) -> None:
    """Reset the connection instead of an answer."""
    line.reset()


def hang_up(_: Line) -> None:
    """Close the connection without a word."""


def silence(line: Line) -> None:
    """Take the request and never answer."""
    line.pause()


def cut_by_length(line: Line) -> None:
    """Send half of what the head promises."""
    content = people(line.asked)
    line.send(head(Content_Length=len(content)) + content[: len(content) // 2])


def cut_by_chunk(line: Line) -> None:
    """Send a chunk, and no end."""
    content = people(line.asked)
    line.send(head(Transfer_Encoding="chunked") + b"%x\r\n%b\r\n" % (len(content), content))


def cut_unseen(line: Line) -> None:
    """Send half of a body whose length was never told."""
    content = people(line.asked)
    line.send(head() + content[: len(content) // 2])


def cut_in_gzip(line: Line) -> None:
    """Send half of what was zipped, as if it were all."""
    content = gzip.compress(people(line.asked))
    reply(content[: len(content) // 2], Content_Encoding="gzip")(line)


def reset_in_body(line: Line) -> None:
    """Reset the connection in the middle of the body."""
    content = people(line.asked)
    line.send(head(Content_Length=len(content)) + content[: len(content) // 2])
    line.pause(0.05)  # what a reset overtakes, the client never sees
    line.reset()


def in_chunks(body: Body = people) -> Answer:
    """Answer without saying how long it will be."""

    def send(line: Line) -> None:
        content = _content(body, line)
        parts = [content[start : start + 500] for start in range(0, len(content), 500)]
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])
        line.send(head(Transfer_Encoding="chunked") + chunks)

    return send


def drip(start: bytes, drops: Iterable[bytes], seconds: float = 0.02) -> Answer:
    """Answer with `start`, then a drop at a time."""

    def send(line: Line) -> None:
        line.send(start)
        for drop in drops:
            line.pause(seconds)
            line.send(drop)

    return send


def _content(body: Body, line: Line) -> bytes:
    return body if isinstance(body, bytes) else body(line.asked)


class _Handler(socketserver.StreamRequestHandler):
    server: "_Server"
    timeout = 30

    def handle(self) -> None:
        target = self.rfile.readline().split()
        if target:
            asked = Asked(target[1].decode(), dict(parse_headers(self.rfile).items()))
            line = Line(self.connection, asked, self.server.ended)
            with suppress(EndedError, ConnectionError):
                self.server.take(asked)(line)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, take: Callable[[Asked], Answer]) -> None:
        self.take = take
        self.ended = Event()
        super().__init__(("127.0.0.1", port), _Handler)


class ScriptedServer:
    """Answers each page with the answers of its script in turn, and `otherwise` after them."""

    def __init__(
        self,
        script: Mapping[int, Iterable[Answer]] | None = None,
        otherwise: Answer = as_asked,
        port: int = 0,
    ) -> None:
        self.asked: list[Asked] = []
        self._script: dict[int, Iterator[Answer]] = {
            page: iter(answers) for page, answers in (script or {}).items()
        }
        self._otherwise = otherwise
        self._lock = Lock()
        self._port = port

    def __enter__(self) -> Self:
        self._server = _Server(self._port, self._take)
        self._port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def base_url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}/api/1.4/"

    @property
    def pages_asked(self) -> list[int]:
        """The pages of all requests so far, a page as often as it was asked for."""
        return sorted(asked.page for asked in self.asked)

    def client(self, **options: Any) -> RandomUserApi:
        """Make a client of this server with small pages, unless told otherwise.

        A machine that has much else to do is given its time: what it answers late is not silence.
        """
        usual = {"key": KEY, "page_size": 3, "timeout": 10.0, "request_budget": 20.0}
        return RandomUserApi(self.base_url, **{**usual, **options})

    def _take(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            return next(self._script.get(asked.page, iter(())), self._otherwise)


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
