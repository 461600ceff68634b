"""The content of an imported batch: rows to bytes and back, and one row's record as its registration would read.

JSON rows in the order of ``ImportedRow``'s fields, compressed. A record's id is its event's id and its place in the batch.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from access_desk.domain.errors import DamagedDatabaseError
from access_desk.domain.events import Recorded
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.index_events import ImportedRow, PatientsImported
from access_desk.protocol.encoding import UndecodableEventError, decode, decode_value, encode_value
from access_desk.storage import blobs

_ID = re.compile(r"(.+)-(\d{5})", re.ASCII)
_TEXTS = ("family", "given", "middle", "suffix", "sex", "ssn", "phone", "email", "line", "city", "state", "zip")


def pack(rows: Sequence[ImportedRow]) -> bytes:
    """The content of a batch."""
    return zlib.compress(encode_value(list(rows)), 1)


def unpack(data: bytes) -> list[ImportedRow]:
    """The rows of a batch.

    Raises:
        DamagedDatabaseError: the bytes are no rows.
        ValueError: they are, and what stands in one of them is no text, so that its event cannot be projected.
    """
    unpacked = b""
    try:
        unpacked = zlib.decompress(data)
        rows: list[ImportedRow] = decode_value(unpacked, list[ImportedRow])
    except (zlib.error, UndecodableEventError) as wrong:
        if _are_rows(unpacked):
            raise ValueError("a row of an imported index holds something else than texts") from wrong
        raise DamagedDatabaseError("An imported index cannot be read. Nothing was changed. Restore a backup.") from wrong
    return rows


def _are_rows(unpacked: bytes) -> bool:
    try:
        found = decode_value(unpacked, list[list[Any]])
    except UndecodableEventError:
        return False
    return all(len(one) == len(ImportedRow._fields) for one in found)


def patient_ids_of(event_id: str, count: int) -> list[str]:
    """The ids of the records of so many rows, in their order."""
    return [f"{event_id}-{place:05d}" for place in range(count)]


def demographics_of_row(row: ImportedRow) -> Demographics:
    """A row as a record's demographics."""
    born = date.fromisoformat(row.birth_date) if row.birth_date else None
    return Demographics(birth_date=born, **{name: getattr(row, name) for name in _TEXTS})


def registration_of(connection: Connection, facility_id: str, patient_id: str) -> Recorded | None:
    """The import of one record, as its registration would have been recorded; None when it was not imported."""
    match = _ID.fullmatch(patient_id)
    if match is None:
        return None
    row = connection.exec_driver_sql(
        "SELECT data FROM events WHERE facility_id = ? AND event_id = ? AND kind = 'patients.imported'", (facility_id, match[1])
    ).first()
    if row is None:
        return None
    event, _ = decode(bytes(row[0]))
    if not isinstance(event.body, PatientsImported) or int(match[2]) >= event.body.rows:
        return None
    rows = unpack(blobs.get(connection, facility_id, event.body.batch.sha256))
    one = rows[int(match[2])]
    return replace(event, subject_id=patient_id, body=PatientRegistered(patient_id, one.mrn, demographics_of_row(one)))
