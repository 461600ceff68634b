"""What stands out of the events that central took in. Nothing is refused, changed or dropped because of it.

A flag follows from the log, from when central received the event and from which desks were revoked; orders are those of clock
stamps, so that the same flags stand whatever came first. What an event that arrives late makes of those that were there, such
as the end of somebody's work here, is looked at again when it arrives.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from access_desk.domain.cash_drawer.events import CustodyClosed, CustodyOpened, DrawerCounted
from access_desk.domain.events import Recorded
from access_desk.domain.facility.events import DeskClockOff, DrawerLeased, StaffAmended
from access_desk.domain.flags.rules import CLOCK_MAY_BE_OFF, Flag, FlagKind, flag_id
from access_desk.domain.money import Money
from access_desk.domain.payments.events import PaymentReceived
from access_desk.protocol.chain import hash_of
from access_desk.protocol.encoding import decode
from access_desk.storage.caps import as_counted
from access_desk.storage.event_log import events_about
from access_desk.storage.flag_rows import add_flags, remove_flags
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.statements import Question, rows_together

_PAGE: Final = 500
# A column of whole numbers takes no larger ones everywhere.
_LARGEST: Final = 2**31 - 1
_OF_CUSTODY: Final = (CustodyOpened, DrawerCounted, CustodyClosed)
# When and by which event: what orders the events of all desks.
_Place = tuple[str, str]
# What a rule asks, once; the rows of each of its questions; the flags that follow.
_Rule: TypeAlias = Generator[list[Question], list[list[Any]], list[Flag]]


@dataclass(frozen=True, slots=True)
class Seen:
    """An event and when central received it (UTC text)."""

    event: Recorded
    received_at: str


def raise_flags(connection: Connection, facility_id: str, events: Sequence[Recorded], now: str) -> None:
    """Flag what stands out of events that were just stored and projected, one after another of one stream."""
    if not events:
        return
    seen = [Seen(one, now) for one in events]
    add_flags(connection, facility_id, _standing_out(connection, facility_id, seen))
    _look_again(connection, facility_id, events)


def flags_of_log(connection: Connection, facility_id: str) -> list[Flag]:
    """The flags that stand, from nothing but the log, the feed and the revoked desks."""
    found: dict[str, Flag] = {}
    for seen in _every_stream(connection, facility_id):
        found |= {one.flag_id: one for one in _standing_out(connection, facility_id, seen)}
    return [found[name] for name in sorted(found)]


def flag_of_alarm(data: bytes, flaw: str, now: str) -> Flag:
    """The flag of an event that contradicts the history that central has, and is kept beside it.

    Args:
        data: the event's bytes.
        flaw: ``fork`` or ``chain``.
        now: when it was offered (UTC text).
    """
    event, kind = decode(data)[0], FlagKind(flaw)
    named = flag_id(kind, event.desk_id, event.stream_epoch, event.desk_seq, hash_of(data).hex()[:16])
    return replace(_flag(kind, Seen(event, now), ""), flag_id=named)


def _standing_out(connection: Connection, facility_id: str, seen: Sequence[Seen]) -> Iterator[Flag]:
    """Of some events of one stream, one after another."""
    money = [one for one in seen if _is_money(one.event)]
    rules = [_of_clocks(seen), _of_desk(facility_id, seen), _of_people(facility_id, seen)]
    of_money = [_of_custodies(facility_id, money), _of_drawers(facility_id, money), _of_receipts(connection, facility_id, money)]
    return _by(connection, rules + of_money if money else rules)


def _by(connection: Connection, rules: Sequence[_Rule]) -> Iterator[Flag]:
    """The flags by some rules, in their order; what they ask is asked together."""
    asked = [(rule, next(rule)) for rule in rules]
    answers = iter(rows_together(connection, [one for _, questions in asked for one in questions]))
    for rule, questions in asked:
        try:
            rule.send([next(answers) for _ in questions])
        except StopIteration as done:
            yield from done.value


def _look_again(connection: Connection, facility_id: str, events: Sequence[Recorded]) -> None:
    """What these events make of others that central has already."""
    amended = [one for one in events if isinstance(one.body, StaffAmended)]
    if amended:
        people = {one.body.person_id for one in amended if isinstance(one.body, StaffAmended)}
        since = min(one.stamp for one in amended)
        _settle(connection, facility_id, FlagKind.REVOKED_PERSON, _acts_since(connection, facility_id, people, since))
    closed = {one.subject_id for one in events if isinstance(one.body, CustodyClosed)}
    of_several = _of_several_desks(connection, facility_id, sorted(closed))
    for one in events:
        if isinstance(one.body, CustodyClosed) and one.subject_id in of_several:
            about = events_about(connection, facility_id, one.subject_id)
            _settle(connection, facility_id, FlagKind.CLOSED_CUSTODY, about)
        if isinstance(one.body, DrawerLeased) and (drawer_id := _drawer_of(one)):
            later = _money_since(connection, facility_id, drawer_id, one.stamp)
            _settle(connection, facility_id, FlagKind.ANOTHER_DESKS_DRAWER, later)


def _settle(connection: Connection, facility_id: str, kind: FlagKind, events: Iterable[Recorded]) -> None:
    """Make the flags of one kind, of these events, what they are now."""
    rules = {
        FlagKind.REVOKED_PERSON: _of_people,
        FlagKind.CLOSED_CUSTODY: _of_custodies,
        FlagKind.ANOTHER_DESKS_DRAWER: _of_drawers,
    }
    seen = [Seen(one, _received(connection, one)) for one in events if kind is FlagKind.REVOKED_PERSON or _is_money(one)]
    standing = [one for one in _by(connection, [rules[kind](facility_id, seen)]) if one.kind == kind.value]
    names = {flag_id(kind, one.event.desk_id, one.event.stream_epoch, one.event.desk_seq) for one in seen}
    add_flags(connection, facility_id, standing)
    remove_flags(connection, facility_id, names - {one.flag_id for one in standing})


def _flag(kind: FlagKind, one: Seen, detail: str) -> Flag:
    event = one.event
    amount = getattr(event.body, "amount", None)
    return Flag(
        flag_id(kind, event.desk_id, event.stream_epoch, event.desk_seq),
        kind.value,
        event.desk_id,
        event.stream_epoch,
        event.desk_seq,
        event.event_id,
        event.kind,
        event.actor_id,
        event.recorded_at,
        datetime.fromisoformat(one.received_at),
        amount.cents if isinstance(amount, Money) else 0,
        detail,
    )


def _is_money(event: Recorded) -> bool:
    return bool(getattr(event.body, "postings", ())) or isinstance(event.body, _OF_CUSTODY)


def _place(event: Recorded) -> _Place:
    return event.stamp, event.event_id


def _place_of(text: str) -> _Place:
    stamp, event_id, _ = text.rsplit("/", 2)
    return stamp, event_id


def _of_clocks(seen: Sequence[Seen]) -> _Rule:
    """A clock ahead of central's, one that went back, one that was found to be off: the first event of each time."""
    (rows,) = yield [_asking_for_before(seen[0].event)]
    before = Seen(decode(bytes(rows[0][0]))[0], rows[0][1]) if rows else None
    found: list[Flag] = []
    for one in seen:
        event = one.event
        ahead = _ahead(one)
        if ahead and not (before and _ahead(before)):
            found.append(_flag(FlagKind.CLOCK_AHEAD, one, str(ahead)))
        if before and before.event.recorded_at - event.recorded_at > CLOCK_MAY_BE_OFF:
            back = before.event.recorded_at - event.recorded_at
            found.append(_flag(FlagKind.CLOCK_BACK, one, str(int(back.total_seconds()))))
        if isinstance(event.body, DeskClockOff) and abs(event.body.offset_seconds) > CLOCK_MAY_BE_OFF.total_seconds():
            found.append(_flag(FlagKind.CLOCK_OFF, one, str(event.body.offset_seconds)))
        before = one
    return found


