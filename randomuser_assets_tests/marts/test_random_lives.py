"""Days in any order, some twice, some corrected, some removed: the history is that of the days."""

from collections.abc import Sequence
from datetime import date
from random import Random

import pytest

from randomuser_assets_tests.marts.core import Day
from randomuser_assets_tests.marts.lives import day_number, drawn_day, no_people, somebody
from randomuser_assets_tests.marts.warehouse import Warehouse

ONLY_HISTORY = ("run", "--select", "dim_user")
MODES = {"batches": (False,), "snapshots": (True,), "both": (False, True)}


def changes(random: Random, people: list[str], numbers: int) -> dict[date, Day | None]:
    """Draw some days, to be loaded, loaded again as another, or removed, in this order."""
    drawn: dict[date, Day | None] = {}
    for _ in range(random.randint(1, 4)):
        day = day_number(random.randrange(numbers))
        drawn.pop(day, None)
        drawn[day] = random.choice(
            (
                None,
                no_people(),
                *(drawn_day(random, people) for _ in range(5)),
            )
        )
    return drawn


def live(warehouse: Warehouse, seed: int, people: int, modes: Sequence[bool]) -> None:
    """Change days and build, again and again, and compare after each build."""
    random = Random(seed)  # noqa: S311  draws tests
    persons = [somebody(random) for _ in range(people)]
    numbers = random.randint(3, 12)
    for snapshots in modes:
        warehouse.load(changes(random, persons, numbers))
        if warehouse.days and random.random() < 0.5:  # once more, as it was
            again = random.choice(sorted(warehouse.days))
            warehouse.load({again: warehouse.days[again]})
        if random.random() < 0.4:
            warehouse.build(snapshots=snapshots)
            warehouse.check_star(snapshots=snapshots)
        else:
            warehouse.build(*ONLY_HISTORY, snapshots=snapshots)
        warehouse.check_history(snapshots=snapshots)
    warehouse.build(snapshots=modes[-1])
    warehouse.check_star(snapshots=modes[-1])
    warehouse.check_rebuilt(snapshots=modes[-1])


def test_days_in_any_order_give_the_history_of_the_days(warehouse: Warehouse) -> None:
    """As batches and as snapshots in turns, too: which of them is no matter of the file."""
    live(warehouse, 20240229, 80, [False, False, True, True])


@pytest.mark.long
@pytest.mark.parametrize("modes", MODES.values(), ids=MODES)
@pytest.mark.parametrize("seed", range(2))
def test_many_lives_in_any_order(warehouse: Warehouse, seed: int, modes: tuple[bool, ...]) -> None:
    random = Random(seed)  # noqa: S311  draws tests
    live(warehouse, seed, 150, [random.choice(modes) for _ in range(15)])
