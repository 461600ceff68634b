"""What Register shows of financial clearance: one row a subject, each with its panel; who is first; what is owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from access_desk.domain.coverage import secondary_payer
from access_desk.domain.coverage.authorization import STATUS_WORDS as AUTHORIZATION_WORDS
from access_desk.domain.coverage.clearance import Clearance, Lack, PlanStanding, Standing, clearance, needs_authorization
from access_desk.domain.coverage.eligibility import STATUS_WORDS
from access_desk.domain.errors import DeskError
from access_desk.domain.estimates.good_faith import due_on
from access_desk.domain.money import Money
from access_desk.domain.visits.details import is_recurring
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.coverage_fields import CLEARANCE, MSP, MSP_BY, PLAN_PANELS, QUESTION_SPECS
from access_desk.presentation.coverage_form import (
    Plan,
    answers_in,
    asked_day,
    authorization_in,
    cards_in,
    day_in,
    eligibility_in,
    good_faith_in,
    good_faith_names,
    outcome_in,
    share_in,
)
from access_desk.presentation.coverage_lacks import good_faith_lack
from access_desk.presentation.registration_dates import TypedTextError, shown_date
from access_desk.presentation.registration_fields import SECTION_TITLES
from access_desk.presentation.registration_form import RegistrationForm, coverage_of_plan, used_plans
from access_desk.presentation.registration_state import WITHHELD, SectionState, plan_summary

STATE_WORDS: Mapping[str, str] = {
    "exempt_emtala": "Not asked yet",
    "not_started": "Not started",
    "pending_coverage": "Coverage to settle",
    "pending_eligibility": "Eligibility to check",
    "pending_authorization": "Authorization awaited",
    "pending_estimate": "Estimate to make",
    "pending_payment": "Payment awaited",
    "cleared": "Cleared",
}
GOOD_FAITH, QUESTIONNAIRE, PRIOR = "good_faith", "questionnaire", "prior"
# Before the name of a panel, where the name of a field could stand.
PANEL = "panel:"


@dataclass(frozen=True, slots=True)
class ClearingFacts:
    """What the form does not say: the facility's rules, and when the patient was last asked."""

    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last_asked: date | None = None


@dataclass(frozen=True, slots=True)
class ClearanceRow:
    """One line of the section. ``tone`` is ``done``, ``attention`` or ``plain``; ``action`` blank: nothing to open."""

    key: str
    label: str
    tone: str
    text: str
    figure: Money | None = None
    action: str = ""


