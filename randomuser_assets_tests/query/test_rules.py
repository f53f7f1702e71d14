"""What a value must be beyond its type: each declared rule at its bounds, and the words for it.

Here belong single values. Rules that compare two instants are in `test_rules_of_instants`, rules
that no declared table has in `test_rules_of_any_model`, what text has which type in `test_types`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import pytest

from randomuser_assets.model import MODEL, Column, Privacy
from randomuser_assets.model.values import NotBefore, NotInTheFuture
from randomuser_assets_tests.query.division import Bench
from randomuser_assets_tests.query.records import Token, admitted

NATIONS = "AU BR CA CH DE DK ES FI FR GB IE IN IR MX NL NO NZ RS TR UA US"
NO_MAIL = "a private value is not an address like a@example.com"
NO_OFFSET = "{} is not an offset like +5:45"
NO_ADDRESS = "{} is not an address that begins with http"
PORTRAIT = "https://randomuser.me/api/portraits/men/1.jpg"


@dataclass(frozen=True)
class Ruled:
    """A leaf, values on both sides of its rule, and what is told of those that break it."""

    path: str
    words: str
    accepted: tuple[object, ...]
    refused: tuple[object, ...]

    @property
    def column(self) -> Column:
        """The leaf's column."""
        return MODEL.flattened[self.path.replace(".", "_")]

    def reason(self, value: object) -> str:
        """Give all that is told of a value that breaks the rule."""
        return f"{self.column.name}: {self.words.format(repr(str(value)[:40]))}"


RULED = (
    Ruled(
        "gender",
        "{} is not male or female",
        ("male", "female"),
        ("Male", "FEMALE", "males", " male", "male ", "f", "", "null", 1),
    ),
    Ruled(
        "nat",
        f"{{}} is not one of the 21 known: {NATIONS}",
        tuple(NATIONS.split()),
        ("gb", "UK", "XX", "GBR", "G", "", "AU BR", " GB", "GB ", 44),
    ),
    Ruled(
        "location.street.number",
        "a private value is not between 1 and 9999",
        (1, 9999, "1", "9999", 2),
        (0, 10000, "0", "-0", -1, "10000", 2147483647, "-2147483648", Token("-0")),
    ),
    Ruled(
        "location.coordinates.latitude",
        "{} is not between -90 and 90",
        ("-90", "90", "-90.0000", "90.0000", "-89.9999", "0", "-0.0001", 90, -90),
        ("-90.0001", "90.0001", "91", "-91", "180", "999.9999", "-999.9999", 90.5),
    ),
    Ruled(
        "location.coordinates.longitude",
        "{} is not between -180 and 180",
        ("-180", "180", "-180.0000", "180.0000", "179.9999", "0.0001", 180),
        ("-180.0001", "180.0001", "181", "-999.9999", "999.9999", 200),
    ),
    Ruled(
        "location.timezone.offset",
        NO_OFFSET,
        ("0:00", "+5:45", "-3:30", "+9:59", "-12:00", "+14:00", "+10:30", "-1:00"),
        (
            *("5:45", "+05:45", "+15:00", "-20:00", "+5:60", "+5:5", "+5:450", "0:30", "00:00"),
            *("+5:45 ", " 0:00", "+5", "UTC", "Z", "", "\N{MINUS SIGN}3:30", "++1:00", 0, 545),
        ),
    ),
    Ruled(
        "email",
        NO_MAIL,
        (
            *("a@example.com", "a.b+c@sub.example.co.uk", "'@a.bc", "ada@exämple.de", "ä@b.cd"),
            *("a@b.c", "null@example.com", "a,b@example.com", "=1+1@example.com"),
            # A name may hold blanks, and be within quotes; neither is looked at.
            *('"a b"@example.com', "a b@example.com", " a@example.com", "a\t@example.com"),
        ),
        (
            *("", "a", "@", "a@", "@example.com", "a@b", "a@example.", "a@.com", "example.com"),
            *("a@@example.com", "a@b@example.com", "a@exa mple.com", "a@ example.com", 7),
            *("a@example.com ", "a@example.com\n", "a\nb@example.com", "\ra@b.c", "a@b.c\r"),
            *("a@exam\tple.com", "a@b.c\t"),
        ),
    ),
    *(
        Ruled(
            f"picture.{size}",
            NO_ADDRESS,
            (PORTRAIT, "http://x/1", "https://x"),
            ("", "ftp://x/1", "//x/1", "https://", "https:/x", " https://x", "https://x y", "x", 5),
        )
        for size in ("medium", "thumbnail")
    ),
    Ruled(
        "picture.large", NO_ADDRESS, (PORTRAIT, "http://x/women/0.jpg"), ("x/men/1.jpg", "/a/1.jpg")
    ),
)
BY_COLUMN = {ruled.column.name: ruled for ruled in RULED}


def test_each_declared_rule_of_a_single_value_is_tested_here() -> None:
    compared = (NotBefore, NotInTheFuture)
    declared = [
        column.name
        for column in MODEL.leaves
        for rule in column.rules
        if not isinstance(rule, compared)
    ]
    assert sorted(declared) == sorted(BY_COLUMN)


