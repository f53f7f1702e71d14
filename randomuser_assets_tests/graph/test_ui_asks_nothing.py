"""The UI's pages of the graph: what they show comes from Dagster's records, never from our data."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest
from dagster import DagsterInstance
from dagster._core.test_utils import in_process_test_workspace
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceRequestContext
from dagster_graphql.test.utils import execute_dagster_graphql

from randomuser_assets.model import MODEL
from randomuser_assets.settings import PREFIX

CODE_LOCATION = "randomuser_assets.definitions"

NODES = """
    query Graph {
      assetNodes {
        id groupName isExecutable isPartitioned description kinds jobNames opNames opVersion
        assetKey { path }
        dependencyKeys { path }
        dependedByKeys { path }
        owners { ... on TeamAssetOwner { team } }
        tags { key value }
        partitionDefinition { description }
        metadataEntries { label ... on TableSchemaMetadataEntry { schema { columns { name } } } }
      }
    }
"""

STATES = """
    query States {
      assetNodes {
        assetKey { path }
        assetMaterializations(limit: 1) { runId }
        staleStatus
        staleCauses { reason }
        partitionStats { numMaterialized numPartitions }
        freshnessStatusInfo { freshnessStatus }
        assetChecksOrError {
          ... on AssetChecks {
            checks { name blocking description executionForLatestMaterialization { status } }
          }
        }
      }
    }
"""

JOBS = """
    query Overview {
      workspaceOrError {
        ... on Workspace {
          locationEntries {
            locationOrLoadError {
              ... on RepositoryLocation {
                repositories {
                  jobs { name }
                  schedules { name scheduleState { status } }
                  sensors { name sensorState { status } }
                  allTopLevelResourceDetails { name }
                }
              }
            }
          }
        }
      }
    }
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet, and an engine that opens nothing."""

    def refuse(*what: object, **_: object) -> NoReturn:
        raise AssertionError(f"{what} was opened, to show a page of the graph")

    folder = tmp_path / "data"
    monkeypatch.setenv(f"{PREFIX}SOURCE", "sample")
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(folder))
    monkeypatch.setattr(duckdb, "connect", refuse)
    # Loaded anew: another test may have loaded it with other settings.
    monkeypatch.delitem(sys.modules, CODE_LOCATION, raising=False)
    return folder


@pytest.fixture
def workspace(data: Path, tmp_path: Path) -> Iterator[WorkspaceRequestContext]:
    """The code location as the server of the UI has it, in this process."""
    assert not data.exists()
    origin = LoadableTargetOrigin(module_name=CODE_LOCATION, attribute="defs")
    with (
        DagsterInstance.local_temp(str(tmp_path)) as instance,
        in_process_test_workspace(instance, origin) as loaded,
    ):
        yield loaded


def ask(workspace: WorkspaceRequestContext, query: str) -> dict[str, Any]:
    answer = execute_dagster_graphql(workspace, query)
    assert not answer.errors
    return dict(answer.data)


def test_the_graph_is_drawn_without_a_look_at_the_warehouse(
    workspace: WorkspaceRequestContext, data: Path
) -> None:
    nodes = {"/".join(node["assetKey"]["path"]) for node in ask(workspace, NODES)["assetNodes"]}
    assert {table.name for table in MODEL} <= nodes
    assert not data.exists()


def test_the_states_of_assets_and_checks_are_shown_without_a_look_at_the_warehouse(
    workspace: WorkspaceRequestContext, data: Path
) -> None:
    nodes = ask(workspace, STATES)["assetNodes"]
    checked = [node for node in nodes if node["assetChecksOrError"].get("checks")]
    assert len(checked) > len(list(MODEL))
    assert not data.exists()


def test_jobs_schedules_and_sensors_are_listed_without_a_look_at_the_warehouse(
    workspace: WorkspaceRequestContext, data: Path
) -> None:
    (location,) = ask(workspace, JOBS)["workspaceOrError"]["locationEntries"]
    (repository,) = location["locationOrLoadError"]["repositories"]
    assert {"daily", "quality", "backup_job"} <= {job["name"] for job in repository["jobs"]}
    assert not data.exists()


def test_an_engine_that_is_asked_for_would_be_noticed(data: Path) -> None:
    with pytest.raises(AssertionError, match="was opened"):
        duckdb.connect(str(data))
