"""Rules hold for any column that declares them: optional, in any privacy class, of any words.

Here belong rules that no declared table has. The declared ones are in `test_rules`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pytest

from randomuser_assets.model import MODEL, Column, ColumnType, Model, Privacy
from randomuser_assets.model.tables import leaf
from randomuser_assets.model.types import DEGREES, INSTANT, INTEGER, TEXT
from randomuser_assets.model.values import (
    Between,
    Matches,
    NotBefore,
    NotInTheFuture,
    OneOf,
    Rule,
)
from randomuser_assets.query.flatten import flattened, rejected
from randomuser_assets_tests.query.division import FLATTENED, RAW, Bench
from randomuser_assets_tests.query.records import PERSON, admitted

BORN = PERSON["dob"]["date"]
NOTHING = FLATTENED.where("FALSE")
"""No record is in the other half: so all are asked for their reasons."""


Told = dict[int, list[str]]


def extra(type_: ColumnType, *rules: Rule) -> Column:
    return leaf("extra", type_, Privacy.PLAIN, "Something more.", rules=rules)


def model_with(*columns: Column) -> Model:
    more = replace(MODEL.flattened, columns=(*MODEL.flattened.columns, *columns))
    return replace(MODEL, flattened=more)


def divided(bench: Bench, model: Model, people: Iterable[Mapping[str, object]]) -> Told:
    """Divide people with these values; say why some are rejected, having seen that none is lost."""
    bench.put([admitted(changes) for changes in people])
    every = {row["position"] for row in bench.rows(RAW)}
    kept = {row["position"] for row in bench.rows(flattened(RAW, model))}
    told = {row["position"]: row["reasons"] for row in bench.rows(rejected(RAW, NOTHING, model))}
    lost = {at: reasons for at, reasons in told.items() if reasons}
    assert sorted([*kept, *lost]) == sorted(every)
    return lost


def reasons(bench: Bench, column: Column, values: Iterable[object]) -> Told:
    return divided(bench, model_with(column), [{"extra": value} for value in values])


@dataclass(frozen=True)
class Case:
    """A rule, a value that obeys it, one that breaks it, and the words for that."""

    type: ColumnType
    rule: Rule
    right: object
    wrong: object
    words: str


CASES: dict[str, Case] = {
    "e1": Case(TEXT, OneOf(("a",)), "a", "Xanthippe", " is not a"),
    "e2": Case(TEXT, Matches("a+", "some a"), "aa", "Xanthippe", " is not some a"),
    "e3": Case(INTEGER, Between(-3, 3), -3, -31415926, " is not between -3 and 3"),
    "e4": Case(DEGREES, Between(0, 1), "1.0", "31.4159", " is not between 0 and 1"),
    "e5": Case(
        INSTANT, NotInTheFuture(), BORN, "2031-04-15T09:26:53Z", " is after the day of the fetch"
    ),
    "e6": Case(
        INSTANT,
        NotBefore("dob_date"),
        BORN,
        "1931-04-15T09:26:53Z",
        f" is before dob_date '{BORN}'",
    ),
}


def model_of_cases(*, required: bool, privacy: Privacy = Privacy.PLAIN) -> Model:
    return model_with(
        *(
            leaf(name, case.type, privacy, "More.", required=required, rules=(case.rule,))
            for name, case in CASES.items()
        )
    )


def test_a_rule_asks_nothing_of_a_value_that_may_be_missing_and_is(bench: Bench) -> None:
    people: list[dict[str, object]] = [
        {},
        dict.fromkeys(CASES),
        {name: case.right for name, case in CASES.items()},
        {name: case.wrong for name, case in CASES.items()},
        {name: [] for name in CASES},
    ]
    assert divided(bench, model_of_cases(required=False), people) == {
        4: [f"{name}: '{case.wrong}'{case.words}" for name, case in CASES.items()],
        5: [
            f"{name}: an object or list is not {case.type.meaning}" for name, case in CASES.items()
        ],
    }


def test_a_value_that_must_be_there_and_is_not_breaks_no_rule_besides(bench: Bench) -> None:
    missing = [f"{name}: is missing or null" for name in CASES]
    people: list[dict[str, object]] = [{}, dict.fromkeys(CASES)]
    assert divided(bench, model_of_cases(required=True), people) == {1: missing, 2: missing}


def test_each_rule_of_a_value_is_told_by_itself(bench: Bench) -> None:
    column = extra(TEXT, Matches("a.*", "begun with a"), OneOf(("ab", "xy")))
    assert reasons(bench, column, ["ab", "ax", "xy", "zz"]) == {
        2: ["extra: 'ax' is not ab or xy"],
        3: ["extra: 'xy' is not begun with a"],
        4: ["extra: 'zz' is not begun with a", "extra: 'zz' is not ab or xy"],
    }


@pytest.mark.parametrize("privacy", Privacy)
def test_only_quasi_and_plain_values_are_named(bench: Bench, privacy: Privacy) -> None:
    named = privacy in {Privacy.QUASI, Privacy.PLAIN}
    wrong = {name: case.wrong for name, case in CASES.items()}
    holding = {name: ["Xanthippe"] for name in CASES}
    found = divided(bench, model_of_cases(required=True, privacy=privacy), [wrong, holding])
    assert found[1] == [
        f"{name}: {repr(str(case.wrong)) if named else 'a private value'}{case.words}"
        for name, case in CASES.items()
    ]
    assert not any("Xanthippe" in reason for reason in found[2])


def test_what_a_private_instant_is_compared_with_is_not_named_either(bench: Bench) -> None:
    private = replace(MODEL.flattened["dob_date"], privacy=Privacy.DIRECT)
    columns = tuple(private if c.name == private.name else c for c in MODEL.flattened.columns)
    model = replace(MODEL, flattened=replace(MODEL.flattened, columns=columns))
    bench.put([admitted({"registered.date": "1931-04-15T09:26:53Z"})])
    (row,) = bench.rows(rejected(RAW, NOTHING, model))
    assert row["reasons"] == [
        "registered_date: '1931-04-15T09:26:53Z' is before dob_date a private value"
    ]


def test_words_and_values_of_any_characters_stay_what_they_are(bench: Bench) -> None:
    odd = ("it's", '"', "\\", "%", "ß", "a'; DROP TABLE x; --")
    column = extra(TEXT, OneOf(odd), Matches(r"[^']*[^0-9]", "it's 'odd' \\ \"text\""))
    assert reasons(bench, column, ['"', "\\", "%", "ß", "1", "it's"]) == {
        5: [
            f"extra: '1' is not one of the 6 known: {' '.join(odd)}",
            "extra: '1' is not it's 'odd' \\ \"text\"",
        ],
        6: ["extra: 'it's' is not it's 'odd' \\ \"text\""],
    }


@pytest.mark.parametrize("form", ["a", "a|b", "(a|b)", "a|b|"])
def test_the_whole_text_has_the_form(bench: Bench, form: str) -> None:
    """A line break is no end, and each of several forms has both its ends."""
    column = extra(TEXT, Matches(form, "an a"))
    found = reasons(bench, column, ["a", "a\n", "\na", "a\nb", "aa", "ax", "xb", "ab", "xa"])
    assert list(found) == [2, 3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("there", [{}, {"until": None}], ids=["missing", "null"])
def test_what_is_compared_with_what_may_be_missing_and_is_breaks_no_rule(
    bench: Bench, there: Mapping[str, object]
) -> None:
    model = model_with(
        leaf("until", INSTANT, Privacy.PLAIN, "More.", required=False),
        leaf("since", INSTANT, Privacy.PLAIN, "More.", rules=(NotBefore("until"),)),
    )
    people = [{"since": "2020-01-01T00:00:00Z", **there}, {"since": "soon", **there}]
    assert divided(bench, model, people) == {2: [f"since: 'soon' is not {INSTANT.meaning}"]}


def test_what_is_compared_with_what_cannot_be_read_is_told_of_that_only(bench: Bench) -> None:
    model = model_with(
        leaf("until", INSTANT, Privacy.PLAIN, "More.", required=False),
        leaf("since", INSTANT, Privacy.PLAIN, "More.", rules=(NotBefore("until"),)),
    )
    people = [{"since": "2020-01-01T00:00:00Z", "until": "soon"}]
    assert divided(bench, model, people) == {1: [f"until: 'soon' is not {INSTANT.meaning}"]}
