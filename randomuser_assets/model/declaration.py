"""How a table is declared, and what makes a declaration wrong.

Here belong the declaration types and the rules that hold between them. A wrong declaration fails
when it is made, which for the project's own tables is at import, with a sentence. The tables
themselves are in `tables.py`.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from randomuser_assets.model.types import ColumnType
from randomuser_assets.model.values import NotBefore, Rule, fault

PARTITION = "snapshot_date"
"""The partition column: the first column of every table and the first part of its key."""

HASHED = "_hmac"
"""What is added to the name of a field whose value is replaced by its keyed hash."""

PUBLIC = "_public"
"""What is added to the name of a schema for that of the views of its tables' public columns."""

UNREADABLE = "_unreadable"
"""Top-level key of a stored record that could not be read as it came; holds the fault."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class DeclarationError(ValueError):
    """A table or column is declared in a way that cannot be right."""


class Privacy(StrEnum):
    """How private a value is, which decides where it may be shown.

    Secret and direct values are never shown outside the tables. A quasi-identifier identifies in
    company, so rows shown in the UI mask it, but a single faulty one may be named in a reason.
    """

    SECRET = "secret"  # noqa: S105  the name of a class, not a password
    DIRECT = "direct identifier"
    QUASI = "quasi-identifier"
    PLAIN = "plain"

    @property
    def public(self) -> bool:
        """Say whether a value alone neither says who somebody is nor lets anybody in."""
        return self in {Privacy.QUASI, Privacy.PLAIN}

    @property
    def meaning(self) -> str:
        """Say what a value of this class does."""
        return {
            Privacy.SECRET: "lets somebody in, or proves who somebody is, were it known; it is "
            "stored as a keyed hash only",
            Privacy.DIRECT: "says by itself who somebody is, or reaches the person",
            Privacy.QUASI: "does so only in company: of two or three together few people have the "
            "same, often only one",
            Privacy.PLAIN: "says nothing of who somebody is",
        }[self]


@dataclass(frozen=True)
class Recorded:
    """The pipeline itself writes the value: where a record came from, or what became of it."""


@dataclass(frozen=True)
class Leaf:
    """The value stands in the record at this path; hashed ones never reach the disk in clear.

    `json` says as which JSON types it comes: anything else is drift.
    """

    path: tuple[str, ...]
    hashed: bool = False
    json: tuple[str, ...] = ("text",)

    @property
    def stored_path(self) -> tuple[str, ...]:
        """The path in the protected payload, where a hashed field has another name."""
        return (*self.path[:-1], self.path[-1] + HASHED) if self.hashed else self.path


@dataclass(frozen=True)
class Copied:
    """The value is that of a column of flattened_users."""

    column: str


@dataclass(frozen=True)
class Extracted:
    """The value is what the pattern's one group finds in a column of flattened_users."""

    column: str
    pattern: str
    example: str

    @property
    def finds_one_value(self) -> bool:
        r"""Say whether the pattern has one group; Python writes the engines' `\z` as `\Z`."""
        try:
            return re.compile(self.pattern.replace(r"\z", r"\Z")).groups == 1
        except re.error:
            return False


@dataclass(frozen=True)
class Taken:
    """The value of a mart's column is that of a column of a core table."""

    table: str
    column: str


