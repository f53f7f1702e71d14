"""Days on each of which something else is wrong with what the source sends.

Each names the checks that must tell it, and no others; a few records of twelve are touched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from randomuser_assets_tests.graph.contract_api import Asked
from randomuser_assets_tests.graph.tamperings import LASTING, REPEATS, UNIQUE, CheckName
from randomuser_assets_tests.graph.trapped_people import Record, TrappedPeople, written

APPEARED = ("raw_users", "no_key_appeared")
VANISHED = ("raw_users", "no_key_vanished")
RENAMED = ("raw_users", "no_key_was_renamed")
RETYPED = ("raw_users", "no_json_type_changed")

Change = Callable[[list[Record]], None]

SOMEBODY = "7a0eed16-9430-4d68-901f-c0d4c1c3bf00"


@dataclass(frozen=True)
class Fault:
    """What is wrong on a day, which checks tell it, and how many records are rejected for it."""

    change: Change
    told_by: tuple[CheckName, ...]
    told: str = ""
    rejected: int = 0


def _nothing(_: list[Record]) -> None:
    pass


def _new_key(records: list[Record]) -> None:
    for record in records[:3]:
        record["score"] = 5


def _new_nested_key(records: list[Record]) -> None:
    for record in records[:2]:
        record["location"]["coordinates"]["altitude"] = {"metres": 12}


def _optional_key_gone(records: list[Record]) -> None:
    for record in records[:2]:
        del record["id"]["value"]


def _key_gone(records: list[Record]) -> None:
    del records[0]["location"]["street"]["name"]


def _object_gone(records: list[Record]) -> None:
    del records[1]["dob"]


def _renamed(records: list[Record]) -> None:
    for record in records[:4]:
        record["telephone"] = record.pop("phone")


def _renamed_within(records: list[Record]) -> None:
    coordinates = records[0]["location"]["coordinates"]
    coordinates["lat"] = coordinates.pop("latitude")


def _number_as_text(records: list[Record]) -> None:
    for record in records[:5]:
        record["dob"]["age"] = str(record["dob"]["age"])


def _list_for_text(records: list[Record]) -> None:
    records[0]["name"]["first"] = [records[0]["name"]["first"]]


def _null_for_text(records: list[Record]) -> None:
    records[0]["cell"] = None


def _two_names_of_a_country(records: list[Record]) -> None:
    for record, name in zip(records, ("Turkey", "Türkiye"), strict=False):
        record["nat"], record["location"]["country"] = "TR", name


def _two_descriptions_of_an_offset(records: list[Record]) -> None:
    for record, places in zip(records, ("Apia", "Nuku'alofa"), strict=False):
        record["location"]["timezone"] = {"offset": "+13:00", "description": places}


def _two_addresses_of_a_portrait(records: list[Record]) -> None:
    for record, folder in zip(records, ("thumb", "thumbs"), strict=False):
        address = "https://randomuser.me/api/portraits/{}men/97.jpg"
        record["picture"] = {
            "large": address.format(""),
            "medium": address.format("med/"),
            "thumbnail": address.format(f"{folder}/"),
        }


def _same_record_twice(records: list[Record]) -> None:
    records[1] = records[0]


def _somebody(records: list[Record]) -> None:
    records[0]["login"]["uuid"] = SOMEBODY


def _somebody_else(records: list[Record]) -> None:
    _somebody(records)
    records[0]["dob"]["date"] = "1944-12-24T00:00:00.000Z"


def _country_renamed(records: list[Record]) -> None:
    for record in records:
        if record["nat"] == "CH":
            record["location"]["country"] = "Helvetia"


FAULTS = {
    "nothing": Fault(_nothing, ()),
    "a new key": Fault(_new_key, (APPEARED,), "score"),
    "a new nested key": Fault(_new_nested_key, (APPEARED,), "location.coordinates.altitude"),
    "an optional key is gone": Fault(_optional_key_gone, (VANISHED,), "id.value"),
    "a key is gone": Fault(_key_gone, (VANISHED,), "location.street.name", rejected=1),
    "an object is gone": Fault(_object_gone, (VANISHED,), "dob", rejected=1),
    "a key is renamed": Fault(_renamed, (RENAMED,), "phone", rejected=4),
    "a nested key is renamed": Fault(
        _renamed_within, (RENAMED,), "location.coordinates.latitude", rejected=1
    ),
    "a number is sent as text": Fault(_number_as_text, (RETYPED,), "dob.age"),
    "a list is sent for a text": Fault(_list_for_text, (RETYPED,), "name.first", rejected=1),
    "null is sent for a text": Fault(_null_for_text, (RETYPED,), "cell", rejected=1),
    "one country has two names": Fault(_two_names_of_a_country, (("countries", UNIQUE),)),
    "one offset has two descriptions": Fault(
        _two_descriptions_of_an_offset, (("timezones", UNIQUE),)
    ),
    "one portrait has two addresses": Fault(_two_addresses_of_a_portrait, (("pictures", UNIQUE),)),
    "one record comes twice": Fault(_same_record_twice, (REPEATS,)),
    "somebody comes": Fault(_somebody, ()),
    "somebody has another birth date": Fault(_somebody_else, (("users", LASTING),), "born_at"),
    "a country is renamed": Fault(_country_renamed, (("countries", LASTING),), "country_name"),
    "a country keeps its new name": Fault(_country_renamed, ()),
}
START = date(2026, 1, 1)
DAY_OF = {name: (START + timedelta(days=at)).isoformat() for at, name in enumerate(FAULTS)}


class FaultyPeople(TrappedPeople):
    """People of these days."""

    def __call__(self, asked: Asked) -> list[str]:
        """Give a page's records."""
        records = [self.record(asked.seed, asked.page, at + 1) for at in range(asked.results)]
        for name, day in DAY_OF.items():
            if day == asked.seed:
                FAULTS[name].change(records)
        return [written(record, at) for at, record in enumerate(records)]
