"""What is wrong at present, and what of it is news.

A problem is a subject (a check, a step, a run, an asset) and the days on which it is wrong. It
opens, stays open however often it is found again, and closes; opening and closing are news.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

ALL = "all"
"""Stands for the day of a problem that is not one day's, such as a wrong column."""

Kind = Literal["check", "step", "run", "stale"]
Severity = Literal["warning", "error"]


@dataclass(frozen=True)
class Subject:
    """What can be wrong: `name` is an asset, a step or a job; `check` only with a check."""

    kind: Kind
    name: str
    check: str = ""


@dataclass(frozen=True)
class Scope:
    """The days that were looked at, both included."""

    first: str
    last: str

    @property
    def days(self) -> list[str]:
        """All of them; of what are no dates, the two that are named."""
        try:
            start, end = date.fromisoformat(self.first), date.fromisoformat(self.last)
        except ValueError:
            return sorted({self.first, self.last})
        return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


@dataclass(frozen=True)
class Verdict:
    """What was found when a subject was looked at; without a scope it was looked at as a whole."""

    subject: Subject
    scope: Scope | None
    failing: frozenset[str] = frozenset()
    severity: Severity = "error"
    figures: str = ""

    def looked_at(self, day: str) -> bool:
        """Say whether a problem of this day would have been found."""
        # Which days a problem of no day is about is not known: any look that misses it counts.
        return self.scope is None or day == ALL or self.scope.first <= day <= self.scope.last


@dataclass(frozen=True)
class Problem:
    """What is wrong with a subject, since or again as of the run named."""

    subject: Subject
    days: Mapping[str, Severity]
    figures: str
    run_id: str


Problems = Mapping[Subject, Problem]


@dataclass(frozen=True)
class Finding:
    """News of a subject: days on which it is wrong, or is right again."""

    subject: Subject
    days: tuple[str, ...]
    severity: Severity
    figures: str
    run_id: str


def judged(problems: Problems, verdict: Verdict, run_id: str) -> Problems:
    """Give the problems after a verdict."""
    was = problems.get(verdict.subject)
    days = dict(was.days) if was else {}
    if ALL not in verdict.failing:  # else the days could not even be looked at
        days = {
            day: severity
            for day, severity in days.items()
            if day in verdict.failing or not verdict.looked_at(day)
        }
    for day in sorted(verdict.failing):
        # An error stays one until it is over: one that comes and goes is told once.
        days[day] = _worse(days.get(day, verdict.severity), verdict.severity)
    others = {subject: each for subject, each in problems.items() if subject != verdict.subject}
    if not days:
        return others
    figures, run_id = (
        (was.figures, was.run_id) if was and not verdict.failing else (verdict.figures, run_id)
    )
    return {**others, verdict.subject: Problem(verdict.subject, days, figures, run_id)}


def opened(before: Problems, after: Problems) -> list[Finding]:
    """Give what is wrong that was not, or was only a warning."""
    return [
        _finding(problem, new)
        for subject, problem in after.items()
        if (new := _worse_days(before.get(subject), problem))
    ]


def closed(before: Problems, after: Problems) -> list[Finding]:
    """Give what was wrong and is not any more."""
    findings = []
    for subject, problem in before.items():
        still = after[subject].days if subject in after else {}
        over = {day: severity for day, severity in problem.days.items() if day not in still}
        # A check that can be asked again and finds something is not right again.
        if over and not (still and set(over) == {ALL}):
            findings.append(_finding(problem, over))
    return findings


def _worse_days(was: Problem | None, now: Problem) -> dict[str, Severity]:
    known = was.days if was else {}
    return {
        day: severity
        for day, severity in now.days.items()
        if day not in known or (known[day], severity) == ("warning", "error")
    }


def _worse(one: Severity, other: Severity) -> Severity:
    return "error" if "error" in (one, other) else "warning"


def _finding(problem: Problem, days: Mapping[str, Severity]) -> Finding:
    severity: Severity = "error" if "error" in days.values() else "warning"
    return Finding(problem.subject, tuple(sorted(days)), severity, problem.figures, problem.run_id)
