"""What `make dev` starts can be reached from this machine only: nobody is asked for a password."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest

from randomuser_assets_tests.graph.command_line import BIN, ROOT, Shell

LONG = 120.0  # seconds that the UI may take to come up
LISTENING = "0A"


@pytest.fixture
def ports() -> tuple[int, int]:
    """Give two ports on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as b:
        return one.getsockname()[1], b.getsockname()[1]


@pytest.fixture
def session(tmp_path: Path, ports: tuple[int, int]) -> Iterator[int]:
    """Start it, wait until the UI and the reports answer, and give the id of its session."""
    shell = Shell(tmp_path, {"REPORTS_URL": f"http://127.0.0.1:{ports[1]}"})
    process = subprocess.Popen(
        [BIN / "randomuser-assets", "dev", "--port", str(ports[0])],
        cwd=ROOT,
        env=shell.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        ends = time.monotonic() + LONG
        while not all(is_open("127.0.0.1", port) for port in ports):
            assert process.poll() is None
            assert time.monotonic() < ends
            time.sleep(0.3)
        yield process.pid
    finally:
        for pid in processes(process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def is_open(host: str, port: int) -> bool:
    with socket.socket(), suppress(OSError):
        socket.create_connection((host, port), timeout=5).close()
        return True
    return False


def processes(session: int) -> list[int]:
    """Give the processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(ProcessLookupError):
                if os.getsid(int(entry.name)) == session:
                    found.append(int(entry.name))
    return found


def sockets_of(pid: int) -> Iterator[str]:
    with suppress(OSError):
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                yield str(file.readlink())


def listening(session: int) -> list[tuple[IPv4Address | IPv6Address, int]]:
    """Give every address and port on which the processes of a session listen."""
    own = {socket_ for pid in processes(session) for socket_ in sockets_of(pid)}
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            (
                _,
                local,
                _,
                state,
                *_,
            ) = fields = line.split()
            if state == LISTENING and f"socket:[{fields[9]}]" in own:
                address, port = local.split(":")
                found.append((_address(address), int(port, 16)))
    return found


def _address(written: str) -> IPv4Address | IPv6Address:
    """Read an address as the kernel writes it: words of four bytes, each in the machine's order."""
    words = [bytes.fromhex(written[at : at + 8])[::-1] for at in range(0, len(written), 8)]
    return ip_address(b"".join(words))


@pytest.mark.long
def test_nothing_that_it_starts_listens_to_others(session: int, ports: tuple[int, int]) -> None:
    found = listening(session)
    assert {port for _, port in found} >= set(ports)
    assert [(address, port) for address, port in found if not address.is_loopback] == []


def test_an_address_for_everybody_is_told_from_one_of_this_machine() -> None:
    for host, family in (("0.0.0.0", socket.AF_INET), ("::", socket.AF_INET6)):  # noqa: S104  seen
        with socket.create_server((host, 0), family=family) as server:
            mine = [a for a, port in listening(os.getsid(0)) if port == server.getsockname()[1]]
        assert [address.is_loopback for address in mine] == [False]
    with socket.create_server(("127.0.0.1", 0)) as server:
        mine = [a for a, port in listening(os.getsid(0)) if port == server.getsockname()[1]]
    assert [address.is_loopback for address in mine] == [True]
