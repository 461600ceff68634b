"""What the patient banner warns of: a record that belongs with this one, somebody here of a similar name, an old wristband."""

from __future__ import annotations

from access_desk.domain.patients.link_views import OtherRecord
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.registration_form import demographic_values, shown_name
from access_desk.presentation.registration_state import shortened
from access_desk.services.person_alerts import PersonAlerts

MOST_OF_A_NAME = 26


def minded(alerts: PersonAlerts, visit: VisitRow | None) -> tuple[str, ...]:
    """The alerts, the most urgent first; of several people one is named."""
    texts: list[str] = []
    if visit is not None and visit.needs_new_band:
        texts.append("Print the wristband again")
    linked = {one.patient_id for one in alerts.linked}
    if alerts.linked:
        texts.append(f"Not {_named(alerts.linked)}")
    others = tuple(one for one in alerts.namesakes if one.patient_id not in linked)
    if others:
        texts.append(f"Name alert: {_named(others)} {'is' if len(others) == 1 else 'are'} here")
    return tuple(texts)


def _named(others: tuple[OtherRecord, ...]) -> str:
    name = shortened(shown_name(demographic_values(others[0].demographics)), MOST_OF_A_NAME)
    return f"{name} and {len(others) - 1} more" if len(others) > 1 else name
