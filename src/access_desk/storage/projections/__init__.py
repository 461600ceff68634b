"""From event to row changes: one pure function per kind of event, shared by desk, central and replay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from access_desk.domain.events import Recorded
from access_desk.storage.projections import (
    coverage,
    details,
    emergency,
    facility,
    forms,
    money,
    naming,
    patient_links,
    people,
    registration,
    search,
    today,
)
from access_desk.storage.row_changes import Claim, InsertRows, RowChange, Update

_PROJECTORS = {
    **facility.PROJECTORS,
    **money.PROJECTORS,
    **people.PROJECTORS,
    **coverage.PROJECTORS,
    **forms.PROJECTORS,
    **today.PROJECTORS,
}
# Further readers of events that have a projection already, and features that share none.
_READERS: tuple[Mapping[type, Callable[[Recorded, Any], list[RowChange]]], ...] = (
    _PROJECTORS,
    details.PROJECTORS,
    search.PROJECTORS,
    patient_links.PROJECTORS,
    emergency.PROJECTORS,
    naming.PROJECTORS,
    registration.PROJECTORS,
)

_SUBJECT: Final = ("facility_id", "subject_id", "desk_id", "stream_epoch", "desk_seq")
# Other desks' events may say something else of the same row.
_COMPETING: Final = frozenset({Update, Claim})
_OF_KIND = {
    body: tuple(projectors[body] for projectors in _READERS if body in projectors)
    for body in {body for projectors in _READERS for body in projectors}
}


def project(event: Recorded) -> list[RowChange]:
    """What an event does to the projection tables. An event of an unknown kind is only listed under its subjects."""
    facility_id, desk_id, epoch, seq = event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq
    about = [(facility_id, subject_id, desk_id, epoch, seq) for subject_id in (event.subject_id, *event.also)]
    changes: list[RowChange] = [InsertRows("event_subjects", _SUBJECT, about)]
    for projector in _OF_KIND.get(type(event.body), ()):
        changes += projector(event, event.body)
    for at, change in enumerate(changes):
        if type(change) in _COMPETING:
            # As many as there were when each subject was a change of its own: places stay what they were in every file.
            changes[at] = _placed(change, event, at + len(event.also))
    return changes


def _placed(change: RowChange, event: Recorded, number: int) -> RowChange:
    """A change that other desks' events compete with, at its event's place among those of all desks."""
    match change:
        case Update(table, key, values):
            return Update(table, key, values, f"{event.stamp}/{event.event_id}/{number:03d}")
        case Claim(table, values):
            return Claim(table, values, f"{event.stamp}/{event.event_id}/{number:03d}")
        case _:
            return change
