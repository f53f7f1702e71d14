"""One warehouse a module, and for each test a table without rows and a folder of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from randomuser_assets_tests.export.things import Store, opened_store


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("warehouse")
    with opened_store(folder / "warehouse.duckdb", folder / "csv") as store:
        yield store


@pytest.fixture
def store(shared_store: Store, tmp_path: Path) -> Store:
    store = replace(shared_store, folder=tmp_path / "csv")
    store.hold_notes([])
    return store
