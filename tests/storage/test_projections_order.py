"""Amendments of one patient from two desks give the same record in whatever order they arrive."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations

from access_desk.domain.events import Recorded, kind_of
from access_desk.domain.patients.events import Demographics, PatientAmended, PatientRegistered
from access_desk.domain.visits.details import VisitDetailsGiven
from access_desk.domain.visits.events import VisitDetails, VisitRegistered
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.replay import differing_tables, project_all
from access_desk.storage.schema import metadata
from access_desk.storage.schema.search import LISTED_COLUMNS
from access_desk.storage.search_rows import SEARCH_ROW, search_columns, search_row

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def recorded(desk: str, seq: int, millis: int, body: object) -> Recorded:
    stamp = f"{millis:013d}-00000-{desk}"
    kind, day = kind_of(body), date(2026, 11, 23)
    return Recorded(f"{desk}-{seq}", "F", desk, 1, seq, NOON, stamp, day, "ann", None, None, kind, 1, "P", (), body)


MADE = recorded("north", 1, 1, PatientRegistered("P", "1", Demographics(family="Vega", given="Marisol"), unidentified=True))
AMENDED = (
    recorded("north", 2, 30, PatientAmended("P", {"family": "Vega-Trujillo", "phone": "216-555-0100"})),
    recorded("south", 7, 20, PatientAmended("P", {"family": "Trujillo", "city": "Akron"})),
    recorded("south", 8, 40, PatientAmended("P", {"phone": "", "unidentified": ""})),
    recorded("east", 3, 30, PatientAmended("P", {"family": "Vega T.", "birth_date": "1987-03-14"})),
)


def test_the_latest_stamp_of_a_field_decides_not_the_arrival() -> None:
    first = open_memory_database()
    metadata.create_all(first)
    with write_transaction(first) as connection:
        project_all(connection, (MADE, *AMENDED))
        row = connection.exec_driver_sql("SELECT family, phone, city, unidentified FROM patients").one()
        listed = connection.exec_driver_sql(
            "SELECT family, family_key, given, initial, phone, phone_key, born, unidentified FROM patient_search"
        ).one()
    assert tuple(row) == ("Vega-Trujillo", "", "Akron", 0)
    assert tuple(listed) == ("Vega-Trujillo", "vegatrujillo", "Marisol", "m", "", "", "1987-03-14", 0)
    for order in permutations(AMENDED):
        other = open_memory_database()
        metadata.create_all(other)
        with write_transaction(other) as connection:
            project_all(connection, (MADE, *order))
        with read_transaction(first) as one, read_transaction(other) as two:
            assert differing_tables(one, two) == []
        other.dispose()
    first.dispose()


def test_what_is_said_again_of_a_visit_comes_out_alike_before_and_after_it_is_known() -> None:
    made = recorded("north", 1, 1, VisitRegistered("V", "P", "1", VisitDetails("outpatient", "Lab", "", "East"), ()))
    said = (
        recorded("south", 2, 20, VisitDetailsGiven("V", {"service": "MRI", "accident": "home"})),
        recorded("east", 3, 30, VisitDetailsGiven("V", {"location": "", "service": "CT"})),
        recorded("north", 4, 40, VisitDetailsGiven("V", {"location": "West"})),
    )
    first = open_memory_database()
    metadata.create_all(first)
    with write_transaction(first) as connection:
        project_all(connection, (made, *said))
        row = connection.exec_driver_sql("SELECT type, service, location FROM visits").one()
    assert tuple(row) == ("outpatient", "CT", "West")
    for order in permutations((made, *said)):
        other = open_memory_database()
        metadata.create_all(other)
        with write_transaction(other) as connection:
            project_all(connection, order)
        with read_transaction(first) as one, read_transaction(other) as two:
            assert differing_tables(one, two) == []
        other.dispose()
    first.dispose()


def test_a_whole_search_row_is_what_its_columns_are_one_by_one() -> None:
    fields = {name: f"{name} O'Brien-Núñez 216-555-0142" for name in (*LISTED_COLUMNS, "ssn")} | {"birth_date": "1987-03-14"}
    row = dict(zip(SEARCH_ROW, search_row("F", "p", "S1", fields, newborn=True), strict=True))
    nobody = {"unidentified": 0, "newborn": 1}
    assert row == {"facility_id": "F", "patient_id": "p", "source_id": "S1", **search_columns(fields), **nobody}
