"""Who takes part: the command of each, what it does less, and where its results are."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.ours.selection import selected
from bench.responses import DAY
from randomuser_assets.environment import dagster_home
from randomuser_assets.settings import PREFIX, SAMPLE, Settings

SECRET = "a secret of the benchmark alone"  # noqa: S105  of people who do not exist
PACKAGE = Path(__file__).parent
OTHER_VENV = PACKAGE.parents[1] / ".venv-bench"
"""Where dlt is installed: with it come two dozen packages that nothing else needs."""

_DAGSTER = Path(sys.executable).with_name("dagster")


@dataclass(frozen=True)
class Contestant:
    """One who makes tables of a day's responses."""

    name: str
    shown: str
    command: Callable[[Path, Path], list[str]]
    does: str
    less: str
    stored: str
    """Where its tables are: `warehouse`, `duckdb`, `parquet`, or `people`, which is one table."""
    hashes: bool = True
    most: int | None = None
    """People above which it takes too long to be asked."""

    @property
    def is_ours(self) -> bool:
        """Whether it is the pipeline itself."""
        return self.stored == "warehouse"

    @property
    def has_files(self) -> bool:
        """Whether it writes CSV files."""
        return self.stored != "people"

    def prepared(self, deliveries: Path, out: Path) -> tuple[list[str], dict[str, str]]:
        """Make its folder, and give its command and its environment."""
        out.mkdir(parents=True)
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(PREFIX)
        }
        # Else what is compiled at the first start would be compiled at each.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment |= {
            f"{PREFIX}PII_KEY": SECRET,
            "PYTHONPATH": str(PACKAGE.parent),
        }
        if self.is_ours:
            environment |= {
                "DAGSTER_HOME": str(home_in(out / "data")),
                f"{PREFIX}SOURCE": f"files:{deliveries}",
                f"{PREFIX}DATA_DIR": str(out / "data"),
                f"{PREFIX}START_DATE": DAY,
            }
        return self.command(deliveries / DAY, out), environment


def _peer(module: str, *more: str, python: Path = Path(sys.executable)) -> Callable[..., list[str]]:
    def command(folder: Path, out: Path) -> list[str]:
        return [str(python), "-m", f"bench.peers.{module}", str(folder), str(out), *more]

    return command


def _typed(_: Path, __: Path) -> list[str]:
    return [
        str(_DAGSTER), "asset", "materialize", "-m", "randomuser_assets.definitions",
        "--partition", DAY, "--select", selected(),
    ]  # fmt: skip


def _without_checks(_: Path, __: Path) -> list[str]:
    return [sys.executable, "-m", "bench.ours.without_checks", DAY]


_PLACES = "no place of a record in its page, no raw and no rejected table, no rules, no checks"
_PLAIN_FILES = "plain CSV: in no order, LF, no guards against formulas, null like empty text"

OURS = Contestant(
    "ours",
    "this project",
    _typed,
    "`dagster asset materialize`, as typed: raw, flattened, rejected, seven tables, seven CSV "
    "files, and all checks of those tables, which that command always runs",
    "nothing",
    "warehouse",
)
UNCHECKED = Contestant(
    "unchecked",
    "this project, without checks",
    _without_checks,
    "the same through Dagster's Python interface, which can leave the checks out",
    "no checks",
    "warehouse",
)
POLARS = Contestant(
    "polars",
    "Polars",
    _peer("with_polars"),
    "`read_json` a page in as many threads as there are cores, flat table, seven tables as "
    "Parquet (lz4), seven CSV files",
    f"{_PLACES}; {_PLAIN_FILES}; Parquet files that are not replaced as a whole, no database",
    "parquet",
)
POLARS_DUCKDB = Contestant(
    "polars-duckdb",
    "Polars, into DuckDB",
    _peer("with_polars", "--duckdb"),
    "the same, its tables in a DuckDB file, by way of Arrow",
    f"{_PLACES}; {_PLAIN_FILES}",
    "duckdb",
)
POLARS_PYTHON = Contestant(
    "polars-python",
    "Polars, by way of Python",
    _peer("with_polars", "--by-python"),
    "`json.loads` a page, hashed a person at a time, a frame of the records, and from there as "
    "Polars",
    POLARS.less,
    "parquet",
)
PANDAS = Contestant(
    "pandas",
    "pandas",
    _peer("with_pandas"),
    "`json_normalize` a page, flat table, `drop_duplicates`, eight tables in a DuckDB file, "
    "seven CSV files",
    f"{_PLACES}; {_PLAIN_FILES}; degrees as floats",
    "duckdb",
)
DLT = Contestant(
    "dlt",
    "dlt",
    _peer("with_dlt", python=OTHER_VENV / "bin" / "python"),
    "a resource that yields pages, a map function that hashes, its `duckdb` destination with its "
    "defaults",
    "one table, child objects flattened; no seven tables, no CSV files, no checks",
    "people",
    most=50_000,
)
DLT_PARQUET = Contestant(
    "dlt-parquet",
    "dlt, tuned",
    _peer("with_dlt", "--tuned", python=OTHER_VENV / "bin" / "python"),
    "the same, by way of Parquet files, and normalised by as many processes as there are cores",
    DLT.less,
    "people",
    most=500_000,
)
LIMIT = Contestant(
    "limit",
    "the limit",
    _peer("limit"),
    "DuckDB alone: typed `read_json`, flat table, seven `DISTINCT` tables in its file, seven CSV "
    "files",
    f"no hashes: clear text is stored; {_PLACES}; {_PLAIN_FILES}",
    "duckdb",
    hashes=False,
)
LIMIT_HASHED = Contestant(
    "limit-hashed",
    "the limit, hashed",
    _peer("limit", "--hashed"),
    "the same, with HMAC-SHA256 in SQL",
    f"{_PLACES}; {_PLAIN_FILES}",
    "duckdb",
)

ALL = (
    OURS,
    UNCHECKED,
    POLARS,
    POLARS_DUCKDB,
    POLARS_PYTHON,
    PANDAS,
    DLT,
    DLT_PARQUET,
    LIMIT,
    LIMIT_HASHED,
)


def home_in(data: Path) -> Path:
    """Give the home for Dagster's records that the project makes in its data directory."""
    return dagster_home(Settings(source=SAMPLE, data_dir=data))


def chosen(names: Sequence[str]) -> Iterator[Contestant]:
    """Give those of these names, ours before all, with which the others are compared."""
    by_name = {each.name: each for each in ALL}
    if unknown := [name for name in names if name not in by_name]:
        raise ValueError(f"Nobody is called {unknown[0]}: expected some of {', '.join(by_name)}.")
    yield from (each for each in ALL if each.name in names)
