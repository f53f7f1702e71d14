"""docs/benchmarks.md: the figures between its marks, written of what is kept; the rest by hand."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bench.contestants import (
    ALL,
    DLT,
    LIMIT,
    OURS,
    PANDAS,
    POLARS,
    POLARS_DUCKDB,
    POLARS_PYTHON,
)
from bench.plot import Row, plot
from bench.results import DOCS, Results, Rounds, Span, ratio, span
from bench.stages import STAGES
from randomuser_assets.numbered import numbered

PAGE = DOCS / "benchmarks.md"
_BEGIN = "<!-- figures: written by `make bench` -->\n"
_END = "<!-- end of figures -->"
_SHOWN = {each.name: each.shown for each in ALL}
_OURS = [each.name for each in ALL if each.is_ours]
_MB = 2**20
_USUAL = 500_000
"""People, with whose peak the others are compared."""

AIMS = (
    *(
        (people, polars.name, aim)
        for polars in (POLARS, POLARS_DUCKDB, POLARS_PYTHON)
        for people, aim in ((500_000, 1.2), (2_000_000, 1.5))
    ),
    (2_000_000, PANDAS.name, 5),
    (2_000_000, DLT.name, 50),
    (500_000, LIMIT.name, 0.5),
    (2_000_000, LIMIT.name, 0.5),
)
"""How many times as fast as others the pipeline is to be, and at how many people.