@pytest.mark.parametrize("ruled", RULED, ids=lambda ruled: ruled.path)
def test_a_value_that_obeys_its_rule_is_kept(bench: Bench, ruled: Ruled) -> None:
    divided = bench.divided(admitted({ruled.path: value}) for value in ruled.accepted)
    assert divided.reasons == {}


@pytest.mark.parametrize("ruled", RULED, ids=lambda ruled: ruled.path)
def test_a_value_that_breaks_its_rule_is_told_in_words_and_only_once(
    bench: Bench, ruled: Ruled
) -> None:
    divided = bench.divided(admitted({ruled.path: value}) for value in ruled.refused)
    assert divided.reasons == {
        at: [ruled.reason(value)] for at, value in enumerate(ruled.refused, 1)
    }


UNREADABLE: Mapping[str, tuple[object, str]] = {
    "gender": (["male"], "gender: an object or list is not a text"),
    "nat": ({"code": "GB"}, "nat: an object or list is not a text"),
    "location.street.number": (
        "12a",
        "location_street_number: a private value is not a whole number",
    ),
    "location.coordinates.latitude": (
        "95.00001",
        "location_coordinates_latitude: '95.00001' is not a number",
    ),
    "location.coordinates.longitude": (
        "1e3",
        "location_coordinates_longitude: '1e3' is not a number",
    ),
    "location.timezone.offset": ([], "location_timezone_offset: an object or list is not a text"),
    "email": (["x"], "email: a private value is not a text"),
    "picture.large": ({}, "picture_large: an object or list is not a text"),
    "picture.medium": ({}, "picture_medium: an object or list is not a text"),
    "picture.thumbnail": ([1], "picture_thumbnail: an object or list is not a text"),
}


@pytest.mark.parametrize("path", UNREADABLE)
def test_a_value_that_cannot_be_read_is_not_told_of_a_second_time(bench: Bench, path: str) -> None:
    value, reason = UNREADABLE[path]
    assert bench.divided([admitted({path: value})]).reasons == {1: [reason]}


def test_each_leaf_with_a_rule_has_a_value_that_cannot_be_read() -> None:
    assert {path.replace(".", "_") for path in UNREADABLE} == set(BY_COLUMN)


def test_several_faults_are_several_reasons_in_the_order_of_the_columns(bench: Bench) -> None:
    """Any faults in any company: a reason is neither lost nor changed by another."""
    chance = Random(20260101)  # noqa: S311  draws cases, guards nothing
    order = [column.name for column in MODEL.leaves]
    people, expected = [], {}
    for at in range(1, 301):
        changes: dict[str, object] = {}
        reasons = []
        for each in chance.sample(RULED, chance.randint(0, len(RULED))):
            broken = chance.random() < 0.5
            value = chance.choice(each.refused if broken else each.accepted)
            changes[each.path] = value
            if broken:
                reasons.append((order.index(each.column.name), each.reason(value)))
        people.append(admitted(changes))
        if reasons:
            expected[at] = [reason for _, reason in sorted(reasons)]
    assert bench.divided(people).reasons == expected
    assert max(len(reasons) for reasons in expected.values()) > 5


def test_a_person_of_whom_nothing_is_right_is_told_of_in_full(bench: Bench) -> None:
    nothing = {each.path: each.refused[0] for each in RULED} | {
        "dob.date": "2030-01-01T00:00:00Z",
        "registered.date": "2029-01-01T00:00:00Z",
        "picture.large": "",
    }
    assert bench.divided([admitted(nothing)]).reasons[1] == [
        "gender: 'Male' is not male or female",
        "location_street_number: a private value is not between 1 and 9999",
        "location_coordinates_latitude: '-90.0001' is not between -90 and 90",
        "location_coordinates_longitude: '-180.0001' is not between -180 and 180",
        "location_timezone_offset: '5:45' is not an offset like +5:45",
        "email: a private value is not an address like a@example.com",
        "dob_date: '2030-01-01T00:00:00Z' is after the day of the fetch",
        "registered_date: '2029-01-01T00:00:00Z' is before dob_date '2030-01-01T00:00:00Z'",
        "registered_date: '2029-01-01T00:00:00Z' is after the day of the fetch",
        "picture_large: '' is not an address that begins with http",
        "picture_medium: '' is not an address that begins with http",
        "picture_thumbnail: '' is not an address that begins with http",
        f"nat: 'gb' is not one of the 21 known: {NATIONS}",
        "picture_id: cannot be derived from picture_large, '' does not end like …/women/88.jpg",
    ]


@pytest.mark.parametrize("ruled", RULED, ids=lambda ruled: ruled.path)
def test_what_breaks_a_rule_is_shown_as_its_class_allows(bench: Bench, ruled: Ruled) -> None:
    planted = {"INTEGER": "1234567890", "DECIMAL(7,4)": "567.8901"}.get(
        ruled.column.type.sql, "Xanthippe " * 10
    )
    reasons = bench.divided([admitted({ruled.path: planted})]).reasons[1]
    hidden = ruled.column.privacy in {Privacy.DIRECT, Privacy.SECRET}
    for reason in reasons:
        assert (f"'{planted[:40]}'" in reason) is not hidden
        assert ("a private value" in reason) is hidden
        assert planted[:41] not in reason or len(planted) < 41
    assert hidden is (ruled.path in {"email", "location.street.number"})
