"""A source is never asked for more people in its window than it gives, by all runs together."""

import json
import logging
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from randomuser_assets.model import MODEL
from randomuser_assets.settings import Settings
from randomuser_assets.source import RandomUserApi
from randomuser_assets.source.fair_use import FairUse
from randomuser_assets.source.faults import PassingFault
from randomuser_assets.source.open_api import _fair_use, opened_api
from randomuser_assets.source.page import Page, page_requests
from randomuser_assets.source.sample import SampleApi

LOG = logging.getLogger(__name__)
GO_ON = Event()


def fair_use(folder: Path, people: int, *, source: str = "one", window: int = 2) -> FairUse:
    return FairUse(folder / "spool" / "ledger", source, people, LOG, window)


def waited(use: FairUse, people: int) -> float:
    with use.turn(people, GO_ON) as seconds:
        return seconds


def test_nobody_waits_within_the_limit(tmp_path: Path) -> None:
    use = fair_use(tmp_path, 30)
    assert max(waited(use, 10) for _ in range(3)) < 1


def test_the_first_one_too_many_waits_for_the_window_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    use = fair_use(tmp_path, 30)
    started = time.time()
    for _ in range(3):
        waited(use, 10)
    assert waited(use, 10) > 1
    assert time.time() - started > 2
    assert "fair use: no more than 30 people in 2 s" in caplog.text


def test_a_page_larger_than_the_limit_has_a_turn_of_its_own(tmp_path: Path) -> None:
    use = fair_use(tmp_path, 10)
    assert waited(use, 50) < 1
    assert waited(use, 50) > 1


def test_sources_do_not_wait_for_each_other(tmp_path: Path) -> None:
    waited(fair_use(tmp_path, 10), 10)
    assert waited(fair_use(tmp_path, 10, source="another"), 10) < 1


def test_other_processes_count(tmp_path: Path) -> None:
    other = (
        "import logging, pathlib, sys, threading;"
        "from randomuser_assets.source.fair_use import FairUse;"
        "use = FairUse(pathlib.Path(sys.argv[1]), 'one', 30, logging.getLogger(), 2);"
        "use.turn(30, threading.Event()).__enter__()"  # and it ends without letting go
    )
    ledger = tmp_path / "spool" / "ledger"
    subprocess.run([sys.executable, "-c", other, str(ledger)], check=True)
    assert waited(fair_use(tmp_path, 30), 30) > 0.5


def test_threads_together_stay_below_the_limit(tmp_path: Path) -> None:
    use, moments = fair_use(tmp_path, 20), list[float]()

    def ask() -> None:
        with use.turn(5, GO_ON):
            moments.append(time.time())

    threads = [Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moments) == 12
    for moment in moments:
        assert sum(moment <= other < moment + 2 for other in moments) <= 4


def test_a_fetch_that_has_ended_waits_no_longer(tmp_path: Path) -> None:
    use, stop = fair_use(tmp_path, 10, window=300), Event()
    waited(use, 10)
    stop.set()
    with pytest.raises(PassingFault, match="fair use"), use.turn(10, stop):
        pass


@pytest.mark.parametrize("left", ["", "{", "[]", '{"one": 3}', '{"one": {"x": 1}}'])
def test_a_broken_ledger_counts_for_nothing(tmp_path: Path, left: str) -> None:
    ledger = tmp_path / "spool" / "ledger"
    ledger.parent.mkdir()
    ledger.write_text(left)
    assert waited(fair_use(tmp_path, 10), 10) < 1
    assert sum(json.loads(ledger.read_text())["one"].values()) == 10


def test_a_clock_that_was_set_back_makes_nobody_wait_longer(tmp_path: Path) -> None:
    ledger = tmp_path / "spool" / "ledger"
    ledger.parent.mkdir()
    ledger.write_text(json.dumps({"one": {f"{int(time.time()) + 86_400}": 10}}))
    assert waited(fair_use(tmp_path, 10), 10) < 10


def test_the_wait_is_no_part_of_a_pages_budget(tmp_path: Path) -> None:
    pages = list[Page]()
    with SampleApi(limit=20, window=2) as limited:
        api = RandomUserApi(
            limited.base_url,
            page_size=10,
            connections=1,
            request_budget=1,
            fair_use=fair_use(tmp_path, 20),
        )
        api.fetch((request, pages.append) for request in page_requests("fair", 50, 10))
    assert len(pages) == 5


@pytest.mark.parametrize(
    ("settings", "paced"), [({}, False), ({"people_per_five_minutes": 10}, 10)]
)
def test_an_address_of_this_machine_has_a_limit_only_if_one_is_set(
    tmp_path: Path, settings: dict[str, Any], paced: bool | int
) -> None:
    made = Settings(source="sample", data_dir=tmp_path, page_size=10, **settings)
    with opened_api(made, MODEL, LOG) as api:
        api.page(page_requests("seed", 10, 10)[0])
    written = made.fair_use_path
    assert written.exists() == bool(paced)
    if paced:
        assert [*json.loads(written.read_text())["sample"].values()] == [10]


def test_any_other_address_keeps_to_what_the_api_gives(tmp_path: Path) -> None:
    address = "https://me:secret@an.example/api/1.4/"
    use = _fair_use(address, Settings(source=address, data_dir=tmp_path, pii_key="a key"), LOG)
    assert use is not None
    assert use.people == 20_000
    waited(use, 1)
    assert "secret" not in (tmp_path / ".fair_use").read_text()
