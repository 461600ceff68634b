"""Use cases of blocked accounts: block, hand up, let go on, and which stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.blocked.events import ServiceLevels
from access_desk.domain.blocked.rules import (
    BlockState,
    Standing,
    decide_block,
    decide_escalation,
    decide_levels,
    decide_unblock,
    standing,
)
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.permissions import Action, check_role
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.states import States
from access_desk.storage.queries.today import open_blocks


@dataclass(frozen=True, slots=True)
class OpenBlock:
    """A blocked account and who owns it now."""

    block: BlockState
    standing: Standing


class BlockService:
    """Accounts that cannot go on."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def block(self, by: By, about_id: str, reason: str, note: str = "") -> list[Recorded]:
        """Block a visit, or an expected one, for a reason."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.BLOCK_ACCOUNT)
            expected = unit.states.appointment(about_id)
            patient_id = expected.patient_id if expected is not None else unit.states.visit(about_id).patient_id
            return decide_block(unit.derived_id("block"), about_id, patient_id, reason, note)

        return self._journal.perform(by, Action.BLOCK_ACCOUNT, decided)

    def escalate(self, by: By, block_id: str, reason: str) -> list[Recorded]:
        """Hand an account up the chain before its time runs out."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.ESCALATE_ACCOUNT)
            return decide_escalation(unit.states.block(block_id), unit.states.service_levels(), reason, unit.now)

        return self._journal.perform(by, Action.ESCALATE_ACCOUNT, decided)

    def unblock(self, by: By, block_id: str, outcome: str) -> list[Recorded]:
        """Let an account go on; what was done is kept."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.UNBLOCK_ACCOUNT)
            return decide_unblock(unit.states.block(block_id), outcome)

        return self._journal.perform(by, Action.UNBLOCK_ACCOUNT, decided)

    def set_levels(self, by: By, levels: ServiceLevels) -> list[Recorded]:
        """Set how long things may take at the facility."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.SET_SERVICE_LEVELS)
            return decide_levels(self._journal.facility_id, levels)

        return self._journal.perform(by, Action.SET_SERVICE_LEVELS, decided)

    def levels(self) -> ServiceLevels:
        """How long things may take at the facility."""
        return self._journal.read(lambda states: states.service_levels())

    def open(self, now: datetime) -> list[OpenBlock]:
        """The accounts that are blocked, the one due first at the top."""

        def asked(states: States) -> list[OpenBlock]:
            levels = states.service_levels()
            found = [states.block(one) for one in open_blocks(states.connection, self._journal.facility_id)]
            rows = [OpenBlock(block, standing(block, levels, now)) for block in found]
            return sorted(rows, key=lambda row: (row.standing.due_at, row.block.block_id))

        return self._journal.read(asked)
