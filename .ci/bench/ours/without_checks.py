"""The same assets without the checks that belong to them, which no command line can leave out.

    python -m bench.ours.without_checks 2026-11-20

The settings and DAGSTER_HOME are in the environment, as for the command line.
"""

import sys

from dagster import AssetKey, AssetSelection, DagsterInstance, Definitions, define_asset_job

from bench.ours.selection import asset_keys
from randomuser_assets.definitions import defs


def main(day: str) -> None:
    """Make the day's tables and files."""
    keys = [AssetKey(key.split("/")) for key in asset_keys()]
    job = define_asset_job("bench", AssetSelection.assets(*keys).without_checks())
    definitions = Definitions.merge(defs, Definitions(jobs=[job]))
    with DagsterInstance.get() as instance:
        definitions.resolve_job_def("bench").execute_in_process(
            instance=instance, partition_key=day
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
