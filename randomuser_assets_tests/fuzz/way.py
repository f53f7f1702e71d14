"""The way of a body, from the wire to the files, and what must hold whatever the body was.

The parts are the real ones: the reading of a page, the door, the spool's files, the queries in an
engine, the exports. Nothing on the way may raise anything but the two faults of a page.
"""

import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from randomuser_assets.export.csv import write_csv
from randomuser_assets.export.parquet import write_parquet
from randomuser_assets.model import MODEL, PARTITION, Table
from randomuser_assets.model.quality import SHAPE_DRIFT
from randomuser_assets.model.types import TEXT
from randomuser_assets.query.land import drifted, landed
from randomuser_assets.query.normalise import normalised
from randomuser_assets.source.door import Door
from randomuser_assets.source.faults import LastingFault, PassingFault
from randomuser_assets.source.page import Page, PageRequest, read_page
from randomuser_assets.source.rows import ENDING
from randomuser_assets.source.shape import Drift
from randomuser_assets.source.spool import _PageFile
from randomuser_assets_tests.export.rfc4180 import parse
from randomuser_assets_tests.fuzz.bodies import Body, page
from randomuser_assets_tests.fuzz.secrets import SECRETS, is_hidden, shown, to_hide
from randomuser_assets_tests.query.division import DAY, FLATTENED, Bench, sql

DOORS = {discards: Door(MODEL, b"a key", discards=discards) for discards in (False, True)}
LONGEST = 20.0  # seconds of work that one body may be at the door: a megabyte is less than one
_EXPORTED = (MODEL.flattened, *MODEL.core)
_SAID = set(SECRETS.values())


@dataclass(frozen=True)
class Landed:
    """What came of a body: its records as they are stored, or the fault of the page."""

    body: Body
    payloads: list[bytes]
    drift: Drift
    fault: str | None = None


class Way:
    """An engine and a folder, for any number of bodies."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench()
        self.folder = folder
        self.bodies = self.records = self.rejected = self.faults = 0

    @property
    def figures(self) -> str:
        """Say what came of all bodies so far."""
        return (
            f"{self.bodies} bodies, {self.faults} of them refused; "
            f"{self.records} records of the others stored, {self.rejected} of them rejected"
        )

    def send(self, bodies: Sequence[Body], *, discards: bool = False) -> None:
        """Send bodies all the way, and see that everything holds."""
        came = [at_the_door(body, DOORS[discards]) for body in bodies]
        pages = [landed for landed in came if landed.fault is None]
        if pages:
            self._to_the_files(pages)
        self.bodies += len(came)
        self.faults += len(came) - len(pages)
        self.records += sum(len(landed.payloads) for landed in pages)

    def _to_the_files(self, pages: list[Landed]) -> None:
        spool = self.folder / "spool"
        spool.mkdir(exist_ok=True)
        files = [spool / f"{number:05}{ENDING}" for number in range(1, len(pages) + 1)]
        for number, (file, each) in enumerate(zip(files, pages, strict=True), 1):
            request = PageRequest("day", number, each.body.results)
            take = _PageFile(file, date.fromisoformat(DAY), len(pages), MODEL.raw)
            take(Page(request, datetime.now(UTC), each.payloads, each.drift))
        self.bench.fill(MODEL.raw, landed(files, MODEL.raw))
        beside = [file.with_suffix(f".{SHAPE_DRIFT.name}{ENDING}") for file in files]
        self.bench.rows(drifted(beside, SHAPE_DRIFT))
        shutil.rmtree(spool)
        self._see_what_landed(pages)
        self.bench.divide()
        self._see_the_reasons(pages)
        for table, query in _normalising():
            self.bench.fill(table, query)
        for table in _EXPORTED:
            self._see_the_csv(table)
            self._see_the_parquet(table)

    def _see_what_landed(self, pages: list[Landed]) -> None:
        rows = self.bench.rows(
            "SELECT page, position, payload, json_valid(payload) AS valid, "
            "json_type(payload) AS kind FROM raw.raw_users ORDER BY page, position"
        )
        sent = [payload for landed in pages for payload in landed.payloads]
        assert [row["payload"].encode() for row in rows] == sent, "the spool changed a record"
        for row in rows:
            assert (row["valid"], row["kind"]) == (True, "OBJECT"), f"stored {row['payload']!r}"

    def _see_the_reasons(self, pages: list[Landed]) -> None:
        for row in self.bench.rows("SELECT page, position, reasons FROM staging.rejected_users"):
            self.rejected += 1
            body = pages[row["page"] - 1].body
            hidden = _hidden(body, row["position"] - 1)
            assert not shown("\n".join(row["reasons"]), hidden), f"a reason shows a secret: {row}"

    def _see_the_csv(self, table: Table) -> None:
        """See that a file gives back every value, one apostrophe taken off."""
        written = write_csv(self.bench.connection, table, DAY, self.folder / "csv")
        header, *lines = parse(written.path.read_bytes())
        assert header == list(table.column_names)
        texts = [c.name for c in table.columns if c.type == TEXT]
        stored = self.bench.rows(f"FROM {table.schema}.{table.name}")
        restored = [dict(zip(table.column_names, line, strict=True)) for line in lines]
        assert len(stored) == len(restored)

        def in_texts(row: Mapping[str, Any], *, marked: bool) -> tuple[str | None, ...]:
            return tuple(
                _unmarked(row[name]) if marked and _is_marked(table, name) else row[name]
                for name in texts
            )

        before = Counter(in_texts(row, marked=False) for row in stored)
        assert before == Counter(in_texts(row, marked=True) for row in restored), table.name

    def _see_the_parquet(self, table: Table) -> None:
        folder = self.folder / "parquet"
        file = write_parquet(self.bench.connection, table, DAY, "day", folder).path
        stored, read = f"FROM {table.schema}.{table.name}", f"FROM read_parquet('{file}')"
        columns = ", ".join(f'"{name}"' for name in table.column_names)
        for one, other in ((stored, read), (read, stored)):
            query = f"SELECT {columns} {one} EXCEPT ALL SELECT {columns} {other}"
            assert not self.bench.rows(query), f"a file of {table.name} is not what is stored"


@contextmanager
def opened_way() -> Iterator[Way]:
    """Open one, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory(prefix="fuzz") as folder:
        way = Way(Path(folder))
        with way.bench.connection:
            yield way


