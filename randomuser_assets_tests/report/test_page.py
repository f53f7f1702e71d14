"""The page in a real browser: what is seen of a month, on a phone and a desk, day and night."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from randomuser_assets.model import MODEL
from randomuser_assets_tests.report.browser import DESKTOP, PHONE, VIEWS, Sight, View, looked_at
from randomuser_assets_tests.report.warehouse import UI, Warehouse, days_ago, opened_warehouse

pytestmark = pytest.mark.long

WITH_DATA = [days_ago(number) for number in range(29, -1, -1) if number not in {3, 10, 11}]
NORTH = "location_coordinates_latitude: 'Xk3-planted' is not a number"


def a_month(warehouse: Warehouse) -> None:
    """Fill in a month of days, some of them missing, with failures of each kind."""
    for at, day in enumerate(WITH_DATA):
        warehouse.came(day, 20 - at % 3, [[NORTH]] * (at % 3))
        for table in MODEL:
            warehouse.said(table.name, "key_is_unique", day, passed=True)
    warehouse.said("logins", "user_id_is_in_users", days_ago(5), figures={"unmet_values": 3})
    warehouse.said("logins", "user_id_is_in_users", days_ago(5), passed=True)
    warehouse.said("users", "nationality_is_in_countries", days_ago(2), figures={"unmet_values": 2})
    warehouse.said(
        "rejected_users", "few_are_rejected", days_ago(0), severity="WARN", run_id="run-7"
    )
    warehouse.drifted(days_ago(1), "appeared", "location.plus_code", "text", 1500, "•••")


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("month") / "warehouse.duckdb"
    with opened_warehouse(path) as warehouse:
        a_month(warehouse)
        return warehouse.page()


@pytest.fixture(scope="module", params=VIEWS, ids=str)
def sight(
    request: pytest.FixtureRequest,
    browser: Browser,
    html: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sight]:
    with looked_at(browser, html, tmp_path_factory.mktemp("look"), request.param) as seen:
        yield seen


@pytest.fixture
def look(browser: Browser, tmp_path: Path) -> Iterator[Callable[[str, View], Sight]]:
    """Look at any page."""
    opened: list[Any] = []

    def looked(text: str, view: View) -> Sight:
        opened.append(looked_at(browser, text, tmp_path, view))
        seen: Sight = opened[-1].__enter__()
        return seen

    yield looked
    for each in opened:
        each.__exit__(None, None, None)


# In every view


def test_the_browser_asks_for_nothing_and_complains_of_nothing(sight: Sight) -> None:
    assert [url.rpartition("/")[2] for url in sight.requests] == ["page.html"]
    assert sight.complaints == []


def test_the_page_is_no_wider_than_the_screen(sight: Sight) -> None:
    sight.open_all()
    page = sight.page
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate(
        "document.documentElement.clientWidth"
    )
    sight.open_all()  # which closes them again


def test_the_words_that_matter_are_to_be_seen(sight: Sight) -> None:
    text = sight.text
    for words in (
        "1 of 13 checks fails, 1 warns.",
        "2026-11-20",
        "core.identity_documents",
        "1 passed",
        "1 failed",
        "1 warned",
        "location_coordinates_latitude: … is not a number",
        "nationality_is_in_countries",
        "unmet values 2",
        "recovered",
        "location.plus_code",
        "1,500",
    ):
        assert words in text
    assert "Xk3-planted" not in sight.page.content()


def test_a_state_is_said_in_a_word_and_a_colour(sight: Sight) -> None:
    rows = {row.locator("th").inner_text(): row for row in sight.page.locator("tr.table").all()}
    states = {name: row.locator(".chip").inner_text() for name, row in rows.items()}
    expected = {"core.users": "✕error", "staging.rejected_users": "!warning"}
    assert {name: "".join(said.split()) for name, said in states.items()} == {
        f"{table.schema}.{table.name}": expected.get(f"{table.schema}.{table.name}", "✓ok")
        for table in MODEL
    }
    colours = {
        said: rows[name].locator(".chip").evaluate("e => getComputedStyle(e).backgroundColor")
        for name, said in states.items()
    }
    assert len(set(colours.values())) == 3


def test_each_day_with_data_has_one_bar(sight: Sight) -> None:
    for chart in sight.page.locator("svg.plot").all():
        days = [title.split(":")[0] for title in chart.locator(".bar title").all_text_contents()]
        assert days == WITH_DATA
        boxes = [bar.bounding_box() for bar in chart.locator("rect.day").all()]
        assert all(box and box["width"] > 2 and box["height"] > 50 for box in boxes)


_CONTRASTS = """() => {
  const light = part => (part /= 255) <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => .2126 * light(r) + .7152 * light(g) + .0722 * light(b);
  const ground = element => {
    for (; element; element = element.parentElement) {
      const found = parts(getComputedStyle(element).backgroundColor);
      if (found.length < 4 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter(element => element.checkVisibility() && [...element.childNodes].some(
      node => node.nodeType === 3 && node.data.trim()) && !element.closest("svg"))
    .map(element => {
      const two = [parts(getComputedStyle(element).color), ground(element)].map(luminance);
      const [high, low] = two.sort((a, b) => b - a);
      return [(high + .05) / (low + .05), element.outerHTML.slice(0, 80)];
    })
    .filter(([contrast]) => contrast < 4.5);
}"""


def test_all_text_stands_out_from_its_ground(sight: Sight) -> None:
    assert sight.page.evaluate(_CONTRASTS) == []


# Whatever the view


@pytest.fixture(scope="module")
def desk(browser: Browser, html: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sight]:
    with looked_at(browser, html, tmp_path_factory.mktemp("desk"), DESKTOP) as seen:
        yield seen


def test_failures_come_newest_first_with_those_that_are_over_marked(desk: Sight) -> None:
    rows = desk.page.locator("tr.failure").all()
    told = [(row.locator("th").inner_text(), "recovered" in row.inner_text()) for row in rows]
    assert told == [
        ("few_are_rejected of rejected_users", False),
        ("nationality_is_in_countries of users", False),
        ("user_id_is_in_users of logins", True),
    ]


def test_a_failure_leads_to_its_check_and_its_run(desk: Sight) -> None:
    row = desk.page.locator("tr.failure").first
    links = [link.get_attribute("href") for link in row.locator("a").all()]
    assert links == [
        f"{UI}/assets/rejected_users?view=checks&checkDetail=few_are_rejected",
        f"{UI}/runs/run-7",
    ]


def test_open_errors_are_named_beside_the_verdict(desk: Sight) -> None:
    header = desk.page.locator("header").inner_text()
    assert f"nationality_is_in_countries of users on {days_ago(2)}" in header
    assert "few_are_rejected" not in header


def test_the_figures_of_a_chart_can_be_read_as_a_table(desk: Sight) -> None:
    desk.page.locator("summary").first.click()
    table = desk.page.locator("figure table").first
    assert table.is_visible()
    assert table.locator("tbody tr").count() == len(WITH_DATA)
    assert table.locator("tbody th").first.inner_text() == days_ago(0)


def test_the_page_can_be_found_through_without_seeing_it(desk: Sight) -> None:
    page = desk.page
    assert page.locator("html").get_attribute("lang") == "en"
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - before <= 1 for before, later in pairwise(levels))
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator("svg:not([role=img][aria-label])").count() == 0
    assert (
        page.locator(
            ".scroll:not([tabindex='0'][aria-label], [tabindex='0'][aria-labelledby])"
        ).count()
        == 0
    )


def test_nothing_from_elsewhere_would_be_let_in(html: str) -> None:
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    for mark in ("<script", "<iframe", "@import", "url(http", "<form"):
        assert mark not in html


def test_before_anything_ran_the_page_says_so(
    tmp_path: Path, look: Callable[[str, View], Sight]
) -> None:
    with opened_warehouse(tmp_path / "empty.duckdb", tables=False) as warehouse:
        seen = look(warehouse.page(), PHONE)
    assert "Nothing has been checked yet." in seen.text
    assert "quality.check_results is not there yet." in seen.text
    assert "core.users is not there yet." in seen.text
    assert seen.page.locator(".bar").count() == 0
    assert seen.complaints == []


def test_a_warehouse_with_nothing_in_it_is_told_as_such(
    warehouse: Warehouse, look: Callable[[str, View], Sight]
) -> None:
    seen = look(warehouse.page(), DESKTOP)
    for words in (
        "Nothing has been checked yet.",
        "These days have no records.",
        "No record was rejected.",
        "No check has been asked yet.",
        "All records had the declared shape.",
    ):
        assert words in seen.text


def test_a_good_day_is_told_as_such(
    warehouse: Warehouse, look: Callable[[str, View], Sight]
) -> None:
    warehouse.came(days_ago(0), 5)
    for table in MODEL:
        warehouse.said(table.name, "key_is_unique", days_ago(0), passed=True)
    seen = look(warehouse.page(), DESKTOP)
    assert "All 10 checks pass." in seen.text
    assert "No check has failed." in seen.text
    assert seen.page.title() == "All 10 checks pass. Data quality"
