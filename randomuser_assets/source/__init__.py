"""Where records come from: the API, its built-in stand-in, and the door that protects them.

Here belong requests, retries, the reading of pages, the protection of private fields and the
spool. What does not: Dagster, the warehouse, any judgement of a record beyond "can it be read".
"""

from randomuser_assets.source.api import RandomUserApi
from randomuser_assets.source.faults import SourceError

__all__ = ["RandomUserApi", "SourceError"]
