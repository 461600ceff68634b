"""Indexes that are set aside while very many people are loaded, and built again in one go when they are in.

Ten thousand rows touch nearly every page of every index by name, date or number, and each such page is encrypted and written
again with every batch; one built at the end is sorted first and written once. What a load itself asks (ids, and what another
system calls a record) stays. A file without these indexes gives the same answers, slower; whoever opens it to write builds
what is missing, so that a load that was cut off leaves nothing behind. Whoever takes in the beginning of an index from
somewhere else does the same inside the one transaction: nobody sees a file without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.schema import CreateIndex

from access_desk.storage.engine import write_transaction
from access_desk.storage.schema import metadata

_NAMES: Final = (
    "ix_patient_search_listed",
    "ix_patient_search_given",
    "ix_patient_search_initial",
    "ix_patient_search_born",
    "ix_patient_search_phone",
    "ix_patient_search_ssn",
    "ix_patient_search_mrn",
    "ix_patient_ssns_key",
)
_INDEXES: Final = {
    str(index.name): index for table in metadata.sorted_tables for index in table.indexes if str(index.name) in _NAMES
}

# Bytes of a batch that has about a thousand rows, and about as many rows: more that are there cost more than they save.
_MANY: Final = 64 * 1024
_FEW: Final = 1_000


def set_aside(connection: Connection) -> None:
    """Drop them, in a transaction of the caller's."""
    for name in _NAMES:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")


def missing(connection: Connection) -> list[str]:
    """Which of them the file has not."""
    marks = ", ".join("?" * len(_NAMES))
    rows = connection.exec_driver_sql(
        f"SELECT name FROM sqlite_master WHERE type = 'index' AND name IN ({marks})",  # noqa: S608 - marks only
        _NAMES,
    ).all()
    there = {row[0] for row in rows}
    return [name for name in _NAMES if name not in there]


def build(connection: Connection, name: str) -> None:
    """Build one of them, in a transaction of the caller's."""
    connection.exec_driver_sql(str(CreateIndex(_INDEXES[name]).compile(dialect=connection.dialect)))


def build_missing(engine: Engine) -> None:
    """Build what is missing, each in a transaction of its own: stopped at any point, the rest is built the next time."""
    with write_transaction(engine) as connection:
        names = missing(connection)
    for name in names:
        with write_transaction(engine) as connection:
            build(connection, name)


@contextmanager
def aside_at_first(connection: Connection, size: int) -> Iterator[None]:
    """While a batch of so many bytes is written, in a transaction of the caller's, which undoes this too.

    Nothing happens where a thousand people are there already, or somebody else has set them aside. No statement may be open
    on the connection whose rows are still being read: the file would be locked for the change of its indexes.
    """
    is_worth_it = size >= _MANY and connection.dialect.name == "sqlite" and _has_few(connection) and not missing(connection)
    if is_worth_it:
        set_aside(connection)
    yield
    if is_worth_it:
        for name in _NAMES:
            build(connection, name)


def _has_few(connection: Connection) -> bool:
    statement = "SELECT count(*) FROM (SELECT 1 FROM patient_search LIMIT ?)"
    return int(connection.exec_driver_sql(statement, (_FEW + 1,)).scalar_one()) <= _FEW
