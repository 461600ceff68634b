"""Amendments of one patient from two desks give the same record in whatever order they arrive."""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from access_desk.domain.errors import DamagedDatabaseError
from access_desk.domain.events import Recorded, kind_of
from access_desk.domain.matching.person import digits_of
from access_desk.domain.patients.events import Demographics, PatientAmended, PatientRegistered
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.visits.details import VisitDetailsGiven
from access_desk.domain.visits.events import VisitDetails, VisitRegistered
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.imported_index import demographics_of_row, pack, patient_ids_of, unpack
from access_desk.storage.projections.search import rows_of_batch
from access_desk.storage.replay import differing_tables, project_all
from access_desk.storage.row_changes import write
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


NAMES = ("", "Vega", "O'Brien-Núñez", "Junior", "Æthel", "Lee-Lee", "Мария", "Nguyen Tran", "x" * 130, "李小龙")
NUMBERS = ("", "216-555-0142", "1 (216) 555-0142", "5550142", "000000000", "ext ٣٤", "021-34-5678", "12")
IMPORTED = [
    ImportedRow(
        "", f"00{place}", NAMES[place % len(NAMES)], NAMES[place // 2 % len(NAMES)], "M", "Jr", ("", "1987-03-14")[place % 2],
        "F", NUMBERS[place % len(NUMBERS)], NUMBERS[place // 3 % len(NUMBERS)], "a@b.example", "1 Oak St", "Akron",
        "OH", "44301", {},
    )
    for place in range(60)
]  # fmt: skip


def test_an_imported_record_has_the_rows_of_its_registration() -> None:
    one, other = open_memory_database(), open_memory_database()
    batch = recorded("north", 1, 1, AMENDED[0].body)
    for database in (one, other):
        metadata.create_all(database)
    with write_transaction(one) as connection:
        write(connection, rows_of_batch(batch, unpack(pack(IMPORTED))))
    with write_transaction(other) as connection:
        for patient_id, row in zip(patient_ids_of(batch.event_id, len(IMPORTED)), IMPORTED, strict=True):
            registered = PatientRegistered(patient_id, row.mrn, demographics_of_row(row))
            project_all(connection, [recorded("north", 1, 1, registered)])
            connection.exec_driver_sql("DELETE FROM event_subjects")
    with read_transaction(one) as left, read_transaction(other) as right:
        assert differing_tables(left, right) == []
        assert left.exec_driver_sql("SELECT count(*) FROM patients").scalar_one() == len(IMPORTED)
    one.dispose()
    other.dispose()


def test_what_was_amended_before_an_import_arrives_stands_after_it() -> None:
    database = open_memory_database()
    metadata.create_all(database)
    batch = recorded("north", 1, 1, AMENDED[0].body)
    (known,) = patient_ids_of(batch.event_id, 1)
    with write_transaction(database) as connection:
        project_all(connection, [recorded("south", 1, 9, PatientAmended(known, {"city": "Dayton", "family": "Later"}))])
        write(connection, rows_of_batch(batch, IMPORTED[1:2]))
        found = connection.exec_driver_sql("SELECT p.city, p.family, s.family FROM patients p, patient_search s").one()
    assert tuple(found) == ("Dayton", "Later", "Later")
    database.dispose()


def test_what_could_not_be_read_is_searched_as_it_was_typed() -> None:
    database = open_memory_database()
    metadata.create_all(database)
    typed = IMPORTED[0]._replace(
        birth_date="", ssn="9021-34-5678", unreadable={"birth_date": "spring 1950", "ssn": "9021-34-5678"}
    )
    with write_transaction(database) as connection:
        # All its changes first: none of them is what it is for what follows it.
        changes = list(rows_of_batch(recorded("north", 1, 1, AMENDED[0].body), [IMPORTED[1], typed]))
        write(connection, changes)
        born = connection.exec_driver_sql(
            "SELECT p.birth_date, s.born FROM patients p JOIN patient_search s USING (patient_id)"
        ).all()
        kept = connection.exec_driver_sql("SELECT patient_id, field, typed FROM patient_unreadable ORDER BY field").all()
    assert [tuple(row) for row in born] == [("1987-03-14", "1987-03-14"), ("", "spring 1950")]
    assert [tuple(row) for row in kept] == [("north-1-00001", "birth_date", "spring 1950"), ("north-1-00001", "ssn", "5678")]
    database.dispose()


def test_an_empty_batch_makes_no_rows() -> None:
    assert list(rows_of_batch(MADE, [])) == []


@pytest.mark.parametrize("wrong", [b"7", b"null"])
def test_a_row_with_something_else_than_texts_keeps_its_event_from_being_shown_and_no_more(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="something else than texts"):
        unpack(zlib.compress(b'[["S1"' + (b"," + wrong) * 14 + b",{}]]"))


@pytest.mark.parametrize("rows", [b'[["S1","1"]]', b"[" + b'"S1",' * 3 + b"{}]", b"[[", b"{}"])
def test_content_that_is_no_batch_is_told(rows: bytes) -> None:
    with pytest.raises(DamagedDatabaseError):
        unpack(zlib.compress(rows))


def test_digits_are_those_of_the_latin_script_alone() -> None:
    assert [digits_of(text) for text in ("216-555-0142", "2165550142", "٣ 4 ５ é6 \ud800", "")] == [
        "2165550142",
        "2165550142",
        "46",
        "",
    ]
