"""Whatever goes and comes back, in whatever order: tables are those of the events that are left, and the sums are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access_desk.domain.events import Recorded
from access_desk.domain.money import Money
from access_desk.domain.payments.commands import RefundPayment, VoidPayment
from access_desk.protocol.encoding import decode
from access_desk.storage import let_go_rows
from access_desk.storage.engine import Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import StoredRow, every_row
from access_desk.storage.handles import Connection
from access_desk.storage.let_go_rows import KINDS
from access_desk.storage.received import Arrived, take_in
from access_desk.storage.replay import differing_tables, rebuild
from access_desk.storage.sanity import sanity_line
from access_desk.storage.schema import metadata
from tests.desks import a_desk

_NOW = "2026-12-31T12:00:00.000000Z"


@dataclass(frozen=True)
class Log:
    """What came from another desk: its rows, and those that may go together."""

    database: Database
    rows: tuple[StoredRow, ...]
    units: tuple[tuple[Recorded, ...], ...]

    def bytes_of(self, event: Recorded) -> bytes:
        return self.rows[event.desk_seq - 1].data


@pytest.fixture(scope="module")
def log() -> Iterator[Log]:
    with a_desk("far", 7) as far:
        far.open()
        paid = [far.pay(far.register(), 1000 + number, tender) for number, tender in enumerate(("cash", "check", "cash", "card"))]
        by, ann = far.desk.by, far.people["ann"]
        far.desk.payments.void(by(ann), VoidPayment(paid[0].payment_id, "wrong", far.sign("lea")))
        refund = RefundPayment(paid[1].payment_id, Money(300), "overpaid", far.sign("lea"), None, "check")
        far.desk.payments.refund(by(ann), refund)
        with read_transaction(far.desk.journal.engine) as connection:
            rows = tuple(every_row(connection))
        database = open_memory_database()
        metadata.create_all(database)
        with write_transaction(database) as connection:
            take_in(connection, far.desk.journal.stream, [Arrived(row.data, row.signature or b"") for row in rows], None)
        money = [decode(row.data)[0] for row in rows if row.kind in KINDS]
        ids = [one.payment_id for one in paid]
        units = [tuple(one for one in money if getattr(one.body, "payment_id", "") == name) for name in ids]
        custody = tuple(one for one in money if not hasattr(one.body, "payment_id"))
        yield Log(database, rows, (*units, custody))
        database.dispose()


class _TakenBackError(Exception):
    """Nothing of an example stays."""


@settings(max_examples=25, deadline=None)
@given(going=st.permutations(range(5)), many=st.integers(0, 5), back=st.data())
def test_tables_are_those_of_what_is_left_and_sums_stay(log: Log, going: Sequence[int], many: int, back: st.DataObject) -> None:
    gone = [event for unit in going[:many] for event in log.units[unit]]
    returning = back.draw(st.permutations(gone)) if gone else []
    returning = returning[: back.draw(st.integers(0, len(returning)))]
    with suppress(_TakenBackError), write_transaction(log.database) as connection:
        before = sanity_line(connection, "F")
        for unit in going[:many]:
            assert let_go_rows.is_of_its_own(log.units[unit])
            let_go_rows.let_go(connection, log.units[unit], _NOW)
        for event in returning:
            let_go_rows.take_back(connection, event, log.bytes_of(event))
        assert sanity_line(connection, "F") == before
        assert _differing(connection) == []
        left = [row.desk_seq for row in every_row(connection) if row.is_let_go]
        assert left == sorted(event.desk_seq for event in gone if event not in returning)
        raise _TakenBackError


def _differing(connection: Connection) -> list[str]:
    empty = open_memory_database()
    with write_transaction(empty) as target:
        wrong = rebuild(connection, target)
        found = differing_tables(connection, target)
    empty.dispose()
    assert wrong == []
    return found


def test_what_changes_rows_of_others_does_not_go_alone(log: Log) -> None:
    (_, voided) = (one for one in log.units[0])
    assert not let_go_rows.is_of_its_own([voided])
