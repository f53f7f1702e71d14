"""The tables. To add a column, add its line here; everything else follows.

A line of FLATTENED_USERS is a leaf of the record; a line of a core table names the column of
FLATTENED_USERS it is made of, whose type, meaning and privacy class it takes over.
"""

from dataclasses import replace

from randomuser_assets.model.declaration import (
    PARTITION,
    Column,
    Copied,
    Extracted,
    Leaf,
    Model,
    Privacy,
    Table,
)
from randomuser_assets.model.types import (
    DATE,
    DEGREES,
    INSTANT,
    INTEGER,
    LONG_TEXT,
    TEXT,
    TEXTS,
    UUID,
    ColumnType,
)
from randomuser_assets.model.values import (
    Between,
    Matches,
    NotBefore,
    NotInTheFuture,
    OneOf,
    Rule,
)

SECRET, DIRECT, QUASI, PLAIN = Privacy.SECRET, Privacy.DIRECT, Privacy.QUASI, Privacy.PLAIN


def _recorded(name: str, type_: ColumnType, description: str, privacy: Privacy = PLAIN) -> Column:
    return Column(name=name, type=type_, description=description, privacy=privacy)


def leaf(
    path: str,
    type_: ColumnType,
    privacy: Privacy,
    description: str,
    *,
    required: bool = True,
    unique: bool = False,
    lasting: bool = False,
    hashed: bool = False,
    json: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
) -> Column:
    """Declare a leaf of the record; its path joined by `_` is the column's name."""
    as_json = json or (("number",) if type_ == INTEGER else ("text",))
    origin = Leaf(tuple(path.split(".")), hashed, as_json)
    return Column(
        name="_".join(origin.stored_path),
        type=type_,
        description=description,
        privacy=privacy,
        origin=origin,
        required=required,
        unique=unique,
        lasting=lasting,
        rules=rules,
    )


DAY = _recorded(PARTITION, DATE, "Day of the snapshot: the partition.")
PLACE = (
    DAY,
    _recorded("seed", TEXT, "Seed of the request that brought the record."),
    _recorded("page", INTEGER, "Page of the request, from 1."),
    _recorded("position", INTEGER, "Position of the record in its page, from 1."),
)
PLACE_KEY = (PARTITION, "page", "position")
PAYLOAD = _recorded("payload", LONG_TEXT, "The record as JSON text, protected at the door.", DIRECT)

_NATIONALITIES = "AU BR CA CH DE DK ES FI FR GB IE IN IR MX NL NO NZ RS TR UA US"
NATIONALITIES = OneOf(tuple(_NATIONALITIES.split()))
ADDRESS_OF_A_FILE = Matches(r"https?://[^ \t\r\n]+", "an address that begins with http")

RAW_USERS = Table(
    name="raw_users",
    schema="raw",
    description="Records as they came from the API, protected: one row a record, none left out.",
    columns=(
        *PLACE,
        _recorded("fetched_at", INSTANT, "When the page with the record arrived, UTC."),
        PAYLOAD,
    ),
    key=PLACE_KEY,
)

FLATTENED_USERS = Table(
    name="flattened_users",
    schema="staging",
    description="Records that could be read, one column a leaf of the record, typed.",
    columns=(
        *PLACE,
        leaf(
            "gender",
            TEXT,
            PLAIN,
            "Gender: male or female.",
            rules=(OneOf(("male", "female")),),
        ),
        leaf("name.title", TEXT, PLAIN, "Form of address, as used in the person's country."),
        leaf("name.first", TEXT, DIRECT, "First name."),
        leaf("name.last", TEXT, DIRECT, "Last name."),
        leaf(
            "location.street.number",
            INTEGER,
            DIRECT,
            "House number.",
            rules=(Between(1, 9999),),
        ),
        leaf("location.street.name", TEXT, DIRECT, "Street."),
        leaf("location.city", TEXT, QUASI, "City."),
        leaf("location.state", TEXT, QUASI, "State, region or province."),
        leaf("location.country", TEXT, PLAIN, "Name of the country, in English.", lasting=True),
        leaf(
            "location.postcode",
            TEXT,
            QUASI,
            "Postcode: text, since zeros may lead.",
            json=("text", "number"),
        ),
        leaf(
            "location.coordinates.latitude",
            DEGREES,
            QUASI,
            "Latitude in degrees.",
            rules=(Between(-90, 90),),
        ),
        leaf(
            "location.coordinates.longitude",
            DEGREES,
            QUASI,
            "Longitude in degrees.",
            rules=(Between(-180, 180),),
        ),
        leaf(
            "location.timezone.offset",
            TEXT,
            PLAIN,
            "Offset from UTC, like +5:45 or 0:00.",
            rules=(Matches(r"0:00|[+-](1[0-4]|[0-9]):[0-5][0-9]", "an offset like +5:45"),),
        ),
        leaf(
            "location.timezone.description",
            TEXT,
            PLAIN,
            "Places that keep the time zone.",
            lasting=True,
        ),
        leaf(
            "email",
            TEXT,
            DIRECT,
            "E-mail address; not unique.",
            rules=(
                Matches(
                    # Blanks are allowed before the @: a name in quotes may hold some.
                    r"[^@\r\n]+@[^@ \t\r\n]+\.[^@. \t\r\n]+",
                    "an address like a@example.com",
                ),
            ),
        ),
        leaf("login.uuid", UUID, QUASI, "Identifier of the person.", unique=True),
        leaf("login.username", TEXT, DIRECT, "Login name; not unique."),
        leaf("login.password", TEXT, SECRET, "Keyed hash of the password.", hashed=True),
        leaf(
            "dob.date",
            INSTANT,
            QUASI,
            "Instant of birth, UTC.",
            lasting=True,
            rules=(NotInTheFuture(),),
        ),
        leaf("dob.age", INTEGER, QUASI, "Age in whole years when fetched."),
        leaf(
            "registered.date",
            INSTANT,
            QUASI,
            "Instant of registration, UTC.",
            lasting=True,
            rules=(NotBefore("dob_date"), NotInTheFuture()),
        ),
        leaf("registered.age", INTEGER, PLAIN, "Whole years since registration when fetched."),
        leaf("phone", TEXT, DIRECT, "Phone number, as written in the person's country."),
        leaf("cell", TEXT, DIRECT, "Mobile number, as written in the person's country."),
        leaf("id.name", TEXT, PLAIN, "Kind of the national document; empty where there is none."),
        leaf(
            "id.value",
            TEXT,
            SECRET,
            "Keyed hash of the document's number; null where there is none.",
            required=False,
            hashed=True,
        ),
        leaf(
            "picture.large",
            TEXT,
            QUASI,
            "Address of the portrait, 128 pixels.",
            lasting=True,
            rules=(ADDRESS_OF_A_FILE,),
        ),
        leaf(
            "picture.medium",
            TEXT,
            QUASI,
            "Address of the portrait, 72 pixels.",
            lasting=True,
            rules=(ADDRESS_OF_A_FILE,),
        ),
        leaf(
            "picture.thumbnail",
            TEXT,
            QUASI,
            "Address of the portrait, 48 pixels.",
            lasting=True,
            rules=(ADDRESS_OF_A_FILE,),
        ),
        leaf(
            "nat",
            TEXT,
            PLAIN,
            "Nationality: country code of two letters.",
            rules=(NATIONALITIES,),
        ),
    ),
    key=PLACE_KEY,
)

