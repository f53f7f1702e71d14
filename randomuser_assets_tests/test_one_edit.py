"""One line in one file adds a column: to the table, its checks, its metadata and the diagram.

The line is written into a copy of the package, which a process of its own then runs.
"""

import filecmp
import io
import json
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pypdf import PdfReader

import randomuser_assets
from randomuser_assets.model import MODEL
from randomuser_assets_tests.graph.command_line import Shell
from randomuser_assets_tests.graph.contract_api import Asked, contract_api
from randomuser_assets_tests.graph.trapped_people import TrappedPeople, written

pytestmark = pytest.mark.long

PACKAGE = Path(str(randomuser_assets.__file__)).parent
BEFORE = '        leaf(\n            "nat",\n'
LINE = '        leaf("loyalty.level", INTEGER, PLAIN, "Level of loyalty, from 0."),\n'
NEW, DAY = "loyalty_level", "2026-01-05"

RUN = """
    import json, sys
    from datetime import date
    from pathlib import Path
    from dagster import AssetKey, DagsterInstance
    from dagster._core.definitions.metadata.metadata_set import TableMetadataSet
    import randomuser_assets
    from randomuser_assets.build import build_definitions
    from randomuser_assets.document.erd import draw
    from randomuser_assets.document.pages import core_page
    from randomuser_assets.model import MODEL
    from randomuser_assets.settings import Settings

    source, folder, day = sys.argv[1:]
    settings = Settings(
        source=source, data_dir=Path(folder), pii_key="key", users_per_day=5,
        rejected_warn=0.5, rejected_error=1,
    )
    definitions = build_definitions(settings)
    result = definitions.resolve_job_def("extract_load").execute_in_process(
        partition_key=day,
        instance=DagsterInstance.ephemeral(),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    node = definitions.resolve_asset_graph().get(AssetKey("flattened_users"))
    told = TableMetadataSet.extract(node.metadata)
    Path(folder, "erd.pdf").write_bytes(draw([core_page(MODEL)]))
    found = {
        "package": randomuser_assets.__file__,
        "success": result.success,
        "columns": {
            column.name: [column.type, column.description, column.constraints.nullable]
            for column in told.column_schema.columns
        },
        "lineage": [
            dep.column_name for dep in told.column_lineage.deps_by_column["loyalty_level"]
        ],
        "checks": {
            f"{each.asset_key.to_user_string()}.{each.check_name}": [
                each.passed, {name: value.value for name, value in each.metadata.items()}
            ]
            for each in result.get_asset_check_evaluations()
        },
    }
    Path(folder, "found.json").write_text(json.dumps(found))
"""


class People(TrappedPeople):
    """People with one leaf more, which the last one has wrong and the one before has not."""

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        records = [self.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
        for level, record in enumerate(records[:-2]):
            record["loyalty"] = {"level": level}
        records[-1]["loyalty"] = {"level": "high"}
        return [written(record, at) for at, record in enumerate(records)]


@dataclass(frozen=True)
class Edited:
    """What a run of the edited package left and said."""

    package: Path
    folder: Path
    found: dict[str, Any]


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Edited:
    copy = tmp_path_factory.mktemp("copy") / PACKAGE.name
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    tables = copy / "model" / "tables.py"
    text = tables.read_text("utf-8")
    assert text.count(BEFORE) == 1
    tables.write_text(text.replace(BEFORE, LINE + BEFORE), encoding="utf-8")
    with contract_api(People(today=date(2026, 1, 5))) as api:
        ended = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(RUN), api.base_url, str(folder), DAY],
            cwd=folder,
            env=Shell(folder).environment
            | {"PYTHONPATH": str(copy.parent), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    return Edited(copy, folder, json.loads((folder / "found.json").read_text("utf-8")))


def stored(edited: Edited, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(edited.folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_only_one_line_of_one_file_was_changed(edited: Edited) -> None:
    paths = [
        path.relative_to(edited.package) for path in edited.package.rglob("*") if path.is_file()
    ]
    _, changed, missing = filecmp.cmpfiles(PACKAGE, edited.package, paths, shallow=False)
    assert ([Path(name) for name in changed], missing) == ([Path("model/tables.py")], [])
    before = (PACKAGE / changed[0]).read_text("utf-8").splitlines(keepends=True)
    after = (edited.package / changed[0]).read_text("utf-8").splitlines(keepends=True)
    after.remove(LINE)
    assert after == before


def test_the_run_was_one_of_the_edited_package(edited: Edited) -> None:
    assert Path(edited.found["package"]).parent == edited.package
    assert edited.found["success"]


def test_the_column_is_in_the_stored_table_with_its_type_and_meaning(edited: Edited) -> None:
    columns = stored(
        edited,
        "SELECT data_type, is_nullable, comment FROM duckdb_columns() "
        f"WHERE table_name = 'flattened_users' AND column_name = '{NEW}'",
    )
    assert columns == [("INTEGER", False, "Level of loyalty, from 0.")]


def test_the_column_has_the_values_of_the_records(edited: Edited) -> None:
    query = f"SELECT position, {NEW} FROM staging.flattened_users ORDER BY position"
    assert stored(edited, query) == [(1, 0), (2, 1), (3, 2)]


def test_records_without_a_readable_value_are_rejected_with_the_reason(edited: Edited) -> None:
    query = "SELECT position, reasons FROM staging.rejected_users ORDER BY position"
    assert stored(edited, query) == [
        (4, [f"{NEW}: is missing or null"]),
        (5, [f"{NEW}: 'high' is not a whole number"]),
    ]


def test_the_checks_know_the_column(edited: Edited) -> None:
    checks = edited.found["checks"]
    failed = {name for name, (passed, _) in checks.items() if not passed}
    assert failed == {"raw_users.no_key_vanished", "raw_users.no_json_type_changed"}
    assert checks["raw_users.no_key_vanished"][1]["loyalty"] == "missing in 1 record"
    assert "loyalty.level" in checks["raw_users.no_json_type_changed"][1]
    assert checks["flattened_users.columns_are_as_declared"][0]
    assert checks["flattened_users.required_values_are_there"][1][NEW] == 0


def test_dagster_is_told_of_the_column(edited: Edited) -> None:
    columns = edited.found["columns"]
    assert columns.pop(NEW) == ["INTEGER", "Level of loyalty, from 0.", False]
    assert set(columns) == set(MODEL.flattened.column_names)
    assert edited.found["lineage"] == ["payload"]


def test_the_diagram_shows_the_column(edited: Edited) -> None:
    reader = PdfReader(io.BytesIO((edited.folder / "erd.pdf").read_bytes()))
    assert NEW in "\n".join(page.extract_text() for page in reader.pages)


def test_without_the_line_nothing_knows_the_column() -> None:
    assert NEW not in MODEL.flattened.column_names