Origin = Recorded | Leaf | Copied | Extracted | Taken


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its name, type, meaning, privacy class and where its value comes from.

    A `unique` column is expected not to repeat within a day, without being a key. A `lasting` one
    has the same value for a key on every day. `rules` are what a value must be beyond its type.
    """

    name: str
    type: ColumnType
    description: str
    privacy: Privacy
    origin: Origin = Recorded()
    required: bool = True
    unique: bool = False
    lasting: bool = False
    rules: tuple[Rule, ...] = ()
    references: str | None = None

    def __post_init__(self) -> None:
        """Refuse a column that is wrong by itself."""
        if not _NAME.fullmatch(self.name):
            raise DeclarationError(
                f"Column name {self.name!r} is not allowed: "
                "a name begins with a letter and holds only A-Z, a-z, 0-9 and _."
            )
        if not self.description.strip():
            raise DeclarationError(f"Column {self.name!r} has no description: say what it means.")
        if isinstance(self.origin, Extracted) and not self.origin.finds_one_value:
            raise DeclarationError(
                f"Column {self.name!r} is extracted with {self.origin.pattern!r}: "
                "the pattern needs exactly one group, the value."
            )
        for rule in self.rules:
            if wrong := fault(rule, self.type):
                raise DeclarationError(
                    f"Column {self.name!r}, which is {self.type.sql}, has the rule {rule}: {wrong}."
                )


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table. `rows_with` names a column without whose value a person makes no row.

    A table that is not `partitioned` is added to, and never replaced by days.
    """

    name: str
    schema: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows_with: str | None = None
    partitioned: bool = True

    def __post_init__(self) -> None:
        """Refuse a table whose parts do not fit together."""
        if not _NAME.fullmatch(self.name) or not _NAME.fullmatch(self.schema):
            raise DeclarationError(
                f"Table name {self.schema}.{self.name} is not allowed: "
                "a name begins with a letter and holds only A-Z, a-z, 0-9 and _."
            )
        if not self.description.strip():
            raise DeclarationError(f"Table {self.name!r} has no description: say what it holds.")
        lowered = [column.name.lower() for column in self.columns]
        for column in self.columns:
            if lowered.count(column.name.lower()) > 1:
                raise DeclarationError(
                    f"Table {self.name!r} declares column {column.name!r} twice "
                    "(capitals make no difference in SQL): remove or rename one."
                )
        first = self.columns[0].name if self.columns else ""
        if self.partitioned and (first != PARTITION or PARTITION not in self.key):
            raise DeclarationError(
                f"Table {self.name!r} must begin with {PARTITION!r} and have it in its key: "
                "days are the partitions of every table."
            )
        for name in self.key:
            if not self[name].required:
                raise DeclarationError(
                    f"Key column {name!r} of table {self.name!r} may be null: "
                    "a key column is always required."
                )
            if self.partitioned and not self[name].privacy.public:
                raise DeclarationError(
                    f"Key column {name!r} of table {self.name!r} is declared as "
                    f"{self[name].privacy.value}: a key is wherever the table's rows are, "
                    "in public views, too. Make the key of something else."
                )
        if self.rows_with is not None:
            self[self.rows_with]

    def __getitem__(self, name: str) -> Column:
        """Give the column of this name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise DeclarationError(
            f"Table {self.name!r} has no column {name!r}; "
            f"it has {', '.join(column.name for column in self.columns)}."
        )

    def column_from(self, leaf: str) -> Column | None:
        """Give the column that is this column of flattened_users or a copy of it."""
        for column in self.columns:
            if (column.origin.column if isinstance(column.origin, Copied) else column.name) == leaf:
                return column
        return None

    @property
    def column_names(self) -> tuple[str, ...]:
        """All column names in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def own_key(self) -> tuple[str, ...]:
        """The key within a day."""
        return tuple(name for name in self.key if name != PARTITION)

    @cached_property
    def public(self) -> "Table":
        """The table with its public columns only: neither secrets nor direct identifiers."""
        columns = tuple(column for column in self.columns if column.privacy.public)
        key = tuple(name for name in self.key if self[name].privacy.public)
        return replace(self, columns=columns, key=key, rows_with=None)

    @cached_property
    def public_view(self) -> "Table":
        """The same under the name that it has as a view."""
        return replace(self.public, schema=self.schema + PUBLIC)

    @property
    def lasting(self) -> tuple[Column, ...]:
        """The columns that have the same value for a key on every day."""
        return tuple(column for column in self.columns if column.lasting)

    @property
    def references(self) -> tuple[Column, ...]:
        """The columns that refer to another table."""
        return tuple(column for column in self.columns if column.references)


