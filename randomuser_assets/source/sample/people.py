"""Making people: the same ones for the same seed and page, whenever and however often asked.

Here belongs what a person's fields are drawn from and how they depend on the request: on the text
seed + page, on the position in the page, on the nations and the gender asked for, and, the two ages
alone, on the time of the call. Not here: the words (`words`), the pieces of JSON that are joined
(`tables`), and how the API reads a request (`request`).

One digest a person is the only randomness. It is cut into 32 numbers of 16 bits, one a piece.
"""

import struct
from binascii import b2a_base64
from datetime import UTC, datetime, timedelta
from hashlib import blake2b, md5, sha1, sha256

from randomuser_assets.source.sample.tables import (
    BIRTH_DAYS,
    COMMON,
    DAYS,
    DEGREES_EAST,
    DEGREES_NORTH,
    FIRST_DAY,
    FRACTIONS,
    MILLIS,
    MINUTES,
    REGISTRATION_DAYS,
    SECONDS,
    SECRETS,
    SIZE,
    THREE_DIGITS,
    TIMEZONE_PIECES,
    USERNAMES,
    YEARS,
    groups,
)

_DAY = 86_400_000
_NUMBERS = struct.Struct("<32H").unpack
# A version 4 UUID says its variant in two bits of this digit; the other two stay random.
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
# A salt is letters and digits only.
_SALT_SIGNS = bytes.maketrans(b"+/", b"aZ")
# A salt that readers take for a number; the API has had it, so one person in 1,024 does here.
_SALT_LIKE_A_NUMBER = b"8063e604"
_SALT_TRAP = 63


def stream_key(seed: str, page: int) -> str:
    """What a page is drawn from, as the API makes it: `branch` page 12 is `branch1` page 2."""
    return seed + (str(page) if page > 1 else "")


def people(
    seed: str,
    page: int,
    results: int,
    now: datetime,
    nationalities: tuple[str, ...] = (),
    gender: str | None = None,
) -> list[str]:
    """The first `results` people of a page, each as the text of one JSON object.

    Args:
        seed: any text.
        page: from 1; part of what the people are drawn from, not an offset.
        results: how many; fewer are always the head of more.
        now: the moment to reckon the two ages at, with its time zone.
        nationalities: the nations to draw from; none means all.
        gender: `male` or `female`; None means both.
    """
    key = blake2b(stream_key(seed, page).encode("utf-8", "surrogatepass"), digest_size=32).digest()
    drawn_from = groups(nationalities, gender)
    ages, birthdays = _ages(now)
    mask, common = SIZE - 1, COMMON
    made = []
    for position in range(results):
        digest = blake2b(b"%b%d" % (key, position)).digest()
        # fmt: off
        (
            group, first_at, last_at, number, street, city, state, postcode_a, postcode_b,
            north, north_part, east, east_part, user, user_number, word, born, born_minute,
            born_second, since, since_minute, since_second, phone_a, phone_b, phone_c,
            cell_a, cell_b, cell_c, document_a, document_b, document_c, picture,
        ) = _NUMBERS(digest)
        (
            head, firsts, lasts, streets, cities, states, postcodes, phones, cells,
            document_name, documents, birth_in_document, pictures, tail,
        ) = drawn_from[group & mask]
        # fmt: on
        first_at &= mask
        if first_at < common:
            last_at &= common - 1
        first, first_mail = firsts[first_at]
        last, last_mail = lasts[last_at & mask]

        word_text, secret = SECRETS[word & mask]
        salt = b2a_base64(digest[18:24], newline=False).translate(_SALT_SIGNS)
        if user_number & mask == _SALT_TRAP:
            salt = _SALT_LIKE_A_NUMBER
        secret += salt
        uuid = digest.hex()

        born %= BIRTH_DAYS
        born_minute %= 1440
        born_second %= 60_000
        since = since % REGISTRATION_DAYS + BIRTH_DAYS
        since_minute %= 1440
        since_second %= 60_000
        year = YEARS[born]
        born_age = ages[year] - (born * _DAY + born_minute * 60_000 + born_second > birthdays[year])
        year = YEARS[since]
        since_age = ages[year] - (
            since * _DAY + since_minute * 60_000 + since_second > birthdays[year]
        )
        birth = birth_in_document(DAYS[born], last) if birth_in_document else ""

        made.append(
            f'{head}{first}","last":"{last}"}},"location":{{"street":{{"number":'
            f'{number % 9999 + 1},"name":"{streets[street & mask]}"}},"city":"'
            f'{cities[city & mask]}","state":"{states[state & mask]}'
            f"{postcodes[0][postcode_a & mask]}{postcodes[1][postcode_b & mask]}"
            f',"coordinates":{{"latitude":"{DEGREES_NORTH[north & mask]}'
            f'{FRACTIONS[north_part & mask]}","longitude":"{DEGREES_EAST[east & mask]}'
            f'{FRACTIONS[east_part & mask]}"}},{TIMEZONE_PIECES[picture >> 10]}}},"email":"'
            f'{first_mail}.{last_mail}@example.com","login":{{"uuid":"{uuid[:8]}-{uuid[8:12]}-4'
            f'{uuid[13:16]}-{_VARIANT[uuid[16]]}{uuid[17:20]}-{uuid[20:32]}","username":"'
            f'{USERNAMES[user & mask]}{THREE_DIGITS[user_number & mask]}","password":"{word_text}'
            f'","salt":"{salt.decode()}","md5":"{md5(secret, usedforsecurity=False).hexdigest()}'
            f'","sha1":"{sha1(secret, usedforsecurity=False).hexdigest()}","sha256":"'
            f'{sha256(secret).hexdigest()}"}},"dob":{{"date":"{DAYS[born]}{MINUTES[born_minute]}'
            f'{SECONDS[born_second // 1000]}{MILLIS[born_second % 1000]}","age":{born_age}}}'
            f',"registered":{{"date":"{DAYS[since]}{MINUTES[since_minute]}'
            f'{SECONDS[since_second // 1000]}{MILLIS[since_second % 1000]}","age":{since_age}}}'
            ',"phone":"'
            f"{phones[0][phone_a & mask]}{phones[1][phone_b & mask]}{phones[2][phone_c & mask]}"
            f'","cell":"{cells[0][cell_a & mask]}{cells[1][cell_b & mask]}'
            f'{cells[2][cell_c & mask]}",{document_name}{documents[0][document_a & mask]}{birth}'
            f"{documents[1][document_b & mask]}{documents[2][document_c & mask]}}},"
            f"{pictures[picture & mask]},{tail}"
        )
    return made


def _ages(now: datetime) -> tuple[list[int], list[int]]:
    """For each year from the first: the age reached this year, and the last moment that reached it.

    Who was born later in that year than `now` is in this one has yet to have this year's birthday.
    Moments are milliseconds since the first day. A 29 February without one counts as the end of
    the 28th, so that who was born on the 29th has their birthday on the 1st of March.
    """
    today = now.astimezone(UTC).replace(tzinfo=None)
    start = datetime.combine(FIRST_DAY, datetime.min.time())
    ages, moments = [], []
    for year in range(FIRST_DAY.year, FIRST_DAY.year + YEARS[-1] + 1):
        try:
            birthday = today.replace(year=year)
        except ValueError:
            birthday = start.replace(year=year, month=3) - timedelta(milliseconds=1)
        ages.append(today.year - year)
        moments.append((birthday - start) // timedelta(milliseconds=1))
    return ages, moments
