"""The page is what the kept results say."""

from xml.etree import ElementTree

import pytest
from bench.page import figures, plots
from bench.results import DOCS, kept, ratio

TAKEN = {
    "began": 0.0, "seconds": 2.0, "cpu_seconds": 3.0, "peak": 2**20, "largest": 2**20,
    "written": 2**20, "moved": 2**20, "left": 2**20,
}  # fmt: skip
FOUND = {
    "people": 1_000,
    "bytes": 2**20,
    "date": "2026-11-20",
    "taken": {
        "ours": [TAKEN, {**TAKEN, "seconds": 1.0}, {**TAKEN, "seconds": 4.0}],
        "polars": [{**TAKEN, "seconds": each} for each in (3.0, 3.0, 4.0)],
    },
}


def test_the_page_and_its_plots_are_current() -> None:
    results = kept()
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    assert figures(results) in page, (
        "written by hand? render it again: `PYTHONPATH=.ci .venv/bin/python -m bench --render`"
    )
    sizes = sorted(results.get("comparison", {}).values(), key=lambda found: found["people"])
    for name, drawn in plots(sizes).items() if sizes else ():
        assert (DOCS / "images" / name).read_text(encoding="utf-8") == drawn


def test_ratios_are_of_rounds() -> None:
    assert ratio(FOUND, "polars", "ours") == pytest.approx(1.5)
    assert ratio(FOUND, "pandas", "ours") is None


def test_plots_are_images() -> None:
    for drawn in plots([FOUND]).values():
        ElementTree.fromstring(drawn)  # noqa: S314  our own text
