"""What a desk let go of other desks' money, as rows: out of the projections, into sums, and back again.

An event that is let go keeps its place in the log, its id, kind, hash and signature; only its bytes go, and with them the rows
that they made. The projections are then exactly those of the events that are left, so a replay gives the same. What the rows
added up to stays in sums, so that a custody's figures are to the cent those of central.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from access_desk.domain.cash_drawer import events as drawer
from access_desk.domain.events import Recorded, kind_of_class
from access_desk.domain.money import Money, total
from access_desk.domain.payments import events as paid
from access_desk.domain.payments.on_paper import PaymentTakenOnPaper
from access_desk.domain.payments.views import paid_by_purpose
from access_desk.storage.caps import as_counted
from access_desk.storage.projections import project
from access_desk.storage.row_changes import (
    Claim,
    Insert,
    InsertRows,
    RowChange,
    RowKey,
    SetLatest,
    Update,
    row_key,
    settle,
    version_of,
    write,
)
from access_desk.storage.schema import metadata

OF_CUSTODY: Final = (
    drawer.CustodyOpened,
    drawer.CashDropped,
    drawer.CashPaidIn,
    drawer.CashPaidOut,
    drawer.ChangeExchanged,
    drawer.OpenedWithoutSale,
    drawer.DrawerCounted,
    drawer.DrawerAudited,
    drawer.ExpectedRevealed,
    drawer.CustodyClosed,
)
OF_PAYMENT: Final = (paid.PaymentReceived, PaymentTakenOnPaper, paid.PaymentVoided, paid.PaymentRefunded)
# Nothing else is ever let go.
KINDS: Final = frozenset(kind_of_class(one) for one in (*OF_CUSTODY, *OF_PAYMENT))
_TABLES: Final = ("local_let_go_back", "local_let_go", "local_let_go_custodies", "local_let_go_paid")
_Row = tuple[str, RowKey]


def is_of_its_own(events: Iterable[Recorded]) -> bool:
    """Whether what these events change are only rows that they made themselves, so that they can go and nothing else changes."""
    changes = [change for event in events for change in project(event)]
    if not all(isinstance(change, Insert | InsertRows | Claim | Update) for change in changes):
        return False
    return _changed(changes) <= _made(changes)


def let_go(connection: Connection, events: Sequence[Recorded], now: str) -> None:
    """Empty these events and take their rows out of the projections, in a transaction of the caller's.

    Args:
        connection: in a write transaction.
        events: with the stamps that count; of one kind of :data:`KINDS` each, and of their own (:func:`is_of_its_own`).
        now: UTC text.
    """
    _keep_sums(connection, events, now)
    cursor = connection.connection.cursor()
    try:
        _remove_rows(cursor, [change for event in events for change in project(event)])
        cursor.executemany(
            "UPDATE events SET data = X'' WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq = ?",
            [_place(event) for event in events],
        )
    finally:
        cursor.close()


def came_again(connection: Connection, event: Recorded, data: bytes) -> None:
    """Keep the bytes of an event that was let go until all has come that belongs to it; whoever calls has checked the hash."""
    connection.exec_driver_sql(
        "INSERT INTO local_let_go_back (facility_id, unit, desk_id, stream_epoch, desk_seq, data) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (event.facility_id, event.subject_id, *_place(event)[1:], data),
    )


def next_back(connection: Connection, facility_id: str) -> bool:
    """Put a custody, or a payment, that has come again where it was, in the caller's transaction; False when there is none."""
    unit = connection.exec_driver_sql(
        "SELECT min(unit) FROM local_let_go_back WHERE facility_id = ?", (facility_id,)
    ).scalar_one()
    rows = connection.exec_driver_sql(
        "SELECT b.data, c.stamp FROM local_let_go_back b LEFT JOIN local_caps c ON c.facility_id = b.facility_id "
        "AND c.desk_id = b.desk_id AND c.stream_epoch = b.stream_epoch AND c.desk_seq = b.desk_seq "
        "WHERE b.facility_id = ? AND b.unit = ? ORDER BY b.desk_id, b.stream_epoch, b.desk_seq",
        (facility_id, unit),
    ).all()
    for data, cap in rows:
        take_back(connection, as_counted(data, cap), bytes(data))
    connection.exec_driver_sql("DELETE FROM local_let_go_back WHERE facility_id = ? AND unit = ?", (facility_id, unit))
    return unit is not None


def is_all_back(connection: Connection, facility_id: str) -> bool:
    """Whether something came again, and all of what was let go: a central that was put back may lack a part for a while."""
    came = connection.exec_driver_sql("SELECT count(*) FROM local_let_go_back WHERE facility_id = ?", (facility_id,)).scalar_one()
    if not came:
        return False
    gone = connection.exec_driver_sql(
        "SELECT count(*) FROM events WHERE facility_id = ? AND length(data) = 0", (facility_id,)
    ).scalar_one()
    return bool(came == gone)


def take_back(connection: Connection, event: Recorded, data: bytes) -> None:
    """Put the bytes of an event that was let go, and its rows, where they were.

    Somebody who emptied it by hand may have left its rows: they are made anew.
    """
    connection.exec_driver_sql(
        "UPDATE events SET data = ? WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq = ?",
        (data, *_place(event)),
    )
    cursor = connection.connection.cursor()
    try:
        _remove_rows(cursor, project(event))
    finally:
        cursor.close()
    write(connection, project(event))
    for custody_id, account, cents in _postings(event):
        key = (event.facility_id, custody_id, account)
        connection.exec_driver_sql(
            "UPDATE local_let_go SET postings = postings - 1, amount_cents = amount_cents - ? "
            "WHERE facility_id = ? AND custody_id = ? AND account = ?",
            (cents, *key),
        )
        connection.exec_driver_sql(
            "DELETE FROM local_let_go WHERE facility_id = ? AND custody_id = ? AND account = ? AND postings = 0", key
        )
    body = event.body
    if isinstance(body, paid.PaymentReceived):
        connection.exec_driver_sql(
            "DELETE FROM local_let_go_paid WHERE facility_id = ? AND payment_id = ?", (event.facility_id, body.payment_id)
        )
    if isinstance(body, drawer.CustodyOpened):
        connection.exec_driver_sql(
            "DELETE FROM local_let_go_custodies WHERE facility_id = ? AND custody_id = ?", (event.facility_id, body.custody_id)
        )


