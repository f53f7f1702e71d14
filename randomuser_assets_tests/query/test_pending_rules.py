"""Rules where they are not yet as they should be. Each test here failed when it was written."""

import pytest
from sqlglot import exp

from randomuser_assets.model import MODEL, Privacy
from randomuser_assets.model.tables import leaf
from randomuser_assets.model.types import INSTANT
from randomuser_assets.model.values import NotBefore
from randomuser_assets.query.flatten import flattened, rejected
from randomuser_assets.query.rules import rules
from randomuser_assets_tests.query.division import RAW, Bench
from randomuser_assets_tests.query.records import admitted
from randomuser_assets_tests.query.test_rules_of_any_model import NOTHING, model_with


def test_a_cast_that_may_fail_may_fail_in_spark_too() -> None:
    """Written as CAST it would end the whole query there, where ANSI mode is the default."""
    parts = [part for rule in rules(MODEL) for part in (rule.met, rule.asked)]
    tries = sum(len(list(part.find_all(exp.TryCast))) for part in parts)
    written = "\n".join(part.sql(dialect="spark") for part in parts)
    assert tries > 10
    assert written.count("TRY_CAST(") == tries


@pytest.mark.parametrize("there", [{}, {"until": None}])
def test_what_is_compared_with_nothing_has_no_reason_or_one_in_words(
    bench: Bench, there: dict[str, object]
) -> None:
    """A reason of no words makes a rejected record without a reason."""
    model = model_with(
        leaf("until", INSTANT, Privacy.PLAIN, "More.", required=False),
        leaf("since", INSTANT, Privacy.PLAIN, "More.", rules=(NotBefore("until"),)),
    )
    bench.put([admitted({"since": "2020-01-01T00:00:00Z", **there})])
    kept = bench.rows(flattened(RAW, model))
    (told,) = bench.rows(rejected(RAW, NOTHING, model))
    assert bool(kept) is not bool(told["reasons"])