def _ahead(one: Seen) -> int:
    """By how many seconds an event was recorded after central received it; 0 when that is no more than clocks may be off."""
    apart = one.event.recorded_at - datetime.fromisoformat(one.received_at)
    return int(apart.total_seconds()) if apart > CLOCK_MAY_BE_OFF else 0


def _asking_for_before(event: Recorded) -> Question:
    statement = (
        "SELECT e.data, f.received_at FROM events e JOIN central_feed f ON f.facility_id = e.facility_id AND "
        "f.desk_id = e.desk_id AND f.stream_epoch = e.stream_epoch AND f.desk_seq = e.desk_seq WHERE e.facility_id = ? "
        "AND e.desk_id = ? AND e.stream_epoch = ? AND e.desk_seq = ?"
    )
    return statement, (event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq - 1)


def _of_desk(facility_id: str, seen: Sequence[Seen]) -> _Rule:
    """What came from a desk after it was revoked, however it came."""
    statement = "SELECT revoked_at FROM central_desks WHERE facility_id = ? AND desk_id = ? AND revoked_at IS NOT NULL"
    (rows,) = yield [(statement, (facility_id, seen[0].event.desk_id))]
    return [_flag(FlagKind.REVOKED_DESK, one, revoked) for (revoked,) in rows for one in seen if one.received_at > revoked]


