"""The counts as the page carries them: JSON that is short, bounded, and cannot end its element.

A column of counts is its lowest value and then a count for each value from there on. Names stand
once; a cell names them by their place.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from randomuser_assets.report.population.figures import Cell, Population

MOST_BYTES = 1_800_000
"""Of the counts, so that the page is below 2 MB: what is over loses its oldest days."""

_WORDS = {
    "born_at": "birth date",
    "document_name": "kind of document",
    "document_value_hmac": "document number",
    "location_key": "place",
    "picture_id": "picture",
    "registered_at": "registration",
    "username": "login name",
}
"""What a column is called where that is not its name."""

_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def embedded(population: Population) -> tuple[str, int]:
    """Give the counts as JSON, and of how many days."""
    every = [
        cell
        for cells in (population.everybody, *(d.cells for d in population.days))
        for cell in cells
    ]
    names = _Names(population, every)
    whole = {
        "nationalities": [
            [code, population.countries.get(code, code)] for code in names.nationalities
        ],
        "genders": list(names.genders),
        "groups": [[group.name, group.age_from] for group in population.age_groups],
        "zones": [[zone.offset, zone.description] for zone in population.zones],
        "columns": [called(name) for name in names.columns],
        "everybody": [names.cell(cell) for cell in population.everybody],
    }
    head = _json(whole)[:-1] + ',"days":['
    left = MOST_BYTES - len(head)
    days: list[str] = []
    for day in population.days:
        text = _json([day.day.isoformat(), [names.cell(cell) for cell in day.cells]])
        left -= len(text) + 1
        if left < 0 and days:
            break
        days.append(text)
    return f"{head}{','.join(days)}]}}", len(days)


def called(column: str) -> str:
    """Say what a column is called on the page."""
    return _WORDS.get(column, column.replace("_", " "))


class _Names:
    """The names that occur, each with its place."""

    def __init__(self, population: Population, cells: Iterable[Cell]) -> None:
        cells = list(cells)
        self.nationalities = _places(cell.nationality for cell in cells)
        self.genders = _places(cell.gender for cell in cells)
        self.columns = _places(name for cell in cells for name in cell.changes.columns)
        self._zones = {zone.minutes: at for at, zone in enumerate(population.zones)}

    def cell(self, cell: Cell) -> list[Any]:
        """Give a cell as a list, as data.js reads it."""
        changes = cell.changes
        zones = {self._zones[minutes]: number for minutes, number in cell.zones.items()}
        return [
            self.nationalities[cell.nationality],
            self.genders[cell.gender],
            cell.people,
            *(_column(counts) for counts in (cell.ages, cell.years, cell.tenures, zones)),
            [changes.new, changes.changed, changes.returned, changes.same, changes.gone],
            [[self.columns[name], number] for name, number in changes.columns.items()],
        ]


def _places(names: Iterable[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(sorted(set(names)))}


def _column(counts: Mapping[int, int]) -> list[int]:
    if not counts:
        return []
    return [min(counts), *(counts.get(value, 0) for value in range(min(counts), max(counts) + 1))]


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":")).translate(_ESCAPED)
