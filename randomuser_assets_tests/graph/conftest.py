"""What several files here look at: days as they should be, and an empty warehouse to ask."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from randomuser_assets_tests.graph.asking import Desk, opened_desk
from randomuser_assets_tests.graph.contract_api import Asked, contract_api
from randomuser_assets_tests.graph.site import Site, copy_of, opened_site
from randomuser_assets_tests.graph.spoiling import FIRST, LAST
from randomuser_assets_tests.graph.trapped_people import TrappedPeople, written


class _People(TrappedPeople):
    """People, of whom the fifth cannot be read, and the last has the portrait of the first."""

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        records = [self.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
        records[4]["gender"] = "unknown"
        records[-1]["picture"] = records[0]["picture"]
        return [written(record, at) for at, record in enumerate(records)]


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Days with the same people, as they should be, fetched in one run."""
    tolerant: dict[str, Any] = {"rejected_warn": 0.75, "rejected_error": 0.9}
    folder = tmp_path_factory.mktemp("stored")
    with (
        contract_api(_People(today=date(2026, 1, 6))) as api,
        opened_site(api.base_url, folder, seed="same", **tolerant) as site,
    ):
        assert site.run_range(FIRST, LAST).success
        yield site


@pytest.fixture
def site(stored: Site, tmp_path: Path) -> Site:
    """A copy of these days, to be spoilt."""
    return copy_of(stored, tmp_path / "data")


@pytest.fixture(scope="module")
def _kept_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened_desk(tmp_path_factory.mktemp("desk") / "warehouse.duckdb") as opened:
        yield opened


@pytest.fixture
def desk(_kept_desk: Desk) -> Iterator[Desk]:
    """A warehouse with all tables and nothing in them."""
    _kept_desk.connection.begin()
    yield _kept_desk
    _kept_desk.connection.rollback()
