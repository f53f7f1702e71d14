"""The declared tables are those of the public contract, which is written out here.

Here belong names, keys, the order of columns, types and classes. Not here: what makes any
declaration wrong (`test_declaration`).
"""

from randomuser_assets.model import MODEL, Copied, Extracted, Leaf, Privacy
from randomuser_assets.model.quality import QUALITY
from randomuser_assets.model.types import (
    BOOLEAN,
    DATE,
    DEGREES,
    INSTANT,
    INTEGER,
    LONG_TEXT,
    TEXT,
    TEXTS,
    UUID,
)
from randomuser_assets.model.values import Between, Matches, NotBefore, NotInTheFuture, OneOf

PLACE = "snapshot_date seed page position"
LEAVES = """
    gender name_title name_first name_last location_street_number location_street_name
    location_city location_state location_country location_postcode
    location_coordinates_latitude location_coordinates_longitude location_timezone_offset
    location_timezone_description email login_uuid login_username login_password_hmac dob_date
    dob_age registered_date registered_age phone cell id_name id_value_hmac picture_large
    picture_medium picture_thumbnail nat"""
WIRE = """
    gender name.title name.first name.last location.street.number location.street.name
    location.city location.state location.country location.postcode
    location.coordinates.latitude location.coordinates.longitude location.timezone.offset
    location.timezone.description email login.uuid login.username login.password login.salt
    login.md5 login.sha1 login.sha256 dob.date dob.age registered.date registered.age phone cell
    id.name id.value picture.large picture.medium picture.thumbnail nat"""
IN_PAGE = "snapshot_date page position"
CONTRACT = [
    ("raw.raw_users", IN_PAGE, f"{PLACE} fetched_at payload"),
    ("staging.flattened_users", IN_PAGE, f"{PLACE} {LEAVES}"),
    ("staging.rejected_users", IN_PAGE, f"{PLACE} reasons payload"),
    (
        "core.users",
        "snapshot_date user_id",
        """snapshot_date user_id gender title first_name last_name email phone cell born_at
        registered_at nationality picture_id""",
    ),
    ("core.logins", "snapshot_date user_id", "snapshot_date user_id username password_hmac"),
    (
        "core.locations",
        "snapshot_date user_id",
        """snapshot_date user_id street_number street_name city state postcode latitude longitude
        timezone_offset""",
    ),
    (
        "core.identity_documents",
        "snapshot_date user_id",
        "snapshot_date user_id document_name value_hmac",
    ),
    (
        "core.pictures",
        "snapshot_date picture_id",
        "snapshot_date picture_id large_url medium_url thumbnail_url",
    ),
    (
        "core.timezones",
        "snapshot_date timezone_offset",
        "snapshot_date timezone_offset description",
    ),
    ("core.countries", "snapshot_date country_code", "snapshot_date country_code country_name"),
]
REFERENCES = {
    "users.nationality": "countries",
    "users.picture_id": "pictures",
    "logins.user_id": "users",
    "locations.user_id": "users",
    "locations.timezone_offset": "timezones",
    "identity_documents.user_id": "users",
}
NOT_TEXT = {
    **dict.fromkeys(["snapshot_date"], DATE),
    **dict.fromkeys(["page", "position", "street_number", "location_street_number"], INTEGER),
    **dict.fromkeys(["dob_age", "registered_age"], INTEGER),
    **dict.fromkeys(["fetched_at", "born_at", "registered_at"], INSTANT),
    **dict.fromkeys(["dob_date", "registered_date"], INSTANT),
    **dict.fromkeys(["user_id", "login_uuid"], UUID),
    **dict.fromkeys(["latitude", "longitude"], DEGREES),
    "location_coordinates_latitude": DEGREES,
    "location_coordinates_longitude": DEGREES,
    "payload": LONG_TEXT,
    "reasons": TEXTS,
}


