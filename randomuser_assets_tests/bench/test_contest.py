"""Contestants make the same, and who makes something else ends the comparison."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest
from bench.compare import Contents, DiffersError, check_same, contents
from bench.contest import contest, run
from bench.contestants import (
    LIMIT,
    LIMIT_HASHED,
    OURS,
    PANDAS,
    POLARS,
    POLARS_DUCKDB,
    POLARS_PYTHON,
    UNCHECKED,
    Contestant,
    home_in,
)
from bench.measure import FailedError, Measured
from bench.responses import responses
from bench.stages import STAGES, stages

PEOPLE, PAGE = 100, 50
HERE = (OURS, UNCHECKED, POLARS, POLARS_DUCKDB, POLARS_PYTHON, PANDAS, LIMIT, LIMIT_HASHED)
"""All whose packages are installed here; dlt has an environment of its own."""

Tampering = Callable[[Path], None]


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Measured]]:
    """Let everybody make tables of the same responses."""
    folder = tmp_path_factory.mktemp("contest")
    deliveries = responses(folder, PEOPLE, PAGE)
    return folder, {each.name: run(each, deliveries, folder / each.name) for each in HERE}


@pytest.fixture(scope="module")
def made(taken: tuple[Path, dict[str, Measured]]) -> Path:
    """Give the folder of what everybody has made."""
    return taken[0]


@pytest.fixture(scope="module")
def reference(made: Path) -> Contents:
    return contents(OURS, made / OURS.name)


@pytest.mark.parametrize("contestant", HERE, ids=lambda each: each.name)
def test_all_make_the_same(contestant: Contestant, made: Path, reference: Contents) -> None:
    found = contents(contestant, made / contestant.name)
    check_same(reference, found)
    assert found.of["users"]["rows"] == found.of["users.csv"]["rows"] == PEOPLE


def in_database(statement: str) -> Tampering:
    def tamper(out: Path) -> None:
        with duckdb.connect(str(out / "people.duckdb")) as connection:
            connection.execute(statement)

    return tamper


def in_a_field(number: int) -> Tampering:
    def tamper(out: Path) -> None:
        file = out / "logins.csv"
        header, line, *lines = file.read_text(encoding="utf-8").splitlines()
        fields = line.split(",")
        fields[number] += "x"
        text = "\n".join([header, ",".join(fields), *lines, ""])
        file.write_text(text, encoding="utf-8")

    return tamper


def in_parquet(out: Path) -> None:
    file = out / "pictures.parquet"
    pl.read_parquet(file).with_columns(large_url=pl.col("medium_url")).write_parquet(file)


def without_a_line(out: Path) -> None:
    file = out / "locations.csv"
    file.write_text(file.read_text(encoding="utf-8").rpartition("\n2026")[0], encoding="utf-8")


@pytest.mark.parametrize(
    ("contestant", "tamper", "told"),
    [
        (PANDAS, in_database("DELETE FROM users WHERE user_id = (SELECT min(user_id) FROM users)"),
         r"pandas: users has 99 rows, and 100 of this project\."),
        (PANDAS, in_database("UPDATE logins SET password_hmac = lower(username)"),
         "pandas: logins has other values in password_hmac than"),
        (LIMIT, in_database("UPDATE locations SET latitude = latitude + 0.0001"),
         "the limit: locations has other values in latitude than"),
        (LIMIT_HASHED, in_database("DELETE FROM flattened_users WHERE nat = 'FR'"),
         "the limit, hashed: flattened_users has [0-9]+ rows, and 100 of"),
        (POLARS, in_parquet, "Polars: pictures has other values in large_url than"),
        (POLARS, in_a_field(2), r"Polars: logins\.csv has other values in username than"),
        (POLARS, in_a_field(1), r"Polars: logins\.csv cannot be read as it is declared: Conv"),
        (PANDAS, in_database("DROP TABLE pictures"), "pandas: pictures cannot be read"),
        (POLARS, without_a_line, r"Polars: locations\.csv has 99 rows, and 100 of"),
    ],
)  # fmt: skip
def test_who_makes_something_else_is_told(
    contestant: Contestant,
    tamper: Tampering,
    told: str,
    made: Path,
    reference: Contents,
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    shutil.copytree(made / contestant.name, out)
    tamper(out)
    with pytest.raises(DiffersError, match=told):
        check_same(reference, contents(contestant, out))


def test_the_clear_text_of_the_limit_is_not_compared(made: Path) -> None:
    found = contents(LIMIT, made / LIMIT.name)
    assert "password_hmac" not in found.of["logins"]
    assert "value_hmac" not in found.of["identity_documents"]


def test_a_contest_measures_everybody_in_every_round_and_leaves_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    found = contest([LIMIT_HASHED, POLARS], PEOPLE, 2, tmp_path, told.append, PAGE)
    assert [len(found["taken"][each.name]) for each in (LIMIT_HASHED, POLARS)] == [2, 2]
    assert len(told) == 4
    assert [each.suffix for each in (tmp_path / "out").iterdir()] == [".log", ".log"]


def test_every_stage_is_found_by_the_names_of_its_steps(
    taken: tuple[Path, dict[str, Measured]],
) -> None:
    folder, measured = taken
    for contestant in (OURS, UNCHECKED):
        found = stages(home_in(folder / contestant.name / "data"), measured[contestant.name])
        assert set(found) == set(STAGES)
        assert [name for name in STAGES if not found[name]] == (
            ["check"] if contestant == UNCHECKED else []
        )


def test_a_contest_ends_with_the_first_who_makes_something_else(tmp_path: Path) -> None:
    def forgetful(folder: Path, out: Path) -> list[str]:
        (page,) = folder.glob("*00002.json")
        page.unlink()
        return POLARS.command(folder, out)

    told: list[str] = []
    contestants = [LIMIT_HASHED, replace(POLARS, command=forgetful), PANDAS]
    with pytest.raises(DiffersError, match="Polars: flattened_users has 50 rows, and 100 of"):
        contest(contestants, PEOPLE, 1, tmp_path, told.append, PAGE)
    assert len(told) == 1


def test_who_fails_is_quoted(tmp_path: Path) -> None:
    failing = replace(POLARS, command=lambda _, __: [POLARS.command(Path(), Path())[0], "-c", "x"])
    with pytest.raises(FailedError, match=r"ended with 1:[^$]*NameError"):
        contest([failing], PEOPLE, 1, tmp_path, print, PAGE)
