"""The keyed hash of a text, as the pipeline makes it: the same for every peer."""

import hmac
import os
from collections.abc import Callable


def keyed_hash() -> Callable[[str], str]:
    """Give the function that hashes a text with the secret of the environment."""
    key = os.environ["RANDOMUSER_PII_KEY"].encode()

    def hashed(value: str) -> str:
        return hmac.digest(key, value.encode(), "sha256").hex()

    return hashed
