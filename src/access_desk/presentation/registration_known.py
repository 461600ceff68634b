"""What the desk knows of a patient on file beside the record, as Register says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from access_desk.domain.forms.catalogue import INITIAL
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.coverage_clearance import ClearingFacts
from access_desk.presentation.disputes import disputed_text
from access_desk.presentation.person_alerts import Around, look_around
from access_desk.presentation.registration_form import RegistrationForm
from access_desk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Known:
    """The visit on file (``own``) and earlier ones that may be asked about, what clearance depends on, what is to be told.

    ``due`` are the forms that the visit still needs, ``seems`` the age that somebody unidentified seems to have.
    """

    own: Sequence[VisitRow]
    rest: Sequence[VisitRow]
    facts: ClearingFacts
    disputed: str = ""
    due: tuple[str, ...] = ()
    seems: str = ""
    around: Around = field(default_factory=Around)


def known_of(desk: Desk, form: RegistrationForm, today: date) -> Known:
    """What is known of a form's patient and visit."""
    rules, around = desk.coverage.authorization_rules(), look_around(desk, form, today)
    if not form.patient_id:
        return Known((), (), ClearingFacts(rules), around=around)
    every = desk.view.visits_of(form.patient_id)
    own = [visit for visit in every if visit.visit_id == form.visit_id]
    rest = [one for one in every if one not in own and desk.view.may_be_asked_for_money(one)]
    return Known(
        own,
        rest,
        ClearingFacts(rules, desk.coverage.last_asked(form.patient_id)),
        disputed_text(desk.disputes.of_patient(form.patient_id)),
        forms_due(desk, form.visit_id) if own else (),
        desk.registration.estimated_age(form.patient_id) if form.was_unidentified else "",
        around,
    )


def forms_due(desk: Desk, visit_id: str) -> tuple[str, ...]:
    """The titles of the forms that are still to be given; those that wait for the release of an emergency are not."""
    rows = desk.forms.of_visit(visit_id).rows
    return tuple(row.form.title if row.part == INITIAL else f"{row.form.title}, follow-up copy" for row in rows if row.is_open)
