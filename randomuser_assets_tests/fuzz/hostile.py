"""Values, names and bytes that have broken some program before.

Each value is JSON as it is written, or what is none. Here belongs the list alone.
"""

import json

MEGABYTE = 1_000_000

TEXTS = [
    *("'; DROP TABLE raw.raw_users; --", '" OR 1=1 --', "$$); ATTACH 'x'; --", "{{ 7 * 7 }}"),
    *(
        "../../etc/passwd",
        "/etc/shadow",
        "..\\..\\x",
        "C:\\con",
        "a/b",
        "~",
        ".",
        "..",
        "%2e%2e%2f",
    ),
    *("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "'", "''", "'=1"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&amp;", "javascript:x"),
    *(
        "\x00",
        "a\x00b",
        "\x01\x02",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ufffe",
    ),
    *(
        "a,b",
        "a\r\nb",
        'say "yes"',
        "\\",
        "\\\\",
        "\\u0041",
        "\\N",
        "$1",
        "%s%n",
        "{}",
        "[]",
        "{",
        "[",
    ),
    *("", " ", "  x  ", "null", "NULL", "true", "NaN", "Infinity", "1e999", "-0", "today", "0x10"),
    *("\U0001f42b", "\u200c", "e\u0301", "ß", "İ", "ſ", "K", "é" * 300),  # noqa: RUF001  like s, K
    *("2025-02-29T00:00:00Z", "0001-01-01T00:00:00Z", "2999-12-31T23:59:59.999999Z", "1e5", "٣"),
    *("http://127.0.0.1/", "file:///etc/passwd", "https://randomuser.me/api/portraits/men/1.jpg"),
    *("9" * 400, "99999999999", "+14:59", "-0:00", "7a0eed16-9430-4d68-901f-c0d4c1c3bf00\n"),
]
NUMBERS = [
    *("0", "-0", "-1", "1e5", "1E400", "-1e-400", "0.1", "1.10", "2147483648", "9" * 19, "1" * 40),
    *("9" * 5000, "1." + "0" * 5000, "1e" + "9" * 30),
]
STRICT = [
    *(json.dumps(text) for text in TEXTS),
    *(json.dumps(text, ensure_ascii=False) for text in TEXTS),
    *NUMBERS,
    *("null", "true", "false", "[]", "{}", "[[]]", '{"":{}}', "[null,[1,{}]]", '[{"a":"b"}]'),
    *('{"a":1,"a":2}', '{"a":{"b":1,"b":{"b":2,"\\u0062":3}}}', '{"password":1,"hmac":[2]}'),
    *("[" * 90 + "]" * 90, '{"a":' * 300 + "1" + "}" * 300, "[" * 900 + "]" * 900),
]
"""Values that a strict reader takes, or should."""

ODD = [
    *("NaN", "Infinity", "-Infinity", "nan", "tru", "True", "None", "undefined", "'a'", "01", "1."),
    *(
        ".5",
        "+1",
        "0x1",
        "1_0",
        "--1",
        "1e",
        "/**/1",
        "//",
        "#",
        "b''",
        "[1,]",
        "{,}",
        "[,]",
        "1 2",
    ),
    *(
        '"\\ud800"',
        '"\\udc2b\\ud83d"',
        '"\\ud83d\\udc2b"',
        '"\ud800"',
        '"\ud83d\udc2b"',
        '"a\udfffb"',
    ),
    *(
        '"\\x"',
        '"\\u12"',
        '"\\u00zz"',
        '"a\tb"',
        '"a\nb"',
        '"\x00"',
        '"\x01\x1f"',
        "\x00",
        "\ufeff1",
    ),
    *('{"\\ud800":1,"\\udc00":2}', '{"\ud800":1,"\\ud800":2}', '{"a\tb":1}', "{a:1}", '{"a" 1}'),
    *('{"a":1 "b":2}', '{"a":1,"a":NaN}', "[NaN,1e999,-0]", "{1:2}", '{"a"}', "\u00a01", "\x0b1"),
    *("[" * 5000 + "]" * 5000, '{"a":' * 3000 + "NaN" + "}" * 3000, "[{" * 600 + "}]" * 600),
]
"""Values that it does not take. Their brackets and texts close, so that they end where they end."""

HUGE = [
    json.dumps("A" * MEGABYTE),
    f'"{"<é=" * (MEGABYTE // 4)}"',
    f'"{chr(0x5C) * MEGABYTE}"',
    f'"{chr(0x5C)}u00e9{chr(0x5C)}ud800{" " * MEGABYTE}"',
    "9" * MEGABYTE,
    "[" + "1," * (MEGABYTE // 2) + "1]",
    "{" + ",".join(f'"k{n % 7000}":{n}' for n in range(MEGABYTE // 12)) + "}",
    "[" * (MEGABYTE // 2) + "]" * (MEGABYTE // 2),
]
"""A megabyte each."""

UNCLOSED = [*('"', '"a', "{", "[", "}", "]", ",", "},{", "]}", '\\"', '"\\'), "", "[1}", '{"a":[}']
"""What leaves no reader sure of where a value ends."""

NAMES = [
    *(
        "password",
        "Password",
        "PASSWORD",
        "passw\\u006frd",
        "salt",
        "md5",
        "sha1",
        "SHA256",
        "value",
    ),
    *("login", "Login", "LOGIN", "l\\u006fgin", "id", "ID", "uuid", "username", "name", "hint"),
    *("password_hmac", "value_hmac", "hmac", "_unreadable", "_UNREADABLE", "gender", "location"),
    *(
        "",
        " ",
        "\\u0000",
        "a.b",
        "a_b",
        "\\ud800",
        "a\\tb",
        "a\tb",
        "é",
        "'; DROP TABLE x; --",
        "$",
    ),
    *("x" * 300, "ſalt", "K", "\\\\", '\\"', "__proto__", "\ufeff", "\ud800"),  # noqa: RUF001  as above
]
"""Names of members, as they are written between quotes."""

BYTES = [
    *(
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\xfe\xff",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
    ),
    *(
        b"\xed\xa0\xbd\xed\xb0\xab",
        b"\\",
        b"\\\xed\xa0\x80",
        b'"',
        b"\\ud800",
        b"\\u",
        b"\n",
        b"\t",
    ),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"{}",
        b"[]",
        b"null",
        b"NaN",
        b"-",
        b"\x1f",
        b"\xc3",
        b"//",
    ),
]
"""Bytes that are set into a body anywhere."""
