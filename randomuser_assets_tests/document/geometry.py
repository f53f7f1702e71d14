"""What the tests of places and ways ask of rectangles and lines."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from randomuser_assets.document.connectors import Cell, Wire
from randomuser_assets.document.layout import Rect


def overlaps(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )


def any_overlap(boxes: Sequence[Rect]) -> bool:
    return any(overlaps(one, other) for one, other in combinations(boxes, 2))


def inside(box: Rect, frame: Rect) -> bool:
    return (
        frame.x <= box.x
        and box.right <= frame.right
        and frame.y <= box.y
        and box.bottom <= frame.bottom
    )


def steps(points: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Cut a line into steps of one unit, each with its lower end first."""
    for start, end in pairwise(points):
        (x, y), (to_x, to_y) = sorted((start, end))
        assert (x == to_x) != (y == to_y), "a line runs across or down"
        for at in range(x, to_x):
            yield (at, y), (at + 1, y)
        for at in range(y, to_y):
            yield (x, at), (x, at + 1)


def runs_through(points: Sequence[Cell], box: Rect) -> bool:
    """Say whether a line is within a box, or runs along its edge, for a unit or more."""
    return any(
        box.x <= x and to_x <= box.right and box.y <= y and to_y <= box.bottom
        for (x, y), (to_x, to_y) in steps(points)
    )


def shared_steps(wires: Sequence[Wire]) -> set[tuple[Cell, Cell]]:
    every = [step for wire in wires for step in steps(wire.points)]
    return {step for step in every if every.count(step) > 1}
