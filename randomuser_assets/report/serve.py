"""Serving the folder of reports on loopback, since a browser opens no file from a page of the UI.

Only the pages that lie directly in the folder can be read, and only by who asks for this very
machine: a foreign page whose name leads here (DNS rebinding) is refused by its Host header.
"""

import os
import re
import signal
import socket
import stat
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from socketserver import TCPServer
from threading import Thread
from typing import Any, NoReturn
from urllib.parse import urlsplit

_PAGE = re.compile(r"/([A-Za-z0-9][A-Za-z0-9_-]*\.html)")
_MOST_LISTED = 100
_HEADERS = {
    "Cache-Control": "no-store",
    # A page that has a script names it by hash in a policy of its own, and others name none: both
    # policies must allow what is to run.
    "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def own_address(url: str) -> tuple[str, int] | None:
    """Give host and port of a reports address if it is for us to serve: one of this machine."""
    parts = urlsplit(url)
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    if parts.scheme != "http" or not parts.port or parts.path not in {"", "/"}:
        return None
    return (host, parts.port) if _is_loopback(host) else None


def serve_beside(folder: Path, url: str) -> str:
    """Serve the folder for as long as this process lives, and say so; empty if it is not ours to.

    A port that is taken is told and no more: the UI does without.
    """
    address = own_address(url)
    if address is None:
        return ""
    try:
        server = ReportServer(folder, *address)
    except OSError as error:
        return (
            f"The reports are not served: {address[0]} port {address[1]} cannot be used "
            f"({error.strerror}). End what uses it, or set RANDOMUSER_REPORTS_URL to another port."
        )
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(writing)
        _serve_until_closed(server, reading)
    os.close(reading)
    server.socket.close()
    # It stays open when this process becomes another one, and the system closes it when that one
    # ends, however it does.
    os.set_inheritable(writing, True)
    return f"Reports at {url}"


def _serve_until_closed(server: "ReportServer", pipe: int) -> NoReturn:
    # Ctrl-C is meant for the UI, which may take a while to end; this ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=server.serve_forever, daemon=True).start()
    os.read(pipe, 1)
    os._exit(0)


class ReportServer(ThreadingHTTPServer):
    """Answers at a loopback address with the pages of a folder; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.folder = folder
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind as a plain TCP server does: HTTPServer's own looks the host's name up first."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()[:2]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of a fault of ours; a client that goes away in the middle is its own business."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: ReportServer
    timeout = 10  # seconds for a client to say what it wants

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        page = _PAGE.fullmatch(path)
        body = None
        status = HTTPStatus.OK
        if not self._is_for_this_machine():
            status = HTTPStatus.MISDIRECTED_REQUEST
        elif path == "/":
            body = _index(self.server.folder)
        elif page:
            body = _read(self.server.folder, page.group(1))
        if body is None and status is HTTPStatus.OK:
            status = HTTPStatus.NOT_FOUND
        self._send(status, body, with_body=with_body)

    def _is_for_this_machine(self) -> bool:
        given = self.headers.get_all("Host") or []
        try:
            name = urlsplit(f"//{given[0]}").hostname if len(given) == 1 else None
        except ValueError:  # a bracket that does not close
            return False
        return name == "localhost" or _is_loopback(name or "")

    def _send(self, status: HTTPStatus, body: bytes | None, *, with_body: bool = True) -> None:
        kind = "text/html" if body is not None else "text/plain"
        body = f"{status.phrase}\n".encode() if body is None else body
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse without repeating what was sent; the base class calls this for what it refuses."""
        del message, explain
        self.close_connection = True
        self._send(HTTPStatus(code), None)

    def version_string(self) -> str:
        """Say nothing of what runs here."""
        return "reports"

    def log_message(self, *args: object) -> None:
        """Say nothing: the terminal belongs to the UI."""


def _read(folder: Path, name: str) -> bytes | None:
    """Read a regular file that lies in the folder itself, and is no link to elsewhere."""
    try:
        descriptor = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _index(folder: Path) -> bytes:
    try:
        found = sorted(
            entry.name
            for entry in folder.iterdir()
            if _PAGE.fullmatch(f"/{entry.name}") and entry.is_file() and not entry.is_symlink()
        )
    except OSError:
        found = []
    links = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in found[:_MOST_LISTED])
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<style>:root{color-scheme:light dark;font:1rem/1.6 system-ui,sans-serif}</style>"
        f"<title>Reports</title><h1>Reports</h1><ul>{links or '<li>None yet.</li>'}</ul></html>"
    ).encode()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
