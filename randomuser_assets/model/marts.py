"""The tables of the marts, which dbt makes: what they are, while how is in marts/models/.

A column that is one of a core table is said there; here is only what history and the star add.
Of this come the models' columns, tests and descriptions in dbt, the assets, and the diagram.
"""

from dataclasses import replace

from randomuser_assets.model.declaration import PARTITION, Column, Privacy, Table, Taken
from randomuser_assets.model.tables import DAY, MODEL
from randomuser_assets.model.types import BOOLEAN, DATE, INTEGER, TEXT, TEXTS, ColumnType
from randomuser_assets.model.values import Between, Matches, OneOf

SCHEMA = "marts"
_QUASI, _DIRECT = Privacy.QUASI, Privacy.DIRECT
OLDEST_GROUP = 100
"""Age from which on all are in one group; below, a group is ten years."""

_HASH = Matches("[0-9a-f]{32}", "32 hexadecimal digits")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _mart(name: str, description: str, key: tuple[str, ...], *columns: Column) -> Table:
    return Table(
        name=name,
        schema=SCHEMA,
        description=description,
        columns=columns,
        key=key,
        partitioned=False,
    )


def _new(
    name: str,
    type_: ColumnType,
    description: str,
    *,
    privacy: Privacy = Privacy.PLAIN,
    required: bool = True,
    references: str | None = None,
    rules: tuple[OneOf | Between | Matches, ...] = (),
) -> Column:
    return Column(
        name=name,
        type=type_,
        description=description,
        privacy=privacy,
        required=required,
        references=references,
        rules=rules,
    )


def _hashed(
    name: str,
    of: str,
    references: str | None = None,
    *,
    privacy: Privacy = Privacy.PLAIN,
    required: bool = True,
) -> Column:
    return _new(
        name,
        TEXT,
        f"Key of {of}: a hash, the same on every run and machine.",
        privacy=privacy,
        required=required,
        references=references,
        # What refers has the form of what it refers to.
        rules=() if references else (_HASH,),
    )


def _of(
    table: str, column: str, name: str | None = None, *, required: bool | None = None
) -> Column:
    """Take a column of a core table over; only its name may be another."""
    of = MODEL[table][column]
    return replace(
        of,
        name=name or column,
        origin=Taken(table, column),
        references=None,
        required=of.required if required is None else required,
        lasting=False,
        unique=False,
    )


def _day(name: str, description: str, *, required: bool = True) -> Column:
    return _new(name, DATE, description, required=required)


def _years(name: str, description: str) -> Column:
    return _new(name, INTEGER, description, privacy=_QUASI, rules=(Between(0, 150),))


_PERSON = _of("users", "user_id")
_SEEN = _new(
    "observations",
    TEXT,
    "Fingerprint of all days of the person: what tells the next build whose history is another.",
    # Whoever knows all but one of the values that it is made of finds that one by trying.
    privacy=_DIRECT,
)


def _version(of: str, references: str | None = None) -> Column:
    return _hashed("user_key", of, references, privacy=_QUASI)


def _place(of: str, references: str | None = None, *, required: bool = True) -> Column:
    # Beside a city and its coordinates, street and number are found by trying all there are.
    return _hashed("location_key", of, references, privacy=_DIRECT, required=required)


DIM_USER = _mart(
    "dim_user",
    "People through time: one row a version, which begins when anything of the person, the login "
    "name, the document or the place is another than before.",
    ("user_key",),
    _version("the version"),
    _PERSON,
    _day("valid_from", "First day of the version."),
    _day(
        "valid_to",
        "First day that the version no longer covers; null while it is current.",
        required=False,
    ),
    _new("is_current", BOOLEAN, "Whether the version has no end."),
    _of("users", "gender"),
    _of("users", "title"),
    _of("users", "first_name"),
    _of("users", "last_name"),
    _of("users", "email"),
    _of("users", "phone"),
    _of("users", "cell"),
    _of("users", "born_at"),
    _of("users", "registered_at"),
    _of("users", "nationality"),
    _of("users", "picture_id"),
    _of("logins", "username", required=False),
    _of("identity_documents", "document_name", required=False),
    _of("identity_documents", "value_hmac", "document_value_hmac", required=False),
    _place("the place", "dim_location", required=False),
    _new(
        "changed_columns",
        TEXTS,
        "Which of these attributes are others than in the person's version before; empty for the "
        "first one, and for one that only follows a time of absence.",
    ),
    _SEEN,
)

