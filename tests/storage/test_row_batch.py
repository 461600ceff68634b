"""Rows written for a batch at once are those that its events make one after another."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import count

import pytest
from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from access_desk.domain.events import Recorded
from access_desk.domain.patients.index_events import ImportedRow, PatientsImported
from access_desk.domain.registration.events import FailedRule, RegistrationChecked
from access_desk.storage import blobs
from access_desk.storage.engine import Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import every_row
from access_desk.storage.imported_index import pack
from access_desk.storage.projections import project
from access_desk.storage.received import Arrived
from access_desk.storage.replay import differing_tables, project_all
from access_desk.storage.row_batch import NotForBatchError, insert_rows, write_batch
from access_desk.storage.row_changes import FromContent, Insert, InsertMany, RowChange, Update, write
from access_desk.storage.schema import metadata
from access_desk.storage.statements import Rows
from tests.desks import a_desk
from tests.protocol.record_samples import a_day_of_everything

Batches = list[list[Recorded]]


@pytest.fixture(scope="module")
def events() -> list[Recorded]:
    """One of every kind, except those whose rows come from large content."""
    with a_desk() as desk:
        a_day_of_everything(desk)
        with read_transaction(desk.desk.journal.engine) as connection:
            rows = [Arrived(bytes(row.data), b"").decoded[0] for row in every_row(connection)]
    return [event for event in rows if not any(isinstance(change, FromContent) for change in project(event))]


def _shuffled(events: list[Recorded], seed: int) -> Batches:
    """In any order, in batches of any size: events of other desks come like that."""
    chance = random.Random(seed)
    mixed = list(events)
    chance.shuffle(mixed)
    batches: Batches = []
    while mixed:
        size = chance.randint(1, 40)
        batches.append(mixed[:size])
        mixed = mixed[size:]
    return batches


def _apply(connection: Connection, batches: Batches) -> int:
    """Write every batch; how many had to be written one by one."""
    alone = 0
    for batch in batches:
        try:
            write_batch(connection, [change for event in batch for change in project(event)])
        except NotForBatchError:
            alone += 1
            for event in batch:
                write(connection, project(event))
    return alone


def _in_memory() -> Database:
    engine = open_memory_database()
    metadata.create_all(engine)
    return engine


def _assert_same_rows(together: Database, batches: Batches) -> None:
    alone = _in_memory()
    with write_transaction(together) as connection:
        assert _apply(connection, batches) == 0
    with write_transaction(alone) as connection:
        project_all(connection, [event for batch in batches for event in batch])
    with read_transaction(together) as one, read_transaction(alone) as other:
        assert differing_tables(one, other) == []
        assert one.exec_driver_sql("SELECT count(*) FROM payments").scalar_one() > 0


@pytest.mark.parametrize("seed", range(12))
def test_the_rows_are_the_same_in_a_file(events: list[Recorded], seed: int) -> None:
    _assert_same_rows(_in_memory(), _shuffled(events, seed))


def test_the_rows_are_the_same_on_a_server(events: list[Recorded], server: Database) -> None:
    _assert_same_rows(server, _shuffled(events, 99))


def test_a_row_that_is_there_is_an_error_on_both(events: list[Recorded], server: Database) -> None:
    again = [change for event in events[:20] for change in project(event)]
    file = _in_memory()
    for engine in (file, server):
        with pytest.raises(dbapi2.IntegrityError):
            _twice(engine, again)


def _twice(engine: Database, changes: list[RowChange]) -> None:
    with write_transaction(engine) as connection:
        connection.exec_driver_sql("DELETE FROM event_subjects")
        write_batch(connection, changes)
        write_batch(connection, changes)


def test_rows_that_change_later_are_not_brought_in_bulk() -> None:
    engine = _in_memory()
    columns = ("facility_id", "patient_id")
    with pytest.raises(NotForBatchError), write_transaction(engine) as connection:
        write_batch(connection, [InsertMany("patients", columns, [("F", "p")])])


def test_no_rows_and_rows_that_are_there_are_no_error(server: Database) -> None:
    columns = ("facility_id", "shorter", "field", "name")
    rows = [("rows", "OBRIEN", "family", "O'BRIEN {x},\\NULL"), ("rows", "", "given", "名前"), ("rows", "NULL", "given", "")]
    file = _in_memory()
    for engine in (file, server):
        with write_transaction(engine) as connection:
            write_batch(connection, [InsertMany("name_variants", columns, [])])
            write_batch(connection, [InsertMany("name_variants", columns, rows[:2])])
            write_batch(connection, [InsertMany("name_variants", columns, rows)])
        with read_transaction(engine) as connection:
            found = connection.exec_driver_sql("SELECT * FROM name_variants WHERE facility_id = 'rows' ORDER BY shorter").all()
        assert sorted(tuple(row) for row in found) == sorted(rows)


def test_what_is_done_meanwhile_is_done_once(server: Database) -> None:
    def changes(facility_id: str) -> list[RowChange]:
        key = {"facility_id": facility_id, "person_id": "p"}
        row = {"facility_id": facility_id, "subject_id": "s", "desk_id": "d", "stream_epoch": 1, "desk_seq": 1}
        return [Insert("event_subjects", row), Update("staff", key, {"name": "A"}, "0001/e/001")]

    for engine in (_in_memory(), server):
        for some in ([], changes("once"), changes("twice") + changes("thrice")):
            done = count()
            with write_transaction(engine) as connection:
                write_batch(connection, some, partial(next, done))
            assert next(done) == 1


def test_rows_of_one_table_with_different_columns_go_in_together(server: Database) -> None:
    key = {"facility_id": "apart", "payment_id": "p"}
    tender = {**key, "part": 1, "tender": "cash", "amount_cents": 1, "taken_cents": 1, "tendered_cents": 1, "change_cents": 0}
    more = {"check_number": "", "card_last4": "", "auth_code": ""}
    changes = [Insert("payment_tenders", {**tender, **more}), Insert("payment_tenders", {**more, **tender, "part": 2})]
    for engine in (_in_memory(), server):
        with write_transaction(engine) as connection:
            write_batch(connection, changes)
        with read_transaction(engine) as connection:
            found = connection.exec_driver_sql(
                "SELECT part, tender FROM payment_tenders WHERE facility_id = 'apart' ORDER BY part"
            ).all()
        assert [tuple(row) for row in found] == [(1, "cash"), (2, "cash")]


def test_text_that_looks_like_something_else_is_kept(server: Database) -> None:
    said = 'tab\there, back\\slash \\N "quoted" \r\n {"a": 1} 名前 🏥'
    with write_transaction(server) as connection:
        cursor = connection.connection.cursor()
        # In the place of the log, for as long as the connection has it.
        cursor.execute("CREATE TEMPORARY TABLE events (desk_seq BIGINT, kind TEXT, data BYTEA)")
        rows = [(1, said, b"\x00\\\xff"), (2, None, b""), (3, "", b"\t")]
        insert_rows(cursor, Rows("events", ("desk_seq", "kind", "data"), rows))
        found = cursor.execute("SELECT desk_seq, kind, data FROM events ORDER BY desk_seq").fetchall()
        cursor.execute("DROP TABLE events")
    assert [(number, text, bytes(data)) for number, text, data in found] == [
        (1, said, b"\x00\\\xff"),
        (2, None, b""),
        (3, "", b"\t"),
    ]


def test_a_number_is_kept_whole_or_refused(server: Database) -> None:
    columns = ("facility_id", "subject_id", "desk_id", "stream_epoch", "desk_seq")
    smallest, largest = -(2**31), 2**31 - 1
    good = [("numbers", "a", "d", smallest, 1), ("numbers", "b", "d", largest, 2**63 - 1), ("numbers", "c", "d", 0, 3)]
    with write_transaction(server) as connection:
        insert_rows(connection.connection.cursor(), Rows("event_subjects", columns, good))
        kept = "SELECT stream_epoch, desk_seq FROM event_subjects WHERE facility_id = 'numbers' ORDER BY subject_id"
        assert connection.exec_driver_sql(kept).all() == [(smallest, 1), (largest, 2**63 - 1), (0, 3)]
    for epoch, seq in ((smallest - 1, 1), (largest + 1, 1), (1, 2**63)):
        with pytest.raises(dbapi2.IntegrityError), write_transaction(server) as connection:
            insert_rows(connection.connection.cursor(), Rows("event_subjects", columns, [("numbers", "d", "d", epoch, seq)]))


def test_a_text_that_is_too_long_for_an_index_is_the_rows_fault_and_not_the_servers(server: Database) -> None:
    # Told as a fault of the server it would be tried again for ever, and the desk's stream would stand still.
    chance = random.Random(4)
    subject = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(9_000))
    row = {"facility_id": "long", "subject_id": subject, "desk_id": "d", "stream_epoch": 1, "desk_seq": 1}
    with pytest.raises(dbapi2.IntegrityError), write_transaction(server) as connection:
        write_batch(connection, [Insert("event_subjects", row)])
    with pytest.raises(dbapi2.IntegrityError), write_transaction(server) as connection:
        write(connection, [Insert("event_subjects", row)])


def test_an_imported_batch_has_the_same_rows_on_both(server: Database) -> None:
    rows = [ImportedRow._make([f"S{place}", f"{place}", f"Vega-{place}", "Ann", *[""] * 11, {}]) for place in range(30)]
    found = []
    for engine in (_in_memory(), server):
        with write_transaction(engine) as connection:
            body = PatientsImported(blobs.keep(connection, "imported", pack(rows)), len(rows), "0" * 64)
            at, stamp, day = datetime(2026, 11, 23, tzinfo=UTC), f"{1:013d}-00000-north", date(2026, 11, 23)
            kind = "patients.imported"
            write(
                connection, project(Recorded("i", "imported", "d", 1, 1, at, stamp, day, "", None, None, kind, 1, "x", (), body))
            )
        with read_transaction(engine) as connection:
            for table in ("patients", "patient_search", "name_variants"):
                columns = ", ".join(column.name for column in metadata.tables[table].columns)
                statement = f"SELECT {columns} FROM {table} WHERE facility_id = 'imported'"  # noqa: S608 - names of the schema
                found.append(sorted(tuple(row) for row in connection.exec_driver_sql(statement).all()))
    assert found[:3] == found[3:]
    assert len(found[0]) == len(rows)


def test_of_a_finding_that_is_named_twice_the_first_counts(events: list[Recorded], server: Database) -> None:
    event, checked = next((event, event.body) for event in events if isinstance(event.body, RegistrationChecked))
    one, other = FailedRule("a.rule", "city", "fault"), FailedRule("b.rule", "zip", "warning")
    again = replace(one, severity="warning")
    body = replace(checked, failed=(one, again), caught=(other, again, replace(other, severity="fault")))
    changes = project(replace(event, facility_id="twice", body=body))
    for engine in (_in_memory(), server):
        with write_transaction(engine) as connection:
            write_batch(connection, changes)
        with read_transaction(engine) as connection:
            found = connection.exec_driver_sql(
                "SELECT rule, severity, was_caught FROM registration_failures WHERE facility_id = 'twice' ORDER BY rule"
            ).all()
        assert [tuple(row) for row in found] == [("a.rule", "fault", 0), ("b.rule", "warning", 1)]
