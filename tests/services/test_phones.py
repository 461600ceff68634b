"""A telephone number taken without its area code and one taken with it are one number, whichever of the two is typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.patients.views import SearchTerms
from access_desk.presentation.find_patient_line import compared, terms_of_line
from access_desk.storage.engine import driver_transaction
from access_desk.storage.queries import phones
from tests.desks import TestDesk, a_desk

WHOLE, LOCAL, STRANGER = "whole", "local", "stranger"
CROWD = 300


def person(source_id: str, mrn: str, family: str, given: str, phone: str, born: str = "1987-03-14") -> ImportedRow:
    return ImportedRow(source_id, mrn, family, given, "", "", born, "female", "", phone, "", "", "", "", "", {})


@pytest.fixture(scope="module")
def desk() -> Iterator[TestDesk]:
    people = [
        person(WHOLE, "70001", "Vega", "Marisol", "(216) 555-0148"),
        person(LOCAL, "70002", "Boyd", "Carla", "555-0163"),
        # Of another area, and with the first seven digits that a local number may have.
        person(STRANGER, "5550148", "Adams", "Rose", "555-014-8777", "1950-01-01"),
    ]
    people += [
        person(f"c{number}", f"{80_000 + number}", f"Fam{number}", "Ann", f"{201 + number}7{number:06d}", "1931-05-06")
        for number in range(CROWD)
    ]
    with a_desk() as opened:
        opened.desk.index_import.load(people, "ab" * 32, lambda _: None)
        yield opened


def by_phone(desk: TestDesk, phone: str) -> list[tuple[str, bool]]:
    names = {"Vega": WHOLE, "Boyd": LOCAL, "Adams": STRANGER}
    return [(names[one.family], one.agrees["phone"]) for one in desk.desk.index.find_by(SearchTerms(phone=phone))]


@pytest.mark.parametrize(
    "typed",
    ["555-0148", "5550148", "555014", "+1 216 555-0148", "216-555-0148", "1 (216) 555 0148", "1 216 555", "1-216-555-014"],
)
def test_the_field_finds_a_number_with_its_area_code(desk: TestDesk, typed: str) -> None:
    assert (WHOLE, True) in by_phone(desk, typed)


@pytest.mark.parametrize("typed", ["216-555-0163", "330 555 016", "555-0163", "5550"])
def test_the_field_finds_a_number_without_it(desk: TestDesk, typed: str) -> None:
    assert (LOCAL, True) in by_phone(desk, typed)


@pytest.mark.parametrize(
    ("typed", "missed"), [("330-555-0148", WHOLE), ("555-0149", WHOLE), ("0148", LOCAL), ("216-555-0164", LOCAL)]
)
def test_the_field_finds_no_other_number(desk: TestDesk, typed: str, missed: str) -> None:
    assert missed not in [who for who, _ in by_phone(desk, typed)]


@pytest.mark.parametrize(
    ("line", "who"),
    [("555-0148", WHOLE), ("555.0148", WHOLE), ("vega 555-0148", WHOLE), ("216-555-0163", LOCAL), ("2165550163", LOCAL)],
)
def test_the_line_finds_the_number(desk: TestDesk, line: str, who: str) -> None:
    first = desk.desk.index.find(line)[0]
    assert (first.source_id, "phone" in first.why, first.score) == (who, True, 1.0)


def test_seven_digits_in_the_line_are_a_medical_record_number_first(desk: TestDesk) -> None:
    line = "5550148"
    found = desk.desk.index.find(line)
    assert [one.source_id for one in found] == [STRANGER, WHOLE]
    terms = terms_of_line(line, desk.desk.view.now().date())
    assert [dict(compared(one, terms).agrees) for one in found] == [{"number": True}, {"phone": True}]


def test_the_line_takes_another_area_for_another_number(desk: TestDesk) -> None:
    (found,) = (one for one in desk.desk.index.find("vega 330-555-0148") if one.source_id == WHOLE)
    assert (found.why, found.score) == (("name",), 0.5)


@pytest.mark.parametrize(("phone", "who"), [("555-0148", WHOLE), ("216-555-0163", LOCAL)])
def test_the_duplicate_check_compares_who_has_the_number(desk: TestDesk, phone: str, who: str) -> None:
    """The name is typed otherwise and the birth date is wrong: the number alone leads to the record."""
    names = {WHOLE: ("Vegarra", "Marisol"), LOCAL: ("Boydell", "Carla")}
    family, given = names[who]
    listed = desk.desk.index.candidates(Demographics(family, given, sex="female", phone=phone))
    assert who in [one.record.source_id for one in listed]


def test_the_list_of_duplicates_has_a_pair_of_which_one_lacks_the_area_code() -> None:
    people = [
        person("a", "1", "Vega", "Marisol", "216-555-0148", "1987-03-14"),
        person("b", "2", "Wega", "Marysol", "555-0148", "1987-04-13"),
    ]
    with a_desk() as opened:
        opened.desk.index_import.load([*people], "ab" * 32, lambda _: None)
        assert [(one.a.source_id, one.b.source_id) for one in opened.desk.index.duplicates()] == [("a", "b")]


def test_a_local_number_is_found_by_stepping_over_the_index(desk: TestDesk) -> None:
    """However many have a telephone, only an entry for each area code is read: no step scans the table."""
    with driver_transaction(desk.desk.journal.engine) as connection:
        values = (desk.desk.journal.facility_id, "5550148", "5550148:", 10)
        plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {phones._BEHIND_AREA_CODES}", values).fetchall()
    steps = [row[3] for row in plan]
    assert [one for one in steps if one.startswith("SCAN") and one != "SCAN codes"] == []
    searched = [one for one in steps if "ix_patient_search_phone" in one]
    assert len(searched) == 3
    assert all("phone_key>" in one for one in searched[1:])
