"""A minor is never their own guarantor, in whatever order it becomes known who they are and when they were born."""

from __future__ import annotations

import pytest

from access_desk.domain.errors import DeskError
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.visits.events import VisitDetails
from access_desk.services.registration import Registration
from tests.desks import TestDesk

SELF = {"guarantor": "self"}


def somebody(desk: TestDesk, *, unknown: bool) -> str:
    new = NewPatient(Demographics() if unknown else Demographics("Vega", "Ana"), unidentified=unknown)
    registration = Registration(VisitDetails(), (), new, patient_details=SELF)
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), registration)
    return next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))


def guarantor(desk: TestDesk, patient_id: str) -> str:
    return desk.desk.view.patient(patient_id).details.values.get("guarantor", "")


@pytest.mark.parametrize(("born", "answers"), [("2008-11-23", "self"), ("2008-11-24", ""), ("2020-01-01", "")])
@pytest.mark.parametrize("unknown", [False, True])
def test_a_birth_date_that_is_learned_later(desk: TestDesk, born: str, answers: str, unknown: bool) -> None:
    """Eighteen on the day of the visit, or a day younger."""
    patient_id, one = somebody(desk, unknown=unknown), desk.desk
    by = one.by(desk.people["ann"])
    if unknown:
        one.registration.identify(by, patient_id, {"family": "Vega", "given": "Ana", "birth_date": born}, "her mother")
    else:
        one.registration.amend(by, patient_id, {"birth_date": born})
    assert str(one.view.patient(patient_id).demographics.birth_date) == born
    assert guarantor(desk, patient_id) == answers
    if not answers:
        with pytest.raises(DeskError, match="under 18"):
            one.registration.give_details(one.by(desk.people["ann"]), patient_id, SELF)
