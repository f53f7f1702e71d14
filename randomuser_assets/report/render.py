"""A template made into one HTML text: everything that comes from data is escaped."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from randomuser_assets.numbered import numbered
from randomuser_assets.report import words

if TYPE_CHECKING:
    from jinja2 import Environment

# Signs that a page cannot hold: those that only control a terminal, and half a surrogate pair,
# which a figure may have as an escape.
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def rendered(template: str, /, **values: Any) -> str:
    """Fill in a template of this folder."""
    return _NOT_IN_HTML.sub("\ufffd", _templates().get_template(template).render(values))


@cache
def _templates() -> "Environment":
    # Here, since a code location that makes no page should load without it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # whatever its name: everything comes from data
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["number"] = words.number
    templates.filters["numbered"] = numbered
    return templates
