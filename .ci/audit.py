"""Looks for what is known to be unsafe: in the packages that the locks name, and in our own code.

    python .ci/audit.py [--strict]

**Packages.** The OSV database is asked in one request about every name and version of
requirements.lock, and of that of the benchmarks: other systems' packages too, and nothing that
happens to be installed here. It is
not pip-audit that asks, though it reads the same advisories: where an index stands in for PyPI, it
says of every package that it was not found, and ends well, having checked nothing.

Where the database cannot be reached, one loud line says what was not checked, and the rest is done
all the same: a machine without the internet would otherwise never see its own code audited, and a
fault there would be one among failures that everybody expects. Where the internet is sure to be
there, `make audit STRICT=1` fails instead.

**Code.** The rules are those of bandit as ruff has them, and `make lint` asks for them already.
What is asked here is what a linter does not ask: that whoever silenced one of them said why, on the
line. Bandit itself was tried: it found nothing else, and would want a second mark on each line.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "https://api.osv.dev/v1/querybatch"
TIMEOUT = 20  # seconds
LOCKS = ("requirements.lock", ".ci/bench/requirements.lock")
ACCEPTED: Mapping[str, str] = {}
"""Advisories that do not concern us, each with the reason."""

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_SILENCED = re.compile(r"# noqa: (?P<codes>[A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*)  (?P<reason>\w.*)")


class NotCheckedError(Exception):
    """The database gave no answer that could be used."""


def pinned(lock: str) -> list[tuple[str, str]]:
    """Give every name and version of a lock; one name may have several."""
    return _PINNED.findall(lock)


def advisories(packages: list[tuple[str, str]], database: str) -> list[str]:
    """Give what is known of these packages, a line each."""
    asked = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages
    ]
    try:
        answer = requests.post(database, json={"queries": asked}, timeout=TIMEOUT)
        answer.raise_for_status()
        results = answer.json()["results"]
        known = [[found["id"] for found in each.get("vulns", [])] for each in results]
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotCheckedError(f"no answer from {database} ({type(error).__name__})") from None
    if len(known) != len(packages):
        raise NotCheckedError(f"{len(known)} answers from {database} to {len(packages)} questions")
    return [
        f"{name} {version}: {found}, https://osv.dev/vulnerability/{found}"
        for (name, version), each in zip(packages, known, strict=True)
        for found in each
        if found not in ACCEPTED
    ]


def unsafe_code(root: Path) -> Iterator[tuple[str, bool]]:
    """Give each finding in the code, silenced or not, and whether a reason stands beside it."""
    ruff = Path(sys.executable).with_name("ruff")
    command = [ruff, "check", "--select", "S", "--ignore-noqa", "--no-cache", "--output-format"]
    ended = subprocess.run(  # noqa: S603  our own command
        [*command, "json", "."], cwd=root, capture_output=True, text=True, check=False
    )
    if ended.returncode not in (0, 1):
        raise RuntimeError(f"ruff could not look: {ended.stderr}")
    for found in json.loads(ended.stdout):
        path, first, last = (
            Path(found["filename"]),
            found["location"]["row"],
            found["end_location"]["row"],
        )
        lines = path.read_text(encoding="utf-8").splitlines()
        # The mark of a text over several lines stands on any of them.
        marks = [_SILENCED.search(line) for line in lines[first - 1 : last]]
        justified = any(mark and found["code"] in mark["codes"] for mark in marks)
        place = f"{path.relative_to(root.resolve())}:{first}"
        yield f"{place}: {found['code']} {found['message']}", justified


def main() -> int:
    """Audit, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--strict", action="store_true", help="fail where nobody can be asked")
    parser.add_argument("--database", default=DATABASE)
    parser.add_argument("--root", type=Path, default=ROOT)
    given = parser.parse_args()

    locks = [given.root / name for name in LOCKS]
    texts = [lock.read_text(encoding="utf-8") for lock in locks if lock.exists()]
    packages = sorted({each for text in texts for each in pinned(text)})
    failed = False
    try:
        told = advisories(packages, given.database)
    except NotCheckedError as error:
        print(f"NOT CHECKED: advisories about {len(packages)} packages of the locks: {error}")
        failed = given.strict
    else:
        failed = bool(told)
        print(*told, f"{len(told)} advisories about {len(packages)} packages.", sep="\n")

    findings = list(unsafe_code(given.root))
    unjustified = [finding for finding, justified in findings if not justified]
    for finding in unjustified:
        print(f"{finding}: mend it, or silence it with `# noqa: CODE  reason`.")
    print(f"{len(findings) - len(unjustified)} places of the code look unsafe and say why not.")
    return int(failed or bool(unjustified))


if __name__ == "__main__":
    sys.exit(main())
