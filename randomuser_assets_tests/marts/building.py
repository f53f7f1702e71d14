"""dbt in a process of its own, which is started once: a start takes longer than ten builds.

Run as a module it is that process: a line of JSON in, a build, a line of JSON out.
"""

import json
import os
import select
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "randomuser_assets" / "marts"


class BuildError(AssertionError):
    """A build that failed, with what dbt says of it."""


@dataclass
class Dbt:
    """The process, and builds in it."""

    scratch: Path
    project: Path = PROJECT
    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self.project), str(self.scratch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1"},
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._running
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # it may have been killed
            process.stdin.close()
        process.wait(60)
        assert process.stdout is not None
        process.stdout.close()

    @property
    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    def attempt(self, data: Path, *command: str, snapshots: bool = False) -> list[str]:
        """Build in the warehouse of this folder, and give what failed."""
        self._ask(data, command, snapshots=snapshots)
        answers = self._running.stdout
        assert answers is not None
        faults: list[str] = json.loads(answers.readline())
        return faults

    def killed_in(self, seconds: float, data: Path, *command: str) -> bool:
        """Begin to build, kill the process after so many seconds, and say if it was through."""
        self._ask(data, command, snapshots=False)
        answers = self._running.stdout
        assert answers is not None
        is_through = bool(select.select([answers], [], [], seconds)[0])
        self._running.kill()
        return is_through

    def _ask(self, data: Path, command: tuple[str, ...], *, snapshots: bool) -> None:
        asked = {
            "command": command or ("run",),
            "env": {
                "RANDOMUSER_DATA_DIR": str(data),
                "RANDOMUSER_DAYS_ARE": "snapshots" if snapshots else "batches",
            },
        }
        questions = self._running.stdin
        assert questions is not None
        questions.write(json.dumps(asked) + "\n")
        questions.flush()

    def build(self, data: Path, *command: str, snapshots: bool = False) -> None:
        """Build, which must succeed."""
        if faults := self.attempt(data, *command, snapshots=snapshots):
            raise BuildError("\n".join(faults))


def serve(project: str, scratch: str) -> None:
    """Build what each line asks for, until there is none."""
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  seconds that only this process takes

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what dbt prints is no answer
    where = [
        "--project-dir",
        project,
        "--profiles-dir",
        project,
        "--target-path",
        f"{scratch}/target",
        "--log-path",
        f"{scratch}/logs",
    ]
    quiet = ["--quiet", "--no-write-json", "--log-level-file", "none", *where]
    dbt = None
    for line in sys.stdin:
        asked = json.loads(line)
        os.environ.update(asked["env"])
        if dbt is None:
            parsed: Any = dbtRunner().invoke(["parse", *where, "--quiet"])
            dbt = dbtRunner(manifest=parsed.result)
        ended = dbt.invoke([*asked["command"], *quiet])
        _let_go()
        answers.write(json.dumps(_faults(ended)) + "\n")
        answers.flush()


def _let_go() -> None:
    """Close the file, which dbt leaves to the end of the process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415  as above

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager.close_all_connections()


def _faults(ended: Any) -> list[str]:
    if ended.exception:
        return [repr(ended.exception)]
    return [
        f"{each.node.name}: {each.message}"
        for each in getattr(ended.result, "results", ())
        if each.status not in ("success", "pass")
    ]


if __name__ == "__main__":
    serve(*sys.argv[1:])
