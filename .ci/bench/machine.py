"""What it was measured on: processor, memory, system, and the versions that took part."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.contestants import OTHER_VENV

_PACKAGES = ("dagster", "duckdb", "msgspec", "pandas", "polars", "pyarrow")
_OTHER = ("dlt", "duckdb", "pyarrow")


def machine(folder: Path) -> dict[str, str]:
    """Describe this machine, and where the results were written."""
    return {
        "processor": _named(Path("/proc/cpuinfo"), "model name"),
        "cores": str(os.cpu_count()),
        "memory": f"{int(_named(Path('/proc/meminfo'), 'MemTotal').split()[0]) / 2**20:.0f} GiB",
        "disk": _file_system(folder),
        "system": _system(),
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "packages of dlt": _other_versions(),
    }


def today() -> str:
    """Give the date."""
    return datetime.now(UTC).date().isoformat()


def _named(file: Path, name: str) -> str:
    for line in file.read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown"


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")


def _file_system(folder: Path) -> str:
    command = ["stat", "--file-system", "--format", "%T", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  our own command


def _other_versions() -> str:
    python = OTHER_VENV / "bin" / "python"
    if not python.exists():
        return "not installed"
    asked = f"from importlib.metadata import version\nfor n in {_OTHER}: print(n, version(n))"
    command = [str(python), "-c", asked]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  our own command
    return ", ".join(told.splitlines())
