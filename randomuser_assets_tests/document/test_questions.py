"""Questions become documents: what dbt would make of them, and nothing that it alone could."""

import json
from pathlib import Path

import pytest

from randomuser_assets.document.questions import (
    answer_table,
    answers_in,
    notebook_with,
    page_part,
    read_questions,
)

ASKED = """\
-- How many countries are there?
-- Of all days,
-- each once.
select count(*) as countries
-- By their keys.
from {{ ref("dim_country") }}
"""
SQL = "select count(*) as countries\n-- By their keys.\nfrom marts.dim_country"


def written(folder: Path, text: str) -> Path:
    (folder / "countries.sql").write_text(text, encoding="utf-8")
    return folder


def test_a_file_is_its_question_and_sql_to_paste(tmp_path: Path) -> None:
    question = read_questions(written(tmp_path, ASKED))["countries"]
    assert question.words == "How many countries are there?"
    assert question.said == "Of all days, each once."
    assert question.sql == SQL


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("select 1\n", "expected a question"),
        ("-- How many.\nselect 1\n", "expected a question"),
        (ASKED.replace("dim_country", "dim_planet"), "dim_planet, which is no mart"),
        (ASKED.replace("ref(", "source('core', "), "expected no Jinja"),
        (ASKED + "{% if true %}{% endif %}\n", "expected no Jinja"),
        (ASKED + "{# nothing #}\n", "expected no Jinja"),
    ],
)
def test_what_cannot_be_pasted_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as raised:
        read_questions(written(tmp_path, text))
    assert "countries.sql" in str(raised.value)


def test_answers_that_stand_in_the_page_stay(tmp_path: Path) -> None:
    questions = read_questions(written(tmp_path, ASKED))
    answer = answer_table([{"countries": 21}])
    page = page_part(questions, {"countries": answer, "a question of old": "1\n"})
    assert f"```sql\n{SQL};\n```" in page
    assert "[How many countries are there?](#how-many-countries-are-there)" in page
    assert answers_in(page) == {"countries": answer}
    assert page_part(questions, answers_in(page)) == page


def test_a_new_question_says_how_it_is_asked(tmp_path: Path) -> None:
    page = page_part(read_questions(written(tmp_path, ASKED)), {})
    assert "`make answers`" in answers_in(page)["countries"]


def test_numbers_are_on_the_right() -> None:
    rows = [{"name": "a", "age": 1, "share": 0.5}, {"name": "b", "age": 12, "share": 99.5}]
    assert answer_table(rows) == (
        "| name | age | share |\n| --- | --: | --: |\n| a | 1 | 0.5 |\n| b | 12 | 99.5 |\n"
    )
    assert answer_table([]) == "Nothing.\n"


def test_a_marked_cell_of_the_notebook_asks_the_question(tmp_path: Path) -> None:
    questions = read_questions(written(tmp_path, ASKED))
    marked = {"metadata": {"question": "countries"}, "source": ["old"]}
    other = {"metadata": {}, "source": ["x = 1"]}
    told = json.loads(notebook_with(json.dumps({"cells": [marked, other]}), questions))
    names: dict[str, str] = {}
    exec("".join(told["cells"][0]["source"]), names)  # noqa: S102  what was just made
    assert names["sql"].strip() == SQL
    assert told["cells"][1] == other
