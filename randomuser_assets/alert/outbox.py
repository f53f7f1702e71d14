"""The outbox: which address still has to get which message, and which address takes none.

Addresses are known here by their id alone, so that what is kept says nothing of them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from randomuser_assets.alert.messages import Message
from randomuser_assets.alert.send import Outcome

MOST_TRIES = 20
"""Looks after which a message is given up: a dead address must not fill the cursor for ever."""


@dataclass(frozen=True)
class Letter:
    """A message, and the addresses it waits for, each with its failed tries."""

    message: Message
    tries: Mapping[str, int]


@dataclass(frozen=True)
class Outbox:
    """The letters in their order, and the addresses that failed last with how many they lost."""

    letters: tuple[Letter, ...] = ()
    dead: Mapping[str, int] = field(default_factory=dict)

    def waiting(self, address: str) -> list[Message]:
        """Give what an address has to get, oldest first."""
        return [letter.message for letter in self.letters if address in letter.tries]

    def tries(self, address: str) -> int:
        """Say how often the oldest message to an address was tried."""
        return max((letter.tries.get(address, 0) for letter in self.letters), default=0)


@dataclass(frozen=True)
class Settled:
    """The outbox after a delivery, and what became of addresses."""

    outbox: Outbox
    sent: int
    died: tuple[str, ...]
    revived: Mapping[str, int]
    given_up: Mapping[str, int]


def posted(outbox: Outbox, message: Message, addresses: Iterable[str]) -> Outbox:
    """Put a message in, for these addresses."""
    letter = Letter(message, dict.fromkeys(addresses, 0))
    return replace(outbox, letters=(*outbox.letters, letter)) if letter.tries else outbox


def kept_for(outbox: Outbox, addresses: Collection[str]) -> Outbox:
    """Forget the addresses that are not set any more."""
    letters = [
        replace(letter, tries={a: n for a, n in letter.tries.items() if a in addresses})
        for letter in outbox.letters
    ]
    dead = {address: lost for address, lost in outbox.dead.items() if address in addresses}
    return Outbox(tuple(letter for letter in letters if letter.tries), dead)


def settled(outbox: Outbox, outcomes: Mapping[str, Outcome]) -> Settled:
    """Take out what was taken and what is given up."""
    dead, given_up = dict(outbox.dead), dict[str, int]()
    letters, sent = [], 0
    for letter in outbox.letters:
        tries = {}
        for address, before in letter.tries.items():
            outcome = outcomes.get(address, Outcome())
            tried = before + outcome.failed
            if letter.message.id in outcome.taken:
                sent += 1
            elif tried >= MOST_TRIES:
                given_up[address] = given_up.get(address, 0) + 1
            else:
                tries[address] = tried
        if tries:
            letters.append(replace(letter, tries=tries))
    failed = [address for address, outcome in outcomes.items() if outcome.failed]
    revived = {
        address: dead.pop(address)
        for address, outcome in outcomes.items()
        if address in dead and outcome.taken and not outcome.failed
    }
    for address in failed:
        dead[address] = dead.get(address, 0) + given_up.get(address, 0)
    died = tuple(address for address in failed if address not in outbox.dead)
    return Settled(Outbox(tuple(letters), dead), sent, died, revived, given_up)
