"""Delivery through Apprise: one thread an address, so that none waits for another.

An address holds a token or a password. It leaves this room as a short hash, or by its number in
the setting with the service or host it names; Apprise's own log lines, which may hold more, are
not let through.
"""

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from randomuser_assets.alert.messages import Message

if TYPE_CHECKING:
    from apprise import NotifyBase

WAIT = 20.0
"""Seconds that a delivery waits for all addresses together; a sensor may take 60."""

_PATIENCE = 30.0
"""Seconds without an answer before a service is given up.

Apprise's own 4 would send a message again to a service that is slow and has taken it.
"""
_THREAD = "alert to "


@dataclass(frozen=True)
class Address:
    """Where alerts go: the Apprise address, and its number in the setting."""

    url: str = field(repr=False)
    number: int

    @cached_property
    def id(self) -> str:
        """A name for it that says nothing of it."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:12]

    @cached_property
    def name(self) -> str:
        """A name for people: the service, and the host where it is one and no token."""
        service = _service(self)
        masked = str(service.url(privacy=True)) if service else ""  # type: ignore[no-untyped-call]
        return f"address {self.number} ({_shown(self.url, masked)})"


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery to one address: the messages it took, and whether it failed."""

    taken: frozenset[str] = frozenset()
    failed: bool = False


class Postman:
    """Delivers, and remembers who has not answered yet.

    A service that answers late is asked for its answer at the next delivery and not sent the same
    message again. The memory is this process's: after a restart a message may come twice.
    """

    def __init__(self, wait: float = WAIT) -> None:
        self._wait = wait
        self._errands: dict[str, _Errand] = {}

    def deliver(
        self, addresses: Sequence[Address], waiting: Mapping[str, Sequence[Message]]
    ) -> dict[str, Outcome]:
        """Deliver to each address what waits for it, in order, until it fails."""
        deadline = time.monotonic() + self._wait
        outcomes, started = dict[str, Outcome](), list[_Errand]()
        for address in addresses:
            late = self._errands.get(address.id)
            if late and late.is_alive():
                continue
            taken = late.taken if late else frozenset()
            if messages := [each for each in waiting[address.id] if each.id not in taken]:
                # Some services are sent one message every few seconds: what is not begun in half
                # the time comes next time, so that only who does not answer is late.
                until = deadline - self._wait / 2
                self._errands[address.id] = _Errand(address, messages, taken, until)
                started.append(self._errands[address.id])
                started[-1].start()
        for errand in started:
            errand.join(max(0.0, deadline - time.monotonic()))
        for name, errand in list(self._errands.items()):
            # In this order: an errand that ends in between is asked again next time.
            is_late = errand.is_alive()
            outcomes[name] = Outcome(errand.taken, is_late or errand.failed)
            if not is_late:
                del self._errands[name]
        return outcomes


class _Errand(Thread):
    """Messages on their way to one address."""

    def __init__(
        self,
        address: Address,
        messages: Sequence[Message],
        taken: frozenset[str],
        until: float,
    ) -> None:
        # A daemon: no process waits for a service that does not answer.
        super().__init__(name=f"{_THREAD}{address.number}", daemon=True)
        self._address, self._messages, self._until = address, messages, until
        self.taken, self.failed = taken, True  # until it has ended well

    def run(self) -> None:
        service = _service(self._address)
        for message in self._messages:
            if time.monotonic() > self._until:
                break
            if service is None or not _sent(service, message):
                return
            self.taken |= {message.id}
        self.failed = False


def _service(address: Address) -> "NotifyBase | None":
    """Make what Apprise sends with."""
    # Late: to load the code location must not cost the import of what is needed for an alert.
    from apprise import Apprise, AppriseAsset
    from apprise.common import OverflowMode

    logging.getLogger("apprise").addFilter(_nothing)
    logging.getLogger("urllib3.connectionpool").addFilter(_nothing_of_alerts)
    asset = AppriseAsset(app_id="randomuser_assets", app_desc="", async_mode=False)
    service = Apprise.instantiate(address.url, asset=asset)
    if service is not None:
        if service.overflow_mode is OverflowMode.UPSTREAM:
            # A service with a limit would refuse what is longer, for good.
            service.overflow_mode = OverflowMode.SPLIT
        if service.socket_read_timeout == type(service).socket_read_timeout:
            service.socket_read_timeout = _PATIENCE
    return service


def _sent(service: "NotifyBase", message: Message) -> bool:
    from apprise import Apprise

    sender = Apprise(servers=[service])
    return bool(
        sender.notify(
            title=message.title, body=message.body, notify_type=message.tone, body_format="text"
        )
    )


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _nothing_of_alerts(record: logging.LogRecord) -> bool:
    """Let no request's path through, in which services have their tokens."""
    return not (record.threadName or "").startswith(_THREAD)


def _shown(given: str, masked: str) -> str:
    """Give the service, with the host if that is one: some services have a token in its place."""
    scheme = masked.partition("://")[0]
    try:
        was, host = urlsplit(given).hostname, urlsplit(masked)
        is_host = was == host.hostname and (
            was == "localhost" or not set(".:").isdisjoint(was or "") or host.port
        )
    except ValueError:  # an address that only Apprise can read
        return f"{scheme}://…"
    # What Apprise masks differs from what was given.
    return f"{scheme}://{host.netloc.rpartition('@')[2] if is_host else '…'}"
