"""Whatever stands in the data, the page shows it as text: it runs nothing and breaks nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from randomuser_assets_tests.report.browser import PHONE, looked_at
from randomuser_assets_tests.report.warehouse import Warehouse, days_ago

pytestmark = pytest.mark.long

TODAY = days_ago(0)

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></svg><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "&lt;b&gt;&amp;",
    "\u202ereversed",
    "\x00nothing\x07",
    "long" * 25,
    "../../etc?x=1#y",
]


def marked(at: int, text: str) -> str:
    """Make each text one that occurs once."""
    return f"{text}-{at}"


def shown(text: str) -> str:
    """Give a text as a page can show it, which has no signs that only control a terminal."""
    return text.replace("\x00", "\ufffd").replace("\x07", "\ufffd")


def unquoted(text: str) -> str:
    """Give a text as a reason that shows no value, which would be masked."""
    return text.replace("'", "*")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_text(
    warehouse: Warehouse, browser: Browser, tmp_path: Path, text: str
) -> None:
    warehouse.came(TODAY, 1, [[marked(1, unquoted(text))]])
    warehouse.said(
        marked(2, text),
        marked(3, text),
        marked(4, text),
        figures={marked(5, text).replace("_", " "): marked(6, text)},
        run_id=marked(7, text),
    )
    warehouse.drifted(
        TODAY, marked(8, text), marked(9, text), marked(10, text), 1, marked(11, text)
    )
    with looked_at(browser, warehouse.page(), tmp_path, PHONE) as sight:
        content = str(sight.page.evaluate("document.body.textContent"))
        assert sight.complaints == []
        assert len(sight.requests) == 1
        assert sight.page.locator("script, img, iframe, b b, [onerror], [onmouseover]").count() == 0
        width, screen = sight.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width <= screen
        for link in sight.page.locator("a").all():
            assert str(link.get_attribute("href")).startswith(("http://127.0.0.1:3000/", "#"))
    for at in (2, 3, 4, 5, 6, 8, 9, 10, 11):
        assert shown(marked(at, text)) in content, at
    assert shown(marked(1, unquoted(text))) in content


def test_half_a_character_in_a_figure_is_no_fault(warehouse: Warehouse) -> None:
    warehouse.said("users", "a_check", TODAY, figures='{"found": "\\ud83d"}')
    assert "found \ufffd" in warehouse.page()
