"""The client of the API, usable by itself.

    >>> api = RandomUserApi("https://randomuser.me/api/1.4/")
    >>> people = api.users(seed="hello", results=1000)

What it hands over has passed the door: passwords and document numbers are keyed hashes. Without a
key of your own they are hashed with one that is drawn anew for every client, so that they can be
compared with each other and with nothing else.
"""

import json
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3

from randomuser_assets.forgotten import Forgotten
from randomuser_assets.model import MODEL, Model
from randomuser_assets.settings import check_address, check_seed, without_password
from randomuser_assets.source.door import Door
from randomuser_assets.source.fair_use import FairUse
from randomuser_assets.source.faults import LastingFault, PassingFault, SourceError
from randomuser_assets.source.page import MAX_BODY as _MAX_BODY
from randomuser_assets.source.page import Page, PageRequest, page_requests, read_page
from randomuser_assets.source.patience import PatientAdapter, at_most
from randomuser_assets.source.shape import Drift
from randomuser_assets.source.together import Came, Taker, fetch_together

if TYPE_CHECKING:
    import pandas as pd

_MIN_RATE = 1024  # bytes a second, below which a body that drips in is given up
_CHUNK = 64 * 1024
_LONGEST_NUMBER = 4000  # digits
_SHOWN = 200  # characters of what a server says that an error may show
_SLOWEST = 2  # times the time-out that a head, or any next piece of a body, may take as a whole
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0

PAGE_SIZE = 500
CONNECTIONS = 4
TIMEOUT = 30.0
REQUEST_BUDGET = 420.0
REQUEST_TRIES = 50


