"""What is remembered from one look at the runs to the next, as the text of a cursor."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from randomuser_assets.alert.outbox import Outbox
from randomuser_assets.alert.problems import Problem, Problems, Subject


@dataclass(frozen=True)
class State:
    """All that is known: nothing else is stored anywhere.

    `position` is that of the last event read; `told` are the problems that messages have spoken
    of, which differ from those that are there only while `catching_up` with a long time of runs:
    what opened and closed in it need not be told.
    """

    position: int
    catching_up: bool
    problems: Problems = field(default_factory=dict)
    told: Problems = field(default_factory=dict)
    outbox: Outbox = field(default_factory=Outbox)


@dataclass(frozen=True)
class _Written:
    position: int
    catching_up: bool
    problems: tuple[Problem, ...]
    told: tuple[Problem, ...]
    outbox: Outbox


def remembered(state: State) -> str:
    """Write a state."""
    problems, told = tuple(state.problems.values()), tuple(state.told.values())
    written = _Written(state.position, state.catching_up, problems, told, state.outbox)
    return msgspec.json.encode(written).decode()


def recalled(text: str | None) -> State | None:
    """Read a state, if there is one that can be read."""
    try:
        written = msgspec.json.decode(text or "", type=_Written)
    except msgspec.DecodeError:  # none yet, of another version, or set by hand
        return None
    return State(
        written.position,
        written.catching_up,
        _by_subject(written.problems),
        _by_subject(written.told),
        written.outbox,
    )


def _by_subject(problems: tuple[Problem, ...]) -> Mapping[Subject, Problem]:
    return {problem.subject: problem for problem in problems}
