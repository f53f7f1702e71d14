"""The settings: read from the environment and `.env`, said once, with a sentence for each fault.

Here belong names, defaults, bounds and the paths that follow from them. What a setting does is
the business of the room that uses it.
"""

import difflib
import logging
import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from randomuser_assets.bounds import MAX_PAGE_SIZE, MAX_PAGES
from randomuser_assets.bounds import SettingsError as SettingsError  # noqa: PLC0414  of this room

PREFIX = "RANDOMUSER_"
SAMPLE = "sample"
FILES = "files:"
SAMPLE_KEY = "the-published-key-of-the-built-in-sample"
"""Hashes of invented people need no secret; having a fixed key makes demos comparable."""

UNUSABLE_SEED_LENGTH = 18
_LONGEST_KEY = 4096  # bytes
LONGEST = 86_400  # seconds that anything is waited for: a day


def project_root() -> Path:
    """Find the folder of workspace.yaml: beside the package, or upwards from here."""
    package_home = Path(__file__).resolve().parent.parent
    here = Path.cwd()
    for folder in (package_home, here, *here.parents):
        if (folder / "workspace.yaml").is_file():
            return folder
    return here


def _source(value: str) -> str:
    if value.startswith(FILES):
        if not value.removeprefix(FILES).strip():
            raise ValueError(f"expected a folder behind {FILES!r}, like {FILES}data/recorded")
        return value
    return value if value == SAMPLE else check_address(value)


def check_address(value: str) -> str:
    """Refuse what cannot be the base address of an API; give it with a slash at its end."""
    try:
        parts = urlsplit(value)
        # What a person cannot see in it would only be told after minutes of trying.
        visible = value.isprintable() and " " not in value.rpartition("@")[2]
        usable = (
            visible and parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        )
    except ValueError:  # a bracket that does not close, a port that is none
        usable = False
    if not usable:
        raise ValueError(
            f"expected an address like https://randomuser.me/api/1.4/, the word {SAMPLE!r}, or a "
            f"folder like {FILES}data/recorded"
        )
    if parts.query or parts.fragment:
        raise ValueError("expected a base address: leave out what begins with ? or #")
    return value if value.endswith("/") else value + "/"


def check_seed(seed: str) -> str:
    """Refuse a seed that the API does not take for one."""
    if len(seed) == UNUSABLE_SEED_LENGTH:
        raise ValueError(
            f"the seed {seed!r} has exactly {UNUSABLE_SEED_LENGTH} characters: the API reads the "
            "last two of such a seed as a nationality, draws people of one nation or never "
            "answers; make it longer or shorter"
        )
    return seed


def _seed_template(value: str) -> str:
    if not value:
        raise ValueError("expected a text, with {date} where the day belongs")
    check_seed(seed_of(value, date.min))
    return value


def seed_of(template: str, day: date) -> str:
    """Give the seed of a day's request."""
    return template.replace("{date}", day.isoformat())


def _day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("expected a day like 2026-01-31")
    return value


