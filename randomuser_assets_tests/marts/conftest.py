"""One process that builds, for all tests of a file; and a warehouse for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from randomuser_assets_tests.marts.building import Dbt
from randomuser_assets_tests.marts.warehouse import Warehouse


@pytest.fixture(scope="package")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dbt]:
    with Dbt(tmp_path_factory.mktemp("dbt")) as running:
        yield running


@pytest.fixture
def warehouse(dbt: Dbt, tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "data", dbt)
