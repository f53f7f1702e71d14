"""A warehouse of its own for each test, and an instance that has seen nothing yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance

from randomuser_assets_tests.graph.site import Site, copy_of, opened_site
from randomuser_assets_tests.warehouse.house import House, house_at
from randomuser_assets_tests.warehouse.migrating import FIRST, LAST


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


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two days, as the whole graph makes them; nobody here looks at their checks."""
    with opened_site("sample", tmp_path_factory.mktemp("stored") / "data") as site:
        assert site.store_range(FIRST, LAST).success
        yield site


@pytest.fixture
def site(stored: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A copy of these days, to be changed; commands find it."""
    site = copy_of(stored, tmp_path / "data")
    monkeypatch.setenv("RANDOMUSER_SOURCE", "sample")
    monkeypatch.setenv("RANDOMUSER_PII_KEY", "a key")
    monkeypatch.setenv("RANDOMUSER_DATA_DIR", str(site.settings.data_path))
    return site
