"""What of other desks' money a desk may let go of, and a slice of it at a time.

A custody goes whole when it is over: all that happened in it, with those of its payments that are settled. Others stay, and go
when they are. Nothing goes that anybody may still have to act on, nothing that this desk recorded, and nothing that places a
stream in its chain: its first event and its last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from access_desk.domain.events import Recorded
from access_desk.domain.payments.events import PaymentReceived, PaymentRefunded
from access_desk.domain.payments.on_paper import LONGEST_AGO, PaymentTakenOnPaper
from access_desk.storage import let_go_rows
from access_desk.storage.event_log import events_about
from access_desk.storage.let_go_rows import OF_CUSTODY, OF_PAYMENT
from access_desk.storage.local_tables import save_setting, setting
from access_desk.storage.possible_pairs import heads
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.queries.emergency import was_early
from access_desk.storage.queries.let_go import is_custody_gone
from access_desk.storage.queries.visits import visit

# A payment at the counter may wait for one slice.
MOST_EVENTS: Final = 400
_LOOKED_AT: Final = 12
# Once all was looked at, what stays is not looked at again at once.
_REST: Final = timedelta(hours=1)
_RESTS_UNTIL: Final = "let_go.rests_until"
_HELD_UNTIL: Final = "let_go.held_until"
_CUSTODY_AFTER: Final = "let_go.custody_after"
_PAYMENT_AFTER: Final = "let_go.payment_after"
# Whoever has to be released before money is asked for: the later of the two moments, so that no early payment is missed.
_RELEASE: Final = "stabilized"


@dataclass(frozen=True, slots=True)
class _Over:
    """What has to be of whatever goes: recorded before ``before`` (UTC text); ``ends`` are the last sequences of streams."""

    facility_id: str
    own_desk: str
    now: datetime
    before: str
    ends: dict[str, int]

    def allows(self, connection: Connection, events: Iterable[Recorded]) -> bool:
        """Whether all of these events are old, another desk's, inside their stream, and nobody has to look at one."""
        return all(self._allows(connection, one) for one in events)

    def _allows(self, connection: Connection, event: Recorded) -> bool:
        is_inside = 1 < event.desk_seq < self.ends[f"{event.desk_id}/{event.stream_epoch}"]
        if event.desk_id == self.own_desk or not is_inside or utc_text(event.recorded_at) >= self.before:
            return False
        key = (event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq)
        marked = connection.exec_driver_sql(
            "SELECT 1 FROM local_flags WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq = ? UNION ALL "
            "SELECT 1 FROM local_parked WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq = ?",
            (*key, *key),
        ).first()
        return marked is None


def details_days(connection: Connection, facility_id: str) -> int:
    """For how many days the facility's rules keep the details of other desks' money; 0: for ever."""
    row = connection.exec_driver_sql("SELECT policy FROM facilities WHERE facility_id = ?", (facility_id,)).first()
    return int(json.loads(row[0]).get("details_days", 0)) if row else 0


def hold(connection: Connection, facility_id: str, until: datetime) -> None:
    """Let go of nothing before then: somebody wants to see what is fetched again."""
    save_setting(connection, facility_id, _HELD_UNTIL, utc_text(until))


def let_go_some(connection: Connection, facility_id: str, own_desk: str, now: datetime) -> int:
    """Let go of a bounded part of what the rules do not keep, in the caller's transaction; how many events that were.

    The caller has compared this file with central's, so that what goes is there.
    """
    days = details_days(connection, facility_id)
    waits = max(setting(connection, facility_id, name) or "" for name in (_HELD_UNTIL, _RESTS_UNTIL)) if days else ""
    if not days or waits > utc_text(now):
        return 0
    over = _Over(facility_id, own_desk, now, utc_text(now - timedelta(days=days)), heads(connection, facility_id))
    going = [*_custodies(connection, over), *_payments_left(connection, over)]
    if going:
        let_go_rows.let_go(connection, going, utc_text(now))
    if not any(setting(connection, facility_id, name) for name in (_CUSTODY_AFTER, _PAYMENT_AFTER)):
        save_setting(connection, facility_id, _RESTS_UNTIL, utc_text(now + _REST))
    return len(going)


def _custodies(connection: Connection, over: _Over) -> list[Recorded]:
    """The events of the next custodies that are over; the next time goes on where this one ended, and begins again at the end."""
    after = setting(connection, over.facility_id, _CUSTODY_AFTER) or ""
    rows = connection.exec_driver_sql(
        "SELECT custody_id, opened_stamp FROM custodies WHERE facility_id = ? AND opened_stamp > ? AND status = 'closed' "
        "AND closed_at < ? ORDER BY opened_stamp LIMIT ?",
        (over.facility_id, after, over.before, _LOOKED_AT),
    ).all()
    going: list[Recorded] = []
    last = ""
    for custody_id, stamp in rows:
        found = _of_custody(connection, over, custody_id)
        if going and len(going) + len(found) > MOST_EVENTS:
            break
        going, last = [*going, *found], stamp
    is_end = not rows or (len(rows) < _LOOKED_AT and last == rows[-1][1])
    save_setting(connection, over.facility_id, _CUSTODY_AFTER, "" if is_end else last)
    return going


