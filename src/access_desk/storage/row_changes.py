"""Row changes: what an event does to the tables, as values. Each engine has one bulk writer for them.

Rows come out the same in whatever order events arrive. A row that one event makes is an ``Insert``, or one of ``InsertRows``;
a row that several desks may make each for itself (a facility, a person, a bag's number) is a ``Claim``, and the earliest by
clock stamp stands. What later events change in a row is kept in ``row_versions``: a column has the value of the latest stamp,
also when the change arrives before the row does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from json.encoder import encode_basestring_ascii
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import Column, Connection, Integer

from access_desk.domain.content import Content
from access_desk.storage import blobs, bulk_indexes
from access_desk.storage.schema import metadata

# Rows of these are made once, by one event, and never changed: what changes them may be looked for in vain.
NEVER_CHANGED = frozenset(
    {
        "activities",
        "appointment_steps",
        "block_steps",
        "cash_moves",
        "disclosures",
        "dispute_settlements",
        "drawer_counts",
        "drawer_leases",
        "emergency_arrivals",
        "emergency_steps",
        "event_subjects",
        "flag_reviews",
        "glass_openings",
        "glass_reviews",
        "name_variants",
        "patient_aliases",
        "patient_changes",
        "patient_details",
        "patient_flags",
        "patient_ssns",
        "patient_numbers",
        "patient_unreadable",
        "payment_lines",
        "payment_papers",
        "payment_tenders",
        "postings",
        "printed_documents",
        "queue_moves",
        "refunds",
        "registration_checks",
        "registration_failures",
        "service_levels",
        "visit_details",
        "visit_milestones",
    }
)


class Insert(NamedTuple):
    """A new row."""

    table: str
    values: Mapping[str, object]


class InsertRows(NamedTuple):
    """New rows of one table whose rows are never changed (:data:`NEVER_CHANGED`), as if each were an ``Insert``."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


class Update(NamedTuple):
    """Columns of the row with that key, unless a later event set them; ``place`` orders the events of all desks."""

    table: str
    key: Mapping[str, object]
    values: Mapping[str, object]
    place: str = ""


class Claim(NamedTuple):
    """A row that more than one desk may make; all columns that are not null, and the earliest by ``place`` stands."""

    table: str
    values: Mapping[str, object]
    place: str = ""


class SetLatest(NamedTuple):
    """What follows from one field of a patient, unless a later stamp for it is there: arrival order does not matter."""

    facility_id: str
    patient_id: str
    field: str
    stamp: str
    values: Mapping[str, object]
    table: str = "patients"


class InsertMany(NamedTuple):
    """Rows of one table, in bulk; a row whose key is there already is left as it is.

    Nothing is known of ``blank``, further columns of all these rows: null where that may be, else blank or zero.
    """

    table: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[object, ...]]
    blank: tuple[str, ...] = ()


class FromContent(NamedTuple):
    """Changes that a pure function makes of large content, which the writer fetches from the store beside the log."""

    facility_id: str
    content: Content
    changes: Callable[[bytes], Iterable[RowChange]]


RowChange: TypeAlias = Insert | InsertRows | Update | Claim | SetLatest | InsertMany | FromContent


def write(connection: Connection, changes: Iterable[RowChange], store: Connection | None = None) -> None:
    """Apply row changes in order on an SQLite connection that is in a transaction.

    Args:
        connection: where the tables are.
        changes: what to do to them.
        store: where large content lies, when that is another database (a replay into an empty one).
    """
    cursor = connection.connection.cursor()
    try:
        for change in changes:
            if isinstance(change, FromContent):
                data = blobs.get(store or connection, change.facility_id, change.content.sha256)
                with bulk_indexes.aside_at_first(connection, change.content.size):
                    write(connection, change.changes(data), store)
            else:
                _write_one(cursor, change)
    finally:
        cursor.close()


def _write_one(cursor: Any, change: RowChange) -> None:
    match change:
        case Insert(table, values):
            cursor.execute(insert_statement(table, tuple(values)), tuple(values.values()))
            if table not in NEVER_CHANGED:
                settle(cursor, table, row_key(table, values))
        case InsertRows(table, columns, rows):
            cursor.executemany(insert_statement(table, columns), rows)
        case Update() | Claim() | SetLatest():
            _keep_version(cursor, version_of(change))
        case InsertMany(table, columns, rows, blank):
            statement = insert_statement(table, columns, blank) + " ON CONFLICT DO NOTHING"
            if table in NEVER_CHANGED:
                cursor.executemany(statement, rows)
            else:
                facility_ids: set[object] = set()
                cursor.executemany(statement, _noting(rows, columns.index("facility_id"), facility_ids))
                _settle_table(cursor, table, facility_ids)


def _noting(rows: Iterable[tuple[object, ...]], place: int, seen: set[object]) -> Iterator[tuple[object, ...]]:
    """The rows as they are asked for, so that an index's are never there all at once, and what they have at a place."""
    for row in rows:
        seen.add(row[place])
        yield row


