"""Settings are read from the environment and `.env`, and what is wrong is said in one sentence.

Here belong names, defaults, faults, and the `.env` of a first start. Not here: what a setting
does, which the rooms that use it test.
"""

import logging
import re
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from randomuser_assets import settings as settings_module
from randomuser_assets.environment import env_example, settings_rows, write_env
from randomuser_assets.settings import (
    SAMPLE_KEY,
    Settings,
    SettingsError,
    alert_addresses,
    load_settings,
    project_root,
)

KEY = "a very secret key"
ROOT = Path(__file__).parents[1]

# What the README promises.
DEFAULTS = {
    "RANDOMUSER_SOURCE": "https://randomuser.me/api/1.4/",
    "RANDOMUSER_USERS_PER_DAY": 500,
    "RANDOMUSER_PAGE_SIZE": 500,
    "RANDOMUSER_SEED": "{date}",
    "RANDOMUSER_DAYS_ARE": "batches",
    "RANDOMUSER_START_DATE": date(2026, 1, 1),
    "RANDOMUSER_DATA_DIR": Path("data"),
    "RANDOMUSER_PII_KEY": None,
    "RANDOMUSER_PII_KEY_FILE": None,
    "RANDOMUSER_PEOPLE_PER_FIVE_MINUTES": 20_000,
    "RANDOMUSER_TIMEOUT": 30,
    "RANDOMUSER_REQUEST_BUDGET": 420,
    "RANDOMUSER_REQUEST_TRIES": 50,
    "RANDOMUSER_QUIET_PERIOD": 60,
    "RANDOMUSER_RUN_RETRIES": 3,
    "RANDOMUSER_RUN_RETRY_DELAY": 180,
    "RANDOMUSER_ENGINE": "duckdb",
    "RANDOMUSER_NEW_KEYS": "warn",
    "RANDOMUSER_REJECTED_WARN": 0,
    "RANDOMUSER_REJECTED_ERROR": 0.01,
    "RANDOMUSER_VOLUME_CHANGE": 0.5,
    "RANDOMUSER_ALERT_URLS": None,
    "RANDOMUSER_UI_URL": "http://127.0.0.1:3000",
    "RANDOMUSER_REPORTS_URL": "http://127.0.0.1:3001",
}
A_WAY_OUT = r"expected|should|needs more|leave out|make it"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the project another folder, with no `.env` in it."""
    monkeypatch.setattr(settings_module, "project_root", lambda: tmp_path)
    return tmp_path


def fault(monkeypatch: pytest.MonkeyPatch, **given: str) -> str:
    """Give the error of these settings."""
    for name, value in given.items():
        monkeypatch.setenv(f"RANDOMUSER_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    # An error behind this one would quote what this one keeps to itself.
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    return str(caught.value)


# What holds unless something is said


def test_without_a_word_the_defaults_hold() -> None:
    settings = load_settings()
    found = {name: getattr(settings, name.removeprefix("RANDOMUSER_").lower()) for name in DEFAULTS}
    assert found == DEFAULTS


def test_the_environment_wins_over_env_and_env_over_the_defaults(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".env").write_text("RANDOMUSER_PAGE_SIZE=7\nRANDOMUSER_USERS_PER_DAY=8\nOTHER=1\n")
    monkeypatch.setenv("RANDOMUSER_PAGE_SIZE", "9")
    settings = load_settings()
    assert (settings.page_size, settings.users_per_day, settings.seed) == (9, 8, "{date}")


def test_an_empty_setting_is_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".env").write_text("RANDOMUSER_TIMEOUT=\nRANDOMUSER_PAGE_SIZE=7\n")
    for name in ("SOURCE", "PAGE_SIZE", "PII_KEY", "START_DATE"):
        monkeypatch.setenv(f"RANDOMUSER_{name}", "")
    settings = load_settings()
    assert settings.page_size == 7
    assert settings.timeout == 30
    assert settings.pii_key is None


def test_an_address_may_leave_out_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_SOURCE", "http://localhost:8765/api/1.4")
    assert load_settings().source == "http://localhost:8765/api/1.4/"


def test_a_seed_holds_the_day_where_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 11, 20)
    assert load_settings().seed_on(day) == "2026-11-20"
    monkeypatch.setenv("RANDOMUSER_SEED", "a-{date}-b")
    assert load_settings().seed_on(day) == "a-2026-11-20-b"
    monkeypatch.setenv("RANDOMUSER_SEED", "constant {x}")
    assert load_settings().seed_on(day) == "constant {x}"


def test_today_may_be_the_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_START_DATE", f"{datetime.now(UTC).date()}")
    load_settings()


def test_a_day_may_have_as_many_pages_as_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_USERS_PER_DAY", "5000000")
    assert load_settings().users_per_day == 5_000_000


# Saved responses


@pytest.mark.parametrize(
    ("source", "folder"),
    [
        ("files:/srv/deliveries", "/srv/deliveries"),
        ("files:deliveries/../here", "{home}/here"),
        ("files:~/deliveries", "{user}/deliveries"),
        ("files:a?b", "{home}/a?b"),
    ],
)
def test_saved_responses_lie_in_a_folder_that_is_relative_to_the_project(
    home: Path, monkeypatch: pytest.MonkeyPatch, source: str, folder: str
) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("RANDOMUSER_SOURCE", source)
    expected = Path(folder.format(home=home, user="/home/somebody"))
    assert load_settings().files_path == expected


@pytest.mark.parametrize("source", ["sample", "http://localhost/api/1.4/"])
def test_any_other_source_has_no_folder(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setenv("RANDOMUSER_SOURCE", source)
    assert load_settings().files_path is None


@pytest.mark.parametrize("source", ["files:", "files:  "])
def test_saved_responses_need_a_folder(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    assert "expected a folder behind 'files:'" in fault(monkeypatch, SOURCE=source)


def test_saved_responses_need_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_SOURCE", "files:deliveries")
    with pytest.raises(SettingsError, match="RANDOMUSER_PII_KEY is not set"):
        load_settings().key_bytes()


def test_what_is_asked_elsewhere_says_nothing_of_saved_responses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RANDOMUSER_SOURCE", "files:deliveries")
    monkeypatch.setenv("RANDOMUSER_PAGE_SIZE", "1")
    monkeypatch.setenv("RANDOMUSER_USERS_PER_DAY", "99999")
    assert load_settings().users_per_day == 99999


# Where data go


@pytest.mark.parametrize("cwd", [".", "randomuser_assets/source", "/"])
def test_the_project_is_found_from_anywhere(cwd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / cwd)
    assert project_root() == ROOT
    assert (project_root() / "workspace.yaml").is_file()


def test_a_relative_folder_is_relative_to_the_project(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert load_settings().data_path == home / "data"
    monkeypatch.setenv("RANDOMUSER_DATA_DIR", "some/../where")
    assert load_settings().data_path == home / "where"


def test_an_absolute_folder_is_where_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_DATA_DIR", "/srv/people")
    settings = load_settings()
    assert settings.reports_path == Path("/srv/people/reports")
    assert settings.warehouse_path == Path("/srv/people/warehouse.duckdb")
    assert settings.csv_path == Path("/srv/people/csv")
    assert settings.spool_path == Path("/srv/people/spool")
    assert settings.dagster_home == Path("/srv/people/dagster")


def test_a_folder_may_be_below_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RANDOMUSER_DATA_DIR", "~/people")
    assert load_settings().data_path == tmp_path / "people"


# The key


def test_a_real_source_without_a_key_is_refused(home: Path) -> None:
    settings = load_settings()
    with pytest.raises(SettingsError, match="RANDOMUSER_PII_KEY is not set") as caught:
        settings.key_bytes()
    assert str(home / ".env") in str(caught.value)


def test_the_sample_goes_without_a_key_and_has_the_published_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RANDOMUSER_SOURCE", "sample")
    assert load_settings().key_bytes() == SAMPLE_KEY.encode()
    monkeypatch.setenv("RANDOMUSER_PII_KEY", KEY)
    assert load_settings().key_bytes() == KEY.encode()


def test_a_key_is_its_utf_8_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_PII_KEY", "Schlüssel 🔑")
    assert load_settings().key_bytes() == "Schlüssel 🔑".encode()


def test_the_key_is_shown_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANDOMUSER_PII_KEY", KEY)
    settings = load_settings()
    for text in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.pii_key}"):
        assert KEY not in text
    for given in ({"PAGE_SIZE": "x"}, {"PAGE_SIZE": "1", "USERS_PER_DAY": "99999"}, {"X": "1"}):
        with monkeypatch.context() as patch:
            assert KEY not in fault(patch, **given)


def test_a_key_may_lie_in_a_file_which_wins(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "key").write_text(f"{KEY}é\n")
    monkeypatch.setenv("RANDOMUSER_PII_KEY", "another")
    monkeypatch.setenv("RANDOMUSER_PII_KEY_FILE", "key")
    settings = load_settings()
    assert settings.key_bytes() == f"{KEY}é".encode()
    assert KEY not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (None, "cannot be read: No such file"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"x" * 5000, "has more than 4096 bytes"),
    ],
)
def test_a_file_that_holds_no_key_is_told_without_its_name_or_what_it_holds(
    home: Path, monkeypatch: pytest.MonkeyPatch, held: bytes | None, said: str
) -> None:
    if held is not None:
        (home / "a secret").write_bytes(held)
    monkeypatch.setenv("RANDOMUSER_PII_KEY_FILE", "a secret")
    settings = load_settings()
    with pytest.raises(SettingsError, match=said) as caught:
        settings.key_bytes()
    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)
    assert "a secret" not in f"{caught.value} {settings!r}"
    assert "xxx" not in f"{caught.value}"


# What the monitor is told


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        *(("NEW_KEYS", value, value) for value in ("warn", "evolve", "freeze", "discard")),
        *(("REJECTED_WARN", value, float(value)) for value in ("0", "1", "0.005", "1e-3")),
        *(("REJECTED_ERROR", value, float(value)) for value in ("0", "1", "0.2")),
        *(("VOLUME_CHANGE", value, float(value)) for value in ("0.0001", "1", "20")),
        ("UI_URL", "https://dagster.example/", "https://dagster.example"),
        ("UI_URL", "http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("REPORTS_URL", "https://example.com/reports/", "https://example.com/reports"),
    ],
)
def test_the_monitor_takes_what_is_within_bounds(
    name: str, value: str, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"RANDOMUSER_{name}", value)
    assert getattr(load_settings(), name.lower()) == read


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("NEW_KEYS", "drop", "input should be 'warn', 'evolve', 'freeze' or 'discard'."),
        (
            "DATA_DIR",
            "what?",
            "expected a folder without ? and \\ in its path: DuckDB opens no file there.",
        ),
        (
            "DATA_DIR",
            "c:\\data",
            "expected a folder without ? and \\ in its path: DuckDB opens no file there.",
        ),
        ("REJECTED_WARN", "1.5", "input should be less than or equal to 1."),
        ("REJECTED_ERROR", "-1", "input should be greater than or equal to 0."),
        ("VOLUME_CHANGE", "0", "input should be greater than 0."),
        ("UI_URL", "dagster", "expected an address like http://127.0.0.1:3000."),
        ("VOLUME_CHANGE", "inf", "input should be a finite number."),
        ("REPORTS_URL", "reports", "expected an address like http://127.0.0.1:3000."),
    ],
)
def test_what_is_out_of_bounds_is_told_in_a_sentence(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fault(monkeypatch, **{name: value}) == f"RANDOMUSER_{name}={value!r}: {sentence}"


@pytest.mark.parametrize("name", ["UI_URL", "REPORTS_URL"])
@pytest.mark.parametrize(
    "address", ["http://me:hunter2@h/", "https://hunter2@h", "me:hunter2@h", "http://me:hun@ter2@h"]
)
def test_an_address_that_is_shown_holds_no_password(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = fault(monkeypatch, **{name: address})
    assert told.endswith(": expected an address without user and password: it is shown as a link.")
    assert "ter2" not in told


# Where alerts go

TOKEN = "T0kenOfTheAlerts"
CHAT = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
HOOK, MAIL = f"json://alerts.example/{TOKEN}", f"mailto://me:{TOKEN}@example.com"


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (HOOK, [HOOK]),
        (f"  {HOOK}\n", [HOOK]),
        (f"{HOOK} {MAIL}", [HOOK, MAIL]),
        (f"{HOOK},{MAIL}", [HOOK, MAIL]),
        (f"{HOOK} ,\n\t {MAIL}  ", [HOOK, MAIL]),
        (f"{MAIL}?to=a@example.com,b@example.com", [f"{MAIL}?to=a@example.com,b@example.com"]),
        (
            f"{MAIL}?to=a@example.com,b@example.com,{HOOK},{MAIL}?cc=c@example.com,d@example.com",
            [
                f"{MAIL}?to=a@example.com,b@example.com",
                HOOK,
                f"{MAIL}?cc=c@example.com,d@example.com",
            ],
        ),
        (f"{CHAT}/#a,#b {HOOK}", [f"{CHAT}/#a,#b", HOOK]),
        (f"{HOOK};{MAIL}", [HOOK, MAIL]),
        (f"{HOOK} ; , {MAIL};{CHAT}", [HOOK, MAIL, CHAT]),
        (f"{MAIL}?to=a@example.com;b@example.com", [f"{MAIL}?to=a@example.com;b@example.com"]),
        (f",{HOOK},", [HOOK]),
        (f" ;\n{HOOK} {MAIL} ;, ", [HOOK, MAIL]),
        (" \t", []),
        (",", []),
        (" ;, ", []),
    ],
)
def test_addresses_are_apart_by_blanks_commas_or_semicolons(
    value: str, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANDOMUSER_ALERT_URLS", value)
    assert alert_addresses(load_settings().alert_urls) == addresses


def test_without_addresses_there_are_none() -> None:
    assert alert_addresses(load_settings().alert_urls) == []


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (TOKEN, 1),
        (f"nonsense://{TOKEN}", 1),
        (f"slack://{TOKEN}", 1),
        (f"mailto://{TOKEN}", 1),
        (f"{HOOK} nonsense://{TOKEN}", 2),
        (f"{HOOK},{MAIL},json://", 3),
        (f"{HOOK};nonsense://{TOKEN};{MAIL}", 2),
        (f",nonsense://{TOKEN}", 1),
    ],
)
def test_an_address_that_is_none_is_counted_and_not_quoted(
    value: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fault(monkeypatch, ALERT_URLS=value) == (
        f"RANDOMUSER_ALERT_URLS: address {number} is none that Apprise knows; expected addresses "
        "like slack://… or mailto://…, separated by blanks or commas."
    )


@pytest.mark.parametrize(
    "address",
    [
        f"mailto://ada:{TOKEN}@",
        f"json://me:{TOKEN}@:x/",
        f"nonsense://{TOKEN}",
        f"msteams://outlook/{TOKEN}",
        f"https://hooks.example/services/{TOKEN}",
    ],
)
def test_an_address_that_is_refused_is_in_no_log_either(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The library logs an address that it cannot read as an error, password and all."""
    caplog.set_level(logging.DEBUG)
    assert TOKEN not in fault(monkeypatch, ALERT_URLS=address)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("value", [HOOK, f"{HOOK} {MAIL}"])
