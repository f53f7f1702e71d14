"""The quality page as one HTML text that asks nothing of anybody: no script, font or image."""

import re
from pathlib import Path
from urllib.parse import quote

from randomuser_assets.report import words
from randomuser_assets.report.charts import (
    HEIGHT,
    STEP,
    WIDTH,
    chart_of_checks,
    chart_of_rejections,
    chart_of_rows,
)
from randomuser_assets.report.quality import Quality

NAME = "quality.html"

# Signs that a page cannot hold: those that only control a terminal, and half a surrogate pair,
# which a figure may have as an escape.
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def quality_page(quality: Quality, ui_url: str) -> str:
    """Write the page; its links lead into the Dagster UI at this address."""
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
    days = quality.days
    text = templates.get_template(f"{NAME}.j2").render(
        quality=quality,
        verdict=words.verdict(quality),
        words=words,
        checks=chart_of_checks(days, quality.days_of_checks),
        rejections=chart_of_rejections(days, quality.days_of_records),
        rows={table.asset: chart_of_rows(days, table.rows) for table in quality.tables},
        size={"step": STEP, "width": WIDTH, "height": HEIGHT},
        check_link=lambda asset, check: (
            f"{asset_link(ui_url, asset)}?view=checks&checkDetail={quote(check, safe='')}"
        ),
        asset_link=lambda asset: asset_link(ui_url, asset),
        run_link=lambda run_id: f"{ui_url}/runs/{quote(run_id, safe='')}",
    )
    return _NOT_IN_HTML.sub("\ufffd", text)


def asset_link(ui_url: str, asset: str) -> str:
    """Give the address of an asset in the Dagster UI."""
    return f"{ui_url}/assets/{quote(asset)}"
