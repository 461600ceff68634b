"""Use cases of registration: patients, visits, milestones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

from access_desk.domain.coverage.commands import CoverageFiling
from access_desk.domain.coverage.decide import of_new_visit
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.facility.events import RecordViewed
from access_desk.domain.matching.scoring import SAME
from access_desk.domain.patients.commands import NewPatient, check_demographics
from access_desk.domain.patients.decide import decide_amendment, decide_new_patient
from access_desk.domain.patients.details import decide_details, without_minor_as_guarantor
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.naming import alias_fact, decide_identification, decide_naming, with_safe_name
from access_desk.domain.patients.state import PatientState, amended
from access_desk.domain.permissions import Action
from access_desk.domain.privacy.rules import ProtectedRecordError, check_change, check_opening, may_see
from access_desk.domain.registration.sheet import EMERGENCY
from access_desk.domain.visits.decide import check_visit, decide_milestone, decide_visit
from access_desk.domain.visits.details import REGISTERED_DETAILS, decide_visit_details
from access_desk.domain.visits.emergency import Arrival, check_arrival, decide_arrival
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.domain.visits.on_paper import PaperRegistration
from access_desk.domain.visits.state import VisitState
from access_desk.services.coverage import filing_facts, keep_contents
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.numbers import desk_number, next_mrn
from access_desk.services.patient_index import Candidate, PatientIndex
from access_desk.services.registration_checks import filing_check, recheck, rechecks
from access_desk.storage.engine import read_transaction
from access_desk.storage.number_blocks import take_account
from access_desk.storage.queries import visits
from access_desk.storage.queries.disputes import stamp_of
from access_desk.storage.queries.naming import AliasRow, alias_of, children_names, names_borne
from access_desk.storage.queries.patient_links import survivor_of
from access_desk.storage.queries.patients import possible_duplicates

# More than a lead would ever compare with one newcomer.
MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Registration:
    """A visit to register, for a new patient or one on file.

    ``clearing`` is what is filed with it about its plans, which are those of ``coverages`` in their order; ``contents`` are
    the bytes of images that it names. ``arrival`` is when and why somebody came to the emergency department,
    ``estimated_age`` how old somebody unidentified seems, in years from and to, ``met`` the rules that failed while it was
    typed, each with its fields. ``on_paper`` is what a paper says that was filled in while the program was down,
    ``begun_at`` when the form was opened.
    """

    visit: VisitDetails
    coverages: tuple[Coverage, ...] = ()
    new_patient: NewPatient | None = None
    patient_id: str | None = None
    clearing: CoverageFiling = field(default_factory=CoverageFiling)
    contents: tuple[bytes, ...] = ()
    patient_details: Mapping[str, str] = field(default_factory=dict)
    visit_details: Mapping[str, str] = field(default_factory=dict)
    arrival: Arrival | None = None
    on_paper: PaperRegistration | None = None
    estimated_age: tuple[int, int] | None = None
    met: Mapping[str, Sequence[str]] = field(default_factory=dict)
    begun_at: datetime | None = None


class RegistrationService:
    """Registering people and their visits."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._index = PatientIndex(journal)

    def register(self, by: By, registration: Registration) -> list[Recorded]:
        """Register a visit, and the patient when there is no record yet; both or neither."""

        def decided(unit: Unit) -> list[Fact]:
            if registration.new_patient is not None:
                registration.new_patient.check(unit.today)
            check_visit(registration.visit, registration.coverages)
            happened = _happened(unit, registration)
            facts: list[Fact] = []
            number, epoch = desk_number(unit.states.facility(), unit.desk_id), self._journal.stream.epoch
            if registration.new_patient is not None:
                facts += _new_patient(unit, registration.new_patient, self._index, registration.estimated_age, epoch)
                patient_id = facts[0].subject_id
            else:
                patient_id = _standing(unit, registration.patient_id or "")
                _check_protected(unit, registration, patient_id)
            account = take_account(unit.connection, self._journal.facility_id, number, epoch)
            visit_id = unit.derived_id("visit")
            visit = decide_visit(
                patient_id, registration.visit, registration.coverages, visit_id, account, happened, _begun(unit, registration)
            )
            details = _details(unit, registration, patient_id, visit_id)
            facts.append(visit)
            if registration.arrival is not None:
                facts.append(decide_arrival(visit_id, patient_id, registration.visit, registration.arrival, unit.now))
            facts += [*details, *_clearing(unit, registration, visit)]
            return [*facts, *filing_check(unit, patient_id, registration.new_patient, facts, registration.met)]

        return self._journal.perform(by, Action.REGISTER, decided)

    def amend(
        self, by: By, patient_id: str, changes: Mapping[str, str], on_file: Mapping[str, str] | None = None
    ) -> list[Recorded]:
        """Change fields of a patient's record; nothing is recorded when nothing changes.

        ``on_file`` is what the clerk saw, when that was some time ago: what came from another desk since, they did not see.
        """

        def decided(unit: Unit) -> list[Fact]:
            check_demographics(amended(Demographics(), changes), unit.today)
            stands = _standing(unit, patient_id)
            check_change(unit.acting.person, unit.states.privacy(stands), unit.now)
            patient = unit.states.patient(stands)
            facts = decide_amendment(patient, changes, unit.today, _not_seen(unit, patient, changes, on_file or {}))
            facts += _guarantor(unit, patient, changes)
            return [*facts, *rechecks(unit, stands, facts)]

        return self._journal.perform(by, Action.AMEND_PATIENT, decided)

    def give_details(self, by: By, patient_id: str, details: Mapping[str, str]) -> list[Recorded]:
        """Give details of a patient on file; nothing is recorded when nothing changes."""

        def decided(unit: Unit) -> list[Fact]:
            stands = _standing(unit, patient_id)
            check_change(unit.acting.person, unit.states.privacy(stands), unit.now)
            known = unit.states.patient(stands)
            facts = decide_details(stands, known.details.values, details, known.demographics.birth_date, unit.today)
            return [*facts, *rechecks(unit, stands, facts)]

        return self._journal.perform(by, Action.AMEND_PATIENT, decided)

    def give_visit_details(self, by: By, visit_id: str, details: Mapping[str, str]) -> list[Recorded]:
        """Give details of a visit on file; nothing is recorded when nothing changes."""

        def decided(unit: Unit) -> list[Fact]:
            visit = unit.states.visit(visit_id)
            stands = survivor_of(unit.connection, self._journal.facility_id, visit.patient_id)
            check_change(unit.acting.person, unit.states.privacy(stands), unit.now)
            facts = decide_visit_details(visit, _said_of_visit(unit, visit_id), details, unit.today)
            return [*facts, *recheck(unit, visit_id, facts)]

        return self._journal.perform(by, Action.AMEND_VISIT, decided)

    def identify(self, by: By, patient_id: str, changes: Mapping[str, str], source: str) -> list[Recorded]:
        """Say who somebody unidentified is, and how that became known. What they were called keeps finding them."""

        def decided(unit: Unit) -> list[Fact]:
            check_demographics(amended(Demographics(), changes), unit.today)
            stands = _standing(unit, patient_id)
            check_change(unit.acting.person, unit.states.privacy(stands), unit.now)
            patient = unit.states.patient(stands)
            facts = decide_identification(patient, changes, source, unit.acting.person, unit.today)
            facts += _guarantor(unit, patient, changes)
            return [*facts, *rechecks(unit, stands, facts)]

        return self._journal.perform(by, Action.IDENTIFY_PATIENT, decided)

    def set_naming(self, by: By, unidentified: str, newborn: str) -> list[Recorded]:
        """Say how this facility names people who have no name yet."""
        return self._journal.perform(
            by,
            Action.NAMING,
            lambda unit: decide_naming(unit.acting.person, self._journal.facility_id, unidentified, newborn),
        )

    def alias_of(self, patient_id: str) -> AliasRow | None:
        """The name that a patient was given until their own was known."""
        with read_transaction(self._journal.engine) as connection:
            return alias_of(connection, self._journal.facility_id, patient_id)

    def estimated_age(self, patient_id: str) -> str:
        """How old somebody unidentified seems, in words; blank for anybody else."""
        alias = self.alias_of(patient_id)
        return alias.age if alias is not None else ""

    def reach_milestone(self, by: By, visit_id: str, milestone: str) -> list[Recorded]:
        """Record that a visit reached a milestone, such as its screening exam."""

        def decided(unit: Unit) -> list[Fact]:
            return decide_milestone(unit.states.visit(visit_id), milestone)

        return self._journal.perform(by, Action.VISIT_EVENT, decided)

    def view(self, by: By, patient_id: str, reason: str = "") -> PatientState:
        """Open a patient's record; that it was opened, and by whom, is recorded (45 CFR 164.312(b)).

        Raises:
            ProtectedRecordError: a reason has to be given first.
        """

        def decided(unit: Unit) -> list[Fact]:
            stands = _standing(unit, patient_id)
            if not may_see(unit.acting.person.person_id, unit.states.privacy(stands), unit.now):
                raise ProtectedRecordError(stands)
            through_glass = check_opening(unit.acting.person, unit.states.privacy(stands), unit.now)
            return [Fact(stands, RecordViewed(stands, reason or through_glass))]

        recorded = self._journal.perform(by, Action.VIEW_RECORD, decided)
        opened = next(event.subject_id for event in recorded if isinstance(event.body, RecordViewed))
        return self._journal.read(lambda states: states.patient(opened))


