"""Files that only their owner can read, from the moment they exist.

DuckDB and Arrow make files themselves: the warehouse, its log, what does not fit into memory, what
COPY writes. Which ones, and when, is their business, so that none can be made for them beforehand;
and a mode that is changed afterwards comes too late for who has opened the file until then. What
they do obey is the umask. It is the whole process's: what other threads make meanwhile, and the
processes that they start, is private, too, which harms nobody.
"""

import os
from threading import Lock

_NOTHING_FOR_OTHERS = 0o077


class _OwnerOnly:
    """A block in which new files are private; blocks may lie in each other and in threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._blocks = 0
        self._before = 0

    def __enter__(self) -> None:
        """Set the umask, with the first block of the process."""
        with self._lock:
            if not self._blocks:
                self._before = os.umask(_NOTHING_FOR_OTHERS)
            self._blocks += 1

    def __exit__(self, *_: object) -> None:
        """Set it back, with the last."""
        with self._lock:
            self._blocks -= 1
            if not self._blocks:
                os.umask(self._before)


owner_only = _OwnerOnly()
"""`with owner_only:` what is made here, by whatever code, has no permissions for others."""