def _of_people(facility_id: str, seen: Sequence[Seen]) -> _Rule:
    """What somebody did, or approved, who no longer worked here when they did it."""
    statement = (
        "SELECT row_key, place, content FROM row_versions WHERE facility_id = ? AND table_name = 'staff' AND row_key IN ("
        "SELECT row_key FROM row_versions WHERE facility_id = ? AND table_name = 'staff' AND content LIKE ?) ORDER BY place"
    )
    (rows,) = yield [(statement, (facility_id, facility_id, '%"active": 0%'))]
    standings = _standings(rows)
    found: list[Flag] = []
    for one in seen if standings else ():
        for person_id in dict.fromkeys((one.event.actor_id, one.event.approver_id or "")):
            if _is_revoked(standings.get(person_id, ()), _place(one.event)):
                found.append(_flag(FlagKind.REVOKED_PERSON, one, person_id))
                break
    return found


def _standings(rows: Sequence[Any]) -> Mapping[str, Sequence[tuple[_Place, bool]]]:
    """Since when who works here and since when not, of everybody who ever left; by person."""
    found: dict[str, list[tuple[_Place, bool]]] = defaultdict(list)
    for key, place, content in rows:
        said = json.loads(content)
        if "active" in said:
            found[json.loads(key)[0]].append((_place_of(place), bool(said["active"])))
    return found


def _is_revoked(standing: Sequence[tuple[_Place, bool]], at: _Place) -> bool:
    before = [is_active for place, is_active in standing if place < at]
    return bool(before) and not before[-1]


def _of_custodies(facility_id: str, money: Sequence[Seen]) -> _Rule:
    """Money of a custody after it was counted and closed. The next opening and the bank are not the custody's own."""
    own = [one for one in money if not isinstance(one.event.body, CustodyOpened)]
    custodies = list(dict.fromkeys(one.event.subject_id for one in own))
    statement = (
        "SELECT min(place) FROM row_versions WHERE facility_id = ? AND table_name = 'custodies' AND row_key = ? "
        "AND content LIKE ?"
    )
    answers = yield [(statement, (facility_id, json.dumps([name]), '%"closed_at"%')) for name in custodies]
    closings = {name: _place_of(place) for name, ((place,),) in zip(custodies, answers, strict=True) if place}
    closed = [one for one in own if one.event.subject_id in closings and _place(one.event) > closings[one.event.subject_id]]
    return [_flag(FlagKind.CLOSED_CUSTODY, one, one.event.subject_id) for one in closed]


