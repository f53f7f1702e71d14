"""Being the last: what makes a step wait for all else without depending on it.

To depend on the others would be to be skipped when one of them fails. So a priority puts the step
behind all that could run, and it gives way to what waits to be tried again.
"""

from dagster import AssetExecutionContext, DagsterEventType, RetryRequested

LAST = {"dagster/priority": "-100"}
"""Tags of an op that the executor takes last of those that it could take."""


def let_retries_finish(context: AssetExecutionContext) -> None:
    """Come again later if a step of this run waits to be tried again: the executor does not."""
    own = context.get_step_execution_context().step.key
    events = {DagsterEventType.STEP_UP_FOR_RETRY, DagsterEventType.STEP_RESTARTED}
    waits: dict[str, float] = {}
    for entry in context.instance.all_logs(context.run.run_id, of_type=events):
        event = entry.dagster_event
        if event is None or event.step_key in {None, own}:
            continue
        if event.event_type is DagsterEventType.STEP_UP_FOR_RETRY:
            waits[str(event.step_key)] = event.step_retry_data.seconds_to_wait or 0
        else:
            waits.pop(str(event.step_key), None)
    if waits:
        context.log.info("%s will be tried again, which comes first", ", ".join(waits))
        # There are as many waits as the others have retries, so that these end it.
        raise RetryRequested(context.retry_number + 1, max(waits.values()))
