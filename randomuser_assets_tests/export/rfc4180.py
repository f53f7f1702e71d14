"""A strict reader of RFC 4180 that tells a null, which is nothing, from an empty text, `""`."""

Field = str | None


class NotRfc4180Error(ValueError):
    """The text breaks a rule of RFC 4180."""


def parse(content: bytes) -> list[list[Field]]:
    """Give the records of a file in UTF-8, of which every one ends in CRLF."""
    text = content.decode("utf-8")
    records: list[list[Field]] = []
    record: list[Field] = []
    at = 0
    while at < len(text):
        field, at = _field(text, at)
        record.append(field)
        if text.startswith(",", at):
            at += 1
            if at == len(text):
                raise NotRfc4180Error("the last record does not end")
        elif text.startswith("\r\n", at):
            at += 2
            records.append(record)
            record = []
        else:
            raise NotRfc4180Error(f"neither comma nor CRLF after a field: {text[at : at + 20]!r}")
    if record:
        raise NotRfc4180Error("the last record does not end in CRLF")
    if any(len(other) != len(records[0]) for other in records):
        raise NotRfc4180Error("records differ in their number of fields")
    return records


def _field(text: str, at: int) -> tuple[Field, int]:
    if text.startswith('"', at):
        return _quoted(text, at + 1)
    end = at
    while end < len(text) and text[end] not in ',\r\n"':
        end += 1
    return text[at:end] or None, end


def _quoted(text: str, at: int) -> tuple[str, int]:
    parts: list[str] = []
    while True:
        end = text.find('"', at)
        if end < 0:
            raise NotRfc4180Error("a quoted field does not end")
        parts.append(text[at:end])
        if not text.startswith('"', end + 1):
            return "".join(parts), end + 1
        parts.append('"')
        at = end + 2
