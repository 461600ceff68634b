"""What the next person has to know: drafts that are parked, visits that still owe or wait for their screening exam."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.drawer_words import clock_text, patient_name
from access_desk.presentation.veil import veiled
from access_desk.services.desk import Desk

_NOT_WORK = ("count",)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Work that is carried over; ``state`` is a short word such as ``Parked``."""

    title: str
    detail: str
    state: str
    is_read: bool = False

    @property
    def text_for_paper(self) -> str:
        """The item as one line of the handoff sheet."""
        return f"{self.title}: {self.detail}" if self.detail else self.title


def open_items(desk: Desk, person_id: str) -> tuple[OpenItem, ...]:
    """The open work of a person, drafts first, then visits in the order of arrival."""
    drafts = [draft for draft in desk.drafts.of(person_id) if draft.kind not in _NOT_WORK]
    items = [
        OpenItem(
            draft.title or "Registration",
            f"{'Parked' if draft.parked else 'Draft saved'} {clock_text(desk.view.local(draft.saved_at))}.",
            "Parked" if draft.parked else "Draft",
        )
        for draft in drafts
    ]
    here = desk.view.visits_here(desk.view.now())
    unseen = desk.privacy.hidden_from(person_id)
    waiting = [veiled(row, unseen) for row in here if row.registered_by == person_id and not row.has_left]
    items += [item for row in waiting if (item := _visit(desk, row))]
    return tuple(items)


def _visit(desk: Desk, row: VisitRow) -> OpenItem | None:
    name = patient_name(row.demographics, desk.view.suffix_after())
    arrived = f"{row.details.service or row.details.type}, arrived {clock_text(desk.view.local(row.arrived_at))}."
    if not desk.view.may_be_asked_for_money(row):
        return OpenItem(name, f"{arrived} No payment before the screening exam.", "On hold")
    if row.unidentified:
        return OpenItem(name, f"{arrived} Not identified yet.", "Follow up")
    if row.copay_owed:
        return OpenItem(name, f"{arrived} Copay {row.copay_owed.dollars()} not paid.", "Waiting")
    return None
