"""The words: what a title says, how long a body is, and that its links are the UI's."""

import pytest

from randomuser_assets.alert.messages import (
    MOST_LINES,
    days_in_words,
    living_address_message,
    problem_message,
    recovery_message,
)
from randomuser_assets.alert.problems import ALL, Finding, Severity, Subject

UI = "http://127.0.0.1:3000"
DAY = "2026-01-05"


def check(name: str, severity: Severity = "error", asset: str = "users") -> Finding:
    return Finding(Subject("check", asset, name), (DAY,), severity, "rows 2.", "run-1")


STEP = Finding(Subject("step", "raw_users"), (DAY,), "error", "no connection.", "run-1")
RUN = Finding(Subject("run", "daily"), (DAY,), "error", "it ended.", "run-1")
STALE = Finding(Subject("stale", "csv/users"), (ALL,), "error", "last made then.", "")


def titled(*findings: Finding) -> str:
    return problem_message(findings, UI).title.removeprefix("randomuser_assets: ")


@pytest.mark.parametrize(
    ("findings", "title"),
    [
        ((check("a"), check("b")), f"2 checks failed for {DAY}"),
        ((check("a"),), f"users.a failed for {DAY}"),
        ((check("a", "warning"),), f"users.a warns for {DAY}"),
        ((check("a", "warning"), check("b", "warning")), f"2 checks warn for {DAY}"),
        ((check("a"), check("b", "warning")), f"users.a failed, users.b warns for {DAY}"),
        ((STEP,), f"raw_users failed for {DAY}"),
        ((STEP, check("a"), check("b")), f"raw_users and 2 checks failed for {DAY}"),
        ((RUN,), f"the run of daily failed for {DAY}"),
        ((STALE,), "csv/users is stale"),
        ((STALE, STALE), "2 assets are stale"),
    ],
)
def test_a_title_says_what_and_when(findings: tuple[Finding, ...], title: str) -> None:
    assert titled(*findings) == title


def test_a_recovery_says_what_and_when() -> None:
    message = recovery_message([STEP, check("a"), check("b")], UI, ["run-2"])
    assert message.title == f"randomuser_assets: raw_users and 2 checks recovered for {DAY}"
    assert message.body.endswith(f"{UI}/runs/run-2")
    stale = recovery_message([STALE], UI, [])
    assert stale.title == "randomuser_assets: csv/users is fresh again"


def test_a_line_has_the_asset_the_day_the_figures_and_the_page_of_the_check() -> None:
    line, run = problem_message([check("key is/unique", asset="csv/users")], UI).body.split("\n")
    assert line == (
        f"ERROR csv/users.key is/unique, {DAY}: rows 2. "
        f"{UI}/assets/csv/users?view=checks&checkDetail=key%20is%2Funique"
    )
    assert run == f"Run: {UI}/runs/run-1"


def test_a_stale_asset_is_linked() -> None:
    body = problem_message([STALE], UI).body
    assert body == f"STALE csv/users: last made then. {UI}/assets/csv/users"


def test_a_long_message_is_cut_and_what_weighs_most_is_kept() -> None:
    warnings = [check(f"check_{number}", "warning") for number in range(MOST_LINES + 4)]
    lines = problem_message([*warnings, check("error")], UI).body.split("\n")
    assert lines[0].startswith("ERROR users.error")
    assert lines[MOST_LINES:] == ["… and 5 more", f"Run: {UI}/runs/run-1"]


def test_many_runs_are_linked_as_one_page() -> None:
    findings = [
        Finding(Subject("step", "raw_users"), (DAY,), "error", "", f"run-{number}")
        for number in range(9)
    ]
    assert problem_message(findings, UI).body.split("\n")[-1] == f"Runs: {UI}/runs"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], ""),
        ([ALL], ""),
        ([DAY, ALL], DAY),
        (["2026-01-31", "2026-02-02", "2026-02-01"], "2026-01-31 to 2026-02-02"),
        (["2026-01-05", "2026-01-09"], "2026-01-05, 2026-01-09"),
        (
            ["2026-01-01", "2026-01-03", "2026-01-05", "2026-01-07"],
            "4 days from 2026-01-01 to 2026-01-07",
        ),
    ],
)
def test_days_are_named_in_few_words(days: list[str], words: str) -> None:
    assert days_in_words(days) == words


def test_an_address_that_is_back_tells_what_it_lost() -> None:
    assert "2 messages had waited" in living_address_message("address 1 (json://host)", 2).body
    assert "waited" not in living_address_message("address 1 (json://host)", 0).body


def test_each_message_is_one_of_its_own() -> None:
    assert problem_message([STEP], UI).id != problem_message([STEP], UI).id
