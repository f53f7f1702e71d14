"""Which assets are not as fresh as their policy wants, by the rules that the UI goes by.

It brings all of Dagster's storage along, so that only who asks imports it.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from dagster import AssetKey, DagsterInstance
from dagster._check import not_none
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph, BaseAssetNode
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.definitions.freshness_evaluator import FRESHNESS_EVALUATORS_BY_POLICY_TYPE
from dagster._core.loader import LoadingContext
from dagster._core.storage.event_log.base import AssetRecord


@dataclass(frozen=True)
class Freshness:
    """How fresh an asset is; one that was never made is neither fresh nor stale."""

    stale: bool
    last_made: float | None


def freshness(instance: DagsterInstance, graph: BaseAssetGraph[Any]) -> dict[AssetKey, Freshness]:
    """Say how fresh each asset with a policy is, by the rules that the UI goes by."""
    return asyncio.run(_states(_Instance(instance), graph))


async def _states(context: LoadingContext, graph: BaseAssetGraph[Any]) -> dict[AssetKey, Freshness]:
    nodes = [node for node in graph.asset_nodes if node.freshness_policy]
    found = await asyncio.gather(*(_state(context, node) for node in nodes))
    return {node.key: state for node, state in zip(nodes, found, strict=True)}


async def _state(context: LoadingContext, node: BaseAssetNode) -> Freshness:
    evaluator = FRESHNESS_EVALUATORS_BY_POLICY_TYPE[type(not_none(node.freshness_policy))]()
    state = await evaluator.evaluate_freshness(context, node)
    record = await AssetRecord.gen(context, node.key)
    last = record.asset_entry.last_materialization if record else None
    return Freshness(state is FreshnessState.FAIL, last.timestamp if last else None)


class _Instance(LoadingContext):
    """The instance as Dagster's evaluators want it: all assets' records come in one query."""

    def __init__(self, instance: DagsterInstance) -> None:
        self._instance = instance
        self._loaders: dict[type, Any] = {}

    @property
    def instance(self) -> DagsterInstance:
        return self._instance

    @property
    def loaders(self) -> dict[type, Any]:
        return self._loaders
