"""From what is typed about plans and clearance to what is filed, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from access_desk.domain.content import Content
from access_desk.domain.coverage import secondary_payer
from access_desk.domain.coverage.authorization import Authorization
from access_desk.domain.coverage.commands import (
    CardGiven,
    CoverageFiling,
    EligibilityGiven,
    PlanFiling,
    QuestionnaireGiven,
)
from access_desk.domain.coverage.eligibility import EligibilityAnswer
from access_desk.domain.coverage.state import CoverageState, PlanState, coverage_texts
from access_desk.domain.errors import DeskError
from access_desk.domain.estimates.good_faith import GoodFaithEstimate, GoodFaithItem
from access_desk.domain.estimates.share import BASIS_POINTS, Share, ShareInputs, share_of
from access_desk.domain.money import ZERO, Money
from access_desk.presentation.coverage_fields import CLEARING_SPECS, GOOD_FAITH_ROWS, MOST_ITEMS, MSP, MSP_BY
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date
from access_desk.presentation.registration_form import RegistrationForm, coverage_of_plan, plan_values, used_plans

Plan = Mapping[str, str]
CARD = "card_"
ORDER_CHANGED = "order_changed"
_ON_FILE = "on file"


# ---------------------------------------------------------------- reading what is typed


def money_in(plan: Plan, name: str) -> Money | None:
    """An amount; None when blank or not readable yet."""
    try:
        return Money.typed(plan[name]) if plan.get(name, "").strip() else None
    except DeskError:
        return None


def basis_points_in(plan: Plan, name: str) -> int | None:
    """A percentage in basis points: 12.5 is 1250; None also for one that cannot be, which its field says."""
    percent = money_in(plan, name)
    return None if percent is None or percent.cents > BASIS_POINTS else percent.cents


def day_in(plan: Plan, name: str, today: date) -> date | None:
    """A date; None when blank or not readable yet."""
    try:
        return read_date(plan[name], today) if plan.get(name, "").strip() else None
    except TypedTextError:
        return None


def _units_in(plan: Plan, name: str) -> int | None:
    typed = plan.get(name, "").strip()
    return int(typed) if typed.isascii() and typed.isdecimal() else None


def eligibility_in(plan: Plan) -> EligibilityAnswer | None:
    """The payer's answer; None while nothing says what it was."""
    if not plan.get("eb_status"):
        return None
    return EligibilityAnswer(
        plan["eb_status"],
        money_in(plan, "eb_copay"),
        basis_points_in(plan, "eb_coinsurance"),
        money_in(plan, "eb_deductible"),
        money_in(plan, "eb_out_of_pocket"),
        reference=plan.get("eb_reference", ""),
    )


def authorization_in(plan: Plan, today: date) -> Authorization | None:
    """Where the authorization stands; None while nothing says so."""
    if not plan.get("au_status"):
        return None
    return Authorization(
        plan["au_status"],
        plan.get("au_number", ""),
        day_in(plan, "au_starts", today),
        day_in(plan, "au_ends", today),
        _units_in(plan, "au_requested"),
        _units_in(plan, "au_approved"),
        plan.get("au_with", ""),
    )


# What is not typed counts as nothing; what cannot be read must not.
_OF_ESTIMATE: Final = (
    ("es_copay", money_in),
    ("es_deductible", money_in),
    ("es_coinsurance", basis_points_in),
    ("es_out_of_pocket", money_in),
)


def share_inputs_in(plan: Plan) -> ShareInputs | None:
    """What an estimate is made of; None while no allowed amount is typed, or another amount cannot be read."""
    allowed = money_in(plan, "es_allowed")
    if allowed is None or any(plan.get(name, "").strip() and read(plan, name) is None for name, read in _OF_ESTIMATE):
        return None
    return ShareInputs(
        allowed,
        money_in(plan, "es_copay") or ZERO,
        money_in(plan, "es_deductible") or ZERO,
        basis_points_in(plan, "es_coinsurance") or 0,
        money_in(plan, "es_out_of_pocket"),
    )


def share_in(plan: Plan) -> Share | None:
    """The patient's share under a plan as it is typed; None while it cannot be worked out."""
    inputs = share_inputs_in(plan)
    try:
        return share_of(inputs) if inputs else None
    except DeskError:
        return None


def answers_in(form: RegistrationForm, today: date) -> dict[str, str]:
    """The answers to the Medicare questionnaire, dates in ISO form."""
    answers: dict[str, str] = {}
    for key, question in secondary_payer.QUESTIONS.items():
        if question.kind == "date":
            day = day_in(form.values, MSP + key, today)
            answers[key] = day.isoformat() if day else ""
        else:
            answers[key] = form.values.get(MSP + key, "")
    return {key: text for key, text in answers.items() if text}


def outcome_in(form: RegistrationForm, today: date, service_on: date) -> secondary_payer.Outcome | None:
    """Who pays first; None while the questionnaire is not complete."""
    try:
        return secondary_payer.outcome(answers_in(form, today), service_on)
    except DeskError:
        return None