def _of_custody(connection: Connection, over: _Over, custody_id: str) -> list[Recorded]:
    """All that may go with a custody; nothing when it has to stay."""
    about = events_about(connection, over.facility_id, custody_id)
    # Who seals a bag, and who deposits it, needs to know every number that was used: what sealed one stays.
    own = [
        one
        for one in about
        if one.subject_id == custody_id and isinstance(one.body, OF_CUSTODY) and not getattr(one.body, "bag", "")
    ]
    is_settled = not _is_last_of_drawer(connection, over.facility_id, custody_id) and _is_banked(connection, over, custody_id)
    if not is_settled or not own or not over.allows(connection, own) or not let_go_rows.is_of_its_own(own):
        return []
    # What is reported in it, whoever's payment it was of, has to be over too: a custody that is gone says nothing more of it.
    if any(one.desk_id == over.own_desk for one in about if one.subject_id == custody_id):
        return []
    paid = [one.body.payment_id for one in about if isinstance(one.body, PaymentReceived) and one.subject_id == custody_id]
    return [*own, *(event for one in paid for event in _of_payment(connection, over, one, custody_id))]


def _of_payment(connection: Connection, over: _Over, payment_id: str, custody_id: str) -> list[Recorded]:
    """All that happened to a payment of a custody that goes or is gone; nothing when it has to stay."""
    about = events_about(connection, over.facility_id, payment_id)
    own = [one for one in about if isinstance(one.body, OF_PAYMENT)]
    taken = [one for one in own if isinstance(one.body, PaymentReceived)]
    if len(taken) != 1 or not over.allows(connection, own) or not let_go_rows.is_of_its_own(own):
        return []
    # Until it could not be entered a second time as of its own day.
    on_paper = [one.body.taken_at for one in own if isinstance(one.body, PaymentTakenOnPaper)]
    if any(over.now - at <= LONGEST_AGO for at in on_paper):
        return []
    # A refund belongs to the figures of the custody that it was given out of.
    elsewhere = {one.body.custody_id for one in own if isinstance(one.body, PaymentRefunded)} - {"", custody_id}
    if any(not is_custody_gone(connection, over.facility_id, one) for one in elsewhere):
        return []
    return own if _is_paid(connection, over.facility_id, taken[0]) else []


def _payments_left(connection: Connection, over: _Over) -> list[Recorded]:
    """Payments that stayed when their custody went, and are settled now."""
    after = setting(connection, over.facility_id, _PAYMENT_AFTER) or ""
    rows = connection.exec_driver_sql(
        "SELECT p.payment_id, p.custody_id FROM payments p JOIN local_let_go_custodies c ON c.facility_id = p.facility_id "
        "AND c.custody_id = p.custody_id WHERE p.facility_id = ? AND p.payment_id > ? ORDER BY p.payment_id LIMIT ?",
        (over.facility_id, after, _LOOKED_AT),
    ).all()
    is_end = len(rows) < _LOOKED_AT
    save_setting(connection, over.facility_id, _PAYMENT_AFTER, "" if is_end else rows[-1][0])
    return [event for payment_id, custody_id in rows for event in _of_payment(connection, over, payment_id, custody_id)]


def _is_last_of_drawer(connection: Connection, facility_id: str, custody_id: str) -> bool:
    """What a drawer holds, and its next receipt, follow from its last custody; after a lease, from the last of each desk."""
    later = connection.exec_driver_sql(
        "SELECT 1 FROM custodies c JOIN custodies o ON o.facility_id = c.facility_id AND o.drawer_id = c.drawer_id "
        "AND o.drawer_epoch = c.drawer_epoch AND o.opened_stamp > c.opened_stamp WHERE c.facility_id = ? AND c.custody_id = ? "
        "LIMIT 1",
        (facility_id, custody_id),
    ).first()
    return later is None


def _is_banked(connection: Connection, over: _Over, custody_id: str) -> bool:
    """Whether every bag that was sealed in a custody is at the bank."""
    waits = connection.exec_driver_sql(
        "SELECT 1 FROM bags WHERE facility_id = ? AND custody_id = ? AND place <> 'bank' LIMIT 1", (over.facility_id, custody_id)
    ).first()
    return waits is None


def _is_paid(connection: Connection, facility_id: str, taken: Recorded) -> bool:
    """Whether the visit of a payment owes nothing more, and the money was not asked for too early."""
    body = taken.body
    assert isinstance(body, PaymentReceived)  # noqa: S101 - whoever calls chose it so
    if was_early(connection, facility_id, _RELEASE, body.payment_id):
        return False
    about = visit(connection, facility_id, body.visit_id) if body.visit_id else None
    return body.visit_id is None or (about is not None and not about.copay_owed)
