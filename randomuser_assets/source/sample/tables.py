"""From the vocabulary to ready pieces of JSON, so that making a person is looking up and joining.

Here belongs everything that can be worked out before the first person is asked for: words already
escaped, numbers already in their nation's shape, each in a table that a slice of a digest can
index. Not here: the words themselves (`words`) and which piece a person gets (`people`).

Every table has `SIZE` entries, whatever it was made from, so that an index is one bit-and. Shorter
lists are repeated; of longer ones, such as all four-digit numbers, evenly spaced ones are kept.
"""

import json
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from math import prod
from typing import NamedTuple, TypeVar

from randomuser_assets.source.sample.words import (
    EMAIL_LETTERS,
    NATIONS,
    SECRET_WORDS,
    TIMEZONES,
    USERNAME_WORDS,
    Mask,
    Nation,
)

SIZE = 1024
# The first entries of a name table hold two common names by turns. Who draws one of these as first
# name draws such a last name too: few people, few pairs, hence the API's share of repeated e-mails.
COMMON = 64

FIRST_DAY = date(1944, 1, 1)
BIRTH_DAYS = (date(2002, 1, 1) - FIRST_DAY).days
REGISTRATION_DAYS = (date(2022, 1, 1) - date(2002, 1, 1)).days

_PORTRAITS = {"male": ("men", 100), "female": ("women", 97)}
_WILDCARDS = {"#": "0123456789", "@": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_T = TypeVar("_T")


class Group(NamedTuple):
    """All the pieces for people of one nation, gender and title."""

    head: str
    firsts: list[tuple[str, str]]
    lasts: list[tuple[str, str]]
    streets: list[str]
    cities: list[str]
    states: list[str]
    postcodes: list[list[str]]
    phones: list[list[str]]
    cells: list[list[str]]
    document_name: str
    documents: list[list[str]]
    birth_in_document: Callable[[str, str], str] | None
    pictures: list[str]
    tail: str


def stretch(options: Sequence[_T], size: int = SIZE) -> list[_T]:
    """`size` of the options, evenly: too few are repeated, of too many some are left out."""
    return [options[index * len(options) // size] for index in range(size)]


def escaped(text: str) -> str:
    """The text as it stands between the quotation marks of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def for_email(name: str) -> str:
    """The name as the API writes it in an e-mail address: lower case, no accents, no blanks."""
    letters = []
    for letter in unicodedata.normalize("NFC", name.lower()):
        plain = EMAIL_LETTERS.get(letter)
        letters.append(unicodedata.normalize("NFKD", letter) if plain is None else plain)
    return "".join(letter for letter in "".join(letters) if letter.isascii() and letter.isalnum())


@cache
def _filled(mask: str) -> list[str]:
    """`SIZE` ways to fill the mask, evenly spaced over all there are."""
    bases = [len(_WILDCARDS.get(sign, " ")) for sign in mask]
    total = place = prod(bases)
    rests = [index * total // SIZE for index in range(SIZE)]
    columns = []
    for sign, base in zip(mask, bases, strict=True):
        place //= base
        choices = _WILDCARDS.get(sign, sign)
        columns.append([choices[rest // place % base] for rest in rests])
    return ["".join(signs) for signs in zip(*columns, strict=True)]


def _split(mask: str, count: int) -> list[str]:
    """The mask in `count` parts with about as many wildcards each."""
    places = [index for index, sign in enumerate(mask) if sign in _WILDCARDS]
    starts = [places[len(places) * part // count] for part in range(1, count)]
    edges = [0, *starts, len(mask)]
    return [mask[start:end] for start, end in pairwise(edges)]


@cache
def _number_tables(mask: Mask, count: int, quoted: bool) -> list[list[str]]:
    """`count` tables whose entries, one of each joined, make a number of that shape."""
    if mask.heads:
        tables = [stretch(mask.heads), *map(_filled, _split(mask.tail, count - 1))]
    else:
        tables = [_filled(part) for part in _split(mask.tail, count)]
    if quoted:
        tables[0] = [f'"{entry}' for entry in tables[0]]
        tables[-1] = [f'{entry}"' for entry in tables[-1]]
    return tables


@cache
def _names(names: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = [(escaped(name), for_email(name)) for name in names]
    return [pairs[index & 1] for index in range(COMMON)] + stretch(pairs, SIZE - COMMON)


def _birth_in_document(code: str, gender: str) -> Callable[[str, str], str] | None:
    """How the nation's document number tells the birth day (`1948-04-30T`) and the last name."""

    def day_month_year(day: str, _last: str) -> str:
        return day[8:10] + day[5:7] + day[2:4]

    def with_initial(day: str, last: str) -> str:
        return f"{day[8:10]}{day[5:7]}{day[2:4]} {last[0].upper()}"

    def years_since_1900(day: str, _last: str) -> str:
        # The API's own fault, kept: people born in 2000 and 2001 get three digits.
        return f"{day[8:10]}{day[5:7]}{int(day[:4]) - 1900}"

    def sex_and_month(day: str, _last: str) -> str:
        # The API counts months from 0 here.
        return f"{'1' if gender == 'male' else '2'}{day[2:4]}{int(day[5:7]) - 1:02d}"

    return {
        "NO": day_month_year,
        "DE": with_initial,
        "DK": years_since_1900,
        "FR": sex_and_month,
    }.get(code)


@cache
def _nation_tables(nation: Nation) -> dict[str, list[str]]:
    country = f'"country":"{escaped(nation.country)}","postcode":'
    return {
        "streets": stretch([escaped(street) for street in nation.streets]),
        "cities": stretch([escaped(city) for city in nation.cities]),
        "states": stretch([f'{escaped(state)}",{country}' for state in nation.states]),
    }


@cache
def _group(nation: Nation, gender: str, title: str) -> Group:
    folder, portraits = _PORTRAITS[gender]
    document = nation.document_number
    return Group(
        head=f'{{"gender":"{gender}","name":{{"title":"{title}","first":"',
        firsts=_names(nation.men if gender == "male" else nation.women),
        lasts=_names(nation.surnames),
        **_nation_tables(nation),
        postcodes=_number_tables(nation.postcode, 2, nation.postcode_is_text),
        phones=_number_tables(nation.phone, 3, quoted=False),
        cells=_number_tables(nation.cell, 3, quoted=False),
        document_name=f'"id":{{"name":"{nation.document}","value":',
        documents=(
            _number_tables(document, 3, quoted=True)
            if document
            else [["null"] * SIZE, [""] * SIZE, [""] * SIZE]
        ),
        birth_in_document=_birth_in_document(nation.code, gender),
        pictures=stretch([_picture(folder, number) for number in range(portraits)]),
        tail=f'"nat":"{nation.code}"}}',
    )


@cache
def groups(nationalities: tuple[str, ...], gender: str | None) -> list[Group]:
    """A table of the groups to draw from: nations alike, genders alike, titles of a gender alike.

    Args:
        nationalities: the codes to draw from; none of them means all.
        gender: `male`, `female`, or None for both.
    """
    chosen = [
        _group(nation, sex, title)
        for nation in NATIONS
        if not nationalities or nation.code in nationalities
        for sex, titles in (("male", nation.male_titles), ("female", nation.female_titles))
        if gender in (None, sex)
        # Six divides by one, two and three titles: each gender has the same weight.
        for title in titles * (6 // len(titles))
    ]
    return stretch(chosen)


def _picture(folder: str, number: int) -> str:
    base = "https://randomuser.me/api/portraits"
    return (
        f'"picture":{{"large":"{base}/{folder}/{number}.jpg"'
        f',"medium":"{base}/med/{folder}/{number}.jpg"'
        f',"thumbnail":"{base}/thumb/{folder}/{number}.jpg"}}'
    )


_DATES = [FIRST_DAY + timedelta(days=day) for day in range(BIRTH_DAYS + REGISTRATION_DAYS)]
DAYS = [f"{day.isoformat()}T" for day in _DATES]
YEARS = [day.year - FIRST_DAY.year for day in _DATES]
MINUTES = [f"{hour:02d}:{minute:02d}:" for hour in range(24) for minute in range(60)]
SECONDS = [f"{second:02d}." for second in range(60)]
MILLIS = [f"{milli:03d}Z" for milli in range(1000)]

DEGREES_NORTH = stretch([f"{degree}." for degree in range(-89, 90)] + ["-0."])
DEGREES_EAST = stretch([f"{degree}." for degree in range(-179, 180)] + ["-0."])
FRACTIONS = _filled("####")
TIMEZONE_SLOTS = 64
TIMEZONE_PIECES = stretch(
    [
        f'"timezone":{{"offset":"{offset}","description":"{escaped(description)}"}}'
        for offset, description in TIMEZONES
    ],
    TIMEZONE_SLOTS,
)
USERNAMES = stretch(USERNAME_WORDS)
THREE_DIGITS = stretch([str(number) for number in range(100, 1000)])
SECRETS = stretch([(escaped(word), word.encode()) for word in SECRET_WORDS])