def at_the_door(body: Body, door: Door) -> Landed:
    """Give what is stored of a body, and see that it is what may be stored."""
    drift = Drift()
    started = time.thread_time()
    try:
        payloads = read_page(body.text, body.request, door, drift)
    except (LastingFault, PassingFault) as fault:
        return _refused(body, str(fault))
    assert time.thread_time() - started < LONGEST, "one body takes too long"
    assert len(payloads) == body.results
    for position, payload in enumerate(payloads):
        _see(payload, _hidden(body, position), certain=body.is_certain)
    if body.records is not None:
        _see_that_none_is_lost(body, payloads, door)
        hidden = set.intersection(*(_hidden(body, n) for n in range(body.results)))
        examples = "\n".join(f"{d.path} {d.found} {d.example}" for d in drift.found)
        assert not shown(examples, hidden), "what is odd about a shape shows a secret"
    return Landed(body, payloads, drift)


def _refused(body: Body, told: str) -> Landed:
    assert not body.is_certain, f"the page was refused though its records are clear: {told}"
    # Of bodies that were damaged as a whole, a secret may stand where the server's words belong.
    assert body.records is None or not shown(told, _SAID), f"a fault shows a secret: {told}"
    return Landed(body, [], Drift(), told)


def strictly_read(payload: bytes) -> object:
    """Read JSON as the strictest reader does: no NaN, no name twice, no half of a character."""

    def once(members: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(members)
        assert len(found) == len(members), f"a name twice among {[name for name, _ in members]}"
        return found

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    found: object = json.loads(
        payload.decode("utf-8"),
        object_pairs_hook=once,
        parse_constant=refuse,
        # Python has limits for numbers that are none of JSON's.
        parse_int=str,
        parse_float=str,
    )
    json.dumps(found, ensure_ascii=False).encode()
    return found


def _see(payload: bytes, hidden: set[str], *, certain: bool) -> None:
    assert payload[:1] == b"{", "what is stored is no object"
    text, decoded, found = payload.decode(), "", None
    with suppress(RecursionError):  # the engine reads it however deep it is
        found = strictly_read(payload)
        assert isinstance(found, dict)
        decoded = json.dumps(found, ensure_ascii=False)
    if certain:
        clear = text + decoded
        assert not shown(clear, hidden), f"a secret can be read in {text[:3000]}"
    else:
        # Where the secrets stood is anybody's guess, but not where they stand now.
        for place, value in _standing(found):
            assert not (is_hidden(place) and shown(value, _SAID)), f"{place} shows a secret"


def _standing(found: object) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give every text with where it stands, however deep."""
    left: list[tuple[tuple[str, ...], object]] = [((), found)]
    while left:
        place, value = left.pop()
        match value:
            case str():
                yield place, value
            case dict():
                left += [((*place, name), inner) for name, inner in value.items()]
            case list():
                left += [((*place, ""), inner) for inner in value]


def _see_that_none_is_lost(body: Body, payloads: list[bytes], door: Door) -> None:
    assert body.records is not None
    for position, record in enumerate(body.records):
        if record.intact and body.is_certain:
            assert payloads[position] == _alone(record.text, door), "a record is not as it was sent"
    intact = Counter(_alone(record.text, door) for record in body.records if record.intact)
    assert intact <= Counter(payloads), "a record that was as it should be is lost"


@cache
def _alone(record: bytes, door: Door) -> bytes:
    (payload,) = read_page(page([record]), PageRequest("day", 1, 1), door)
    return payload


def _hidden(body: Body, position: int) -> set[str]:
    if body.records is None or not body.is_certain:
        return set()
    return _to_hide(body.records[position].text)


_to_hide = cache(to_hide)


@cache
def _normalising() -> list[tuple[Table, str]]:
    return [(table, sql(normalised(FLATTENED, table, MODEL))) for table in MODEL.core]


def _is_marked(table: Table, name: str) -> bool:
    return name not in table.key and not table[name].references and name != PARTITION


def _unmarked(field: str | None) -> str | None:
    return field[1:] if field and field[0] == "'" else field
