"""Whatever mess a record is, a secret that stands in its login or id cannot be read afterwards.

Here belongs the search for planted secrets among generated records, whole and broken. Not here:
what exactly is stored of a record (`test_door`, `test_page`).
"""

import base64
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from randomuser_assets.model import MODEL
from randomuser_assets.source.door import Door
from randomuser_assets.source.faults import LastingFault, PassingFault
from randomuser_assets_tests.source.wire import DOOR, KEY, admitted, record, shows, stored

SECRETS = ("PlantedPassword", "Planted-Pässwört-🐫", "9128374655647382910")
BROKEN = [
    *("NaN", "-Infinity", "tru", "01", "1.", "[1,]", "{,}", "", "'a'", '"\\x"', '"\\u12"'),
    *('"a\tb"', '"\x01"', '"\\ud83d"', '"\\udc2b\\ud83d"', '{"\\ud83d":1}', '{"a\nb":1}'),
    *("9" * 5000, "1e999", "[" * 2000 + "]" * 2000, '{"a":' * 2000 + "1" + "}" * 2000),
]
ODD_NAMES = [
    "hint",
    "PASSWORD",
    "passw\\u006frd",
    "",
    "password_hmac",
    "value_hmac",
    "hmac",
    "login",
]
NAMES = {
    "login": ["password", "salt", "md5", "sha1", "sha256", "value", *ODD_NAMES],
    "id": ["value", "password", *ODD_NAMES],
}
KEPT = {"login": ["uuid", "username"], "id": ["name"]}

BOUNDED = settings(max_examples=250, derandomize=True, deadline=None)


def writings(secret: str) -> list[str]:
    """Give ways to write a text in JSON."""
    plain, escaped = json.dumps(secret, ensure_ascii=False), json.dumps(secret)
    units = secret.encode("utf-16-be")
    all_escaped = "".join(f"\\u{units[n]:02x}{units[n + 1]:02X}" for n in range(0, len(units), 2))
    return [plain, escaped, f'"{all_escaped}"', *([secret] if secret.isdecimal() else [])]


def list_of(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.lists(inner, min_size=1, max_size=3).map(lambda items: f"[{','.join(items)}]")


def object_of(names: list[str], inner: SearchStrategy[str]) -> SearchStrategy[str]:
    member = st.tuples(st.sampled_from(names), inner).map(lambda pair: f'"{pair[0]}": {pair[1]}')
    return st.lists(member, min_size=1, max_size=4).map(lambda found: f"{{{','.join(found)}}}")


FINE = ["null", "1.10", '"text"', "{}", "[]", '"}"', '"\\""']
NOISE = st.sampled_from([*FINE * 10, *BROKEN])


@cache
def guarded(name: str, secret: str) -> SearchStrategy[str]:
    """Write a login or id in which the secret stands where it is not to be kept."""
    anywhere = st.recursive(
        st.sampled_from(writings(secret)),
        lambda inner: list_of(inner | NOISE) | object_of([*NAMES[name], "a"], inner | NOISE),
        max_leaves=5,
    )
    unkept = st.tuples(st.sampled_from(NAMES[name]), anywhere | NOISE)
    kept = st.tuples(st.sampled_from(KEPT[name]), list_of(anywhere) | object_of(["a"], anywhere))
    members = st.lists(unkept | unkept | kept, max_size=6)
    whole = members.map(lambda found: ",".join(f'"{key}":{value}' for key, value in found))
    return whole.map(lambda text: f"{{{text}}}") | anywhere


@st.composite
def messes(draw: st.DrawFn) -> tuple[str, bytes]:
    """Write a record with a secret in its login and id, and perhaps something wrong with it."""
    secret = draw(st.sampled_from(SECRETS))
    places = draw(st.lists(st.sampled_from(["login", "id"]), min_size=1, max_size=4))
    members = [f'"{place}": {draw(guarded(place, secret))}' for place in places]
    members += [f'"new":{value}' for value in draw(st.lists(NOISE, max_size=2))]
    text = f"{{{', '.join(draw(st.permutations(members)))}}}"
    match draw(st.sampled_from(["whole", "whole", "cut", "more", "one sign off"])):
        case "cut":
            text = text[: draw(st.integers(0, len(text)))]
        case "more":
            text += draw(st.sampled_from(["}", "]", '"', "x", "{}", ","]))
        case "one sign off":
            # No letter, since what stands under another name is no login any more.
            signs = [n for n, sign in enumerate(text) if sign in '{}[]:,"\\']
            gone = draw(st.sampled_from(signs))
            text = text[:gone] + text[gone + 1 :]
    return secret, text.encode()


@BOUNDED
@given(messes(), st.sampled_from([DOOR, Door(MODEL, KEY, discards=True)]))
def test_no_mess_lets_a_secret_out(mess: tuple[str, bytes], door: Door) -> None:
    secret, text = mess
    try:
        first, *found, last = admitted(record("first"), text, record("last"), door=door)
    except (PassingFault, LastingFault) as fault:
        told = str(fault)
    else:
        told = ""
        assert (first, last) == (stored("first"), stored("last"))
        assert not [payload for payload in found if shows(payload, secret)]
    assert secret not in told


@pytest.mark.parametrize("secret", SECRETS)
def test_the_search_finds_a_secret_however_it_is_hidden(secret: str) -> None:
    encoded = base64.b64encode(f"before {secret} behind".encode()).decode()
    for hidden in (*writings(secret), json.dumps([encoded]), json.dumps(secret.encode().hex())):
        assert shows(b'{"a":%b}' % hidden.encode(), secret)
    assert not shows(b'{"a":"nothing"}', secret)
