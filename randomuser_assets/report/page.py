"""The quality page as one HTML text that asks nothing of anybody: no script, font or image."""

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
from randomuser_assets.report.render import rendered

NAME = "quality.html"


def quality_page(quality: Quality, ui_url: str) -> str:
    """Write the page; its links lead into the Dagster UI at this address."""
    days = quality.days
    return rendered(
        f"{NAME}.j2",
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


def asset_link(ui_url: str, asset: str) -> str:
    """Give the address of an asset in the Dagster UI."""
    return f"{ui_url}/assets/{quote(asset)}"
