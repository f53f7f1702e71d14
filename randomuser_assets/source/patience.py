"""An end to waits that time-outs do not see: a server that sends a byte now and then.

A time-out of the socket begins anew with every byte. So the socket in use is shut from outside
when a read as a whole takes too long, and the reader finds the connection cut.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import requests
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

_used = threading.local()


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _used.socket = self.sock


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _used.socket = self.sock


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class PatientAdapter(requests.adapters.HTTPAdapter):
    """Makes connections that `at_most` can end; a thread keeps to one session and one server."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Have the pools make our connections."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Cut this thread's connection when the block takes longer."""
    used = vars(_used)
    timer = threading.Timer(seconds, _shut, [used])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(used: dict[str, socket.socket | None]) -> None:
    in_use = used.get("socket")
    if in_use is not None:
        with contextlib.suppress(OSError):
            in_use.shutdown(socket.SHUT_RDWR)
