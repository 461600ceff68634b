"""Whoever changes the log, with or without recomputing its chain, is found, and the first bad event is named."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.cash_drawer.commands import DropCash
from access_desk.domain.money import Money
from access_desk.domain.payments.commands import VoidPayment
from access_desk.protocol.chain import GENESIS, hash_of
from access_desk.services.result import verify
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import Head, StoredRow, Stream, every_row
from access_desk.storage.schema import events, metadata
from access_desk.storage.verify import Fault, Kept, verify_log
from tests.desks import TestDesk, a_desk

STREAM = Stream("F", "desk")
SEEDS = range(60)
INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Log:
    """The rows of a morning's log, to be tampered with in copies."""

    def __init__(self, rows: Sequence[StoredRow], public_key: str) -> None:
        self.rows, self.public_key = tuple(rows), public_key
        self.sequence = [row.desk_seq for row in rows]
        self.heads = tuple(Kept(STREAM, Head(row.desk_seq, row.hash.hex())) for row in rows)

    def verdict(self, rows: Sequence[StoredRow], kept: tuple[Kept, ...] = ()) -> tuple[Fault, ...]:
        engine = open_memory_database()
        metadata.create_all(engine, tables=[events])
        with write_transaction(engine) as connection:
            for row in rows:
                connection.exec_driver_sql(INSERT, tuple(getattr(row, name) for name in StoredRow.__slots__))
        with read_transaction(engine) as connection:
            faults = verify_log(connection, {"desk": self.public_key}, kept).faults
        engine.dispose()
        return faults

    def with_row(self, seq: int, **changed: Any) -> list[StoredRow]:
        return [_but(row, **changed) if row.desk_seq == seq else row for row in self.rows]


def _but(row: StoredRow, **changed: Any) -> StoredRow:
    return StoredRow(**{name: changed.get(name, getattr(row, name)) for name in StoredRow.__slots__})


def _morning(desk: TestDesk) -> None:
    desk.open()
    payments = [desk.pay(desk.register(), cents) for cents in (2_500, 4_360, 1_000, 12_000)]
    by = desk.desk.by(desk.people["ann"])
    desk.desk.payments.void(by, VoidPayment(payments[1].payment_id, "wrong account", desk.sign("lea")))
    desk.desk.drawers.drop(desk.desk.by(desk.people["ann"]), DropCash(desk.drawer(), Money(10_000), None, "B-1"))
    desk.register()
    desk.count(25_500)
    desk.close()


@pytest.fixture(scope="module")
def log() -> Log:
    with a_desk() as desk:
        _morning(desk)
        with read_transaction(desk.desk.journal.engine) as connection:
            return Log(list(every_row(connection)), desk.public_key)


def flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def relinked(rows: Sequence[StoredRow], start: int, key: Ed25519PrivateKey | None) -> list[StoredRow]:
    """The chain recomputed from an event on, signed with a key (None: old signatures stay)."""
    done: list[StoredRow] = []
    before = GENESIS
    for row in rows:
        if row.desk_seq >= start:
            data = row.data.replace(_prev_hash(row.data), before.encode()) if row.desk_seq > 1 else row.data
            digest = hash_of(data)
            signature = key.sign(digest) if key else row.signature
            row = _but(row, data=data, hash=digest, signature=signature)  # noqa: PLW2901
        done.append(row)
        before = row.hash.hex()
    return done


def _prev_hash(data: bytes) -> bytes:
    start = data.index(b'"prev_hash":"') + len(b'"prev_hash":"')
    return data[start : start + 64]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_flipped_bit_is_found_where_it_is(log: Log, seed: int) -> None:
    chance = random.Random(seed)
    row = chance.choice(log.rows)
    for column in ("data", "hash"):
        faults = log.verdict(log.with_row(row.desk_seq, **{column: flipped(getattr(row, column), chance)}))
        assert [fault.desk_seq for fault in faults] == [row.desk_seq]
    seq = chance.choice(log.sequence)
    signature = log.rows[seq - 1].signature
    assert signature is not None
    faults = log.verdict(log.with_row(seq, signature=flipped(signature, chance)))
    assert [(fault.desk_seq, fault.what) for fault in faults] == [(seq, "it is not signed by its desk")]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_deleted_event_is_named(log: Log, seed: int) -> None:
    gone = random.Random(seed).randint(1, len(log.rows) - 1)
    faults = log.verdict([row for row in log.rows if row.desk_seq != gone])
    assert [(fault.desk_seq, fault.what) for fault in faults] == [(gone + 1, f"event {gone} is missing")]


@pytest.mark.parametrize("seed", SEEDS)
def test_two_events_in_each_others_place_are_found_at_the_first(log: Log, seed: int) -> None:
    one, other = sorted(random.Random(seed).sample(range(1, len(log.rows) + 1), 2))
    rows = {row.desk_seq: row for row in log.rows}
    swapped = [_but(rows[{one: other, other: one}.get(seq, seq)], desk_seq=seq) for seq in rows]
    assert [fault.desk_seq for fault in log.verdict(swapped)] == [one]


