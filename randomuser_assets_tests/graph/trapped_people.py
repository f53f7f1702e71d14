"""People with everything in them that the contract says breaks careless code.

Made from the contract alone. A person depends on seed, page and position; only the two ages depend
on the day of the call.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any, TypeVar

from randomuser_assets_tests.graph.contract_api import Asked

Record = dict[str, Any]
T = TypeVar("T")

TITLES = ("Mr", "Mrs", "Miss", "Ms", "Monsieur", "Madame", "Mademoiselle")
FIRST_NAMES = (
    "Nan", "null", "None", "true", "Zoë", "D'Arcy", "محمد", "شب\u200cبو", " Ana", "Ana ",
    "Sõna", "NULL", "0012", "O\tTab", "Ümit", "אבי", "🙂 Joy", "1e3", "-Inf", "infinity", "\\N",
    "N/A", "",
)  # fmt: skip
LAST_NAMES = (
    "O'Neill", "'quoted'", '"quoted"', "=1+1", "@x", "-foo", "+bar", "سعید", "de la  Cruz",
    "Smith, Jr.", "Line\nBreak", "Carriage\rReturn", "Both\r\nOfThem", "\tTabbed", "\u200eMarked",
    "'", "''", '"', '""', ",", "\r", "\n", " ", "  ", "--", "Müller", "ß", "Ñandú", "a|b", "a;b",
)  # fmt: skip
STREETS = (
    " Rua Leading", "Trailing Blank ", "  Two  Blanks  ", "St. John's Road", "5th Ave, No. 4",
    'Calle ""Doble""', "کوی\u200cزرین", "Rue\u00a0Insécable", "Вулиця Незалежності",
    "Strasse\\Backslash", "/* comment */", "'; DROP TABLE users; --", "<b>", "}]",
)  # fmt: skip
CITIES = (
    'San José ""El Verde""', "Ciudad Juárez, Chih.", " Novi Sad", "بجنورد", "L'Haÿ-les-Roses",
    "null", "Saint-Denis", "=HYPERLINK(\"x\")", "Bad\u200cKissingen", "Ōsaka", "a\u2028b",
)  # fmt: skip
STATES = ("Nord-Trøndelag", "New South Wales", "", "-", "+", "Île-de-France", "البرز", "O'Higgins")
POSTCODES: tuple[str | int, ...] = (
    "0010", "0581", 12345, "V5K 0A1", "EC1A 1BB", 7, 96561, "00000", "1e5", " 8001", "B3H 4R2 ",
    99999, "01067", "-1234", "+4321",
)  # fmt: skip
NEVER_IN_MAILBOXES = dict.fromkeys(map(ord, "@ \t\r\n"))
PHONES = (
    "+49 (0) 30 123456", "0171-5550001", "007-391-5024", "(097) X12-3456", "H12-345-6789",
    "+1 604 555 0100", "-5550", "0045 12 34", "021 / 555-01", "041 555 01 02", "+5:45",
    "=1+1", "@home", "+call me", " 030 5", "(268) P37-5309", "79 99 41 20 ", "+",
)  # fmt: skip
PASSWORDS = (
    "none", "true", "infinity", "", "&amp;", "hunter2", "hunter2", "000000", "pässwörd",
    "correct horse", 'with "quotes"', "1e3", "-0", "NaN", "null", "\u200c", "\\u0041", "a\tb", "🔑",
)  # fmt: skip
DOCUMENTS: tuple[tuple[str, str | None], ...] = (
    ("", None), ("HETU", "NaNNA217undefined"), ("TFN", "036172891"), ("SSN", "000-12-3456"),
    ("", None), ("DNI", "00123456-X"), ("BSN", "00012345"), ("INSEE", ""), ("HETU", None),
    ("CPF", "012.345.678-90"), ("AVS", "756.0000.0000.01"), ("UIDAI", "012345678901"),
    ("NINO", "AB 12 34 56 C "), ("PPS", "0123456T"), ("SID", "00000000000000017"),
)  # fmt: skip
BIRTHS = (
    "1944-12-24T01:02:03.004Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z",
    "1972-02-29T12:00:00.500Z", "2000-02-29T00:00:00.000Z", "1984-11-20T05:51:59.390Z",
    "1999-12-31T23:59:59.010Z", "2001-06-30T00:00:00.100Z", "1950-03-01T10:20:30.001Z",
)  # fmt: skip
REGISTRATIONS = (
    "2007-07-09T05:51:59.390Z", "2004-02-29T23:59:59.999Z", "2016-02-29T00:00:00.000Z",
    "2021-12-31T23:59:59.120Z", "2012-01-01T00:00:00.007Z", "2002-10-27T02:30:00.000Z",
    "2010-03-28T02:30:00.600Z",
)  # fmt: skip
LATITUDES = ("-0.0001", "0.0000", "89.9999", "-90.0000", "5.0600", "-33.8688", "0.1000")
LONGITUDES = ("-179.9999", "180.0000", "0.0000", "-0.5000", "7.0010", "151.2093")
TIMEZONES = (
    ("+5:45", "Kathmandu"), ("0:00", "Western Europe Time, London, Lisbon, Casablanca"),
    ("-3:30", "Newfoundland"), ("+9:30", "Adelaide, Darwin"), ("-12:00", "Eniwetok, Kwajalein"),
    ("+4:30", "Kabul"), ("+1:00", "Brussels, Copenhagen, Madrid, Paris"), ("-1:00", "Azores"),
)  # fmt: skip
COUNTRIES = (
    ("AU", "Australia"), ("BR", "Brazil"), ("CA", "Canada"), ("CH", "Switzerland"),
    ("GB", "United Kingdom"), ("IR", "Iran"), ("MX", "Mexico"), ("NO", "Norway"),
    ("RS", "Serbia"), ("UA", "Ukraine"), ("US", "United States"),
)  # fmt: skip
PORTRAITS = tuple(f"{kind}/{number}" for kind, number in product(("men", "women"), range(98)))


@dataclass
class TrappedPeople:
    """The people of an API; `today` may move on, which changes their ages and nothing else."""

    today: date

    def __call__(self, asked: Asked) -> list[str]:
        """Give the records of a page as JSON texts, each in one of four ways to write it."""
        return [
            written(self.record(asked.seed, asked.page, position), position)
            for position in range(1, asked.results + 1)
        ]

    def record(self, seed: str, page: int, position: int) -> Record:
        """Give one person as Python objects."""
        digest = hashlib.sha256(f"{seed}/{page}/{position}".encode()).digest()
        number = (page - 1) * 500 + position

        def pick(values: Sequence[T], stride: int = 1) -> T:
            return values[number // stride % len(values)]

        first, last = pick(FIRST_NAMES), pick(LAST_NAMES)
        password = pick(PASSWORDS)
        salt = "8063e604" if number % 50 == 0 else digest[:4].hex()
        born, since = pick(BIRTHS), pick(REGISTRATIONS)
        portrait = f"https://randomuser.me/api/portraits/{{}}{pick(PORTRAITS)}.jpg"
        offset, places = pick(TIMEZONES)
        code, country = pick(COUNTRIES)
        kind, value = pick(DOCUMENTS)
        mailbox = f"{first.lower()}.{pick(LAST_NAMES, 60)}"
        secret = (password + salt).encode()
        return {
            "gender": pick(("female", "male")),
            "name": {"title": pick(TITLES), "first": first, "last": last},
            "location": {
                "street": {"number": number * 7 % 9999 + 1, "name": pick(STREETS)},
                "city": pick(CITIES),
                "state": pick(STATES),
                "country": country,
                "postcode": pick(POSTCODES),
                "coordinates": {"latitude": pick(LATITUDES), "longitude": pick(LONGITUDES)},
                "timezone": {"offset": offset, "description": places},
            },
            "email": f"{mailbox.translate(NEVER_IN_MAILBOXES)}@example.com",
            "login": {
                "uuid": str(uuid.UUID(bytes=digest[:16], version=4)),
                "username": f"{pick(('tinywolf', 'redlion', '=cmd', 'Ünal'))}{number % 300:03}",
                "password": password,
                "salt": salt,
                "md5": hashlib.md5(secret, usedforsecurity=False).hexdigest(),
                "sha1": hashlib.sha1(secret, usedforsecurity=False).hexdigest(),
                "sha256": hashlib.sha256(secret).hexdigest(),
            },
            "dob": {"date": born, "age": self._years_since(born)},
            "registered": {"date": since, "age": self._years_since(since)},
            "phone": pick(PHONES),
            "cell": pick(PHONES, 3),
            "id": {"name": kind, "value": value},
            "picture": {
                "large": portrait.format(""),
                "medium": portrait.format("med/"),
                "thumbnail": portrait.format("thumb/"),
            },
            "nat": code,
        }

    def _years_since(self, moment: str) -> int:
        then = date.fromisoformat(moment[:10])
        had_it = (self.today.month, self.today.day) >= (then.month, then.day)
        return self.today.year - then.year - (not had_it)


def written(record: Record, position: int) -> str:
    """Write a record in one of four ways, by its position."""
    return _WRITERS[position % len(_WRITERS)](record)


def _as_utf8(record: Record) -> str:
    """Write a record compactly, in the characters themselves."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _as_ascii(record: Record) -> str:
    return json.dumps(record, separators=(",", ":"))


def _with_escaped_slashes(record: Record) -> str:
    return _as_utf8(record).replace("/", "\\/")


def _with_blanks(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1)


_WRITERS: tuple[Callable[[Record], str], ...] = (
    _as_utf8,
    _as_ascii,
    _with_escaped_slashes,
    _with_blanks,
)
