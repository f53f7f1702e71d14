"""The code location that Dagster loads."""

from randomuser_assets.for_good import loaded_for_good

with loaded_for_good():
    from randomuser_assets.build import build_definitions

    defs = build_definitions()
