"""A key that nobody declared: it warns, is welcome, stops the day or is left out, as is set.

It is recorded in any case. The stages follow each other in one warehouse, each on the same day.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from dagster import ExecuteInProcessResult

from randomuser_assets_tests.graph.contract_api import Asked, contract_api
from randomuser_assets_tests.graph.faulty_days import APPEARED
from randomuser_assets_tests.graph.site import Site, opened_site
from randomuser_assets_tests.graph.trapped_people import Record, TrappedPeople, written
from randomuser_assets_tests.graph.verdicts import evaluated, failed

pytestmark = pytest.mark.long

DAY = "2026-01-05"
DRIFT = [("appeared", "location.planet", "text", 2), ("appeared", "score", "number", 12)]


@dataclass
class People(TrappedPeople):
    """People who all have a new key, and some another one within an object."""

    city: str = "Springfield"
    sent: list[Record] = field(default_factory=list)

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        records = [self.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
        self.sent = [json.loads(json.dumps(record)) for record in records]
        for at, record in enumerate(records):
            record["score"] = at
            record["location"]["city"] = self.sent[at]["location"]["city"] = self.city
        for record in records[:2]:
            record["location"]["planet"] = "Earth"
        return [written(record, at) for at, record in enumerate(records)]


@dataclass(frozen=True)
class Stage:
    """What a run said and left."""

    result: ExecuteInProcessResult
    drift: list[tuple[Any, ...]]
    payloads: list[Record]
    readable: int
    files: dict[str, bytes]


def stage(site: Site, result: ExecuteInProcessResult) -> Stage:
    return Stage(
        result,
        site.rows("SELECT kind, path, found, records FROM quality.shape_drift ORDER BY ALL"),
        [
            json.loads(p)
            for (p,) in site.rows("SELECT payload FROM raw.raw_users ORDER BY position")
        ],
        site.rows("SELECT count(*) FROM staging.flattened_users")[0][0],
        site.csv_contents(),
    )


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Stage]]:
    people = People(today=date(2026, 1, 6))
    folder = tmp_path_factory.mktemp("keys") / "data"
    found = {}
    with contract_api(people) as api, opened_site(api.base_url, folder) as site:

        def with_keys(new_keys: str) -> Site:
            changed = site.settings.model_copy(update={"new_keys": new_keys})
            return replace(site, settings=changed)

        found["warn"] = stage(site, site.run(DAY))
        people.city = "Shelbyville"
        found["freeze"] = stage(site, with_keys("freeze").run(DAY))
        for welcome in ("evolve", "discard"):
            found[welcome] = stage(site, with_keys(welcome).materialize("raw_users", DAY))
        found["sent"] = replace(found["discard"], payloads=people.sent)
        yield found


@pytest.mark.parametrize("new_keys", ["warn", "freeze", "evolve", "discard"])
def test_a_new_key_is_recorded_in_any_case(stages: dict[str, Stage], new_keys: str) -> None:
    assert stages[new_keys].drift == DRIFT


@pytest.mark.parametrize("new_keys", ["warn", "freeze", "evolve"])
def test_a_new_key_is_kept_in_the_record(stages: dict[str, Stage], new_keys: str) -> None:
    payloads = stages[new_keys].payloads
    assert [payload["score"] for payload in payloads] == list(range(12))
    assert [payload["location"].get("planet") for payload in payloads[:3]] == ["Earth"] * 2 + [None]


def test_a_new_key_that_warns_stops_nothing(stages: dict[str, Stage]) -> None:
    warned = stages["warn"]
    assert warned.result.success
    assert failed(warned.result) == {APPEARED}
    assert evaluated(warned.result)[APPEARED].severity.value == "WARN"
    assert warned.readable == 12
    assert len(warned.files) == 7
    assert any(b"Springfield" in content for content in warned.files.values())


def test_a_new_key_that_freezes_stops_the_day_and_leaves_what_was_there(
    stages: dict[str, Stage],
) -> None:
    frozen = stages["freeze"]
    assert not frozen.result.success
    assert failed(frozen.result) == {APPEARED}
    assert evaluated(frozen.result)[APPEARED].severity.value == "ERROR"
    made = [event.asset_key for event in frozen.result.get_asset_materialization_events()]
    assert [key.to_user_string() for key in made if key] == ["raw_users", "reports/quality"]
    assert frozen.files == stages["warn"].files
    assert {payload["location"]["city"] for payload in frozen.payloads} == {"Shelbyville"}


@pytest.mark.parametrize("new_keys", ["evolve", "discard"])
def test_a_new_key_that_is_welcome_or_left_out_fails_nothing(
    stages: dict[str, Stage], new_keys: str
) -> None:
    result = stages[new_keys].result
    assert result.success
    assert failed(result) == set()
    told = {name: value.value for name, value in evaluated(result)[APPEARED].metadata.items()}
    assert {"score", "location.planet"} <= set(told)


def test_a_new_key_that_is_left_out_is_not_stored_and_all_else_is(
    stages: dict[str, Stage],
) -> None:
    hidden = {"login", "id"}
    stored = [
        {name: value for name, value in payload.items() if name not in hidden}
        for payload in stages["discard"].payloads
    ]
    sent = [
        {name: value for name, value in record.items() if name not in hidden}
        for record in stages["sent"].payloads
    ]
    assert stored == sent
    protected = {name: set(stages["discard"].payloads[0][name]) for name in hidden}
    assert protected == {
        "login": {"uuid", "username", "password_hmac"},
        "id": {"name", "value_hmac"},
    }
