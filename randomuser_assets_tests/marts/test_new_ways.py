"""A release that makes rows in another way makes all of them anew, without being asked to."""

import shutil
from pathlib import Path
from random import Random

import pytest

from randomuser_assets.model.marts import MARTS
from randomuser_assets_tests.marts.building import PROJECT, Dbt
from randomuser_assets_tests.marts.lives import day_number, drawn_day, somebody
from randomuser_assets_tests.marts.warehouse import Warehouse


@pytest.mark.long
@pytest.mark.parametrize(
    ("macro", "was", "becomes"),
    [
        ("keys.sql", "md5(", "md5('another' || "),
        ("ages.sql", "year({{ day }}) -", "1 + year({{ day }}) -"),
    ],
    ids=["keys", "ages"],
)
def test_another_way_to_make_keys_or_ages_is_another_way_for_all_rows(
    warehouse: Warehouse, tmp_path: Path, macro: str, was: str, becomes: str
) -> None:
    random = Random(3)  # noqa: S311  draws tests
    persons = [somebody(random) for _ in range(20)]
    warehouse.load({day_number(number): drawn_day(random, persons) for number in range(3)})
    warehouse.build()

    project = shutil.copytree(
        PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("target")
    )
    path = project / "macros" / macro
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes, 1), encoding="utf-8")
    with Dbt(tmp_path, project) as another:
        another.build(warehouse.folder)
        found = {t.name: warehouse.rows(f"FROM marts.{t.name} ORDER BY ALL") for t in MARTS}
        another.build(warehouse.folder, "run", "--full-refresh")
    for name, rows in found.items():
        assert rows == warehouse.rows(f"FROM marts.{name} ORDER BY ALL"), name