def _key(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("expected a long random text, not blanks")
    return value


def key_in(path: Path, named_by: str = f"{PREFIX}PII_KEY_FILE") -> bytes:
    """Read a key from its file; neither what it holds nor its name is shown."""
    try:
        with path.open("rb") as file:
            held = file.read(_LONGEST_KEY + 1)
        key = held.decode().removesuffix("\n").removesuffix("\r")
        fault = None if key.strip() else "is empty"
        if len(held) > _LONGEST_KEY:
            fault = f"has more than {_LONGEST_KEY} bytes"
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        fault = "is not UTF-8 text"
    if fault:
        # The name is not quoted: it may be the key, put there by mistake.
        raise SettingsError(
            f"The file that {named_by} names {fault}. Expected the path of a file with "
            "one long random text in it."
        ) from None
    return key.encode()


def _page_address(value: str) -> str:
    if "@" in value:
        raise ValueError("expected an address without user and password: it is shown as a link")
    try:
        return check_address(value).rstrip("/")
    except ValueError:
        raise ValueError("expected an address like http://127.0.0.1:3000") from None


def alert_addresses(value: SecretStr | None) -> list[str]:
    """Give the addresses one by one; a comma within one separates its recipients."""
    text = value.get_secret_value().strip(" \t\r\n,;") if value else ""
    return re.split(r"[\s,;]+(?=[A-Za-z0-9]+://)", text) if text else []


def _alert_urls(value: SecretStr) -> SecretStr:
    from apprise import Apprise

    def nothing(_: logging.LogRecord) -> bool:
        return False

    log = logging.getLogger("apprise")
    log.addFilter(nothing)  # it would log an address that it cannot read, token and all
    try:
        unknown = [
            number
            for number, address in enumerate(alert_addresses(value), 1)
            if Apprise.instantiate(address) is None
        ]
    finally:
        log.removeFilter(nothing)
    if unknown:
        # The address holds a token: it is counted, not quoted.
        raise ValueError(
            f"address {unknown[0]} is none that Apprise knows; expected addresses like "
            "slack://… or mailto://…, separated by blanks or commas"
        )
    return value


def _folder(value: Path) -> Path:
    if "\0" in str(value):
        raise ValueError("expected a folder without NUL in its path: no system has one")
    try:
        value.expanduser()
    except RuntimeError:
        raise ValueError("expected a folder: there is no home that its ~ could mean") from None
    # The engine takes what follows a ? for options, and a backslash for a separator.
    if {"?", "\\"} & set(str(value)):
        raise ValueError(
            "expected a folder without ? and \\ in its path: DuckDB opens no file there"
        )
    return value


def _start(value: date) -> date:
    if value > datetime.now(UTC).date():
        raise ValueError("expected a day that is not in the future")
    return value


class Settings(BaseSettings):
    """Everything that can be set, each as RANDOMUSER_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    source: Annotated[str, AfterValidator(_source)] = Field(
        "https://randomuser.me/api/1.4/",
        description=f"Base address of the API; `{SAMPLE}`: the built-in stand-in; `{FILES}DIR`: "
        "saved responses, a folder a day; a relative one is relative to the folder of "
        "workspace.yaml",
    )
    users_per_day: int = Field(500, ge=1, description="People a day")
    page_size: int = Field(500, ge=1, le=MAX_PAGE_SIZE, description="People a request")
    seed: Annotated[str, AfterValidator(_seed_template)] = Field(
        "{date}", description="Seed of a day's request; `{date}` is the day"
    )
    start_date: Annotated[date, BeforeValidator(_day), AfterValidator(_start)] = Field(
        date(2026, 1, 1), description="First day"
    )
    data_dir: Annotated[Path, AfterValidator(_folder)] = Field(
        Path("data"),
        description="Where everything is written; relative to the folder of workspace.yaml",
    )
    pii_key: Annotated[SecretStr, AfterValidator(_key)] | None = Field(
        None, description=f"Secret of the keyed hashes; only `{SAMPLE}` goes without one"
    )
    pii_key_file: Path | None = Field(
        None,
        repr=False,  # whoever puts the key itself here by mistake shall not find it in a log
        description="A file that holds that secret, as mounted ones do; it wins over "
        f"`{PREFIX}PII_KEY`",
    )
    timeout: float = Field(
        30,
        gt=0,
        le=LONGEST,
        description="Seconds without a byte before a request is given up",
    )
    request_budget: float = Field(
        420, gt=0, le=LONGEST, description="Seconds a page may take with all its retries"
    )
    request_tries: int = Field(
        50, ge=1, description="Times a page may be asked for; whichever is spent first ends it"
    )
    connections: int = Field(4, ge=1, le=32, description="Pages fetched at the same time")
    people_per_five_minutes: int = Field(
        20_000,
        ge=1,
        description="People asked of the source in five minutes, by all runs together; for "
        f"`{SAMPLE}` and an address of this machine it counts only when it is set",
    )
    quiet_period: float = Field(
        60,
        ge=0,
        le=LONGEST,
        description=f"Seconds without a change after which a delivery to `{FILES}DIR` is complete "
        "without a `_SUCCESS` file",
    )
    run_retries: int = Field(3, ge=0, description="Times the fetching step is tried again")
    run_retry_delay: float = Field(180, ge=0, le=LONGEST, description="Seconds between those tries")

    new_keys: Literal["warn", "evolve", "freeze", "discard"] = Field(
        "warn",
        description="What a key that nobody declared does: `warn`, `evolve` (it is welcome), "
        "`freeze` (it stops the day), `discard` (it is not stored); it is recorded in any case",
    )
    rejected_warn: float = Field(
        0,
        ge=0,
        le=1,
        description="Share of a day's records above which rejecting them is a warning",
    )
    rejected_error: float = Field(
        0.01, ge=0, le=1, description="Share from which it is an error, which stops its exports"
    )
    volume_change: float = Field(
        0.5,
        gt=0,
        allow_inf_nan=False,
        description="Share by which a day's records may differ from the median of the days before",
    )
    alert_urls: Annotated[SecretStr, AfterValidator(_alert_urls)] | None = Field(
        None,
        description="Where alerts go: [Apprise](https://github.com/caronc/apprise/wiki) addresses, "
        "separated by blanks or commas",
    )
    ui_url: Annotated[str, AfterValidator(_page_address)] = Field(
        "http://127.0.0.1:3000", description="Where the Dagster UI is, for links in alerts"
    )
    reports_url: Annotated[str, AfterValidator(_page_address)] = Field(
        "http://127.0.0.1:3001",
        description="Where the folder of reports is served, for links in the UI; `make dev` does",
    )

    export_columns: Literal["all", "public"] = Field(
        "all",
        description="Columns of the CSV and Parquet files: `all`, or `public`: those that are "
        "neither secret nor direct identifiers; files of other days stay as they are",
    )
    backups_kept: int = Field(7, ge=1, description="Backups that are kept, the newest ones")

    days_are: Literal["batches", "snapshots"] = Field(
        "batches",
        description="What a day holds, by which history reads absence: `batches`: some people, so "
        "that it says nothing; `snapshots`: everybody, so that it ends a version",
    )
    engine: Literal["duckdb"] = Field(
        "duckdb", description="What runs the queries; this version knows `duckdb`"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _is_text(cls, value: object) -> object:
        # A byte of the environment that is no text becomes half a character, which nothing takes.
        if isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise ValueError("expected a text in UTF-8") from None
        return value

    @model_validator(mode="after")
    def _a_day_has_no_more_pages_than_the_api(self) -> Self:
        # A delivery's pages are its files, however many people are asked for elsewhere.
        if self.files_path is None and self.users_per_day > self.page_size * MAX_PAGES:
            raise ValueError(
                f"{PREFIX}USERS_PER_DAY={self.users_per_day} needs more than {MAX_PAGES} pages of "
                f"{PREFIX}PAGE_SIZE={self.page_size}, and the API answers any page beyond with "
                "page 1; ask for fewer people or larger pages"
            )
        return self

    @model_validator(mode="after")
    def _a_page_has_a_turn(self) -> Self:
        if self.people_per_five_minutes < self.page_size:
            raise ValueError(
                f"{PREFIX}PEOPLE_PER_FIVE_MINUTES={self.people_per_five_minutes} allows no page of "
                f"{PREFIX}PAGE_SIZE={self.page_size}; make pages smaller or allow more"
            )
        return self

    @property
    def data_path(self) -> Path:
        """The data directory, absolute."""
        return (project_root() / self.data_dir.expanduser()).resolve()

    @property
    def files_path(self) -> Path | None:
        """The folder of saved responses, absolute, where they are the source."""
        if not self.source.startswith(FILES):
            return None
        folder = Path(self.source.removeprefix(FILES)).expanduser()
        return (project_root() / folder).resolve()

    @property
    def recorded_path(self) -> Path:
        """The folder that responses are recorded to, unless another one is named."""
        return self.data_path / "recorded"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file."""
        return self.data_path / "warehouse.duckdb"

    @property
    def csv_path(self) -> Path:
        """The folder of the CSV files."""
        return self.data_path / "csv"

    @property
    def parquet_path(self) -> Path:
        """The folder of the Parquet files."""
        return self.data_path / "parquet"

    @property
    def catalog_path(self) -> Path:
        """The DuckDB file of views over the Parquet files, which anybody may keep open."""
        return self.data_path / "catalog.duckdb"

    @property
    def backups_path(self) -> Path:
        """The folder of the backups."""
        return self.data_path / "backups"

    @property
    def reports_path(self) -> Path:
        """The folder of the reports."""
        return self.data_path / "reports"

    @property
    def spool_path(self) -> Path:
        """The folder of fetched pages that are not in the warehouse yet."""
        return self.data_path / "spool"

    @property
    def fair_use_path(self) -> Path:
        """The file that says how many people were asked for lately."""
        return self.data_path / ".fair_use"

    @property
    def dagster_home(self) -> Path:
        """The DAGSTER_HOME of `make demo` and `make dev`."""
        return self.data_path / "dagster"

    @property
    def pii_key_path(self) -> Path:
        """The file that holds the key, if one is set."""
        try:
            return project_root() / (self.pii_key_file or Path()).expanduser()
        except RuntimeError:  # ~somebody whom this machine does not know
            return project_root() / (self.pii_key_file or Path())

    @property
    def discards_new_keys(self) -> bool:
        """Whether keys that nobody declared are not stored."""
        return self.new_keys == "discard"

    def key_bytes(self) -> bytes:
        """Give the key of the hashes, or say that it is missing."""
        # The file wins: a .env of `make setup` always sets the other.
        if self.pii_key_file is not None:
            return key_in(self.pii_key_path)
        if self.pii_key is not None:
            return self.pii_key.get_secret_value().encode()
        if self.source == SAMPLE:
            return SAMPLE_KEY.encode()
        raise SettingsError(
            f"{PREFIX}PII_KEY is not set, and passwords and document numbers of a real source are "
            "kept only as keyed hashes. Set it to a long random text in the environment or in "
            f"{project_root() / '.env'} (`make setup` writes one), or {PREFIX}PII_KEY_FILE to a "
            "file that holds it, and keep it: other keys give other hashes."
        )

    def seed_on(self, day: date) -> str:
        """Give the seed of a day's request."""
        return seed_of(self.seed, day)

    def days_between(self, first: str, last: str) -> list[date]:
        """Give these days, or say which of them can be no partition."""
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        today = datetime.now(UTC).date()
        if not self.start_date <= start <= end <= today:
            raise SettingsError(
                f"Expected days from {self.start_date} ({PREFIX}START_DATE) to {today}, which is "
                f"today, the earlier one first; got {start} to {end}."
            )
        return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def load_settings() -> Settings:
    """Read the settings, or raise one SettingsError that names every fault."""
    env_file = project_root() / ".env"
    try:
        faults = _unknown_names(env_file)
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file} is not UTF-8: write it again as UTF-8.") from None
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        faults += [_sentence(fault["loc"], fault) for fault in error.errors(include_url=False)]
    if faults:
        # Raised apart from the validation error, which quotes values, the key's among them.
        raise SettingsError(" ".join(faults))
    return settings


