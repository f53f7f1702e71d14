"""The sensor that tells of problems: it looks at what has ended, and sends what is news.

Its cursor is all the state there is. A problem is told when it opens and when it is over; what a
run found is one message, however many checks failed in it.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from dagster import (
    AssetCheckKey,
    AssetKey,
    DagsterRun,
    DefaultSensorStatus,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)
from dagster import _check as check
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from randomuser_assets.alert.deliver import delivered
from randomuser_assets.alert.memory import State, recalled, remembered
from randomuser_assets.alert.messages import Message, problem_message, recovery_message
from randomuser_assets.alert.problems import (
    ALL,
    Problems,
    Subject,
    Verdict,
    closed,
    judged,
    opened,
)
from randomuser_assets.alert.send import WAIT, Address, Postman
from randomuser_assets.graph.run_log import (
    MOST_RUNS,
    ended_after,
    position_before,
    position_within,
)
from randomuser_assets.graph.run_verdicts import verdicts
from randomuser_assets.settings import PREFIX, Settings, alert_addresses

EVERY = 30
"""Seconds from one look to the next."""

_LOOK_BACK = 86_400
"""Seconds: of what ended earlier, only what is still wrong is told."""

_MANY = 5
"""Runs that end between two looks from which on one message is about all of them: a backfill."""

_TIME_TO_READ = 20
"""Seconds after which the rest of the log is left for the next look; a sensor may take 60."""


def alert_sensor(settings: Settings, *, wait: float = WAIT) -> SensorDefinition:
    """Give the sensor; `wait` is how long it waits for addresses that do not answer."""
    urls = dict.fromkeys(alert_addresses(settings.alert_urls))
    addresses = [Address(url, number) for number, url in enumerate(urls, 1)]
    postman = Postman(wait)

    @sensor(
        name="alerts",
        minimum_interval_seconds=EVERY,
        default_status=DefaultSensorStatus.RUNNING if addresses else DefaultSensorStatus.STOPPED,
        description="Tells of failed runs, failing checks and stale assets, each once, and when "
        f"they are right again. Where to: {PREFIX}ALERT_URLS.",
    )
    def alerts(context: SensorEvaluationContext) -> SensorResult | SkipReason:
        if not addresses:
            return SkipReason(f"Set {PREFIX}ALERT_URLS to say where alerts go.")
        state = _of_what_there_is(context, recalled(context.cursor) or _first_state(context))
        state, news = _after_runs(context, state, settings.ui_url)
        if not state.catching_up:
            state, more = _after_a_look_at_the_clock(context, state, settings.ui_url)
            news += more
        outbox, told = delivered(state.outbox, news, addresses, postman, context.log)
        unread = "The log is not read to its end yet. " if state.catching_up else ""
        return SensorResult(
            skip_reason=unread + told, cursor=remembered(replace(state, outbox=outbox))
        )

    return alerts


def _first_state(context: SensorEvaluationContext) -> State:
    moment = time.time() - _LOOK_BACK
    return State(position_before(context.instance, moment), catching_up=True)


def _of_what_there_is(context: SensorEvaluationContext, state: State) -> State:
    """Forget problems of assets and checks that are declared no more: nothing will close them."""
    graph = _graph(context)

    def known(subject: Subject) -> bool:
        key = AssetKey.from_user_string(subject.name)
        if subject.kind == "check":
            return AssetCheckKey(key, subject.check) in graph.asset_check_keys
        return subject.kind != "stale" or (graph.has(key) and bool(graph.get(key).freshness_policy))

    return replace(
        state,
        problems={subject: each for subject, each in state.problems.items() if known(subject)},
        told={subject: each for subject, each in state.told.items() if known(subject)},
    )


def _graph(context: SensorEvaluationContext) -> AssetGraph:
    return check.not_none(context.repository_def, "a sensor is part of a repository").asset_graph


def _after_runs(
    context: SensorEvaluationContext, state: State, ui: str
) -> tuple[State, list[Message]]:
    """Read the runs that have ended since, and give the news of each."""
    position = position_within(context.instance, state.position)
    ended = ended_after(context.instance, position)
    whole = len(ended) < MOST_RUNS
    if ended and ended[0].timestamp < time.time() - _LOOK_BACK:
        state = replace(state, catching_up=True)
    together = state.catching_up or len(ended) > _MANY
    problems, told, news = state.problems, state.told, list[Message]()
    started = time.monotonic()
    for each in ended:
        if time.monotonic() - started > _TIME_TO_READ:
            whole = False
            break
        position = each.position
        if each.run is None or not _is_ours(context, each.run):
            continue
        for verdict in verdicts(context.instance, each.run, each.event):
            problems = judged(problems, verdict, each.run.run_id)
        if not together:
            news += _news(told, problems, ui, [each.run.run_id])
            told = problems
    if whole or not state.catching_up:
        news += _news(told, problems, ui, [each.run.run_id for each in ended if each.run])
        told = problems
    return replace(
        state,
        position=position,
        catching_up=state.catching_up and not whole,
        problems=problems,
        told=told,
    ), news


def _is_ours(context: SensorEvaluationContext, run: DagsterRun) -> bool:
    """Say whether a run is of this code location; others may share the instance."""
    here, there = context.code_location_origin, run.remote_job_origin
    if here is None or there is None:
        return True
    return (here.location_name, context.repository_name) == (
        there.repository_origin.code_location_origin.location_name,
        there.repository_origin.repository_name,
    )


def _after_a_look_at_the_clock(
    context: SensorEvaluationContext, state: State, ui: str
) -> tuple[State, list[Message]]:
    """See which assets are stale, and which are fresh again."""
    # Here, since a code location in which no sensor looks should load without it.
    from randomuser_assets.graph.stale import freshness

    problems = state.problems
    for key, found in freshness(context.instance, _graph(context)).items():
        if found.last_made is None:  # never made, or all of it was wiped
            continue
        last = datetime.fromtimestamp(found.last_made, UTC).strftime("%Y-%m-%d %H:%M UTC")
        verdict = Verdict(
            Subject("stale", key.to_user_string()),
            scope=None,
            failing=frozenset([ALL] if found.stale else []),
            figures=f"last made {last}.",
        )
        problems = judged(problems, verdict, run_id="")
    return replace(state, problems=problems, told=problems), _news(state.told, problems, ui, [])


def _news(told: Problems, problems: Problems, ui: str, run_ids: Sequence[str]) -> list[Message]:
    news = []
    if wrong := opened(told, problems):
        news.append(problem_message(wrong, ui))
    if right := closed(told, problems):
        news.append(recovery_message(right, ui, run_ids))
    return news
