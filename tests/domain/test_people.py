"""Identifiers that cannot exist, names as they are compared, and who is very probably one person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.identifiers import check_mbi, check_npi, check_ssn
from access_desk.domain.patients.commands import NewPatient, comparable, very_probably_same
from access_desk.domain.patients.decide import decide_new_patient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.state import PatientState
from access_desk.domain.policy import Policy
from access_desk.domain.visits.emtala import check_release, is_released
from access_desk.domain.visits.events import VISIT_MILESTONES, VISIT_TYPES
from access_desk.domain.visits.state import VisitState

TODAY, BORN = date(2026, 11, 23), date(1987, 3, 14)


@pytest.mark.parametrize(
    ("check", "text", "kept"),
    [
        (check_ssn, "536-80-4398", "536804398"),
        (check_ssn, " 536804398 ", "536804398"),
        (check_ssn, "899-99-9999", "899999999"),
        (check_npi, "1234567893", "1234567893"),
        (check_mbi, "1EG4-TE5-MK72", "1EG4TE5MK72"),
        (check_mbi, "1eg4te5mk73", "1EG4TE5MK73"),
    ],
)
def test_identifiers_that_can_exist(check: object, text: str, kept: str) -> None:
    assert callable(check)
    assert check(text) == kept


@pytest.mark.parametrize(
    ("check", "text"),
    [
        *(
            (check_ssn, text)
            for text in ("000-12-3456", "666-12-3456", "900-12-3456", "999-12-3456", "536-00-4398", "536-80-0000")
        ),
        *((check_ssn, text) for text in ("078-05-1120", "219-09-9999", "53680439", "5368043980", "536 80 4398", "abc", "")),
        *((check_npi, text) for text in ("1234567890", "3234567893", "123456789", "12345678930", "٣234567893", "")),
        *((check_mbi, text) for text in ("0EG4TE5MK72", "1SG4TE5MK72", "1EG4TE5MK7", "1EG4TE5MKB2", "EEG4TE5MK72", "")),
    ],
)
def test_identifiers_that_cannot(check: object, text: str) -> None:
    assert callable(check)
    with pytest.raises(DeskError) as refused:
        check(text)
    assert refused.value.code is Refusal.BAD_IDENTIFIER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Núñez", "NUNEZ"),
        ("O'Neill", "Oneill"),
        ("Vega-Trujillo", "vega trujillo"),
        ("STRASSE", "Straße"),
        ("Nu\u0301n\u0303ez", "Núñez"),
    ],
)
def test_names_are_compared_by_their_letters(one: str, other: str) -> None:
    assert comparable(one) == comparable(other) != ""


@settings(deadline=None)
@given(st.text(max_size=40))
def test_comparing_is_done_once(name: str) -> None:
    assert comparable(comparable(name)) == comparable(name)


SAME = """
family    | given   | born       | ssn         | same
Vega      | Marisol | 1987-03-14 |             | yes
VÉGA      | marisol | 1987-03-14 |             | yes
Marisol   | Vega    | 1987-03-14 |             | yes
Vega      | Marisol | 1987-03-15 |             | no
Vega      | Mariana | 1987-03-14 |             | no
Trujillo  | Marisol | 1987-03-14 | 536-80-4398 | yes
Vega      | Mariana | 1987-03-14 | 536804398   | yes
Trujillo  | Ana     | 1987-03-14 | 536-80-4398 | no
Vega      | Marisol |            | 536-80-4398 | no
          |         | 1987-03-14 |             | no
"""


@pytest.mark.parametrize("line", SAME.strip().splitlines()[1:])
def test_who_is_very_probably_one_person(line: str) -> None:
    family, given_, born, ssn, same = (part.strip() for part in line.split("|"))
    known = Demographics("Vega", "Marisol", birth_date=BORN, ssn="536804398")
    new = Demographics(family, given_, birth_date=date.fromisoformat(born) if born else None, ssn=ssn)
    assert very_probably_same(new, known) is very_probably_same(known, new) is (same == "yes")


class TestDespiteMatch:
    known = PatientState("P1", "100", Demographics("Vega", "Marisol", birth_date=BORN))

    def decide(self, **said: object) -> PatientRegistered:
        new = NewPatient(Demographics("Vega", "Marisol", birth_date=BORN), **said)  # type: ignore[arg-type]
        made = decide_new_patient(new, self.known, [self.known], "P2", "101", TODAY).body
        assert isinstance(made, PatientRegistered)
        return made

    @pytest.mark.parametrize("why", ["", "   "])
    def test_a_second_record_needs_a_reason(self, why: str) -> None:
        with pytest.raises(DeskError) as refused:
            self.decide(despite_match=why)
        assert refused.value.code is Refusal.PROBABLE_DUPLICATE

    def test_with_one_it_is_made_and_remembers_the_first(self) -> None:
        assert self.decide(despite_match="a cousin").possible_duplicates == ("P1",)

    def test_nobody_knows_who_an_unidentified_patient_is(self) -> None:
        assert self.decide(unidentified=True).possible_duplicates == ()

    def test_a_newborn_is_not_its_mother(self) -> None:
        assert self.decide(newborn_of="P1").possible_duplicates == ()

    def test_the_same_record_number_is_the_same_person(self) -> None:
        with pytest.raises(DeskError):
            decide_new_patient(NewPatient(Demographics("Other"), mrn="100"), None, [self.known], "P2", "100", TODAY)


class TestEmtala:
    @given(st.lists(st.sampled_from(VISIT_MILESTONES)), st.sampled_from(VISIT_TYPES), st.sampled_from(["mse", "stabilized"]))
    def test_in_no_order_of_events_does_money_come_before_the_exam(self, reached: list[str], kind: str, release: str) -> None:
        policy = Policy(emtala_release=release)
        for end in range(len(reached) + 1):
            visit = VisitState("V", "P", kind, "1", frozenset(reached[:end]))
            examined = "stabilized" in reached[:end] or (release == "mse" and "mse_completed" in reached[:end])
            assert is_released(visit, policy) is (examined or kind != "emergency")

    def test_one_visit_on_hold_holds_the_patient(self) -> None:
        visits = [VisitState("V1", "P", "outpatient", "1"), VisitState("V2", "P", "emergency", "2", frozenset({"triaged"}))]
        with pytest.raises(DeskError) as refused:
            check_release(visits, Policy())
        assert refused.value.code is Refusal.EMTALA_HOLD
        check_release(visits[:1], Policy())
