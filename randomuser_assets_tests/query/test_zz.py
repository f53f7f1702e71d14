from hypothesis import HealthCheck, given, settings, strategies as st
import duckdb
import randomuser_assets.warehouse.observe
@settings(max_examples=1,derandomize=True,database=None)
@given(records=st.integers())
def test_any(records: int) -> None:
    return