def test_the_tables_are_those_of_the_contract() -> None:
    assert [(f"{each.schema}.{each.name}", each.key, each.column_names) for each in MODEL] == [
        (name, tuple(key.split()), tuple(columns.split())) for name, key, columns in CONTRACT
    ]


def test_the_references_are_those_of_the_contract() -> None:
    found = {f"{t.name}.{c.name}": c.references for t in MODEL for c in t.references}
    assert found == REFERENCES


def test_everything_is_text_but_what_the_contract_names() -> None:
    for each in MODEL:
        for declared in each.columns:
            expected = NOT_TEXT.get(declared.name, TEXT)
            assert declared.type == expected, f"{each.name}.{declared.name}"
    assert LONG_TEXT.sql == TEXT.sql
    named = (DATE.sql, INTEGER.sql, INSTANT.sql, UUID.sql, DEGREES.sql, TEXTS.sql, TEXT.sql)
    assert named == ("DATE", "INTEGER", "TIMESTAMP", "UUID", "DECIMAL(7,4)", "VARCHAR[]", "VARCHAR")


def test_types_read_what_the_contract_says() -> None:
    assert {each.sql: each.pattern for each in (INTEGER, DEGREES, INSTANT, UUID)} == {
        "INTEGER": r"^-?(0|[1-9][0-9]{0,9})\z",
        "DECIMAL(7,4)": r"^-?[0-9]{1,3}(\.[0-9]{1,4})?\z",
        "TIMESTAMP": r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}"
        r"(\.[0-9]{1,6})?Z\z",
        "UUID": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z",
    }


def test_only_the_number_of_a_document_may_be_null() -> None:
    nullable = [f"{t.name}.{c.name}" for t in MODEL for c in t.columns if not c.required]
    assert nullable == ["flattened_users.id_value_hmac"]
    assert MODEL["identity_documents"].rows_with == "value_hmac"


def test_the_thirty_four_leaves_of_the_wire_are_kept_hashed_or_dropped() -> None:
    leaves = [c.origin for c in MODEL.leaves if isinstance(c.origin, Leaf)]
    kept = [".".join(leaf.path) for leaf in leaves]
    dropped = [".".join(path) for path in MODEL.dropped]
    assert len(WIRE.split()) == 34
    assert sorted(kept + dropped) == sorted(WIRE.split())
    assert kept == [path for path in WIRE.split() if path not in dropped]
    assert dropped == ["login.salt", "login.md5", "login.sha1", "login.sha256"]
    hashed = [".".join(leaf.path) for leaf in leaves if leaf.hashed]
    assert hashed == ["login.password", "id.value"]


def test_secrets_and_names_are_classed_as_what_they_are() -> None:
    flattened = MODEL.flattened
    secret = [c.name for c in flattened.columns if c.privacy is Privacy.SECRET]
    assert secret == ["login_password_hmac", "id_value_hmac"]
    for name in ("name_first", "name_last", "email", "phone", "cell", "login_username"):
        assert flattened[name].privacy is Privacy.DIRECT
    assert MODEL.raw["payload"].privacy is Privacy.DIRECT


def test_a_core_column_is_as_private_as_what_it_is_made_of() -> None:
    for each in MODEL.core:
        for declared in each.columns:
            if isinstance(declared.origin, Copied | Extracted):
                source = MODEL.flattened[declared.origin.column]
                assert declared.privacy is source.privacy
                assert isinstance(declared.origin, Extracted) or declared.type == source.type


# What values must be

NATIONS = "AU BR CA CH DE DK ES FI FR GB IE IN IR MX NL NO NZ RS TR UA US"
RULES = {
    "gender": [OneOf(("male", "female"))],
    "nat": [OneOf(tuple(NATIONS.split()))],
    "location_street_number": [Between(1, 9999)],
    "location_coordinates_latitude": [Between(-90, 90)],
    "location_coordinates_longitude": [Between(-180, 180)],
    "dob_date": [NotInTheFuture()],
    "registered_date": [NotBefore("dob_date"), NotInTheFuture()],
}
FORMS = {
    "email": "an address like a@example.com",
    "location_timezone_offset": "an offset like +5:45",
    **dict.fromkeys(
        ("picture_large", "picture_medium", "picture_thumbnail"), "an address that begins with http"
    ),
}


