"""Questions about the desk as a whole."""

from __future__ import annotations

from sqlalchemy import Connection

from access_desk.storage.schema import metadata


def count_rows(connection: Connection, table: str, facility_id: str) -> int:
    """How many rows of a facility a table has. Raises KeyError for a table that is not in the schema."""
    name = metadata.tables[table].name
    asked = f"SELECT count(*) FROM {name} WHERE facility_id = ?"  # noqa: S608 - the name is the schema's
    return int(connection.exec_driver_sql(asked, (facility_id,)).scalar_one())


def copies_printed(connection: Connection, facility_id: str, document: str, about: str) -> int:
    """How often a paper was printed before."""
    count = connection.exec_driver_sql(
        "SELECT count(*) FROM printed_documents WHERE facility_id = ? AND document = ? AND about = ?",
        (facility_id, document, about),
    ).scalar_one()
    return int(count)


def facility_names(connection: Connection) -> dict[str, str]:
    """The names of the facilities that this file knows, by id."""
    rows = connection.exec_driver_sql("SELECT facility_id, name FROM facilities").all()
    return {row[0]: row[1] for row in rows}
