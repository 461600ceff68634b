"""Merging keeps the survivor's fields and fills its blanks; un-merging puts back exactly that, whatever came between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded, kind_of
from access_desk.domain.patients import links, state
from access_desk.domain.patients.details import PatientDetailsGiven
from access_desk.domain.patients.events import Demographics, PatientAmended
from access_desk.domain.patients.links import LinkState, Side, blanks_filled, decide_merge, decide_unmerge, standing
from access_desk.domain.patients.state import PatientState
from access_desk.domain.policy import Policy
from access_desk.domain.visits.state import VisitState

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
POLICY = Policy()


class Desk:
    """Records and their merges, evolved by whatever was decided."""

    def __init__(self, **people: Demographics) -> None:
        self.sides = {key: Side(PatientState(key, f"mrn-{key}", person), LinkState()) for key, person in people.items()}
        self.seq = 0

    def record(self, facts: list[Fact]) -> None:
        for fact in facts:
            self.seq += 1
            place = (f"e{self.seq}", "F", "D", 1, self.seq, NOON, f"{self.seq:09d}", date(2026, 11, 23), "lea", None, None)
            event = Recorded(*place, kind_of(fact.body), 1, fact.subject_id, fact.also, fact.body)
            for subject in (fact.subject_id, *fact.also):
                side = self.sides[subject]
                patient = state.evolve(side.patient, event)
                assert patient is not None
                self.sides[subject] = Side(patient, links.evolve(side.links, event) or LinkState())

    def merge(self, survivor: str, retired: str, merge_id: str = "m") -> None:
        self.record(decide_merge(self.sides[survivor], self.sides[retired], merge_id, "same passport", POLICY))

    def unmerge(self, survivor: str, merge_id: str = "m") -> None:
        absorbed = {key: side.patient for key, side in self.sides.items()}
        self.record(decide_unmerge(self.sides[survivor], merge_id, "two passports", absorbed))

    def amend(self, key: str, **changes: str) -> None:
        self.record([Fact(key, PatientAmended(key, changes))])

    def tell(self, key: str, details: Mapping[str, str]) -> None:
        self.record([Fact(key, PatientDetailsGiven(key, details))])

    def details(self, key: str) -> dict[str, str]:
        return self.sides[key].patient.details.values

    def person(self, key: str) -> Demographics:
        return self.sides[key].patient.demographics


_word = st.sampled_from(["", "Vega", "Núñez-O'Brien", "李", "x" * 40])
people = st.builds(
    Demographics,
    family=_word,
    given=_word,
    middle=_word,
    birth_date=st.none() | st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    sex=st.sampled_from(["female", "male", "unknown", "other"]),
    phone=_word,
    line=_word,
    city=_word,
    zip=_word,
)


@given(people, people)
def test_merge_then_unmerge_changes_nothing(one: Demographics, other: Demographics) -> None:
    desk = Desk(a=one, b=other)
    before = dict(desk.sides)
    desk.merge("a", "b")
    for name, value in links.texts(one).items():
        assert not value or links.texts(desk.person("a"))[name] == value, "the survivor's fields win"
    assert desk.person("b") == other
    desk.unmerge("a")
    for key, side in desk.sides.items():
        # When a field was last changed is known of both changes; what it says is as before.
        assert replace(side, patient=replace(side.patient, stamps={})) == before[key]


@given(people, people, people, st.permutations(["m", "n"]))
def test_two_merges_come_apart_in_either_order(
    one: Demographics, two: Demographics, three: Demographics, order: list[str]
) -> None:
    desk = Desk(a=one, b=two, c=three)
    desk.merge("a", "b", "m")
    desk.merge("a", "c", "n")
    first, last = order
    desk.unmerge("a", first)
    alone = Desk(a=one, x=three if first == "m" else two)
    alone.merge("a", "x", last)
    assert desk.person("a") == alone.person("a"), "as if only the other merge had ever been"
    desk.unmerge("a", last)
    assert [desk.person(key) for key in "abc"] == [one, two, three]
    assert all(side.links == LinkState() for side in desk.sides.values())


_answers = st.dictionaries(
    st.sampled_from(["guarantor", "guarantor_name", "guarantor_phone", "employer", "employment", "preferred_name", "ssn_absent"]),
    st.sampled_from(["", "one", "two"]),
)


@given(_answers, _answers, _answers, st.permutations(["m", "n"]))
def test_the_details_of_a_record_fill_blanks_and_come_apart_too(
    one: dict[str, str], two: dict[str, str], three: dict[str, str], order: list[str]
) -> None:
    """Who answers for the bill is no less of a person's record than their street."""
    nobody = Demographics(family="Vega")
    desk = Desk(a=nobody, b=nobody, c=nobody)
    for key, said in zip("abc", (one, two, three), strict=True):
        desk.tell(key, said)
    before = [desk.details(key) for key in "abc"]
    desk.merge("a", "b", "m")
    assert {**desk.details("a"), **before[0]} == desk.details("a"), "the survivor's answers win"
    has_guarantor = any(name.startswith("guarantor") for name in before[0])
    for name, value in before[1].items():
        is_taken = name not in before[0] and not (name.startswith("guarantor") and has_guarantor)
        assert not is_taken or name.startswith("employ") or desk.details("a")[name] == value
    desk.merge("a", "c", "n")
    first, last = order
    desk.unmerge("a", first)
    alone = Desk(a=nobody, x=nobody)
    alone.tell("a", one)
    alone.tell("x", three if first == "m" else two)
    alone.merge("a", "x", last)
    assert desk.details("a") == alone.details("a"), "as if only the other merge had ever been"
    desk.unmerge("a", last)
    assert [desk.details(key) for key in "abc"] == before
    assert all(side.links == LinkState() for side in desk.sides.values())


