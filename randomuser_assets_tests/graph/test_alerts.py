"""The alerts of the project's own graph: real runs, a real receiver, and nothing private told."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from dagster import (
    AssetKey,
    AssetMaterialization,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DefaultSensorStatus,
)
from dagster._core.events import StepMaterializationData
from pydantic import SecretStr

from randomuser_assets.build import build_definitions
from randomuser_assets.graph.schedules import HOUR
from randomuser_assets.model import MODEL
from randomuser_assets_tests.alert.receiver import SECRET, Receiver, black_hole, receiver
from randomuser_assets_tests.graph.contract_api import (
    ContractApi,
    away_for_long,
    contract_api,
    not_found,
    page,
)
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site, range_tags
from randomuser_assets_tests.graph.tamperings import TAMPERINGS
from randomuser_assets_tests.graph.test_privacy import PLANTED, People
from randomuser_assets_tests.graph.trapped_people import TrappedPeople
from randomuser_assets_tests.graph.watch import UI, Watch, watching

pytestmark = pytest.mark.long

DAY, NEXT_DAY = "2026-01-05", "2026-01-06"
TITLE = "randomuser_assets: "
ASSETS = {table.name for table in MODEL} | {f"csv/{table.name}" for table in MODEL.core}


@pytest.fixture
def to() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture(scope="module")
def api() -> Iterator[ContractApi]:
    with contract_api(TrappedPeople(today=date(2026, 1, 6))) as running:
        yield running


@pytest.fixture(scope="module")
def stored(api: ContractApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One day, as it should be."""
    with opened_site(api.base_url, tmp_path_factory.mktemp("stored")) as site:
        assert site.run(DAY).success
        yield site


@pytest.fixture
def site(stored: Site, api: ContractApi, tmp_path: Path) -> Iterator[Site]:
    with DagsterInstance.ephemeral() as instance:
        yield replace(copy_of(stored, tmp_path / "data"), instance=instance)
    api.fault = lambda _: None


def tamper(site: Site, *checks: tuple[str, str]) -> None:
    for check in checks:
        site.change(*TAMPERINGS[check].statements)


def on(day: str) -> dict[str, str]:
    return range_tags(day, day)


BROKEN = (
    ("users", "key_is_unique"),
    ("logins", "key_is_unique"),
    ("pictures", "columns_are_as_declared"),
    ("flattened_users", "login_uuid_does_not_repeat"),
)


def test_a_run_with_many_failing_checks_is_one_message_and_its_recovery_another(
    site: Site, to: Receiver
) -> None:
    watch = watching(site, to.address)
    tamper(site, *BROKEN)
    run_id = site.check(on(DAY)).run_id
    watch.look()
    (alert,) = to.taken()
    assert alert.tone == "failure"
    for asset, check in BROKEN:
        assert f"{asset}.{check}" in alert.body
        assert f"{UI}/assets/{asset}?view=checks&checkDetail={check}" in alert.body
    assert alert.lines[-1] == f"Run: {UI}/runs/{run_id}"
    site.check(on(DAY))
    assert watch.look() == "Nothing to tell."
    site.change("ALTER TABLE core.pictures DROP COLUMN nobody_knows")
    assert site.run(DAY).success
    watch.look()
    (alert,) = to.taken()
    assert alert.tone == "success"
    for asset, check in BROKEN:
        assert f"OK {asset}.{check}" in alert.body


def test_a_warning_is_told_though_nothing_stops(site: Site, to: Receiver) -> None:
    watch = watching(site, to.address)
    site.change(
        "INSERT INTO quality.shape_drift "
        f"VALUES ('{DAY}', 'vanished', 'id.value', 'nothing', 1, '')"
    )
    assert site.check(on(DAY)).success
    watch.look()
    (alert,) = to.taken()
    assert alert.title == f"{TITLE}raw_users.no_key_vanished warns for {DAY}"
    assert alert.tone == "warning"


def test_a_fetch_that_fails_is_told_with_its_sentence_and_what_it_kept_from_running_is_not(
    site: Site, api: ContractApi, to: Receiver
) -> None:
    watch = watching(site, to.address)
    api.fault = not_found
    site.run(NEXT_DAY)
    site.run(NEXT_DAY)
    watch.look()
    (alert,) = to.taken()
    assert alert.title == f"{TITLE}raw_users failed for {NEXT_DAY}"
    line, run = alert.lines
    assert f"Asked {api.base_url}" in line
    assert run.startswith(f"Run: {UI}/runs/")
    api.fault = lambda _: None
    site.run(NEXT_DAY)
    watch.look()
    assert [alert.title for alert in to.taken()] == [f"{TITLE}raw_users recovered for {NEXT_DAY}"]


