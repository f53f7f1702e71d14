"""When what is made of all days is made by itself: after others have written to the tables."""

from functools import reduce
from operator import or_

from dagster import (
    AssetCheckKey,
    AssetKey,
    AssetSelection,
    AutomationCondition,
    AutomationConditionSensorDefinition,
    DefaultSensorStatus,
)

from randomuser_assets.model import Model

_SECONDS = 30


_Condition = AutomationCondition[AssetKey | AssetCheckKey]


def when_newer(model: Model) -> _Condition:
    """Be made once the core tables have been written to, and nobody writes to them any longer.

    A run that makes both, like that of `daily`, starts no other one; of a backfill, in however many
    runs, the end is waited for.
    """
    names = [table.name for table in model.core]
    updated = AutomationCondition.newly_updated() & ~AutomationCondition.executed_with_root_target()
    return (
        _any_of(names, updated).since_last_handled()
        & ~_any_of(names, AutomationCondition.in_progress())
        & ~AutomationCondition.in_progress()
    ).with_label("the tables are newer, and nobody writes to them")


def _any_of(names: list[str], condition: _Condition) -> _Condition:
    return reduce(or_, (AutomationCondition.asset_matches(name, condition) for name in names))


def follower(selection: AssetSelection) -> AutomationConditionSensorDefinition:
    """Give the sensor that looks whether anything of this is to be made."""
    return AutomationConditionSensorDefinition(
        "marts_follow",
        target=selection,
        description="Makes the marts and what is made of them once others, a backfill say, have "
        "written to the core tables.",
        default_status=DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=_SECONDS,
    )
