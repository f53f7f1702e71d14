"""For each check a way to spoil stored data that it must notice.

A tampering leaves all checks right but its own and those it names.
"""

from dataclasses import dataclass

from randomuser_assets.model import MODEL, Table
from randomuser_assets_tests.graph.spoiling import (
    FIRST,
    LAST,
    LONG_BEFORE,
    SECOND,
    asked_for_more,
    drift,
    fetched_twice,
    gone,
    made_nothing_of,
    more_rejected,
    of_one,
    on,
    one_instead_of_another,
    place,
    pointing_to,
    repeated,
    stranger_instead,
    stranger_more,
)

CheckName = tuple[str, str]
"""A table's name and the name of one of its checks."""

AS_DECLARED = "columns_are_as_declared"
CLEAN = "column_names_are_clean"
REQUIRED = "required_values_are_there"
UNIQUE = "key_is_unique"
LOST = "nothing_is_lost"
LASTING = "lasting_values_stay"
ACCEPTED = "values_are_accepted"
ASKED_AND_CAME = ("raw_users", "as_many_came_as_were_asked_for")
REPEATS = ("flattened_users", "login_uuid_does_not_repeat")

OWN = (AS_DECLARED, CLEAN, UNIQUE, REQUIRED)
"""The checks that every table has."""

MAY_GO_MISSING = {
    "raw_users": "seed",
    "flattened_users": "gender",
    "rejected_users": "seed",
    "users": "title",
    "logins": "username",
    "locations": "city",
    "identity_documents": "document_name",
    "pictures": "large_url",
    "timezones": "description",
    "countries": "country_name",
}
"""A required column of each table of which nothing else is made."""


@dataclass(frozen=True)
class Tampering:
    """Statements that a check must notice; `also` are checks that cannot help noticing them."""

    statements: tuple[str, ...]
    also: frozenset[CheckName] = frozenset()


def by(*statements: str, also: CheckName | tuple[CheckName, ...] = ()) -> Tampering:
    several = [each for each in also if isinstance(each, tuple)]
    return Tampering(statements, frozenset(several or ([also] if also else [])))  # type: ignore[list-item]


def _own(table: Table) -> dict[CheckName, Tampering]:
    """Give the tamperings for the checks that every table has."""
    name, stored = table.name, place(table)
    # In flattened_users as another person: that a person repeats has a check of its own.
    another = "REPLACE (gen_random_uuid() AS login_uuid)" if table == MODEL.flattened else ""
    # In raw_users as if it had been asked for: how many came has a check of its own.
    asked = [asked_for_more(1, FIRST)] if table == MODEL.raw else []
    column = MAY_GO_MISSING[name]
    return {
        (name, UNIQUE): by(repeated(stored, another), *asked),
        # A badly named column is not declared either: the model refuses such names.
        (name, CLEAN): by(
            f'ALTER TABLE {stored} ADD COLUMN "bad name" VARCHAR', also=(name, AS_DECLARED)
        ),
        (name, AS_DECLARED): by(f"ALTER TABLE {stored} ADD COLUMN nobody_knows VARCHAR"),
        (name, REQUIRED): by(
            f"ALTER TABLE {stored} ALTER COLUMN {column} DROP NOT NULL",
            f"UPDATE {stored} SET {column} = NULL",
        ),
    }


OF_THE_FETCH: dict[CheckName, Tampering] = {
    ASKED_AND_CAME: by(asked_for_more(-1, SECOND)),
}

