"""What filing waits for in clearance besides what the rules of the fields find, and what is owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from access_desk.domain.coverage import secondary_payer
from access_desk.domain.errors import DeskError
from access_desk.domain.money import ZERO, Money, total
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.coverage_fields import CLEARING_SPECS, MSP
from access_desk.presentation.coverage_form import (
    Plan,
    answers_in,
    authorization_in,
    eligibility_in,
    good_faith_in,
    good_faith_names,
    money_in,
    share_in,
)
from access_desk.presentation.registration_form import RegistrationForm, used_plans

Lacking = tuple[str, str, str]


def good_faith_lack(form: RegistrationForm, today: date) -> str:
    """What a good-faith estimate that was begun still needs; blank for a whole one and for none."""
    made = good_faith_in(form, today)
    if made is None:
        begun = any(form.values.get(name, "").strip() for name in good_faith_names())
        return "Say why the estimate is made." if begun else ""
    try:
        made.check()
    except DeskError as wrong:
        return wrong.text
    return ""


def lacking(form: RegistrationForm, today: date) -> Iterator[Lacking]:
    """Key, label and what to do, for everything that cannot be filed as it stands."""
    if form.withholds_coverage:
        return
    several = len(form.plans) > 1
    for number, plan in used_plans(form):
        name = f", plan {number}" if several else ""
        for key, label, text in _plan(plan, today):
            yield f"plan{number}.{key}", f"{label}{name}", text
    answers = answers_in(form, today)
    question = secondary_payer.next_question(answers, form.service_day(today))
    if answers and question is not None and any(plan.get("medicare") for _, plan in used_plans(form)):
        yield MSP + question.key, "Medicare questionnaire", "Finish it, or take its answers away."
    if wrong := good_faith_lack(form, today):
        yield "gf_trigger", "Good-faith estimate", wrong


def _plan(plan: Plan, today: date) -> Iterator[Lacking]:
    for prefix, key, label in (("eb_", "eb_status", "Eligibility"), ("au_", "au_status", "Authorization")):
        typed = any(plan.get(name, "").strip() for name in CLEARING_SPECS if name.startswith(prefix) and name != "eb_source")
        if typed and not plan.get(key):
            yield key, label, "Say what the payer answered."
    answer, given = eligibility_in(plan), authorization_in(plan, today)
    for key, label, one in (("eb_status", "Eligibility", answer), ("au_number", "Authorization", given)):
        try:
            if one is not None:
                one.check()
        except DeskError as wrong:
            yield key, label, wrong.text


def copays_in(form: RegistrationForm, own: VisitRow | None) -> tuple[list[tuple[str, Money]], Money]:
    """What is due today by plan, less what was paid for it, and what is billed once the plans have paid."""
    lines: list[tuple[str, Money]] = []
    later = ZERO
    paid = own.paid_for.get("copay", ZERO) if own else ZERO
    for _, plan in used_plans(form):
        share = share_in(plan)
        copay = share.copay if share else money_in(plan, "copay") or ZERO
        later += share.billed_later if share else ZERO
        settled = min(copay, paid)
        paid -= settled
        name = f"{plan.get('payer', '')} {plan.get('plan', '')}".strip()
        lines += [(name, copay - settled)] if copay > settled else []
    ahead = total(own.paid_for.get(one, ZERO) for one in ("deductible", "coinsurance")) if own else ZERO
    return lines, max(later - ahead, ZERO)
