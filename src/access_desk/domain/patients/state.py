"""What the rules need to know of one patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from access_desk.domain.events import Recorded
from access_desk.domain.patients.details import DetailsState, PatientDetailsGiven
from access_desk.domain.patients.events import Demographics, PatientAmended, PatientRegistered
from access_desk.domain.patients.number_events import PatientNumbered
from access_desk.domain.visits.emergency_events import EmergencyEnded, ScreeningCompleted, StabilizationRecorded
from access_desk.domain.visits.events import VisitProgressed, VisitRegistered
from access_desk.domain.visits.state import VisitState
from access_desk.domain.visits.state import evolve as evolve_visit


@dataclass(frozen=True, slots=True)
class PatientState:
    """One patient with the visits they had here."""

    patient_id: str
    mrn: str
    demographics: Demographics
    unidentified: bool = False
    visits: Mapping[str, VisitState] = field(default_factory=dict)
    details: DetailsState = field(default_factory=DetailsState)
    # The clock stamp of the last change of each field; of one that never changed, that of the record.
    made_stamp: str = ""
    stamps: Mapping[str, str] = field(default_factory=dict)

    def seen(self, name: str) -> str:
        """The clock stamp of what a field says."""
        return self.stamps.get(name, self.made_stamp)


def amended(demographics: Demographics, changes: Mapping[str, str]) -> Demographics:
    """The demographics with the changed fields; ``birth_date`` in ISO form or blank."""
    values: dict[str, object] = {name: value for name, value in changes.items() if name != "unidentified"}
    if "birth_date" in changes:
        values["birth_date"] = date.fromisoformat(changes["birth_date"]) if changes["birth_date"] else None
    return replace(demographics, **values)  # type: ignore[arg-type]


def evolve(state: PatientState | None, event: Recorded) -> PatientState | None:
    """The patient after one more event; None before the record was made."""
    match event.body:
        case PatientRegistered() as made:
            return PatientState(made.patient_id, made.mrn, made.demographics, made.unidentified, made_stamp=event.stamp)
        case PatientAmended(changes=changes) if state is not None:
            unidentified = bool(changes.get("unidentified", state.unidentified))
            stamps = {**state.stamps, **dict.fromkeys(changes, event.stamp)}
            return replace(state, demographics=amended(state.demographics, changes), unidentified=unidentified, stamps=stamps)
        case PatientNumbered(mrn=mrn) if state is not None:
            return replace(state, mrn=mrn)
        case PatientDetailsGiven(details=details) if state is not None:
            return replace(state, details=state.details.with_given(event.stamp, details))
        case (
            VisitRegistered(visit_id=visit_id)
            | VisitProgressed(visit_id=visit_id)
            | ScreeningCompleted(visit_id=visit_id)
            | StabilizationRecorded(visit_id=visit_id)
            | EmergencyEnded(visit_id=visit_id)
        ) if state is not None:
            visit = evolve_visit(state.visits.get(visit_id), event)
            return replace(state, visits={**state.visits, visit_id: visit}) if visit else state
    return state