REJECTED_USERS = Table(
    name="rejected_users",
    schema="staging",
    description="Records that could not be read, with every reason: raw minus flattened.",
    columns=(
        *PLACE,
        _recorded("reasons", TEXTS, "Why the record was rejected, one sentence a fault.", QUASI),
        PAYLOAD,
    ),
    key=PLACE_KEY,
)


def of(
    source: str,
    name: str | None = None,
    *,
    references: str | None = None,
    required: bool | None = None,
) -> Column:
    """Declare a core column as a column of flattened_users, under its own name."""
    column = FLATTENED_USERS[source]
    return replace(
        column,
        name=name or source,
        origin=Copied(source),
        references=references,
        required=column.required if required is None else required,
        unique=False,  # in a core table it is the key
    )


def picture_id(references: str | None = None) -> Column:
    """Declare the portrait's key, which stands in its address."""
    return replace(
        FLATTENED_USERS["picture_large"],
        name="picture_id",
        description="Identifier of the portrait, like women/88.",
        origin=Extracted("picture_large", r"/([a-z]+/[0-9]+)\.jpg\z", "…/women/88.jpg"),
        lasting=False,  # of a picture all is lasting, of a person not which one it is
        rules=(),
        references=references,
    )


def _core(
    name: str, description: str, key: Column, *columns: Column, rows_with: str | None = None
) -> Table:
    return Table(
        name=name,
        schema="core",
        description=description,
        columns=(DAY, key, *columns),
        key=(PARTITION, key.name),
        rows_with=rows_with,
    )


def _person(references: str | None = "users") -> Column:
    return of("login_uuid", "user_id", references=references)


CORE = (
    _core(
        "users",
        "People: one row a person.",
        _person(references=None),
        of("gender"),
        of("name_title", "title"),
        of("name_first", "first_name"),
        of("name_last", "last_name"),
        of("email"),
        of("phone"),
        of("cell"),
        of("dob_date", "born_at"),
        of("registered_date", "registered_at"),
        of("nat", "nationality", references="countries"),
        picture_id(references="pictures"),
    ),
    _core(
        "logins",
        "Login names: one row a person.",
        _person(),
        of("login_username", "username"),
        of("login_password_hmac", "password_hmac"),
    ),
    _core(
        "locations",
        "Where people live: one row a person.",
        _person(),
        of("location_street_number", "street_number"),
        of("location_street_name", "street_name"),
        of("location_city", "city"),
        of("location_state", "state"),
        of("location_postcode", "postcode"),
        of("location_coordinates_latitude", "latitude"),
        of("location_coordinates_longitude", "longitude"),
        of("location_timezone_offset", "timezone_offset", references="timezones"),
    ),
    _core(
        "identity_documents",
        "National documents: one row a person who has one.",
        _person(),
        of("id_name", "document_name"),
        of("id_value_hmac", "value_hmac", required=True),
        rows_with="value_hmac",
    ),
    _core(
        "pictures",
        "Portraits: one row a portrait.",
        picture_id(),
        of("picture_large", "large_url"),
        of("picture_medium", "medium_url"),
        of("picture_thumbnail", "thumbnail_url"),
    ),
    _core(
        "timezones",
        "Time zones: one row an offset.",
        of("location_timezone_offset", "timezone_offset"),
        of("location_timezone_description", "description"),
    ),
    _core(
        "countries",
        "Countries: one row a country code.",
        of("nat", "country_code"),
        of("location_country", "country_name"),
    ),
)

MODEL = Model(
    raw=RAW_USERS,
    flattened=FLATTENED_USERS,
    rejected=REJECTED_USERS,
    core=CORE,
    # Fast hashes of passwords that stand in any dictionary: kept, they would be the password.
    dropped=(
        ("login", "salt"),
        ("login", "md5"),
        ("login", "sha1"),
        ("login", "sha256"),
    ),
)
