"""Loading what stays for as long as the process: in it nobody looks for garbage.

Python looks through all that is loaded again and again while it grows, which takes as long as all
the rest that is not Dagster's own; then in each run; and three times more when the process ends,
where it takes a second.
"""

import atexit
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loaded_for_good() -> Iterator[None]:
    """Keep whatever is there at the end of the block out of the garbage collection."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
        atexit.register(_let_go_of_the_engines_types)
    finally:
        if was_enabled:
            gc.enable()


def _let_go_of_the_engines_types() -> None:
    """Take the constants out of DuckDB's modules, such as BIGINT.

    Its extension counts them when all modules are gone, and complains of each that is still there:
    as they are, where nobody takes apart what refers to one another, if pandas was loaded first.
    Who uses the engine even later can still ask it anything, but name no type by its constant.
    """
    extension = sys.modules.get("_duckdb._sqltypes")
    if extension is None:
        return
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in {"duckdb", "_duckdb"}:
            members = getattr(module, "__dict__", {})  # somebody may have put None there
            for member, value in list(members.items()):
                if isinstance(value, extension.DuckDBPyType):
                    del members[member]
