"""Replay: the projections again, from nothing but the log, and whether they are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from access_desk.domain.events import Recorded
from access_desk.protocol.encoding import decode
from access_desk.storage import bulk_indexes
from access_desk.storage.event_log import every_row
from access_desk.storage.projections import project
from access_desk.storage.row_changes import write
from access_desk.storage.schema import PROJECTIONS, metadata


def rebuild(source: Connection, target: Connection) -> None:
    """Project every event of ``source`` into ``target``, an empty database."""
    metadata.create_all(target, tables=list(PROJECTIONS))
    project_all(target, _projected(source), source)


def project_again(connection: Connection) -> None:
    """Make the projections anew from the log beside them: after an upgrade, which may know kinds it did not know before."""
    for table in PROJECTIONS:
        connection.exec_driver_sql(f"DELETE FROM {table.name}")  # noqa: S608 - names come from the schema
    connection.exec_driver_sql("DELETE FROM local_parked")
    is_file = connection.dialect.name == "sqlite"
    if is_file:
        bulk_indexes.set_aside(connection)
    project_all(connection, _projected(connection))
    for name in bulk_indexes.missing(connection) if is_file else ():
        bulk_indexes.build(connection, name)


def _projected(connection: Connection) -> Iterator[Recorded]:
    """Every event of the log but those that were parked."""
    rows = connection.exec_driver_sql("SELECT facility_id, desk_id, stream_epoch, desk_seq FROM local_parked").all()
    parked = {tuple(row) for row in rows}
    for row in every_row(connection):
        if (row.facility_id, row.desk_id, row.stream_epoch, row.desk_seq) not in parked:
            yield decode(row.data)[0]


def project_all(target: Connection, events: Iterable[Recorded], store: Connection | None = None) -> None:
    """Project events in the order given; ``store`` has the content that they name, when ``target`` has not."""
    for event in events:
        write(target, project(event), store)


def differing_tables(one: Connection, other: Connection) -> list[str]:
    """Names of the projection tables whose rows differ."""
    return [table.name for table in PROJECTIONS if _rows(one, table.name) != _rows(other, table.name)]


def _rows(connection: Connection, table: str) -> list[tuple[object, ...]]:
    # Table names come from the schema.
    key = ", ".join(column.name for column in metadata.tables[table].primary_key)
    columns = ", ".join(column.name for column in metadata.tables[table].columns)
    found = connection.exec_driver_sql(f"SELECT {columns} FROM {table} ORDER BY {key}").all()  # noqa: S608
    return [tuple(row) for row in found]
