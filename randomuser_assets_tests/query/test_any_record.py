"""Whatever comes through the door is in exactly one half, and no query dies of it.

Records are made up: nested in odd ways, with odd types, numbers, names and characters, some of
them no JSON at all, some of them people with a few leaves replaced, by anything or by what lies
just on one side of a rule.
"""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from randomuser_assets.model import MODEL, Leaf
from randomuser_assets.source.door import Door
from randomuser_assets_tests.query.division import Bench
from randomuser_assets_tests.query.records import DOOR, Token, written

PATHS = [".".join(c.origin.path) for c in MODEL.leaves if isinstance(c.origin, Leaf)]
PARENTS = ["name", "location", "location.street", "login", "dob", "id", "picture", "gender"]
NAMES = sorted(
    {part for path in PATHS for part in path.split(".")} | {"_unreadable", "hmac", "", "\x00"}
)

_texts = st.text(max_size=12) | st.sampled_from(["", "{", "[", "\x00", "\ud800", "null", "\\"])
_numbers = st.integers() | st.floats() | st.integers(min_value=10**30, max_value=10**40)
_odd_tokens = st.sampled_from(
    [
        *("1e400", "-1E-400", "-0", "0.10", "01", "1.", "9" * 500, "NaN", "-Infinity", "tru", ""),
        *('"\\ud800"', '"\\x"', '"a\tb"', '"\\u0000"', "'a'", "\ufeff1", "\x00", "/**/1"),
        *("{", "[1,]", '{"a":1,"a":[2]}', "[" * 300, "[" * 2000 + "]" * 2000),
    ]
)
_near_a_rule = st.sampled_from(
    [
        *("0", "1", "9999", "10000", '"-90.0001"', '"90"', '"180.0000"', '"180.0001"', '"0:00"'),
        *('"+14:59"', '"+15:00"', '"a@b.c"', '"a@b"', '"http://x"', '"UA"', '"ua"', '"male"'),
        *('"1993-07-20T09:44:18.674Z"', '"1993-07-20T09:44:18.673999Z"', '"1000-01-01T00:00:00Z"'),
        *('"2002-05-21T10:59:49.966Z"', '"2002-05-21T10:59:49.966001Z"', '"2025-02-29T00:00:00Z"'),
        *('"2026-01-01T23:59:59.999999Z"', '"2026-01-02T00:00:00Z"', '"2999-12-31T00:00:00Z"'),
        '"https://randomuser.me/api/portraits/men/1.jpg"',
    ]
)
_leaves = (st.none() | st.booleans() | _numbers | _texts).map(json.dumps) | _odd_tokens


def _array(items: list[str]) -> str:
    return f"[{','.join(items)}]"


def _object(members: list[tuple[str, str]]) -> str:
    return f"{{{','.join(f'{json.dumps(name)}:{value}' for name, value in members)}}}"


_names = st.sampled_from(NAMES) | _texts
_json_ish = st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, max_size=4).map(_array)
        | st.lists(st.tuples(_names, inner), max_size=6).map(_object)
    ),
    max_leaves=20,
)
_objects = st.lists(st.tuples(_names, _json_ish), max_size=8).map(_object)
_values = (_json_ish | _near_a_rule).map(Token)
_people = st.dictionaries(st.sampled_from(PATHS), _values, max_size=3).map(written)
_stumps = st.tuples(st.sampled_from(PARENTS), _json_ish).map(lambda p: written({p[0]: Token(p[1])}))
_records = _people | _stumps | (_json_ish | _objects).map(lambda t: t.encode(errors="replace"))


@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    records=st.lists(_records, min_size=1, max_size=60),
    door=st.sampled_from([DOOR, Door(MODEL, b"k", discards=True)]),
)
def test_any_record_is_in_exactly_one_half(bench: Bench, records: list[bytes], door: Door) -> None:
    divided = bench.divided(door.admit(record) for record in records)
    assert len(divided.flattened) + len(divided.reasons) == len(records)
