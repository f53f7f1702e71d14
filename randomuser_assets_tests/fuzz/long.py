"""Makes up hostile bodies for some minutes, and keeps the least of each kind that breaks something.

    python -m randomuser_assets_tests.fuzz.long 20

Each round has a seed of its own, which is printed. A body that breaks something is written to
`found/`, where a test sends it again from then on.
"""

import hashlib
import random
import sys
import time
from pathlib import Path

from randomuser_assets_tests.fuzz.batches import FoundError, drawn, send_all
from randomuser_assets_tests.fuzz.bodies import Body
from randomuser_assets_tests.fuzz.way import opened_way

FOUND = Path(__file__).with_name("found")
_BODIES_A_ROUND = 250
_SHOWN = 1500  # characters


def fuzz(minutes: float, folder: Path = FOUND) -> list[Path]:
    """Make up bodies for so long; give the files of those that broke something."""
    found: dict[str, Path] = {}
    with opened_way() as way:
        ends = time.monotonic() + minutes * 60
        while time.monotonic() < ends:
            number = random.SystemRandom().randrange(2**32)
            print(f"seed {number}: ", end="", flush=True)
            try:
                send_all(way, drawn(number, _BODIES_A_ROUND), discards=number % 2 == 1)
            except FoundError as error:
                if error.kind not in found:  # one of a kind is enough
                    found[error.kind] = _kept(error.body, folder)
                    print(f"{str(error)[:_SHOWN]}\nkept as {found[error.kind]}")
            print(way.figures, flush=True)
    return list(found.values())


def _kept(body: Body, folder: Path) -> Path:
    content = body.to_file()
    path = folder / f"{hashlib.sha256(content).hexdigest()[:12]}.body"
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    sys.exit(1 if fuzz(float(sys.argv[1])) else 0)
