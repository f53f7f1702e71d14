"""A new secret: explained, put in place only if told so, and the forgotten stay forgotten."""

import os
import stat
from pathlib import Path

import pytest

from randomuser_assets import cli
from randomuser_assets import rotation as rotation_module
from randomuser_assets import settings as settings_module
from randomuser_assets.forgotten import forget, read_forgotten, stored_list
from randomuser_assets.settings import load_settings

ONE = "0b9c9a5e-52c6-4c0a-9b4e-0d6a1f3c7e11"
OLD, NEW = "bef0re-s3cret", "aft3r-s3cret"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the project another folder, whose `.env` holds the secret."""
    for module in (settings_module, rotation_module, cli):
        monkeypatch.setattr(module, "project_root", lambda: tmp_path)
    for name in [name for name in os.environ if name.startswith("RANDOMUSER_")]:
        monkeypatch.delenv(name)
    (tmp_path / ".env").write_text(
        "# kept\nRANDOMUSER_SOURCE=${RANDOMUSER_SOURCE:-sample}\n"
        f"RANDOMUSER_PII_KEY=${{RANDOMUSER_PII_KEY:-{OLD}}}\n# kept, too\n"
    )
    (tmp_path / "data").mkdir()
    forget(tmp_path / "data", ONE, OLD.encode)
    return tmp_path


def secret() -> bytes:
    return load_settings().key_bytes()


def test_without_a_word_it_explains_and_changes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stored_list(home / "data"), (home / ".env").read_text()
    assert cli.main(["rotate-key"]) == 0
    told = capsys.readouterr().out
    assert "forgotten people (1 by now)" in told
    assert "nobody can make them again" in told
    assert "a version of everybody who has a document begins" in told
    assert "Nothing was changed." in told
    assert OLD not in told
    assert (stored_list(home / "data"), (home / ".env").read_text()) == before


def test_told_so_it_writes_a_random_one_into_env_and_takes_the_list_along(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert secret() == OLD.encode()
    assert cli.main(["rotate-key", "--yes"]) == 0
    new = secret()
    assert new != OLD.encode()
    assert len(new) == 64
    assert read_forgotten(home / "data", new).holds(ONE)
    written = (home / ".env").read_text()
    assert OLD not in written
    assert written.startswith("# kept\nRANDOMUSER_SOURCE=")
    assert written.endswith("# kept, too\n")
    assert stat.S_IMODE((home / ".env").stat().st_mode) == 0o600
    assert new.decode() not in "".join(capsys.readouterr())


def test_a_file_with_the_secret_is_written_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "key").write_text(OLD)
    (home / "key").chmod(0o640)
    monkeypatch.setenv("RANDOMUSER_PII_KEY_FILE", "key")
    assert cli.main(["rotate-key", "--yes"]) == 0
    assert (home / "key").read_text().strip() == secret().decode() != OLD
    assert read_forgotten(home / "data", secret()).holds(ONE)
    assert stat.S_IMODE((home / "key").stat().st_mode) == 0o640  # a group may have to read it
    assert OLD in (home / ".env").read_text()


@pytest.mark.parametrize("how", ["environment", "lower case", "link", "linked .env"])
def test_a_secret_that_is_kept_elsewhere_is_not_written_to(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    if how == "environment":
        monkeypatch.setenv("RANDOMUSER_PII_KEY", OLD)
    elif how == "lower case":
        monkeypatch.setenv("randomuser_pii_key", OLD)
    elif how == "linked .env":
        (home / ".env").rename(home / "elsewhere")
        (home / ".env").symlink_to(home / "elsewhere")
    else:
        (home / "mounted").write_text(OLD)
        (home / "key").symlink_to(home / "mounted")
        monkeypatch.setenv("RANDOMUSER_PII_KEY_FILE", "key")
    before = stored_list(home / "data"), (home / ".env").read_text()
    assert cli.main(["rotate-key", "--yes"]) == 1
    assert "--new-key-file" in capsys.readouterr().err
    assert (stored_list(home / "data"), (home / ".env").read_text()) == before


def test_the_list_is_carried_over_to_a_secret_that_is_set_by_other_means(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RANDOMUSER_PII_KEY", OLD)
    (home / "new").write_text(NEW)
    assert cli.main(["rotate-key", "--new-key-file", str(home / "new")]) == 0
    assert "Set that now" in capsys.readouterr().out
    assert read_forgotten(home / "data", NEW.encode()).holds(ONE)
    assert secret() == OLD.encode()


def test_with_another_secret_than_that_of_the_list_nothing_is_changed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RANDOMUSER_PII_KEY", "yet another")
    before = stored_list(home / "data")
    assert cli.main(["rotate-key"]) == 1
    assert "closed with another secret" in capsys.readouterr().err
    assert stored_list(home / "data") == before
