"""The table of every check for docs/quality.md, table by table, as the code declares them."""

from randomuser_assets.graph.backups import ADVICE, CHECK, HOLDS
from randomuser_assets.graph.check import ERROR, Check
from randomuser_assets.graph.check_ops import by_op
from randomuser_assets.model import Model
from randomuser_assets.settings import Settings

_HEAD = ("| check | fails as | what holds | when it does not |", "|---|---|---|---|")


def check_tables(model: Model) -> str:
    """Give the checks of each table as a Markdown table, with the default settings."""
    defaults = Settings.model_construct()
    every = [check for checks in by_op(defaults, model).values() for check in checks]
    sections = []
    for table in model:
        own = [check for check in every if check.table == table]
        lines = [*_HEAD, *(_line(check) for check in own)]
        sections.append(f"### {table.name}\n\n" + "\n".join(lines) + "\n")
    sections.append(
        "### backup\n\n" + "\n".join([*_HEAD, _row(CHECK, ERROR.value, HOLDS, ADVICE)]) + "\n"
    )
    return "\n".join(sections)


def _line(check: Check) -> str:
    return _row(check.name, check.severity.value, check.holds, check.advice)


def _row(name: str, *rest: str) -> str:
    cells = (f"`{name}`", *rest)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
