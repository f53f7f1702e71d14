"""What takes alerts in a test: a real HTTP server that keeps what it was sent, and a black hole."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Thread

SECRET = "a-token-that-nobody-may-see"


@dataclass(frozen=True)
class Alert:
    """A message as it arrived."""

    title: str
    body: str
    tone: str

    @property
    def lines(self) -> list[str]:
        """The lines of its body."""
        return self.body.split("\n")


def _at_once() -> Event:
    event = Event()
    event.set()
    return event


@dataclass
class Receiver:
    """The running receiver; it can be told to refuse, or to answer late."""

    port: int
    alerts: list[Alert] = field(default_factory=list)
    status: int = 200
    seconds: float = 0.0
    """How long it takes for each answer."""
    answers: Event = field(default_factory=_at_once)
    """What the server waits for before it answers; what it was sent it has then already."""

    @property
    def address(self) -> str:
        """What Apprise knows it by: the path stands for a token."""
        return f"json://127.0.0.1:{self.port}/{SECRET}"

    def taken(self) -> list[Alert]:
        """Give what arrived since this was last asked."""
        found, self.alerts[:] = list(self.alerts), []
        return found


@contextmanager
def receiver(port: int = 0) -> Iterator[Receiver]:
    """Run a receiver on loopback until the end of the block."""
    server = _Server(("127.0.0.1", port), _Handler)
    server.receiver = Receiver(server.server_port)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def black_hole() -> Iterator[int]:
    """Give a port that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def refusing_port() -> int:
    """Give a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def server_bind(self) -> None:
        # Not HTTPServer's: it looks the host's name up, which takes seconds on some machines.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()[:2]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        receiver = self.server.receiver
        if self.path.strip("/") != SECRET:
            self.send_error(404)
            return
        if receiver.status == 200:
            receiver.alerts.append(Alert(sent["title"], sent["message"], sent["type"]))
        receiver.answers.wait(30)
        time.sleep(receiver.seconds)
        self.send_response(receiver.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: the test watches the sender."""
