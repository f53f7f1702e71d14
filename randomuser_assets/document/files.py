"""The files that are derived from declarations and checked in: what is in each."""

from pathlib import Path

from randomuser_assets.document.erd import draw
from randomuser_assets.environment import env_example, settings_rows
from randomuser_assets.model import MODEL

_BEGIN, _END = "<!-- settings: written by `make erd` -->\n", "<!-- end of settings -->"


def write_files(root: Path) -> list[Path]:
    """Write the files that are out of date, and say which."""
    stale = stale_files(root)
    contents = _contents(root)
    for path in stale:
        path.write_bytes(contents[path])
    return stale


def stale_files(root: Path) -> list[Path]:
    """Say which files differ from what the declarations say."""
    return [
        path
        for path, content in _contents(root).items()
        if not path.is_file() or path.read_bytes() != content
    ]


def _contents(root: Path) -> dict[Path, bytes]:
    readme = root / "README.md"
    return {
        root / "erd.pdf": draw(MODEL),
        root / ".env.example": env_example().encode(),
        readme: _with_settings(readme.read_text(encoding="utf-8")).encode(),
    }


def _with_settings(readme: str) -> str:
    before, _, rest = readme.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{_settings_table()}{_END}{after}"


def _settings_table() -> str:
    lines = ["| name | default | meaning |", "|---|---|---|"]
    lines += [
        f"| `{name}` | {f'`{default}`' if default else 'none'} | {meaning} |"
        for name, meaning, default in settings_rows()
    ]
    return "\n".join([*lines, ""])