def forget(connection: Connection, facility_id: str) -> None:
    """Everything is here again."""
    for name in _TABLES:
        connection.exec_driver_sql(f"DELETE FROM {name} WHERE facility_id = ?", (facility_id,))  # noqa: S608


def settle_sums(connection: Connection, facility_id: str) -> None:
    """After the feed was followed from its beginning, which brought everything: sums of nothing are none, whatever they say."""
    row = connection.exec_driver_sql(
        "SELECT 1 FROM events WHERE facility_id = ? AND length(data) = 0 LIMIT 1", (facility_id,)
    ).first()
    if row is None:
        forget(connection, facility_id)


def _place(event: Recorded) -> tuple[str, str, int, int]:
    return event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq


def _made(changes: Sequence[RowChange]) -> set[_Row]:
    return {(one.table, row_key(one.table, one.values)) for one in changes if isinstance(one, Insert | Claim)}


def _changed(changes: Sequence[RowChange]) -> set[_Row]:
    return {(one.table, row_key(one.table, one.key)) for one in changes if isinstance(one, Update)}


def _remove_rows(cursor: Any, changes: Sequence[RowChange]) -> None:
    claimed: dict[_Row, Mapping[str, object]] = {}
    for change in changes:
        if isinstance(change, Insert):
            _delete(cursor, change.table, change.values)
        elif isinstance(change, InsertRows):
            for row in change.rows:
                _delete(cursor, change.table, dict(zip(change.columns, row, strict=True)))
        elif isinstance(change, Claim | Update | SetLatest):
            version = version_of(change)
            cursor.execute(
                "DELETE FROM row_versions WHERE facility_id = ? AND table_name = ? AND row_key = ? AND place = ?",
                (version.facility_id, version.table_name, version.row_key, version.place),
            )
            if isinstance(change, Claim):
                claimed[change.table, version.key] = change.values
    for (table, key), values in claimed.items():
        _delete(cursor, table, values)
        # Of somebody else who made it too, such as a bag of the same number, it is there all the same.
        cursor.execute(
            "SELECT 1 FROM row_versions WHERE facility_id = ? AND table_name = ? AND row_key = ? AND is_claim = 1",
            (key[0], table, key[1]),
        )
        if cursor.fetchone():
            settle(cursor, table, key)


def _delete(cursor: Any, table: str, values: Mapping[str, object]) -> None:
    key = [column.name for column in metadata.tables[table].primary_key]
    matched = " AND ".join(f"{name} = ?" for name in key)
    cursor.execute(f"DELETE FROM {table} WHERE {matched}", tuple(values[name] for name in key))  # noqa: S608


def _keep_sums(connection: Connection, events: Sequence[Recorded], now: str) -> None:
    voided = {event.body.payment_id for event in events if isinstance(event.body, paid.PaymentVoided)}
    refunds: dict[str, list[Money]] = {}
    for event in events:
        if isinstance(event.body, paid.PaymentRefunded):
            refunds.setdefault(event.body.payment_id, []).append(event.body.amount)
    for event in events:
        _add_postings(connection, event)
        body = event.body
        if isinstance(body, paid.PaymentReceived) and body.payment_id not in voided:
            _keep_paid(connection, event, body, total(refunds.get(body.payment_id, ())))
        if isinstance(body, drawer.CustodyOpened):
            about = (body.drawer_id, event.stamp, body.business_date.isoformat(), body.shift, now)
            key = (event.facility_id, body.custody_id)
            connection.exec_driver_sql(
                "INSERT INTO local_let_go_custodies (facility_id, custody_id, drawer_id, opened_stamp, business_date, shift, "
                "let_go_at, over_short_cents) VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(sum(over_short_cents), 0) "
                "FROM custody_tenders WHERE facility_id = ? AND custody_id = ?))",
                (*key, *about, *key),
            )


def _keep_paid(connection: Connection, event: Recorded, body: paid.PaymentReceived, refunded: Money) -> None:
    for purpose, amount in paid_by_purpose(body.lines, refunded).items():
        connection.exec_driver_sql(
            "INSERT INTO local_let_go_paid (facility_id, payment_id, purpose, patient_id, visit_id, stamp, amount_cents) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (event.facility_id, body.payment_id, purpose, body.patient_id, body.visit_id or "", event.stamp, amount.cents),
        )


def _add_postings(connection: Connection, event: Recorded) -> None:
    for custody_id, account, cents in _postings(event):
        connection.exec_driver_sql(
            "INSERT INTO local_let_go (facility_id, custody_id, account, postings, amount_cents) VALUES (?, ?, ?, 1, ?) "
            "ON CONFLICT (facility_id, custody_id, account) DO UPDATE SET postings = postings + 1, "
            "amount_cents = amount_cents + excluded.amount_cents",
            (event.facility_id, custody_id, account, cents),
        )


def _postings(event: Recorded) -> Iterator[tuple[str, str, int]]:
    for posting in getattr(event.body, "postings", ()):
        yield posting.custody_id, posting.account.value, posting.amount.cents
