"""Work in processes of its own: what Python does with a record, one core does at a time.

A process begins with the first call of a thread and has one call at a time. It reads calls and
writes answers as pickles, and ends with its input, which ends with whoever started it, however
that ends. It is no `multiprocessing` process: those run the main script again, which whoever calls
us from a script may not have made for that, or are copies of a process that has threads.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from typing import IO, Any, Generic, ParamSpec, Self, TypeVar

_KEEPS_ITS_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": f"{32 * 2**20}",
    "MALLOC_TRIM_THRESHOLD_": f"{64 * 2**20}",
}
"""For glibc, which gives what held one page back to the system and asks for it again for the next.

That is a tenth of the time of a process that reads pages of 6 MB. With this it may keep 64 MB.
"""

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


class Apart(Generic[Parameters, Answer]):
    """A function that is called in another process for each thread that calls it."""

    def __init__(self, work: Callable[Parameters, Answer]) -> None:
        self._work = pickle.dumps(work)
        self._of_thread = threading.local()
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let all processes end."""
        for process in self._started:
            process.communicate()

    def __call__(self, *args: Parameters.args, **more: Parameters.kwargs) -> Answer:
        """Call it, and give or raise what the other process did."""
        process = self._process()
        calls, answers = _pipes(process)
        try:
            pickle.dump((args, more), calls)
            calls.flush()
            answer, error = pickle.load(answers)  # noqa: S301  written by our own process
        except (EOFError, BrokenPipeError):
            raise RuntimeError(
                f"a process that reads pages ended with code {process.wait()}"
            ) from None
        if error is not None:
            raise error
        return answer  # type: ignore[no-any-return]

    def _process(self) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] | None = getattr(self._of_thread, "process", None)
        if process is None:
            process = self._of_thread.process = subprocess.Popen(  # noqa: S603  our own module
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={
                    **_KEEPS_ITS_MEMORY,
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
            )
            self._started.append(process)
            _pipes(process)[0].write(self._work)
        return process


class _ArrowAlone(MetaPathFinder):
    """Lets pyarrow find neither pandas nor NumPy, which it would load, for most of a second."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Find nothing, and let nobody else find it."""
        if fullname in {"pandas", "numpy"}:
            raise ImportError(fullname)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin  # noqa: S101  it was started with pipes
    assert process.stdout  # noqa: S101  as above
    return process.stdin, process.stdout


def _answer_calls() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it says when it ends
    sys.meta_path.insert(0, _ArrowAlone())
    calls, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    work: Callable[..., Any] = pickle.load(calls)  # noqa: S301  written by our own process
    while True:
        try:
            args, more = pickle.load(calls)  # noqa: S301  as above
        except EOFError:
            return
        answer: tuple[Any, Exception | None]
        try:
            answer = work(*args, **more), None
        except Exception as error:  # noqa: BLE001  raised where it was called
            answer = None, error
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    _answer_calls()
