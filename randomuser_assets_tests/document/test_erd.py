"""The diagram is one legible page, drawn from the declarations alone, the same bytes everywhere."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from randomuser_assets.document.connectors import Wire
from randomuser_assets.document.erd import AREA, PAGE, draw, write
from randomuser_assets.document.layout import Rect
from randomuser_assets.document.marks import BADGES, Ending
from randomuser_assets.document.plan import LEGIBLE, TITLE, DiagramError, Plan, plan
from randomuser_assets.model import MODEL, Column, Model, Privacy, Table
from randomuser_assets.model.types import TEXT
from randomuser_assets_tests.document.geometry import (
    any_overlap,
    inside,
    runs_through,
    shared_steps,
    steps,
)


def column(
    name: str, references: str | None = None, *, required: bool = True, model: Model = MODEL
) -> Column:
    """Declare a column, which has the type of the declared key that it refers to, or is a text."""
    targets = [table for table in model if table.name == references]
    return Column(
        name=name,
        type=targets[0][targets[0].own_key[0]].type if targets else TEXT,
        description="Something.",
        privacy=Privacy.PLAIN,
        references=references,
        required=required,
    )


def table(name: str, *columns: Column) -> Table:
    key = column(f"{name}_key")
    return Table(
        name=name,
        schema="core",
        description=f"Rows of {name}, as many as there are.",
        columns=(MODEL.core[0].columns[0], key, *columns),
        key=("snapshot_date", key.name),
    )


def with_core(*tables: Table) -> Model:
    return replace(MODEL, core=(*MODEL.core, *tables))


def with_columns(name: str, *columns: Column) -> Model:
    """Add columns to a table of core."""
    return replace(
        MODEL,
        core=tuple(
            replace(table, columns=(*table.columns, *columns)) if table.name == name else table
            for table in MODEL.core
        ),
    )


MODELS = {
    "as declared": MODEL,
    "another table": with_core(table("visits", column("user_id", "users"), column("reason"))),
    "another column": with_columns("pictures", column("photographer")),
    "a chain": with_core(
        table("orders", column("user_id", "logins")), table("items", column("order_id", "orders"))
    ),
    "optional references": with_core(
        table("visits", column("host_id", "users"), column("guest_id", "users", required=False))
    ),
    "circles": with_core(
        table("regions", column("parent", "regions", required=False)),
        table("hens", column("egg", "eggs")),
        table("eggs", column("hen", "hens")),
    ),
    "a reference from staging": replace(
        MODEL,
        flattened=replace(
            MODEL.flattened,
            columns=(*MODEL.flattened.columns[:-1], column("nat", "countries")),
        ),
    ),
    "many referrers": with_core(
        *(table(f"things_{at}", column("user_id", "users"), column("thing")) for at in range(5))
    ),
    "a long table": with_columns("locations", *(column(f"more_{at}") for at in range(20))),
}

any_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())


@cache
def planned(model: Model) -> Plan:
    return plan(model, *AREA)


@cache
def drawn(model: Model) -> bytes:
    return draw(model)


def page(model: Model = MODEL) -> PageObject:
    reader = PdfReader(io.BytesIO(drawn(model)))
    assert len(reader.pages) == 1
    return reader.pages[0]


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


def test_it_is_one_landscape_page() -> None:
    width, height = (float(side) for side in page().mediabox[2:])
    assert (width, height) == pytest.approx(PAGE, abs=0.01)
    assert width > height


@any_model
def test_every_table_shows_its_rows_with_keys_types_and_privacy(model: Model) -> None:
    lines = page(model).extract_text().splitlines()
    for table in model:
        start = lines.index(f"{table.schema}.{table.name}") + 1
        about = table.description.split()
        while about:
            words = lines[start].split()
            assert about[: len(words)] == words
            about, start = about[len(words) :], start + 1
        expected = list(rows(table))
        assert lines[start : start + len(expected)] == expected


def test_the_legend_explains_every_mark() -> None:
    text = page().extract_text()
    for words in ("primary key", "refers to a key", "required", "may be null", "made of"):
        assert words in text
    assert all(privacy.value in text for privacy in Privacy)
    assert all(ending.meaning in text for ending in Ending)


def test_privacy_classes_differ_in_letter_and_in_shape() -> None:
    assert BADGES.keys() == set(Privacy) - {Privacy.PLAIN}
    for one, other in combinations(BADGES.values(), 2):
        assert one.letter != other.letter
        assert one.roundness != other.roundness


def test_it_says_what_it_is() -> None:
    information = PdfReader(io.BytesIO(drawn(MODEL))).metadata
    assert information is not None
    assert information.title == "randomuser_assets: entity-relationship diagram"
    assert information.author == "randomuser_assets"
    assert information.subject is not None
    assert information.subject.startswith(f"{len(list(MODEL))} tables, ")


def test_the_bytes_are_the_same_in_every_process_time_zone_and_hash_order(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from randomuser_assets.model import MODEL; "
        "from randomuser_assets.document.erd import write; write(MODEL, Path(sys.argv[1]))"
    )
    for zone, seed in (("Pacific/Kiritimati", "1"), ("America/Los_Angeles", "2")):
        target = tmp_path / f"{seed}.pdf"
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(target)], env=environment, check=True)
        assert target.read_bytes() == drawn(MODEL)


def test_a_file_holds_what_is_drawn(tmp_path: Path) -> None:
    write(MODEL, tmp_path / "erd.pdf")
    assert (tmp_path / "erd.pdf").read_bytes() == drawn(MODEL)


def test_it_is_drawn_in_lines_and_standard_fonts_and_not_compressed() -> None:
    assert not page().images
    content = drawn(MODEL)
    fonts = set(re.findall(rb"/BaseFont /(\S+)", content))
    assert fonts == {b"Helvetica", b"Helvetica-Bold", b"Helvetica-Oblique"}
    assert b"/Filter" not in content


@any_model
def test_no_text_is_too_small_to_read(model: Model) -> None:
    content = drawn(model).decode("latin-1")
    sizes = [float(size) for size in re.findall(r"/F\d+ (\S+) Tf", content)]
    assert min(sizes) >= LEGIBLE / 10
    assert set(re.findall(r"(.*) cm\b", content)) == {"1 0 0 1 0 0"}, "nothing is scaled"


def test_the_declared_tables_are_drawn_in_a_good_size() -> None:
    assert planned(MODEL).font_size >= 6


@any_model
def test_boxes_are_on_the_page_and_apart(model: Model) -> None:
    found = planned(model)
    boxes = list(found.sheet.boxes.values())
    assert len(boxes) == len(list(model))
    assert not any_overlap(boxes)
    assert all(inside(box, Rect(0, 0, found.sheet.width, found.sheet.height)) for box in boxes)
    assert found.sheet.width * found.unit <= AREA[0]
    assert found.sheet.height * found.unit <= AREA[1]


@any_model
def test_lines_run_around_the_boxes_and_share_nothing(model: Model) -> None:
    found = planned(model)
    assert not shared_steps(found.wires)
    for wire in found.wires:
        assert not any(runs_through(wire.points, box) for box in found.sheet.boxes.values())
        for band in found.sheet.bands:
            name = Rect(band.x + TITLE[0], band.y + TITLE[1] - 1, 5, 2)
            assert not runs_through(wire.points, name)


def ends_at(found: Plan, wire: Wire) -> tuple[int, int]:
    """Follow a line, over the lines that it joins, to its net's root."""
    if not wire.joins:
        return wire.points[-1]
    (joined,) = (
        other
        for other in found.wires
        if other.net == wire.net
        and other != wire
        and wire.points[-1] in {cell for step in steps(other.points) for cell in step}
        and (wire.points[-1] != other.points[-1])
    )
    return ends_at(found, joined)


