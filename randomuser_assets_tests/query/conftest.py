"""An engine of its own for each module: making one takes longer than dividing records in it."""

from collections.abc import Iterator

import pytest

from randomuser_assets_tests.query.audited import take_anything
from randomuser_assets_tests.query.division import Bench


@pytest.fixture(scope="module")
def _kept_bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.connection.close()


@pytest.fixture
def bench(_kept_bench: Bench) -> Bench:
    for table in ("raw.raw_users", "staging.flattened_users", "staging.rejected_users"):
        _kept_bench.connection.execute(f"DELETE FROM {table}")
    return _kept_bench


@pytest.fixture
def audited(bench: Bench) -> Bench:
    """Have core tables whose columns take anything."""
    take_anything(bench)
    return bench
