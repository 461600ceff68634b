"""Use cases of the queue: call, begin, put back, done."""

from __future__ import annotations

from collections.abc import Iterable

from access_desk.domain.events import Fact, Recorded
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.queue.rules import QueueState, decide_move
from access_desk.services.journal import By, Journal, Unit


class QueueService:
    """Who is next at this desk."""

    def __init__(self, journal: Journal, desk_label: str) -> None:
        self._journal = journal
        self._label = desk_label

    def move(self, by: By, visit_id: str, place: str) -> list[Recorded]:
        """Call a person, begin with them, put them back, or be done; kept with who, when and at which desk."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.MOVE_QUEUE)
            held = unit.states.facility().held_by(by.actor_id)
            label = held.desk_label if held is not None else self._label
            return decide_move(unit.states.visit(visit_id), unit.states.queue(visit_id), place, label)

        return self._journal.perform(by, Action.MOVE_QUEUE, decided)

    def of(self, visit_ids: Iterable[str]) -> dict[str, QueueState]:
        """Where the people of these visits are."""
        wanted = tuple(visit_ids)
        return self._journal.read(lambda states: {one: states.queue(one) for one in wanted})