def _happened(unit: Unit, registration: Registration) -> PaperRegistration | None:
    """When the person came, where that is not now. Raises ``bad_value``: a moment that cannot be, a paper entered before."""
    if registration.arrival is not None:
        check_arrival(registration.arrival, unit.now)
    paper = registration.on_paper
    if paper is None:
        return PaperRegistration(registration.arrival.arrived_at) if registration.arrival is not None else None
    paper.check(unit.now)
    if before := visits.entered_as(unit.connection, unit.states.facility().facility_id, paper.number):
        text = f"This paper was entered already, as account {before}. Nothing was recorded."
        raise DeskError(Refusal.BAD_VALUE, text)
    return paper


def _begun(unit: Unit, registration: Registration) -> datetime | None:
    """When somebody began to register; a form that was opened by a clock that ran ahead began now."""
    return min(registration.begun_at, unit.now).astimezone(UTC) if registration.begun_at else None


def _check_protected(unit: Unit, registration: Registration, patient_id: str) -> None:
    """Raises ``not_permitted``: a protected record opens for a reason, and its details are not a registrar's to change.

    Whoever comes to the emergency department is registered all the same (42 CFR 489.24(d)(4)): care comes first.
    """
    privacy, known = unit.states.privacy(patient_id), unit.states.patient(patient_id).details.values
    if registration.visit.type != EMERGENCY:
        check_opening(unit.acting.person, privacy, unit.now)
    if any(known.get(name, "") != value for name, value in registration.patient_details.items()):
        check_change(unit.acting.person, privacy, unit.now)


