"""What the stamps of a batch count as when central receives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from access_desk.protocol.encoding import UndecodableEventError
from access_desk.storage.caps import cap_of, last_counted, latest_stamp
from access_desk.storage.event_log import Stream
from access_desk.storage.received import Arrived


def as_received(connection: Connection, stream: Stream, arrived: Sequence[Arrived], now: str) -> list[Arrived]:
    """Stamps that lie in the future count as ones of a little later than now, in the order in which the desk made them.

    Later than what came before, though this clock may be behind the one that said so: another server's, or its own before
    it was set.

    Args:
        connection: to central's database, which holds the facility for this batch.
        stream: whose batch it is.
        arrived: the batch.
        now: of central's clock (UTC text).
    """
    latest = latest_stamp(now)
    counted, before = list(arrived), ""
    behind: str | None = None
    # Stamps begin with their milliseconds, all of one length.
    ahead = f"{latest:013d}"
    for place, one in enumerate(arrived):
        try:
            event = one.decoded[0]
        except UndecodableEventError:
            continue
        cap = ""
        if event.stamp >= ahead:
            if behind is None:
                behind = last_counted(connection, stream.facility_id, stream.desk_id)
            cap = cap_of(event, latest, max(behind, before))
            counted[place] = replace(one, cap=cap) if cap else one
        before = cap or event.stamp
    return counted
