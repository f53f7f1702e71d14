"""For each check a way to spoil stored data that it must notice.

A tampering of one table leaves all other checks of that table right, but for those it names.
"""

from dataclasses import dataclass

from randomuser_assets.model import MODEL, Table

CheckName = tuple[str, str]
"""A table's name and the name of one of its checks."""

AS_DECLARED = "columns_are_as_declared"
REQUIRED = "required_values_are_there"


@dataclass(frozen=True)
class Tampering:
    """Statements that a check must notice; `also` are checks that cannot help noticing them."""

    statements: tuple[str, ...]
    also: frozenset[CheckName] = frozenset()


def place(table: Table) -> str:
    """Name a table in the warehouse."""
    return f"{table.schema}.{table.name}"


def _own(table: Table) -> dict[CheckName, Tampering]:
    """Give the tamperings for the checks that every table has."""
    # In flattened_users as another person: that a person repeats has a check of its own.
    another = "* REPLACE (gen_random_uuid() AS login_uuid)" if table == MODEL.flattened else "*"
    nullable = (
        f"ALTER TABLE {place(table)} ALTER COLUMN {column.name} DROP NOT NULL"
        for column in table.columns
        if column.required
    )
    return {
        (table.name, "key_is_unique"): Tampering(
            (f"INSERT INTO {place(table)} SELECT {another} FROM {place(table)} LIMIT 1",)
        ),
        (table.name, "column_names_are_clean"): Tampering(
            (f'ALTER TABLE {place(table)} ADD COLUMN "bad name" VARCHAR',),
            # A badly named column is not declared either: the model refuses such names.
            also=frozenset({(table.name, AS_DECLARED)}),
        ),
        (table.name, AS_DECLARED): Tampering(
            (f"ALTER TABLE {place(table)} ADD COLUMN nobody_knows VARCHAR",)
        ),
        (table.name, REQUIRED): Tampering(
            (
                *nullable,
                f"INSERT INTO {place(table)} ({table.columns[0].name}) VALUES (NULL)",
            )
        ),
    }


def _stranger(table: str) -> Tampering:
    """Add a row of a person whom users does not have."""
    row = f"SELECT * REPLACE (gen_random_uuid() AS user_id) FROM core.{table} LIMIT 1"
    return Tampering((f"INSERT INTO core.{table} {row}",))


def _parent_gone(child: str, column: str, parent: str, key: str) -> Tampering:
    """Remove a row that rows of another table refer to."""
    referred_to = f"SELECT min({column}) FROM core.{child}"
    return Tampering((f"DELETE FROM core.{parent} WHERE {key} = ({referred_to})",))


_ELSEWHERE = "SELECT * REPLACE (999 AS position) FROM staging.flattened_users LIMIT 1"

TAMPERINGS: dict[CheckName, Tampering] = {
    **{name: found for table in MODEL for name, found in _own(table).items()},
    ("flattened_users", "login_uuid_does_not_repeat"): Tampering(
        (f"INSERT INTO staging.flattened_users {_ELSEWHERE}",)
    ),
    ("users", "nationality_is_in_countries"): _parent_gone(
        "users", "nationality", "countries", "country_code"
    ),
    ("users", "picture_id_is_in_pictures"): _parent_gone(
        "users", "picture_id", "pictures", "picture_id"
    ),
    ("logins", "user_id_is_in_users"): _stranger("logins"),
    ("locations", "user_id_is_in_users"): _stranger("locations"),
    ("locations", "timezone_offset_is_in_timezones"): _parent_gone(
        "locations", "timezone_offset", "timezones", "timezone_offset"
    ),
    ("identity_documents", "user_id_is_in_users"): _stranger("identity_documents"),
}

OWN = (AS_DECLARED, "column_names_are_clean", "key_is_unique", REQUIRED)
"""The checks that every table has."""

BATCHES = len(OWN) + 2
_TABLES = [table.name for table in MODEL]


def batch_of(check: CheckName) -> int:
    """Put each check into a batch.

    The first batches hold one of the own checks of each table, of each another. What crosses
    tables comes apart, in two more: it is not asked of a table that is wrong by itself.
    """
    table, name = check
    if name in OWN:
        return (OWN.index(name) + _TABLES.index(table)) % len(OWN)
    others = [other for other in TAMPERINGS if other[1] not in OWN]
    return len(OWN) + others.index(check) % 2