def _unknown_names(env_file: Path) -> list[str]:
    known = {name.upper() for name in Settings.model_fields}
    written = dotenv_values(env_file) if env_file.is_file() else {}
    given = {name for name, value in [*written.items(), *os.environ.items()] if value}
    faults = []
    for name in sorted(name for name in given if name.upper().startswith(PREFIX)):
        short = name.upper().removeprefix(PREFIX)
        if short in known:
            continue
        near = difflib.get_close_matches(short, known, n=1)
        every = ", ".join(PREFIX + setting for setting in sorted(known))
        advice = f"did you mean {PREFIX}{near[0]}?" if near else f"known are {every}."
        faults.append(f"{name} is no setting of this version: {advice}")
    return faults


def _sentence(location: tuple[int | str, ...], fault: ErrorDetails) -> str:
    message = fault["msg"].removeprefix("Value error, ").rstrip(".")
    if fault["type"] == "int_parsing_size":  # pydantic says here only that it cannot
        message = "expected a number of fewer digits"
    if not location:  # a fault between several settings names them itself
        return f"{message}."
    name = PREFIX + str(location[0]).upper()
    shown = (
        ""
        if name.endswith(("_KEY", "_KEY_FILE", "_ALERT_URLS"))
        else f"={without_password(str(fault['input']))[:80]!r}"
    )
    return f"{name}{shown}: {message[0].lower()}{message[1:]}."


def without_password(address: str) -> str:
    """Hide the user and password that an address may carry."""
    return re.sub(r"^(\w*:?//)?.*@", r"\1***@", address, flags=re.DOTALL)
