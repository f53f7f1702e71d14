"""The lines of the spool come to raw_users as they are."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.query.land import landed
from randomuser_assets_tests.query.division import Bench, text
from randomuser_assets_tests.query.records import admitted

PAYLOADS = [
    text(admitted()),
    text(admitted({"location.city": "a\x00b\u2028c\tñ \\ \" ' \U0001f3d9"})),
    '{"gender":  "kept byte for byte" , "n": 1.50, "huge": 1e400, "gender": 2}',
]


def page(folder: Path, name: str, number: int) -> Path:
    lines = [
        json.dumps(
            {
                "snapshot_date": "2026-01-01",
                "seed": "2026-01-01",
                "page": number,
                "position": position,
                "fetched_at": "2026-01-01T12:00:00.123456",
                "payload": payload,
            }
        )
        for position, payload in enumerate(PAYLOADS, 1)
    ]
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


@pytest.mark.parametrize("folder", ["plain", "it's [a] *?{b,c}", "späße", "list.gz"])
def test_all_lines_of_all_pages_are_rows(bench: Bench, tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    place.mkdir()
    pages = [page(place, f"page-{number}.ndjson", number) for number in (1, 2)]
    bench.fill(MODEL.raw, landed(pages, MODEL.raw))
    stored = bench.rows("FROM raw.raw_users ORDER BY page, position")
    assert [row["payload"] for row in stored] == PAYLOADS * 2
    assert [(row["page"], row["position"]) for row in stored] == [
        (number, position) for number in (1, 2) for position in (1, 2, 3)
    ]
    moment = datetime(2026, 1, 1, 12, 0, 0, 123456)  # noqa: DTZ001  a TIMESTAMP has no zone
    assert {row["fetched_at"] for row in stored} == {moment}


@pytest.mark.parametrize("name", ["page-*.ndjson", "page-?.ndjson", "page-[12].ndjson"])
def test_only_the_pages_named_are_read(bench: Bench, tmp_path: Path, name: str) -> None:
    named = page(tmp_path, name, 7)
    for number in (1, 2):
        page(tmp_path, f"page-{number}.ndjson", number)
    bench.fill(MODEL.raw, landed([named], MODEL.raw))
    assert {row["page"] for row in bench.rows("FROM raw.raw_users")} == {7}


def test_landed_columns_have_the_declared_types(bench: Bench, tmp_path: Path) -> None:
    query = landed([page(tmp_path, "page.ndjson", 1)], MODEL.raw)
    assert bench.columns(query) == {c.name: c.type.sql for c in MODEL.raw.columns}
