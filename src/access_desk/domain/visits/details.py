"""What a registration asks about a visit beyond its type, and how each answer is checked; texts as in `patients.details`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded, event_kind
from access_desk.domain.identifiers import check_npi
from access_desk.domain.patients.details import DetailsState
from access_desk.domain.visits.state import VisitState

# HL7 v2 table 0007, admission type (UB-04 FL 14 asks for the same).
ADMISSION_TYPE = {
    "E": "Emergency", "U": "Urgent", "C": "Elective", "R": "Routine", "N": "Newborn", "L": "Labor and delivery", "A": "Accident",
}  # fmt: skip
# HL7 v2 table 0023, admit source (UB-04 FL 15, point of origin).
ADMISSION_SOURCE = {
    "1": "Physician referral", "2": "Clinic referral", "3": "HMO referral", "4": "Transfer from a hospital",
    "5": "Transfer from a nursing facility", "6": "Transfer from another facility", "7": "Emergency room",
    "8": "Court or law enforcement", "9": "Not known",
}  # fmt: skip
ACCIDENT = {"none": "No", "auto": "Auto", "work": "At work", "home": "At home", "other": "Other"}
# A series counts as one encounter, and asks a Medicare patient who pays every 90 days only.
RECURRING = {"no": "One visit", "yes": "One of a series"}
ARRIVAL = {"walk_in": "Walk-in", "scheduled": "Scheduled"}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "admission_type": ADMISSION_TYPE,
    "admission_source": ADMISSION_SOURCE,
    "accident": ACCIDENT,
    "arrival": ARRIVAL,
    "recurring": RECURRING,
}
# What a visit is registered with and may be said again later; what kind of visit it is stays.
REGISTERED_DETAILS = ("service", "reason", "location", "attending_npi")
ASKED_DETAILS = (
    "admission_type", "admission_source", "arrival", "scheduled_at", "ordering_npi", "recurring", "accident", "accident_on",
    "accident_state",
)  # fmt: skip
VISIT_DETAILS = (*ASKED_DETAILS, *REGISTERED_DETAILS)
_STATE_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI "
    "SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI"
)
STATES = frozenset(_STATE_CODES.split())


@event_kind("visit.details_given")
@dataclass(frozen=True, slots=True)
class VisitDetailsGiven:
    """Details of a visit with their new values; blank means no longer known."""

    visit_id: str
    details: Mapping[str, str]


class VisitDetailsState(DetailsState):
    """The details of one visit."""


def evolve(state: VisitDetailsState | None, event: Recorded) -> DetailsState:
    """The details after one more event of the visit's history."""
    if isinstance(event.body, VisitDetailsGiven):
        return (state or VisitDetailsState()).with_given(event.stamp, event.body.details)
    return state or VisitDetailsState()


def check_visit_details(details: Mapping[str, str], today: date) -> None:
    """Raises ``bad_value`` or, for an NPI that cannot exist, ``bad_identifier``."""
    for name, value in details.items():
        if name not in VISIT_DETAILS:
            raise DeskError(Refusal.BAD_VALUE, f"{name} is not a detail of a visit.")
        if value and name in CHOICES and value not in CHOICES[name]:
            raise DeskError(Refusal.BAD_VALUE, f"{name.replace('_', ' ').capitalize()}: choose one of the answers offered.")
    for name in ("ordering_npi", "attending_npi"):
        if details.get(name):
            check_npi(details[name])
    if details.get("accident_state") and details["accident_state"] not in STATES:
        raise DeskError(Refusal.BAD_VALUE, "Accident state: two letters, like OH.")
    if details.get("accident_on") and not _is_date(details["accident_on"], today):
        raise DeskError(Refusal.BAD_VALUE, "Accident date: a date that is not in the future.")
    if details.get("scheduled_at") and not _is_moment(details["scheduled_at"]):
        raise DeskError(Refusal.BAD_VALUE, "Scheduled time: a time of day, like 11:00 AM.")


def is_recurring(details: Mapping[str, str]) -> bool:
    """Whether the visit is one of a series, as therapy and infusions are."""
    return details.get("recurring", "") == "yes"


def decide_visit_details(visit: VisitState, before: Mapping[str, str], given: Mapping[str, str], today: date) -> list[Fact]:
    """Details that really change; nothing when none does."""
    changed = {name: value for name, value in given.items() if before.get(name, "") != value}
    check_visit_details({**before, **given}, today)
    return [Fact(visit.visit_id, VisitDetailsGiven(visit.visit_id, changed), None, (visit.patient_id,))] if changed else []


def _is_date(text: str, today: date) -> bool:
    try:
        return date(1900, 1, 1) <= date.fromisoformat(text) <= today
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        datetime.strptime(text, "%H:%M")  # noqa: DTZ007 - a time of day at the facility
    except ValueError:
        return False
    return True
