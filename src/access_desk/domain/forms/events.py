"""What is recorded about forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.content import Content
from access_desk.domain.events import event_kind

STATUSES = ("signed", "refused", "unable")
METHODS = ("drawn", "paper")
# The moments of a stay that clocks run from, as the order or the plan says.
STAY_MOMENTS = ("observation_began", "inpatient_admitted", "discharge_planned", "discharged")


@event_kind("form.asked_for")
@dataclass(frozen=True, slots=True)
class FormAskedFor:
    """Somebody says that this visit needs a form which not every visit needs; ``reason`` says why."""

    visit_id: str
    patient_id: str
    form: str
    reason: str


@event_kind("form.offered")
@dataclass(frozen=True, slots=True)
class FormOffered:
    """A form was put before the patient, or whoever signs for them."""

    visit_id: str
    patient_id: str
    form: str
    part: str
    version: str
    language: str


@event_kind("form.completed")
@dataclass(frozen=True, slots=True)
class FormCompleted:
    """What became of a form that was offered: one of STATUSES.

    ``given_at`` (aware, UTC) is when it was signed or refused: the moment of recording, unless it is entered late.
    ``wording`` is the SHA-256 of the text that was shown, ``strokes`` the signature that was drawn on it. ``seen_by`` is who
    at the desk saw it signed on paper or presented it to somebody who refused; ``witness_id`` a second person at the desk.
    """

    visit_id: str
    patient_id: str
    form: str
    part: str
    version: str
    language: str
    status: str
    given_at: datetime
    wording: str
    method: str = ""
    signer: str = ""
    relationship: str = ""
    reason: str = ""
    seen_by: str = ""
    witness_id: str = ""
    explained: bool = False
    strokes: Content | None = None


@event_kind("stay.noted")
@dataclass(frozen=True, slots=True)
class StayNoted:
    """A moment of the stay, one of STAY_MOMENTS, as the order or plan says; a later note of the same moment replaces it."""

    visit_id: str
    patient_id: str
    moment: str
    at: datetime
