"""A desk of an earlier release: its Social Security numbers move into their own table, and every replay agrees."""

from __future__ import annotations

from pathlib import Path

import alembic.command

from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.visits.events import VisitDetails
from access_desk.services.registration import Registration
from access_desk.storage.engine import open_database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.migrate import REVISIONS
from access_desk.storage.replay import differing_tables, rebuild
from access_desk.storage.upgrade import configuration, upgrade
from tests.desks import TestDesk

OWN_TABLE = REVISIONS.index("0024")


def test_numbers_move_when_a_desk_is_upgraded(desk: TestDesk, tmp_path: Path) -> None:
    person = Demographics("Vega", "Marisol", ssn="219-09-6613")
    desk.desk.registration.register(desk.desk.by(desk.people["ann"]), Registration(VisitDetails(), (), NewPatient(person)))
    with read_transaction(desk.desk.journal.engine) as connection:
        log = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM events").all()]
    older = open_database(tmp_path / "desk.db", bytes(32), create=True)
    config = configuration()
    with write_transaction(older) as connection:
        connection.begin()
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, REVISIONS[OWN_TABLE - 1])
        marks = ", ".join("?" * len(log[0]))
        for row in log:
            connection.exec_driver_sql(f"INSERT INTO events VALUES ({marks})", row)  # noqa: S608 - question marks
        columns = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(patients)").all()}
    assert {"ssn", "ssn_key"} <= columns
    upgrade(older, REVISIONS[OWN_TABLE:])
    fresh = open_memory_database()
    with read_transaction(older) as connection, write_transaction(fresh) as replayed:
        columns = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(patients)").all()}
        assert not {"ssn", "ssn_key"} & columns
        assert connection.exec_driver_sql("SELECT ssn, ssn_key FROM patient_ssns").all() == [("219-09-6613", "219096613")]
        assert connection.exec_driver_sql("SELECT ssn_last4 FROM patient_search WHERE ssn_last4 != ''").scalar_one() == "6613"
        rebuild(connection, replayed)
        assert differing_tables(connection, replayed) == []
    for engine in (older, fresh):
        engine.dispose()
