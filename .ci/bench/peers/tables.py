"""The seven tables as a peer would write them down, apart from the project's declarations.

Written once more on purpose: peers must not import the project, whose start would be theirs, and
a fault in its declarations would be in every result, where comparing could not find it.
"""

FLAT = {
    "gender": "gender",
    "name_title": "name.title",
    "name_first": "name.first",
    "name_last": "name.last",
    "location_street_number": "location.street.number",
    "location_street_name": "location.street.name",
    "location_city": "location.city",
    "location_state": "location.state",
    "location_country": "location.country",
    "location_postcode": "location.postcode",
    "location_coordinates_latitude": "location.coordinates.latitude",
    "location_coordinates_longitude": "location.coordinates.longitude",
    "location_timezone_offset": "location.timezone.offset",
    "location_timezone_description": "location.timezone.description",
    "email": "email",
    "login_uuid": "login.uuid",
    "login_username": "login.username",
    "login_password": "login.password",
    "dob_date": "dob.date",
    "dob_age": "dob.age",
    "registered_date": "registered.date",
    "registered_age": "registered.age",
    "phone": "phone",
    "cell": "cell",
    "id_name": "id.name",
    "id_value": "id.value",
    "picture_large": "picture.large",
    "picture_medium": "picture.medium",
    "picture_thumbnail": "picture.thumbnail",
    "nat": "nat",
}
"""Each column of the flat table, and where its value stands in a record."""

INTEGERS = ("location_street_number", "dob_age", "registered_age")
DEGREES = ("location_coordinates_latitude", "location_coordinates_longitude")
INSTANTS = ("dob_date", "registered_date")
HASHED = {"login_password": "login_password_hmac", "id_value": "id_value_hmac"}
"""Columns that are replaced by keyed hashes, and what those are called."""

PICTURE_ID = r"/([a-z]+/[0-9]+)\.jpg$"

TABLES = {
    "users": {
        "snapshot_date": "snapshot_date",
        "user_id": "login_uuid",
        "gender": "gender",
        "title": "name_title",
        "first_name": "name_first",
        "last_name": "name_last",
        "email": "email",
        "phone": "phone",
        "cell": "cell",
        "born_at": "dob_date",
        "registered_at": "registered_date",
        "nationality": "nat",
        "picture_id": "picture_id",
    },
    "logins": {
        "snapshot_date": "snapshot_date",
        "user_id": "login_uuid",
        "username": "login_username",
        "password_hmac": "login_password_hmac",
    },
    "locations": {
        "snapshot_date": "snapshot_date",
        "user_id": "login_uuid",
        "street_number": "location_street_number",
        "street_name": "location_street_name",
        "city": "location_city",
        "state": "location_state",
        "postcode": "location_postcode",
        "latitude": "location_coordinates_latitude",
        "longitude": "location_coordinates_longitude",
        "timezone_offset": "location_timezone_offset",
    },
    "identity_documents": {
        "snapshot_date": "snapshot_date",
        "user_id": "login_uuid",
        "document_name": "id_name",
        "value_hmac": "id_value_hmac",
    },
    "pictures": {
        "snapshot_date": "snapshot_date",
        "picture_id": "picture_id",
        "large_url": "picture_large",
        "medium_url": "picture_medium",
        "thumbnail_url": "picture_thumbnail",
    },
    "timezones": {
        "snapshot_date": "snapshot_date",
        "timezone_offset": "location_timezone_offset",
        "description": "location_timezone_description",
    },
    "countries": {
        "snapshot_date": "snapshot_date",
        "country_code": "nat",
        "country_name": "location_country",
    },
}
"""Each table's columns, and which of the flat table's they are. picture_id is cut out of a URL."""

REQUIRED = {"identity_documents": "value_hmac"}
"""Tables that have rows only for people who have this."""