def test_the_rules_are_those_that_are_asked_for() -> None:
    ruled = {column.name: list(column.rules) for column in MODEL.leaves if column.rules}
    forms = {
        name: rules[0].meaning
        for name, rules in ruled.items()
        if len(rules) == 1 and isinstance(rules[0], Matches)
    }
    assert forms == FORMS
    assert {name: rules for name, rules in ruled.items() if name not in forms} == RULES
    assert ruled.keys() == {*RULES, *FORMS}


def test_a_copy_has_the_rules_of_what_it_is_made_of_and_a_derived_key_has_none() -> None:
    for each in MODEL.core:
        for column in each.columns:
            if isinstance(column.origin, Copied):
                assert column.rules == MODEL.flattened[column.origin.column].rules
            else:
                assert column.rules == ()
    assert all(
        table[name].rules == () for table in (MODEL.raw, MODEL.rejected) for name in table.key
    )


def test_each_leaf_comes_as_the_json_type_that_the_api_sends() -> None:
    leaves = {c.name: c.origin.json for c in MODEL.leaves if isinstance(c.origin, Leaf)}
    assert {name: types for name, types in leaves.items() if types != ("text",)} == {
        "location_street_number": ("number",),
        "location_postcode": ("text", "number"),
        "dob_age": ("number",),
        "registered_age": ("number",),
    }


def test_what_lasts_is_what_a_key_decides_for_ever() -> None:
    lasting = {table.name: [column.name for column in table.lasting] for table in MODEL.core}
    assert {name: columns for name, columns in lasting.items() if columns} == {
        "users": ["born_at", "registered_at"],
        "pictures": ["large_url", "medium_url", "thumbnail_url"],
        "timezones": ["description"],
        "countries": ["country_name"],
    }


# The monitor's tables

MONITOR = [
    ("quality.requests", "snapshot_date page", "snapshot_date seed page results forgotten"),
    (
        "quality.shape_drift",
        "snapshot_date kind path found",
        "snapshot_date kind path found records example",
    ),
    (
        "quality.check_results",
        "",  # a log: the same may be said twice
        "evaluated_at run_id asset check_name partition severity passed figures",
    ),
    (
        "quality.writes",
        "",
        "table_schema table_name partition records run_id written_at schema_version",
    ),
]


def test_the_tables_of_the_monitor_are_those_of_the_contract() -> None:
    assert [(f"{each.schema}.{each.name}", each.key, each.column_names) for each in QUALITY] == [
        (name, tuple(key.split()), tuple(columns.split())) for name, key, columns in MONITOR
    ]
    types = {
        **dict.fromkeys(["snapshot_date"], DATE),
        **dict.fromkeys(["page", "results", "forgotten", "records"], INTEGER),
        **dict.fromkeys(["evaluated_at", "written_at"], INSTANT),
        "passed": BOOLEAN,
    }
    for each in QUALITY:
        for column in each.columns:
            assert column.type == types.get(column.name, TEXT), f"{each.name}.{column.name}"


def test_the_logs_are_of_no_day() -> None:
    assert [each.name for each in QUALITY if not each.partitioned] == [
        "check_results",
        "writes",
    ]
    nullable = [f"{t.name}.{c.name}" for t in QUALITY for c in t.columns if not c.required]
    assert nullable == ["requests.forgotten", "check_results.partition", "writes.partition"]


def test_the_tables_of_the_monitor_are_no_tables_of_records() -> None:
    assert {each.name for each in QUALITY}.isdisjoint(each.name for each in MODEL)
    assert all(c.privacy is Privacy.PLAIN for each in QUALITY for c in each.columns)
