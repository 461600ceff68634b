"""Use cases of who pays for a visit: plans, cards, questionnaire, eligibility, authorization, estimates, clearance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from access_desk.domain.content import Content
from access_desk.domain.coverage import secondary_payer
from access_desk.domain.coverage.clearance import Clearance, PlanStanding, Standing, clearance
from access_desk.domain.coverage.commands import CoverageFiling, EligibilityGiven, PlanFiling, card_media_type
from access_desk.domain.coverage.decide import Filing, decide_filing, decide_rule
from access_desk.domain.coverage.eligibility import EligibilityReader
from access_desk.domain.coverage.state import CoverageState, PlanState
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.permissions import Action
from access_desk.domain.privacy.rules import check_change
from access_desk.domain.visits.details import is_recurring
from access_desk.domain.visits.emtala import is_released
from access_desk.domain.visits.state import VisitState
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.registration_checks import recheck
from access_desk.storage import blobs
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries import visits
from access_desk.storage.queries.coverage import last_asked_who_pays_first


@dataclass(frozen=True, slots=True)
class CoverageAccount:
    """Who pays for a visit, as it is recorded, and what clearance makes of it."""

    visit_id: str
    state: CoverageState
    standing: Standing
    clearance: Clearance


class CoverageService:
    """Filing and reading who pays. Everything of one filing is recorded together, or nothing is."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def file(self, by: By, visit_id: str, filing: CoverageFiling, contents: Sequence[bytes] = ()) -> list[Recorded]:
        """File plans, cards, answers and estimates of a visit on file; ``contents`` are the bytes that it names.

        Those of a protected record are a lead's to change, as its other fields are.
        """

        def decided(unit: Unit) -> list[Fact]:
            filing.check()
            check_change(unit.acting.person, unit.states.privacy(unit.states.visit(visit_id).patient_id), unit.now)
            keep_contents(unit, filing, contents)
            facts = filing_facts(unit, unit.states.visit(visit_id), unit.states.coverage(visit_id), filing)
            return [*facts, *recheck(unit, visit_id, facts)]

        return self._journal.perform(by, Action.COVERAGE, decided)

    def import_eligibility(self, by: By, visit_id: str, coverage_id: str, raw: str, reader: EligibilityReader) -> list[Recorded]:
        """Keep a payer's 271 response and what a reader makes of it."""

        def decided(unit: Unit) -> list[Fact]:
            data = raw.encode()
            given = EligibilityGiven("271", unit.now, reader.read(raw), content_of(data))
            filing = CoverageFiling((PlanFiling(coverage_id, eligibility=given),))
            filing.check()
            check_change(unit.acting.person, unit.states.privacy(unit.states.visit(visit_id).patient_id), unit.now)
            keep_contents(unit, filing, (data,))
            return filing_facts(unit, unit.states.visit(visit_id), unit.states.coverage(visit_id), filing)

        return self._journal.perform(by, Action.ELIGIBILITY, decided)

    def set_authorization_rule(self, by: By, payer: str, visit_types: tuple[str, ...]) -> list[Recorded]:
        """Say for which types of visit a payer wants an authorization."""

        def decided(unit: Unit) -> list[Fact]:
            return decide_rule(unit.acting.person, self._journal.facility_id, payer, visit_types)

        return self._journal.perform(by, Action.AUTHORIZATION_RULE, decided)

    def account(self, visit_id: str) -> CoverageAccount:
        """A visit's plans and clearance."""
        with read_transaction(self._journal.engine) as connection:
            row = visits.visit(connection, self._journal.facility_id, visit_id)
            asked = last_asked_who_pays_first(connection, self._journal.facility_id, row.patient_id) if row else None
        if row is None:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "This visit is not registered here.")
        state, said, visit, facility, rules = self._journal.read(
            lambda states: (
                states.coverage(visit_id),
                states.visit_details(visit_id),
                states.visit(visit_id),
                states.facility(),
                states.authorization_rules().by_payer(),
            )
        )
        service_on = service_day(state, facility.timezone, self._journal.clock.now())
        standing = standing_of(visit, state, service_on, asked, recurring=is_recurring(said))
        standing = replace(standing, is_released=is_released(visit, facility.policy), copay_due=row.copay_owed, rules=rules)
        return CoverageAccount(visit_id, state, standing, clearance(standing))

    def authorization_rules(self) -> dict[str, tuple[str, ...]]:
        """For which types of visit each payer (by its comparable name) wants an authorization."""
        return self._journal.read(lambda states: states.authorization_rules().by_payer())

    def last_asked(self, patient_id: str) -> date | None:
        """When the patient last answered the Medicare questionnaire."""
        with read_transaction(self._journal.engine) as connection:
            return last_asked_who_pays_first(connection, self._journal.facility_id, patient_id)

    def image(self, image: Content) -> bytes:
        """The bytes of a card's image."""
        with read_transaction(self._journal.engine) as connection:
            return blobs.get(connection, self._journal.facility_id, image.sha256)


def content_of(data: bytes) -> Content:
    """What an event says of bytes."""
    return Content(sha256(data).hexdigest(), len(data))


def keep_contents(unit: Unit, filing: CoverageFiling, contents: Sequence[bytes]) -> None:
    """Put what the filing names into the store. Raises ``bad_value`` when it is not what is brought, or no image."""
    brought = {content_of(data): data for data in contents}
    if any(content not in brought for content in filing.contents()):
        raise DeskError(Refusal.BAD_VALUE, "The image that was chosen is not here any more. Choose it again.")
    for plan in filing.plans:
        for card in plan.cards:
            if card_media_type(brought[card.image]) != card.media_type:
                raise DeskError(Refusal.BAD_VALUE, "This is not a PNG or JPEG image. Choose the scanned card.")
    facility_id = unit.states.facility().facility_id
    for content in filing.contents():
        blobs.put(unit.connection, facility_id, brought[content])


def filing_facts(unit: Unit, visit: VisitState, state: CoverageState, filing: CoverageFiling) -> list[Fact]:
    """What a filing records, in the caller's transaction."""
    facility = unit.states.facility()
    service_on = service_day(state, facility.timezone, unit.now)
    context = Filing(visit, unit.acting.person, unit.today, service_on, unit.derived_id)
    return decide_filing(context, state, filing, facility.policy)


def service_day(state: CoverageState, timezone: str, now: datetime) -> date:
    """The local day of the visit."""
    return (state.came_at or now).astimezone(ZoneInfo(timezone)).date()


def standing_of(
    visit: VisitState, state: CoverageState, service_on: date, last_asked: date | None, *, recurring: bool
) -> Standing:
    """What is recorded, as clearance reads it."""
    questionnaire = "not_due"
    if state.questionnaire is not None:
        questionnaire = "answered"
    elif secondary_payer.is_due(visit.type, recurring=recurring, last_asked=last_asked, today=service_on):
        questionnaire = "due"
    asked = state.good_faith_asked.body if state.good_faith_asked else None
    return Standing(
        visit.type,
        service_on,
        plans=tuple(_plan(plan) for plan in state.in_order()),
        questionnaire=questionnaire,
        msp_type=state.questionnaire.body.msp_type if state.questionnaire else "",
        has_good_faith=state.good_faith is not None,
        good_faith_due=asked.due_on if asked else None,
    )


def _plan(plan: PlanState) -> PlanStanding:
    return PlanStanding(
        plan.coverage,
        plan.eligibility.body.answer if plan.eligibility else None,
        plan.authorization.body.authorization if plan.authorization else None,
        plan.estimate.body.share if plan.estimate else None,
    )
