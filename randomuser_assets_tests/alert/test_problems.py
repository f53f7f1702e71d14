"""What opens, what stays open and what closes, verdict by verdict."""

import pytest

from randomuser_assets.alert.problems import (
    ALL,
    Problems,
    Scope,
    Severity,
    Subject,
    Verdict,
    closed,
    judged,
    opened,
)

CHECK = Subject("check", "users", "key_is_unique")
FIRST, SECOND, THIRD = "2026-01-05", "2026-01-06", "2026-01-07"
WEEK = Scope("2026-01-05", "2026-01-11")
EVERYTHING = None


def verdict(
    scope: Scope | None, *failing: str, severity: Severity = "error", figures: str = ""
) -> Verdict:
    return Verdict(CHECK, scope, frozenset(failing), severity, figures)


def after(*verdicts: Verdict) -> Problems:
    problems: Problems = {}
    for number, each in enumerate(verdicts):
        problems = judged(problems, each, f"run {number}")
    return problems


def news(*verdicts: Verdict) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Give the days that the last verdict opened and closed."""
    before, now = after(*verdicts[:-1]), after(*verdicts)
    return [each.days for each in opened(before, now)], [each.days for each in closed(before, now)]


def day(text: str) -> Scope:
    return Scope(text, text)


def test_what_is_right_is_no_news() -> None:
    assert news(verdict(WEEK)) == ([], [])


def test_what_is_wrong_opens_on_its_days() -> None:
    assert news(verdict(WEEK, FIRST, THIRD)) == ([(FIRST, THIRD)], [])


def test_what_is_wrong_again_is_no_news() -> None:
    assert news(verdict(WEEK, FIRST), verdict(WEEK, FIRST)) == ([], [])


def test_another_day_of_the_same_is_news_of_that_day_only() -> None:
    assert news(verdict(WEEK, FIRST), verdict(WEEK, FIRST, SECOND)) == ([(SECOND,)], [])


def test_a_day_that_was_looked_at_and_is_right_is_over() -> None:
    assert news(verdict(WEEK, FIRST, SECOND), verdict(day(FIRST))) == ([], [(FIRST,)])


def test_a_day_that_was_not_looked_at_stays_wrong() -> None:
    assert news(verdict(WEEK, FIRST), verdict(day(SECOND))) == ([], [])


def test_a_look_at_everything_ends_all_that_it_does_not_find() -> None:
    assert news(verdict(WEEK, FIRST, SECOND), verdict(EVERYTHING, SECOND)) == ([], [(FIRST,)])


def test_what_is_of_no_day_ends_with_any_look_that_misses_it() -> None:
    assert news(verdict(day(FIRST), ALL), verdict(day(SECOND))) == ([], [(ALL,)])


def test_what_is_of_no_day_says_nothing_of_days_that_it_kept_from_being_looked_at() -> None:
    assert news(verdict(WEEK, FIRST), verdict(WEEK, ALL)) == ([(ALL,)], [])


def test_what_can_be_asked_again_and_is_wrong_is_not_called_right() -> None:
    assert news(verdict(WEEK, ALL), verdict(WEEK, FIRST)) == ([(FIRST,)], [])


def test_a_warning_that_becomes_an_error_is_news_and_the_other_way_round_is_not() -> None:
    warns, fails = verdict(WEEK, FIRST, severity="warning"), verdict(WEEK, FIRST)
    assert news(warns, fails) == ([(FIRST,)], [])
    assert news(fails, warns) == ([], [])
    assert news(warns, fails, warns, fails) == ([], [])


def test_a_problem_is_told_with_its_last_figures_and_run() -> None:
    problems = after(
        verdict(WEEK, FIRST, figures="rows 1"),
        verdict(WEEK, FIRST, SECOND, figures="rows 2"),
        verdict(day(FIRST), figures="nothing"),
    )
    assert [(each.figures, each.run_id) for each in opened({}, problems)] == [("rows 2", "run 1")]


def test_subjects_do_not_touch_each_other() -> None:
    other = Verdict(Subject("check", "users", "other"), WEEK, frozenset([FIRST]))
    problems = after(verdict(WEEK, FIRST), other, verdict(WEEK))
    assert list(problems) == [other.subject]


@pytest.mark.parametrize(
    ("scope", "days"),
    [
        (Scope("2026-02-27", "2026-03-01"), ["2026-02-27", "2026-02-28", "2026-03-01"]),
        (day(FIRST), [FIRST]),
        (Scope("a", "b"), ["a", "b"]),
    ],
)
def test_a_scope_names_its_days(scope: Scope, days: list[str]) -> None:
    assert scope.days == days