def _details(unit: Unit, registration: Registration, patient_id: str, visit_id: str) -> list[Fact]:
    """What is said beyond demographics and visit, recorded with them."""
    new = registration.new_patient
    known = None if new else unit.states.patient(patient_id)
    born = known.demographics.birth_date if known else new.demographics.birth_date if new else None
    before = known.details.values if known else {}
    facts = decide_details(patient_id, before, registration.patient_details, born, unit.today)
    visit = VisitState(visit_id, patient_id, registration.visit.type, "")
    return [*facts, *decide_visit_details(visit, {}, registration.visit_details, unit.today)]


def _said_of_visit(unit: Unit, visit_id: str) -> dict[str, str]:
    """What was said of a visit, when it was registered and since."""
    row = visits.visit(unit.connection, unit.states.facility().facility_id, visit_id)
    registered = {name: getattr(row.details, name) for name in REGISTERED_DETAILS} if row else {}
    return {**unit.states.visit_details(visit_id), **registered}


def _guarantor(unit: Unit, patient: PatientState, changes: Mapping[str, str]) -> list[Fact]:
    """What a changed birth date means for who answers for the bill."""
    born = amended(patient.demographics, changes).birth_date
    return without_minor_as_guarantor(patient.patient_id, patient.details.values, born, unit.today)


