"""A warehouse of its own for each test, and an instance that has seen nothing yet."""

from pathlib import Path

import pytest
from dagster import DagsterInstance

from randomuser_assets_tests.warehouse.house import House, house_at


@pytest.fixture(scope="session")
def _kept_instance() -> DagsterInstance:
    return DagsterInstance.ephemeral()


@pytest.fixture
def instance(_kept_instance: DagsterInstance) -> DagsterInstance:
    """Wiping takes a tenth of the time of making one."""
    _kept_instance.wipe()
    return _kept_instance


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "warehouse.duckdb"


@pytest.fixture
def house(path: Path, instance: DagsterInstance) -> House:
    return house_at(path, instance=instance)
