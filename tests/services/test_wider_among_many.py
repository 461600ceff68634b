"""Search wider among thousands of one name: bounded in what it reads, and whoever agrees in two details is listed."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from access_desk.domain.matching.dates import slips_of
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.patients.views import SearchTerms
from access_desk.storage.queries import near_names
from access_desk.storage.queries import patient_index as index
from tests.desks import TestDesk, a_desk

SHARED = 1_200
# So many that they are all that would be compared.
STRANGERS = 12
BY_MIDDLE, BY_HALF = "goes by it", "the last of them"
BORN = {BY_MIDDLE: date(1961, 2, 17), BY_HALF: date(2009, 11, 21)}


def people() -> Iterator[tuple[str, str, str, str, date]]:
    """Source, family name, given name, middle name, birth date."""
    day = date(1930, 1, 2)
    for number in range(SHARED):
        yield f"smith {number}", "Smith", f"Abel{number}", "", day + timedelta(days=11 * number)
        yield f"cruz {number}", "Garcia Cruz", "Maria", "", day + timedelta(days=13 * number)
    yield BY_MIDDLE, "Smith", "Zed", "Quentin", BORN[BY_MIDDLE]
    yield BY_HALF, "Garcia Cruz", "Maria", "", BORN[BY_HALF]
    for letter in string.ascii_lowercase:
        for number in range(STRANGERS):
            yield f"family {letter}{number}", f"Rus{letter}", f"Odo{number}", "", day
            yield f"given {letter}{number}", f"Odo{number}", f"Rus{letter}", "", day


@pytest.fixture(scope="module")
def desk() -> Iterator[TestDesk]:
    rows = [
        ImportedRow(source, f"{number:06}", family, given, middle, "", f"{born}", "female", "", "", "", "", "", "", "", {})
        for number, (source, family, given, middle, born) in enumerate(people())
    ]
    with a_desk() as opened:
        opened.desk.index_import.load(rows, "ab" * 32, lambda _: None)
        yield opened


def wider(desk: TestDesk, family: str, given: str = "", born: date | None = None) -> list[str]:
    return [one.source_id for one in desk.desk.index.wider(SearchTerms(family, given, born))]


def test_half_of_a_common_name_with_a_slip_lists_a_screenful(desk: TestDesk) -> None:
    """Six hundred records of names that share three of its letters do not crowd them out."""
    found = wider(desk, "Crus")
    assert len(found) == 20
    assert all(one.startswith("cruz") for one in found)


def test_half_of_it_with_a_slip_is_narrowed_by_a_date_with_a_slip(desk: TestDesk) -> None:
    born = BORN[BY_HALF].isoformat()
    for slip in slips_of(born)[::4]:
        if (typed := date.fromisoformat(slip)) < desk.desk.view.now().date():
            assert BY_HALF in wider(desk, "Crus", "Maria", typed), slip
            assert BY_HALF in wider(desk, "Crus", "", typed), slip


def test_who_goes_by_a_middle_name_is_found(desk: TestDesk) -> None:
    assert wider(desk, "Smith", "Quentin") == [BY_MIDDLE]


def test_of_a_commoner_name_only_so_many_are_looked_at(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_names, "MOST_OF_A_SHARED_NAME", SHARED // 3)
    assert wider(desk, "Smith", "Quentin") == []
    born = BORN[BY_MIDDLE]
    for typed in (born, born.replace(day=18), born.replace(year=1916)):
        assert BY_MIDDLE in wider(desk, "Smith", "Quentin", typed)
    assert len(wider(desk, "Crus", "Maria")) == 20
    assert BY_HALF in wider(desk, "Crus", "Maria", BORN[BY_HALF])


def test_whole_records_are_read_of_those_who_are_listed_only(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record lies on five pages, a search row on one: hundreds are compared, twenty are shown."""
    read: list[int] = []
    whole = index.records

    def records(connection: object, facility_id: str, wanted: list[str]) -> object:
        read.append(len(wanted))
        return whole(connection, facility_id, wanted)  # type: ignore[arg-type]

    def none_by_row(*_: object) -> object:
        raise AssertionError("whole records are read to be compared")

    monkeypatch.setattr(index, "records", records)
    monkeypatch.setattr(index, "records_at", none_by_row)
    assert len(wider(desk, "Crus", "Mria")) == 20
    assert 0 < sum(read) <= 40