def good_faith_in(form: RegistrationForm, today: date) -> GoodFaithEstimate | None:
    """The good-faith estimate; None while none is begun. What it lacks is told by its own check."""
    values = form.values
    if not values.get("gf_trigger"):
        return None
    items = tuple(
        GoodFaithItem(
            values.get(f"gf_item{number}", ""),
            values.get(f"gf_code{number}", "").strip().upper(),
            money_in(values, f"gf_charge{number}") or ZERO,
            _units_in(values, f"gf_quantity{number}") or 1,
            values.get(f"gf_diagnosis{number}", "").strip().upper(),
        )
        for number in range(1, MOST_ITEMS + 1)
        if values.get(f"gf_item{number}", "").strip() or values.get(f"gf_charge{number}", "").strip()
    )
    return GoodFaithEstimate(
        values.get("gf_service", ""),
        items,
        values.get("gf_provider", ""),
        values.get("gf_npi", "").strip(),
        values.get("gf_tin", "").strip(),
        values["gf_trigger"],
        day_in(values, "gf_asked_on", today) or asked_day(form, today),
        day_in(values, "gf_service_on", today),
    )


def asked_day(form: RegistrationForm, today: date) -> date:
    """When an estimate was asked for, where nobody typed it: with the paper that is entered, else today."""
    return today if form.visit_id else form.service_day(today)


def good_faith_names() -> tuple[str, ...]:
    """The fields of the good-faith estimate."""
    return tuple(spec.name for row in GOOD_FAITH_ROWS for spec in row)


# ---------------------------------------------------------------- what is filed


@dataclass(frozen=True, slots=True)
class CardChosen:
    """An image that was chosen and waits in a local draft until the form is filed."""

    draft_id: str
    given: CardGiven


def card_text(draft_id: str, given: CardGiven) -> str:
    """How the form keeps a chosen image."""
    return " ".join((draft_id, given.image.sha256, str(given.image.size), given.media_type))


def cards_in(plan: Plan) -> tuple[CardChosen, ...]:
    """The images that were chosen for a plan and are not on file yet."""
    chosen: list[CardChosen] = []
    for side in ("front", "back"):
        text = plan.get(CARD + side, "")
        if text and not text.startswith(_ON_FILE):
            draft_id, sha256, size, media_type = text.split()
            chosen.append(CardChosen(draft_id, CardGiven(side, Content(sha256, int(size)), media_type)))
    return tuple(chosen)


def card_content(plan: Plan, side: str) -> tuple[str, Content] | None:
    """Where a card's image lies: its draft's id, blank when it is on file, and its content; None without one."""
    text = plan.get(CARD + side, "")
    if not text:
        return None
    parts = text.removeprefix(_ON_FILE).split()
    draft_id = "" if text.startswith(_ON_FILE) else parts.pop(0)
    return draft_id, Content(parts[0], int(parts[1]))


def filing_in(form: RegistrationForm, today: date, now: datetime, service_on: date) -> CoverageFiling:
    """What is filed about the plans of the form: only what differs from what is on file."""
    if form.withholds_coverage:
        return CoverageFiling()
    on_file = {plan["coverage_id"]: plan for plan in form.plans_on_file}
    plans = tuple(_plan_filing(plan, on_file.get(plan.get("coverage_id", "")), today, now) for _, plan in used_plans(form))
    kept = {plan.coverage_id for plan in plans}
    removed = {key: "taken off the registration" for key in on_file if key not in kept}
    values, before = form.values, form.on_file
    answers = {key: text for key, text in values.items() if key.startswith(MSP) and text}
    is_asked = any(before.get(key, "") != text for key, text in answers.items() if key != MSP_BY)
    questionnaire = None
    if is_asked and outcome_in(form, today, service_on) is not None:
        questionnaire = QuestionnaireGiven(values.get(MSP_BY) or "patient", answers_in(form, today))
    good_faith = None
    if any(values.get(name, "") != before.get(name, "") for name in good_faith_names()):
        good_faith = good_faith_in(form, today)
    asked = (good_faith.trigger, good_faith.asked_on, good_faith.service_on) if good_faith else None
    changes_nothing = all(_is_empty(plan) for plan in plans) and not removed
    is_reordered = bool(values.get(ORDER_CHANGED)) and len(plans) > 1
    if changes_nothing and not is_reordered and questionnaire is None and good_faith is None:
        return CoverageFiling()
    reason = values.get("order_reason", "")
    return CoverageFiling(plans, removed, is_reordered, reason, questionnaire, asked, good_faith)


def _is_empty(plan: PlanFiling) -> bool:
    has_more = plan.cards or plan.changes or plan.eligibility or plan.authorization or plan.estimate
    return bool(plan.coverage_id) and not has_more