def _not_seen(unit: Unit, patient: PatientState, changes: Mapping[str, str], on_file: Mapping[str, str]) -> dict[str, str]:
    """Of the changed fields, those that say something else by now than the clerk saw, with the stamp of what they saw."""
    facility_id, now = unit.states.facility().facility_id, asdict(patient.demographics)
    seen: dict[str, str] = {}
    # A Social Security number shows its last four: whether it is another by now cannot be told from that.
    for name in changes.keys() - {"ssn"}:
        if name in on_file and name in now and on_file[name] != str(now[name] or ""):
            found = stamp_of(unit.connection, facility_id, patient.patient_id, name, on_file[name])
            seen[name] = found or patient.made_stamp
    return seen


def _standing(unit: Unit, patient_id: str) -> str:
    """The record that stands for this one: what is said of a retired record is said of its survivor."""
    unit.states.patient(patient_id)
    return survivor_of(unit.connection, unit.states.facility().facility_id, patient_id)


def _clearing(unit: Unit, registration: Registration, visit: Fact) -> list[Fact]:
    """What is filed with the registration about its plans."""
    registered = visit.body
    if registration.clearing == CoverageFiling() or not isinstance(registered, VisitRegistered):
        return []
    registration.clearing.check()
    keep_contents(unit, registration.clearing, registration.contents)
    filing, plans = of_new_visit(registration.clearing, registered)
    account = registered.account_number
    state = VisitState(registered.visit_id, registered.patient_id, registered.details.type, account)
    return filing_facts(unit, state, plans, filing)


def _names_taken(unit: Unit, new: NewPatient, facility_id: str) -> frozenset[tuple[str, str]]:
    if new.unidentified:
        return names_borne(unit.connection, facility_id)
    return children_names(unit.connection, facility_id, new.newborn_of) if new.newborn_of else frozenset()


def _new_patient(unit: Unit, new: NewPatient, index: PatientIndex, age: tuple[int, int] | None, stream_epoch: int) -> list[Fact]:
    if new.newborn_of:
        # A wristband may say the number of a record that was merged: the child is named by the one that stands.
        new = replace(new, newborn_of=_standing(unit, new.newborn_of))
    mother = unit.states.patient(new.newborn_of) if new.newborn_of else None
    known = possible_duplicates(unit.connection, unit.states.facility().facility_id, new)
    candidates = [unit.states.patient(patient_id) for patient_id in known]
    facility_id = unit.states.facility().facility_id
    mrn = new.mrn or next_mrn(unit, new.newborn_of, stream_epoch)
    found: list[Candidate] = []
    if not (new.unidentified or new.newborn_of):
        found = index.candidates_in(unit.connection, new.demographics, new.mrn)
    # Of a record that was merged the one that stands for it is looked at.
    stands = {one.record.patient_id: survivor_of(unit.connection, facility_id, one.record.patient_id) for one in found}
    same = list(dict.fromkeys(stands[one.record.patient_id] for one in found if one.judgement.band == SAME))
    alike = list(dict.fromkeys(stands.values()))[:MOST_ALIKE]
    patient_id = unit.derived_id("patient")
    named = with_safe_name(
        new,
        mother.demographics if mother else None,
        unit.states.naming(),
        _names_taken(unit, new, facility_id),
        patient_id,
        desk_number(unit.states.facility(), unit.desk_id),
    )
    made = decide_new_patient(named, mother, candidates, patient_id, mrn, unit.today, same, alike)
    return [made, *alias_fact(new, named, patient_id, age)]
