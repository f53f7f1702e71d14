"""Fair use: no more people in five minutes than a source gives, over all runs that ask it.

How many were asked for, and in which second, is kept in a file that all processes share, so a
backfill of ten runs waits as one would. The source's window begins when it likes; no span of five
minutes holds more than the limit, so none of its windows does.
"""

import fcntl
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from randomuser_assets.folders import private_folder
from randomuser_assets.source.faults import PassingFault

WINDOW = 300  # seconds, as the API counts

_Drawn = dict[str, int]
"""People by the second in which they were asked for."""


class FairUse:
    """Gives requests to one source their turns, so that it is never asked for too much."""

    def __init__(
        self, ledger: Path, source: str, people: int, log: logging.Logger, window: int = WINDOW
    ) -> None:
        self._ledger = ledger
        self._source = source
        self.people = people
        self._log = log
        self._window = window
        self._told_until = 0.0

    @contextmanager
    def turn(self, people: int, stop: threading.Event) -> Iterator[float]:
        """Wait until so many people may be asked for; give the seconds it took."""
        started = time.monotonic()
        while (reserved := self._reserved(people)) is None:
            wait = self._wait_for(people)
            self._tell(wait)
            if stop.wait(wait):
                raise PassingFault("no turn yet, for the sake of fair use")
        try:
            yield time.monotonic() - started
        finally:
            # The source counted them somewhere between then and now: the later is the safer.
            with self._drawn() as drawn:
                drawn[reserved] = max(drawn.get(reserved, 0) - people, 0)
                _add(drawn, people)

    def _reserved(self, people: int) -> str | None:
        """Take the turn, and give the second in which it was; or nothing, if there is none yet."""
        with self._drawn() as drawn:
            used = sum(drawn.values())
            # A page larger than the limit has a turn of its own: it would wait for ever.
            return _add(drawn, people) if used + people <= self.people or not used else None

    def _wait_for(self, people: int) -> float:
        """Give the seconds after which to ask again."""
        with self._drawn() as drawn:
            used, second = sum(drawn.values()), "0"
            for second in sorted(drawn, key=int):
                used -= drawn[second]
                if used + people <= self.people:
                    break
        return max(int(second) + self._window + 1 - time.time(), 0.1)

    @contextmanager
    def _drawn(self) -> Iterator[_Drawn]:
        """Hold the ledger, and give what counts for this source; changes are written."""
        private_folder(self._ledger.parent)
        descriptor = os.open(self._ledger, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            ledger = _read(file.read())
            drawn = self._counting(ledger.get(self._source, {}))
            yield drawn
            file.seek(0)
            file.truncate()
            json.dump({**ledger, self._source: drawn}, file)

    def _counting(self, drawn: _Drawn) -> _Drawn:
        now = int(time.time())
        counting: _Drawn = {}
        for second, people in drawn.items():
            # A clock that was set back must not make anybody wait for longer than a window.
            at = min(int(second), now)
            if people and at + self._window >= now:
                counting[f"{at}"] = counting.get(f"{at}", 0) + people
        return counting

    def _tell(self, wait: float) -> None:
        if time.monotonic() < self._told_until:
            return
        self._told_until = time.monotonic() + wait
        self._log.info(
            "fair use: no more than %d people in %d s, and so many were asked for; waiting %.0f s",
            self.people,
            self._window,
            wait,
        )


def _add(drawn: _Drawn, people: int) -> str:
    second = f"{int(time.time())}"
    drawn[second] = drawn.get(second, 0) + people
    return second


def _read(text: str) -> dict[str, _Drawn]:
    """Read the ledger; what a killed process left half-written counts for nothing."""
    try:
        ledger = json.loads(text or "{}")
        return {
            source: {f"{int(second)}": int(people) for second, people in drawn.items()}
            for source, drawn in ledger.items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}
