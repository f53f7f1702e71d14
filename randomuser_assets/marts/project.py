"""What the project's own files say, without asking dbt, which takes seconds to start.

Which tables a model or a test reads stands in its file and nowhere else; the tests compare this
with what dbt makes of it.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from randomuser_assets.marts.expected import kinds_of_tests
from randomuser_assets.model import Table
from randomuser_assets.model.marts import MARTS

FOLDER = Path(__file__).parent

UNIT_TESTS = "unit_tests"
"""Stands for all tests of how a model is made, of given rows and expected ones."""

_READ = re.compile(r"""\b(?:ref|source)\(\s*(?:["']\w+["']\s*,\s*)?["'](\w+)["']\s*\)""")
_UNIT_TESTED = re.compile(r"^\s*(?:- )?model: (\w+)\s*$", re.MULTILINE)


def tables_read_by(model: Table) -> list[str]:
    """Give the names of the tables that a model is made of."""
    return list(dict.fromkeys(_READ.findall(_text("models", f"{model.name}.sql"))))


def tests_of(model: Table) -> Iterator[str]:
    """Give the names of what is tested of a model: kinds of tests, and tests with files."""
    yield from kinds_of_tests(model)
    yield from (name for name, tested in tests_with_files().items() if tested == model.name)
    if model.name in _unit_tested():
        yield UNIT_TESTS


def told_by(test: str) -> str:
    """Give the sentence with which a test's file begins."""
    lines = _text("tests", f"{test}.sql").splitlines()
    said = (line.removeprefix("--").strip() for line in lines if line.startswith("--"))
    return " ".join(said)


def version_of(model: Table) -> str:
    """Give a version that changes with how the model, or any macro, is written."""
    files = [FOLDER / "models" / f"{model.name}.sql", *sorted((FOLDER / "macros").glob("*.sql"))]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def tests_with_files() -> dict[str, str]:
    """Give the models that tests with a file are about: of those they read, the first one."""
    marts = {table.name for table in MARTS}
    return {
        file.stem: next(
            name for name in _READ.findall(file.read_text(encoding="utf-8")) if name in marts
        )
        for file in sorted((FOLDER / "tests").glob("*.sql"))
    }


@cache
def _unit_tested() -> frozenset[str]:
    file = FOLDER / "models" / "unit_tests.yml"
    return frozenset(_UNIT_TESTED.findall(file.read_text("utf-8")) if file.exists() else ())


def _text(*place: str) -> str:
    return FOLDER.joinpath(*place).read_text(encoding="utf-8")
