"""What the marts in a file have to be, and what they are: compared row by row."""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from randomuser_assets.model.marts import MARTS
from randomuser_assets_tests.marts import reference
from randomuser_assets_tests.marts.building import Dbt
from randomuser_assets_tests.marts.core import Day, load, make_core

FILE = "warehouse.duckdb"
_TAKEN = [name for name in reference.ATTRIBUTES if name != "location_key"]


class Warehouse:
    """A file, what was loaded into it, and builds."""

    def __init__(self, folder: Path, dbt: Dbt, *, with_writes: bool = True) -> None:
        self.folder = folder
        self.dbt = dbt
        self.days: dict[date, Day] = {}
        make_core(self.path, with_writes=with_writes)

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE

    def load(self, days: Mapping[date, Day | None]) -> None:
        """Load days in the order given; none removes one."""
        load(self.path, days)
        for day, people in days.items():
            self.days.pop(day, None)
            if people is not None:
                self.days[day] = people

    def build(self, *command: str, snapshots: bool = False) -> None:
        """Build, which must succeed."""
        self.dbt.build(self.folder, *command, snapshots=snapshots)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the file."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def change(self, *statements: str) -> None:
        """Change the file by hand."""
        with duckdb.connect(str(self.path)) as connection:
            for statement in statements:
                connection.execute(statement)

    def versions(self) -> list[tuple[Any, ...]]:
        """Give dim_user as the reference tells it, but for the fingerprints."""
        found = self.rows(
            f"SELECT user_key, user_id::VARCHAR, valid_from, valid_to, is_current, location_key, "
            f"{', '.join(_TAKEN)}, changed_columns FROM marts.dim_user ORDER BY user_id, valid_from"
        )
        return [(*row[:-1], frozenset(row[-1]), len(row[-1])) for row in found]

    def check_history(self, *, snapshots: bool) -> None:
        """Compare dim_user with the reference."""
        expected = reference.history(self.days, snapshots=snapshots)
        assert self.versions() == [
            (
                version.user_key,
                version.user_id,
                version.valid_from,
                version.valid_to,
                version.valid_to is None,
                *(version.telling[name] for name in ("location_key", *_TAKEN)),
                version.changed,
                len(version.changed),
            )
            for version in expected
        ]

    def check_star(self, *, snapshots: bool) -> None:
        """Compare the facts with the reference."""
        versions = reference.history(self.days, snapshots=snapshots)
        facts = self.rows(
            "SELECT snapshot_date, user_id::VARCHAR, user_key, location_key, country_key, "
            "age_group_key, gender, nationality, age FROM marts.fct_user_snapshot ORDER BY ALL"
        )
        assert facts == [
            _fact(reference.covering(versions, person, day), day)
            for day, person in sorted(reference.seen(self.days))
        ]
        last = {version.user_id: version for version in versions}
        registrations = self.rows(
            "SELECT registered_on, user_id::VARCHAR, user_key, location_key, country_key, "
            "age_group_key, gender, nationality, age_at_registration "
            "FROM marts.fct_registrations ORDER BY user_id"
        )
        assert registrations == [
            _fact(version, version.telling["registered_at"].date())
            for _, version in sorted(last.items())
        ]

    def check_rebuilt(self, *, snapshots: bool) -> None:
        """Compare all marts, byte by byte, with those of a file in which nothing was before."""
        other = self.folder / "rebuilt"
        shutil.rmtree(other, ignore_errors=True)
        make_core(other / FILE)
        load(other / FILE, dict(sorted(self.days.items())))
        self.dbt.build(other, snapshots=snapshots)
        for table in MARTS:
            query = f"SELECT * FROM marts.{table.name} ORDER BY ALL"
            with duckdb.connect(str(other / FILE), read_only=True) as connection:
                assert connection.execute(query).fetchall() == self.rows(query), table.name


def _fact(version: reference.Version, day: date) -> tuple[Any, ...]:
    telling = version.telling
    age = reference.age_on(telling["born_at"], day)
    return (
        day,
        version.user_id,
        version.user_key,
        telling["location_key"],
        reference.key_of(telling["nationality"]),
        reference.key_of(reference.age_group_from(age)),
        telling["gender"],
        telling["nationality"],
        age,
    )
