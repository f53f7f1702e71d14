"""The words that are the same on the page, its still and in the Dagster UI."""

from randomuser_assets.numbered import numbered
from randomuser_assets.report.population.figures import AgeGroup, Population
from randomuser_assets.report.words import share

NOBODY = "Nobody is in the marts yet."


def verdict(population: Population) -> str:
    """Answer in a sentence which age group is the largest."""
    groups = population.by_age_group
    people = population.people
    largest = max(groups, key=groups.__getitem__, default=None)
    if not people or largest is None:
        return NOBODY
    most = groups[largest]
    return (
        f"The largest age group is {aged(largest)}: {most:,} of "
        f"{numbered(people, 'person', 'people')} ({share(most, people)})."
    )


def aged(group: AgeGroup) -> str:
    """Write a group's name as a range is printed."""
    return group.name.replace("-", "\N{EN DASH}")
