"""The population report as one HTML text: its counts, its script, and no need of anything else.

The script is named by its hash in the page's own policy, so that a browser runs nothing else.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from randomuser_assets.report import words
from randomuser_assets.report.population.embedding import embedded
from randomuser_assets.report.population.figures import Population
from randomuser_assets.report.population.still import as_image, still
from randomuser_assets.report.population.telling import NOBODY, verdict
from randomuser_assets.report.render import rendered

NAME = "population.html"
MOST_BYTES = 2_000_000

_SCRIPTS = ("data", "draw", "charts", "page")


def population_page(population: Population, *, days_are: str) -> str:
    """Write the page; what a day holds decides its words."""
    # Here, since the rest of this folder does without.
    from markupsafe import Markup

    counts, days = embedded(population)
    shown = population.days[:days]
    return rendered(
        "population/page.html.j2",
        population=population,
        people=population.people,
        shown=shown,
        hidden=population.all_days - len(shown),
        verdict=verdict(population),
        nobody=NOBODY,
        snapshots=days_are == "snapshots",
        words=words,
        still=as_image(still(population)),
        # Ours, and JSON in which nothing can end the element.
        counts=Markup(counts),  # noqa: S704  see above
        script=Markup(_script()),  # noqa: S704  our own files
        script_hash=_hash(_script()),
    )


@cache
def _script() -> str:
    """Give our script: its parts in one scope, which nothing else is in."""
    folder = Path(__file__).parent
    parts = [(folder / f"{name}.js").read_text("utf-8") for name in _SCRIPTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


@cache
def own_text() -> str:
    """Give all that stands on the page whoever is in it, and more: what it is made from."""
    folder = Path(__file__).parent
    files = (folder.parent / "base.css", *folder.glob("*.css"), *folder.glob("*.html.j2"))
    return "\n".join((*(file.read_text("utf-8") for file in files), _script()))


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
