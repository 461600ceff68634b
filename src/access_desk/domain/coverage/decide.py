"""The rules of filing who pays for a visit.

For an emergency visit nothing of it may be asked, and so nothing is recorded, before the visit is released: 42 CFR
489.24(d)(4)(ii) forbids to seek authorization from a payer before the screening exam, and the rest waits with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from access_desk.domain.coverage import secondary_payer
from access_desk.domain.coverage.authorization import payer_key
from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling, QuestionnaireGiven, check_coverage
from access_desk.domain.coverage.events import (
    AuthorizationRecorded,
    AuthorizationRuleSet,
    CardKept,
    CoverageAdded,
    CoverageAmended,
    CoverageRemoved,
    CoveragesReordered,
    EligibilityChecked,
    SecondaryPayerAnswered,
)
from access_desk.domain.coverage.state import COVERAGE_FIELDS, CoverageState, Mark, coverage_of, coverage_texts, first_id, folded
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.events import EstimateMade, GoodFaithAsked, GoodFaithMade
from access_desk.domain.estimates.good_faith import TRIGGERS, due_on
from access_desk.domain.estimates.share import RULE, ShareInputs, share_of
from access_desk.domain.events import Body, Fact
from access_desk.domain.money import ZERO, Money
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Person
from access_desk.domain.visits.emtala import is_released
from access_desk.domain.visits.events import VISIT_TYPES, VisitRegistered
from access_desk.domain.visits.state import VisitState


@dataclass(frozen=True, slots=True)
class Filing:
    """Whose filing it is, for which visit: what every fact of it needs."""

    visit: VisitState
    person: Person
    today: date
    service_on: date
    derived_id: Callable[[str], str]

    def fact(self, body: Body) -> Fact:
        """A fact in the history of the visit and of the patient."""
        return Fact(self.visit.visit_id, body, None, (self.visit.patient_id,))


def check_may_ask(visit: VisitState, policy: Policy) -> None:
    """Raises ``emtala_hold`` while coverage may not be asked for, whoever tries."""
    if not is_released(visit, policy):
        awaited = "the screening exam" if policy.emtala_release == "mse" else "the patient is stabilized"
        raise DeskError(
            Refusal.EMTALA_HOLD,
            f"Emergency visit: coverage, authorization and estimates are not asked for before {awaited}. "
            "Care comes first; nothing was recorded.",
        )


def of_new_visit(filing: CoverageFiling, registered: VisitRegistered) -> tuple[CoverageFiling, CoverageState]:
    """A filing that comes with the registration: its plans are those that the visit is registered with."""
    state = folded(CoverageState(), registered, Mark())
    plans = tuple(
        replace(plan, coverage_id=first_id(registered.visit_id, position), coverage=None)
        for position, plan in enumerate(filing.plans, 1)
    )
    return replace(filing, plans=plans), state


def decide_filing(context: Filing, state: CoverageState, filing: CoverageFiling, policy: Policy) -> list[Fact]:
    """Everything that a filing changes, and nothing when it changes nothing."""
    check_may_ask(context.visit, policy)
    filing.check()
    check_role(context.person, Action.COVERAGE)
    facts = [context.fact(body) for body in _removals(context, state, filing)]
    order: list[str] = []
    for number, plan in enumerate(filing.plans, 1):
        coverage_id, bodies = _plan(context, state, plan, number)
        order.append(coverage_id)
        facts += [context.fact(body) for body in bodies]
    for fact in facts:
        state = folded(state, fact.body, Mark("~"))
    answered = filing.questionnaire and _answered(context, state, filing.questionnaire)
    if answered:
        facts.append(context.fact(answered))
        state = folded(state, answered, Mark("~"))
    facts += [context.fact(body) for body in _order(context, state, filing, order, is_asked=bool(answered))]
    facts += [context.fact(body) for body in _good_faith(context, filing)]
    return facts


def _removals(context: Filing, state: CoverageState, filing: CoverageFiling) -> list[Body]:
    for coverage_id in filing.removed:
        _known(state, coverage_id)
    visit = context.visit
    return [CoverageRemoved(visit.visit_id, visit.patient_id, one, reason) for one, reason in filing.removed.items()]


def _known(state: CoverageState, coverage_id: str) -> None:
    if state.plan(coverage_id) is None:
        raise DeskError(Refusal.UNKNOWN_REFERENCE, "This plan is not on the visit, or was removed. Look at the visit again.")


def _plan(context: Filing, state: CoverageState, plan: PlanFiling, number: int) -> tuple[str, list[Body]]:
    visit_id, patient_id = context.visit.visit_id, context.visit.patient_id
    bodies: list[Body] = []
    coverage_id = plan.coverage_id
    if not coverage_id:
        if plan.coverage is None:
            raise DeskError(Refusal.BAD_VALUE, "A new plan needs its payer and member ID.")
        coverage_id = context.derived_id(f"coverage {number}")
        # Behind all that ever stood on the visit; an order of benefits that says otherwise is filed with it.
        position = len(state.plans) + number
        bodies.append(CoverageAdded(visit_id, patient_id, coverage_id, position, plan.coverage))
    else:
        _known(state, coverage_id)
        changed = _changed(state, coverage_id, plan.changes)
        bodies += [CoverageAmended(visit_id, patient_id, coverage_id, changed)] if changed else []
    for card in plan.cards:
        check_role(context.person, Action.CARD_IMAGE)
        bodies.append(CardKept(visit_id, patient_id, coverage_id, card.side, card.image, card.media_type))
    if plan.eligibility:
        check_role(context.person, Action.ELIGIBILITY)
        given = plan.eligibility
        bodies.append(
            EligibilityChecked(visit_id, patient_id, coverage_id, given.source, given.checked_at, given.answer, given.raw)
        )
    if plan.authorization:
        check_role(context.person, Action.AUTHORIZATION)
        bodies.append(AuthorizationRecorded(visit_id, patient_id, coverage_id, plan.authorization))
    if plan.estimate:
        check_role(context.person, Action.ESTIMATE)
    if estimate := plan.estimate or _with_new_copay(state, plan):
        estimate_id, share = context.derived_id(f"estimate {number}"), share_of(estimate)
        bodies.append(EstimateMade(estimate_id, visit_id, patient_id, coverage_id, estimate, share, RULE))
    return coverage_id, bodies


def _with_new_copay(state: CoverageState, plan: PlanFiling) -> ShareInputs | None:
    """The estimate that was made with the plan's copay, when that copay is corrected: what it asks for today is that copay."""
    known = state.plan(plan.coverage_id)
    if known is None or known.estimate is None or "copay" not in plan.changes:
        return None
    inputs: ShareInputs = known.estimate.body.inputs
    copay = Money.parse(plan.changes["copay"]) if plan.changes["copay"] else ZERO
    is_the_plans = inputs.copay == (known.coverage.copay or ZERO)
    return replace(inputs, copay=copay) if is_the_plans and copay != inputs.copay else None