OTHERS: dict[CheckName, Tampering] = {
    REPEATS: by(*fetched_twice(1, FIRST)),
    ("users", ACCEPTED): by("UPDATE core.users SET gender = 'other'"),
    ("locations", ACCEPTED): by("UPDATE core.locations SET latitude = 90.0001"),
    ("pictures", ACCEPTED): by("UPDATE core.pictures SET thumbnail_url = 'nowhere'"),
    # A key that is not accepted stands in what refers to it, too.
    ("timezones", ACCEPTED): by(
        "UPDATE core.timezones SET timezone_offset = '5' WHERE timezone_offset = '0:00'",
        "UPDATE core.locations SET timezone_offset = '5' WHERE timezone_offset = '0:00'",
        also=(("locations", ACCEPTED), ("timezones", LOST)),
    ),
    ("countries", ACCEPTED): by(
        "UPDATE core.countries SET country_code = 'xx' WHERE country_code = 'BR'",
        "UPDATE core.users SET nationality = 'xx' WHERE nationality = 'BR'",
        also=(("users", ACCEPTED), ("countries", LOST)),
    ),
    ("users", LASTING): by(of_one("UPDATE core.users SET born_at = '1960-01-01'", "core.users")),
    ("pictures", LASTING): by(
        f"UPDATE core.pictures SET medium_url = 'https://x' WHERE {on(LAST)}"
    ),
    ("timezones", LASTING): by(f"UPDATE core.timezones SET description = '?' WHERE {on(LAST)}"),
    ("countries", LASTING): by(f"UPDATE core.countries SET country_name = '?' WHERE {on(LAST)}"),
    ("raw_users", "volume_is_usual"): by(*more_rejected(LAST, LAST), asked_for_more(12, LAST)),
    ("raw_users", "no_key_appeared"): by(drift("appeared")),
    ("raw_users", "no_key_vanished"): by(drift("vanished")),
    ("raw_users", "no_key_was_renamed"): by(drift("renamed")),
    ("raw_users", "no_json_type_changed"): by(drift("retyped")),
    ("rejected_users", "each_has_a_reason"): by("UPDATE staging.rejected_users SET reasons = []"),
    ("rejected_users", "few_records_are_rejected"): by(
        *more_rejected(LONG_BEFORE, FIRST),
        f"INSERT INTO quality.requests VALUES ('{LONG_BEFORE}', 'any', 1, 12, NULL)",
    ),
    ("rejected_users", "raw_is_flattened_plus_rejected"): by(
        repeated("staging.rejected_users", "REPLACE (998 AS position)")
    ),
    # Who is nowhere is missing in each table that has a row for every person; the fourth person
    # has no document. One who is missing in only some of them is missed by the others, too.
    ("users", LOST): Tampering(
        made_nothing_of(4, FIRST), also=frozenset({("logins", LOST), ("locations", LOST)})
    ),
    ("logins", LOST): by(gone("core.logins"), also=("users", "user_id_is_in_logins")),
    ("locations", LOST): by(gone("core.locations"), also=("users", "user_id_is_in_locations")),
    ("identity_documents", LOST): by(gone("core.identity_documents")),
    ("pictures", LOST): by(one_instead_of_another("staging.flattened_users", "picture_large")),
    ("timezones", LOST): by(
        one_instead_of_another("staging.flattened_users", "location_timezone_offset")
    ),
    ("countries", LOST): by(one_instead_of_another("staging.flattened_users", "nat")),
    ("users", "nationality_is_in_countries"): by(pointing_to("TR", "core.users", "nationality")),
    ("users", "picture_id_is_in_pictures"): by(pointing_to("men/999", "core.users", "picture_id")),
    # Of one row to one row, either both ends are unmet or one of them has too few or too many.
    ("logins", "user_id_is_in_users"): by(stranger_more("core.logins"), also=("logins", LOST)),
    ("users", "user_id_is_in_logins"): by(
        stranger_instead("core.logins"), also=("logins", "user_id_is_in_users")
    ),
    ("users", "user_id_is_in_locations"): by(
        stranger_instead("core.locations"), also=("locations", "user_id_is_in_users")
    ),
    ("locations", "user_id_is_in_users"): by(
        stranger_more("core.locations"), also=("locations", LOST)
    ),
    ("identity_documents", "user_id_is_in_users"): by(
        stranger_instead("core.identity_documents"), also=("identity_documents", LOST)
    ),
    ("locations", "timezone_offset_is_in_timezones"): by(
        pointing_to("+13:00", "core.locations", "timezone_offset")
    ),
    ("pictures", "picture_id_is_in_users"): by(one_instead_of_another("core.users", "picture_id")),
    ("timezones", "timezone_offset_is_in_locations"): by(
        one_instead_of_another("core.locations", "timezone_offset")
    ),
    ("countries", "country_code_is_in_users"): by(
        one_instead_of_another("core.users", "nationality")
    ),
}

TAMPERINGS: dict[CheckName, Tampering] = {
    **{name: found for table in MODEL for name, found in _own(table).items()},
    **OF_THE_FETCH,
    **OTHERS,
}

BATCHES = len(OWN) + 3
_TABLES = [table.name for table in MODEL]


def batch_of(check: CheckName) -> int:
    """Put each check into a batch.

    The first batches hold one of the own checks of each table, of each another. As flattened_users
    is wrong by itself in each of them, what crosses tables is not asked there: those come later,
    with what else is not of every table, so that neighbours are in different batches.
    """
    table, name = check
    if name in OWN:
        return (OWN.index(name) + _TABLES.index(table)) % len(OWN)
    if check == ASKED_AND_CAME:  # it would block what crosses tables; not beside a repeated record
        return OWN.index(REQUIRED)
    return len(OWN) + list(OTHERS).index(check) % (BATCHES - len(OWN))
