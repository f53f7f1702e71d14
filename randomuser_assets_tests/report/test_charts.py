"""The bars stand where their days are, are as high as what they count, and show what is little."""

from datetime import date, timedelta

from randomuser_assets.report.charts import (
    FLAT,
    HEIGHT,
    STEP,
    chart_of_checks,
    chart_of_rejections,
    chart_of_rows,
)
from randomuser_assets.report.quality import DayOfChecks, DayOfRecords

FIRST = date(2026, 11, 1)
DAYS = [FIRST + timedelta(days=at) for at in range(5)]


def test_a_day_without_data_is_a_gap_and_a_day_of_none_is_not() -> None:
    found = [DayOfRecords(DAYS[0], 0, 10), DayOfRecords(DAYS[3], 4, 10)]
    first, second = chart_of_rejections(DAYS, found).bars
    assert [part.kind for part in first.parts] == ["zero"]
    assert [(part.kind, part.height) for part in second.parts] == [("rejected", HEIGHT)]
    assert second.x - first.x == 3 * STEP


def test_bars_are_as_high_as_what_they_count() -> None:
    chart = chart_of_rows(DAYS, {DAYS[1]: 50, DAYS[2]: 200, FIRST - timedelta(days=1): 900})
    assert [bar.parts[0].height for bar in chart.bars] == [HEIGHT / 4, HEIGHT]
    assert chart.top == "200"


def test_the_parts_of_a_bar_fill_it_and_the_least_is_seen() -> None:
    (bar,) = chart_of_checks(DAYS, [DayOfChecks(DAYS[0], 998, 1, 1)]).bars
    assert [part.kind for part in bar.parts] == ["ok", "warning", "error"]
    assert [part.height for part in bar.parts[1:]] == [FLAT, FLAT]
    assert sum(part.height for part in bar.parts) == HEIGHT
    assert bar.parts[-1].y == 0


def test_a_bar_says_what_it_counts() -> None:
    (bar,) = chart_of_checks(DAYS, [DayOfChecks(DAYS[0], 45, 1, 2)]).bars
    assert bar.title == "2026-11-01: 45 of 48 checks pass (93.8%), 1 warns, 2 fail"
    (bar,) = chart_of_rejections(DAYS, [DayOfRecords(DAYS[0], 2, 500)]).bars
    assert bar.title == "2026-11-01: 2 of 500 records rejected (0.4%)"
    (bar,) = chart_of_rejections(DAYS, [DayOfRecords(DAYS[0], 2, None)]).bars
    assert bar.title == "2026-11-01: 2 records rejected"


def test_a_chart_says_what_it_shows() -> None:
    found = [DayOfRecords(DAYS[0], 3, 10), DayOfRecords(DAYS[3], 4, 10)]
    said = chart_of_rejections(DAYS, found).said
    assert said == "2 days with records; at most 4 rejected on a day, 7 in all."
    assert chart_of_checks(DAYS, []).bars == ()
