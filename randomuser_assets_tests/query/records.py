"""A person as the API sends one, and people who differ from it in a few leaves."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door

DOOR = Door(MODEL, b"k")
MISSING = object()
"""Instead of a value: the leaf is not there."""

PERSON: dict[str, Any] = {
    "gender": "female",
    "name": {"title": "Ms", "first": "Ada", "last": "Lovelace"},
    "location": {
        "street": {"number": 12, "name": "St James's Square"},
        "city": "London",
        "state": "Greater London",
        "country": "United Kingdom",
        "postcode": "SW1Y 4JH",
        "coordinates": {"latitude": "51.5074", "longitude": "-0.1278"},
        "timezone": {"offset": "0:00", "description": "Western Europe Time, London"},
    },
    "email": "ada@example.com",
    "login": {
        "uuid": "7a0eed16-9430-4d68-901f-c0d4c1c3bf00",
        "username": "enchantress",
        "password": "analytical",
        "salt": "TQA1Gz7x",
        "md5": "dc523cb313b63dfe5be2140b0c05b3bc",
        "sha1": "7a4aa07d1bedcc6bcf4b7f8856643492c191540d",
        "sha256": "74364e96174afa7d17ee52dd2c9c7a4651fe1254f471a78bda0190135dcd3480",
    },
    "dob": {"date": "1993-07-20T09:44:18.674Z", "age": 30},
    "registered": {"date": "2002-05-21T10:59:49.966Z", "age": 21},
    "phone": "0171 496 0000",
    "cell": "07700 900000",
    "id": {"name": "NINO", "value": "QQ 12 34 56 C"},
    "picture": {
        "large": "https://randomuser.me/api/portraits/women/75.jpg",
        "medium": "https://randomuser.me/api/portraits/med/women/75.jpg",
        "thumbnail": "https://randomuser.me/api/portraits/thumb/women/75.jpg",
    },
    "nat": "GB",
}


class Token(str):
    """JSON as it is written, where a Python value would be written another way."""

    __slots__ = ()


def written(changes: Mapping[str, object] | None = None) -> bytes:
    """Write the person as JSON with other values at some paths, like location.street.number."""
    record = copy.deepcopy(PERSON)
    tokens: dict[str, str] = {}
    for path, value in (changes or {}).items():
        *parents, name = path.split(".")
        level = record
        for parent in parents:
            level = level[parent]
        if value is MISSING:
            level.pop(name, None)
        elif isinstance(value, Token):
            level[name] = f"token {len(tokens)}"
            tokens[f'"{level[name]}"'] = value
        else:
            level[name] = value
    text = json.dumps(record)
    for placeholder, token in tokens.items():
        text = text.replace(placeholder, token)
    return text.encode()


def admitted(changes: Mapping[str, object] | None = None) -> bytes:
    """Give what is stored of such a person."""
    return DOOR.admit(written(changes))