@dataclass(frozen=True, slots=True)
class ToClear:
    """Something that clearance waits for, with where it is settled; filing does not wait for it."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ClearanceView:
    """The whole section. ``questions`` are the fields of the questionnaire that apply, in their order."""

    clearance: Clearance = field(default_factory=lambda: Clearance("not_started"))
    rows: tuple[ClearanceRow, ...] = ()
    questions: tuple[str, ...] = ()
    outcome: str = ""
    needs_order_reason: bool = False
    to_clear: tuple[ToClear, ...] = ()

    @property
    def word(self) -> str:
        """The state as people say it."""
        return STATE_WORDS[self.clearance.state]


def standing_in(form: RegistrationForm, facts: ClearingFacts, copay_due: Money, today: date) -> Standing:
    """What is typed, as clearance reads it; a text that cannot be read yet is nothing yet."""
    service_on = form.service_day(today)
    visit_type = form.values.get("type", "")
    if form.withholds_coverage:
        return Standing(visit_type, service_on, is_released=False)
    plans: list[PlanStanding] = []
    for _, plan in used_plans(form):
        try:
            coverage = coverage_of_plan(plan, today)
        except (TypedTextError, DeskError):
            coverage = coverage_of_plan({**plan, "copay": "", "starts": "", "ends": "", "subscriber_birth_date": ""}, today)
        plans.append(PlanStanding(coverage, eligibility_in(plan), authorization_in(plan, today), share_in(plan)))
    found = outcome_in(form, today, service_on)
    asked = "not_due"
    if found is not None:
        asked = "answered"
    elif secondary_payer.is_due(visit_type, recurring=is_recurring(form.values), last_asked=facts.last_asked, today=service_on):
        asked = "due"
    trigger = form.values.get("gf_trigger", "")
    asked_on = day_in(form.values, "gf_asked_on", today) or asked_day(form, today)
    return Standing(
        visit_type,
        service_on,
        plans=tuple(plans),
        questionnaire=asked,
        msp_type=found.msp_type if found else "",
        has_good_faith=not good_faith_lack(form, today) and bool(trigger),
        good_faith_due=due_on(trigger, asked_on, day_in(form.values, "gf_service_on", today)) if trigger else None,
        copay_due=copay_due,
        rules=facts.rules,
    )


def view_of(
    form: RegistrationForm, facts: ClearingFacts, copay_due: Money, earlier: Sequence[VisitRow], today: date
) -> ClearanceView:
    """The section as it stands."""
    standing = standing_in(form, facts, copay_due, today)
    found = clearance(standing)
    if not standing.is_released:
        return ClearanceView(found)
    plans = used_plans(form)
    rows: list[ClearanceRow] = []
    medicare = any(plan.get("medicare") for _, plan in plans)
    outcome = outcome_in(form, today, standing.service_on)
    if medicare:
        rows.append(_questionnaire_row(outcome))
    for position, ((number, plan), stands) in enumerate(zip(plans, standing.plans, strict=True), 1):
        lacks = {one.state: one.text.rstrip(".") for one in found.lacks if one.plan == position}
        wants = needs_authorization(standing, stands)
        rows += _plan_rows(number, plan, stands, lacks, f", plan {number}" if len(plans) > 1 else "", wants_authorization=wants)
    if not plans:
        rows.append(_good_faith_row(form, standing, today))
    rows += [
        ClearanceRow(PRIOR, "Prior balance", "attention", f"Visit of {shown_date(one.arrived_at.date())}", one.copay_owed)
        for one in earlier
        if one.copay_owed
    ]
    questions: tuple[str, ...] = ()
    if medicare:
        asked = secondary_payer.asked(answers_in(form, today), standing.service_on)
        questions = (MSP_BY, *(MSP + one.key for one in asked))
    said = f"{outcome.reason} ({outcome.rule})" if outcome else ""
    to_clear = tuple(_to_clear(one, plans) for one in found.lacks if one.state not in ("pending_payment", "not_started"))
    return ClearanceView(found, tuple(rows), questions, said, _contradicts(plans, outcome), to_clear)


def _to_clear(lack: Lack, plans: Sequence[tuple[int, Plan]]) -> ToClear:
    number = plans[lack.plan - 1][0] if lack.plan else 1
    panels = {
        "pending_eligibility": f"{PANEL}eligibility{number}",
        "pending_authorization": f"{PANEL}authorization{number}",
        "pending_estimate": f"{PANEL}estimate{number}" if lack.plan else f"{PANEL}{GOOD_FAITH}",
        "pending_coverage": f"plan{number}.ends" if lack.label.startswith("Dates") else f"plan{number}.payer",
    }
    if lack.label == "Medicare questionnaire":
        return ToClear(f"{PANEL}{QUESTIONNAIRE}", lack.label, lack.text)
    return ToClear(panels[lack.state], lack.label, lack.text)


def clearance_section(view: ClearanceView, wrong: int, lacks: int) -> SectionState:
    """The header of the section: its state as a word, and what is still to do when it is folded."""
    title = SECTION_TITLES[CLEARANCE - 1]
    if view.clearance.state == "exempt_emtala":
        return SectionState(CLEARANCE, title, "withheld", view.word, WITHHELD, can_fold=True, is_read_only=True)
    lacking = ", ".join(one.label[:1].lower() + one.label[1:] for one in view.to_clear)
    summary = f"{view.word}: {lacking}" if lacking else view.word
    if wrong:
        return SectionState(CLEARANCE, title, "fix", f"{wrong} to fix", summary, can_fold=False)
    if lacks:
        return SectionState(CLEARANCE, title, "missing", f"{lacks} missing", summary, can_fold=False)
    done = view.clearance.state in ("cleared", "pending_payment")
    return SectionState(CLEARANCE, title, "complete" if done else "missing", view.word, summary, can_fold=True)


def _contradicts(plans: Sequence[tuple[int, Plan]], outcome: secondary_payer.Outcome | None) -> bool:
    """Whether the order of benefits goes against the questionnaire."""
    has_both = any(plan.get("medicare") for _, plan in plans) and any(not plan.get("medicare") for _, plan in plans)
    if outcome is None or not has_both:
        return False
    return bool(plans[0][1].get("medicare")) != outcome.is_medicare_first


def _questionnaire_row(outcome: secondary_payer.Outcome | None) -> ClearanceRow:
    label = "Medicare questionnaire"
    if outcome is None:
        return ClearanceRow(QUESTIONNAIRE, label, "attention", "Who pays before Medicare? Not asked yet", action="Ask")
    first = "Medicare pays first" if outcome.is_medicare_first else f"Another payer is first, MSP type {outcome.msp_type}"
    return ClearanceRow(QUESTIONNAIRE, label, "done", first, action="Change")


def _plan_rows(
    number: int, plan: Plan, stands: PlanStanding, lacks: Mapping[str, str], name: str, *, wants_authorization: bool
) -> list[ClearanceRow]:
    rows = [_eligibility_row(number, plan, stands, lacks.get("pending_eligibility", ""), name)]
    if wants_authorization or stands.authorization is not None:
        rows.append(_authorization_row(number, stands, lacks.get("pending_authorization", ""), name))
    else:
        rows.append(ClearanceRow(f"authorization{number}", f"Authorization{name}", "plain", "Not required", action="Enter"))
    if number == 1:
        rows.append(_estimate_row(plan, lacks.get("pending_estimate", "")))
    return rows


def _eligibility_row(number: int, plan: Plan, stands: PlanStanding, lack: str, name: str) -> ClearanceRow:
    key, label = f"eligibility{number}", f"Eligibility{name}"
    answer = stands.eligibility
    if answer is None:
        return ClearanceRow(key, label, "attention", "Not checked", action="Enter")
    checked = plan.get("eb_checked_shown", "")
    parts = [STATUS_WORDS.get(answer.status, answer.status)]
    if answer.is_active and answer.copay is not None:
        parts.append(f"copay {answer.copay.dollars()}")
    if checked:
        parts.append(f"checked {checked}")
    return ClearanceRow(key, label, "attention" if lack else "done", ", ".join(parts), action="Change")


def _authorization_row(number: int, stands: PlanStanding, lack: str, name: str) -> ClearanceRow:
    key, label = f"authorization{number}", f"Authorization{name}"
    given = stands.authorization
    if given is None:
        return ClearanceRow(key, label, "attention", "Required", action="Enter")
    until = f"good to {shown_date(given.ends)}" if given.ends else ""
    units = f"{given.approved_units} of {given.requested_units} units" if given.requested_units and given.approved_units else ""
    said = [given.number or AUTHORIZATION_WORDS[given.status], until, units, lack if given.number else ""]
    text = ", ".join(part for part in said if part)
    return ClearanceRow(key, label, "attention" if lack else "done", text, action="Change")


def _estimate_row(plan: Plan, lack: str) -> ClearanceRow:
    share = share_in(plan)
    if share is None:
        text = "Not made: there is a deductible or coinsurance" if lack else "Not made"
        return ClearanceRow("estimate1", "Estimate", "attention" if lack else "plain", text, action="Make")
    capped = ", capped at what is left out of pocket" if share.is_capped else ""
    return ClearanceRow("estimate1", "Estimate", "done", f"Patient's share{capped}", share.total, "Change")


def _good_faith_row(form: RegistrationForm, standing: Standing, today: date) -> ClearanceRow:
    made, lack = good_faith_in(form, today), good_faith_lack(form, today)
    label = "Good-faith estimate"
    if made is None and not lack:
        return ClearanceRow(GOOD_FAITH, label, "plain", "For a self-pay patient: not asked for", action="Make")
    due = f"Due {shown_date(standing.good_faith_due)}" if standing.good_faith_due else "Not due unless asked for"
    if lack or made is None:
        return ClearanceRow(GOOD_FAITH, label, "attention", f"{due}. {lack}", action="Go on")
    return ClearanceRow(GOOD_FAITH, label, "done", due, made.total, "Change")


def panel_fields(panel: str) -> tuple[str, int]:
    """The kind of a panel and the number of its plan: ``eligibility2`` is ("eligibility", 2)."""
    kind = panel.rstrip("0123456789")
    return (kind, int(panel[len(kind) :])) if kind in PLAN_PANELS else (panel, 0)


def panel_of(key: str) -> str:
    """The panel in which a field stands; blank for a field of another section."""
    plan, dot, name = key.partition(".")
    if not dot:
        return QUESTIONNAIRE if key in QUESTION_SPECS else GOOD_FAITH if key in good_faith_names() else ""
    for kind, rows in PLAN_PANELS.items():
        if any(spec.name == name for row in rows for spec in row):
            return f"{kind}{plan.removeprefix('plan')}"
    return ""


# ---------------------------------------------------------------- plans as the coverage section shows them


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan's head: the chip of its eligibility, whether it folds, its card, what it ``says`` folded."""

    chip: str
    tone: str
    can_fold: bool
    card: str
    says: str


