"""How a number is written beside what it counts: "1 person", "12,000 people"."""


def numbered(number: int, one: str, several: str) -> str:
    """Write a number and what it counts."""
    return f"{number:,} {one if number == 1 else several}"
