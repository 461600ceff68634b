"""What the patient banner warns of: a record that belongs with this one, somebody here of a similar name, an old wristband."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from access_desk.domain.patients.link_views import OtherRecord
from access_desk.domain.registration.sheet import KNOWN
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.hidden_names import NAME_ALERT, NOT_THIS
from access_desk.presentation.registration_form import RegistrationForm, person_so_far, shown_person
from access_desk.presentation.registration_state import shortened
from access_desk.services.desk import Desk
from access_desk.services.person_alerts import PersonAlerts

MOST_OF_A_NAME: Final = 26
LIKELY_TEXT: Final = "Likely on file: Ctrl E compares"
# What tells who somebody is or where they live: after each of these it is looked again for a record that is alike.
MINDED: Final = frozenset({"family", "given", "birth_date", "sex", "ssn", "phone", "email", "line", "city", "zip"})


@dataclass(frozen=True, slots=True)
class Around:
    """What has to be minded about the person of a form; ``is_likely``: somebody new is likely on file."""

    alerts: PersonAlerts = field(default_factory=PersonAlerts)
    is_likely: bool = False


def look_around(desk: Desk, form: RegistrationForm, today: date) -> Around:
    """On the worker: what the desk knows about the person of a form, as far as it is typed."""
    person = person_so_far(form, today)
    if form.patient_id or form.who != KNOWN or form.despite_match:
        return Around(desk.alerts.of(person, form.patient_id))
    likely = desk.likely.of(person, command_id=form.command_id)
    return Around(desk.alerts.of(person), any(one.found.patient_id not in form.seen_alike for one in likely))


def minded(around: Around, form: RegistrationForm, visit: VisitRow | None) -> tuple[str, ...]:
    """The alerts, the most urgent first; of several people one is named."""
    texts: list[str] = []
    alerts = around.alerts
    if around.is_likely and not form.patient_id and not form.despite_match:
        texts.append(LIKELY_TEXT)
    if visit is not None and visit.needs_new_band:
        texts.append("Print the wristband again")
    linked = {one.patient_id for one in alerts.linked}
    if alerts.linked:
        texts.append(f"{NOT_THIS}{_named(alerts.linked, form.suffix_after)}")
    others = tuple(one for one in alerts.namesakes if one.patient_id not in linked)
    if others:
        texts.append(f"{NAME_ALERT}{_named(others, form.suffix_after)} {'is' if len(others) == 1 else 'are'} here")
    return tuple(texts)


def _named(others: tuple[OtherRecord, ...], suffix_after: str) -> str:
    name = shortened(shown_person(others[0].demographics, suffix_after), MOST_OF_A_NAME)
    return f"{name} and {len(others) - 1} more" if len(others) > 1 else name
