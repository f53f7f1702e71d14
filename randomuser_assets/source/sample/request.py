"""Reading a request as the API does, which never refuses one, and writing the answer to it.

Here belong the parameters, what becomes of wrong ones, and the body of an answer. Whatever is not
understood is replaced in silence, and the answer's `info` is the only sign of it. Not here: HTTP,
limits, connections (`server`), and how people are made (`people`).
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from randomuser_assets.source.sample.people import people
from randomuser_assets.source.sample.words import NATIONALITIES

VERSION = "1.4"
MOST_RESULTS = 5_000
LAST_PAGE = 10_000
FIELDS = (
    "gender",
    "name",
    "location",
    "email",
    "login",
    "dob",
    "registered",
    "phone",
    "cell",
    "id",
    "picture",
    "nat",
)

# A seed of this length is taken for one that the API made itself: sixteen signs of seed, and two
# hexadecimal digits that say which nation it was for.
_MARKED_SEED = 18


@dataclass(frozen=True)
class Request:
    """What a query is taken to ask for."""

    seed: str
    page: int = 1
    results: int = 1
    nationalities: tuple[str, ...] = ()
    gender: str | None = None
    fields: tuple[str, ...] = FIELDS


def understood(query: str) -> Request:
    """The request that the API makes of a query string, however wrong."""
    given = {name: values[-1] for name, values in parse_qs(query).items()}
    nationalities = tuple(
        code for code in NATIONALITIES if code in _listed(given, "nat", str.upper)
    )
    seed = given.get("seed") or secrets.token_hex(8)
    if len(seed) == _MARKED_SEED:
        seed, nationalities = seed[:-2], (_marked_nationality(seed[-2:]),)
    gender = given.get("gender", "").lower()
    included = _listed(given, "inc", str.lower) & set(FIELDS) or set(FIELDS)
    excluded = _listed(given, "exc", str.lower)
    return Request(
        seed=seed,
        page=_within(given.get("page", ""), LAST_PAGE),
        results=_within(given.get("results", ""), MOST_RESULTS),
        nationalities=nationalities,
        gender=gender if gender in ("male", "female") else None,
        fields=tuple(field for field in FIELDS if field in included - excluded),
    )


def answer(request: Request, now: datetime) -> bytes:
    """The body of the answer, compact JSON in UTF-8; the two ages are those at `now`."""
    made = people(
        request.seed,
        request.page,
        request.results,
        now,
        request.nationalities,
        request.gender,
    )
    if request.fields != FIELDS:
        made = [_reduced(person, request.fields) for person in made]
    info = {
        "seed": request.seed,
        "results": request.results,
        "page": request.page,
        "version": VERSION,
    }
    return f'{{"results":[{",".join(made)}],"info":{_compact(info)}}}'.encode()


def _listed(given: dict[str, str], name: str, fold: Callable[[str], str]) -> set[str]:
    return {fold(part.strip()) for part in given.get(name, "").split(",")}


def _within(text: str, most: int) -> int:
    """The number from 1 to `most`; anything else is 1, and none of it is an error."""
    number = int(text) if re.fullmatch("[0-9]{1,9}", text) else 1
    return number if 1 <= number <= most else 1


def _marked_nationality(mark: str) -> str:
    number = int(mark, 16) if re.fullmatch("[0-9a-fA-F]{2}", mark) else 0
    # The API never answers when it has no such nation; a stand-in that hangs would help nobody.
    return NATIONALITIES[number % len(NATIONALITIES)]


def _reduced(person: str, fields: tuple[str, ...]) -> str:
    record = json.loads(person)
    return _compact({field: record[field] for field in fields})


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
