"""Messages reach who can be reached, each once and in order, and no address is ever shown."""

import logging
import time
from collections.abc import Iterator

import pytest

from randomuser_assets.alert.deliver import delivered
from randomuser_assets.alert.memory import State, recalled, remembered
from randomuser_assets.alert.messages import Message
from randomuser_assets.alert.outbox import MOST_TRIES, Outbox
from randomuser_assets.alert.send import Address, Postman
from randomuser_assets_tests.alert.receiver import (
    SECRET,
    Receiver,
    black_hole,
    receiver,
    refusing_port,
)

LOG = logging.getLogger("of the test")
QUICK = "?cto=0.5&rto=0.5"


@pytest.fixture
def living() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


class Round:
    """Rounds of deliveries to some addresses."""

    def __init__(self, *urls: str, wait: float = 10) -> None:
        self.addresses = [Address(url, number) for number, url in enumerate(urls, 1)]
        self.postman = Postman(wait)
        self.outbox = Outbox()

    def __call__(self, *titles: str) -> str:
        """Deliver messages with these titles, and give what is said of it."""
        news = [Message(title, f"about {title}", "failure") for title in titles]
        self.outbox, told = delivered(self.outbox, news, self.addresses, self.postman, LOG)
        return told

    def dead(self) -> list[int]:
        """Give the numbers of the addresses that failed last."""
        return [each.number for each in self.addresses if each.id in self.outbox.dead]


def titles(receiver: Receiver) -> list[str]:
    return [alert.title for alert in receiver.taken()]


def test_a_message_arrives_once_with_all_of_it(living: Receiver) -> None:
    to = Round(living.address)
    assert to("one") == "1 message sent."
    (alert,) = living.taken()
    assert (alert.title, alert.body, alert.tone) == ("one", "about one", "failure")
    assert to() == "Nothing to tell."
    assert titles(living) == []


def test_each_address_gets_each_message_in_order(living: Receiver) -> None:
    with receiver() as other:
        to = Round(living.address, other.address)
        to("one", "two")
        to("three")
        assert titles(living) == titles(other) == ["one", "two", "three"]


def test_a_refusing_address_and_a_black_hole_keep_no_message_from_the_living(
    living: Receiver,
) -> None:
    with black_hole() as port:
        dead = f"json://127.0.0.1:{refusing_port()}/{SECRET}"
        to = Round(dead, f"json://127.0.0.1:{port}/{SECRET}", living.address, wait=2)
        told = to("one")
    assert titles(living) == ["one"]
    assert to.dead() == [1, 2]
    assert "address 1 (json://127.0.0.1:" in told
    assert "address 2 (json://127.0.0.1:" in told
    assert "1 message sent." in told


def test_the_living_hear_once_of_an_address_that_is_dead_and_once_when_it_is_back(
    living: Receiver,
) -> None:
    port = refusing_port()
    to = Round(f"json://127.0.0.1:{port}/{SECRET}", living.address)
    to("one")
    to("two")
    to()
    name = f"address 1 (json://127.0.0.1:{port})"
    assert titles(living) == ["one", f"randomuser_assets: alerts do not reach {name}", "two"]
    with receiver(port) as back:
        to()
        to()
        assert titles(back) == ["one", "two"]
    assert titles(living) == [f"randomuser_assets: alerts reach {name} again"]


def test_a_message_that_a_service_refuses_is_tried_again(living: Receiver) -> None:
    to = Round(living.address)
    living.status = 500
    assert "tried 1 of" in to("one", "two")
    assert titles(living) == []
    living.status = 200
    assert to() == "2 messages sent."
    assert titles(living) == ["one", "two"]


def test_a_message_is_given_up_in_the_end_and_said_to_be_when_the_address_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    port = refusing_port()
    to = Round(f"json://127.0.0.1:{port}/{SECRET}")
    to("one")
    told = [to() for _ in range(MOST_TRIES)]
    assert "given up" in told[-2]
    assert told[-1] == "Nothing to tell."
    assert [r.getMessage() for r in caplog.records if "given up" in r.getMessage()] == [told[-2]]
    with receiver(port) as back:
        to("two")
        to()
        two, again = back.taken()
    assert two.title == "two"
    assert "1 message had waited too long" in again.body


def test_who_answers_late_gets_no_message_twice(living: Receiver) -> None:
    to = Round(living.address, wait=0.5)
    living.answers.clear()
    assert "did not take a message" in to("one")
    assert "did not take a message" in to("two")
    living.answers.set()
    deadline = time.monotonic() + 60
    while to.outbox.letters:
        assert time.monotonic() < deadline
        time.sleep(0.05)
        to()
    assert titles(living) == ["one", "two"]


def test_who_takes_many_messages_slowly_is_not_called_dead(living: Receiver) -> None:
    to = Round(living.address, wait=3)
    living.seconds = 0.4
    names = [str(number) for number in range(6)]
    said = to(*names)
    assert to.outbox.letters
    while to.outbox.letters:
        said += to()
    assert titles(living) == names
    assert "did not take" not in said


def test_what_waits_is_remembered_without_the_address() -> None:
    port = refusing_port()
    to = Round(f"json://user:pass@127.0.0.1:{port}/{SECRET}")
    to("one")
    text = remembered(State(1, catching_up=False, outbox=to.outbox))
    for part in (SECRET, "127.0.0.1", "pass", str(port)):
        assert part not in text
    state = recalled(text)
    assert state
    with receiver(port) as back:
        after_a_restart = Round(f"json://user:pass@127.0.0.1:{port}/{SECRET}")
        after_a_restart.outbox = state.outbox
        after_a_restart()
        assert titles(back) == ["one"]


def test_an_address_that_is_set_no_more_is_forgotten(living: Receiver) -> None:
    to = Round(f"json://127.0.0.1:{refusing_port()}/{SECRET}", living.address)
    to("one")
    kept = Round(living.address)
    kept.outbox = to.outbox
    kept()
    assert kept.outbox == Outbox()


def test_neither_log_nor_words_nor_repr_show_an_address(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], living: Receiver
) -> None:
    caplog.set_level(logging.DEBUG)
    for logger in ("apprise", "urllib3", "urllib3.connectionpool"):
        caplog.set_level(logging.DEBUG, logger)
    with black_hole() as port:
        to = Round(
            f"json://user:{SECRET}@127.0.0.1:{refusing_port()}/{SECRET}",
            f"json://127.0.0.1:{port}/{SECRET}{QUICK}",
            living.address,
        )
        told = [to("one"), to("two")]
    said = [*told, caplog.text, *capfd.readouterr(), repr(to.addresses), repr(to.outbox)]
    assert "did not take" in caplog.text
    for text in said:
        assert SECRET not in text
    received = living.taken()
    assert {"one", "two"} < {alert.title for alert in received}
    assert SECRET not in repr(received)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("json://localhost/secret", "json://localhost"),
        ("jsons://user:secret@example.com/secret?x=secret", "jsons://example.com"),
        ("json://hooks:8080/secret", "json://hooks:8080"),
        ("mailto://someone:secret@example.com?smtp=mail.example.com", "mailto://example.com"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack://…"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544", "tgram://…"),
        ("ntfy://secrettopic", "ntfys://…"),
    ],
)
def test_of_an_address_the_service_and_the_host_are_shown(url: str, shown: str) -> None:
    assert Address(url, 3).name == f"address 3 ({shown})"
