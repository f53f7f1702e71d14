"""Files are written of days that are there, whole, and of no others."""

import errno
import os
from pathlib import Path

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets_tests.graph.site import Site
from randomuser_assets_tests.graph.spoiling import FIRST, LAST, on, place

NEVER_FETCHED = "2026-01-20"


def refusal(site: Site, selection: str, day: str) -> str:
    """Materialise, which must fail, and give the sentence that is told."""
    result = site.materialize(selection, day)
    assert not result.success
    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    told = failure.step_failure_data.user_failure_data
    assert told
    sentence = str(told.description)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("selection", ["csv/users", 'key:"csv/*"'])
def test_a_day_that_was_never_fetched_is_refused(site: Site, selection: str) -> None:
    before = site.csv_contents()
    told = refusal(site, selection, NEVER_FETCHED)
    assert told.startswith(f"raw_users was not made for {NEVER_FETCHED}")
    assert site.csv_contents() == before
    assert not (site.settings.csv_path / NEVER_FETCHED).exists()


def test_without_a_warehouse_nothing_is_written(site: Site) -> None:
    site.settings.warehouse_path.unlink()
    before = site.csv_contents()
    told = refusal(site, "csv/users", LAST)
    assert f"There is no warehouse at {site.settings.warehouse_path}" in told
    assert site.csv_contents() == before


def test_a_day_whose_tables_were_never_made_is_refused(site: Site) -> None:
    """Fetched, and stopped by a check: its files would look whole and be empty."""
    made_of_it = [table for table in MODEL if table != MODEL.raw]
    site.change(*(f"DELETE FROM {place(table)} WHERE {on(FIRST)}" for table in made_of_it))
    before = site.csv(FIRST, "users").read_bytes()
    assert FIRST in refusal(site, "csv/users", FIRST)
    assert site.csv(FIRST, "users").read_bytes() == before


def test_a_day_of_which_a_table_has_nothing_has_a_file_with_its_names_only(site: Site) -> None:
    """Nobody has a document: that is no fault."""
    site.change(
        f"DELETE FROM core.identity_documents WHERE {on(FIRST)}",
        f"UPDATE staging.flattened_users SET id_value_hmac = NULL WHERE {on(FIRST)}",
    )
    assert site.materialize("csv/identity_documents", FIRST).success
    names = b"snapshot_date,user_id,document_name,value_hmac\r\n"
    assert site.csv(FIRST, "identity_documents").read_bytes() == names


def test_a_table_that_lost_a_whole_day_makes_no_file_of_it(site: Site) -> None:
    site.change(f"DELETE FROM core.logins WHERE {on(FIRST)}")
    before = site.csv(FIRST, "logins").read_bytes()
    assert refusal(site, "csv/logins", FIRST).startswith(f"logins was not made for {FIRST}")
    assert site.csv(FIRST, "logins").read_bytes() == before


def test_a_day_that_was_never_fetched_is_told_even_where_a_table_is_not_there_yet(
    site: Site,
) -> None:
    site.change("DROP TABLE core.users CASCADE")
    told = refusal(site, "csv/users", NEVER_FETCHED)
    assert told.startswith(f"raw_users was not made for {NEVER_FETCHED}")


@pytest.mark.parametrize("full_at", ["countries", "users"])
def test_if_the_disk_is_full_for_one_file_of_a_day_all_of_them_stay(
    site: Site, monkeypatch: pytest.MonkeyPatch, full_at: str
) -> None:
    site.change(
        f"UPDATE core.countries SET country_name = 'elsewhere' WHERE {on(FIRST)}",
        f"UPDATE core.users SET first_name = 'nobody' WHERE {on(FIRST)}",
    )
    before = site.csv_contents()
    to_disk = os.fsync

    def full(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().name.endswith(f"_{full_at}.csv"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        to_disk(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    told = refusal(site, 'key:"csv/*"', FIRST)
    assert told.startswith(f"{site.csv(FIRST, full_at)} cannot be written: No space left")
    assert site.csv_contents() == before
    monkeypatch.undo()
    assert site.materialize('key:"csv/*"', FIRST).success
    assert site.csv_contents() != before
