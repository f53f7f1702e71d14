"""The population report as an asset: where it is, what is told of it, and that nobody is in it."""

import base64
import re
import stat
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetKey,
    AssetSelection,
    Definitions,
    ExecuteInProcessResult,
    MetadataValue,
    define_asset_job,
)

from randomuser_assets.graph.population import (
    CHECK,
    POPULATION,
    population_asset,
    population_check,
)
from randomuser_assets.model import MODEL
from randomuser_assets.model.marts import MARTS
from randomuser_assets.report.population.page import MOST_BYTES
from randomuser_assets.settings import Settings
from randomuser_assets_tests.report.marts import opened_marts

ALL_CHECKS = AssetSelection.all_asset_checks()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a place with two hundred people on three days."""
    made = Settings(source="sample", data_dir=tmp_path / "data")
    made.data_path.mkdir()
    with opened_marts(made.warehouse_path) as marts:
        marts.fill(200, 3)
    return made


def run(settings: Settings, selection: AssetSelection | None = None) -> ExecuteInProcessResult:
    """Make the page and check it, or do what is selected."""
    selected = selection or AssetSelection.all() | ALL_CHECKS
    definitions = Definitions(
        assets=[population_asset(settings, MODEL)],
        asset_checks=[population_check(settings)],
        jobs=[define_asset_job("report", selection=selected)],
    )
    return definitions.resolve_job_def("report").execute_in_process(raise_on_error=False)


def verdict_on(settings: Settings) -> AssetCheckEvaluation:
    """Ask the check alone, about the page as it lies there."""
    (found,) = run(settings, ALL_CHECKS).get_asset_check_evaluations()
    return found


def page(settings: Settings) -> Path:
    return settings.reports_path / "population.html"


def test_the_page_is_made_and_told_with_a_still_of_its_main_chart(settings: Settings) -> None:
    result = run(settings)
    assert result.success
    (event,) = result.asset_materializations_for_node("reports__population")
    told = event.metadata
    assert told["page"] == MetadataValue.url("http://127.0.0.1:3001/population.html")
    assert told["file"] == MetadataValue.path(str(page(settings)))
    assert told["bytes"] == MetadataValue.int(page(settings).stat().st_size)
    assert (told["people"].value, told["days"].value) == (200, 3)
    image = re.fullmatch(
        r"!\[(The largest age group is .+?)\]\(data:image/svg\+xml;base64,(.+)\)",
        str(told["still"].value),
    )
    assert image
    drawn = ElementTree.fromstring(base64.b64decode(image[2]))  # noqa: S314  our own picture
    assert image[1] in [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert image[1] in page(settings).read_text("utf-8")


def test_the_page_is_the_owners_only_and_nothing_is_left_beside_it(settings: Settings) -> None:
    run(settings)
    assert [path.name for path in settings.reports_path.iterdir()] == ["population.html"]
    assert stat.S_IMODE(page(settings).stat().st_mode) == 0o600


def test_the_report_comes_after_the_marts_that_it_reads(settings: Settings) -> None:
    asset = population_asset(settings, MODEL)
    deps = {key for keys in asset.asset_deps.values() for key in keys}
    assert deps <= {AssetKey([table.name]) for table in MARTS}
    assert AssetKey(["fct_user_snapshot"]) in deps
    assert asset.tags_by_key[POPULATION]["personal_data"] == "no"


def test_before_there_are_marts_the_page_says_so(tmp_path: Path) -> None:
    nothing = Settings(source="sample", data_dir=tmp_path)
    result = run(nothing)
    assert result.success
    assert "marts.dim_user is not there yet." in page(nothing).read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(settings: Settings) -> None:
    settings.reports_path.write_text("a file where a folder should be", encoding="utf-8")
    (failure,) = run(settings).filter_events(lambda event: event.is_step_failure)
    told = failure.step_failure_data.user_failure_data
    assert told
    assert str(told.description).startswith(f"{page(settings)} cannot be written")


# The check


def test_a_page_of_counts_passes(settings: Settings) -> None:
    (found,) = run(settings).get_asset_check_evaluations()
    assert found.passed
    assert found.metadata["identifiers"].value == 0
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        kept = connection.execute(
            "SELECT asset, check_name, passed FROM quality.check_results"
        ).fetchall()
    assert kept == [("reports/population", CHECK, True)]


def test_a_page_with_somebody_on_it_fails(settings: Settings) -> None:
    run(settings)
    text = page(settings).read_text("utf-8")
    page(settings).write_text(text + "<p>somebody7@example.com</p>", encoding="utf-8")
    found = verdict_on(settings)
    assert not found.passed
    assert found.metadata["identifiers"].value == 1


def test_a_page_that_is_too_large_fails(settings: Settings) -> None:
    run(settings)
    with page(settings).open("a", encoding="utf-8") as file:
        file.write(" " * MOST_BYTES)
    found = verdict_on(settings)
    assert not found.passed
    assert found.metadata["identifiers"].value == 0


def test_where_there_is_no_page_there_is_nothing_to_find(settings: Settings) -> None:
    found = verdict_on(settings)
    assert found.passed
    assert found.description == "There is no page yet."
