"""The rows of the spool come to raw_users as they are, and what lies beside them adds up."""

from datetime import date, datetime
from pathlib import Path

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.query.land import drifted, landed
from randomuser_assets.source.rows import ENDING, Repeated, write_columns
from randomuser_assets_tests.query.division import Bench, text
from randomuser_assets_tests.query.records import admitted

FIRST, NEXT = date(2026, 1, 1), date(2026, 1, 2)
PAYLOADS = [
    text(admitted()),
    text(admitted({"location.city": "a\x00b\u2028c\tñ \\ \" ' \U0001f3d9"})),
    '{"gender":  "kept byte for byte" , "n": 1.50, "huge": 1e400, "gender": 2}',
]


def page(folder: Path, name: str, number: int) -> Path:
    moment = datetime(2026, 1, 1, 12, 0, 0, 123456)  # noqa: DTZ001  a TIMESTAMP has no zone
    write_columns(
        folder / name,
        MODEL.raw,
        [
            Repeated(FIRST),
            Repeated("2026-01-01"),
            Repeated(number),
            range(1, len(PAYLOADS) + 1),
            Repeated(moment),
            [payload.encode() for payload in PAYLOADS],
        ],
    )
    return folder / name


@pytest.mark.parametrize("folder", ["plain", "it's [a] *?{b,c}", "späße", "list.gz", "key=value"])
def test_all_rows_of_all_pages_come(bench: Bench, tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    place.mkdir()
    pages = [page(place, f"page-{number}.parquet", number) for number in (1, 2)]
    bench.fill(MODEL.raw, landed(pages, MODEL.raw))
    stored = bench.rows("FROM raw.raw_users ORDER BY page, position")
    assert [row["payload"] for row in stored] == PAYLOADS * 2
    assert [(row["page"], row["position"]) for row in stored] == [
        (number, position) for number in (1, 2) for position in (1, 2, 3)
    ]
    moment = datetime(2026, 1, 1, 12, 0, 0, 123456)  # noqa: DTZ001  a TIMESTAMP has no zone
    assert {row["fetched_at"] for row in stored} == {moment}


@pytest.mark.parametrize("name", ["page-*.parquet", "page-?.parquet", "page-[12].parquet"])
def test_only_the_pages_named_are_read(bench: Bench, tmp_path: Path, name: str) -> None:
    named = page(tmp_path, name, 7)
    for number in (1, 2):
        page(tmp_path, f"page-{number}.parquet", number)
    bench.fill(MODEL.raw, landed([named], MODEL.raw))
    assert {row["page"] for row in bench.rows("FROM raw.raw_users")} == {7}


def test_landed_columns_have_the_declared_types(bench: Bench, tmp_path: Path) -> None:
    query = landed([page(tmp_path, "page.parquet", 1)], MODEL.raw)
    assert bench.columns(query) == {c.name: c.type.sql for c in MODEL.raw.columns}


# What lies beside the pages

Report = tuple[object, ...]


def reported(folder: Path, name: str, *rows: Report) -> Path:
    path = folder / f"{name}.shape_drift{ENDING}"
    columns = list(zip(*rows, strict=True)) or [()] * len(SHAPE_DRIFT.columns)
    write_columns(path, SHAPE_DRIFT, columns)
    return path


def found(bench: Bench, *files: Path) -> list[Report]:
    return sorted((tuple(row.values()) for row in bench.rows(drifted(files, SHAPE_DRIFT))), key=str)


def test_drift_of_several_pages_adds_up_by_day(bench: Bench, tmp_path: Path) -> None:
    one = reported(
        tmp_path,
        "1",
        (FIRST, "appeared", "new", "text", 3, "of 5 characters"),
        (FIRST, "vanished", "nat", "nothing", 1, ""),
    )
    two = reported(tmp_path, "2", (FIRST, "appeared", "new", "text", 4, "of 4 characters"))
    other = reported(tmp_path, "3", (NEXT, "appeared", "new", "text", 5, "of 5 characters"))
    expected = [
        (FIRST, "appeared", "new", "text", 7, "of 4 characters"),
        (FIRST, "vanished", "nat", "nothing", 1, ""),
        (NEXT, "appeared", "new", "text", 5, "of 5 characters"),
    ]
    assert found(bench, one, two, other) == expected
    assert found(bench, other, two, one) == expected


def test_what_differs_in_kind_path_or_type_is_not_added_up(bench: Bench, tmp_path: Path) -> None:
    rows: list[Report] = [
        (FIRST, kind, path, type_, 1, "")
        for kind in ("appeared", "retyped")
        for path in ("login", "Login", "login.a", "(no name)")
        for type_ in ("text", "number")
    ]
    assert found(bench, reported(tmp_path, "1", *rows)) == sorted(rows, key=str)


@pytest.mark.parametrize("full", [0, 1])
def test_a_page_without_drift_adds_nothing(bench: Bench, tmp_path: Path, full: int) -> None:
    row: Report = (FIRST, "vanished", "nat", "nothing", 2, "")
    files = [reported(tmp_path, f"full {n}", row) for n in range(full)]
    files += [reported(tmp_path, f"empty {n}") for n in range(2)]
    assert found(bench, *files) == [row] * full


@pytest.mark.parametrize("example", ["", 'it\'s "odd" \\', "a\nb\tc\x00d", "{}", "null", "🙂", "é"])
def test_an_example_stays_as_it_is(bench: Bench, tmp_path: Path, example: str) -> None:
    row: Report = (FIRST, "retyped", "gender", "number", 1, example)
    assert found(bench, reported(tmp_path, "1", row)) == [row]


def test_drift_has_the_declared_columns(bench: Bench, tmp_path: Path) -> None:
    declared = {c.name: c.type.sql for c in SHAPE_DRIFT.columns}
    assert bench.columns(drifted([reported(tmp_path, "1")], SHAPE_DRIFT)) == declared


def test_what_was_asked_comes_as_it_is(bench: Bench, tmp_path: Path) -> None:
    pages = [
        (FIRST, 'it\'s "a" seed', 1, 500, 3),
        (FIRST, 'it\'s "a" seed', 2, 7, None),
        (NEXT, "x", 1, 1, None),
    ]
    files = []
    for n, row in enumerate(pages):
        files.append(tmp_path / f"{n}.requests{ENDING}")
        write_columns(files[-1], REQUESTS, [[value] for value in row])
    query = landed(files, REQUESTS)
    assert sorted(tuple(row.values()) for row in bench.rows(query)) == pages
    assert bench.columns(query) == {c.name: c.type.sql for c in REQUESTS.columns}
