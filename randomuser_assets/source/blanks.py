"""Blanks between the parts of a record, which say nothing: without them all are written alike.

All other bytes stay as they are, in texts and numbers, too.
"""

import re
from collections.abc import Sequence

import msgspec
from msgspec import Raw

_LOOKED_AT = 100  # bytes: who writes blanks writes one after the first few names
_a_blank_after_a_sign = re.compile(rb"[\[{:,][ \t\n\r]").search


def without_blanks(record: bytes | Raw) -> bytes | Raw:
    """Give a record without blanks; as it came, if it begins without or cannot be read."""
    return _closed_up(record) if _has_blanks(record) else record


def all_without_blanks(records: Sequence[bytes | Raw]) -> Sequence[bytes | Raw]:
    """Give records without blanks; as they came, if that cannot be told of all by the first."""
    if not records or not _has_blanks(records[0]):
        return records
    try:
        closed_up = msgspec.json.decode(_closed_up(b"[%b]" % b",".join(records)), type=list[Raw])
    except (msgspec.DecodeError, RecursionError):
        return records
    return closed_up if len(closed_up) == len(records) else records


def _has_blanks(record: bytes | Raw) -> bool:
    return _a_blank_after_a_sign(memoryview(record)[:_LOOKED_AT]) is not None


def _closed_up(text: bytes | Raw) -> bytes:
    try:
        return msgspec.json.format(bytes(text), indent=-1)
    except (msgspec.DecodeError, RecursionError):
        return bytes(text)
