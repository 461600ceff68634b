"""What screens ask of the desk. Nothing here records anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.cash_drawer.close import last_count
from access_desk.domain.cash_drawer.events import DrawerCounted
from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.cash_drawer.suspects import Suspect, suspects
from access_desk.domain.facility.state import DrawerState, FacilityState
from access_desk.domain.money import Money
from access_desk.domain.patients.state import PatientState
from access_desk.domain.patients.views import PatientFound, SearchTerms
from access_desk.domain.payments.views import BagRow, MoveRow, ReceiptRow, RefundRow
from access_desk.domain.permissions import DrawerStatus
from access_desk.domain.staff import Person
from access_desk.domain.visits.emtala import is_released
from access_desk.domain.visits.views import VisitRow
from access_desk.services.journal import Journal
from access_desk.services.patient_index import PatientIndex
from access_desk.services.states import States
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import last_stamp
from access_desk.storage.handles import Connection
from access_desk.storage.queries import custodies, payments, visits
from access_desk.storage.queries.patient_links import retired_ids
from access_desk.storage.queries.person_alerts import record_named

MOST_FOUND = 20
# Whoever is still here after so long is an inpatient, or left without anybody saying so.
CARRIED_OVER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """What the status strip says. ``drawer`` is the one the person holds; moments are aware and local."""

    facility: FacilityState
    person: Person
    now: datetime
    business_date: date
    shift: str
    drawer: DrawerState | None
    drawer_opened_at: datetime | None
    drawer_asks_for_drop: bool
    recorded_events: int


@dataclass(frozen=True, slots=True)
class DrawerBook:
    """One custody with everything that happened in it."""

    figures: CustodyFigures
    receipts: tuple[ReceiptRow, ...]
    refunds: tuple[RefundRow, ...]
    moves: tuple[MoveRow, ...]
    bags: tuple[BagRow, ...]


class DeskView:
    """Questions of screens, each answered from one consistent state of the file."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._index = PatientIndex(journal)

    def facility(self) -> FacilityState:
        """The facility of this desk."""
        return self._journal.read(lambda states: states.facility())

    def suffix_after(self) -> str:
        """Where the facility wants the suffix of a name: after the ``given`` names or after the ``family`` name."""
        return self.facility().policy.suffix_after

    def zone(self) -> ZoneInfo:
        """The facility's time zone."""
        return ZoneInfo(self.facility().timezone)

    def local(self, moment: datetime) -> datetime:
        """The facility's wall clock at a moment."""
        return moment.astimezone(ZoneInfo(self.facility().timezone))

    def now(self) -> datetime:
        """The facility's wall clock now."""
        return self.local(self._journal.clock.now())

    def last_moment(self) -> datetime | None:
        """When the last event was recorded (aware UTC); None when there is none."""
        with read_transaction(self._journal.engine) as connection:
            stamp = last_stamp(connection, self._journal.facility_id)
        return datetime.fromtimestamp(int(stamp.split("-")[0]) / 1000, UTC) if stamp else None

    def status(self, person_id: str) -> DeskStatus:
        """The status strip for the person at the desk."""
        facility = self.facility()
        now = self._journal.clock.now().astimezone(ZoneInfo(facility.timezone))
        drawer = facility.held_by(person_id)
        opened: datetime | None = None
        asks = False
        if drawer is not None and drawer.custody_id is not None:
            custody_id = drawer.custody_id
            with read_transaction(self._journal.engine) as connection:
                figures = custodies.custody(connection, self._journal.facility_id, custody_id)
            if figures is not None:
                opened = figures.opened_at.astimezone(ZoneInfo(facility.timezone))
                asks = drawer.status is DrawerStatus.OPEN and figures.expected["cash"] >= facility.policy.drop_at
        policy = facility.policy
        shift, day = policy.shift_at(now), policy.business_date_at(now)
        seq = self._journal.head.seq
        return DeskStatus(facility, facility.person(person_id), now, day, shift, drawer, opened, asks, seq)

    def visits_today(self, business_date: date) -> list[VisitRow]:
        """The visits of a business date in the order of arrival."""
        with read_transaction(self._journal.engine) as connection:
            return visits.visits_of_day(connection, self._journal.facility_id, business_date)

    def visits_here(self, now: datetime) -> list[VisitRow]:
        """Who is here at a moment (aware, local): the visits of the business date, and before them those who came late in the
        one before and have not left. Somebody who waits does not go away when a new day begins.
        """
        day = self.facility().policy.business_date_at(now)
        with read_transaction(self._journal.engine) as connection:
            facility_id = self._journal.facility_id
            earlier = visits.visits_carried_over(connection, facility_id, day, now.astimezone(UTC) - CARRIED_OVER)
            return [*earlier, *visits.visits_of_day(connection, facility_id, day)]

    def visit(self, visit_id: str) -> VisitRow | None:
        """One visit with its patient."""
        with read_transaction(self._journal.engine) as connection:
            return visits.visit(connection, self._journal.facility_id, visit_id)

    def visit_details(self, visit_id: str) -> dict[str, str]:
        """What was said of a visit beyond its registration, by name."""
        return self._journal.read(lambda states: states.visit_details(visit_id))

    def visits_of(self, patient_id: str) -> list[VisitRow]:
        """A patient's visits, the newest first."""
        with read_transaction(self._journal.engine) as connection:
            return visits.visits_of_patient(connection, self._journal.facility_id, patient_id)

    def may_be_asked_for_money(self, row: VisitRow) -> bool:
        """Whether EMTALA lets the visit be asked for money now."""
        return self._journal.read(lambda states: is_released(states.visit(row.visit_id), states.facility().policy))

    def search(self, terms: SearchTerms) -> list[PatientFound]:
        """Records that fit what was typed, the best first."""
        return self._index.side_by_side(terms, MOST_FOUND)

    def patient(self, patient_id: str) -> PatientState:
        """A patient's state; opening the record for a person goes through RegistrationService.view."""
        return self._journal.read(lambda states: states.patient(patient_id))

    def book(self, custody_id: str) -> DrawerBook | None:
        """A custody with its receipts, refunds, moves and bags."""
        facility_id = self._journal.facility_id
        with read_transaction(self._journal.engine) as connection:
            figures = custodies.custody(connection, facility_id, custody_id)
            if figures is None:
                return None
            found, moves, refunds = payments.in_custody(connection, facility_id, custody_id)
            receipts = self._standing(connection, found)
            bags = payments.bags(connection, facility_id, custody_id)
            return DrawerBook(figures, tuple(receipts), tuple(refunds), tuple(moves), tuple(bags))

    def last_count(self, drawer_id: str) -> DrawerCounted | None:
        """The last closing count here of the custody that a drawer is in, against what is expected now."""

        def asked(states: States) -> DrawerCounted | None:
            custody = states.open_custody(drawer_id)
            return last_count(states.facility(), custody) if custody else None

        return self._journal.read(asked)

    def receipt(self, payment_id: str) -> ReceiptRow | None:
        """One payment."""
        with read_transaction(self._journal.engine) as connection:
            found = payments.receipt(connection, self._journal.facility_id, payment_id)
            return self._standing(connection, [found])[0] if found else None

    def receipts_like(self, text: str, most: int = 8) -> list[ReceiptRow]:
        """Receipts by part of their number, the newest first."""
        with read_transaction(self._journal.engine) as connection:
            return self._standing(connection, payments.receipts_like(connection, self._journal.facility_id, text, most))

    def _standing(self, connection: Connection, receipts: Sequence[ReceiptRow]) -> list[ReceiptRow]:
        """Payments under the records that stand now; a receipt on paper keeps the name it was made for."""
        facility_id = self._journal.facility_id
        retired = retired_ids(connection, facility_id, list({one.patient_id for one in receipts})) if receipts else {}
        shown: list[ReceiptRow] = []
        for one in receipts:
            stands = record_named(connection, facility_id, retired[one.patient_id]) if one.patient_id in retired else None
            if stands is not None:
                who = stands.demographics
                named = replace(one, patient_family=who.family, patient_given=who.given, patient_middle=who.middle)
                shown.append(replace(named, patient_suffix=who.suffix, patient_id=stands.patient_id, mrn=stands.mrn))
            else:
                shown.append(one)
        return shown

    def last_custodies(self, most: int = 30) -> list[CustodyFigures]:
        """The custodies opened last, the newest first."""
        with read_transaction(self._journal.engine) as connection:
            return custodies.last_custodies(connection, self._journal.facility_id, most)

    def custodies_of(self, day: date, shift: str | None) -> list[CustodyFigures]:
        """The custodies of a business date and shift."""
        with read_transaction(self._journal.engine) as connection:
            return custodies.custodies_of_shift(connection, self._journal.facility_id, day, shift)

    def bags(self) -> list[BagRow]:
        """All bags of the facility in the order they were sealed."""
        with read_transaction(self._journal.engine) as connection:
            return payments.bags(connection, self._journal.facility_id)

    def suspects(self, book: DrawerBook, variances: Mapping[str, Money]) -> list[Suspect]:
        """Where a cash difference could come from."""
        return suspects(variances["cash"], book.receipts, book.moves)