def _drawer_of(event: Recorded) -> str:
    """The drawer that an event names; blank for none, and for one that a server refuses to be asked for."""
    named = str(getattr(event.body, "drawer_id", ""))
    return "" if "\0" in named else named


def _is_storable(*numbers: int) -> bool:
    # An event with another was parked, and no database can be asked for it.
    return all(0 < number <= _LARGEST for number in numbers)


def _of_drawers(facility_id: str, money: Sequence[Seen]) -> _Rule:
    """Money in a drawer that was leased to another desk then."""
    drawers = [name for name in dict.fromkeys(_drawer_of(one.event) for one in money) if name]
    statement = (
        "SELECT stamp, event_id, desk_id FROM drawer_leases WHERE facility_id = ? AND drawer_id = ? ORDER BY stamp, event_id"
    )
    leases = dict(zip(drawers, (yield [(statement, (facility_id, name)) for name in drawers]), strict=True))
    found: list[Flag] = []
    for one in money:
        drawer_id = _drawer_of(one.event)
        held = [desk_id for stamp, event_id, desk_id in leases.get(drawer_id, ()) if (stamp, event_id) < _place(one.event)]
        if held and held[-1] != one.event.desk_id:
            found.append(_flag(FlagKind.ANOTHER_DESKS_DRAWER, one, drawer_id))
    return found


def _of_receipts(connection: Connection, facility_id: str, money: Sequence[Seen]) -> _Rule:
    """A receipt number that does not follow the one before it, or that was given twice."""
    series: dict[tuple[str, int], list[tuple[Seen, PaymentReceived]]] = defaultdict(list)
    for one in money:
        body = one.event.body
        if isinstance(body, PaymentReceived) and _drawer_of(one.event) and _is_storable(body.drawer_epoch, body.receipt_number):
            series[body.drawer_id, body.drawer_epoch].append((one, body))
    numbered = (
        "SELECT receipt_number, count(*) FROM payments WHERE facility_id = ? AND drawer_id = ? AND drawer_epoch = ? "
        "AND receipt_number BETWEEN ? AND ? GROUP BY receipt_number"
    )
    lowest = "SELECT min(receipt_number) FROM payments WHERE facility_id = ? AND drawer_id = ? AND drawer_epoch = ?"
    questions: list[Question] = []
    for of_series, paid in series.items():
        numbers = [body.receipt_number for _, body in paid]
        questions.append((numbered, (facility_id, *of_series, min(numbers) - 1, max(numbers))))
        questions.append((lowest, (facility_id, *of_series)))
    answers = iter((yield questions))
    found: list[Flag] = []
    for of_series, paid in series.items():
        given = {int(row[0]): int(row[1]) for row in next(answers)}
        ((first,),) = next(answers)
        for one, body in paid:
            number = body.receipt_number
            if first is not None and number > int(first) and number - 1 not in given:
                found.append(_flag(FlagKind.RECEIPT_GAP, one, body.receipt))
            if given.get(number, 0) > 1:
                found += _twice(connection, (facility_id, *of_series, number))
    return found


def _twice(connection: Connection, key: tuple[str, str, int, int]) -> Iterator[Flag]:
    rows = connection.exec_driver_sql(
        "SELECT payment_id FROM payments WHERE facility_id = ? AND drawer_id = ? AND drawer_epoch = ? AND receipt_number = ?", key
    ).all()
    for (payment_id,) in rows:
        for event in events_about(connection, key[0], payment_id):
            if isinstance(event.body, PaymentReceived):
                yield _flag(FlagKind.RECEIPT_TWICE, Seen(event, _received(connection, event)), event.body.receipt)


def _received(connection: Connection, event: Recorded) -> str:
    """When central received an event; when it was recorded for one that is in no feed."""
    row = connection.exec_driver_sql(
        "SELECT received_at FROM central_feed WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq = ?",
        (event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq),
    ).first()
    return str(row[0]) if row else utc_text(event.recorded_at)


