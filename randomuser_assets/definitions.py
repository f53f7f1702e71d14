"""The code location that Dagster loads."""

from randomuser_assets.build import build_definitions

defs = build_definitions()