# What sets this column of a row ends it: nothing else changes the row then, whatever it counts as. What followed from an
# event may count as earlier than it, when central was restored and received it again (:mod:`access_desk.domain.beginnings`).
_ENDED_BY: Final = {"custodies": "closed_at"}

# Of these the last claim stands: what they belong to has the columns of the last change.
_LAST_CLAIM: Final = frozenset({"custody_tenders"})

# Facility, and the rest of the key as a JSON array.
RowKey: TypeAlias = tuple[str, str]


class Version(NamedTuple):
    """A row of `row_versions`, its columns in order."""

    facility_id: str
    table_name: str
    row_key: str
    place: str
    is_claim: int
    content: str

    @property
    def key(self) -> RowKey:
        """Of the row that it is a version of."""
        return self.facility_id, self.row_key


@cache
def _key_columns(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in metadata.tables[table].primary_key if column.name != "facility_id")


def row_key(table: str, values: Mapping[str, object]) -> RowKey:
    """The key of a row that has these columns."""
    key = [values[column] for column in _key_columns(table)]
    # Most are one text, which takes a third of the time by itself.
    only = key[0] if len(key) == 1 else None
    return str(values["facility_id"]), f"[{encode_basestring_ascii(only)}]" if isinstance(only, str) else json.dumps(key)


def _keep_version(cursor: Any, version: Version) -> None:
    cursor.execute(insert_statement("row_versions", Version._fields), version)
    settle(cursor, version.table_name, version.key)


def version_of(change: Update | Claim | SetLatest) -> Version:
    """A change as it is kept beside its row. Raises TypeError for a table whose rows are never changed."""
    table, values = change.table, change.values
    if isinstance(change, SetLatest):
        key, place = (change.facility_id, json.dumps([change.patient_id])), f"{change.stamp}/{change.field}"
    else:
        key, place = row_key(table, change.key if isinstance(change, Update) else values), change.place
    if table in NEVER_CHANGED:
        raise TypeError(f"rows of {table} are never changed")
    content = json.dumps(dict(values), ensure_ascii=False)
    return Version(key[0], table, key[1], place, int(isinstance(change, Claim)), content)


def settle(cursor: Any, table: str, key: RowKey) -> None:
    """Make a row what its claims and changes say, in the order of their stamps."""
    cursor.execute(
        "SELECT is_claim, content FROM row_versions WHERE facility_id = ? AND table_name = ? AND row_key = ? ORDER BY place",
        (key[0], table, key[1]),
    )
    versions = cursor.fetchall()
    if versions:
        cursor.execute(*settled(table, key, versions))


def settled(table: str, key: RowKey, versions: Sequence[tuple[int, str]]) -> tuple[str, tuple[object, ...]]:
    """The statement, and what is bound in it, that makes a row what its versions say.

    Args:
        table: of the row.
        key: of the row.
        versions: whether it is a claim, and its columns as JSON, in the order of their places; at least one.
    """
    claims = [json.loads(content) for is_claim, content in versions if is_claim]
    changes = [json.loads(content) for is_claim, content in versions if not is_claim]
    end = _ENDED_BY.get(table)
    if end:
        changes.sort(key=lambda change: end in change)
    changed: dict[str, object] = {}
    for change in changes:
        changed |= change
    keyed = dict(zip(("facility_id", *_key_columns(table)), (key[0], *json.loads(key[1])), strict=True))
    if claims:
        values = {**claims[-1 if table in _LAST_CLAIM else 0], **changed}
        return _upsert(table, tuple(values), tuple(keyed)), tuple(values.values())
    return _update(table, tuple(changed), tuple(keyed)), (*changed.values(), *keyed.values())


def _settle_table(cursor: Any, table: str, facility_ids: set[object]) -> None:
    for facility_id in map(str, facility_ids):
        cursor.execute("SELECT DISTINCT row_key FROM row_versions WHERE facility_id = ? AND table_name = ?", (facility_id, table))
        for (row_key,) in cursor.fetchall():
            settle(cursor, table, (facility_id, row_key))


@cache
def insert_statement(table: str, columns: tuple[str, ...], blank: tuple[str, ...] = ()) -> str:
    """A new row of that table with those columns; nothing is known of ``blank``, which takes no time to bind."""
    # Names come from the schema, never from input; values are always bound.
    values = [*("?" for _ in columns), *(_nothing(metadata.tables[table].c[name]) for name in blank)]
    return f"INSERT INTO {table} ({', '.join((*columns, *blank))}) VALUES ({', '.join(values)})"  # noqa: S608


def _nothing(column: Column[Any]) -> str:
    return "NULL" if column.nullable else "0" if isinstance(column.type, Integer) else "''"


@cache
def _update(table: str, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{column} = ?" for column in columns)
    matched = " AND ".join(f"{column} = ?" for column in key)
    return f"UPDATE {table} SET {assigned} WHERE {matched}"  # noqa: S608


@cache
def _upsert(table: str, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    return f"{insert_statement(table, columns)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {assigned}"