DIM_LOCATION = _mart(
    "dim_location",
    "Places: one row a place that somebody lives or lived at.",
    ("location_key",),
    _place("the place: of all that follows but the time zone's key"),
    *(
        _of("locations", column.name)
        for column in MODEL["locations"].columns
        if column.name not in MODEL["locations"].key
    ),
    _hashed("timezone_key", "the time zone", "dim_timezone"),
)

DIM_COUNTRY = _mart(
    "dim_country",
    "Countries: one row a nationality, under the name it had last.",
    ("country_key",),
    _hashed("country_key", "the country"),
    _of("countries", "country_code"),
    _of("countries", "country_name"),
)

DIM_TIMEZONE = _mart(
    "dim_timezone",
    "Time zones: one row an offset, with the description it had last.",
    ("timezone_key",),
    _hashed("timezone_key", "the time zone"),
    _of("timezones", "timezone_offset"),
    _new("utc_offset_minutes", INTEGER, "The offset in minutes, east of Greenwich above 0."),
    _of("timezones", "description"),
)

DIM_DATE = _mart(
    "dim_date",
    "Days: one row a day, without gaps, from the year of the first registration to that of the "
    "last snapshot.",
    ("date_day",),
    _day("date_day", "The day, which is its own key."),
    _new("year", INTEGER, "Year."),
    _new("quarter", INTEGER, "Quarter of the year.", rules=(Between(1, 4),)),
    _new("month", INTEGER, "Month of the year.", rules=(Between(1, 12),)),
    _new("month_name", TEXT, "English name of the month."),
    _new("day_of_month", INTEGER, "Day of the month.", rules=(Between(1, 31),)),
    _new("iso_year", INTEGER, "Year that the ISO week belongs to."),
    _new("iso_week", INTEGER, "ISO week.", rules=(Between(1, 53),)),
    _new("day_of_week", INTEGER, "Day of the ISO week, Monday is 1.", rules=(Between(1, 7),)),
    _new("day_name", TEXT, "English name of the weekday.", rules=(OneOf(_DAYS),)),
    _new("is_weekend", BOOLEAN, "Whether it is Saturday or Sunday."),
)

DIM_AGE_GROUP = _mart(
    "dim_age_group",
    f"Age groups: one row for ten years, and one for {OLDEST_GROUP} and more.",
    ("age_group_key",),
    _hashed("age_group_key", "the age group"),
    _new("age_group", TEXT, f"Its name, like 30-39 or {OLDEST_GROUP}+."),
    _new(
        "age_from",
        INTEGER,
        "Lowest age in it.",
        rules=(Between(0, OLDEST_GROUP),),
    ),
    _new("age_to", INTEGER, "Highest age in it; null where there is none.", required=False),
)

_COUNTRY = _hashed("country_key", "the country of the nationality", "dim_country")
_AGE_GROUP = _hashed("age_group_key", "the age group", "dim_age_group")

FCT_USER_SNAPSHOT = _mart(
    "fct_user_snapshot",
    "Who was there: one row a person and day.",
    (PARTITION, "user_id"),
    replace(DAY, references=DIM_DATE.name),
    _PERSON,
    _version("the version that covers the day", DIM_USER.name),
    _place("the place", DIM_LOCATION.name, required=False),
    _hashed("timezone_key", "the time zone of the place", DIM_TIMEZONE.name, required=False),
    _COUNTRY,
    _AGE_GROUP,
    _of("users", "gender"),
    _of("users", "nationality"),
    _years(
        "age", "Full years from the birth date to the day; nothing of the age that the source says."
    ),
    _SEEN,
)

FCT_REGISTRATIONS = _mart(
    "fct_registrations",
    "Who registered when: one row a person, as the last version knows them.",
    ("user_id",),
    _PERSON,
    _version("the person's last version", DIM_USER.name),
    replace(
        _day("registered_on", "Day of the registration, UTC."),
        privacy=MODEL["users"]["registered_at"].privacy,
        references=DIM_DATE.name,
    ),
    _COUNTRY,
    _place("the place", DIM_LOCATION.name, required=False),
    _hashed("age_group_key", "the age group at the registration", DIM_AGE_GROUP.name),
    _of("users", "gender"),
    _of("users", "nationality"),
    _years("age_at_registration", "Full years from the birth date to the registration."),
)

MARTS = (
    DIM_USER,
    DIM_LOCATION,
    DIM_COUNTRY,
    DIM_TIMEZONE,
    DIM_DATE,
    DIM_AGE_GROUP,
    FCT_USER_SNAPSHOT,
    FCT_REGISTRATIONS,
)
