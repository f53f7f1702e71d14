"""The diagram is legible pages, drawn from the declarations alone, the same bytes everywhere."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from randomuser_assets.document.erd import PAGE, write
from randomuser_assets.document.marks import BADGES, Ending
from randomuser_assets.document.pages import Page, star_page
from randomuser_assets.document.plan import LEGIBLE
from randomuser_assets.model import MODEL, Privacy, Table, Taken
from randomuser_assets.model.marts import MARTS
from randomuser_assets.settings import project_root
from randomuser_assets_tests.document.drawn_pages import (
    CORE,
    STAR,
    a_column,
    any_page,
    declared_pages,
    drawn,
    printed,
    widened,
)


def rows(table: Table) -> Iterator[str]:
    """Give the texts that a table's rows are made of, in their order."""
    for column in table.columns:
        if column.name in table.key:
            yield "PK"
        if column.references:
            yield "FK"
        yield column.name
        yield column.type.sql
        if column.privacy in BADGES:
            yield BADGES[column.privacy].letter


def test_the_checked_in_file_is_a_page_of_the_core_tables_and_one_of_the_star() -> None:
    core, star = PdfReader(project_root() / "erd.pdf").pages
    for page, title, tables in ((core, "core tables", MODEL), (star, "star schema", MARTS)):
        lines = page.extract_text().splitlines()
        assert f"entity-relationship diagram: {title}" in lines
        for table in tables:
            assert f"{table.schema}.{table.name}" in lines


@declared_pages
def test_every_page_is_landscape(page: Page) -> None:
    width, height = (float(side) for side in printed(page)[0].mediabox[2:])
    assert (width, height) == pytest.approx(PAGE, abs=0.01)
    assert width > height


@any_page
def test_every_table_shows_its_rows_with_keys_types_and_privacy(page: Page) -> None:
    lines = printed(page)[0].extract_text().splitlines()
    for table in page:
        start = lines.index(f"{table.schema}.{table.name}") + 1
        about = page.about(table).split()
        assert about[: len(table.description.split())] == table.description.split()
        while about:
            words = lines[start].split()
            assert about[: len(words)] == words
            about, start = about[len(words) :], start + 1
        expected = list(rows(table))
        assert lines[start : start + len(expected)] == expected


def test_a_mart_says_which_core_tables_it_has_columns_of() -> None:
    for mart in MARTS:
        sources = {c.origin.table for c in mart.columns if isinstance(c.origin, Taken)}
        assert set(re.findall(r"core\.(\w+)", STAR.about(mart))) == sources


def test_another_column_of_a_mart_changes_the_page() -> None:
    marts = widened(MARTS, "dim_country", a_column("continent"))
    changed = star_page(marts, MODEL)
    assert drawn(changed) != drawn(STAR)
    assert "continent" in printed(changed)[0].extract_text().splitlines()


@declared_pages
def test_the_legend_explains_every_mark(page: Page) -> None:
    text = printed(page)[0].extract_text()
    for words in ("primary key", "refers to a key", "required", "may be null"):
        assert words in text
    assert all(privacy.value in text for privacy in Privacy)
    assert all(ending.meaning in text for ending in Ending)
    assert ("made of" in text.splitlines()) == bool(page.lineage)


def test_privacy_classes_differ_in_letter_and_in_shape() -> None:
    assert BADGES.keys() == set(Privacy) - {Privacy.PLAIN}
    for one, other in combinations(BADGES.values(), 2):
        assert one.letter != other.letter
        assert one.roundness != other.roundness


def test_the_file_says_what_it_is_and_lists_its_pages() -> None:
    reader = PdfReader(io.BytesIO(drawn(CORE, STAR)))
    information = reader.metadata
    assert information is not None
    assert information.title == "randomuser_assets: entity-relationship diagram"
    assert information.author == "randomuser_assets"
    assert information.subject is not None
    assert f"core tables: {len(list(MODEL))} tables, " in information.subject
    assert f"star schema: {len(MARTS)} tables, " in information.subject
    assert [str(entry["/Title"]) for entry in reader.outline if not isinstance(entry, list)] == [
        "core tables",
        "star schema",
    ]


@declared_pages
def test_the_title_ends_before_the_note_begins(page: Page) -> None:
    pieces: list[tuple[str, float, float]] = []

    def visit(text: str, _: object, at: list[float], __: object, size: float) -> None:
        pieces.append((text.strip(), at[4], size))

    printed(page)[0].extract_text(visitor_text=visit)
    title, left, size = next(p for p in pieces if p[0].endswith(f": {page.title}"))
    note = next(start for text, start, _ in pieces if text.endswith(page.note))
    assert left + stringWidth(title, "Helvetica", size) < note


def test_the_bytes_are_the_same_in_every_process_time_zone_and_hash_order(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from randomuser_assets.model import MODEL; "
        "from randomuser_assets.model.marts import MARTS; "
        "from randomuser_assets.document.pages import core_page, star_page; "
        "from randomuser_assets.document.erd import write; "
        "write([core_page(MODEL), star_page(MARTS, MODEL)], Path(sys.argv[1]))"
    )
    for zone, seed in (("Pacific/Kiritimati", "1"), ("America/Los_Angeles", "2")):
        target = tmp_path / f"{seed}.pdf"
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(target)], env=environment, check=True)
        assert target.read_bytes() == drawn(CORE, STAR)


def test_a_file_holds_what_is_drawn(tmp_path: Path) -> None:
    write([CORE, STAR], tmp_path / "erd.pdf")
    assert (tmp_path / "erd.pdf").read_bytes() == drawn(CORE, STAR)


def test_it_is_drawn_in_lines_and_standard_fonts_and_not_compressed() -> None:
    assert not any(page.images for page in printed(CORE, STAR))
    content = drawn(CORE, STAR)
    fonts = set(re.findall(rb"/BaseFont /(\S+)", content))
    assert fonts == {b"Helvetica", b"Helvetica-Bold", b"Helvetica-Oblique"}
    assert b"/Filter" not in content


@any_page
def test_no_text_is_too_small_to_read(page: Page) -> None:
    content = drawn(page).decode("latin-1")
    sizes = [float(size) for size in re.findall(r"/F\d+ (\S+) Tf", content)]
    assert min(sizes) >= LEGIBLE / 10
    assert set(re.findall(r"(.*) cm\b", content)) == {"1 0 0 1 0 0"}, "nothing is scaled"
