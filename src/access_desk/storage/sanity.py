"""What two files compare after synchronizing: streams, and the cash of every custody, as counts, sums and one hash."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class SanityLine:
    """A facility as one file has it; ``streams`` are (desk, epoch, last sequence, its hash)."""

    events: int
    streams: tuple[tuple[str, int, int, str], ...]
    custodies: int
    cash_cents: int
    figures: str


def sanity_line(connection: Connection, facility_id: str) -> SanityLine:
    """Count and add up what the file has of a facility."""
    streams = connection.exec_driver_sql(
        "SELECT e.desk_id, e.stream_epoch, e.desk_seq, e.hash, h.events FROM events e JOIN (SELECT desk_id, stream_epoch, "
        "max(desk_seq) AS desk_seq, count(*) AS events FROM events WHERE facility_id = ? GROUP BY desk_id, stream_epoch) h "
        "ON e.desk_id = h.desk_id AND e.stream_epoch = h.stream_epoch AND e.desk_seq = h.desk_seq "
        "WHERE e.facility_id = ? ORDER BY e.desk_id, e.stream_epoch",
        (facility_id, facility_id),
    ).all()
    sums = connection.exec_driver_sql(
        "SELECT custody_id, account, sum(lines), sum(cents) FROM (SELECT custody_id, account, count(*) AS lines, "
        "sum(amount_cents) AS cents FROM postings WHERE facility_id = ? GROUP BY custody_id, account UNION ALL "
        "SELECT custody_id, account, postings, amount_cents FROM local_let_go WHERE facility_id = ?) AS summed "
        "GROUP BY custody_id, account ORDER BY custody_id, account",
        (facility_id, facility_id),
    ).all()
    # A custody whose details were let go counts with its sums: it is the same custody.
    custodies = sum(
        connection.exec_driver_sql(f"SELECT count(*) FROM {name} WHERE facility_id = ?", (facility_id,)).scalar_one()  # noqa: S608
        for name in ("custodies", "local_let_go_custodies")
    )
    parked = connection.exec_driver_sql(
        "SELECT desk_id, stream_epoch, desk_seq FROM local_parked WHERE facility_id = ? ORDER BY 1, 2, 3", (facility_id,)
    ).all()
    caps = connection.exec_driver_sql(
        "SELECT desk_id, stream_epoch, desk_seq, stamp FROM local_caps WHERE facility_id = ? ORDER BY 1, 2, 3", (facility_id,)
    ).all()
    lines = [f"{custody} {account} {count} {cents}" for custody, account, count, cents in sums]
    # What one file could not project and the other could shows, even where the sums happen to be equal.
    text = "\n".join([*lines, *(f"parked {desk} {epoch} {seq}" for desk, epoch, seq in parked)])
    text += "".join(f"\ncap {desk} {epoch} {seq} {stamp}" for desk, epoch, seq, stamp in caps)
    return SanityLine(
        events=sum(row[4] for row in streams),
        streams=tuple((row[0], row[1], row[2], bytes(row[3]).hex()) for row in streams),
        custodies=custodies,
        cash_cents=sum(row[3] for row in sums if row[1] == "drawer_cash"),
        figures=sha256(text.encode()).hexdigest(),
    )
