"""How lines run between boxes: orthogonal, around the boxes, never along each other.

Here belongs the search for ways over the grid of `layout.py`. What does not: what a line means and
how it is drawn.

Lines to the same root are one net: the first goes all the way, each other one ends where it meets
a line of its net. Lines of different nets may cross at a right angle and share nothing else.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from randomuser_assets.document.layout import Rect

END = 2
"""Units that a line runs straight out of a box: room for the mark at its end."""
BEND, BRANCH, CROSSING, ANEW = 40, 20, 30, 100
"""The price, in units of length, of a bend, of joining a line where it does not bend, of a
crossing and of a second line into a root."""
NEAR = {END: 6, END + 1: 2, END + 2: 1}
"""The price of each unit that lies this near to a box: lines keep to the middle between boxes."""

Cell = tuple[int, int]
Move = tuple[int, int]
State = tuple[Cell, Move]
MOVES: tuple[Move, ...] = ((1, 0), (-1, 0), (0, 1), (0, -1))
ARRIVED: Move = (0, 0)


@dataclass(frozen=True)
class Port:
    """A point on a box's edge from which a line may leave to the side: 1 is right, -1 left."""

    x: int
    y: int
    side: int

    @property
    def outer(self) -> Cell:
        """Where a line has left the box and may turn."""
        return self.x + END * self.side, self.y

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What the end of a line covers before it may turn, from the box outwards."""
        return tuple((self.x + step * self.side, self.y) for step in range(END))


@dataclass(frozen=True)
class Net:
    """Lines from leaves to one root; each leaf, and the root, may offer several ports."""

    root: tuple[Port, ...]
    leaves: tuple[tuple[Port, ...], ...]


@dataclass(frozen=True)
class Wire:
    """A line from a leaf to the root of its net, or to where it joins a line of the net."""

    net: int
    leaf: int
    points: tuple[Cell, ...]
    joins: bool


@dataclass
class _Board:
    """The grid as it fills up with lines."""

    width: int
    height: int
    walls: frozenset[Cell]
    near: Mapping[Cell, int]
    arms: dict[Cell, dict[int, frozenset[Move]]] = field(default_factory=dict)
    """For each cell and net the directions in which lines go on from there."""
    ends: set[Cell] = field(default_factory=set)
    """The cells before the boxes at which lines end; none crosses there."""

    def open(self, cell: Cell) -> bool:
        """Say whether a line may be at this cell, other lines aside."""
        x, y = cell
        return 0 < x < self.width and 0 < y < self.height and cell not in self.walls

    def free(self, ports: Sequence[Port]) -> dict[Cell, Port]:
        """Give the ports that no line has taken, by the cell before them."""
        return {
            port.outer: port
            for port in ports
            if self.open(port.outer) and port.outer not in self.arms
        }

    def toll(self, net: int, cell: Cell, move: Move) -> int | None:
        """Give the price of entering a cell; None if a line of this net cannot enter it so."""
        if not self.open(cell):
            return None
        here = self.arms.get(cell, {})
        price = 1 + self.near.get(cell, 0)
        if not here:
            return price
        if here.keys() == {net}:
            return price + (BRANCH if here[net] == _beside(move) else 0)
        straight = all(arms == _beside(move) for arms in here.values())
        return price + CROSSING if straight and cell not in self.ends else None

    def steps(self, net: int, cell: Cell, move: Move) -> Iterator[tuple[int, State]]:
        """Give the next steps of a way with their prices."""
        for turn in MOVES:
            following = (cell[0] + turn[0], cell[1] + turn[1])
            toll = self.toll(net, following, turn)
            if toll is not None and turn != _back(move):
                yield toll + BEND * (turn != move), (following, turn)

    def lay(self, net: int, cells: Sequence[Cell]) -> None:
        """Enter a way."""
        for start, end in pairwise(cells):
            move = _move(start, end)
            for cell, arm in ((start, move), (end, _back(move))):
                here = self.arms.setdefault(cell, {})
                here[net] = here.get(net, frozenset()) | {arm}


def _move(start: Cell, end: Cell) -> Move:
    return end[0] - start[0], end[1] - start[1]


def _back(move: Move) -> Move:
    return -move[0], -move[1]


def _beside(move: Move) -> frozenset[Move]:
    """The two directions at a right angle."""
    return frozenset({(move[1], move[0]), (-move[1], -move[0])})


def _grown(boxes: Sequence[Rect], by: int) -> frozenset[Cell]:
    return frozenset(
        (x, y)
        for box in boxes
        for x in range(box.x - by, box.right + by + 1)
        for y in range(box.y - by, box.bottom + by + 1)
    )


def connect(
    nets: Sequence[Net], boxes: Sequence[Rect], width: int, height: int
) -> tuple[Wire, ...] | None:
    """Find a way for every line, the shorter ones of a net first; None if one has none.

    Nets that reach far go first: what is near finds a short way on the other side of its boxes,
    while a long line that comes last must go around everything.
    """
    near = {cell: NEAR[by] for by in sorted(NEAR, reverse=True) for cell in _grown(boxes, by)}
    board = _Board(width, height, _grown(boxes, END - 1), near)
    wires: list[Wire] = []
    for number in sorted(range(len(nets)), key=lambda number: -_reach(nets[number])):
        net = nets[number]
        leaves = sorted(range(len(net.leaves)), key=partial(_distance, net))
        for leaf in leaves:
            starts, ends = (board.free(ports) for ports in _sides(net.leaves[leaf], net.root))
            way = _way(board, number, starts, ends, ANEW if leaf != leaves[0] else 0)
            if way is None:
                return None
            joins = number in board.arms.get(way[-1], {})
            inwards = () if joins else ends[way[-1]].cells
            board.ends.update((way[0],) if joins else (way[0], way[-1]))
            cells = (*starts[way[0]].cells, *way, *reversed(inwards))
            board.lay(number, cells)
            wires.append(Wire(number, leaf, _corners(cells), joins))
    return tuple(wires)


def _sides(leaf: Sequence[Port], root: Sequence[Port]) -> tuple[Sequence[Port], Sequence[Port]]:
    """Give the ports of either end; a row that refers to itself leaves on one side only."""
    return [port for port in leaf if port not in root] or leaf[:1], [
        port for port in root if port not in leaf[:1]
    ]


def _reach(net: Net) -> int:
    return max((_distance(net, leaf) for leaf in range(len(net.leaves))), default=0)


def _distance(net: Net, leaf: int) -> int:
    return min(
        abs(one.x - other.x) + abs(one.y - other.y)
        for one in net.leaves[leaf]
        for other in net.root
    )


def _way(
    board: _Board, net: int, starts: Mapping[Cell, Port], ends: Mapping[Cell, Port], anew: int
) -> list[Cell] | None:
    """Find the cheapest way from a start to an end or to a line of the net."""
    queue: list[tuple[int, Cell, Move]] = [
        (0, cell, (port.side, 0)) for cell, port in starts.items()
    ]
    heapq.heapify(queue)
    costs: dict[State, int] = {(cell, move): cost for cost, cell, move in queue}
    before: dict[State, State] = {}
    while queue:
        cost, cell, move = heapq.heappop(queue)
        if cost > costs[cell, move]:
            continue
        if move == ARRIVED:
            return _traced(before, (cell, move))
        if net in board.arms.get(cell, {}):
            following = [(0, (cell, ARRIVED))]
        else:
            following = list(board.steps(net, cell, move))
        if cell in ends and move[0] != ends[cell].side:
            turns = BEND if move[0] == 0 else 0
            following.append((anew + turns, (cell, ARRIVED)))
        for price, state in following:
            if cost + price < costs.get(state, cost + price + 1):
                costs[state] = cost + price
                before[state] = (cell, move)
                heapq.heappush(queue, (cost + price, *state))
    return None


def _traced(before: Mapping[State, State], last: State) -> list[Cell]:
    """Give the cells of a way, from its start; the last state only says that it is done."""
    cells = []
    while last in before:
        last = before[last]
        cells.append(last[0])
    return cells[::-1]


def _corners(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Leave out the cells that a line passes straight."""
    turns = (
        here
        for (start, here), (_, end) in pairwise(pairwise(cells))
        if _move(start, here) != _move(here, end)
    )
    return (cells[0], *turns, cells[-1])