@dataclass(frozen=True, kw_only=True)
class Model:
    """All tables, and which parts of a record are dropped at the door."""

    raw: Table
    flattened: Table
    rejected: Table
    core: tuple[Table, ...]
    dropped: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        """Refuse tables that do not fit together."""
        names = [table.name for table in self]
        for table in self:
            if names.count(table.name) > 1:
                raise DeclarationError(f"Table {table.name!r} is declared twice: rename one.")
            for column in table.references:
                self._check_reference(table, column)
        for table in self.core:
            for column in table.columns:
                if isinstance(column.origin, Copied | Extracted):
                    self._check_source(table, column, self.flattened[column.origin.column])

        self._check_comparisons()
        guarded = [column.origin for column in self.leaves if isinstance(column.origin, Leaf)]
        for path in (*(leaf.path for leaf in guarded if leaf.hashed), *self.dropped):
            if len(path) != 2:
                raise DeclarationError(
                    f"{'.'.join(path)} is hashed or dropped, which the door does for members of a "
                    "top-level object: expected a path like login.password."
                )

    def _check_comparisons(self) -> None:
        for column in self.flattened.columns:
            for rule in column.rules:
                if isinstance(rule, NotBefore) and self.flattened[rule.column].type != column.type:
                    raise DeclarationError(
                        f"{column.name} is {column.type.sql} and must not be before {rule.column}, "
                        f"which is {self.flattened[rule.column].type.sql}: only two values of one "
                        "type can be compared."
                    )

    def _check_reference(self, table: Table, column: Column) -> None:
        place = f"{table.name}.{column.name}"
        target = next((other for other in self if other.name == column.references), None)
        if target is None:
            raise DeclarationError(
                f"{place} refers to {column.references!r}, which is no declared table."
            )
        if len(target.own_key) != 1:
            raise DeclarationError(
                f"{place} refers to {target.name!r}, whose key within a day is not one column: "
                "a reference must hit a key."
            )
        if target[target.own_key[0]].type != column.type:
            raise DeclarationError(
                f"{place} is {column.type.sql}, but the key of {target.name!r} it refers to "
                f"is {target[target.own_key[0]].type.sql}: declare the same type."
            )

    def _check_source(self, table: Table, column: Column, source: Column) -> None:
        if column.type != source.type:
            raise DeclarationError(
                f"{table.name}.{column.name} is {column.type.sql}, but made of "
                f"{self.flattened.name}.{source.name}, which is {source.type.sql}: "
                "declare the same type."
            )
        if column.required and not source.required and column.name != table.rows_with:
            raise DeclarationError(
                f"{table.name}.{column.name} is required but made of "
                f"{self.flattened.name}.{source.name}, which may be null."
            )

    def __iter__(self) -> Iterator[Table]:
        """Go through all tables in the order in which a record passes them."""
        return iter((self.raw, self.flattened, self.rejected, *self.core))

    def __getitem__(self, name: str) -> Table:
        """Give the table of this name."""
        return self._by_name[name]

    @cached_property
    def version(self) -> str:
        """A version that changes with what the tables look like in a database."""
        declared = [
            (table.schema, table.name, [(c.name, c.type.sql, c.required) for c in table.columns])
            for table in self
        ]
        return hashlib.sha256(repr(declared).encode()).hexdigest()[:12]

    @cached_property
    def _by_name(self) -> dict[str, Table]:
        return {table.name: table for table in self}

    @property
    def payload(self) -> Column:
        """The last column of raw_users: the record itself."""
        return self.raw.columns[-1]

    @property
    def fetched_at(self) -> Column:
        """The column of raw_users before it: when the record came."""
        return self.raw.columns[-2]

    @property
    def seed(self) -> Column:
        """The column of raw_users after the day: what its records were asked with."""
        return self.raw.columns[1]

    @property
    def leaves(self) -> tuple[Column, ...]:
        """The columns of flattened_users that stand in the record."""
        return tuple(c for c in self.flattened.columns if isinstance(c.origin, Leaf))

    @property
    def person(self) -> Column:
        """The leaf that says whom a record is about: the one that is declared unique."""
        return next(column for column in self.leaves if column.unique)

    @property
    def derived_keys(self) -> tuple[Column, ...]:
        """Each extracted column once: without it a record cannot be keyed."""
        found = {
            (column.name, column.origin): column
            for table in self.core
            for column in table.columns
            if isinstance(column.origin, Extracted)
        }
        return tuple(found.values())
