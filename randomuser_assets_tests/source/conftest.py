"""What the tests of sources share."""

import pytest

from randomuser_assets.source import api as client


@pytest.fixture
def quick_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the waits between attempts begin with hundredths of a second."""
    monkeypatch.setattr(client, "_FIRST_WAIT", 0.01)
