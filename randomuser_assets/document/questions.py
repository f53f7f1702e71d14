"""The questions that the marts answer, as they stand in documents: of dbt's analyses, as one asks.

An analysis begins with its question, and what else is to be said of the answer; the rest is SQL.
Here it becomes what can be pasted anywhere. Answers come from data: those that stand are kept.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from randomuser_assets.model.marts import MARTS, SCHEMA

FIRST = "age_groups"
"""The question that stands wherever one will do."""

_REFERENCE = re.compile(r'\{\{ ref\("(\w+)"\) \}\}')
_ANSWER = re.compile(r"<!-- answer: (\w+) -->\n(.*?)<!-- end of answer -->", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """A question, what is to be said of its answer, and the SQL that asks it."""

    name: str
    words: str
    said: str
    sql: str


def read_questions(folder: Path) -> dict[str, Question]:
    """Give all questions, by the names of their files."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.sql"))}


def _read(path: Path) -> Question:
    lines = path.read_text(encoding="utf-8").splitlines()
    remarks = []
    while lines and lines[0].startswith("-- "):
        remarks.append(lines.pop(0).removeprefix("-- "))
    if not remarks or not remarks[0].endswith("?"):
        raise ValueError(f"{path}: expected a question as its first line, as a comment.")
    words, *said = remarks
    return Question(path.stem, words, " ".join(said), _as_asked("\n".join(lines), path))


def _as_asked(sql: str, path: Path) -> str:
    """Put tables for references. Whatever else dbt would have to make is not for pasting."""
    tables = {table.name for table in MARTS}
    if unknown := set(_REFERENCE.findall(sql)) - tables:
        raise ValueError(f"{path} refers to {', '.join(sorted(unknown))}, which is no mart.")
    asked = _REFERENCE.sub(rf"{SCHEMA}.\1", sql)
    if left := re.search(r"\{[{%#].*", asked):
        raise ValueError(
            f'{path}: expected no Jinja but {{{{ ref("…") }}}}, since the SQL is pasted elsewhere, '
            f"not {left[0]}"
        )
    return asked


def page_part(questions: Mapping[str, Question], answers: Mapping[str, str]) -> str:
    """Give the questions with their SQL and these answers."""
    listed = "".join(f"- [{q.words}](#{_anchor(q.words)})\n" for q in questions.values())
    return f"{listed}\n{''.join(_section(q, answers) for q in questions.values())}"


def _section(question: Question, answers: Mapping[str, str]) -> str:
    answer = answers.get(question.name, "Not asked yet: `make answers` does.\n")
    return (
        f"## {question.words}\n\n{question.said}\n\n{as_code(question)}\n"
        f"<!-- answer: {question.name} -->\n{answer}<!-- end of answer -->\n\n"
    )


def as_code(question: Question) -> str:
    """Give the SQL to be copied."""
    return f"```sql\n{question.sql};\n```\n"


def _anchor(words: str) -> str:
    """Give the name under which GitHub finds a heading."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def answers_in(page: str) -> dict[str, str]:
    """Give the answers that stand in a page."""
    return dict(_ANSWER.findall(page))


def answer_table(rows: Sequence[Mapping[str, object]]) -> str:
    """Give an answer as it stands in the page; columns of numbers are on the right."""
    if not rows:
        return "Nothing.\n"
    lines = [
        list(rows[0]),
        ["--:" if all(_is_number(row[name]) for row in rows) else "---" for name in rows[0]],
        *([str(value) for value in row.values()] for row in rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def notebook_with(told: str, questions: Mapping[str, Question]) -> str:
    """Give a notebook whose cells marked with a question ask it, in `sql`, as Jupyter writes it."""
    notebook = json.loads(told)
    for cell in notebook["cells"]:
        if name := cell["metadata"].get("question"):
            source = f'sql = """\n{questions[name].sql}\n"""'
            cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
