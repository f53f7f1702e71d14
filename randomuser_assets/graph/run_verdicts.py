"""What a run found out: of its checks, of each step, of itself.

It is told in names, days, figures and our own sentences. The text of any other exception may quote
data and is left out.
"""

import re

from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
)
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME
from dagster._core.errors import DagsterAssetCheckFailedError
from dagster._core.events import JobFailureData
from dagster._core.execution.plan.objects import ErrorSource, StepFailureData

from randomuser_assets.alert.problems import ALL, Scope, Subject, Verdict
from randomuser_assets.graph.days import days_of_run

_FOUND = {
    DagsterEventType.ASSET_CHECK_EVALUATION,
    DagsterEventType.STEP_SUCCESS,
    DagsterEventType.STEP_FAILURE,
}
_LONGEST_TOLD = 400
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def verdicts(instance: DagsterInstance, run: DagsterRun, ending: DagsterEvent) -> list[Verdict]:
    """Give what a run found out: of its checks, of each step that came to an end, of itself."""
    records = instance.get_records_for_run(run.run_id, of_type=_FOUND).records
    events = [event for each in records if (event := each.event_log_entry.dagster_event)]
    evaluations = [
        event.asset_check_evaluation_data
        for event in events
        if event.event_type is DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    # The last word of each step counts: it may have been tried before.
    steps = {
        event.step_key: event for event in events if event.is_step_success or event.is_step_failure
    }
    failures = {
        key: event.step_failure_data for key, event in steps.items() if event.is_step_failure
    }
    scope = _scope(run)
    found = [_of_check(evaluation, scope) for evaluation in evaluations]
    for key in steps:
        subject = Subject("step", str(key))
        failure = failures.get(key)
        if failure is None or _is_of_checks(failure):
            found.append(Verdict(subject, scope))
        elif failure.error_source is not ErrorSource.INTERRUPT:
            found.append(_failing(subject, scope, _reason(failure)))
    job = Subject(
        "run", "selected assets" if run.job_name == IMPLICIT_ASSET_JOB_NAME else run.job_name
    )
    if ending.event_type is DagsterEventType.RUN_SUCCESS:
        found.append(Verdict(job, scope))
    elif ending.event_type is DagsterEventType.RUN_FAILURE and not any(
        failure.error_source is not ErrorSource.INTERRUPT for failure in failures.values()
    ):
        found.append(_failing(job, scope, _how_it_ended(ending)))
    return found


def _scope(run: DagsterRun) -> Scope | None:
    days = days_of_run(run.tags)
    return Scope(*days) if days else None


def _failing(subject: Subject, scope: Scope | None, figures: str) -> Verdict:
    return Verdict(subject, scope, _days_of(scope), figures=figures)


def _days_of(scope: Scope | None) -> frozenset[str]:
    return frozenset(scope.days if scope else [ALL])


def _of_check(evaluation: AssetCheckEvaluation, of_run: Scope | None) -> Verdict:
    subject = Subject("check", evaluation.asset_key.to_user_string(), evaluation.check_name)
    scope = _scope_of_check(evaluation, of_run)
    if evaluation.passed:
        return Verdict(subject, scope)
    told = _metadata(evaluation, "failing_days") or ""
    failing = frozenset([ALL] if told == ALL else _DAY.findall(told)) or _days_of(scope)
    warns = evaluation.severity is AssetCheckSeverity.WARN
    figures = _first_line(evaluation.description or "")
    return Verdict(subject, scope, failing, "warning" if warns else "error", figures)


def _scope_of_check(evaluation: AssetCheckEvaluation, of_run: Scope | None) -> Scope | None:
    told = _metadata(evaluation, "days")
    if told == ALL:
        return None
    days = _DAY.findall(told or evaluation.partition or "")
    return Scope(min(days), max(days)) if days else of_run


def _metadata(evaluation: AssetCheckEvaluation, name: str) -> str | None:
    found = evaluation.metadata.get(name)
    return str(found.value) if found else None


def _is_of_checks(failure: StepFailureData) -> bool:
    """Say whether a step failed only because a check that blocks did: then the check is news."""
    return bool(failure.error and failure.error.cls_name == DagsterAssetCheckFailedError.__name__)


def _reason(failure: StepFailureData) -> str:
    told = failure.user_failure_data.description if failure.user_failure_data else None
    if told and told.strip():
        return _first_line(told)
    error = failure.error
    if error and error.cause and failure.error_source is ErrorSource.USER_CODE_ERROR:
        error = error.cause  # what Dagster wraps around it says nothing
    return f"{error.cls_name if error else 'An error'}, whose text may quote data: see the run."


def _how_it_ended(ending: DagsterEvent) -> str:
    data = ending.event_specific_data  # missing where somebody marked the run as failed
    reason = data.failure_reason if isinstance(data, JobFailureData) else None
    name = data.error.cls_name if isinstance(data, JobFailureData) and data.error else None
    why = ", ".join(part for part in (reason and reason.value, name) if part)
    return f"it ended without a step that failed{f' ({why})' if why else ''}: see its log."


def _first_line(text: str) -> str:
    line = text.strip().split("\n", 1)[0].strip()
    return line if len(line) <= _LONGEST_TOLD else f"{line[:_LONGEST_TOLD]}…"
