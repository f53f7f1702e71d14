"""The format of the CSV files, rule by rule, and that a file is always whole."""

import stat
import subprocess
import sys
import textwrap
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randomuser_assets.export.csv import csv_path, write_csv
from randomuser_assets.model import Column, Privacy, Table
from randomuser_assets.model.types import DATE, DEGREES, INSTANT, INTEGER, TEXT, UUID, ColumnType
from randomuser_assets_tests.export.rfc4180 import Field, parse

DAY, NEXT_DAY = "2026-03-10", "2026-03-11"


def column(name: str, type_: ColumnType, *, references: str | None = None) -> Column:
    return Column(
        name=name,
        type=type_,
        description="Something.",
        privacy=Privacy.PLAIN,
        references=references,
        required=name in {"snapshot_date", "code"},
    )


THINGS = Table(
    name="things",
    schema="core",
    description="Things.",
    columns=(
        column("snapshot_date", DATE),
        column("code", TEXT),
        column("note", TEXT),
        column("kind", TEXT, references="kinds"),
        column("number", INTEGER),
        column("degrees", DEGREES),
        column("moment", INSTANT),
        column("id", UUID),
    ),
    key=("snapshot_date", "code"),
)


@dataclass(frozen=True)
class Store:
    """A warehouse with one table, and a folder for its files."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    def put(self, *things: dict[str, Any], day: str = DAY) -> None:
        """Add rows; what is not said of one is null."""
        for at, thing in enumerate(things):
            row = {"snapshot_date": date.fromisoformat(day), "code": f"k{at:03}", **thing}
            values = [row.get(name) for name in THINGS.column_names]
            marks = ", ".join("?" * len(values))
            self.connection.execute(f"INSERT INTO core.things VALUES ({marks})", values)

    def hold_notes(self, notes: list[str | None]) -> None:
        """Hold these texts and nothing else."""
        self.connection.execute("DELETE FROM core.things")
        self.connection.execute(
            "INSERT INTO core.things (snapshot_date, code, note) SELECT CAST(? AS DATE), "
            "printf('k%06d', generate_subscripts(notes, 1)), unnest(notes) "
            "FROM (SELECT CAST(? AS VARCHAR[]) AS notes)",
            [DAY, notes],
        )

    def content(self) -> bytes:
        """Write the file and read it."""
        return write_csv(self.connection, THINGS, DAY, self.folder).path.read_bytes()

    def written(self, name: str) -> list[Field]:
        """Write the file and give a column of it."""
        header, *records = parse(self.content())
        return [record[header.index(name)] for record in records]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    columns = ", ".join(f"{each.name} {each.type.sql}" for each in THINGS.columns)
    with duckdb.connect(str(path)) as opened:
        opened.execute(f"CREATE SCHEMA core; CREATE TABLE core.things ({columns})")
        yield opened


@pytest.fixture
def store(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Store:
    store = Store(connection, tmp_path / "csv")
    store.hold_notes([])
    return store


def test_lines_end_in_crlf_and_the_first_names_the_columns(store: Store) -> None:
    store.put({"note": "a"}, {"note": "b"})
    assert store.content() == (
        b"snapshot_date,code,note,kind,number,degrees,moment,id\r\n"
        b"2026-03-10,k000,a,,,,,\r\n"
        b"2026-03-10,k001,b,,,,,\r\n"
    )


def test_null_is_nothing_and_empty_text_is_two_quotes(store: Store) -> None:
    store.put({"note": None}, {"note": ""})
    assert store.content().splitlines()[1:] == [
        b"2026-03-10,k000,,,,,,",
        b'2026-03-10,k001,"",,,,,',
    ]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param("a,b", b'"a,b"', id="comma"),
        pytest.param('say "yes"', b'"say ""yes"""', id="quotes"),
        pytest.param('""', b'""""""', id="only quotes"),
        pytest.param("a\nb", b'"a\nb"', id="LF"),
        pytest.param("a\r\nb", b'"a\r\nb"', id="CRLF"),
        pytest.param(" both ", b" both ", id="blanks stay"),
        pytest.param("a\x1fb\x00c", b"a\x1fb\x00c", id="control characters stay"),
        pytest.param("a\\b;c|d#e", b"a\\b;c|d#e", id="marks of other formats are nothing special"),
        pytest.param("\u0646\u200c\u0631", "\u0646\u200c\u0631".encode(), id="UTF-8"),
    ],
)
def test_a_text_is_quoted_only_where_it_must_be(store: Store, text: str, field: bytes) -> None:
    store.put({"note": text})
    assert store.content().partition(b"\r\n")[2] == b"2026-03-10,k000," + field + b",,,,,\r\n"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\ttab", "'\ttab"),
        ("\rreturn", "'\rreturn"),
        ("+call", "'+call"),
        ("-foo", "'-foo"),
        ("+1\n", "'+1\n"),
        ("-1;2", "'-1;2"),
        ("'quoted'", "''quoted'"),
        ("'", "''"),
        ("''", "'''"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_one_apostrophe(
    store: Store, text: str, field: str
) -> None:
    store.put({"note": text})
    assert store.written("note") == [field]


@pytest.mark.parametrize(
    "text",
    [
        "+49 (0) 30/123-45",
        "-12.5",
        "-",
        "+",
        "+5:45",
        "",
        "plain",
        "a=1",
        " =1",
        "\n=1",
        "1-2",
        "0x",
    ],
)
def test_other_texts_stay_as_they_are(store: Store, text: str) -> None:
    store.put({"note": text})
    assert store.written("note") == [text]


def test_keys_and_references_are_never_touched(store: Store) -> None:
    texts = ["'a", "+x", "-foo", "=1", "@b"]
    store.put(*({"code": text, "kind": text} for text in texts))
    assert store.written("code") == texts
    assert store.written("kind") == texts


def test_numbers_and_identifiers_are_never_touched(store: Store) -> None:
    identifier = uuid.UUID("0a8b7c6d-1234-4abc-8def-001122334455")
    store.put({"number": -7, "degrees": Decimal("-0.5000"), "id": identifier})
    assert store.content().splitlines()[1] == f"2026-03-10,k000,,,-7,-0.5000,,{identifier}".encode()


@pytest.mark.parametrize(
    ("moment", "field"),
    [
        ("2007-07-09 05:51:59.39", "2007-07-09T05:51:59.390Z"),
        ("1969-12-31 23:59:59.999", "1969-12-31T23:59:59.999Z"),
        ("1944-02-29 00:00:00", "1944-02-29T00:00:00.000Z"),
        ("1000-01-01 01:02:03", "1000-01-01T01:02:03.000Z"),
        ("2007-07-09 05:51:59.390001", "2007-07-09T05:51:59.390001Z"),
        ("1960-07-09 05:51:59.000001", "1960-07-09T05:51:59.000001Z"),
    ],
)
def test_an_instant_is_written_as_the_api_writes_it(store: Store, moment: str, field: str) -> None:
    store.put({"moment": moment})
    assert store.written("moment") == [field]


SPECIAL = "=@+-'\"\t\r\n,;\\ \x00\x01\x0b\x1f\x7f\x85\u200c\u2028\ufeff05.:()/"
BEGINNINGS = st.sampled_from(["", *"=@+-'\t\r"])
REST = st.text(st.one_of(st.sampled_from(SPECIAL), st.characters(codec="utf-8")), max_size=9)
TEXTS = st.builds(str.__add__, BEGINNINGS, REST)


def test_taking_one_apostrophe_off_restores_every_text(store: Store) -> None:
    @settings(max_examples=40, derandomize=True, deadline=None, database=None)
    @given(texts=st.lists(st.none() | TEXTS, min_size=1, max_size=40))
    def is_restored(texts: list[str | None]) -> None:
        store.hold_notes(texts)
        for text, field in zip(texts, store.written("note"), strict=True):
            assert (field[1:] if field and field[0] == "'" else field) == text
            assert not field or field[0] not in "=@\t\r"

    is_restored()


def test_rows_are_ordered_by_key_in_the_order_of_code_points(store: Store) -> None:
    codes = ["b", "a", "Z", "10", "9", "\u00e4", "a b", "-1", "\U0001f642", "\uff5e"]
    store.put(*({"code": code} for code in codes))
    assert store.written("code") == sorted(codes)


def test_the_order_holds_for_more_rows_than_one_thread_sorts(store: Store) -> None:
    store.connection.execute(
        f"INSERT INTO core.things (snapshot_date, code) "
        f"SELECT '{DAY}', printf('%06d', (i * 7919) % 300000) FROM range(300000) t(i)"
    )
    written = write_csv(store.connection, THINGS, DAY, store.folder)
    assert written.rows == 300_000
    codes = [line.split(b",")[1] for line in written.path.read_bytes().splitlines()[1:]]
    assert codes == [b"%06d" % number for number in range(300_000)]


def test_only_the_rows_of_the_day_are_written(store: Store) -> None:
    store.put({"note": "today"})
    store.put({"note": "tomorrow"}, day=NEXT_DAY)
    assert store.written("note") == ["today"]


def test_an_empty_day_is_a_file_with_its_header_only(store: Store) -> None:
    assert store.content() == b"snapshot_date,code,note,kind,number,degrees,moment,id\r\n"


def test_the_file_and_its_folder_are_the_owners_only(store: Store) -> None:
    store.content()
    path = csv_path(store.folder, THINGS, DAY)
    assert path == store.folder / DAY / f"{DAY}_things.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_may_have_any_name(store: Store) -> None:
    store.put({"note": "a"})
    odd = store.folder / "it's a *[folder] {with} %s ?"
    written = write_csv(store.connection, THINGS, DAY, odd)
    assert written.path.parent.parent == odd
    assert len(parse(written.path.read_bytes())) == 2


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_who_reads_the_old_file_reads_it_to_its_end(store: Store) -> None:
    store.put({"note": "old"})
    before = store.content()
    with csv_path(store.folder, THINGS, DAY).open("rb") as reader:
        store.put({"code": "z", "note": "new"})
        after = store.content()
        assert reader.read() == before
    assert after != before
    assert names_in(store.folder / DAY) == [f"{DAY}_things.csv"]


CUT_SHORT = """
    import resource, sys
    from pathlib import Path
    import duckdb
    from randomuser_assets.export.csv import write_csv
    from randomuser_assets_tests.export.test_csv import DAY, THINGS

    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            write_csv(connection, THINGS, DAY, Path(sys.argv[2]))
        except (OSError, duckdb.IOException) as error:
            print(f"cut short: {error}")
"""


def test_a_write_that_fails_midway_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk."""
    database, folder = tmp_path / "warehouse.duckdb", tmp_path / "csv"
    columns = ", ".join(f"{each.name} {each.type.sql}" for each in THINGS.columns)
    with duckdb.connect(str(database)) as opened:
        opened.execute(f"CREATE SCHEMA core; CREATE TABLE core.things ({columns})")
        store = Store(opened, folder)
        store.put({"note": "old"})
        before = store.content()
        more = f"SELECT '{DAY}', i FROM range(200000) t(i)"
        opened.execute(f"INSERT INTO core.things (snapshot_date, code) {more}")
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CUT_SHORT), str(database), str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stdout.startswith("cut short"), ended.stderr
    assert names_in(folder / DAY) == [f"{DAY}_things.csv"]
    assert csv_path(folder, THINGS, DAY).read_bytes() == before