def test_a_fetch_that_is_tried_again_and_succeeds_is_not_told(
    site: Site, api: ContractApi, to: Receiver
) -> None:
    settings = site.settings.model_copy(update={"run_retries": 3, "run_retry_delay": 0.01})
    patient = replace(site, settings=settings)
    watch = watching(patient, to.address)
    api.asked.clear()
    api.fault = lambda asked: away_for_long(asked) if len(api.asked) < 3 else None
    assert patient.run(NEXT_DAY).success
    assert watch.look() == "Nothing to tell."
    api.fault = away_for_long
    patient.run(NEXT_DAY)
    watch.look()
    assert [alert.title for alert in to.taken()] == [f"{TITLE}raw_users failed for {NEXT_DAY}"]


def test_a_run_is_told_to_the_living_though_an_address_never_answers(
    site: Site, api: ContractApi, to: Receiver
) -> None:
    api.fault = not_found
    with black_hole() as port:
        silent = f"json://127.0.0.1:{port}/{SECRET}?rto=0.5"
        watch = watching(site, silent, to.address)
        site.run(NEXT_DAY)
        told = watch.look()
        assert f"address 1 (json://127.0.0.1:{port}) did not take a message" in told
        assert [alert.title for alert in to.taken()] == [f"{TITLE}raw_users failed for {NEXT_DAY}"]
        watch.look()
        watch.look()
    (alert,) = to.taken()
    assert alert.title == f"{TITLE}alerts do not reach address 1 (json://127.0.0.1:{port})"
    assert SECRET not in str(watch.cursor) + told + repr(alert)


# Freshness


def made(site: Site, asset: str, hours_ago: float) -> None:
    """Put into the log that an asset was made some time ago."""
    data = StepMaterializationData(AssetMaterialization(AssetKey(asset.split("/")), partition=DAY))
    kind = DagsterEventType.ASSET_MATERIALIZATION.value
    event = DagsterEvent(kind, job_name="a job", event_specific_data=data)
    then = time.time() - hours_ago * 3600
    site.instance.report_dagster_event(event, run_id="", timestamp=then)


def test_what_the_day_has_not_come_to_is_told_once_and_once_when_it_has(
    site: Site, to: Receiver
) -> None:
    watch = watching(site, to.address)
    assert watch.look() == "Nothing to tell."  # what was never made is not stale
    for asset in ASSETS:
        made(site, asset, hours_ago=48)
    watch.look()
    (alert,) = to.taken()
    assert alert.title == f"{TITLE}{len(ASSETS)} assets are stale"
    assert "last made 20" in alert.lines[0]
    assert f"{UI}/assets/" in alert.lines[0]
    assert watch.look() == "Nothing to tell."
    site.run(DAY)
    watch.look()
    assert [a.title for a in to.taken()] == [f"{TITLE}{len(ASSETS)} assets are fresh again"]


def test_all_that_is_made_daily_has_a_deadline_after_the_schedule(site: Site) -> None:
    nodes = site.definitions.resolve_asset_graph().asset_nodes
    policies = {node.key.to_user_string(): node.freshness_policy for node in nodes}
    assert set(policies) >= ASSETS
    for name in ASSETS:
        assert f"deadline_cron='0 {HOUR + 1} * * *'" in repr(policies[name])


# The sensor


def test_without_addresses_the_sensor_stands_still_and_says_what_to_set(site: Site) -> None:
    sensor = site.definitions.get_repository_def().get_sensor_def("alerts")
    assert sensor.default_status is DefaultSensorStatus.STOPPED
    watch = Watch(site.definitions, site.instance, sensor)
    assert "RANDOMUSER_ALERT_URLS" in watch.look()


def test_with_addresses_the_sensor_runs_and_shows_none(site: Site, to: Receiver) -> None:
    settings = site.settings.model_copy(update={"alert_urls": SecretStr(to.address)})
    definitions = build_definitions(settings)
    sensor = definitions.get_repository_def().get_sensor_def("alerts")
    assert sensor.default_status is DefaultSensorStatus.RUNNING
    assert SECRET not in repr(definitions) + repr(sensor) + repr(vars(sensor))


# Privacy


def test_no_private_value_is_told_or_kept(to: Receiver, tmp_path: Path) -> None:
    people = People(today=date(2026, 1, 6))
    with (
        contract_api(people) as api,
        opened_site(api.base_url, tmp_path, users_per_day=16) as site,
    ):
        watch = watching(site, to.address)
        site.run(DAY)
        # The engine's own message about this key quotes the value that comes twice.
        site.change("DELETE FROM core.users", "ALTER TABLE core.users ADD PRIMARY KEY (last_name)")
        site.run(NEXT_DAY)
        api.fault = lambda asked: page(asked, people(asked)[:-1])
        site.run("2026-01-07")
        said = watch.look()
    alerts = to.taken()
    assert {"users", "raw_users"} <= {
        word.removesuffix(",") for alert in alerts for word in alert.body.split()
    }
    for value in PLANTED.values():
        assert value not in repr(alerts) + said + str(watch.cursor)
