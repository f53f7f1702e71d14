"""A warehouse for each test that asks for one, and one browser for all that look."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from randomuser_assets_tests.report.browser import running_browser
from randomuser_assets_tests.report.warehouse import Warehouse, opened_warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with opened_warehouse(tmp_path / "warehouse.duckdb") as opened:
        yield opened


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running
