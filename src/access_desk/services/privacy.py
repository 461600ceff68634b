"""Use cases of privacy: flags, the broken glass and its review, disclosures, who opened a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.facility.events import RecordViewed
from access_desk.domain.patients.events import Demographics
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.privacy.events import DisclosureRecorded
from access_desk.domain.privacy.rules import (
    Disclosure,
    Glass,
    PrivacyState,
    ProtectedRecordError,
    accounting,
    check_change,
    check_opening,
    decide_break,
    decide_disclosure,
    decide_flag,
    decide_review,
    masked,
    may_see,
)
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.states import States
from access_desk.storage.event_log import events_about
from access_desk.storage.queries.patient_links import absorbing, survivor_of
from access_desk.storage.queries.today import (
    flagged_and_merged,
    flagged_patients,
    patients_numbered,
    patients_numbered_so,
    patients_opened,
)

MOST_VIEWS = 50


@dataclass(frozen=True, slots=True)
class View:
    """One opening of a record."""

    viewed_at: datetime
    viewed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class PatientPrivacy:
    """What the Privacy page shows of a patient. Without leave to see, only that there is a record."""

    patient_id: str
    mrn: str
    demographics: Demographics
    may_see: bool
    privacy: PrivacyState
    until: datetime | None
    disclosures: tuple[Disclosure, ...]
    views: tuple[View, ...]


class PrivacyService:
    """Who may see a record, and who saw it."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def flag(self, by: By, patient_id: str, flag: str, *, is_on: bool, reason: str = "") -> list[Recorded]:
        """Put a flag on a patient's record, or take it off."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.FLAG_PATIENT)
            unit.states.patient(patient_id)
            privacy = unit.states.privacy(patient_id)
            check_opening(unit.acting.person, privacy, unit.now)
            # A protection ends when it ends on every record that is theirs.
            others = [] if is_on else [one for one in unit.states.records(patient_id) if one != patient_id]
            facts: list[Fact] = []
            for one in (patient_id, *others):
                own = unit.states.own_privacy(one)
                facts += decide_flag(one, unit.acting.person, own, flag, is_on=is_on, reason=reason)
            return facts

        return self._journal.perform(by, Action.FLAG_PATIENT, decided)

    def break_glass(self, by: By, patient_id: str, code: str, text: str) -> list[Recorded]:
        """Open a protected record for a while, for a reason; a supervisor reviews it."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.BREAK_GLASS)
            unit.states.patient(patient_id)
            minutes = unit.states.service_levels().glass_minutes
            privacy = unit.states.privacy(patient_id)
            return decide_break(unit.derived_id("glass"), patient_id, privacy, code, text, unit.now, minutes)

        return self._journal.perform(by, Action.BREAK_GLASS, decided)

    def review(self, by: By, patient_id: str, glass_id: str, verdict: str, note: str = "") -> list[Recorded]:
        """Judge why a protected record was opened."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.REVIEW_GLASS)
            return decide_review(unit.states.privacy(patient_id), glass_id, unit.acting.person, verdict, note)

        return self._journal.perform(by, Action.REVIEW_GLASS, decided)

    def disclose(self, by: By, said: DisclosureRecorded) -> list[Recorded]:
        """Keep a disclosure in the patient's accounting (45 CFR 164.528); its id is made here."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.RECORD_DISCLOSURE)
            unit.states.patient(said.patient_id)
            check_opening(unit.acting.person, unit.states.privacy(said.patient_id), unit.now)
            kept = DisclosureRecorded(
                unit.derived_id("disclosure"),
                said.patient_id,
                said.disclosed_on,
                said.recipient.strip(),
                said.address.strip(),
                said.what.strip(),
                said.purpose.strip(),
            )
            return decide_disclosure(kept, unit.today)

        return self._journal.perform(by, Action.RECORD_DISCLOSURE, decided)

    def of_patient(self, person_id: str, patient_id: str) -> PatientPrivacy:
        """The privacy of a patient as this person may see it. Opening it is not opening the record."""
        now = self._journal.clock.now()

        def asked(states: States) -> PatientPrivacy:
            stands = survivor_of(states.connection, self._journal.facility_id, patient_id)
            patient, privacy = states.patient(stands), states.privacy(stands)
            is_seen = may_see(person_id, privacy, now)
            glass = privacy.glass_of(person_id, now)
            told: tuple[Disclosure, ...] = ()
            views: tuple[View, ...] = ()
            if is_seen:
                told = accounting(privacy, self._journal.local_now(states).date())
                views = _views(states, self._journal.facility_id, stands)
            shown = patient.demographics if is_seen else masked(patient.demographics)
            return PatientPrivacy(stands, patient.mrn, shown, is_seen, privacy, glass.until if glass else None, told, views)

        return self._journal.read(asked)

    def by_mrn(self, mrn: str) -> str:
        """The patient with a medical record number, whose leading zeros need not be typed. Raises ``unknown_reference``."""
        facility_id, typed = self._journal.facility_id, mrn.strip()
        found = self._journal.read(
            lambda states: (
                patients_numbered(states.connection, facility_id, typed)
                or patients_numbered_so(states.connection, facility_id, typed)
            )
        )
        if len(found) != 1:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "No record has this number. Check the digits.")
        return found[0]

    def hidden_from(self, person_id: str) -> frozenset[str]:
        """The patients whose records this person may not see now."""
        now = self._journal.clock.now()

        def asked(states: States) -> frozenset[str]:
            known = _flagged(states, self._journal.facility_id)
            return frozenset(one for one, privacy in known.items() if not may_see(person_id, privacy, now))

        return self._journal.read(asked)

    def flags_of(self, patient_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """The flags that are on, of those of the patients who have one."""

        def asked(states: States) -> dict[str, frozenset[str]]:
            connection, facility_id = states.connection, self._journal.facility_id
            merged = absorbing(connection, facility_id, patient_ids)
            family = {one: states.records(one) if one in merged else [one] for one in patient_ids}
            every = [member for members in family.values() for member in members]
            known = set(flagged_patients(connection, facility_id, every))
            flagged = [one for one, members in family.items() if not known.isdisjoint(members)]
            return {one: on for one in flagged if (on := states.privacy(one).on)}

        return self._journal.read(asked) if patient_ids else {}

    def reviews(self) -> list[tuple[Glass, str]]:
        """Every opening of a protected record with the MRN; those nobody reviewed first, then the newest."""

        def asked(states: States) -> list[tuple[Glass, str]]:
            patients = patients_opened(states.connection, self._journal.facility_id)
            found = [(glass, states.patient(one).mrn) for one in patients for glass in states.own_privacy(one).openings.values()]
            newest = sorted(found, key=lambda row: row[0].opened_at, reverse=True)
            return sorted(newest, key=lambda row: bool(row[0].verdict))

        return self._journal.read(asked)

    def check_seen(self, person_id: str, patient_id: str) -> None:
        """Raises ProtectedRecordError when this person may not see now whose record it is."""
        now = self._journal.clock.now()
        if not may_see(person_id, self._journal.read(lambda states: states.privacy(patient_id)), now):
            raise ProtectedRecordError(patient_id)

    def check_change(self, person_id: str, patient_id: str) -> None:
        """Raises ``not_permitted`` when this person may only read the record now."""
        now = self._journal.clock.now()
        self._journal.read(lambda states: check_change(states.facility().person(person_id), states.privacy(patient_id), now))


def _flagged(states: States, facility_id: str) -> dict[str, PrivacyState]:
    """The records that ever had a flag, and those that are one with them now; every keystroke of a search asks for them."""
    merged = flagged_and_merged(states.connection, facility_id)
    known = {one: states.own_privacy(one) for one in flagged_patients(states.connection, facility_id) if one not in merged}
    members = {member for one in merged for member in states.records(one)}
    return known | {one: states.privacy(one) for one in members}


def _views(states: States, facility_id: str, patient_id: str) -> tuple[View, ...]:
    """Who opened the record, or one that is merged into it."""
    events = [event for one in states.records(patient_id) for event in events_about(states.connection, facility_id, one)]
    found = [View(one.recorded_at, one.actor_id, one.body.reason) for one in events if isinstance(one.body, RecordViewed)]
    return tuple(sorted(found, key=lambda one: one.viewed_at, reverse=True)[:MOST_VIEWS])
