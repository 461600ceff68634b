"""Holding registrations against the rules, inside the transaction that files or changes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from access_desk.domain.coverage.state import CoverageState, Mark, folded
from access_desk.domain.events import Fact
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.details import PatientDetailsGiven
from access_desk.domain.patients.events import Demographics, PatientAmended, PatientRegistered
from access_desk.domain.patients.state import amended
from access_desk.domain.registration.decide import decide_filing_check, decide_recheck
from access_desk.domain.registration.sheet import KNOWN, NEWBORN, UNKNOWN_PERSON, recorded_sheet
from access_desk.domain.visits.details import VisitDetailsGiven
from access_desk.domain.visits.emtala import is_released
from access_desk.domain.visits.events import VisitRegistered
from access_desk.services.journal import Unit
from access_desk.storage.queries import visits

# A change to a person's record corrects their latest visits; older ones are billed long since.
MOST_RECHECKED = 20
_LAST = Mark("~")


def filing_check(
    unit: Unit, patient_id: str, new: NewPatient | None, facts: Sequence[Fact], met: Mapping[str, Sequence[str]]
) -> list[Fact]:
    """What the rules find in a registration that these facts make."""
    visit = next(fact.body for fact in facts if isinstance(fact.body, VisitRegistered))
    made = next((fact.body for fact in facts if isinstance(fact.body, PatientRegistered)), None)
    known = None if made else unit.states.patient(patient_id)
    person = made.demographics if made else known.demographics if known else Demographics()
    details = dict(known.details.values) if known else {}
    of_visit: dict[str, str] = {}
    plans = CoverageState()
    for fact in facts:
        match fact.body:
            case PatientDetailsGiven(details=given):
                details |= given
            case VisitDetailsGiven(details=given):
                of_visit |= given
        plans = folded(plans, fact.body, _LAST)
    is_unknown = made.unidentified if made else known is not None and known.unidentified
    is_newborn = visit.details.type == NEWBORN or (new is not None and bool(new.newborn_of))
    sheet = recorded_sheet(
        person,
        details,
        visit.details,
        of_visit,
        [plan.coverage for plan in plans.in_order()],
        who=UNKNOWN_PERSON if is_unknown else NEWBORN if is_newborn else KNOWN,
        today=unit.today,
        service_on=visit.came_at(unit.now).astimezone(ZoneInfo(unit.states.facility().timezone)).date(),
        is_released=False,
    )
    return [decide_filing_check(visit.visit_id, patient_id, sheet, met)]


def rechecks(unit: Unit, patient_id: str, facts: Sequence[Fact]) -> list[Fact]:
    """What the rules find after these facts in the visits of a patient that ever failed something.

    What was registered for a record that was merged into the patient's is theirs as well.
    """
    if not facts:
        return []
    return [found for one in unit.states.records(patient_id) for found in _of_record(unit, one, facts)]


def rechecks_of_merge(unit: Unit, survivor_id: str, retired_id: str, facts: Sequence[Fact], *, stands: str) -> list[Fact]:
    """The same after a merge or after one was taken back, which may have filled or emptied fields of the survivor.

    ``stands`` is the record under which the visits of the retired one stand then.
    """
    own = (one for one in unit.states.records(survivor_id) if one != retired_id)
    found = [check for one in own for check in _of_record(unit, one, facts, survivor_id)]
    return [*found, *_of_record(unit, retired_id, facts, stands)]


def _of_record(unit: Unit, patient_id: str, facts: Sequence[Fact], stands: str = "") -> list[Fact]:
    registered = list(unit.states.patient(patient_id).visits)[-MOST_RECHECKED:]
    return [found for visit_id in registered for found in recheck(unit, visit_id, facts, only_failed=True, stands=stands)]


def recheck(unit: Unit, visit_id: str, facts: Sequence[Fact], *, only_failed: bool = False, stands: str = "") -> list[Fact]:
    """What the rules find in a visit on file after these facts; nothing for a visit that was filed before there were rules.

    ``stands`` is the record under which the visit stands then, where the facts move it.
    """
    before = unit.states.check(visit_id)
    if not facts or before is None or (only_failed and not before.has_failed):
        return []
    facility = unit.states.facility()
    row = visits.visit(unit.connection, facility.facility_id, visit_id)
    if row is None:
        return []
    patient_id = stands or row.patient_id
    known = unit.states.patient(patient_id)
    person, details, of_visit = known.demographics, dict(known.details.values), dict(unit.states.visit_details(visit_id))
    is_unknown = known.unidentified
    plans = unit.states.coverage(visit_id)
    for fact in facts:
        match fact.body:
            case PatientAmended(changes=changes) if fact.body.patient_id == patient_id:
                person = amended(person, changes)
                is_unknown = bool(changes.get("unidentified", is_unknown))
            case PatientDetailsGiven(details=given) if fact.body.patient_id == patient_id:
                details |= given
            case VisitDetailsGiven(details=given):
                of_visit |= given
        plans = folded(plans, fact.body, replace(_LAST, at=plans.came_at))
    visit = unit.states.visit(visit_id)
    sheet = recorded_sheet(
        person,
        details,
        row.details,
        of_visit,
        [plan.coverage for plan in plans.in_order()],
        who=UNKNOWN_PERSON if is_unknown else NEWBORN if row.details.type == NEWBORN else KNOWN,
        today=unit.today,
        service_on=_day(unit, row.arrived_at.astimezone(ZoneInfo(facility.timezone)).date()),
        is_released=is_released(visit, facility.policy),
    )
    return decide_recheck(visit_id, patient_id, sheet, before)


def _day(unit: Unit, arrived: date) -> date:
    """The day of the visit, never after today: clocks of desks differ."""
    return min(arrived, unit.today)
