"""Names and texts as they stand in a statement, where a statement is written by hand."""

from sqlglot import exp


def quoted(name: str) -> str:
    """Quote a name."""
    return exp.to_identifier(name, quoted=True).sql("duckdb")


def text(value: str) -> str:
    """Quote a text."""
    return exp.Literal.string(value).sql("duckdb")