def _changed(state: CoverageState, coverage_id: str, changes: Mapping[str, str]) -> dict[str, str]:
    """Fields that really change, when the plan can be as it would be then."""
    if any(name not in COVERAGE_FIELDS for name in changes):
        raise DeskError(Refusal.BAD_VALUE, "Name the fields of the plan that change, each with its new value.")
    now = coverage_texts(state.plans[coverage_id].coverage)
    changed = {name: text for name, text in changes.items() if now[name] != text}
    if changed:
        try:
            check_coverage(coverage_of({**now, **changed}))
        except ValueError as wrong:
            raise DeskError(Refusal.BAD_VALUE, "A date of the plan cannot be read. Correct it and try again.") from wrong
    return changed


def _answered(context: Filing, state: CoverageState, given: QuestionnaireGiven) -> SecondaryPayerAnswered:
    check_role(context.person, Action.MSPQ)
    if given.answered_by not in secondary_payer.ANSWERED_BY:
        raise DeskError(Refusal.BAD_VALUE, "Say who answered: the patient, a representative, or the record.")
    if not any(plan.coverage.medicare for plan in state.in_order()):
        raise DeskError(
            Refusal.BAD_VALUE, "The Medicare questionnaire is for a visit with a Medicare plan. Enter the plan first."
        )
    found = secondary_payer.outcome(given.answers, context.service_on)
    answers = secondary_payer.applying(given.answers, context.service_on)
    visit = context.visit
    return SecondaryPayerAnswered(
        visit.visit_id,
        visit.patient_id,
        secondary_payer.VERSION,
        given.answered_by,
        answers,
        found.pays_first,
        found.msp_type,
        found.rule,
    )


