"""The messages and their words.

Names of assets, checks and steps, days, figures and links go into a message; a value of a record
never does, so what is handed in here must not hold one.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from randomuser_assets.alert.problems import ALL, Finding, Kind, Scope, Subject
from randomuser_assets.numbered import numbered

MOST_LINES = 12
_MOST_RUNS = 3
_FEW_DAYS = 3
_SENDER = "randomuser_assets"

_OF_RUNS: dict[Kind, str] = {"step": "steps", "run": "runs", "check": "checks"}
_OF_TIME: dict[Kind, str] = {"stale": "assets"}

Tone = Literal["failure", "warning", "success", "info"]


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


@dataclass(frozen=True)
class Message:
    """What is sent."""

    title: str
    body: str
    tone: Tone
    id: str = field(default_factory=_new_id)


def problem_message(findings: Sequence[Finding], ui: str) -> Message:
    """Tell what is wrong."""
    broken = [each for each in findings if each.severity == "error"]
    warned = [each for each in findings if each.severity == "warning"]
    phrases = [
        _phrase(broken, _OF_RUNS, "failed", "failed"),
        _phrase(warned, _OF_RUNS, "warns", "warn"),
        _phrase(findings, _OF_TIME, "is stale", "are stale"),
    ]
    # What weighs most comes first: a long message is cut.
    ordered = sorted(findings, key=lambda each: each not in broken)
    return Message(
        _title(phrases, findings),
        _body([_problem_line(each, ui) for each in ordered], [f.run_id for f in ordered], ui),
        "failure" if broken else "warning",
    )


def recovery_message(findings: Sequence[Finding], ui: str, run_ids: Sequence[str]) -> Message:
    """Tell what is right again, by which runs."""
    phrases = [
        _phrase(findings, _OF_RUNS, "recovered", "recovered"),
        _phrase(findings, _OF_TIME, "is fresh again", "are fresh again"),
    ]
    lines = [_line("OK", each, "", ui) for each in findings]
    return Message(_title(phrases, findings), _body(lines, run_ids, ui), "success")


def dead_address_message(name: str) -> Message:
    """Tell the others of an address that takes no message."""
    return Message(
        f"{_SENDER}: alerts do not reach {name}",
        f"An alert could not be delivered to {name}. It is tried again with every look at the "
        "runs, for a while. Check RANDOMUSER_ALERT_URLS and the service behind that address.",
        "warning",
    )


def living_address_message(name: str, lost: int) -> Message:
    """Tell of an address that takes messages again."""
    text = f"{name} takes messages again."
    if lost:
        late = numbered(lost, "message", "messages")
        text += f" {late} had waited too long, and will not be delivered to it."
    return Message(f"{_SENDER}: alerts reach {name} again", text, "success")


def days_in_words(days: Iterable[str]) -> str:
    """Name days: one, a range, a few, or how many."""
    known = sorted(set(days) - {ALL})
    if not known:
        return ""
    first, last = known[0], known[-1]
    if len(known) == 1:
        return first
    if known == Scope(first, last).days:
        return f"{first} to {last}"
    if len(known) <= _FEW_DAYS:
        return ", ".join(known)
    return f"{len(known)} days from {first} to {last}"


def _phrase(
    findings: Iterable[Finding], kinds: Mapping[Kind, str], of_one: str, of_many: str
) -> str:
    """Name what was found, a single one of a kind by its name and more by their number."""
    names, number = [], 0
    for kind, kinds_name in kinds.items():
        subjects = [each.subject for each in findings if each.subject.kind == kind]
        number += len(subjects)
        if subjects:
            many = f"{len(subjects)} {kinds_name}"
            names.append(_name(subjects[0]) if len(subjects) == 1 else many)
    return f"{' and '.join(names)} {of_one if number == 1 else of_many}" if names else ""


def _title(phrases: Sequence[str], findings: Iterable[Finding]) -> str:
    days = days_in_words(day for each in findings for day in each.days)
    told = ", ".join(phrase for phrase in phrases if phrase)
    return f"{_SENDER}: {told}{f' for {days}' if days else ''}"


def _name(subject: Subject) -> str:
    if subject.kind == "check":
        return f"{subject.name}.{subject.check}"
    return f"the run of {subject.name}" if subject.kind == "run" else subject.name


def _problem_line(finding: Finding, ui: str) -> str:
    mark = "ERROR" if finding.severity == "error" else "WARN"
    return _line("STALE" if finding.subject.kind == "stale" else mark, finding, finding.figures, ui)


def _line(mark: str, finding: Finding, figures: str, ui: str) -> str:
    days = days_in_words(finding.days)
    where = f"{mark} {_name(finding.subject)}{f', {days}' if days else ''}"
    return f"{where}{f': {figures}' if figures else ''}{_link(finding.subject, ui)}"


def _link(subject: Subject, ui: str) -> str:
    if subject.kind not in ("check", "stale"):
        return ""
    page = f" {ui}/assets/{'/'.join(quote(part, safe='') for part in subject.name.split('/'))}"
    return (
        f"{page}?view=checks&checkDetail={quote(subject.check, safe='')}" if subject.check else page
    )


def _body(lines: Sequence[str], run_ids: Iterable[str], ui: str) -> str:
    """Join the lines, with links to the runs below them."""
    told = list(lines[:MOST_LINES])
    if len(lines) > len(told):
        told.append(f"… and {len(lines) - len(told)} more")
    runs = list(dict.fromkeys(filter(None, run_ids)))
    if len(runs) > _MOST_RUNS:
        told += [f"Runs: {ui}/runs"]
    else:
        told += [f"Run: {ui}/runs/{run_id}" for run_id in runs]
    return "\n".join(told)