class RandomUserApi:
    """Asks for pages of people, several at a time, until each has come or cannot come."""

    def __init__(
        self,
        base_url: str,
        *,
        key: bytes | None = None,
        page_size: int = PAGE_SIZE,
        connections: int = CONNECTIONS,
        timeout: float = TIMEOUT,
        request_budget: float = REQUEST_BUDGET,
        request_tries: int = REQUEST_TRIES,
        discard_new_keys: bool = False,
        forgotten: Callable[[], Forgotten] | None = None,
        model: Model = MODEL,
        fair_use: FairUse | None = None,
        log: logging.Logger | None = None,
    ) -> None:
        self.base_url = check_address(base_url)
        self._columns = [column.name for column in model.leaves]
        key = key if key is not None else secrets.token_bytes(32)
        self.door = Door(model, key, discards=discard_new_keys, forgotten=forgotten)
        self.page_size = page_size
        self._connections = connections
        self._timeout = timeout
        self._request_budget = request_budget
        self._request_tries = request_tries
        self._fair_use = fair_use
        self._log = log or logging.getLogger(__name__)
        self._local = threading.local()

    def __repr__(self) -> str:
        """Show the address, without a password in it, and nothing of the key."""
        return f"RandomUserApi({without_password(self.base_url)!r})"

    def users(self, seed: str, results: int) -> "pd.DataFrame":
        """Give people as a frame, one column a leaf, named as in flattened_users."""
        import pandas as pd

        pages: list[Page] = []
        wanted = page_requests(check_seed(seed), results, self.page_size)
        self.fetch((request, pages.append) for request in wanted)
        pages.sort(key=lambda page: page.request.page)
        people = [
            json.loads(payload, parse_int=_whole_number)
            for page in pages
            for payload in page.payloads
            if payload is not None
        ]
        frame = pd.json_normalize(people, sep="_")
        unknown = [name for name in frame.columns if name not in self._columns]
        return frame.reindex(columns=[*self._columns, *unknown])

    def fetch(self, wanted: Iterable[tuple[PageRequest, Taker]]) -> None:
        """Ask for all these pages and hand each to its taker as it comes, in any order.

        The first page that cannot be had ends the fetch with a SourceError.
        """

        def one(request: PageRequest, take: Taker, stop: threading.Event) -> Came:
            return Came.of(self.page(request, stop), take)

        fetch_together(one, wanted, self._connections, self._log)

    def page(self, request: PageRequest, stop: threading.Event | None = None) -> Page:
        """Ask for one page until it comes, a fault lasts, or the budget is spent."""
        check_seed(request.seed)
        stop = stop or threading.Event()
        deadline = time.monotonic() + self._request_budget
        attempt = 0
        while True:
            attempt += 1
            try:
                with self._turn(request, stop) as waited:
                    deadline += waited  # the page's budget is for its faults
                    body = self._body(request, deadline)
                drift = Drift()
                payloads = read_page(body, request, self.door, drift)
                return Page(request, datetime.now(UTC), self.door.let_in(payloads), drift)
            except LastingFault as fault:
                raise self._error(request, str(fault), lasting=True) from None
            except PassingFault as fault:
                wait_for = max(_wait_after(1 if fault.wait else attempt), fault.wait or 0)
                spent = time.monotonic() + wait_for > deadline
                if spent or attempt >= self._request_tries:
                    may = f"{self._request_budget:g} s or {self._request_tries} tries"
                    what = f"{fault} ({attempt} tries; it may take {may})"
                    raise self._error(request, what, lasting=False) from None
                self._log.warning(
                    "%s, attempt %d: got %s; trying again in %.1f s",
                    request,
                    attempt,
                    fault,
                    wait_for,
                )
                if stop.wait(wait_for):
                    what = f"{fault}, and another page could not be had"
                    raise self._error(request, what, lasting=False) from None

    def _turn(self, request: PageRequest, stop: threading.Event) -> AbstractContextManager[float]:
        return self._fair_use.turn(request.results, stop) if self._fair_use else nullcontext(0.0)

    def _body(self, request: PageRequest, deadline: float) -> bytes:
        try:
            with at_most(min(_SLOWEST * self._timeout, max(deadline - time.monotonic(), 0.1))):
                response = self._session().get(
                    self.base_url,
                    params=request.parameters,
                    timeout=(min(self._timeout, 10), self._timeout),
                    allow_redirects=False,
                    stream=True,
                    hooks={"response": _check_status},
                )
            with response:
                return self._read(response, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise PassingFault(_named(error)) from None

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        body = bytearray()
        started = time.monotonic()
        # read1 gives what has come; the other readers wait until a chunk is full, however slowly.
        while True:
            with at_most(_SLOWEST * self._timeout):
                chunk = response.raw.read1(_CHUNK, decode_content=True)
            if not chunk:
                return bytes(body)
            body += chunk
            if len(body) > _MAX_BODY:
                raise LastingFault(f"a body of more than {_MAX_BODY} bytes")
            taken = time.monotonic() - started
            if taken > self._timeout and len(body) < _MIN_RATE * taken:
                raise PassingFault(f"{len(body)} bytes in {taken:.0f} s, which is too slow")
            if time.monotonic() > deadline:
                raise PassingFault(f"{len(body)} bytes, and not the rest in time")

    def _session(self) -> requests.Session:
        """Give this thread its own session: sessions are not made to be shared."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.headers["Accept-Encoding"] = "gzip"
            for scheme in ("http://", "https://"):
                session.mount(scheme, PatientAdapter())
            # A proxy for the outside world cannot reach an address of this machine.
            session.trust_env = not is_loopback(self.base_url)
        return session

    def _error(self, request: PageRequest, came: str, *, lasting: bool) -> SourceError:
        advice = (
            "This would be the same on the next try: check the address, the seed and the version."
            if lasting
            else "This may pass: try again later, or raise RANDOMUSER_REQUEST_BUDGET "
            "and RANDOMUSER_REQUEST_TRIES."
        )
        address = requests.Request(
            "GET",
            without_password(self.base_url),
            params=request.parameters,
        ).prepare()
        return SourceError(
            f"Asked {address.url} for {request} and got {came}. Nothing of that day was stored "
            f"or replaced. {advice}",
            lasting=lasting,
        )


def _whole_number(written: str) -> int | str:
    """Read a number; Python refuses those of thousands of digits, which stay text."""
    return int(written) if len(written) < _LONGEST_NUMBER else written


def _wait_after(attempt: int) -> float:
    """Double the wait with each attempt, and spread it so that clients do not come in step."""
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0**attempt)
    return random.uniform(longest / 2, longest)  # noqa: S311  spreads load, guards nothing


def _check_status(response: requests.Response, **_: object) -> None:
    """Raise what any answer but 200 means; called before the client looks at a redirect."""
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    response.close()
    came = f"status {status} {response.reason[:_SHOWN]}"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT} or status >= 500:
        raise PassingFault(came, _retry_after(response.headers.get("Retry-After")))
    if "Location" in response.headers:
        came += f" to {without_password(response.headers['Location'])[:_SHOWN]}"
    raise LastingFault(came)


def _retry_after(header: str | None) -> float | None:
    """Read Retry-After, which is seconds or a date."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def _named(error: Exception) -> str:
    """Name a connection's fault; the library's own text holds the address with its password."""
    match error:
        case requests.Timeout() | urllib3.exceptions.TimeoutError():
            return "no answer in time"
        case urllib3.exceptions.ProtocolError():
            return "a body that was cut off"
        case urllib3.exceptions.DecodeError():
            return "a body that is not the gzip it says it is"
        case requests.exceptions.SSLError():
            return "a certificate that is not trusted, or a broken TLS connection"
        case requests.exceptions.ProxyError():
            return "no connection through the proxy"
        case requests.ConnectionError():
            return "no connection, or one that was cut"
        case _:
            return f"a fault of the connection ({type(error).__name__})"


def is_loopback(address: str) -> bool:
    """Say whether an address is one of this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
