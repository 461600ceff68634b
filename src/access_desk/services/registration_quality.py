"""How well registrations are made: error rate and accuracy rate, for leads and supervisors."""

from __future__ import annotations

from datetime import date

from access_desk.domain.errors import DeskError
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.registration.quality import QualityReport, report_of
from access_desk.services.journal import SYSTEM_ACTOR, By, Journal
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries.registration import checked_registrations


class RegistrationQuality:
    """The report on filed registrations and the rules they failed."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def report(self, by: By, first: date, last: date, registrar: str = "") -> QualityReport:
        """Registrations filed on these business dates, of everybody or of one person."""
        facility = self._journal.read(lambda states: states.facility())
        if by.actor_id != SYSTEM_ACTOR:
            try:
                check_role(facility.person(by.actor_id), Action.QUALITY_REPORT)
            except DeskError as refusal:
                self._journal.refuse(by, Action.QUALITY_REPORT, refusal)
                raise
        with read_transaction(self._journal.engine) as connection:
            filed = checked_registrations(connection, self._journal.facility_id, first, last)
        return report_of([one for one in filed if registrar in ("", one.filed_by)])
