"""Somebody who watches a place with the alerts' sensor, look by look, as the daemon does."""

from collections.abc import Sequence
from dataclasses import dataclass

from dagster import DagsterInstance, Definitions, SensorDefinition, build_sensor_context
from pydantic import SecretStr

from randomuser_assets.graph.alerts import alert_sensor
from randomuser_assets.settings import Settings
from randomuser_assets_tests.graph.site import Site

UI = "http://ui.test"
MANY_SECONDS = 10


@dataclass
class Watch:
    """A sensor with its cursor."""

    definitions: Definitions
    instance: DagsterInstance
    sensor: SensorDefinition
    cursor: str | None = None

    def look(self) -> str:
        """Look once, and give what the sensor says of it."""
        repository = self.definitions.get_repository_def()
        with build_sensor_context(
            instance=self.instance, cursor=self.cursor, repository_def=repository
        ) as context:
            seen = self.sensor.evaluate_tick(context)
        self.cursor = seen.cursor
        return str(seen.skip_message)


def sensor_to(addresses: Sequence[str]) -> SensorDefinition:
    """Give the sensor that sends to these addresses."""
    urls = SecretStr(" ".join(addresses)) if addresses else None
    return alert_sensor(Settings(alert_urls=urls, ui_url=UI), wait=MANY_SECONDS)


def watching(site: Site, *addresses: str) -> Watch:
    """Begin to watch a site: what was there before is known and told."""
    watch = Watch(site.definitions, site.instance, sensor_to(addresses))
    watch.look()
    return watch
