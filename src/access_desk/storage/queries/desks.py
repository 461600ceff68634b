"""Questions about the desks of a facility, as far as the log tells."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from access_desk.domain.facility.events import DeskClockOff
from access_desk.protocol.encoding import decode
from access_desk.storage.event_log import events_about


def last_recorded(connection: Connection, facility_id: str) -> dict[str, datetime]:
    """When each desk recorded the last of its entries that is known here (aware, UTC); by desk."""
    rows = connection.exec_driver_sql(
        "SELECT e.desk_id, e.data FROM events e JOIN (SELECT desk_id, stream_epoch, max(desk_seq) AS desk_seq FROM events "
        "WHERE facility_id = ? GROUP BY desk_id, stream_epoch) h ON e.desk_id = h.desk_id AND e.stream_epoch = h.stream_epoch "
        "AND e.desk_seq = h.desk_seq WHERE e.facility_id = ? ORDER BY e.desk_id, e.stream_epoch",
        (facility_id, facility_id),
    ).all()
    return {desk_id: decode(bytes(data))[0].recorded_at for desk_id, data in rows}


def clock_last_said(connection: Connection, facility_id: str, desk_id: str) -> int:
    """How far off a desk last said that its clock was, in seconds; 0 when it never did."""
    bodies = [one.body for one in events_about(connection, facility_id, desk_id)]
    said = [body.offset_seconds for body in bodies if isinstance(body, DeskClockOff)]
    return said[-1] if said else 0
