"""Lines find ways: around boxes, at right angles, sharing nothing with the lines of other nets."""

from hypothesis import given, settings
from hypothesis import strategies as st

from randomuser_assets.document.connectors import END, Net, Port, Wire, connect
from randomuser_assets.document.layout import Rect
from randomuser_assets_tests.document.geometry import runs_through, shared_steps


def ports(box: Rect, y: int) -> tuple[Port, Port]:
    return Port(box.x, box.y + y, -1), Port(box.right, box.y + y, 1)


def test_rows_at_the_same_height_are_linked_straight() -> None:
    left, right = Rect(5, 5, 10, 10), Rect(30, 5, 10, 10)
    wires = connect([Net(ports(right, 4), (ports(left, 4),))], [left, right], 50, 30)
    assert wires == (Wire(0, 0, ((15, 9), (30, 9)), joins=False),)


def test_a_line_leaves_and_arrives_straight() -> None:
    left, right = Rect(5, 5, 10, 10), Rect(30, 30, 10, 10)
    (wire,) = connect([Net(ports(right, 4), (ports(left, 4),))], [left, right], 50, 50) or ()
    (start, first, *_), (*_, last, end) = wire.points, wire.points
    assert (start[1], end[1]) == (9, 34)
    assert first[1] == start[1]
    assert first[0] - start[0] >= END
    assert last[1] == end[1]
    assert end[0] - last[0] >= END


def test_a_line_goes_around_a_box_in_its_way() -> None:
    boxes = [Rect(5, 10, 10, 10), Rect(25, 5, 10, 20), Rect(45, 10, 10, 10)]
    (wire,) = connect([Net(ports(boxes[2], 4), (ports(boxes[0], 4),))], boxes, 60, 40) or ()
    assert not any(runs_through(wire.points, box) for box in boxes)
    assert len(wire.points) > 2


def test_lines_to_the_same_root_join_on_the_way() -> None:
    boxes = [Rect(5, 5, 10, 10), Rect(5, 25, 10, 10), Rect(40, 15, 10, 10)]
    net = Net(ports(boxes[2], 4), (ports(boxes[0], 4), ports(boxes[1], 4)))
    wires = connect([net], boxes, 60, 40)
    assert wires is not None
    assert [wire.joins for wire in wires] == [False, True]
    assert not shared_steps(wires)


def test_lines_of_two_nets_cross_and_do_not_join() -> None:
    across = [Rect(5, 20, 10, 10), Rect(45, 20, 10, 10)]
    down = [Rect(22, 5, 4, 6), Rect(34, 40, 4, 6)]
    nets = [
        Net(ports(across[1], 4), (ports(across[0], 4),)),
        Net(ports(down[1], 2)[:1], (ports(down[0], 2)[1:],)),
    ]
    wires = connect(nets, [*across, *down], 60, 60)
    assert wires is not None
    assert not shared_steps(wires)
    assert not any(wire.joins for wire in wires)


def test_a_box_can_refer_to_itself() -> None:
    box = Rect(10, 10, 10, 12)
    (wire,) = connect([Net(ports(box, 4), (ports(box, 8),))], [box], 40, 40) or ()
    assert (wire.points[0][1], wire.points[-1][1]) == (18, 14)
    assert not runs_through(wire.points, box)


def test_a_row_can_refer_to_itself() -> None:
    box = Rect(10, 10, 10, 12)
    (wire,) = connect([Net(ports(box, 4), (ports(box, 4),))], [box], 40, 40) or ()
    assert (wire.points[0], wire.points[-1]) == ((10, 14), (20, 14))


def test_a_near_box_leaves_the_nearer_side_of_a_row_to_one_from_afar() -> None:
    far, above, below = Rect(5, 5, 10, 10), Rect(40, 5, 10, 10), Rect(40, 25, 10, 10)
    root = ports(below, 4)
    nets = [Net(root, (ports(above, 8),)), Net(root, (ports(far, 4),))]
    wires = connect(nets, [far, above, below], 60, 45)
    assert wires is not None
    assert {wire.net: wire.points[-1][0] for wire in wires} == {0: below.right, 1: below.x}


def test_where_there_is_no_way_there_are_no_lines() -> None:
    left, wall, right = Rect(5, 5, 10, 10), Rect(22, 0, 4, 20), Rect(35, 5, 10, 10)
    assert connect([Net(ports(right, 4), (ports(left, 4),))], [left, wall, right], 50, 20) is None


def test_two_nets_cannot_share_the_only_way() -> None:
    left, right = [Rect(2, y, 8, 8) for y in (2, 20)], [Rect(40, y, 8, 8) for y in (2, 20)]
    walls = [Rect(20, 0, 10, 13), Rect(20, 17, 10, 13)]
    nets = [Net(ports(right[at], 4), (ports(left[at], 4),)) for at in (0, 1)]
    boxes = [*left, *right, *walls]
    assert all(connect([net], boxes, 50, 30) for net in nets)
    assert connect(nets, boxes, 50, 30) is None


def test_no_line_crosses_the_end_of_another() -> None:
    sides = [Rect(0, 10, 10, 8), Rect(14, 10, 10, 8)]
    above, below = Rect(8, 0, 8, 4), Rect(8, 24, 8, 4)
    across = Net(ports(sides[1], 4), (ports(sides[0], 4),))
    down = Net(ports(below, 2), (ports(above, 2),))
    boxes = [*sides, above, below]
    assert all(connect([net], boxes, 24, 28) for net in (across, down))
    assert connect([across, down], boxes, 24, 28) is None


def test_a_net_without_leaves_needs_no_line() -> None:
    assert connect([Net((Port(5, 5, 1),), ())], [], 10, 10) == ()


@settings(deadline=None, max_examples=25)
@given(
    links=st.lists(
        st.tuples(*[st.integers(0, 8), st.integers(1, 9)] * 2), min_size=1, max_size=7, unique=True
    )
)
def test_no_line_runs_through_a_box_or_along_another(
    links: list[tuple[int, int, int, int]],
) -> None:
    boxes = [Rect(10 + 28 * (at % 3), 8 + 20 * (at // 3), 14, 10) for at in range(9)]
    nets = [
        Net(ports(boxes[target], row), (ports(boxes[source], start),))
        for source, start, target, row in links
    ]
    wires = connect(nets, boxes, 90, 70)
    if wires is None:
        return
    assert not shared_steps(wires)
    assert not any(runs_through(wire.points, box) for wire in wires for box in boxes)
    assert all(0 < x < 90 and 0 < y < 70 for wire in wires for x, y in wire.points)
