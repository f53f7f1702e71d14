"""One round of deliveries: what is news goes out, and what became of each address is told.

Told means: in the log, in one line for the sensor's look, and to the addresses that live.
"""

import logging
from collections.abc import Sequence

from randomuser_assets.alert.messages import (
    Message,
    dead_address_message,
    living_address_message,
)
from randomuser_assets.alert.outbox import MOST_TRIES, Outbox, kept_for, posted, settled
from randomuser_assets.alert.send import Address, Postman
from randomuser_assets.numbered import numbered


def delivered(
    outbox: Outbox,
    news: Sequence[Message],
    addresses: Sequence[Address],
    postman: Postman,
    log: logging.Logger,
) -> tuple[Outbox, str]:
    """Deliver what waits and what is new; give the outbox after it and what happened in words."""
    ids = [address.id for address in addresses]
    outbox = kept_for(outbox, ids)
    for message in news:
        outbox = posted(outbox, message, ids)
    outcomes = postman.deliver(addresses, {each: outbox.waiting(each) for each in ids})
    done = settled(outbox, outcomes)
    outbox, told = done.outbox, []
    for address in addresses:
        others = [each for each in ids if each != address.id]
        if address.id in done.died:
            outbox = posted(outbox, dead_address_message(address.name), others)
        if address.id in done.revived:
            lost = done.revived[address.id]
            to = ids if lost else others  # what was lost must be known where it was
            outbox = posted(outbox, living_address_message(address.name, lost), to)
        if lost := done.given_up.get(address.id, 0):
            told.append(
                f"{address.name} did not take {lost} of the messages in {MOST_TRIES} tries: given "
                "up. Check RANDOMUSER_ALERT_URLS and the service behind it."
            )
        elif address.id in outcomes and outcomes[address.id].failed:
            told.append(
                f"{address.name} did not take a message: tried {outbox.tries(address.id)} of "
                f"{MOST_TRIES} times, {len(outbox.waiting(address.id))} waiting."
            )
    for line in told:
        log.warning("%s", line)
    sent = f"{numbered(done.sent, 'message', 'messages')} sent."
    return outbox, " ".join([*([sent] if done.sent else []), *told]) or "Nothing to tell."