@pytest.mark.parametrize("column", ["kind", "command_id", "event_id"])
def test_a_row_says_what_its_bytes_say(log: Log, column: str) -> None:
    for row in log.rows:
        faults = log.verdict(log.with_row(row.desk_seq, **{column: "payment.received" if column == "kind" else "another"}))
        if column == "kind" and row.kind == "payment.received":
            assert faults == ()
        else:
            assert [fault.desk_seq for fault in faults] == [row.desk_seq]


def test_an_event_that_lost_its_signature_is_named(log: Log) -> None:
    for seq in log.sequence:
        faults = log.verdict(log.with_row(seq, signature=None))
        assert [(fault.desk_seq, fault.what) for fault in faults] == [(seq, "it is not signed")]


class TestRecomputedChain:
    """The attacker knows the format and recomputes every hash; what is missing is the desk's key."""

    def edited(self, log: Log, seq: int) -> list[StoredRow]:
        row = log.rows[seq - 1]
        data = row.data.replace(b'"actor_id":"', b'"actor_id":"not ')
        assert data != row.data
        return log.with_row(seq, data=data)

    def test_with_another_key_the_edited_event_is_named(self, log: Log) -> None:
        for seq in log.sequence[1:]:
            faults = log.verdict(relinked(self.edited(log, seq), seq, Ed25519PrivateKey.generate()))
            assert [(fault.desk_seq, fault.what) for fault in faults] == [(seq, "it is not signed by its desk")]

    def test_with_another_key_from_the_first_event_on(self, log: Log) -> None:
        other = Ed25519PrivateKey.generate()
        name = other.public_key().public_bytes_raw().hex().encode()
        genesis = _but(log.rows[0], data=log.rows[0].data.replace(log.public_key.encode(), name))
        faults = log.verdict(relinked([genesis, *log.rows[1:]], 1, other))
        assert [(fault.desk_seq, fault.what) for fault in faults] == [(1, "the stream names another key than this desk's")]

    def test_with_the_old_signatures_the_edited_event_is_named(self, log: Log) -> None:
        for seq in log.sequence[1:]:
            faults = log.verdict(relinked(self.edited(log, seq), seq, None))
            assert [(fault.desk_seq, fault.what) for fault in faults] == [(seq, "it is not signed by its desk")]


def test_a_cut_tail_or_an_older_copy_lacks_the_head_that_was_kept_or_printed(log: Log) -> None:
    last = len(log.rows)
    for end in range(1, last):
        assert log.verdict(log.rows[:end]) == (), "alone, an older copy looks whole: this is what kept heads are for"
        faults = log.verdict(log.rows[:end], log.heads[-1:])
        wanted = f"the log ends before event {last}, which was kept or printed"
        assert [(fault.desk_seq, fault.what) for fault in faults] == [(end + 1, wanted)]


def test_an_older_copy_that_went_another_way_is_not_what_was_printed(log: Log) -> None:
    with a_desk() as other:
        _morning(other)
        with read_transaction(other.desk.journal.engine) as connection:
            rows = list(every_row(connection))
    theirs = Log(rows, other.public_key)
    printed = Kept(STREAM, Head(len(rows), log.rows[-1].hash.hex()[:16]))
    faults = theirs.verdict(rows, (printed,))
    assert [(fault.desk_seq, fault.what) for fault in faults] == [
        (len(rows), "it is not the event whose hash was kept or printed")
    ]


def test_no_false_alarm(log: Log) -> None:
    assert log.verdict(log.rows, log.heads) == ()
    printed = tuple(Kept(one.stream, Head(one.head.seq, one.head.hash[:16])) for one in log.heads)
    assert log.verdict(log.rows, printed) == ()


@pytest.mark.parametrize(
    ("table", "change", "back"),
    [
        (
            "payments",
            "UPDATE payments SET amount_cents = amount_cents + 100",
            "UPDATE payments SET amount_cents = amount_cents - 100",
        ),
        (
            "postings",
            "UPDATE postings SET amount_cents = amount_cents + 1",
            "UPDATE postings SET amount_cents = amount_cents - 1",
        ),
        (
            "patients",
            "UPDATE patients SET family = family || 'x'",
            "UPDATE patients SET family = substr(family, 1, length(family) - 1)",
        ),
    ],
)
def test_a_projection_edited_by_hand_differs_from_the_replay(table: str, change: str, back: str) -> None:
    with a_desk() as desk:
        _morning(desk)
        with write_transaction(desk.desk.journal.engine) as connection:
            connection.exec_driver_sql(change)
        verdict = verify(desk.desk.journal, {"desk": desk.public_key})
        assert (verdict.faults, verdict.differing) == ((), (table,))
        with write_transaction(desk.desk.journal.engine) as connection:
            connection.exec_driver_sql(back)
