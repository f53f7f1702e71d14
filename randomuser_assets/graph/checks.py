"""Which checks there are: all of them derived from the declarations and the settings.

Each says what holds when it passes and what to do when it does not; docs/quality.md is made of
that. The queries are in query/audit.py.
"""

from collections.abc import Iterator
from functools import partial

from randomuser_assets.graph import findings
from randomuser_assets.graph.check import ERROR, WARN, Check, Reads
from randomuser_assets.graph.findings import FEWEST_DAYS, End
from randomuser_assets.model import PARTITION, Column, Copied, Extracted, Model, Table
from randomuser_assets.model.quality import REQUESTS, SHAPE_DRIFT
from randomuser_assets.query import audit, compare
from randomuser_assets.query.days import LOOKBACK, rows
from randomuser_assets.settings import PREFIX, Settings
from randomuser_assets.source.shape import APPEARED, RENAMED, RETYPED, VANISHED

_AGAIN = "Materialise the day again from raw_users on; if it stays, the source is at fault."
_DERIVED = "Something wrote to the warehouse by another way: materialise the table again."
_LOOK = "Look at what the source sends, and change the declaration in model/tables.py if it is new."


def all_checks(settings: Settings, model: Model) -> Iterator[Check]:
    """Give all checks, those of one table before those across tables."""
    yield from _of_tables(settings, model)
    yield from _of_the_division(settings, model)
    yield from _of_references(model)


def _of_tables(settings: Settings, model: Model) -> Iterator[Check]:
    """Give the checks that need one table, and what is known of its fetch."""
    for table in model:
        yield from _of_any_table(table)
        yield from (_no_repeats(table, column) for column in table.columns if column.unique)
        if any(column.rules for column in table.columns) and table != model.flattened:
            yield _accepted_values(table)
        if table.lasting and table != model.flattened:
            yield _lasting_values(table)
    yield from _of_the_fetch(settings, model)
    yield _reasons(model)


def _of_the_division(settings: Settings, model: Model) -> Iterator[Check]:
    """Give the checks across raw, flattened and rejected records."""
    raw, flattened, rejected = model.raw, model.flattened, model.rejected
    yield Check(
        table=rejected,
        name="raw_is_flattened_plus_rejected",
        holds="Each record of raw_users is in exactly one of flattened_users and rejected_users.",
        advice="Materialise the day again from flattened_users on: nothing is fetched for that.",
        find=partial(findings.unbalanced, model=model),
        reads=tuple(Reads(table, raw.key) for table in (raw, flattened, rejected)),
    )
    warn, error = settings.rejected_warn, settings.rejected_error
    yield Check(
        table=rejected,
        name="few_records_are_rejected",
        holds=f"No more than {_percent(warn)} of a day's records are rejected (else WARN), and "
        f"less than {_percent(error)} (else ERROR): {PREFIX}REJECTED_WARN, "
        f"{PREFIX}REJECTED_ERROR.",
        advice="List them with `randomuser-assets rejected`. Nothing is lost: once the rule or the "
        "code is right, materialise the day again from flattened_users on.",
        find=lambda there: there.figures(compare.shares(raw, rejected, there.days)),
        reads=(Reads(raw, (PARTITION,)), Reads(rejected, (PARTITION,))),
        judge=partial(findings.judged_share, rejected.name, warn, error),
    )


def _of_references(model: Model) -> Iterator[Check]:
    """Give the checks across core tables: nothing is lost on the way, references meet both ways."""
    for table in model.core:
        yield _nothing_lost(table, model)
    for table in model:
        for column in table.references:
            target = model[str(column.references)]
            here, there = End(table, column), End(target, target[target.own_key[0]])
            yield _reference(here, there, here)
            if table.rows_with is None:
                yield _reference(here, there, there)


def _of_any_table(table: Table) -> Iterator[Check]:
    required = [column for column in table.columns if column.required]
    yield Check(
        table=table,
        name="key_is_unique",
        holds=f"No two rows have the same {', '.join(table.key)}.",
        advice="Different rows have one key, as when one uuid names two people: compare them. "
        + _AGAIN,
        find=lambda there: there.figures(audit.repeated(rows(table, there.days), table.key)),
        reads=(Reads(table, table.key),),
    )
    yield Check(
        table=table,
        name="column_names_are_clean",
        holds="Column names hold only A-Z, a-z, 0-9 and _.",
        advice="Rename the column, or drop it: it is not declared.",
        find=partial(findings.unclean_names, table=table),
        reads=(Reads(table, ()),),
    )
    yield Check(
        table=table,
        name="columns_are_as_declared",
        holds="The declared columns are there, with their types, and no others.",
        advice="Run `randomuser-assets migrate`, or declare what is stored.",
        find=partial(findings.unlike_declared, table=table),
        reads=(Reads(table, ()),),
    )
    yield Check(
        table=table,
        name="required_values_are_there",
        holds="No null stands where none may.",
        advice=_DERIVED,
        find=lambda there: there.figures(audit.missing(rows(table, there.days), required)),
        reads=(Reads(table, tuple(column.name for column in required)),),
    )


def _no_repeats(table: Table, column: Column) -> Check:
    key = (PARTITION, column.name)
    return Check(
        table=table,
        name=f"{column.name}_does_not_repeat",
        holds=f"No {column.name} comes twice in a day.",
        advice="Equal rows become one further on; different ones fail key_is_unique there.",
        find=lambda there: there.figures(audit.repeated(rows(table, there.days), key)),
        reads=(Reads(table, key),),
        severity=WARN,
    )


