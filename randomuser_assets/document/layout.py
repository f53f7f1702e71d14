"""Where boxes stand on a sheet: pure geometry in whole grid units, y downwards.

Here belongs what decides places: layers by reference, order within a column, columns side by side.
What does not: fonts, colours, tables. Lines between the boxes are the matter of `connectors.py`.

Whole units make the places exact, and let a row of a box fall on a grid line, where a connector
can leave it straight.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

BETWEEN_BOXES = 4
"""Free units between boxes above each other: room for a line."""
BETWEEN_COLUMNS = 7
"""Free units between columns of a band: two connector ends and room for lines."""
BETWEEN_BANDS = 3
BESIDE = 3
"""Free units between a band's frame and its boxes, left and right."""
ABOVE, BELOW = 4, 2
"""Free units between a band's frame and its boxes; above stands the band's name."""


@dataclass(frozen=True)
class Link:
    """A line to come, from a row of one box to a row of another, each a share of the height."""

    source: str
    target: str
    source_share: float = 0.5
    target_share: float = 0.5


@dataclass(frozen=True)
class Rect:
    """A rectangle on the grid."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The y of the lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Size:
    """What a box needs."""

    width: int
    height: int


@dataclass(frozen=True)
class Sheet:
    """The places of all boxes, by name, and of the bands' frames, in the order of the bands."""

    width: int
    height: int
    boxes: Mapping[str, Rect]
    bands: tuple[Rect, ...]


Columns = tuple[tuple[str, ...], ...]


def layered(names: Sequence[str], links: Sequence[Link]) -> Columns:
    """Put boxes into columns such that links go to the right, circles of links aside."""
    depths: dict[str, int] = {}

    def depth(name: str, above: frozenset[str]) -> int:
        if name not in depths:
            targets = {link.target for link in links if link.source == name} & set(names)
            below = [depth(target, above | {name}) for target in sorted(targets - above - {name})]
            depths[name] = 1 + max(below, default=-1)
        return depths[name]

    for name in names:
        depth(name, frozenset())
    found = sorted(set(depths.values()), reverse=True)
    return tuple(tuple(name for name in names if depths[name] == level) for level in found)


def ordered(columns: Columns, links: Sequence[Link]) -> Columns:
    """Order each column such that boxes stand at the height of those they are linked with.

    Means are taken with fsum, since what sum gives for fractions depends on Python's version.
    """
    for _ in range(4):
        for at in (*range(len(columns)), *reversed(range(len(columns)))):
            heights = {
                name: (place, len(column))
                for column in columns
                for place, name in enumerate(column)
            }
            pulls = {name: tuple(_pulls(name, links, heights)) for name in columns[at]}
            means = {
                name: fsum(pull) / len(pull) if pull else (heights[name][0] + 0.5) / len(pulls)
                for name, pull in pulls.items()
            }
            column = tuple(sorted(columns[at], key=means.__getitem__))
            columns = (*columns[:at], column, *columns[at + 1 :])
    return columns


def _pulls(
    name: str, links: Sequence[Link], heights: Mapping[str, tuple[int, int]]
) -> Iterator[float]:
    for link in links:
        for one, other, share in (
            (link.source, link.target, link.target_share),
            (link.target, link.source, link.source_share),
        ):
            if one == name and other != name and other in heights:
                place, count = heights[other]
                yield (place + share) / count


def _stack(column: Sequence[str], sizes: Mapping[str, Size]) -> int:
    return sum(sizes[name].height for name in column) + BETWEEN_BOXES * (len(column) - 1)


def _split(columns: Columns, sizes: Mapping[str, Size], height: int) -> Columns:
    """Break columns that are too high; a box that is too high alone stays too high."""
    parts: list[list[str]] = []
    for column in columns:
        parts.append([])
        for name in column:
            if parts[-1] and _stack([*parts[-1], name], sizes) > height:
                parts.append([])
            parts[-1].append(name)
    return tuple(tuple(part) for part in parts)


def _merge(columns: Columns, sizes: Mapping[str, Size], height: int) -> Columns | None:
    """Put the two neighbouring columns that are lowest together into one, if they fit."""
    stacks = [(_stack(columns[at] + columns[at + 1], sizes), at) for at in range(len(columns) - 1)]
    lowest, at = min(stacks, default=(height + 1, 0))
    if lowest > height:
        return None
    return (*columns[:at], columns[at] + columns[at + 1], *columns[at + 2 :])


def _width(bands: Sequence[Columns], sizes: Mapping[str, Size]) -> int:
    return BETWEEN_BANDS * (len(bands) - 1) + sum(
        2 * BESIDE
        + BETWEEN_COLUMNS * (len(columns) - 1)
        + sum(max(sizes[name].width for name in column) for column in columns)
        for columns in bands
    )


def arrange(
    bands: Sequence[Columns], sizes: Mapping[str, Size], width: int, height: int
) -> Sheet | None:
    """Place bands of columns of boxes on a sheet; None if they do not fit.

    Columns that are too high are broken. As long as the sheet is too narrow, neighbouring columns
    of a band become one.
    """
    free = height - ABOVE - BELOW
    fitted = [_split(columns, sizes, free) for columns in bands]
    while _width(fitted, sizes) > width:
        merged = [_merge(columns, sizes, free) for columns in fitted]
        at = next((at for at, columns in enumerate(merged) if columns), None)
        if at is None:
            return None
        fitted[at] = merged[at] or fitted[at]
    if any(_stack(column, sizes) > free for columns in fitted for column in columns):
        return None
    return _place(fitted, sizes, width, height)


def _place(bands: Sequence[Columns], sizes: Mapping[str, Size], width: int, height: int) -> Sheet:
    """Place columns that fit; what is free widens the gaps between the columns of a band."""
    gaps = sum(len(columns) - 1 for columns in bands)
    spare = width - _width(bands, sizes)
    wider = [spare // gaps + (at < spare % gaps) for at in range(gaps)] if gaps else []
    boxes: dict[str, Rect] = {}
    frames = []
    x = 0 if gaps else spare // 2
    for columns in bands:
        left = x
        x += BESIDE
        for at, column in enumerate(columns):
            if at:
                x += BETWEEN_COLUMNS + wider.pop()
            wide = max(sizes[name].width for name in column)
            boxes.update(_column(column, sizes, x, wide, height))
            x += wide
        x += BESIDE
        frames.append(Rect(left, 0, x - left, height))
        x += BETWEEN_BANDS
    return Sheet(width, height, boxes, tuple(frames))


def _column(
    column: Sequence[str], sizes: Mapping[str, Size], x: int, width: int, height: int
) -> dict[str, Rect]:
    """Place boxes above each other, as far from the edges as from each other."""
    spare = height - ABOVE - BELOW - _stack(column, sizes)
    share = spare // (len(column) + 1)
    y = ABOVE + share
    placed = {}
    for name in column:
        placed[name] = Rect(x, y, width, sizes[name].height)
        y += sizes[name].height + BETWEEN_BOXES + share
    return placed
