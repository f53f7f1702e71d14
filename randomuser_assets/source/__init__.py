"""Where records come from: the API, its built-in stand-in, and the door that protects them.

Here belong requests, retries, the reading of pages, the protection of private fields and the
spool. What does not: Dagster, the warehouse, any judgement of a record beyond "can it be read".
"""

from typing import TYPE_CHECKING

from randomuser_assets.source.faults import SourceError

if TYPE_CHECKING:
    from randomuser_assets.source.api import RandomUserApi

__all__ = ["RandomUserApi", "SourceError"]


def __getattr__(name: str) -> object:
    """Import the client when it is asked for: much of this room is read without any request."""
    if name == "RandomUserApi":
        from randomuser_assets.source.api import RandomUserApi

        return RandomUserApi
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
