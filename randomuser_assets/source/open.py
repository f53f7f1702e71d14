"""From the settings to a source: the real API, the stand-in for as long as needed, or files."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from randomuser_assets.forgotten import Forgotten, read_forgotten
from randomuser_assets.model import Model
from randomuser_assets.settings import SAMPLE, Settings, without_password
from randomuser_assets.source.api import RandomUserApi, is_loopback
from randomuser_assets.source.delivery import delivered
from randomuser_assets.source.door import Door
from randomuser_assets.source.fair_use import FairUse
from randomuser_assets.source.files import SavedResponses
from randomuser_assets.source.sample import SampleApi
from randomuser_assets.source.spool import DayOrder, Order, Source, Spool


def fetched(settings: Settings, days: Sequence[date], model: Model, log: logging.Logger) -> Spool:
    """Fetch days from the source that the settings name; the spool holds them from here on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with opened_source(settings, days, model, log, processes=cores or 1) as (source, orders):
        spool = Spool(settings.spool_path, settings.source, orders, model, log)
        spool.fetch(source)
    return spool


@contextmanager
def opened_source(
    settings: Settings,
    days: Sequence[date],
    model: Model,
    log: logging.Logger,
    *,
    processes: int = 1,
) -> Iterator[tuple[Source, Sequence[Order]]]:
    """Give the source that the settings name, and what these days want of it.

    With more than one process, takers of pages may be called in others than this.
    """
    key, folder = settings.key_bytes(), settings.files_path
    if folder:
        deliveries = [delivered(folder, day) for day in days]
        door = Door(model, key, discards=_discards(settings), forgotten=_forgotten(settings, key))
        at_once = settings.connections
        yield SavedResponses(deliveries, door, at_once, log, processes=processes), deliveries
        return
    orders = [
        DayOrder(day, settings.seed_on(day), settings.users_per_day, settings.page_size)
        for day in days
    ]
    with opened_api(settings, model, log) as api:
        yield api, orders


@contextmanager
def opened_api(settings: Settings, model: Model, log: logging.Logger) -> Iterator[RandomUserApi]:
    """Give a client of the API that the settings name."""
    key = settings.key_bytes()
    if settings.source != SAMPLE:
        yield _client(settings.source, key, settings, model, log)
        return
    with SampleApi() as sample:
        yield _client(sample.base_url, key, settings, model, log)


def _client(
    address: str, key: bytes, settings: Settings, model: Model, log: logging.Logger
) -> RandomUserApi:
    return RandomUserApi(
        address,
        key=key,
        page_size=settings.page_size,
        connections=settings.connections,
        timeout=settings.timeout,
        request_budget=settings.request_budget,
        request_tries=settings.request_tries,
        discard_new_keys=_discards(settings),
        model=model,
        forgotten=_forgotten(settings, key),
        fair_use=_fair_use(address, settings, log),
        log=log,
    )


def _fair_use(address: str, settings: Settings, log: logging.Logger) -> FairUse | None:
    """Give what keeps to the limit; an address of this machine has one only if somebody says so."""
    if is_loopback(address) and "people_per_five_minutes" not in settings.model_fields_set:
        return None
    people = settings.people_per_five_minutes
    return FairUse(settings.fair_use_path, without_password(settings.source), people, log)


def _forgotten(settings: Settings, key: bytes) -> Callable[[], Forgotten]:
    return lambda: read_forgotten(settings.data_path, key)


def _discards(settings: Settings) -> bool:
    return settings.new_keys == "discard"
