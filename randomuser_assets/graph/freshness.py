"""Until when a day's tables and files must have come."""

from datetime import timedelta

from dagster import FreshnessPolicy

from randomuser_assets.graph.schedules import HOUR

# With the default settings a fetch that fails and is tried again takes four times seven minutes and
# three pauses of three: 40 minutes, and what follows takes less than the rest of the hour.
_LONGEST_RUN = timedelta(hours=1)

DAILY = FreshnessPolicy.cron(
    deadline_cron=f"0 {(HOUR + _LONGEST_RUN // timedelta(hours=1)) % 24} * * *",
    # What the schedule's run writes counts, from its first second on; what came before does not.
    lower_bound_delta=_LONGEST_RUN,
)
"""The policy of all that the daily schedule makes."""