@any_model
def test_every_reference_leaves_at_its_row_and_arrives_at_the_row_of_the_key(model: Model) -> None:
    found = planned(model)
    for table in model:
        for column in table.references:
            target = model[str(column.references)]
            row = edges(found, table, column)
            key = edges(found, target, target[target.own_key[0]])
            (wire,) = (
                wire
                for wire in found.wires
                if wire.points[0] in row and ends_at(found, wire) in key
            )
            whole_key = table.own_key == (column.name,)
            relation = found.relations[wire.net]
            assert relation.root is (Ending.EXACTLY_ONE if column.required else Ending.ZERO_OR_ONE)
            assert relation.leaves[wire.leaf] is (
                Ending.ZERO_OR_ONE if whole_key else Ending.ZERO_OR_MANY
            )


def edges(found: Plan, table: Table, column: Column) -> set[tuple[int, int]]:
    box = found.sheet.boxes[table.name]
    y = box.y + found.forms[table.name].row(column)
    return {(box.x, y), (box.right, y)}


def test_lineage_goes_from_raw_to_what_is_made_of_it_and_to_core() -> None:
    found = planned(MODEL)
    boxes = found.sheet.boxes
    arrows = [wire for wire in found.wires if found.relations[wire.net].root is None]
    ends = {(wire.points[0][0], ends_at(found, wire)[0]) for wire in arrows}
    assert ends == {
        (boxes[MODEL.flattened.name].x, boxes[MODEL.raw.name].right),
        (boxes[MODEL.rejected.name].x, boxes[MODEL.raw.name].right),
        (found.sheet.bands[-1].x, boxes[MODEL.flattened.name].right),
    }


def test_a_column_makes_its_box_higher() -> None:
    before, after = (
        planned(model).forms["pictures"].size.height for model in (MODEL, MODELS["another column"])
    )
    assert after > before


def test_more_tables_than_can_be_read_are_refused_with_a_sentence() -> None:
    columns = [column(f"column_{at}") for at in range(20)]
    model = with_core(*(table(f"things_{at}", *columns) for at in range(12)))
    with pytest.raises(DiagramError, match=r"The 22 declared tables .* do not fit on one page"):
        draw(model)
