"""Unidentified and newborn patients at a real desk."""

from __future__ import annotations

from itertools import pairwise

from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.views import SearchTerms
from access_desk.domain.visits.events import VisitDetails, VisitRegistered
from access_desk.presentation.registration import RegistrationModel
from access_desk.services.papers import PaperKey
from access_desk.services.registration import Registration
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.queries.naming import names_borne
from tests.desks import TestDesk
from tests.presentation.money_desk import run_now

NAMED = {"family": "Ferreira", "given": "Tomás"}


def nobody(desk: TestDesk, age: tuple[int, int] | None = None) -> tuple[PatientRegistered, VisitRegistered]:
    new = NewPatient(Demographics(sex="male"), unidentified=True)
    registration = Registration(VisitDetails("emergency"), (), new, estimated_age=age)
    return made_of(desk, registration)


def made_of(desk: TestDesk, registration: Registration) -> tuple[PatientRegistered, VisitRegistered]:
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), registration)
    patient = next(event.body for event in events if isinstance(event.body, PatientRegistered))
    return patient, next(event.body for event in events if isinstance(event.body, VisitRegistered))


def test_an_alias_is_free_again_only_when_its_bearer_is_identified_and_gone(desk: TestDesk) -> None:
    one = desk.desk
    by = one.by(desk.people["sue"])
    one.registration.set_naming(by, "numbered", "npsg")
    people = [nobody(desk) for _ in range(40)]
    names = [patient.demographics.family for patient, _ in people]
    assert len(set(names)) == 40
    patient, visit = people[0]
    one.registration.identify(one.by(desk.people["ann"]), patient.patient_id, NAMED, "driver license")
    with read_transaction(one.journal.engine) as connection:
        assert (patient.demographics.family, patient.demographics.given) in names_borne(connection, "F"), "its papers carry it"
    one.registration.reach_milestone(one.by(desk.people["ann"]), visit.visit_id, "departed")
    _, other = people[1]
    one.registration.reach_milestone(one.by(desk.people["ann"]), other.visit_id, "departed")
    with read_transaction(one.journal.engine) as connection:
        borne = names_borne(connection, "F")
    assert {family for family, _ in borne} == set(names[1:]), "somebody who left unidentified keeps the name"


def test_somebody_identified_is_found_by_both_names_and_keeps_the_history(desk: TestDesk) -> None:
    one = desk.desk
    patient, _ = nobody(desk, (30, 40))
    called = patient.demographics.family
    alias = one.registration.alias_of(patient.patient_id)
    assert alias is not None
    assert (alias.family, alias.age_low, alias.age_high) == (called, 30, 40)
    assert one.view.search(SearchTerms(family=called))[0].unidentified
    one.registration.identify(one.by(desk.people["ann"]), patient.patient_id, NAMED, "driver license")
    for found in (
        one.view.search(SearchTerms(family=called)),
        one.view.search(SearchTerms(family="Ferreira")),
        one.index.find(called),
        one.index.find("Tomás Ferreira"),
        one.index.find(patient.mrn),
    ):
        assert [(row.patient_id, row.unidentified) for row in found] == [(patient.patient_id, False)]


def test_what_has_no_letters_is_nobodys_former_name(desk: TestDesk) -> None:
    one = desk.desk
    patient, _ = nobody(desk, (30, 40))
    one.registration.identify(one.by(desk.people["ann"]), patient.patient_id, NAMED, "driver license")
    with write_transaction(one.journal.engine) as connection:
        key = connection.exec_driver_sql("SELECT family_key FROM patient_aliases").scalar_one()
        connection.exec_driver_sql("UPDATE patient_aliases SET family_key = ''")
    found = [*one.index.find("- 9"), *one.index.find_by(SearchTerms(family="-"))]
    with write_transaction(one.journal.engine) as connection:
        connection.exec_driver_sql("UPDATE patient_aliases SET family_key = ?", (key,))
    assert found == []


def test_twins_have_names_and_numbers_that_are_told_apart(desk: TestDesk) -> None:
    mother = desk.register(family="Smith", given="Judy")
    children = [
        made_of(
            desk,
            Registration(
                VisitDetails("newborn"),
                (),
                NewPatient(Demographics(sex="female"), newborn_of=mother.patient_id, birth_order=order),
            ),
        )[0]
        for order in (1, 2, 3)
    ]
    assert [child.demographics.given for child in children] == ["Judy Girl A", "Judy Girl B", "Judy Girl C"]
    assert {child.newborn_of for child in children} == {mother.patient_id}
    numbers = [int(child.mrn) for child in children]
    assert all(later - earlier > 1 for earlier, later in pairwise(numbers))
    by = desk.desk.by(desk.people["sue"])
    desk.desk.registration.set_naming(by, "phonetic", "aap")
    boy = NewPatient(Demographics(sex="male"), newborn_of=mother.patient_id, birth_order=4)
    assert made_of(desk, Registration(VisitDetails("newborn"), (), boy))[0].demographics.given == "Boy4Judy"


def test_children_whose_order_nobody_said_are_told_apart_too(desk: TestDesk) -> None:
    mother = desk.register(family="Smith", given="Judy")

    def born(sex: str, order: int | None = None) -> str:
        child = NewPatient(Demographics(sex=sex), newborn_of=mother.patient_id, birth_order=order)
        return made_of(desk, Registration(VisitDetails("newborn"), (), child))[0].demographics.given

    assert [born("female"), born("male"), born("female"), born("female")] == [
        "Judy Girl",
        "Judy Boy",
        "Judy Girl B",
        "Judy Girl C",
    ]
    assert born("female", 2) == "Judy Girl B", "what was said is not changed"


def test_the_age_that_somebody_seems_to_have_stands_on_screen_and_papers(desk: TestDesk) -> None:
    """Doses depend on it; it goes once the birth date is known."""
    patient, visit = nobody(desk, (30, 40))
    one = desk.desk
    assert one.registration.estimated_age(patient.patient_id) == "about 30 to 40 y"
    assert one.registration.estimated_age(nobody(desk)[0].patient_id) == ""
    printing = one.papers.printing(PaperKey("wristband", visit.visit_id), desk.people["ann"])
    assert one.registration_papers.band(printing, visit.visit_id).patient.age == "about 30 to 40 y"
    model = RegistrationModel(one, run_now, lambda: desk.people["ann"])
    model.open_visit(visit.visit_id)
    assert model.state.banner is not None
    assert [fact.value for fact in model.state.banner.facts if fact.caption == "Born"] == ["Not known (about 30 to 40 y)"]
    changes = {"family": "Ferreira", "given": "Tomás", "birth_date": "1961-12-09"}
    one.registration.identify(one.by(desk.people["ann"]), patient.patient_id, changes, "driver license")
    assert one.registration_papers.band(printing, visit.visit_id).patient.age == "64 y"