def test_a_detail_that_was_answered_between_stays() -> None:
    desk = Desk(a=Demographics(family="Vega"), b=Demographics(family="Vega"))
    desk.tell("b", {"guarantor": "spouse", "guarantor_name": "Rafael", "preferred_name": "Mari"})
    desk.merge("a", "b")
    desk.tell("a", {"guarantor_name": "Rafael Vega"})
    desk.unmerge("a")
    assert desk.details("a") == {"guarantor_name": "Rafael Vega"}


@given(people, people, st.sampled_from(["phone", "family", "city"]), st.sampled_from(["", "amended"]))
def test_what_was_amended_between_stays(one: Demographics, other: Demographics, name: str, value: str) -> None:
    desk = Desk(a=one, b=other)
    desk.merge("a", "b")
    desk.amend("a", **{name: value})
    desk.amend("b", **{name: "of the retired"})
    desk.unmerge("a")
    assert desk.person("a") == state.amended(one, {name: value})
    assert desk.person("b") == state.amended(other, {name: "of the retired"})


def test_an_address_is_filled_whole_or_not_at_all() -> None:
    street = Demographics(line="418 Birchmont Ave", city="Larkin Falls", zip="44101")
    assert blanks_filled(Demographics(city="Benning"), street) == {}
    assert blanks_filled(Demographics(phone="1"), street) == {"line": "418 Birchmont Ave", "city": "Larkin Falls", "zip": "44101"}


def _side(key: str, *visits: VisitState, unidentified: bool = False) -> Side:
    held = {visit.visit_id: visit for visit in visits}
    return Side(PatientState(key, key, Demographics(family="Vega"), unidentified, held), LinkState())


EMERGENCY = VisitState("v", "a", "emergency", "1")


@pytest.mark.parametrize(
    ("survivor", "retired", "reason", "code"),
    [
        (_side("a"), _side("a"), "seen", Refusal.BAD_VALUE),
        (_side("a"), _side("b"), " ", Refusal.NEEDS_REASON),
        (_side("a", unidentified=True), _side("b"), "seen", Refusal.NOT_PERMITTED),
        (_side("a", EMERGENCY), _side("b"), "seen", Refusal.EMTALA_HOLD),
        (_side("a"), _side("b", EMERGENCY), "seen", Refusal.EMTALA_HOLD),
    ],
)
def test_a_merge_that_is_refused(survivor: Side, retired: Side, reason: str, code: Refusal) -> None:
    with pytest.raises(DeskError) as refused:
        decide_merge(survivor, retired, "m", reason, POLICY)
    assert refused.value.code is code


def test_an_emergency_after_its_exam_or_left_does_not_hold() -> None:
    for milestone in ("mse_completed", "left_without_being_seen"):
        released = replace(EMERGENCY, milestones=frozenset({milestone}))
        assert decide_merge(_side("a", released), _side("b"), "m", "seen", POLICY)


def test_an_unidentified_record_fills_nothing() -> None:
    alias = Side(PatientState("b", "b", Demographics(given="Oak", phone="1", birth_date=date(1980, 1, 1)), True), LinkState())
    facts = decide_merge(_side("a"), alias, "m", "wallet found", POLICY)
    assert [kind_of(fact.body) for fact in facts] == ["patient.merged"]


def test_chains_and_circles_are_refused_at_one_desk() -> None:
    desk = Desk(a=Demographics(family="A"), b=Demographics(family="B"), c=Demographics(family="C"))
    desk.merge("a", "b")
    for survivor, retired in (("b", "a"), ("c", "b"), ("c", "a"), ("a", "b")):
        with pytest.raises(DeskError) as refused:
            desk.merge(survivor, retired, "n")
        assert refused.value.code is Refusal.NOT_PERMITTED
    desk.unmerge("a")
    with pytest.raises(DeskError) as refused:
        desk.unmerge("a")
    assert refused.value.code is Refusal.UNKNOWN_REFERENCE


def test_merges_of_two_desks_that_contradict_each_other_stand_the_same_in_any_order() -> None:
    merges = [("1-north", "a", "b"), ("2-south", "b", "a"), ("3-east", "c", "b"), ("4-west", "c", "a")]
    for order in permutations(merges):
        assert [standing(one, order) for one in "abc"] == ["c", "c", "c"]
    assert [standing(one, merges[:3]) for one in "abc"] == ["a", "a", "c"]