def _plan_filing(plan: Plan, before: Plan | None, today: date, now: datetime) -> PlanFiling:
    coverage = coverage_of_plan(plan, today)
    old = before or {}
    changes: dict[str, str] = {}
    if before is not None:
        then = coverage_texts(coverage_of_plan(before, today))
        changes = {name: text for name, text in coverage_texts(coverage).items() if then[name] != text}
    answer = eligibility_in(plan) if _differs(plan, old, "eb_") else None
    checked = plan.get("eb_checked_at", "")
    return PlanFiling(
        plan.get("coverage_id", ""),
        None if before is not None else coverage,
        changes,
        tuple(one.given for one in cards_in(plan)),
        EligibilityGiven(plan.get("eb_source") or "phone", datetime.fromisoformat(checked) if checked else now, answer)
        if answer
        else None,
        authorization_in(plan, today) if _differs(plan, old, "au_") else None,
        share_inputs_in(plan) if _differs(plan, old, "es_") else None,
    )


def _differs(plan: Plan, before: Plan, prefix: str) -> bool:
    names = (name for name in CLEARING_SPECS if name.startswith(prefix))
    return any(plan.get(name, "") != before.get(name, "") for name in names)


# ---------------------------------------------------------------- what is on file


def plan_on_file(plan: PlanState, shown: Callable[[datetime], str]) -> dict[str, str]:
    """A plan of a visit on file as form fields, with all that is known of it; ``shown`` words a moment."""
    values = {**plan_values(plan.coverage), "coverage_id": plan.coverage_id}
    for side, kept in plan.cards.items():
        values[CARD + side] = " ".join((_ON_FILE, kept.body.image.sha256, str(kept.body.image.size)))
    if plan.eligibility:
        values |= _eligibility_values(plan.eligibility.body.answer)
        values["eb_source"] = plan.eligibility.body.source
        values["eb_checked_at"] = plan.eligibility.body.checked_at.isoformat()
        values["eb_checked_shown"] = shown(plan.eligibility.body.checked_at)
    if plan.authorization:
        values |= _authorization_values(plan.authorization.body.authorization)
    if plan.estimate:
        inputs: ShareInputs = plan.estimate.body.inputs
        values |= {
            "es_allowed": str(inputs.allowed),
            "es_copay": str(inputs.copay),
            "es_deductible": str(inputs.deductible_left),
            "es_coinsurance": percent_text(inputs.coinsurance),
            "es_out_of_pocket": _amount(inputs.out_of_pocket_left),
        }
    return values


def _eligibility_values(answer: EligibilityAnswer) -> dict[str, str]:
    return {
        "eb_status": answer.status,
        "eb_copay": _amount(answer.copay),
        "eb_deductible": _amount(answer.deductible_left),
        "eb_coinsurance": "" if answer.coinsurance is None else percent_text(answer.coinsurance),
        "eb_out_of_pocket": _amount(answer.out_of_pocket_left),
        "eb_reference": answer.reference,
    }


def _authorization_values(given: Authorization) -> dict[str, str]:
    return {
        "au_status": given.status,
        "au_number": given.number,
        "au_with": given.agreed_with,
        "au_starts": shown_date(given.starts),
        "au_ends": shown_date(given.ends),
        "au_requested": "" if given.requested_units is None else str(given.requested_units),
        "au_approved": "" if given.approved_units is None else str(given.approved_units),
    }


def _amount(amount: Money | None) -> str:
    return "" if amount is None else str(amount)


def percent_text(basis_points: int) -> str:
    """``20`` of 2000, ``12.50`` of 1250."""
    return str(basis_points // 100) if basis_points % 100 == 0 else str(Money(basis_points))


def values_on_file(state: CoverageState) -> dict[str, str]:
    """The questionnaire and the good-faith estimate of a visit on file as form fields."""
    values: dict[str, str] = {}
    if state.questionnaire is not None:
        values[MSP_BY] = state.questionnaire.body.answered_by
        for key, answer in state.questionnaire.body.answers.items():
            question = secondary_payer.QUESTIONS.get(key)
            is_date = question is not None and question.kind == "date"
            values[MSP + key] = shown_date(date.fromisoformat(answer)) if is_date else answer
    if state.good_faith is not None:
        made: GoodFaithEstimate = state.good_faith.body.estimate
        values |= {
            "gf_trigger": made.trigger,
            "gf_asked_on": shown_date(made.asked_on),
            "gf_service_on": shown_date(made.service_on),
            "gf_service": made.service,
            "gf_provider": made.provider,
            "gf_npi": made.npi,
            "gf_tin": made.tin,
        }
        for number, item in enumerate(made.items[:MOST_ITEMS], 1):
            values |= {
                f"gf_item{number}": item.service,
                f"gf_code{number}": item.code,
                f"gf_diagnosis{number}": item.diagnosis,
                f"gf_quantity{number}": str(item.quantity),
                f"gf_charge{number}": str(item.charge),
            }
    return values
