"""How well registrations are made: error rate and accuracy rate, and how many records people get, for leads and supervisors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from access_desk.domain.errors import DeskError
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.patients.link_views import Rate
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.registration.quality import QualityReport, report_of
from access_desk.services.duplicate_queue import DuplicateQueue
from access_desk.services.journal import SYSTEM_ACTOR, By, Journal
from access_desk.services.overlays import overtyped
from access_desk.services.patient_links import utc_span
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries import patient_links
from access_desk.storage.queries.registration import checked_registrations


@dataclass(frozen=True, slots=True)
class QualityBoard:
    """A period's figures from one consistent state of the file. ``duplicates_made`` is per person, ``names`` are people's."""

    report: QualityReport
    rates: tuple[Rate, ...]
    duplicates_made: Mapping[str, int]
    names: Mapping[str, str]


class RegistrationQuality:
    """The report on filed registrations and the rules they failed, and the rates of the patient index."""

    def __init__(self, journal: Journal, queue: DuplicateQueue) -> None:
        self._journal, self._queue = journal, queue

    def report(self, by: By, first: date, last: date, registrar: str = "") -> QualityReport:
        """Registrations filed on these business dates, of everybody or of one person."""
        self._check(by)
        with read_transaction(self._journal.engine) as connection:
            filed = checked_registrations(connection, self._journal.facility_id, first, last)
        return report_of([one for one in filed if registrar in ("", one.filed_by)])

    def board(self, by: By, first: date, last: date) -> QualityBoard:
        """Everything of a period. Registrations count by business date, records by the day they were made."""
        facility = self._check(by)
        self._queue.catch_up()
        span = utc_span(first, last, ZoneInfo(facility.timezone))
        with read_transaction(self._journal.engine) as connection:
            filed = checked_registrations(connection, self._journal.facility_id, first, last)
            changed = len(overtyped(connection, facility, *span))
            rates = patient_links.rates(connection, self._journal.facility_id, *span, changed)
            made = patient_links.duplicates_made(connection, self._journal.facility_id, *span)
        return QualityBoard(report_of(filed), rates, made, {one.person_id: one.name for one in facility.people.values()})

    def _check(self, by: By) -> FacilityState:
        """Raises ``not_permitted`` for whoever may not see it; the refusal is in the log."""
        facility = self._journal.read(lambda states: states.facility())
        if by.actor_id != SYSTEM_ACTOR:
            try:
                check_role(facility.person(by.actor_id), Action.QUALITY_REPORT)
            except DeskError as refusal:
                self._journal.refuse(by, Action.QUALITY_REPORT, refusal)
                raise
        return facility
