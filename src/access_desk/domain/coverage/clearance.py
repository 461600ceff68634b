"""Financial clearance: derived from what is recorded, never typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from access_desk.domain.coverage.authorization import Authorization, is_required
from access_desk.domain.coverage.commands import is_effective
from access_desk.domain.coverage.eligibility import STATUS_WORDS, EligibilityAnswer
from access_desk.domain.estimates.share import Share
from access_desk.domain.money import ZERO, Money
from access_desk.domain.visits.events import Coverage

# From the one that is looked at first to the one that is left when nothing else is.
STATES = (
    "exempt_emtala",
    "not_started",
    "pending_coverage",
    "pending_eligibility",
    "pending_authorization",
    "pending_estimate",
    "pending_payment",
    "cleared",
)


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """One plan with what is known of it for this visit."""

    coverage: Coverage
    eligibility: EligibilityAnswer | None = None
    authorization: Authorization | None = None
    share: Share | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What clearance depends on. ``questionnaire`` is ``not_due``, ``due`` or ``answered``, ``msp_type`` its outcome;
    ``copay_due`` is what is asked for today and not paid.
    """

    visit_type: str
    service_on: date
    is_released: bool = True
    plans: tuple[PlanStanding, ...] = ()
    questionnaire: str = "not_due"
    msp_type: str = ""
    has_good_faith: bool = False
    good_faith_due: date | None = None
    copay_due: Money = ZERO
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that clearance waits for: its state, the plan's number (0: none), what it is called, what to do."""

    state: str
    plan: int
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Clearance:
    """Where a visit stands, and everything that it waits for."""

    state: str
    lacks: tuple[Lack, ...] = ()


def clearance(standing: Standing) -> Clearance:
    """Where the visit stands: the first thing that it lacks decides."""
    if not standing.is_released:
        return Clearance("exempt_emtala")
    lacks = (*_without_plan(standing), *_medicare(standing), *_by_plan(standing), *_payment(standing))
    lacks = tuple(sorted(lacks, key=lambda one: STATES.index(one.state)))
    return Clearance(lacks[0].state if lacks else "cleared", lacks)


def _without_plan(standing: Standing) -> list[Lack]:
    if standing.plans:
        return []
    if standing.has_good_faith:
        return []
    if standing.good_faith_due is not None:
        due = f"{standing.good_faith_due:%m/%d/%Y}"
        return [Lack("pending_estimate", 0, "Good-faith estimate", f"Give it by {due}.")]
    return [Lack("not_started", 0, "Plan", "Enter a plan, or make a good-faith estimate for a self-pay patient.")]


def _medicare(standing: Standing) -> list[Lack]:
    numbers = [number for number, plan in enumerate(standing.plans, 1) if plan.coverage.medicare]
    if not numbers:
        return []
    if standing.questionnaire == "due":
        return [Lack("pending_coverage", numbers[0], "Medicare questionnaire", "Ask who pays before Medicare.")]
    others = len(standing.plans) > len(numbers)
    if standing.questionnaire == "answered" and standing.msp_type and not others:
        return [Lack("pending_coverage", 0, "Plan before Medicare", "The questionnaire names a payer who comes first. Enter it.")]
    return []


def _by_plan(standing: Standing) -> list[Lack]:
    lacks: list[Lack] = []
    for number, plan in enumerate(standing.plans, 1):
        name = f", plan {number}" if len(standing.plans) > 1 else ""
        coverage = plan.coverage
        if not is_effective(coverage, standing.service_on):
            lacks.append(Lack("pending_coverage", number, f"Dates{name}", "It does not cover the day of the visit."))
        if plan.eligibility is None:
            lacks.append(Lack("pending_eligibility", number, f"Eligibility{name}", "Not checked."))
        elif not plan.eligibility.covers(standing.service_on):
            said = STATUS_WORDS[plan.eligibility.status] if not plan.eligibility.is_active else "Not on the day of the visit"
            lacks.append(Lack("pending_eligibility", number, f"Eligibility{name}", f"{said}."))
        lacks += _authorization(standing, plan, number, name)
        if number == 1 and _needs_share(plan) and plan.share is None:
            lacks.append(Lack("pending_estimate", number, "Estimate", "Not made: the plan has a deductible or coinsurance."))
    return lacks


def needs_authorization(standing: Standing, plan: PlanStanding) -> bool:
    """Whether this plan's payer wants an authorization for the visit, by the facility's rules or by its own word."""
    coverage = plan.coverage
    if plan.authorization is not None and plan.authorization.status != "cancelled":
        return plan.authorization.status != "not_required"
    return is_required(coverage.payer, standing.visit_type, standing.rules, medicare=coverage.medicare)


def _authorization(standing: Standing, plan: PlanStanding, number: int, name: str) -> list[Lack]:
    if not needs_authorization(standing, plan):
        return []
    if plan.authorization is None or not plan.authorization.allows(standing.service_on):
        words = {"approved": "Not good on the day of the visit.", "partial": "Not good on the day of the visit."}
        status = plan.authorization.status if plan.authorization else ""
        other = {"requested": "No answer yet.", "denied": "Denied."}.get(status, "Required.")
        return [Lack("pending_authorization", number, f"Authorization{name}", words.get(status, other))]
    return []


def _needs_share(plan: PlanStanding) -> bool:
    answer = plan.eligibility
    return bool(answer and answer.is_active and (answer.coinsurance or answer.deductible_left))


def _payment(standing: Standing) -> list[Lack]:
    if not standing.copay_due:
        return []
    return [Lack("pending_payment", 0, "Payment", f"{standing.copay_due.dollars()} is due today.")]
