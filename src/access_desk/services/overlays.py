"""Records that were probably overtyped: one change made somebody else of the person whose record it is.

Two persons in one record are an overlay (AHIMA), the most dangerous mistake of an index. Nobody changes family name, given name
and birth date at once; who stands there with all three different was probably typed over a record that was left open or found
wrongly. It was warned of beside each field before it was filed. Nothing says later that such a change was right: what a lead
changes, who decides of records, counts as a correction, and everything else as a probable overlay.
"""

from __future__ import annotations

from typing import Final

from access_desk.domain.events import Recorded
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.matching.comparison import levels
from access_desk.domain.matching.person import person_of_demographics
from access_desk.domain.patients import state as patient_states
from access_desk.domain.patients.events import PatientAmended
from access_desk.domain.patients.state import PatientState
from access_desk.domain.permissions import Action, may
from access_desk.services import matching_tools
from access_desk.storage.event_log import events_about
from access_desk.storage.handles import Connection
from access_desk.storage.queries import patient_links

_OTHER_NAME: Final = frozenset(("similar", "different"))
_OTHER_DATE: Final = frozenset(("year", "different"))


def overtyped(connection: Connection, facility: FacilityState, since: str, until: str) -> frozenset[str]:
    """The records that were probably overtyped from ``since`` to before ``until`` (UTC text)."""
    found: set[str] = set()
    for patient_id, stamp, changed_by in patient_links.renamed(connection, facility.facility_id, since, until):
        person = facility.people.get(changed_by)
        if patient_id not in found and (person is None or not may(person.role, Action.RESOLVE_DUPLICATE)):
            history = events_about(connection, facility.facility_id, patient_id)
            if _is_another_person(history, stamp):
                found.add(patient_id)
    return frozenset(found)


def _is_another_person(history: list[Recorded], stamp: str) -> bool:
    """Whether the change with this stamp put another person's names and birth date in place of those on file."""
    before: PatientState | None = None
    for event in history:
        if event.stamp == stamp and isinstance(event.body, PatientAmended):
            return before is not None and _differ(before, patient_states.evolve(before, event))
        before = patient_states.evolve(before, event)
    return False


def _differ(before: PatientState, after: PatientState | None) -> bool:
    # Somebody who is identified was nobody before.
    if after is None or before.unidentified:
        return False
    one, other = (person_of_demographics("", state.demographics) for state in (before, after))
    if one.nobody or other.nobody:
        return False
    found = levels(one, other, matching_tools.tools())
    is_other_name = found["family"] in _OTHER_NAME and found["given"] in _OTHER_NAME
    return is_other_name and found["order"] == "straight" and found["birth_date"] in _OTHER_DATE
