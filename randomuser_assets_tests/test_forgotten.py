"""The list of the forgotten: keyed hashes that outlive a change of the secret, and nothing else."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from randomuser_assets.forgotten import (
    FILE,
    ForgottenError,
    changing_secret,
    forget,
    read_forgotten,
    stored_list,
    take_over,
)

ONE = "0b9c9a5e-52c6-4c0a-9b4e-0d6a1f3c7e11"
OTHER = "7d1f1c55-9f43-4a0e-8f0b-6c1f1c559f43"
SECRET, NEW = b"a secret", b"a new secret"


def as_set(secret: bytes) -> Callable[[], bytes]:
    """Give what reads the secret from the settings."""
    return lambda: secret


def test_without_a_list_nobody_is_forgotten(tmp_path: Path) -> None:
    assert not read_forgotten(tmp_path, SECRET).holds(ONE)
    assert list(tmp_path.iterdir()) == []


def test_who_is_on_the_list_is_known_however_the_id_is_written(tmp_path: Path) -> None:
    assert forget(tmp_path, ONE, as_set(SECRET))
    assert not forget(tmp_path, ONE, as_set(SECRET))
    found = read_forgotten(tmp_path, SECRET)
    assert found.holds(ONE)
    assert found.holds(f" {ONE.upper()} ")
    assert not found.holds(OTHER)
    assert len(found) == 1


def test_the_file_holds_neither_the_id_nor_the_secret_and_is_its_owners(tmp_path: Path) -> None:
    forget(tmp_path, ONE, as_set(SECRET))
    written = (tmp_path / FILE).read_text()
    assert ONE not in written
    assert SECRET.decode() not in written + repr(read_forgotten(tmp_path, SECRET))
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_without_its_secret_the_list_cannot_be_asked_and_nobody_is_let_in(tmp_path: Path) -> None:
    forget(tmp_path, ONE, as_set(SECRET))
    with pytest.raises(ForgottenError, match="another secret"):
        read_forgotten(tmp_path, NEW)
    with pytest.raises(ForgottenError, match="another secret"):
        forget(tmp_path, OTHER, as_set(NEW))


@pytest.mark.parametrize(
    "damaged", ["{", "[3]", '[{"proof": "x"}]', '[{"proof": "x", "locks": 3, "people": {}}]', "{}x"]
)
def test_a_damaged_list_lets_nobody_in(tmp_path: Path, damaged: str) -> None:
    (tmp_path / FILE).write_text(damaged)
    with pytest.raises(ForgottenError, match="damaged"):
        read_forgotten(tmp_path, SECRET)


def test_a_new_secret_takes_the_list_along(tmp_path: Path) -> None:
    forget(tmp_path, ONE, as_set(SECRET))
    with changing_secret(tmp_path, SECRET, NEW):
        # Killed here, either of the two may be the one that is set.
        assert read_forgotten(tmp_path, SECRET).holds(ONE)
        assert read_forgotten(tmp_path, NEW).holds(ONE)
    assert read_forgotten(tmp_path, NEW).holds(ONE)
    with pytest.raises(ForgottenError):
        read_forgotten(tmp_path, SECRET)


def test_a_list_of_before_a_new_secret_is_known_again(tmp_path: Path) -> None:
    forget(tmp_path, ONE, as_set(SECRET))
    of_a_backup = stored_list(tmp_path)
    with changing_secret(tmp_path, SECRET, NEW):
        pass
    take_over(tmp_path, of_a_backup, NEW)
    assert read_forgotten(tmp_path, NEW).holds(ONE)


def test_nobody_begins_a_list_with_the_old_secret_while_it_is_changed(tmp_path: Path) -> None:
    current = [SECRET]
    forgetting = Thread(target=forget, args=(tmp_path, ONE, lambda: current[0]))
    with changing_secret(tmp_path, SECRET, NEW):
        forgetting.start()
        forgetting.join(0.5)
        assert forgetting.is_alive()
        current[0] = NEW
    forgetting.join(10)
    assert read_forgotten(tmp_path, NEW).holds(ONE)


def test_a_secret_that_could_not_be_put_in_place_leaves_the_old_one_good(tmp_path: Path) -> None:
    forget(tmp_path, ONE, as_set(SECRET))
    with pytest.raises(RuntimeError), changing_secret(tmp_path, SECRET, NEW):
        raise RuntimeError
    assert read_forgotten(tmp_path, SECRET).holds(ONE)
    with changing_secret(tmp_path, SECRET, NEW):
        pass
    assert read_forgotten(tmp_path, NEW).holds(ONE)


def test_another_list_is_taken_over_and_each_person_once(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, people in ((here, [ONE]), (there, [OTHER])):
        folder.mkdir()
        for person in people:
            forget(folder, person, as_set(SECRET))
    take_over(here, stored_list(there), SECRET)
    take_over(here, stored_list(there), SECRET)
    found = read_forgotten(here, SECRET)
    assert (found.holds(ONE), found.holds(OTHER), len(found)) == (True, True, 2)
    assert len(json.loads((here / FILE).read_text())) == 2


def test_a_list_that_grew_elsewhere_is_one_list_still(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    forget(here, ONE, as_set(SECRET))
    take_over(there, stored_list(here), SECRET)
    forget(there, OTHER, as_set(SECRET))
    take_over(here, stored_list(there), SECRET)
    assert read_forgotten(here, SECRET).holds(OTHER)
    assert len(json.loads((here / FILE).read_text())) == 1


def test_a_list_of_another_secret_is_not_taken_over(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, secret in ((here, SECRET), (there, NEW)):
        folder.mkdir()
        forget(folder, ONE, as_set(secret))
    before = stored_list(here)
    with pytest.raises(ForgottenError):
        take_over(here, stored_list(there), SECRET)
    assert stored_list(here) == before
