"""Many bodies at once, since a round of the engine costs the same; and the least that fails.

The drawing of bodies is hypothesis's, the making smaller is not: it knows nothing of records, and
spends minutes where cutting pieces out takes seconds.
"""

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, seed, settings

from randomuser_assets_tests.fuzz.bodies import Body, Record, bodies, page
from randomuser_assets_tests.fuzz.way import DOORS, Way, at_the_door

LONGEST = 60.0  # seconds that making a body smaller may take


class FoundError(AssertionError):
    """Something did not hold; `body` is the least for which it does not."""

    def __init__(self, body: Body, fault: Exception, *, discards: bool) -> None:
        door = "a door that discards" if discards else "a door that keeps"
        super().__init__(f"{type(fault).__name__} at {door}: {fault}")
        self.body = body
        self.kind = _kind(fault)


def drawn(number: int, count: int) -> list[Body]:
    """Draw bodies; the same number draws the same ones."""
    found: list[Body] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(bodies)
    def draw(body: Body) -> None:
        found.append(body)

    draw()
    return found


def send_all(way: Way, sent: Sequence[Body], *, discards: bool) -> None:
    """Send bodies all the way; raises FoundError for the least of them that fails."""

    def at_door(bodies: Sequence[Body]) -> Exception | None:
        return _fault_of(lambda: [at_the_door(body, DOORS[discards]) for body in bodies])

    def all_the_way(bodies: Sequence[Body]) -> Exception | None:
        return _fault_of(lambda: way.send(bodies, discards=discards))

    # The door is quick, and tells which body it was.
    for body in sent:
        if fault := at_door([body]):
            raise _found(body, fault, at_door, discards=discards)
    if fault := all_the_way(sent):
        while len(sent) > 1:
            half = len(sent) // 2
            failing = next((p for p in (sent[:half], sent[half:]) if all_the_way(p)), None)
            if failing is None:
                raise fault  # they fail only together
            sent = failing
        raise _found(sent[0], all_the_way(sent) or fault, all_the_way, discards=discards)


def _fault_of(do: Callable[[], object]) -> Exception | None:
    try:
        do()
    except Exception as fault:  # noqa: BLE001  whatever it is, it is what was looked for
        return fault
    return None


def _found(
    body: Body, fault: Exception, sends: Callable[[list[Body]], Exception | None], *, discards: bool
) -> FoundError:
    kind = _kind(fault)
    found = least(body, lambda smaller: _kind(sends([smaller])) == kind)
    return FoundError(found, sends([found]) or fault, discards=discards)


def least(body: Body, fails: Callable[[Body], bool]) -> Body:
    """Cut pieces out of a body for as long as it still fails."""
    deadline = time.monotonic() + LONGEST
    size = len(body.text)
    while size:
        for smaller in _smaller(body, size):
            if time.monotonic() > deadline:
                return body
            if fails(smaller):
                body = smaller
                break
        else:
            size //= 2
    return body


def _smaller(body: Body, size: int) -> Iterator[Body]:
    """Give the body without one record or without some bytes, at each place of it."""
    if body.records is None:
        for at in range(0, len(body.text), size):
            yield replace(body, text=body.text[:at] + body.text[at + size :])
        return
    for at, record in enumerate(body.records):
        before, after = body.records[:at], body.records[at + 1 :]
        if before or after:
            yield _paged(before + after)
        if not record.intact:
            for start in range(0, len(record.text), size):
                text = record.text[:start] + record.text[start + size :]
                yield _paged((*before, Record(text), *after))


def _paged(records: tuple[Record, ...]) -> Body:
    return Body(page([record.text for record in records]), len(records), records)


def _kind(fault: Exception | None) -> str:
    """Tell faults apart by what they are and where they were raised."""
    if fault is None:
        return ""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} {last.filename} {last.lineno}"
