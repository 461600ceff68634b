"""Statements that are asked together answer as those that are asked one after another."""

from __future__ import annotations

import pytest
from sqlcipher3 import dbapi2

from access_desk.storage.engine import Database, open_memory_database, write_transaction
from access_desk.storage.schema import metadata
from access_desk.storage.statements import rows_of, rows_together

ADD = "INSERT INTO patient_ssns (facility_id, patient_id, stamp, ssn, ssn_key) VALUES ('F', ?, ?, '', '')"
COUNT = "SELECT count(*) FROM patient_ssns WHERE patient_id = ?"


@pytest.fixture(params=["file", "server"])
def database(request: pytest.FixtureRequest) -> Database:
    if request.param == "server":
        found: Database = request.getfixturevalue("server")
        return found
    engine = open_memory_database()
    with write_transaction(engine) as connection:
        metadata.create_all(connection)
    return engine


def test_each_has_its_rows_and_sees_what_those_before_it_did(database: Database) -> None:
    adding = f"{ADD} RETURNING stamp"
    with write_transaction(database) as connection:
        questions = [(COUNT, ("p",)), (adding, ("p", "1")), (COUNT, ("p",)), (COUNT, ("nobody",))]
        answers = rows_together(connection, questions)
        assert [tuple(rows[0]) for rows in answers] == [(0,), ("1",), (1,), (0,)]
        assert [tuple(row) for row in rows_of(connection, COUNT, "p")] == [(1,)]
        assert rows_together(connection, []) == []


def test_something_is_done_meanwhile(database: Database) -> None:
    done: list[str] = []
    with write_transaction(database) as connection:
        ((row,),) = rows_together(connection, [(COUNT, ("q",))], lambda: done.append("once"))
        assert (tuple(row), done) == ((0,), ["once"])


def test_what_is_wrong_with_one_is_said(database: Database) -> None:
    with pytest.raises(dbapi2.IntegrityError), write_transaction(database) as connection:
        rows_together(connection, [(f"{ADD} RETURNING stamp", ("r", "1"))] * 2)
    with pytest.raises(ZeroDivisionError), write_transaction(database) as connection:
        rows_together(connection, [(COUNT, ("r",))], lambda: 1 // 0)
    with write_transaction(database) as connection:
        assert [tuple(row) for row in rows_of(connection, COUNT, "r")] == [(0,)]
