"""With which event a subject begins: that one goes before all others of its history, whatever its stamp counts as.

A stamp that lay in the future counts as one of when central received the event. A central that was restored from a backup
receives it again, later than other desks' events that followed from it: what they changed must not be undone by it.
"""

from __future__ import annotations

from typing import Final

from access_desk.domain.cash_drawer.events import CustodyOpened
from access_desk.domain.events import Recorded
from access_desk.domain.patients.events import PatientRegistered
from access_desk.domain.payments.events import PaymentReceived
from access_desk.domain.visits.events import VisitRegistered

_BEGUN: Final[dict[type, str]] = {
    CustodyOpened: "custody_id",
    PatientRegistered: "patient_id",
    PaymentReceived: "payment_id",
    VisitRegistered: "visit_id",
}


def begins(event: Recorded, subject_id: str) -> bool:
    """Whether a subject begins with this event."""
    name = _BEGUN.get(type(event.body))
    return name is not None and getattr(event.body, name) == subject_id
