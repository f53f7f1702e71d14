"""Asks the questions of docs/questions.md again, and writes the answers there.

make answers
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from randomuser_assets.document.files import PAGE, page_with
from randomuser_assets_tests.questions.demo_days import QUESTIONS, ROOT, marts_of_demo_days


def main() -> None:
    """Write them."""
    with TemporaryDirectory() as folder:
        marts = marts_of_demo_days(Path(folder))
        answers = {name: marts.answer(question) for name, question in QUESTIONS.items()}
    page = ROOT / PAGE
    page.write_text(page_with(page.read_text("utf-8"), QUESTIONS, answers), encoding="utf-8")


if __name__ == "__main__":
    main()
