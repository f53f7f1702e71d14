"""A step that fails tells why in a sentence, and what was stored before is untouched."""

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets_tests.graph.command_line import Shell
from randomuser_assets_tests.graph.contract_api import (
    Answer,
    Asked,
    ContractApi,
    away_for_long,
    contract_api,
    page,
)
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site
from randomuser_assets_tests.graph.spoiling import place
from randomuser_assets_tests.graph.trapped_people import TrappedPeople

pytestmark = pytest.mark.long

DAY, NEXT_DAY = "2026-01-05", "2026-01-06"
IMPATIENT = {"timeout": 0.3, "request_budget": 0.4}


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
    yield copy_of(stored, tmp_path / "data")
    api.fault = lambda _: None


def changed(site: Site, **settings: object) -> Site:
    return replace(site, settings=site.settings.model_copy(update=settings))


def reason(site: Site, selection: str = "raw_users*") -> str:
    """Run a day that must fail, and give the reason that its first failing step told."""
    result = site.materialize(selection, DAY)
    assert not result.success
    failure = result.filter_events(lambda event: event.is_step_failure)[0].step_failure_data
    assert failure.user_failure_data
    told = str(failure.user_failure_data.description)
    assert "\n" not in told
    assert "Traceback" not in told
    assert told.endswith(".")
    return told


def everything(site: Site) -> list[object]:
    tables = [site.rows(f"SELECT * FROM {place(table)} ORDER BY ALL") for table in MODEL]
    return [*tables, site.csv_contents()]


# The source


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(away_for_long, "503", id="away"),
        pytest.param(lambda asked: page(asked, [], seed="other"), "'other'", id="another seed"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_changes_nothing(
    site: Site, api: ContractApi, answer: object, told: str
) -> None:
    before = everything(site)
    api.fault = answer  # type: ignore[assignment]
    said = reason(site)
    assert told in said
    assert f"Asked {api.base_url}" in said
    assert f"page 1 of seed '{DAY}' with 12 people" in said
    assert everything(site) == before


def test_a_source_that_never_answers_is_given_up(site: Site, api: ContractApi) -> None:
    ended = Event()

    def silence(_: Asked) -> Answer | None:
        ended.wait(30)
        return None

    before = everything(site)
    api.fault = silence
    try:
        assert "no answer in time" in reason(changed(site, **IMPATIENT))
    finally:
        ended.set()
    assert everything(site) == before


def test_a_source_that_is_not_there_is_told(site: Site) -> None:
    with contract_api(lambda _: []) as gone:
        pass
    before = everything(site)
    said = reason(changed(site, source=gone.base_url, **IMPATIENT))
    assert gone.base_url in said
    assert "no connection" in said
    assert everything(site) == before


def test_a_missing_key_is_told_before_anything_is_asked(site: Site, api: ContractApi) -> None:
    api.asked.clear()
    assert "RANDOMUSER_PII_KEY" in reason(changed(site, pii_key=None))
    assert api.asked == []


# The disk


def test_a_spool_that_cannot_be_written_is_told(site: Site) -> None:
    before = everything(site)
    shutil.rmtree(site.settings.spool_path)
    site.settings.spool_path.write_text("a file where a folder should be", encoding="utf-8")
    said = reason(site)
    assert str(site.settings.spool_path) in said
    assert "RANDOMUSER_DATA_DIR" in said
    assert everything(site) == before


def test_a_file_that_cannot_be_written_is_told(site: Site) -> None:
    shutil.rmtree(site.settings.csv_path)
    site.settings.csv_path.write_text("a file where a folder should be", encoding="utf-8")
    said = reason(site, "csv/users")
    assert str(site.settings.csv_path / DAY) in said


def test_a_warehouse_that_is_no_database_is_told_and_left(site: Site) -> None:
    site.settings.warehouse_path.write_bytes(b"no database" * 1000)
    said = reason(site)
    assert str(site.settings.warehouse_path) in said
    assert site.settings.warehouse_path.read_bytes() == b"no database" * 1000


FULL_DISK = """
    import resource, sys
    from pathlib import Path
    from dagster import DagsterInstance
    from randomuser_assets.build import build_definitions
    from randomuser_assets.settings import load_settings

    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    result = build_definitions(load_settings()).resolve_job_def("daily").execute_in_process(
        partition_key=sys.argv[2],
        instance=DagsterInstance.ephemeral(),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    failures = result.filter_events(lambda event: event.is_step_failure)
    print(failures[0].step_failure_data.user_failure_data.description)
"""


def test_a_full_disk_is_told_and_leaves_the_days_before(site: Site) -> None:
    """A limit on the size of files stands for a full disk: each page has room, the day has not."""
    before = everything(site)
    limit = 1_000_000
    shell = Shell(
        site.settings.data_path.parent,
        {"SOURCE": site.settings.source, "USERS_PER_DAY": "3000", "PAGE_SIZE": "100"},
    )
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL_DISK), str(limit), NEXT_DAY],
        cwd=shell.folder,
        env=shell.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = ended.stdout.strip()
    assert "\n" not in told
    assert told.startswith("Writing raw.raw_users")
    assert "make room" in told
    assert everything(site) == before
