"""Replay: the projections again, from nothing but the log, and whether they are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from access_desk.domain.events import Recorded
from access_desk.protocol.encoding import decode
from access_desk.storage import bulk_indexes
from access_desk.storage.caps import as_counted
from access_desk.storage.event_log import every_row
from access_desk.storage.projections import project
from access_desk.storage.row_changes import write
from access_desk.storage.schema import PROJECTIONS, metadata


def rebuild(source: Connection, target: Connection) -> list[tuple[Recorded, str]]:
    """Project every event of ``source`` into ``target``, an empty database.

    Returns:
        The events that are not where they belong, and why: shown although they cannot be, or set aside although they can.
        Whoever sets an event aside by hand hides it.
    """
    metadata.create_all(target, tables=list(PROJECTIONS))
    wrong: list[tuple[Recorded, str]] = []
    for event in _projected(source):
        try:
            write(target, project(event), source)
        except (dbapi2.IntegrityError, LookupError):
            wrong.append((event, "it cannot be shown, and was not set aside"))
    cursor = target.connection.cursor()
    for event in _set_aside(source):
        cursor.execute("SAVEPOINT trying")
        try:
            write(target, project(event), source)
        except (dbapi2.IntegrityError, LookupError):
            continue
        else:
            wrong.append((event, "it was set aside, although nothing keeps it from being shown"))
        finally:
            cursor.execute("ROLLBACK TO trying")
            cursor.execute("RELEASE trying")
    cursor.close()
    return wrong


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
    """Every event of the log but those that were parked, or whose details were let go: they have no rows."""
    rows = connection.exec_driver_sql("SELECT facility_id, desk_id, stream_epoch, desk_seq FROM local_parked").all()
    parked = {tuple(row) for row in rows}
    found = connection.exec_driver_sql("SELECT facility_id, desk_id, stream_epoch, desk_seq, stamp FROM local_caps").all()
    caps = {tuple(row[:4]): row[4] for row in found}
    for row in every_row(connection):
        if not row.is_let_go and (row.facility_id, row.desk_id, row.stream_epoch, row.desk_seq) not in parked:
            yield as_counted(row.data, caps.get((row.facility_id, row.desk_id, row.stream_epoch, row.desk_seq)))


def _set_aside(source: Connection) -> list[Recorded]:
    """The events that were parked."""
    rows = source.exec_driver_sql(
        "SELECT e.data FROM local_parked p JOIN events e ON e.facility_id = p.facility_id AND e.desk_id = p.desk_id "
        "AND e.stream_epoch = p.stream_epoch AND e.desk_seq = p.desk_seq ORDER BY p.facility_id, p.desk_id, p.desk_seq"
    ).all()
    return [decode(bytes(row[0]))[0] for row in rows]


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
