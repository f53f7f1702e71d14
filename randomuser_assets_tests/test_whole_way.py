"""A day from an API that nobody here wrote arrives everywhere, value for value.

The stages share one warehouse and follow each other: a day, the same day again, an earlier day, a
day of which a page cannot be had, a day with a broken record. Each test looks at what a stage left.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from pyarrow import parquet

from randomuser_assets_tests.export.rfc4180 import parse
from randomuser_assets_tests.graph import expectation
from randomuser_assets_tests.graph.contract_api import Asked, ContractApi, contract_api, not_found
from randomuser_assets_tests.graph.expectation import CORE, Place
from randomuser_assets_tests.graph.site import KEY, Site, opened_site
from randomuser_assets_tests.graph.stage import TABLES, Rows, Stage, stage_after
from randomuser_assets_tests.graph.trapped_people import Record, TrappedPeople, written

DAY, EARLIER, BROKEN = "2026-03-10", "2026-03-02", "2026-03-20"
PAGES = {1: 500, 2: 500, 3: 200}
PEOPLE_A_DAY = sum(PAGES.values())
BROKEN_AT = (2, 17)


class Api(TrappedPeople):
    """The people, one of whom is broken on one day."""

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records, the broken one among them."""
        records = super().__call__(asked)
        page, position = BROKEN_AT
        if asked.seed == BROKEN and asked.page == page:
            records[position - 1] = written(broken(self.record(BROKEN, *BROKEN_AT)), position)
        return records


def broken(record: Record) -> Record:
    """Break a record in many ways."""
    del record["gender"]
    record["location"]["street"]["number"] = "12a"
    record["location"]["postcode"] = {"code": 1}
    record["location"]["coordinates"]["latitude"] = "12.34567"
    record["login"]["uuid"] = record["login"]["uuid"].upper()
    record["dob"]["date"] = "2001-02-30T00:00:00.000Z"
    record["cell"] = None
    record["picture"]["large"] = "https://randomuser.me/api/portraits/women/88.png"
    return record


BROKEN_COLUMNS = {
    *("gender", "location_street_number", "location_postcode", "location_coordinates_latitude"),
    *("login_uuid", "dob_date", "cell", "picture_id"),
}


@pytest.fixture(scope="module")
def people() -> Api:
    return Api(today=date(2026, 3, 10))


@pytest.fixture(scope="module")
def api(people: Api) -> Iterator[ContractApi]:
    with contract_api(people) as running:
        yield running


