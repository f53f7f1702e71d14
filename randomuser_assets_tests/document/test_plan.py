"""Boxes and lines of each page: legible, apart, at their rows, with the ends that they mean."""

from dataclasses import replace

import pytest

from randomuser_assets.document.connectors import Wire
from randomuser_assets.document.erd import AREA
from randomuser_assets.document.layout import Rect
from randomuser_assets.document.marks import Ending
from randomuser_assets.document.pages import DiagramError, Page, core_page, star_page
from randomuser_assets.document.plan import TITLE, Plan, plan
from randomuser_assets.model import MODEL, Column, Table
from randomuser_assets.model.marts import MARTS
from randomuser_assets_tests.document.drawn_pages import (
    CORE,
    PAGES,
    STAR,
    a_column,
    a_mart,
    a_table,
    any_page,
    declared_pages,
    planned,
    with_core,
)
from randomuser_assets_tests.document.geometry import (
    any_overlap,
    inside,
    runs_through,
    shared_steps,
    steps,
)


@declared_pages
def test_the_declared_tables_are_drawn_in_a_good_size(page: Page) -> None:
    assert planned(page).font_size >= 6


@any_page
def test_boxes_are_on_the_page_and_apart(page: Page) -> None:
    found = planned(page)
    boxes = list(found.sheet.boxes.values())
    assert len(boxes) == len(list(page))
    assert not any_overlap(boxes)
    assert all(inside(box, Rect(0, 0, found.sheet.width, found.sheet.height)) for box in boxes)
    assert found.sheet.width * found.unit <= AREA[0]
    assert found.sheet.height * found.unit <= AREA[1]


@any_page
def test_boxes_are_in_the_frames_of_their_bands(page: Page) -> None:
    sheet = planned(page).sheet
    for band, frame in zip(page.bands, sheet.bands, strict=True):
        assert all(inside(sheet.boxes[table.name], frame) for table in band.tables)


@any_page
def test_lines_run_around_the_boxes_and_share_nothing(page: Page) -> None:
    found = planned(page)
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


@any_page
def test_every_reference_leaves_at_its_row_and_arrives_at_the_row_of_the_key(page: Page) -> None:
    found = planned(page)
    for table in page:
        for column in table.references:
            target = page[str(column.references)]
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


def test_a_part_of_a_key_over_all_days_may_be_referred_from_many_times() -> None:
    """Only where days are partitions is the rest of a key unique by itself."""
    snapshot = next(table for table in MARTS if table.name == "fct_user_snapshot")
    person = a_column("user_id", "dim_user")
    fact = replace(snapshot, columns=(snapshot.columns[0], person, *snapshot.columns[2:]))
    page = star_page([fact if table is snapshot else table for table in MARTS], MODEL)
    found = plan(page, *AREA)
    (wire,) = (wire for wire in found.wires if wire.points[0] in edges(found, fact, person))
    assert found.relations[wire.net].leaves[wire.leaf] is Ending.ZERO_OR_MANY


def test_lineage_goes_from_raw_to_what_is_made_of_it_and_to_core() -> None:
    found = planned(CORE)
    boxes = found.sheet.boxes
    arrows = [wire for wire in found.wires if found.relations[wire.net].root is None]
    ends = {(wire.points[0][0], ends_at(found, wire)[0]) for wire in arrows}
    assert ends == {
        (boxes[MODEL.flattened.name].x, boxes[MODEL.raw.name].right),
        (boxes[MODEL.rejected.name].x, boxes[MODEL.raw.name].right),
        (found.sheet.bands[-1].x, boxes[MODEL.flattened.name].right),
    }


def test_facts_stand_amid_the_dimensions() -> None:
    assert [band.name for band in STAR.bands] == ["dimensions", "facts", "dimensions"]
    kinds = [{table.name.split("_")[0] for table in band.tables} for band in STAR.bands]
    assert kinds == [{"dim"}, {"fct"}, {"dim"}]
    assert sorted(table.name for table in STAR) == sorted(table.name for table in MARTS)


@pytest.mark.parametrize(
    ("page", "name", "other"),
    [
        (CORE, "pictures", "core, another column"),
        (STAR, "dim_age_group", "star, another column"),
    ],
)
def test_a_column_makes_its_box_higher(page: Page, name: str, other: str) -> None:
    before, after = (planned(each).forms[name].size.height for each in (page, PAGES[other]))
    assert after > before


def test_more_tables_than_can_be_read_are_refused_with_a_sentence() -> None:
    columns = [a_column(f"column_{at}") for at in range(20)]
    model = with_core(*(a_table(f"things_{at}", *columns) for at in range(12)))
    with pytest.raises(DiagramError, match=r"core tables: 22 tables, .* do not fit on one page"):
        plan(core_page(model), *AREA)


def test_a_reference_to_a_table_of_another_page_is_refused_with_a_sentence() -> None:
    page = star_page((*MARTS, a_mart("fct_visits", a_column("user_id", "users"))), MODEL)
    with pytest.raises(DiagramError, match=r"page of the star schema has no table 'users'"):
        plan(page, *AREA)