def test_addresses_of_alerts_are_shown_to_nobody(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANDOMUSER_ALERT_URLS", value)
    settings = load_settings()
    for told in (
        *(repr(settings), str(settings), f"{settings.alert_urls}", repr(settings.alert_urls)),
        *(repr(settings.model_dump()), settings.model_dump_json(), env_example()),
        repr(settings.model_dump(mode="json")),
    ):
        assert TOKEN not in told
        assert "alerts.example" not in told
    for given in (
        {"PAGE_SIZE": "x"},
        {"PAGE_SIZE": "1", "USERS_PER_DAY": "99999"},
        {"ALERT_URL": value},
        {"ALERTS": value},
        {"ALERT_URLS": f"{value} nonsense://{TOKEN}", "TIMEOUT": "soon"},
    ):
        with monkeypatch.context() as patch:
            assert TOKEN not in fault(patch, **given)


# What is wrong


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("SOURCE", value) for value in ("sampel", "ftp://x/", "randomuser.me", "https://")),
        *(("SOURCE", f"https://h{value}") for value in ("/?a=1", "/#a", ":99999/", ":port/", "[")),
        *(("USERS_PER_DAY", value) for value in ("0", "-1", "many", "1.5", "1e3")),
        *(("PAGE_SIZE", value) for value in ("0", "5001", "x")),
        *(("SEED", value) for value in ("a" * 18, "people-2{date}")),
        *(("START_DATE", value) for value in ("yesterday", "2026-02-30", "20260101")),
        ("START_DATE", f"{datetime.now(UTC).date() + timedelta(days=2)}"),
        *(("TIMEOUT", value) for value in ("0", "-1", "soon", "nan", "inf")),
        *(("REQUEST_BUDGET", value) for value in ("0", "-1", "x", "nan")),
        *(("CONNECTIONS", value) for value in ("0", "33", "x")),
        *(("RUN_RETRIES", value) for value in ("-1", "x")),
        *(("RUN_RETRY_DELAY", value) for value in ("-1", "x", "nan")),
        ("DAYS_ARE", "weeks"),
        ("ENGINE", "abacus"),
        *(("NEW_KEYS", value) for value in ("WARN", "drop", " warn", "1")),
        *(("REJECTED_WARN", value) for value in ("-0.0001", "1.0001", "1%", "nan", "inf", "x")),
        *(("REJECTED_ERROR", value) for value in ("-0.0001", "1.0001", "nan", "-inf", "few")),
        *(("VOLUME_CHANGE", value) for value in ("0", "-0.5", "nan", "inf", "-inf", "half")),
        *(("UI_URL", value) for value in ("sample", "localhost:3000", "ftp://h/", "http://h/?a=1")),
        *(("REPORTS_URL", value) for value in ("file:///tmp", "/reports", "http://h/#top")),
    ],
    ids=lambda value: value[:20],
)
def test_a_malformed_value_is_told_with_its_name_and_a_way_out(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = fault(monkeypatch, **{name: value})
    assert told.startswith(f"RANDOMUSER_{name}={value[:80]!r}: ")
    assert re.search(A_WAY_OUT, told)
    assert told.endswith(".")
    assert len(told) < 400


def test_all_faults_are_told_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".env").write_text("RANDOMUSER_TIMEOUT=soon\n")
    told = fault(monkeypatch, PAGE_SIZE="x", CONNECTIONS="0", SORCE="sample")
    for name in ("TIMEOUT", "PAGE_SIZE", "CONNECTIONS", "SORCE"):
        assert f"RANDOMUSER_{name}" in told


