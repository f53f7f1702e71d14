"""Boxes find places: in columns by reference, within their frames, never over each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from randomuser_assets.document import layout
from randomuser_assets.document.layout import Link, Rect, Size, arrange, layered, ordered
from randomuser_assets_tests.document.geometry import any_overlap, inside


def test_links_go_to_the_right() -> None:
    links = (Link("order", "person"), Link("person", "town"), Link("order", "town"))
    assert layered(("town", "person", "order"), links) == (("order",), ("person",), ("town",))


def test_what_is_linked_with_nothing_stands_with_what_links_to_nothing() -> None:
    links = (Link("person", "town"),)
    assert layered(("person", "town", "note"), links) == (("person",), ("town", "note"))


@pytest.mark.parametrize(
    "links",
    [
        (Link("a", "a"),),
        (Link("a", "b"), Link("b", "a")),
        (Link("a", "b"), Link("b", "c"), Link("c", "a"), Link("b", "b")),
        (Link("a", "elsewhere"), Link("elsewhere", "b")),
    ],
)
def test_circles_and_links_from_elsewhere_leave_every_box_in_one_column(
    links: tuple[Link, ...],
) -> None:
    columns = layered(("a", "b", "c"), links)
    assert sorted(name for column in columns for name in column) == ["a", "b", "c"]


def test_a_column_is_ordered_like_the_rows_that_refer_to_it() -> None:
    links = (Link("a", "low", 0.9), Link("a", "high", 0.1), Link("a", "middle", 0.5))
    found = ordered((("a",), ("low", "middle", "high")), links)
    assert found == (("a",), ("high", "middle", "low"))


def test_a_column_that_is_too_high_is_broken() -> None:
    sizes = {name: Size(10, 20) for name in "abc"}
    sheet = arrange(((tuple("abc"),),), sizes, 100, 60)
    assert sheet is not None
    assert sheet.boxes["a"].x == sheet.boxes["b"].x < sheet.boxes["c"].x


def test_columns_become_one_when_the_sheet_is_narrow() -> None:
    sizes = {name: Size(10, 20) for name in "ab"}
    wide, narrow = (arrange(((("a",), ("b",)),), sizes, width, 60) for width in (40, 20))
    assert wide is not None
    assert wide.boxes["a"].x < wide.boxes["b"].x
    assert narrow is not None
    assert narrow.boxes["a"].x == narrow.boxes["b"].x


@pytest.mark.parametrize(("width", "height"), [(15, 60), (60, 20)])
def test_what_does_not_fit_has_no_place(width: int, height: int) -> None:
    assert arrange((((("a"),),),), {"a": Size(10, 20)}, width, height) is None


def test_bands_stand_side_by_side_in_their_order() -> None:
    sizes = {name: Size(10, 20) for name in "abc"}
    sheet = arrange(((("b",),), (("c",),), (("a",),)), sizes, 80, 60)
    assert sheet is not None
    assert [sheet.boxes[name].x for name in "bca"] == sorted(box.x for box in sheet.boxes.values())
    for one, other in zip(sheet.bands, sheet.bands[1:], strict=False):
        assert other.x - one.right == layout.BETWEEN_BANDS


SIZES = st.builds(Size, st.integers(5, 40), st.integers(5, 60))
BANDS = st.lists(
    st.lists(st.lists(SIZES, min_size=1, max_size=5), min_size=1, max_size=3), max_size=3
)


@given(bands=BANDS, width=st.integers(20, 250), height=st.integers(20, 150))
def test_boxes_are_in_their_frames_and_apart(
    bands: list[list[list[Size]]], width: int, height: int
) -> None:
    sizes = {
        f"{band}-{column}-{at}": size
        for band, columns in enumerate(bands)
        for column, stack in enumerate(columns)
        for at, size in enumerate(stack)
    }
    names = tuple(
        tuple(
            tuple(f"{band}-{column}-{at}" for at in range(len(stack)))
            for column, stack in enumerate(columns)
        )
        for band, columns in enumerate(bands)
    )
    sheet = arrange(names, sizes, width, height)
    if sheet is None:
        return
    assert sheet.boxes.keys() == sizes.keys()
    assert not any_overlap([*sheet.boxes.values()])
    assert not any_overlap(sheet.bands)
    for name, box in sheet.boxes.items():
        assert inside(box, sheet.bands[int(name.split("-")[0])])
        assert box.width >= sizes[name].width
        assert box.height == sizes[name].height
    assert all(inside(band, Rect(0, 0, width, height)) for band in sheet.bands)
