"""From the settings to a client: of the real API, or of the stand-in for as long as needed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from randomuser_assets.forgotten import read_forgotten
from randomuser_assets.model import Model
from randomuser_assets.settings import SAMPLE, Settings, without_password
from randomuser_assets.source.api import RandomUserApi, is_loopback
from randomuser_assets.source.fair_use import FairUse
from randomuser_assets.source.sample import SampleApi


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
        discard_new_keys=settings.discards_new_keys,
        model=model,
        forgotten=partial(read_forgotten, settings.data_path, key),
        fair_use=_fair_use(address, settings, log),
        log=log,
    )


def _fair_use(address: str, settings: Settings, log: logging.Logger) -> FairUse | None:
    """Give what keeps to the limit; an address of this machine has one only if somebody says so."""
    if is_loopback(address) and "people_per_five_minutes" not in settings.model_fields_set:
        return None
    people = settings.people_per_five_minutes
    return FairUse(settings.fair_use_path, without_password(settings.source), people, log)