@pytest.fixture(scope="module")
def site(api: ContractApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("data")
    with opened_site(api.base_url, folder, users_per_day=PEOPLE_A_DAY, page_size=500) as opened:
        yield opened


@pytest.fixture(scope="module")
def first(site: Site) -> Stage:
    return stage_after(site.run(DAY), site)


@pytest.fixture(scope="module")
def again(first: Stage, site: Site, people: Api) -> Stage:
    assert first.result.success
    people.today = date(2028, 9, 1)
    return stage_after(site.store(DAY), site)


@pytest.fixture(scope="module")
def earlier(again: Stage, site: Site) -> Stage:
    assert again.result.success
    return stage_after(site.store(EARLIER), site)


@pytest.fixture(scope="module")
def cut(earlier: Stage, site: Site, api: ContractApi) -> Stage:
    assert earlier.result.success
    api.fault = lambda asked: not_found(asked) if asked.page == 3 else None
    return stage_after(site.run(DAY), site)


@pytest.fixture(scope="module")
def with_broken(cut: Stage, site: Site, api: ContractApi) -> Stage:
    assert not cut.result.success
    api.fault = lambda _: None
    return stage_after(site.run(BROKEN), site)


def wire(people: Api, day: str) -> Iterator[tuple[Place, Record]]:
    """Give the records of a day as the API made them, in their order."""
    for page, size in PAGES.items():
        for position in range(1, size + 1):
            place = Place(date.fromisoformat(day), day, page, position)
            yield place, people.record(day, page, position)


def flattened(people: Api, day: str) -> Rows:
    """Give the expected rows of flattened_users."""
    return [
        expectation.flattened(place, record, KEY.encode()) for place, record in wire(people, day)
    ]


def in_order(text: str) -> Any:
    """Read JSON so that the order of members counts."""
    return json.loads(text, object_pairs_hook=list)


# The day, the first time


def test_the_day_is_asked_for_in_pages_of_which_the_last_is_the_rest(
    first: Stage, api: ContractApi
) -> None:
    assert first.result.success
    assert sorted((asked.seed, asked.page, asked.results) for asked in api.asked[: len(PAGES)]) == [
        (DAY, page, size) for page, size in PAGES.items()
    ]


def test_each_record_is_stored_as_it_came_but_for_what_is_protected(first: Stage) -> None:
    people = TrappedPeople(today=date(2026, 3, 10))
    for row, (place, record) in zip(
        first.rows("raw.raw_users", DAY), wire(Api(people.today), DAY), strict=True
    ):
        assert tuple(row.values())[:4] == place.values
        assert isinstance(row["fetched_at"], datetime)
        expected = expectation.protected(record, KEY.encode())
        assert in_order(row["payload"]) == in_order(json.dumps(expected))
        for name in record.keys() - {"login", "id"}:
            _, _, value = written({name: record[name]}, place.position)[1:-1].partition(":")
            assert f'"{name}":{value.strip()}' in row["payload"]


def test_each_leaf_is_a_typed_column_of_flattened_users(first: Stage) -> None:
    expected = flattened(Api(today=date(2026, 3, 10)), DAY)
    found = first.rows("staging.flattened_users", DAY)
    assert [list(row.items()) for row in found] == [list(row.items()) for row in expected]
    assert first.rows("staging.rejected_users", DAY) == []


@pytest.mark.parametrize("table", CORE)
def test_each_core_table_holds_its_part_of_every_person(first: Stage, table: str) -> None:
    expected = expectation.core(flattened(Api(today=date(2026, 3, 10)), DAY))[table]
    assert [tuple(row.values()) for row in first.rows(f"core.{table}", DAY)] == expected
    assert list(first.tables[f"core.{table}"][0]) == ["snapshot_date", *CORE[table].split()]


@pytest.mark.parametrize("table", CORE)
def test_each_csv_file_holds_its_table_value_for_value(first: Stage, table: str) -> None:
    rows = expectation.core(flattened(Api(today=date(2026, 3, 10)), DAY))[table]
    header, *records = parse(first.files[f"{DAY}/{DAY}_{table}.csv"])
    assert header == ["snapshot_date", *CORE[table].split()]
    assert records == [expectation.csv_fields(table, row) for row in rows]


@pytest.mark.parametrize("table", CORE)
def test_taking_one_apostrophe_off_restores_every_text(first: Stage, table: str) -> None:
    _, *records = parse(first.files[f"{DAY}/{DAY}_{table}.csv"])
    for record, row in zip(records, first.rows(f"core.{table}", DAY), strict=True):
        for field, value in zip(record, row.values(), strict=True):
            assert not isinstance(value, str) or expectation.restored(field) == value


def test_nothing_but_the_files_of_the_day_is_written(first: Stage) -> None:
    assert set(first.files) == {f"{DAY}/{DAY}_{table}.csv" for table in CORE}
    assert list(first.site.settings.spool_path.iterdir()) == []


def test_all_checks_of_the_day_pass(first: Stage) -> None:
    assert [e for e in first.result.get_asset_check_evaluations() if not e.passed] == []


# The same day again


def test_fetched_again_only_the_ages_and_the_moment_change(first: Stage, again: Stage) -> None:
    ages = ("dob_age", "registered_age")
    for table in TABLES:
        changing = ("fetched_at", "payload") if table == "raw.raw_users" else ages
        assert again.without(table, DAY, *changing) == first.without(table, DAY, *changing), table
    before, after = (
        [json.loads(row["payload"]) for row in stage.rows("raw.raw_users", DAY)]
        for stage in (first, again)
    )
    assert before != after
    for record in (*before, *after):
        del record["dob"]["age"], record["registered"]["age"]
    assert before == after


def test_fetched_again_every_age_is_the_new_one(again: Stage) -> None:
    expected = flattened(Api(today=date(2028, 9, 1)), DAY)
    assert again.rows("staging.flattened_users", DAY) == expected
    moments = {row["fetched_at"] for row in again.rows("raw.raw_users", DAY)}
    assert len(moments) == len(PAGES)


def test_fetched_again_the_files_are_the_same_to_the_byte(first: Stage, again: Stage) -> None:
    assert again.files == first.files


# An earlier day later


def test_an_earlier_day_fetched_later_adds_itself_only(
    again: Stage, earlier: Stage, people: Api
) -> None:
    for table in TABLES:
        assert earlier.rows(table, DAY) == again.rows(table, DAY), table
        assert {row["snapshot_date"] for row in earlier.tables[table]} <= {
            date.fromisoformat(DAY),
            date.fromisoformat(EARLIER),
        }
    assert earlier.rows("staging.flattened_users", EARLIER) == flattened(people, EARLIER)
    assert again.files.items() <= earlier.files.items()
    assert set(earlier.files) - set(again.files) == {f"{EARLIER}/{EARLIER}_{t}.csv" for t in CORE}


# A page that cannot be had


def test_a_page_that_cannot_be_had_leaves_everything_as_it_was(earlier: Stage, cut: Stage) -> None:
    assert not cut.result.success
    assert cut.tables == earlier.tables
    assert cut.files == earlier.files


def test_a_page_that_cannot_be_had_is_told_in_a_sentence(cut: Stage, api: ContractApi) -> None:
    (failure,) = cut.result.filter_events(lambda event: event.is_step_failure)
    told = failure.step_failure_data.user_failure_data
    assert told is not None
    for said in (api.base_url, "page 3", DAY, "404"):
        assert said in str(told.description)


def test_pages_that_came_before_are_kept_without_their_secrets(cut: Stage) -> None:
    kept = [path for path in cut.site.settings.spool_path.rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        packed = path.suffix == ".parquet"  # then what it holds counts
        text = str(parquet.read_table(path).to_pylist() if packed else path.read_bytes())
        for secret in ("correct horse", "hunter2", "NaNNA217undefined", "036172891", "8063e604"):
            assert secret not in text


# A day with a broken record


def test_a_broken_record_stands_in_rejected_users_with_all_its_reasons(with_broken: Stage) -> None:
    (row,) = with_broken.rows("staging.rejected_users", BROKEN)
    assert (row["page"], row["position"]) == BROKEN_AT
    assert {reason.partition(":")[0] for reason in row["reasons"]} == BROKEN_COLUMNS
    assert len(row["reasons"]) == len(BROKEN_COLUMNS)
    record = broken(Api(today=date(2028, 9, 1)).record(BROKEN, *BROKEN_AT))
    expected = expectation.protected(record, KEY.encode())
    assert in_order(row["payload"]) == in_order(json.dumps(expected))


def test_all_others_of_that_day_arrive_everywhere(with_broken: Stage, people: Api) -> None:
    assert with_broken.result.success
    assert len(with_broken.rows("raw.raw_users", BROKEN)) == PEOPLE_A_DAY
    readable = [
        row for row in flattened(people, BROKEN) if (row["page"], row["position"]) != BROKEN_AT
    ]
    assert with_broken.rows("staging.flattened_users", BROKEN) == readable
    for table, rows in expectation.core(readable).items():
        assert [tuple(row.values()) for row in with_broken.rows(f"core.{table}", BROKEN)] == rows
        _, *records = parse(with_broken.files[f"{BROKEN}/{BROKEN}_{table}.csv"])
        assert records == [expectation.csv_fields(table, row) for row in rows]
