"""What is measured of a process is of all that it starts."""

import os
import sys
from pathlib import Path

from bench.measure import Measured, measured

MB = 2**20
GROWS = "import time; x = bytearray(b'1') * {mb} * 2**20; time.sleep(1)"


def of(code: str, folder: Path) -> Measured:
    return measured([sys.executable, "-c", code], dict(os.environ), folder / "log")


def test_memory_of_children_counts(tmp_path: Path) -> None:
    child = f"[sys.executable, '-c', {GROWS.format(mb=150)!r}]"
    both = f"import subprocess, sys; a, b = [subprocess.Popen({child}) for _ in '12']; a.wait()"
    took = of(f"{both}; b.wait()", tmp_path)
    assert 300 * MB < took.peak < 450 * MB
    assert 150 * MB < took.largest < 250 * MB


def test_memory_of_who_measures_does_not_count(tmp_path: Path) -> None:
    held = bytearray(b"1") * (300 * MB)
    took = of(GROWS.format(mb=1), tmp_path)
    assert len(held) > 300 * MB - 1
    assert took.largest < 100 * MB


def test_bytes_of_children_count(tmp_path: Path) -> None:
    writes = f"open({str(tmp_path / 'file')!r}, 'wb').write(bytes(20 * 2**20))"
    took = of(
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {writes!r}])", tmp_path
    )
    assert took.moved > 20 * MB
