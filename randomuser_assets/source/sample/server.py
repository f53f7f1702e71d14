"""The stand-in as a server: real HTTP on loopback, so that a client cannot tell the difference.

Here belong connections, addresses, compression and the fair-use limit. Not here: what a request
means and what it is answered (`request`).
"""

import gzip
import re
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from randomuser_assets.source.sample.request import VERSION, answer, understood

REAL_LIMIT = 20_000
REAL_WINDOW = 300.0

_PATHS = ("/api", "/api/", f"/api/{VERSION}", f"/api/{VERSION}/")
_TOO_MANY = (
    b'{"error": "Whoa, ease up there cowboy. You have drawn as many people as one address may for '
    b'now. Give it a few minutes."}'
)


@dataclass
class _FairUse:
    """How many people each address has drawn in its current window; no limit, no counting."""

    limit: int | None
    window: float
    _drawn: dict[str, tuple[float, int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def admits(self, address: str, users: int) -> bool:
        """Count the users for the address, unless it has drawn its share: then it gets nothing.

        The request that reaches the limit is still answered whole, as the API does.
        """
        if self.limit is None:
            return True
        now = time.monotonic()
        with self._lock:
            began, drawn = self._drawn.get(address, (now, 0))
            if now - began >= self.window:
                began, drawn = now, 0
            if drawn >= self.limit:
                return False
            self._drawn[address] = (began, drawn + users)
            return True


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"
    # One write for head and body, sent at once: else small answers wait for the client's next ACK.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        known = path in _PATHS
        request = understood(query)
        if not self.server.fair_use.admits(self.client_address[0], request.results * known):
            self._send(429, "application/json; charset=utf-8", _TOO_MANY)
        elif known:
            body = answer(request, datetime.now(UTC))
            self._send(200, "application/json; charset=utf-8", body)
        else:
            self._send(404, "text/plain; charset=utf-8", b"Not Found")

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Vary", "Accept-Encoding")
        if _takes_gzip(self.headers.get("Accept-Encoding", "")):
            self.send_header("Content-Encoding", "gzip")
            # Level 1: five times as fast as the usual 6 or 9 for a tenth more bytes.
            body = gzip.compress(body, compresslevel=1, mtime=0)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object, **more: object) -> None:
        """Say nothing: whoever uses the stand-in watches the client."""


class _Server(ThreadingHTTPServer):
    """A server that knows its open connections, to be able to end them with itself.

    Otherwise a client that keeps its connection would still be answered after the end.
    """

    daemon_threads = True
    # The usual 5 makes clients that come together wait a second for their second try.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], fair_use: _FairUse) -> None:
        self.fair_use = fair_use
        self._threads_of: dict[Any, Thread] = {}
        self._lock = Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # Not HTTPServer's: it looks the host's name up, which takes seconds on some machines.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()[:2]

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        with self._lock:
            self._threads_of[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._threads_of.pop(request, None)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        with self._lock:
            still_open = list(self._threads_of.items())
        for connection, _ in still_open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, thread in still_open:
            thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle is its own business; a fault of ours is not.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _takes_gzip(accepted: str) -> bool:
    for offer in accepted.lower().split(","):
        name, _, weight = offer.partition(";")
        if name.strip() == "gzip":
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return False


class SampleApi:
    """The API's stand-in: `with SampleApi() as api:` answers at `api.base_url` until the end.

    Args:
        host: the address to listen on.
        port: the port; 0 takes a free one, a new one each time.
        limit: people an address may draw in a window before all is answered 429; None: any number.
        window: the window's length in seconds. The API's own are `REAL_LIMIT`, `REAL_WINDOW`.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        limit: int | None = None,
        window: float = REAL_WINDOW,
    ) -> None:
        self._address = (host, port)
        self._limit = limit
        self._window = window
        self._running: tuple[_Server, Thread] | None = None

    @property
    def base_url(self) -> str:
        """Where it answers; known only while it does."""
        if self._running is None:
            raise RuntimeError(
                "The sample API has an address only while it runs: use it in `with`."
            )
        return f"http://{self._address[0]}:{self._running[0].server_port}/api/{VERSION}/"

    def __enter__(self) -> Self:
        if self._running is not None:
            raise RuntimeError("This sample API is running already: make a second one.")
        server = _Server(self._address, _FairUse(self._limit, self._window))
        # The interval is how long the end may take.
        thread = Thread(target=server.serve_forever, args=(0.02,), name="sample-api", daemon=True)
        thread.start()
        self._running = (server, thread)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._running is not None:
            server, thread = self._running
            self._running = None
            server.shutdown()
            thread.join()
            server.server_close()

    def serve_forever(self) -> None:
        """Answer until Ctrl-C, which is no error; starts and ends the server unless in a `with`."""
        if self._running is None:
            with self:
                self.serve_forever()
        else:
            with suppress(KeyboardInterrupt):
                self._running[1].join()
