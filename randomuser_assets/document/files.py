"""The files that are derived from declarations and checked in: what is in each."""

from collections.abc import Mapping
from pathlib import Path

from randomuser_assets.document.erd import draw
from randomuser_assets.document.pages import core_page, star_page
from randomuser_assets.document.privacy import privacy_tables
from randomuser_assets.document.questions import (
    FIRST,
    Question,
    answers_in,
    as_code,
    notebook_with,
    page_part,
    read_questions,
)
from randomuser_assets.environment import env_example, settings_rows
from randomuser_assets.model import MODEL
from randomuser_assets.model.marts import MARTS

_SETTINGS, _CHECKS, _PRIVACY, _QUESTIONS = "settings", "checks", "privacy", "questions"

PAGE = Path("docs", "questions.md")
ANALYSES = Path("randomuser_assets", "marts", "analyses")


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
    page, notebook = root / PAGE, docs / "analysis.ipynb"
    questions = read_questions(root / ANALYSES)
    told = _text(page)
    return {
        root / "erd.pdf": draw((core_page(MODEL), star_page(MARTS, MODEL))),
        root / ".env.example": env_example().encode(),
        readme: _with(
            _with(_text(readme), _SETTINGS, _settings_table()),
            _QUESTIONS,
            as_code(questions[FIRST]),
        ).encode(),
        quality: _with(_text(quality), _CHECKS, check_tables(MODEL)).encode(),
        privacy: _with(_text(privacy), _PRIVACY, privacy_tables(MODEL)).encode(),
        page: page_with(told, questions, answers_in(told)).encode(),
        notebook: notebook_with(_text(notebook), questions).encode(),
        marts / "models" / "declared.yml": declared_models(MODEL).encode(),
        marts / "macros" / "declared.sql": declared_macros().encode(),
    }


def page_with(page: str, questions: Mapping[str, Question], answers: Mapping[str, str]) -> str:
    """Give the page of questions with these answers."""
    return _with(page, _QUESTIONS, page_part(questions, answers))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _with(text: str, name: str, part: str) -> str:
    """Give a written text with its derived part renewed."""
    begin, end = f"<!-- {name}: written by `make erd` -->\n", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}{part}{end}{after}"


def _settings_table() -> str:
    lines = ["| name | default | meaning |", "|---|---|---|"]
    lines += [
        f"| `{name}` | {f'`{default}`' if default else 'none'} | {meaning} |"
        for name, meaning, default in settings_rows()
    ]
    return "\n".join([*lines, ""])
