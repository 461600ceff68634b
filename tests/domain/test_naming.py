"""Names for people without one: never borne by two at once, far apart, and whole where they tell children apart."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientAmended
from access_desk.domain.patients.naming import (
    MOST_GIVEN,
    NamingRules,
    alias_fact,
    are_too_alike,
    check_age,
    decide_identification,
    decide_naming,
    newborn_name,
    unidentified_name,
    with_safe_name,
)
from access_desk.domain.patients.naming_events import NEWBORN_CONVENTIONS, UNIDENTIFIED_STYLES, AliasGiven, PatientIdentified
from access_desk.domain.patients.state import PatientState
from access_desk.domain.staff import Person, Role

TODAY = date(2026, 11, 23)
ANN, SUE = Person("ann", "ann", "Ann", Role.REGISTRAR), Person("sue", "sue", "Sue", Role.SUPERVISOR)


def names(style: str, count: int, desk: int = 1, prefix: str = "p") -> list[tuple[str, str]]:
    taken: set[tuple[str, str]] = set()
    made = []
    for number in range(count):
        name = unidentified_name(style, frozenset(taken), f"{prefix}{number}", desk)
        assert name not in taken
        taken.add(name)
        made.append(name)
    return made


@pytest.mark.parametrize("style", UNIDENTIFIED_STYLES)
def test_two_hundred_at_once_all_have_their_own(style: str) -> None:
    assert len(set(names(style, 200))) == 200


@pytest.mark.parametrize(("style", "at_once", "apart"), [("phonetic", 14, 8), ("numbered", 18, 3), ("prefix", 17, 5)])
def test_those_who_come_together_have_names_far_apart(style: str, at_once: int, apart: int) -> None:
    whole = [f"{family}, {given}" for family, given in names(style, at_once)]
    assert min(Levenshtein.distance(one, other) for one, other in combinations(whole, 2)) >= apart


def test_two_desks_that_do_not_hear_of_each_other_number_apart() -> None:
    assert not set(names("numbered", 50, 1)) & set(names("numbered", 50, 2, "q"))


@pytest.mark.parametrize(
    ("style", "family", "given"),
    [
        ("phonetic", r"XX[A-Z][a-z]+", r"[A-Z][a-z]+ [A-Z]{4}"),
        ("numbered", r"XX[A-Z][a-z]+\d+", "Unidentified"),
        ("prefix", r"UNK-[A-Z][a-z]+", r"[A-Z]{4}"),
    ],
)
def test_the_styles_look_as_they_are_published(style: str, family: str, given: str) -> None:
    one, other = unidentified_name(style, frozenset(), "p")
    assert re.fullmatch(family, one)
    assert re.fullmatch(given, other)


NEWBORNS = """
npsg | Judy            | female  |   | Judy Girl
npsg | Judy            | female  | 1 | Judy Girl A
npsg | Judy            | male    | 2 | Judy Boy B
npsg | Judy            | unknown | 3 | Judy Baby C
npsg |                 | female  | 1 | Girl A
aap  | Judy            | female  |   | GirlJudy
aap  | Judy            | female  | 1 | Girl1Judy
aap  | Mary Ann        | male    | 2 | Boy2MaryAnn
aap  | Marie           | unknown |   | BabyMarie
npsg | Wilhelmina-Charlotte-Josephine | female | 2 | Wilhelmina-Charlo Girl B
"""


@pytest.mark.parametrize("line", NEWBORNS.strip().splitlines())
def test_newborns_by_either_convention(line: str) -> None:
    convention, mother, sex, order, expected = (part.strip() for part in line.split("|"))
    given_ = newborn_name(convention, Demographics(given=mother), sex, int(order) if order else None)
    assert given_ == expected


@given(st.text(max_size=80), st.sampled_from(NEWBORN_CONVENTIONS), st.sampled_from(["female", "male", "unknown", "other"]))
def test_children_of_one_birth_are_told_apart_even_when_the_name_is_cut(mother: str, convention: str, sex: str) -> None:
    made = [newborn_name(convention, Demographics(given=mother), sex, order) for order in range(1, 9)]
    assert len({name[:MOST_GIVEN] for name in made}) == len(made)
    assert all(len(name) <= MOST_GIVEN for name in made)
    generated = newborn_name(convention, Demographics(given="Judy"), sex, 1).lower()
    assert "babyboy" not in generated
    assert "babygirl" not in generated


def test_names_that_are_known_are_left_alone() -> None:
    known = NewPatient(Demographics("Vega", "Luz"), newborn_of="P")
    assert with_safe_name(known, Demographics("Vega", "Marisol"), NamingRules(), frozenset(), "p", 1) == known
    tattooed = NewPatient(Demographics(given="Rex"), unidentified=True)
    assert with_safe_name(tattooed, None, NamingRules(), frozenset(), "p", 1) == tattooed
    assert alias_fact(tattooed, tattooed, "p", (20, 30)) == []


@pytest.mark.parametrize("typed", ["Baby", "baby boy", "GIRL", "Twin A", "Marisol", "marisol"])
def test_what_tells_no_child_from_another_is_no_name(typed: str) -> None:
    mother = Demographics("Vega", "Marisol")
    new = NewPatient(Demographics("Vega", typed, sex="female"), newborn_of="P", birth_order=2)
    named = with_safe_name(new, mother, NamingRules(), frozenset(), "p", 1)
    assert (named.demographics.family, named.demographics.given) == ("Vega", "Marisol Girl B")


def test_the_estimated_age_stands_with_the_name() -> None:
    asked = NewPatient(Demographics(), unidentified=True)
    named = with_safe_name(asked, None, NamingRules(), frozenset(), "p", 1)
    (fact,) = alias_fact(asked, named, "p", (30, 40))
    assert isinstance(fact.body, AliasGiven)
    assert (fact.body.age_low, fact.body.age_high, fact.body.kind) == (30, 40, "unidentified")


@pytest.mark.parametrize("age", [(-1, 3), (5, 4), (40, 121)])
def test_an_age_that_cannot_be(age: tuple[int, int]) -> None:
    with pytest.raises(DeskError):
        check_age(age)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("00480001", "00480002", True),
        ("00480009", "00480010", True),
        ("00480001", "00480091", True),
        ("00480001", "00480012", False),
        ("00480009", "00480011", False),
        ("TMP1-1-0001", "TMP1-1-0002", True),
        ("TMP1-1-0001", "TMP2-1-0002", False),
        ("TMP1-1-0001", "00110001", False),
        ("A-17", "B-17", False),
    ],
)
def test_numbers_that_could_be_taken_for_each_other(one: str, other: str, alike: bool) -> None:
    assert are_too_alike(one, other) is are_too_alike(other, one) is alike


class TestIdentification:
    nobody = PatientState("P", "1", Demographics("XXOmega", "Tango KWRB", sex="male"), unidentified=True)

    def test_the_name_changes_and_how_it_is_known_stays(self) -> None:
        changes = {"family": "Ferreira", "given": "Tomás", "birth_date": "1961-02-03"}
        amended, identified = decide_identification(self.nobody, changes, " driver license ", ANN, TODAY)
        assert isinstance(amended.body, PatientAmended)
        assert amended.body.changes == {**changes, "unidentified": ""}
        assert identified.body == PatientIdentified("P", "driver license")

    @pytest.mark.parametrize(
        ("changes", "source"),
        [
            ({"family": "Ferreira", "given": "Tomás"}, "  "),
            ({"family": "Ferreira"}, "a relative"),
            ({"family": " ", "given": "Tomás"}, "a relative"),
            ({"family": "Ferreira", "given": "Tomás"}, "x" * 201),
        ],
    )
    def test_without_name_or_source_nobody_is_identified(self, changes: dict[str, str], source: str) -> None:
        with pytest.raises(DeskError) as refused:
            decide_identification(self.nobody, changes, source, ANN, TODAY)
        assert refused.value.code is Refusal.BAD_VALUE

    def test_once_is_enough(self) -> None:
        known = PatientState("P", "1", Demographics("Ferreira", "Tomás"))
        with pytest.raises(DeskError):
            decide_identification(known, {"family": "Silva", "given": "Rui"}, "a relative", ANN, TODAY)


def test_the_styles_are_a_supervisors_setting() -> None:
    (fact,) = decide_naming(SUE, "F", "prefix", "aap")
    assert fact.subject_id == "F"
    with pytest.raises(DeskError) as refused:
        decide_naming(ANN, "F", "prefix", "aap")
    assert refused.value.code is Refusal.NOT_PERMITTED
    with pytest.raises(DeskError):
        decide_naming(SUE, "F", "funny", "aap")