def _accepted_values(table: Table) -> Check:
    ruled = tuple(column.name for column in table.columns if column.rules)
    return Check(
        table=table,
        name="values_are_accepted",
        holds=f"Values obey the rules declared for {', '.join(ruled)}.",
        advice="Records that break a rule are rejected before: the rule is newer than the day "
        "(materialise it again from flattened_users on), or something else wrote to the table.",
        find=lambda there: there.figures(audit.unaccepted(rows(table, there.days), table)),
        reads=(Reads(table, (PARTITION, *ruled)),),
    )


def _lasting_values(table: Table) -> Check:
    lasting = tuple(column.name for column in table.lasting)
    return Check(
        table=table,
        name="lasting_values_stay",
        holds=f"A {table.own_key[0]} has the same {', '.join(lasting)} as on the last day before "
        f"that had it (of the {LOOKBACK} days before).",
        advice="Either the source corrected it, or one key now means something else: compare both "
        "days before history is made of them.",
        find=partial(findings.changes, table=table),
        reads=(Reads(table, (*table.key, *lasting)),),
        severity=WARN,
    )


def _of_the_fetch(settings: Settings, model: Model) -> Iterator[Check]:
    raw = model.raw
    yield Check(
        table=raw,
        name="as_many_came_as_were_asked_for",
        holds="Each page of a day has as many records as were asked for.",
        advice=_AGAIN,
        find=lambda there: there.figures(compare.asked_and_came(REQUESTS, raw, there.days)),
        reads=(Reads(raw, (PARTITION, "page")), Reads(REQUESTS, REQUESTS.column_names)),
        judge=lambda figures: (
            ERROR if figures["pages_that_differ"] or not figures["came"] else None
        ),
    )
    tolerated = settings.volume_change
    yield Check(
        table=raw,
        name="volume_is_usual",
        holds=f"A day has about as many records as the median of the {LOOKBACK} days before "
        f"(within {_percent(tolerated)}: {PREFIX}VOLUME_CHANGE), once {FEWEST_DAYS} are known.",
        advice=f"Right if {PREFIX}USERS_PER_DAY was changed; else see what the source sent.",
        find=lambda there: findings.volumes(there, raw),
        reads=(Reads(raw, (PARTITION,)),),
        severity=WARN,
        judge=partial(findings.judged_volume, tolerated),
    )
    welcome = settings.new_keys in {"evolve", "discard"}
    yield Check(
        table=raw,
        name="no_key_appeared",
        holds=f"Records have no keys that are not declared ({PREFIX}NEW_KEYS={settings.new_keys}).",
        advice="Declare the key as a leaf in model/tables.py, or let it be: the payload has it.",
        find=partial(findings.drift, kind=APPEARED),
        reads=(Reads(SHAPE_DRIFT, SHAPE_DRIFT.column_names),),
        severity=ERROR if settings.new_keys == "freeze" else WARN,
        judge=(lambda _: None) if welcome else None,
    )
    for kind, name, holds in (
        (VANISHED, "no_key_vanished", "Records have all declared keys."),
        (RENAMED, "no_key_was_renamed", "No declared key has another name."),
        (RETYPED, "no_json_type_changed", "Values have the JSON types that are declared."),
    ):
        yield Check(
            table=raw,
            name=name,
            holds=holds,
            advice=_LOOK,
            find=partial(findings.drift, kind=kind),
            reads=(Reads(SHAPE_DRIFT, SHAPE_DRIFT.column_names),),
            severity=WARN,
        )


def _reasons(model: Model) -> Check:
    table = model.rejected
    reasons = next(column for column in table.columns if column not in model.flattened.columns)
    return Check(
        table=table,
        name="each_has_a_reason",
        holds="Each rejected record has at least one reason.",
        advice="Materialise the day again from flattened_users on.",
        find=lambda there: there.figures(audit.without_elements(rows(table, there.days), reasons)),
        reads=(Reads(table, (PARTITION, reasons.name)),),
    )


def _nothing_lost(table: Table, model: Model) -> Check:
    key, has = table[table.own_key[0]], table[table.rows_with or table.own_key[0]]
    sources = [c.origin.column for c in (key, has) if isinstance(c.origin, Copied | Extracted)]
    return Check(
        table=table,
        name="nothing_is_lost",
        holds=f"The table has each {key.name} that flattened_users has, and no other.",
        advice="Materialise the table again.",
        find=partial(findings.lost, table=table, model=model),
        reads=(Reads(table, (PARTITION, key.name)), Reads(model.flattened, (PARTITION, *sources))),
    )


def _reference(here: End, there: End, asked: End) -> Check:
    """Give the check of one end of a reference; one query answers for both."""
    other = there if asked is here else here
    return Check(
        table=asked.table,
        name=f"{asked.column.name}_is_in_{other.table.name}",
        holds=f"Each {asked.column.name} is the {other.column.name} of a row of "
        f"{other.table.name} of that day.",
        advice=f"Materialise {here.table.name} and {there.table.name} again for the day.",
        find=partial(findings.unmet, here=here, other=there, asked=asked),
        reads=tuple(Reads(end.table, (PARTITION, end.column.name)) for end in (asked, other)),
    )


def _percent(share: float) -> str:
    return f"{share * 100:g} %"
