"""The command that changes the secret of the keyed hashes: what it does, and what nobody can do.

Clear text is kept nowhere, so no stored hash can be made again with another secret. What can be
carried over is the list of forgotten people, which is only closed with the secret.
"""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from stat import S_IMODE

from randomuser_assets.environment import assignment
from randomuser_assets.forgotten import changing_secret, read_forgotten
from randomuser_assets.settings import PREFIX, Settings, SettingsError, key_in, project_root

_KEY, _FILE = f"{PREFIX}PII_KEY", f"{PREFIX}PII_KEY_FILE"

_LINE = re.compile(rf"\s*(export\s+)?{_KEY}\s*=", re.IGNORECASE)

_EXPLAINED = """\
What a new secret changes:
- Days that are fetched from then on have other hashes of the same passwords and document numbers.
  Within a day they can be compared as before; with days of the old secret they cannot.
- Days that are stored keep their hashes: clear text is kept nowhere, so nobody can make them again.
  To have such a day with the new secret, have it fetched again (the API gives the same people):
    dagster asset materialize -m randomuser_assets.definitions --select 'raw_users*' \\
      --partition-range FIRST...LAST
- In the marts a version of everybody who has a document begins with the first of the days that have
  the new secret, since the hash is another: it tells of nothing that the person has changed.
- Backups and exported files keep what they hold. Once the days are fetched again, and a backup is
  made, remove the older ones: with the old secret a guessed password can be tried on them.
- Recordings (`randomuser-assets record`) are sealed with the old secret, and are refused with the
  new one: record the days again.
- Pages that an ended run has left in the spool are fetched again.
What is carried over:
- The list of forgotten people ({people} by now): they stay left out, by a restore, too."""


def rotate_key(settings: Settings, new_key_file: Path | None, *, sure: bool) -> None:
    """Explain what a new secret means and, if told so, put one in place."""
    old = settings.key_bytes()
    people = len(read_forgotten(settings.data_path, old))
    print(_EXPLAINED.format(people=people))
    if new_key_file:
        with changing_secret(settings.data_path, old, key_in(new_key_file, "--new-key-file")):
            pass
        print(
            "Done: the list opens with the new secret only. Set that now: until then runs are "
            "refused."
            if people
            else "There is no list to carry over: set the new secret."
        )
        return
    place, put = _place(settings)
    if not sure:
        print(f"Nothing was changed. With --yes a new random secret is written to {place}.")
        return
    new = secrets.token_hex(32)
    with changing_secret(settings.data_path, old, new.encode()):
        put(new)
    print(f"Done: {place} has a new secret. Start `make dev` again, so that it is used there, too.")


def _place(settings: Settings) -> tuple[str, Callable[[str], None]]:
    """Say where the secret stands, and give what puts another one there."""
    if settings.pii_key_file is not None:
        file = settings.pii_key_path
        if file.is_symlink() or file.is_mount() or not os.access(file.parent, os.W_OK):
            raise SettingsError(
                f"The file of {_FILE} is mounted, and not written to from here. Nothing was "
                "changed. Put the new secret beside it, carry the list over with --new-key-file, "
                "and then change the mount."
            )
        return f"the file of {_FILE}", lambda new: _replace(file, new + "\n", like=file.stat())
    env = project_root() / ".env"
    lines = env.read_text(encoding="utf-8").splitlines() if env.is_file() else []
    ours = [n for n, line in enumerate(lines) if _LINE.match(line)]
    if _KEY in map(str.upper, os.environ) or len(ours) != 1 or env.is_symlink():
        raise SettingsError(
            f"{_KEY} comes from the environment, from a file that {env} leads to, or is the "
            "published one of the sample: it cannot be changed from here. Nothing was changed. "
            "Write the new secret to a file, carry the list over with --new-key-file, and then "
            "set it."
        )

    def put(new: str) -> None:
        lines[ours[0]] = assignment(_KEY, new)
        _replace(env, "\n".join([*lines, ""]))

    return f"{env}", put


def _replace(path: Path, text: str, *, like: os.stat_result | None = None) -> None:
    """Replace a file as a whole; whose it is, and who may read it, is said by `like`."""
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if like:
                os.fchown(descriptor, like.st_uid, like.st_gid)
                os.fchmod(descriptor, S_IMODE(like.st_mode))
            os.fsync(descriptor)
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
