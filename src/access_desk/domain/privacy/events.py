"""What is recorded about the privacy of a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.events import event_kind

# No-information is wider than the directory opt-out of 45 CFR 164.510(a): nobody is told even that the person is here.
PATIENT_FLAGS = ("confidential", "vip", "no_information", "directory_opt_out", "do_not_announce")
GLASS_REASONS = ("emergency_care", "registration", "patient_asked", "billing", "records_request", "other")
VERDICTS = ("justified", "not_justified")


@event_kind("patient.privacy_flagged")
@dataclass(frozen=True, slots=True)
class PatientFlagged:
    """A flag was put on a patient's record, or taken off."""

    patient_id: str
    flag: str
    is_on: bool
    reason: str


@event_kind("glass.broken")
@dataclass(frozen=True, slots=True)
class GlassBroken:
    """A person opened a protected record for a reason, until a moment (aware, UTC)."""

    glass_id: str
    patient_id: str
    code: str
    text: str
    until: datetime


@event_kind("glass.reviewed")
@dataclass(frozen=True, slots=True)
class GlassReviewed:
    """A supervisor looked at why a protected record was opened."""

    glass_id: str
    patient_id: str
    verdict: str
    note: str


@event_kind("disclosure.recorded")
@dataclass(frozen=True, slots=True)
class DisclosureRecorded:
    """What 45 CFR 164.528(b)(2) wants kept of a disclosure: date, recipient and address, what, and why."""

    disclosure_id: str
    patient_id: str
    disclosed_on: date
    recipient: str
    address: str
    what: str
    purpose: str