Who is not asked for so many, since it would take hours, is compared by people a second with the
most that it was asked for.
"""


def write_page(results: Results) -> None:
    """Write the page and its plots anew."""
    comparison = _by_size(results)
    images = DOCS / "images"
    if comparison:
        for name, drawn in plots(comparison).items():
            (images / name).write_text(drawn, encoding="utf-8")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    PAGE.write_text(f"{before}{_BEGIN}{figures(results)}{_END}{after}", encoding="utf-8")


def plots(comparison: Sequence[Results]) -> dict[str, str]:
    """Give the plots, by the names of their files."""
    return {
        "benchmarks-speed.svg": plot(
            "People a second: further right is faster", _groups(comparison, _speeds)
        ),
        "benchmarks-memory.svg": plot(
            "Peak memory in MB: further left is less", _groups(comparison, _peaks)
        ),
    }


def _groups(
    comparison: Sequence[Results], of: Callable[[Results, Rounds], Span]
) -> list[tuple[str, list[Row]]]:
    return [
        (
            f"{found['people']:,} people",
            [
                Row(_SHOWN[name], *of(found, rounds), is_ours=name in _OURS)
                for name, rounds in _in_order(found)
            ],
        )
        for found in comparison
    ]


def figures(results: Results) -> str:
    """Give the part of the page that is made of what was measured."""
    comparison = _by_size(results)
    parts = [
        *_aims(comparison),
        *_comparisons(comparison),
        *_stages(comparison),
        *_memory(comparison),
        *_growth(results.get("growth", {})),
        "### Who does what",
        _grid(
            ("", "what it does", "what it does less"),
            ((each.shown, each.does, each.less) for each in ALL),
        ),
        *_machines(results),
    ]
    return "\n" + "\n\n".join(part for part in parts if part) + "\n\n"


def table(found: Results) -> str:
    """Give what was measured at one size, as a table."""
    rows = []
    for name, rounds in _in_order(found):
        middle, least, most = _speeds(found, rounds)
        times = ratio(found, name, OURS.name)
        rows.append(
            (
                _SHOWN[name],
                f"{middle:,.0f}",
                f"{least:,.0f} to {most:,.0f}",
                "" if name == OURS.name or times is None else f"{times:.2f}",
                *(f"{span(rounds, each)[0]:,.1f}" for each in ("seconds", "cpu_seconds")),
                *(
                    f"{span(rounds, each)[0] / _MB:,.0f}"
                    for each in ("peak", "largest", "written", "left")
                ),
            )
        )
    head = (
        "", "people a second", "least to most", "times as fast is ours", "seconds", "CPU seconds",
        "peak memory, MB", "largest process, MB", "written, MB", "left, MB",
    )  # fmt: skip
    return _grid(head, rows)


def _said(found: Results) -> str:
    rounds = max(len(each) for each in found["taken"].values())
    times = numbered(rounds, "round", "rounds")
    return f"{found['bytes'] / _MB:,.0f} MB of responses, {times}, {found['date']}."


def _comparisons(comparison: Sequence[Results]) -> Iterable[str]:
    for found in comparison:
        yield f"### {found['people']:,} people"
        yield _said(found)
        yield table(found)


def _aims(comparison: Sequence[Results]) -> Iterable[str]:
    if not comparison:
        return
    yield "### How many times as fast as others"
    rows = []
    for people, name, aim in AIMS:
        theirs = [f for f in comparison if f["people"] <= people and name in f["taken"]]
        ours = [f for f in comparison if f["people"] == people]
        times = [_times(ours[0], theirs[-1], name, who) if ours and theirs else "" for who in _OURS]
        at = theirs[-1]["people"] if theirs else people
        beside = _SHOWN[name] + (f" at {at:,}" if at != people else "")
        rows.append((f"{people:,}", beside, f"{aim:g}", *times))
    yield _grid(("people", "beside", "aim", "with its checks", "without"), rows)


def _times(ours: Results, theirs: Results, name: str, who: str) -> str:
    """Say how many times as fast ours is; of two sizes, by people a second."""
    if who not in ours["taken"]:
        return ""
    if ours is theirs:
        return f"{ratio(ours, name, who) or 0:.2f}"
    speed = _speeds(ours, ours["taken"][who])[0] / _speeds(theirs, theirs["taken"][name])[0]
    return f"{speed:.2f}"


def _stages(comparison: Sequence[Results]) -> Iterable[str]:
    if not comparison:
        return
    yield "### Where the pipeline's seconds go"
    rows = []
    for stage in STAGES:
        cells = [f"{span(found['stages'][OURS.name], stage)[0]:,.1f}" for found in comparison]
        rows.append((stage, *cells))
    yield _grid(("", *(f"{found['people']:,} people" for found in comparison)), rows)


def _memory(comparison: Sequence[Results]) -> Iterable[str]:
    sizes = {
        found["people"]: found["taken"][OURS.name]
        for found in comparison
        if OURS.name in found["taken"]
    }
    if len(sizes) < 2 or _USUAL not in sizes:
        return
    yield "### Memory of the pipeline"
    yield (
        "To look some 20 times a second can miss a short peak. The kernel remembers that of the "
        "largest process, the pages that it shares with others included."
    )

    def cells(rounds: Rounds) -> Iterator[str]:
        for of in ("peak", "largest"):
            most, usual = span(rounds, of)[0], span(sizes[_USUAL], of)[0]
            yield from (f"{most / _MB:,.0f}", f"{most / usual:.2f}")

    beside = f"beside {_USUAL:,}"
    yield _grid(
        ("people", "peak memory, MB", beside, "largest process, MB", beside),
        ((f"{people:,}", *cells(rounds)) for people, rounds in sizes.items()),
    )


def _growth(growth: Results) -> Iterable[str]:
    for found in growth.values():
        rounds = max(len(each) for each in found["taken"].values())
        yield "### The cost of a day, as the warehouse grows"
        yield (
            f"A day of {found['people']:,} people, the whole daily work, added to each warehouse "
            f"in turn, {numbered(rounds, 'day', 'days')} each, {found['date']}."
        )
        yield growth_table(found)


def growth_table(found: Results) -> str:
    """Give what a day cost in each warehouse, as a table."""
    rows = []
    small = min(found["taken"], key=int)
    for days, rounds in found["taken"].items():
        rows.append(
            (
                f"{int(days):,} days",
                *(f"{span(rounds, each)[0]:,.2f}" for each in ("seconds", "cpu_seconds")),
                *(f"{span(rounds, each)[0] / _MB:,.1f}" for each in ("moved", "written", "peak")),
                *(f"{ratio(found, days, small, of=each):.2f}" for each in ("seconds", "moved")),
            )
        )
    head = (
        "warehouse", "seconds", "CPU seconds", "read and written, MB", "to disk, MB", "peak, MB",
        f"seconds beside {small} days", "bytes read and written beside it",
    )  # fmt: skip
    return f"{_grid(head, rows)}\n\n{_steps_of(found['steps'])}"


def _steps_of(by_step: dict[str, Rounds]) -> str:
    """Give the seconds of each step in each warehouse: what grows, grows there."""
    warehouses = sorted(by_step, key=int)
    names = by_step[warehouses[0]][0]
    return _grid(
        ("step", *(f"seconds, {int(days):,} days" for days in warehouses)),
        ((name, *(f"{span(by_step[days], name)[0]:.2f}" for days in warehouses)) for name in names),
    )


def _machines(results: Results) -> Iterable[str]:
    parts = [
        (f"{int(name):,} people" if part == "comparison" else "growth", found["machine"])
        for part, each in results.items()
        for name, found in each.items()
    ]
    machines: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name, machine in parts:
        machines.setdefault(tuple(machine.items()), []).append(name)
    for machine, names in machines.items():
        yield "### The machine" if len(machines) == 1 else f"### The machine of {', '.join(names)}"
        yield _grid(("", ""), machine)


def _by_size(results: Results) -> list[Results]:
    return sorted(results.get("comparison", {}).values(), key=lambda found: found["people"])


def _in_order(found: Results) -> Iterable[tuple[str, Rounds]]:
    return ((name, found["taken"][name]) for name in _SHOWN if name in found["taken"])


def _speeds(found: Results, rounds: Rounds) -> Span:
    middle, least, most = span(rounds, "seconds")
    people = found["people"]
    return people / middle, people / most, people / least


def _peaks(_: Results, rounds: Rounds) -> Span:
    middle, least, most = span(rounds, "peak")
    return middle / _MB, least / _MB, most / _MB


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(
        [
            f"| {' | '.join(head)} |",
            "|" + "---|" * len(head),
            *(f"| {' | '.join(row)} |" for row in rows),
        ]
    )
