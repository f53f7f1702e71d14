"""A page that lies there alone, as an earlier version of the spool left it, is fetched again.

The test here failed when it was written.
"""

from pathlib import Path

import duckdb
import pytest

from randomuser_assets.model import Table
from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.query.dialects import WarehouseDuckDB
from randomuser_assets.query.land import landed
from randomuser_assets_tests.source.fetching_process import files_of, spool_of
from randomuser_assets_tests.source.scripted_server import ScriptedServer


@pytest.mark.parametrize("table", [REQUESTS, SHAPE_DRIFT], ids=lambda table: table.name)
def test_a_page_without_what_lies_beside_it_is_fetched_again(tmp_path: Path, table: Table) -> None:
    with ScriptedServer() as server:
        spool = spool_of(tmp_path)
        spool.fetch(server.client())
        spool.release()
        spool.beside(table)[1].unlink()
        again = spool_of(tmp_path)
        again.fetch(server.client())
        assert server.pages_asked == [1, 2, 2, 3]
        assert all(path.is_file() for path in files_of(again))
        query = landed(again.beside(REQUESTS), REQUESTS).sql(WarehouseDuckDB)
        assert len(duckdb.execute(query).fetchall()) == 3
        again.release()
