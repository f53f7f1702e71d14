"""The population report in a real browser: what is seen, pointed at, chosen and reached by key."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Locator

from randomuser_assets.report.population.figures import Population
from randomuser_assets.report.population.page import NAME
from randomuser_assets.report.serve import ReportServer
from randomuser_assets_tests.report.browser import DESKTOP, PHONE, VIEWS, Sight, looked_at
from randomuser_assets_tests.report.marts import opened_marts
from randomuser_assets_tests.report.test_page import _CONTRASTS

pytestmark = pytest.mark.long

CHARTS = (
    "ages",
    "nationalities",
    "medians",
    "years",
    "tenure",
    "zones",
    "changes",
    "columns",
)
NEWEST = "2026-11-20"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Population, str]:
    """The counts and the page of eight hundred people on five days."""
    with opened_marts(tmp_path_factory.mktemp("made") / "warehouse.duckdb") as marts:
        marts.fill(800, 5, share=50)
        return marts.population(), marts.page()


@pytest.fixture(scope="module")
def population(made: tuple[Population, str]) -> Population:
    return made[0]


@pytest.fixture(scope="module", params=VIEWS, ids=str)
def sight(
    request: pytest.FixtureRequest,
    browser: Browser,
    made: tuple[Population, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sight]:
    with looked_at(browser, made[1], tmp_path_factory.mktemp("look"), request.param) as seen:
        seen.page.locator("#ages .mark").first.wait_for()
        yield seen
        assert seen.complaints == []


@pytest.fixture
def desk(browser: Browser, made: tuple[Population, str], tmp_path: Path) -> Iterator[Sight]:
    with looked_at(browser, made[1], tmp_path, DESKTOP) as seen:
        seen.page.locator("#ages .mark").first.wait_for()
        yield seen
        assert seen.complaints == []


def marks(sight: Sight, chart: str) -> Locator:
    return sight.page.locator(f"#{chart} .mark")


def said(sight: Sight, chart: str) -> list[str]:
    """Give what each mark of a chart says to who cannot see it."""
    told = marks(sight, chart).evaluate_all("all => all.map(mark => mark.ariaLabel)")
    return [str(each) for each in told]


def tip(sight: Sight) -> str:
    return ", ".join(sight.page.locator("#tip").inner_text().splitlines())


NEXT_FRAME = "new Promise(shown => requestAnimationFrame(() => setTimeout(shown)))"


# In every view


def test_the_browser_asks_for_nothing_and_complains_of_nothing(sight: Sight) -> None:
    assert [url.rpartition("/")[2] for url in sight.requests] == ["page.html"]
    assert sight.requests[0].startswith("file:")
    assert sight.complaints == []


def test_the_page_is_no_wider_than_the_screen(sight: Sight) -> None:
    sight.open_all()
    assert sight.page.evaluate("document.documentElement.scrollWidth") <= sight.page.evaluate(
        "document.documentElement.clientWidth"
    )
    sight.open_all()  # which closes them again


def test_all_text_stands_out_from_its_ground(sight: Sight) -> None:
    sight.open_all()
    assert sight.page.evaluate(_CONTRASTS) == []
    sight.open_all()


_FAINT = """() => {
  const light = part => (part /= 255) <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const luminance = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
    return .2126 * light(r) + .7152 * light(g) + .0722 * light(b);
  };
  const contrast = (one, other) => {
    const [high, low] = [one, other].map(luminance).sort((a, b) => b - a);
    return (high + .05) / (low + .05);
  };
  const ground = getComputedStyle(document.querySelector("figure")).backgroundColor;
  const fill = what => getComputedStyle(document.querySelector(what)).fill;
  return {
    text: Math.min(...[...document.querySelectorAll("svg text")].map(
      text => contrast(getComputedStyle(text).fill, ground))),
    gender: Math.min(contrast(fill(".bar.g0"), ground), contrast(fill(".bar.g1"), ground)),
    largest: contrast(fill(".bar.strong"), ground),
  };
}"""


def test_what_is_drawn_stands_out_from_its_ground(sight: Sight) -> None:
    found = sight.page.evaluate(_FAINT)
    assert found["text"] >= 4.5
    assert min(found["gender"], found["largest"]) >= 3


def test_the_largest_age_group_is_to_be_seen_at_once(sight: Sight, population: Population) -> None:
    groups = population.by_age_group
    largest = max(groups, key=groups.__getitem__)
    name = largest.name.replace("-", "\N{EN DASH}")
    headline = sight.page.locator("#verdict")
    assert headline.inner_text().startswith(
        f"The largest age group is {name}: {groups[largest]} of {population.people} people"
    )
    for seen in (headline, marks(sight, "ages").first):
        box = seen.bounding_box()
        assert box
        assert box["y"] + 20 < sight.page.evaluate("innerHeight")
    strong = sight.page.locator("#ages text.strong").all_text_contents()
    assert name in strong
    assert any(text.startswith(str(groups[largest])) for text in strong)


def test_each_chart_has_marks_an_answer_and_a_table(sight: Sight) -> None:
    for chart in CHARTS:
        assert marks(sight, chart).count() > 1, chart
        figure = sight.page.locator(f"figure#{chart}")
        assert figure.locator("table tbody tr").count() > 1, chart
        assert chart == "ages" or figure.locator(".answer").inner_text()
        boxes = [mark.bounding_box() for mark in marks(sight, chart).all()[:40]]
        assert all(box and box["width"] > 4 and box["height"] > 4 for box in boxes), chart


# Whatever the view


def test_age_groups_are_drawn_as_they_were_counted(desk: Sight, population: Population) -> None:
    people = {group.name: number for group, number in population.by_age_group.items()}
    rows = desk.page.locator("#ages tbody tr").all()
    desk.page.locator("#ages summary").click()
    told = {row.locator("th").inner_text(): row.locator("td").nth(2).inner_text() for row in rows}
    assert told == {name.replace("-", "\N{EN DASH}"): str(n) for name, n in people.items()}
    heights = (
        marks(desk, "ages")
        .locator(".bar")
        .evaluate_all("all => all.map(bar => +bar.getAttribute('height'))")
    )
    tallest, most = max(heights), max(people.values())
    assert heights == pytest.approx([tallest * n / most for n in people.values()], abs=0.01)


def test_medians_are_those_of_all_who_are_chosen(desk: Sight, population: Population) -> None:
    def median_of(ages: list[int]) -> float:
        ages = sorted(ages)
        return (ages[(len(ages) - 1) // 2] + ages[len(ages) // 2]) / 2

    cells = population.everybody
    ages = {
        nationality: [
            age
            for cell in cells
            if cell.nationality == nationality
            for age, number in cell.ages.items()
            for _ in range(number)
        ]
        for nationality in population.countries
    }
    told = {label.split(", ")[0]: label.split(", ")[1] for label in said(desk, "medians")}
    assert told == {
        population.countries[nationality]: f"median age {median_of(own):g}"
        for nationality, own in ages.items()
    }
    everyone = median_of([age for own in ages.values() for age in own])
    assert desk.page.locator("#median").inner_text() == f"{everyone:g} years"


@pytest.mark.parametrize(
    ("field", "choice"),
    [("day", "2026-11-18"), ("nationality", "Brazil"), ("gender", "male")],
)
def test_a_filter_changes_every_chart(desk: Sight, field: str, choice: str) -> None:
    before = {chart: said(desk, chart) for chart in CHARTS}
    headline = desk.page.locator("#verdict").inner_text()
    desk.page.locator(f"#{field}").select_option(label=choice)
    for chart in CHARTS:
        assert said(desk, chart) != before[chart], chart
    assert desk.page.locator("#verdict").inner_text() != headline
    assert choice in desk.page.locator("#said").inner_text()
    desk.page.locator("#reset").click()
    desk.page.wait_for_function(
        "said => document.querySelector('#verdict').innerText === said", arg=headline
    )
    assert {chart: said(desk, chart) for chart in CHARTS} == before


def test_filters_go_together(desk: Sight, population: Population) -> None:
    for field, choice in (("day", NEWEST), ("nationality", "Canada"), ("gender", "female")):
        desk.page.locator(f"#{field}").select_option(label=choice)
    (cell,) = [
        cell
        for cell in population.days[0].cells
        if (cell.nationality, cell.gender) == ("CA", "female")
    ]
    assert desk.page.locator("#people").inner_text() == str(cell.people)
    people = f"{cell.people} person" if cell.people == 1 else f"{cell.people} people"
    assert desk.page.locator("#said").inner_text() == (
        f"Shown: {people}, female, of Canada, on {NEWEST}"
    )


def test_nobody_to_show_is_said(desk: Sight, population: Population) -> None:
    there = {
        (day.day, cell.nationality, cell.gender) for day in population.days for cell in day.cells
    }
    day, nationality, gender = next(
        (day.day, nationality, gender)
        for day in population.days
        for nationality in population.countries
        for gender in ("female", "male")
        if (day.day, nationality, gender) not in there
    )
    country = population.countries[nationality]
    for field, choice in (("day", str(day)), ("nationality", country), ("gender", gender)):
        desk.page.locator(f"#{field}").select_option(label=choice)
    assert desk.page.locator("#verdict").inner_text() == "Nobody matches these filters."
    assert marks(desk, "ages").count() == 0
    assert desk.page.locator("#people").inner_text() == "0"


@pytest.mark.parametrize("chart", CHARTS)
def test_what_is_pointed_at_says_its_numbers(desk: Sight, chart: str) -> None:
    mark = marks(desk, chart).nth(1)
    mark.scroll_into_view_if_needed()
    desk.page.wait_for_timeout(100)
    mark.hover()
    assert tip(desk) == said(desk, chart)[1]
    assert any(sign.isdigit() for sign in tip(desk))
    desk.page.mouse.move(2, 2)
    assert not desk.page.locator("#tip").is_visible()


def test_a_chart_is_walked_through_with_the_keys(desk: Sight) -> None:
    page = desk.page
    page.locator("#reset").focus()
    page.keyboard.press("Tab")
    labels = said(desk, "ages")
    assert tip(desk) == labels[0]
    for key, at in (("ArrowRight", 1), ("ArrowDown", 2), ("ArrowLeft", 1), ("End", 10)):
        page.keyboard.press(key)
        assert tip(desk) == labels[at]
    page.keyboard.press("ArrowRight")
    assert tip(desk) == labels[10]
    page.keyboard.press("Escape")
    assert not page.locator("#tip").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_grid_is_walked_through_by_rows_and_columns(desk: Sight) -> None:
    labels = said(desk, "zones")
    columns = len({label.split(", ")[1] for label in labels})
    marks(desk, "zones").first.focus()
    for key, at in (("ArrowDown", columns), ("ArrowRight", columns + 1), ("ArrowUp", 1)):
        desk.page.keyboard.press(key)
        assert tip(desk) == labels[at]


def test_who_goes_by_keys_keeps_the_tip_when_that_scrolls_the_page(desk: Sight) -> None:
    page = desk.page
    page.set_viewport_size({"width": 1280, "height": 300})
    marks(desk, "zones").first.focus()
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(NEXT_FRAME)
    page.keyboard.press("ArrowDown")
    page.wait_for_function("scrollY > 0")
    page.evaluate(NEXT_FRAME)
    assert page.locator("#tip").is_visible()
    page.keyboard.press("Escape")
    page.mouse.wheel(0, -50)
    assert not page.locator("#tip").is_visible()


def test_each_chart_is_one_stop_of_the_tab_key(desk: Sight) -> None:
    for chart in CHARTS:
        assert desk.page.locator(f"#{chart} .mark[tabindex='0']").count() == 1


def test_the_page_can_be_found_through_without_seeing_it(desk: Sight) -> None:
    page = desk.page
    assert page.locator("html").get_attribute("lang") == "en"
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(later - before <= 1 for before, later in pairwise(levels))
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator("svg:not([role=group][aria-labelledby])").count() == 0
    assert page.locator(".mark:not([role=img][aria-label])").count() == 0
    assert page.locator("select").evaluate_all("all => all.every(field => field.labels.length)")
    assert page.locator("#said").get_attribute("role") == "status"


def test_charts_follow_the_width(desk: Sight) -> None:
    desk.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    desk.page.wait_for_function("document.querySelector('#ages svg').clientWidth < 360")
    for chart in CHARTS:
        assert marks(desk, chart).count() > 1


def test_without_its_script_the_page_shows_the_main_chart(
    browser: Browser, made: tuple[Population, str], tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(made[1], encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    image = page.locator("img.still")
    assert str(image.get_attribute("alt")).startswith("The largest age group is")
    box = image.bounding_box()
    assert box
    assert box["height"] > 200
    context.close()


def test_a_script_that_is_not_the_pages_own_does_not_run(
    browser: Browser, made: tuple[Population, str], tmp_path: Path
) -> None:
    foreign = made[1].replace("</main>", "<script>document.title = 'foreign'</script></main>")
    with looked_at(browser, foreign, tmp_path, DESKTOP) as seen:
        seen.page.locator("#ages .mark").first.wait_for()
        assert seen.page.title().startswith("Population:")
        assert "Content Security Policy" in seen.complaints[0]


def test_the_server_of_the_reports_lets_the_pages_script_run(
    browser: Browser, made: tuple[Population, str], tmp_path: Path
) -> None:
    (tmp_path / NAME).write_text(made[1], encoding="utf-8")
    with ReportServer(tmp_path, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        context = browser.new_context()
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"http://127.0.0.1:{server.server_port}/{NAME}")
        page.locator("#ages .mark").first.wait_for()
        context.close()
        server.shutdown()
        thread.join()
    assert complaints == []


def test_a_page_of_nobody_complains_of_nothing(browser: Browser, tmp_path: Path) -> None:
    with opened_marts(tmp_path / "empty.duckdb") as marts:
        page = marts.page()
    with looked_at(browser, page, tmp_path, PHONE) as seen:
        assert "Nobody is in the marts yet." in seen.text
        assert seen.complaints == []


@pytest.mark.parametrize("text", ["</script><img src=x onerror=alert(1)>", "<b>&amp;", "\u202ex"])
def test_names_are_shown_as_text(browser: Browser, tmp_path: Path, text: str) -> None:
    with opened_marts(tmp_path / "hostile.duckdb") as marts:
        marts.fill(30, 2)
        for change in (
            "fct_user_snapshot SET gender = ?",
            "dim_user SET gender = ?",
            "dim_timezone SET description = ?",
            "dim_country SET country_name = ?",
            "dim_age_group SET age_group = ?",
        ):
            marts.connection.execute(f"UPDATE marts.{change}", [text])
        page = marts.page()
    with looked_at(browser, page, tmp_path, DESKTOP) as seen:
        marks(seen, "zones").first.hover()
        assert text in "".join(said(seen, "nationalities"))
        assert seen.page.locator("img, main b").count() == 0
        assert seen.complaints == []
