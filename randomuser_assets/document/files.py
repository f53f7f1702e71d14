"""The files that are derived from declarations and checked in: what is in each."""

from pathlib import Path

from randomuser_assets.document.erd import draw
from randomuser_assets.document.pages import core_page, star_page
from randomuser_assets.document.privacy import privacy_tables
from randomuser_assets.environment import env_example, settings_rows
from randomuser_assets.model import MODEL
from randomuser_assets.model.marts import MARTS

_SETTINGS, _CHECKS, _PRIVACY = "settings", "checks", "privacy"


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
    # What few files need takes a second to import: the checks know Dagster.
    from randomuser_assets.document.quality import check_tables
    from randomuser_assets.marts.declared import declared_macros, declared_models

    readme, docs = root / "README.md", root / "docs"
    marts = root / "randomuser_assets" / "marts"
    quality, privacy = docs / "quality.md", docs / "privacy.md"
    return {
        root / "erd.pdf": draw((core_page(MODEL), star_page(MARTS, MODEL))),
        root / ".env.example": env_example().encode(),
        readme: _with(readme, _SETTINGS, _settings_table()),
        quality: _with(quality, _CHECKS, check_tables(MODEL)),
        privacy: _with(privacy, _PRIVACY, privacy_tables(MODEL)),
        marts / "models" / "declared.yml": declared_models(MODEL).encode(),
        marts / "macros" / "declared.sql": declared_macros().encode(),
    }


def _with(path: Path, name: str, part: str) -> bytes:
    """Give a written file with its derived part renewed."""
    begin, end = f"<!-- {name}: written by `make erd` -->\n", f"<!-- end of {name} -->"
    before, _, rest = path.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}{part}{end}{after}".encode()


def _settings_table() -> str:
    lines = ["| name | default | meaning |", "|---|---|---|"]
    lines += [
        f"| `{name}` | {f'`{default}`' if default else 'none'} | {meaning} |"
        for name, meaning, default in settings_rows()
    ]
    return "\n".join([*lines, ""])
