"""What was measured, as it is kept in docs/benchmarks.json: the page is made of that alone.

A part is replaced as a whole, and says on which machine and day it was measured.
"""

import json
from pathlib import Path
from statistics import median
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
KEPT = DOCS / "benchmarks.json"

Results = dict[str, Any]
Rounds = list[dict[str, float]]
Span = tuple[float, float, float]
"""The median, the least and the most."""


def kept() -> Results:
    """Give all that is kept."""
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def keep(part: str, name: str, found: Results) -> Results:
    """Keep what was found, and give all that is kept since."""
    everything = kept()
    everything.setdefault(part, {})[name] = found
    text = json.dumps(_rounded(everything), indent=1, ensure_ascii=False)
    KEPT.write_text(text + "\n", encoding="utf-8")
    return kept()


def span(rounds: Rounds, name: str) -> Span:
    """Give the median of all rounds, and the least and the most."""
    values = [each[name] for each in rounds]
    return median(values), min(values), max(values)


def ratio(found: Results, name: str, to: str, of: str = "seconds") -> float | None:
    """Say how many times as long one took as the other, round by round: the median."""
    taken = found["taken"]
    if name not in taken or to not in taken:
        return None
    pairs = zip(taken[name], taken[to], strict=True)
    return float(median(one[of] / other[of] for one, other in pairs))


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, 3)
        case dict():
            return {name: _rounded(each) for name, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
        case _:
            return value