def plan_head(form: RegistrationForm, number: int, errors: Mapping[str, str], today: date) -> PlanHead:
    """The head of a plan."""
    plan = form.plans[number - 1]
    prefix = f"plan{number}."
    wrong = any(key.startswith(prefix) and text for key, text in errors.items())
    lacks = any(form.requires(prefix + name) and not plan.get(name, "").strip() for name in ("payer", "member_id", "subscriber"))
    answer = eligibility_in(plan)
    chip, tone = "", "plain"
    if answer is not None:
        active = answer.covers(form.service_day(today))
        checked = plan.get("eb_checked_shown", "")
        word = "Eligible" if active else STATUS_WORDS.get(answer.status, "Not eligible")
        chip, tone = f"{word} {checked}".strip(), "balanced" if active else "short"
    elif form.plan_is_used(number):
        chip, tone = "Not checked", "attention"
    sides = [side for side in ("front", "back") if plan.get(f"card_{side}")]
    card = "Card on file" if len(sides) == 2 else f"Card: {sides[0]}" if sides else ""  # noqa: PLR2004 - both sides
    if cards_in(plan) and card == "Card on file":
        card = "Card, both sides"
    return PlanHead(chip, tone, form.plan_is_used(number) and not wrong and not lacks, card, plan_summary(plan))
