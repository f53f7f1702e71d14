"""The folder of a benchmark: BENCH_DIR, which is kept, or one that is removed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def bench_folder() -> Iterator[Path]:
    """Give the folder for responses and results."""
    if named := os.environ.get("BENCH_DIR"):
        folder = Path(named).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            yield Path(name)
