"""A check that fails and blocks stops all files of its day; one that warns stops nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from dagster import AssetCheckSeverity, ExecuteInProcessResult
from dagster._core.execution.api import create_execution_plan

from randomuser_assets.model import MODEL
from randomuser_assets.model.marts import SCHEMA
from randomuser_assets_tests.graph.contract_api import Asked, contract_api
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.graph.trapped_people import TrappedPeople, written
from randomuser_assets_tests.graph.verdicts import evaluated, failed

pytestmark = pytest.mark.long

DAY = "2026-01-05"
REPEATS = ("flattened_users", "login_uuid_does_not_repeat")
OF_PERSONS = ("users", "logins", "locations", "identity_documents")


class People(TrappedPeople):
    """People, of whom two may have one uuid."""

    twins = False

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        records = [self.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
        if self.twins:
            records[1]["login"]["uuid"] = records[0]["login"]["uuid"]
        return [written(record, at) for at, record in enumerate(records)]


@dataclass(frozen=True)
class Twins:
    """A day with files, fetched again when two of its people have one uuid."""

    site: Site
    before: dict[str, tuple[bytes, int]]
    result: ExecuteInProcessResult


def files(site: Site) -> dict[str, tuple[bytes, int]]:
    """Give each file's content and the moment it was written."""
    folder = site.settings.csv_path
    return {
        name: (content, (folder / name).stat().st_mtime_ns)
        for name, content in site.csv_contents().items()
    }


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    people = People(today=date(2026, 1, 6))
    folder = tmp_path_factory.mktemp("twins")
    with contract_api(people) as api, opened_site(api.base_url, folder) as site:
        assert site.run(DAY).success
        before = files(site)
        people.twins = True
        yield Twins(site, before, site.run(DAY))


def test_two_people_with_one_uuid_fail_the_keys_of_all_that_is_kept_of_persons(
    twins: Twins,
) -> None:
    assert not twins.result.success
    assert failed(twins.result) == {(table, "key_is_unique") for table in OF_PERSONS} | {REPEATS}


def test_a_repeat_in_flattened_users_warns_and_blocks_nothing(twins: Twins) -> None:
    assert evaluated(twins.result)[REPEATS].severity is AssetCheckSeverity.WARN
    made = {
        event.asset_key.to_user_string()
        for event in twins.result.get_asset_materialization_events()
        if event.asset_key
    }
    assert made == {"reports/quality", *(table.name for table in MODEL)}


def test_a_failed_check_that_blocks_leaves_all_files_of_the_day_as_they_were(twins: Twins) -> None:
    assert files(twins.site) == twins.before
    assert len(twins.before) == len(MODEL.core)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_check_that_blocks_stops_the_files(twins: Twins, kind: str) -> None:
    job = twins.site.definitions.resolve_job_def("daily")
    needs = create_execution_plan(job).get_all_step_deps()
    before, pending = set[str](), [f"{kind}_files"]
    while pending:
        new = needs[pending.pop()] - before
        before |= new
        pending += new
    graph = twins.site.definitions.resolve_asset_graph()
    blocking = [
        key
        for key in graph.asset_check_keys
        # What is made of the core tables says nothing of the files of a day.
        if graph.get_check_spec(key).blocking and graph.get(key.asset_key).group_name != SCHEMA
    ]
    assert len(blocking) > len(MODEL.core)
    for key in blocking:
        assert job.asset_layer.get_op_output_handle(key).node_handle.name in before, key
