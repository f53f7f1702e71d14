"""Addresses of alerts where they are told or swallowed. Each test failed when it was written."""

import pytest

from randomuser_assets.settings import SettingsError, alert_addresses, load_settings


@pytest.mark.parametrize(
    "address",
    [
        "mailto://ada:hunter2secret@",
        "json://me:hunter2secret@:x/",
        "nonsense://hunter2secret",
        "msteams://outlook/hunter2secret",
        "https://hooks.example/services/hunter2secret",
    ],
)
def test_an_address_that_is_refused_is_in_no_log_either(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The library logs an address that it cannot read as an error, password and all."""
    monkeypatch.setenv("RANDOMUSER_ALERT_URLS", address)
    with pytest.raises(SettingsError):
        load_settings()
    assert "hunter2secret" not in caplog.text


def test_two_addresses_are_never_taken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    value = "json://alerts.example/a;mailto://me:pw@example.com"
    monkeypatch.setenv("RANDOMUSER_ALERT_URLS", value)
    try:
        found = alert_addresses(load_settings().alert_urls)
    except SettingsError:
        return
    assert len(found) == 2