def test_more_pages_than_the_api_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault(monkeypatch, USERS_PER_DAY="5000001") == (
        "RANDOMUSER_USERS_PER_DAY=5000001 needs more than 10000 pages of RANDOMUSER_PAGE_SIZE=500, "
        "and the API answers any page beyond with page 1; ask for fewer people or larger pages."
    )


@pytest.mark.parametrize(
    "address",
    [
        "ftp://me:hunter2@host/",
        "https://me:hunter2@host/?a=1",
        "https://me:hun@ter2@host/?a=1",
        "https://me:hun/ter2@host/",
        "ftp://me:hun ter2@host/",
        "me:hunter2@randomuser.me/api/1.4/",
    ],
)
def test_a_password_in_an_address_is_never_shown(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ter2" not in fault(monkeypatch, SOURCE=address)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("RANDOMUSER_SORCE", "RANDOMUSER_SOURCE"),
        ("RANDOMUSER_USERS_PER_DAYS", "RANDOMUSER_USERS_PER_DAY"),
        ("RANDOMUSER_PIIKEY", "RANDOMUSER_PII_KEY"),
        ("randomuser_page_sice", "RANDOMUSER_PAGE_SIZE"),
    ],
)
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_an_unknown_name_is_refused_with_the_nearest_known(
    wrong: str, near: str, place: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == ".env":
        (home / ".env").write_text(f"{wrong}=secret\n")
    else:
        monkeypatch.setenv(wrong, "secret")
    assert fault(monkeypatch) == f"{wrong} is no setting of this version: did you mean {near}?"


@pytest.mark.parametrize("name", ["XYZQQQ", "FAVOURITE_COLOUR"])
def test_a_name_that_is_near_to_none_is_refused_with_all(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = fault(monkeypatch, **{name: "1"})
    assert told.startswith(f"RANDOMUSER_{name} is no setting of this version: known are ")
    assert all(known in told for known in DEFAULTS)


# The first start


def test_a_first_start_writes_settings_that_only_the_owner_can_read(home: Path) -> None:
    assert write_env(home / ".env")
    assert stat.S_IMODE((home / ".env").stat().st_mode) == 0o600
    settings = load_settings()
    assert settings.source == "sample"
    assert re.fullmatch("[0-9a-f]{64}", settings.key_bytes().decode())


def test_every_first_start_draws_another_key(home: Path) -> None:
    for name in ("one", "other"):
        write_env(home / name)
    assert (home / "one").read_text() != (home / "other").read_text()


def test_a_second_start_leaves_the_settings_alone(home: Path) -> None:
    (home / ".env").write_text("RANDOMUSER_PAGE_SIZE=7\n")
    assert not write_env(home / ".env")
    assert (home / ".env").read_text() == "RANDOMUSER_PAGE_SIZE=7\n"


def test_the_environment_wins_over_what_a_first_start_wrote(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_env(home / ".env")
    monkeypatch.setenv("RANDOMUSER_SOURCE", "http://localhost/")
    monkeypatch.setenv("RANDOMUSER_PII_KEY", KEY)
    assert load_settings().source == "http://localhost/"
    assert load_settings().key_bytes() == KEY.encode()


def test_the_example_is_current_and_names_every_setting() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()
    names = [name for name, _, _ in settings_rows()]
    assert set(DEFAULTS) <= set(names)
    assert len(names) == len(Settings.model_fields)
    assert all(f"\n# {name}=" in env_example() for name in names)


def test_the_example_can_be_copied_as_it_is(home: Path) -> None:
    commented = env_example().splitlines()
    lines = [line.removeprefix("# ") for line in commented if re.match(r"# [A-Z_]+=", line)]
    (home / ".env").write_text("\n".join(lines))
    assert load_settings() == Settings()
