"""From the settings to a source: files, or what asks an API (`open_api`)."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial

from randomuser_assets.forgotten import read_forgotten
from randomuser_assets.model import Model
from randomuser_assets.settings import Settings
from randomuser_assets.source.delivery import delivered
from randomuser_assets.source.door import Door
from randomuser_assets.source.files import SavedResponses
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
        forgotten = partial(read_forgotten, settings.data_path, key)
        door = Door(model, key, discards=settings.discards_new_keys, forgotten=forgotten)
        at_once = settings.connections
        yield SavedResponses(deliveries, door, at_once, log, processes=processes), deliveries
        return
    # Here, since whoever reads files should load neither the client nor the stand-in.
    from randomuser_assets.source.open_api import opened_api

    orders = [
        DayOrder(day, settings.seed_on(day), settings.users_per_day, settings.page_size)
        for day in days
    ]
    with opened_api(settings, model, log) as api:
        yield api, orders
