"""Records that a wrong rule rejected come back without asking the source again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from randomuser_assets.model import MODEL, Model, Table
from randomuser_assets.model.values import OneOf
from randomuser_assets_tests.graph.contract_api import ContractApi, contract_api
from randomuser_assets_tests.graph.site import opened_site
from randomuser_assets_tests.graph.stage import Stage, stage_after
from randomuser_assets_tests.graph.trapped_people import TrappedPeople
from randomuser_assets_tests.graph.verdicts import failed

pytestmark = pytest.mark.long

DAY = "2026-01-05"
FEW = ("rejected_users", "few_records_are_rejected")
ALL_FROM_FLATTENED_ON = "flattened_users*"


def stricter(table: Table) -> Table:
    """Declare a table as if there were men only."""
    columns = (
        replace(column, rules=(OneOf(("male",)),)) if column.name == "gender" else column
        for column in table.columns
    )
    return replace(table, columns=tuple(columns))


STRICT: Model = replace(
    MODEL, flattened=stricter(MODEL.flattened), core=tuple(map(stricter, MODEL.core))
)


@dataclass(frozen=True)
class Replayed:
    """A day divided by a wrong rule, and divided again by the right one."""

    wrong: Stage
    right: Stage
    api: ContractApi
    asked: int


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    folder = tmp_path_factory.mktemp("replay") / "data"
    with (
        contract_api(TrappedPeople(today=date(2026, 1, 6))) as api,
        opened_site(api.base_url, folder, model=STRICT) as site,
    ):
        wrong = stage_after(site.run(DAY), site)
        asked = len(api.asked)
        corrected = replace(site, model=MODEL)
        right = stage_after(corrected.materialize(ALL_FROM_FLATTENED_ON, DAY), corrected)
        yield Replayed(wrong, right, api, asked)


def test_a_rule_that_is_too_strict_rejects_records_and_stops_the_files(replayed: Replayed) -> None:
    rejected = replayed.wrong.rows("staging.rejected_users", DAY)
    assert [row["reasons"] for row in rejected] == [["gender: 'female' is not male"]] * 6
    assert not replayed.wrong.result.success
    assert failed(replayed.wrong.result) == {FEW}
    assert replayed.wrong.files == {}


def test_with_the_right_rule_the_records_come_back(replayed: Replayed) -> None:
    assert replayed.right.result.success
    assert failed(replayed.right.result) == set()
    assert replayed.right.rows("staging.rejected_users", DAY) == []
    for table in ("staging.flattened_users", "core.users", "core.logins", "core.locations"):
        assert len(replayed.right.rows(table, DAY)) == 12
        assert len(replayed.wrong.rows(table, DAY)) == 6


def test_the_files_are_written_when_the_records_are_back(replayed: Replayed) -> None:
    assert set(replayed.right.files) == {f"{DAY}/{DAY}_{table.name}.csv" for table in MODEL.core}
    assert replayed.right.files[f"{DAY}/{DAY}_users.csv"].count(b"\r\n") >= 13


def test_nothing_is_asked_for_again_and_the_stored_records_stay(replayed: Replayed) -> None:
    assert len(replayed.api.asked) == replayed.asked == 1
    raw = "raw.raw_users"
    assert replayed.right.tables[raw] == replayed.wrong.tables[raw]