def _of_several_desks(connection: Connection, facility_id: str, subject_ids: Sequence[str]) -> set[str]:
    """Which of these have events of more than one desk."""
    statement = "SELECT count(DISTINCT desk_id) FROM event_subjects WHERE facility_id = ? AND subject_id = ?"
    answers = rows_together(connection, [(statement, (facility_id, one)) for one in subject_ids])
    return {one for one, ((desks,),) in zip(subject_ids, answers, strict=True) if int(desks) > 1}


def _money_since(connection: Connection, facility_id: str, drawer_id: str, stamp: str) -> Iterator[Recorded]:
    """Events of a drawer's custodies that were not over when a stamp was made."""
    custodies = connection.exec_driver_sql(
        "SELECT custody_id FROM custodies WHERE facility_id = ? AND drawer_id = ? AND opened_stamp >= coalesce(("
        "SELECT max(opened_stamp) FROM custodies WHERE facility_id = ? AND drawer_id = ? AND opened_stamp < ?), '')",
        (facility_id, drawer_id, facility_id, drawer_id, stamp),
    ).all()
    for (custody_id,) in custodies:
        yield from (one for one in events_about(connection, facility_id, custody_id) if one.stamp > stamp)


def _acts_since(connection: Connection, facility_id: str, people: set[str], stamp: str) -> Iterator[Recorded]:
    """What these people did or approved after a stamp, at every desk: each stream is read from its end."""
    streams = connection.exec_driver_sql(
        "SELECT desk_id, stream_epoch, max(desk_seq) FROM events WHERE facility_id = ? GROUP BY desk_id, stream_epoch",
        (facility_id,),
    ).all()
    for desk_id, epoch, last in streams:
        until, is_later = int(last), True
        while until > 0 and is_later:
            rows = connection.exec_driver_sql(
                "SELECT e.data, c.stamp FROM events e LEFT JOIN local_caps c ON c.facility_id = e.facility_id AND "
                "c.desk_id = e.desk_id AND c.stream_epoch = e.stream_epoch AND c.desk_seq = e.desk_seq WHERE e.facility_id = ? "
                "AND e.desk_id = ? AND e.stream_epoch = ? AND e.desk_seq > ? AND e.desk_seq <= ? ORDER BY e.desk_seq DESC",
                (facility_id, desk_id, epoch, until - _PAGE, until),
            ).all()
            for data, cap in rows:
                event = as_counted(data, cap)
                is_later = event.stamp > stamp
                if not is_later:
                    break
                if people & {event.actor_id, event.approver_id}:
                    yield event
            until -= _PAGE


def _every_stream(connection: Connection, facility_id: str) -> Iterator[list[Seen]]:
    """The whole log of a facility, a page of one stream at a time."""
    streams = connection.exec_driver_sql(
        "SELECT desk_id, stream_epoch, max(desk_seq) FROM events WHERE facility_id = ? GROUP BY desk_id, stream_epoch "
        "ORDER BY desk_id, stream_epoch",
        (facility_id,),
    ).all()
    for desk_id, epoch, last in streams:
        for after in range(0, int(last), _PAGE):
            rows = connection.exec_driver_sql(
                "SELECT e.data, f.received_at, c.stamp FROM events e JOIN central_feed f ON f.facility_id = e.facility_id AND "
                "f.desk_id = e.desk_id AND f.stream_epoch = e.stream_epoch AND f.desk_seq = e.desk_seq "
                "LEFT JOIN local_caps c ON c.facility_id = e.facility_id AND c.desk_id = e.desk_id "
                "AND c.stream_epoch = e.stream_epoch AND c.desk_seq = e.desk_seq WHERE e.facility_id = ? "
                "AND e.desk_id = ? AND e.stream_epoch = ? AND e.desk_seq > ? AND e.desk_seq <= ? ORDER BY e.desk_seq",
                (facility_id, desk_id, epoch, after, after + _PAGE),
            ).all()
            if rows:
                yield [Seen(as_counted(data, cap), received_at) for data, received_at, cap in rows]
