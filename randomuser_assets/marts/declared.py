"""What dbt is told of the tables: sources, columns, descriptions and tests, from the declarations.

No model is described in dbt by hand: its file says how it is made, and here is what it is.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from randomuser_assets.marts.expected import tests_of_column, tests_of_table
from randomuser_assets.model import Model, Table, Taken
from randomuser_assets.model.marts import DIM_LOCATION, DIM_USER, MARTS, OLDEST_GROUP

_WRITTEN = "written by `make erd` from model/marts.py and model/tables.py"


def declared_models(model: Model) -> str:
    """Give models/declared.yml."""
    schemas = dict.fromkeys(table.schema for table in model.core)
    told = {
        "version": 2,
        "sources": [
            {
                "name": schema,
                "schema": schema,
                "tables": [_source(table) for table in model.core if table.schema == schema],
            }
            for schema in schemas
        ],
        "models": [_model(table) for table in MARTS],
    }
    dumped: str = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)
    return f"# {_WRITTEN}\n{dumped}"


def declared_macros() -> str:
    """Give macros/declared.sql: the names that models go through instead of writing them."""
    return "\n".join(
        (
            f"{{# {_WRITTEN} #}}",
            _macro("attributes_of_dim_user", _taken_by_versions()),
            _macro("columns_of_places", list(_places())),
            _macro("oldest_group", OLDEST_GROUP),
        )
    )


def _macro(name: str, value: object) -> str:
    return f"{{% macro {name}() %}}{{{{ return({value!r}) }}}}{{% endmacro %}}\n"


def _taken_by_versions() -> dict[str, dict[str, str]]:
    """Give the columns whose change begins a version, by their tables, under the mart's names."""
    found: dict[str, dict[str, str]] = {}
    for column in DIM_USER.columns:
        if isinstance(column.origin, Taken) and column.name != "user_id":
            found.setdefault(column.origin.table, {})[column.origin.column] = column.name
    return found


def _places() -> Iterator[str]:
    for column in DIM_LOCATION.columns:
        if isinstance(column.origin, Taken):
            yield column.origin.column


def _source(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": table.description,
        "columns": [
            {"name": c.name, "description": c.description, "data_type": c.type.sql}
            for c in table.columns
        ],
    }


def _model(table: Table) -> dict[str, Any]:
    told: dict[str, Any] = {"name": table.name, "description": table.description}
    if tests := list(tests_of_table(table)):
        told["data_tests"] = tests
    told["columns"] = [
        {
            "name": column.name,
            "description": column.description,
            "data_type": column.type.sql,
            **({"data_tests": tests} if (tests := list(tests_of_column(table, column))) else {}),
        }
        for column in table.columns
    ]
    return told
