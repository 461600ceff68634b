"""What is recorded about a person's place in the queue."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.events import event_kind

QUEUE_PLACES = ("called", "in_progress", "waiting", "done")


@event_kind("visit.queue_moved")
@dataclass(frozen=True, slots=True)
class QueueMoved:
    """Somebody at a desk called a person, began with them, put them back into the queue, or was done."""

    visit_id: str
    patient_id: str
    place: str
    desk_label: str