def _order(context: Filing, state: CoverageState, filing: CoverageFiling, wanted: list[str], *, is_asked: bool) -> list[Body]:
    now = [plan.coverage_id for plan in state.in_order()]
    order = now
    if filing.is_reordered:
        order = wanted + [one for one in now if one not in wanted]
    told = as_questionnaire_says(state, order)
    if not filing.order_reason and (
        is_asked or (_who_may_pay_changed(filing) and not filing.is_reordered and not _overruled(state))
    ):
        order = told
    elif filing.is_reordered and order != told and not filing.order_reason.strip():
        raise DeskError(
            Refusal.NEEDS_REASON,
            "The Medicare questionnaire says that another plan pays first. Put it first, or say why it does not.",
        )
    visit = context.visit
    return [CoveragesReordered(visit.visit_id, visit.patient_id, tuple(order), filing.order_reason)] if order != now else []


def _who_may_pay_changed(filing: CoverageFiling) -> bool:
    """Whether a plan came, or became Medicare: answers that were given before it say where it stands."""
    return any(not plan.coverage_id or "medicare" in plan.changes for plan in filing.plans)


def _overruled(state: CoverageState) -> bool:
    """Whether the order that stands was given with a reason against the questionnaire."""
    return state.order is not None and bool(state.order.body.reason.strip())


def as_questionnaire_says(state: CoverageState, order: list[str]) -> list[str]:
    """The order of benefits with Medicare where the questionnaire put it: first, or right behind the plan that pays first."""
    medicare = [one for one in order if one in state.plans and state.plans[one].is_known and state.plans[one].coverage.medicare]
    others = [one for one in order if one not in medicare]
    if state.questionnaire is None or not medicare or not others:
        return order
    if not state.questionnaire.body.msp_type:
        return [*medicare, *others]
    # Plans that supplement Medicare stay behind it.
    return order if order[0] in others else [others[0], *medicare, *others[1:]]


def _good_faith(context: Filing, filing: CoverageFiling) -> list[Body]:
    visit, bodies = context.visit, list[Body]()
    if filing.good_faith_asked or filing.good_faith:
        check_role(context.person, Action.GOOD_FAITH_ESTIMATE)
    if filing.good_faith_asked:
        trigger, asked_on, service_on = filing.good_faith_asked
        if trigger not in TRIGGERS or asked_on > context.today:
            raise DeskError(Refusal.BAD_VALUE, "An estimate was scheduled or asked for, today or before.")
        last = due_on(trigger, asked_on, service_on)
        bodies.append(GoodFaithAsked(visit.visit_id, visit.patient_id, trigger, asked_on, service_on, last))
    if filing.good_faith:
        made = filing.good_faith
        last = due_on(made.trigger, made.asked_on, made.service_on)
        estimate_id = context.derived_id("good faith estimate")
        bodies.append(GoodFaithMade(estimate_id, visit.visit_id, visit.patient_id, made, last))
    return bodies


def decide_rule(person: Person, facility_id: str, payer: str, visit_types: tuple[str, ...]) -> list[Fact]:
    """For which types of visit a payer wants an authorization from now on."""
    check_role(person, Action.AUTHORIZATION_RULE)
    if not payer_key(payer) or any(one not in VISIT_TYPES for one in visit_types):
        raise DeskError(Refusal.BAD_VALUE, "Name the payer, and types of visit.")
    ordered = tuple(one for one in VISIT_TYPES if one in visit_types)
    return [Fact(facility_id, AuthorizationRuleSet(payer, ordered))]
