"""A run may be killed at any moment: each day is the old or the new one, and the next run works.

Here belongs a short round; `make chaos` is the long one.
"""

from pathlib import Path

import pytest

from randomuser_assets_tests.chaos.kills import BETWEEN, TOO_LATE, kill_runs

pytestmark = pytest.mark.long


def test_killed_writes_and_exports_leave_whole_days(tmp_path: Path) -> None:
    wanted = 5
    died = kill_runs(tmp_path, wanted, people=200, seed=20260105)
    assert died.total() - died[BETWEEN] - died[TOO_LATE] == wanted
