"""What the Register page shows, worked out from the form: sections, what is missing, what is owed."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from access_desk.domain.money import Money, total
from access_desk.domain.registration.rules import Finding
from access_desk.domain.registration.sheet import NEWBORN, UNKNOWN_PERSON
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.coverage_lacks import copays_in, lacking
from access_desk.presentation.hidden_names import NEWBORN_OF
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_age, shown_date
from access_desk.presentation.registration_fields import (
    INTERPRETER_CHOICES,
    SECTION_TITLES,
    SEX_CHOICES,
    TYPE_CHOICES,
    choice_word,
    hidden_ssn,
)
from access_desk.presentation.registration_findings import Advice, found_in, stops
from access_desk.presentation.registration_form import (
    RegistrationForm,
    spec_of,
    split_key,
    title_of,
)
from access_desk.presentation.registration_paper import came_text, is_from_paper

WITHHELD = "Emergency visit: coverage and payment are not asked for before the screening exam."
COVERAGE = 4
_MONTHS = tuple(f"{name} " for name in calendar.month_name[1:])


@dataclass(frozen=True, slots=True)
class Fact:
    """A caption with its value on the patient banner."""

    caption: str
    value: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something filing waits for: the field, what it is called, and where it stands."""

    key: str
    section: int
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary, which leads to its field."""

    key: str
    section: int
    text: str


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section's header. ``status`` is ``complete``, ``look``, ``missing``, ``fix`` or ``withheld``; a folded one shows
    ``summary``.
    """

    number: int
    title: str
    status: str
    status_text: str
    summary: str
    can_fold: bool
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class OwedLine:
    """Something the patient owes today."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Owed:
    """The Owed today panel; ``due`` is None while money may not be asked for, ``later`` is billed once plans have paid."""

    lines: tuple[OwedLine, ...] = ()
    due: Money | None = Money(0)
    note: str = ""
    later: Money = Money(0)


@dataclass(frozen=True, slots=True)
class Banner:
    """Who this is about."""

    name: str
    facts: tuple[Fact, ...]
    alerts: tuple[str, ...]


MOST_SHOWN, MOST_ON_CHIP = 60, 22


def shortened(text: str, most: int = MOST_SHOWN) -> str:
    """A text for a place that cannot shorten it by its own width; the whole text is kept where it was typed."""
    return text if len(text) <= most else text[: most - 1] + "…"


def banner_of(form: RegistrationForm, today: date, minded: Sequence[str] = ()) -> Banner:
    """Name, birth date with age, sex, MRN and visit; what is not known says so. ``minded`` are alerts from the desk."""
    born = f"Not known ({form.estimated_age})" if form.estimated_age else "Not known"
    typed = form.values.get("birth_date", "")
    if typed.strip():
        try:
            day = read_date(typed, today, birth=True)
            born = f"{shown_date(day)} ({shown_age(day, today)})"
        except TypedTextError:
            born = shortened(typed, MOST_ON_CHIP)
    sex = choice_word(SEX_CHOICES, form.values.get("sex", "")) or "Not known"
    facts = [Fact("Born", born), Fact("Sex", sex), Fact("MRN", form.mrn or "Given when filed")]
    if form.account_number:
        facts.append(Fact("Visit", form.account_number))
    return Banner(title_of(form), tuple(facts), (*minded, *_alerts(form)))


def _alerts(form: RegistrationForm) -> tuple[str, ...]:
    alerts: list[str] = []
    if form.values.get("interpreter"):
        language = form.values.get("language", "").strip()
        alerts.append(f"{shortened(language, MOST_ON_CHIP)} interpreter" if language else "Interpreter needed")
    if is_from_paper(form.values):
        alerts.append(
            f"From paper, {shortened(came_text(form.values), MOST_ON_CHIP)}" if came_text(form.values) else "From paper"
        )
    if form.who == UNKNOWN_PERSON:
        alerts.append("Unidentified")
    if form.who == NEWBORN and form.mother_name:
        alerts.append(f"{NEWBORN_OF}{shortened(form.mother_name)}")
    if form.despite_match:
        alerts.append("Goes to review: similar record")
    return tuple(alerts)


def missing_of(form: RegistrationForm, found: Sequence[Finding], today: date) -> tuple[Missing, ...]:
    """Everything filing waits for, in reading order: blank required fields and texts that cannot be used."""
    lines: dict[str, Missing] = {}
    for one in found:
        if one.gates and one.key not in lines:
            detail = _shorter(one.text) if form.value(one.key).strip() else "blank"
            lines[one.key] = _missing(form, one.key, label_of(form, one.key), detail)
    for key, label, text in lacking(form, today):
        lines.setdefault(key, _missing(form, key, label, _shorter(text)))
    return tuple(lines.values())


def _missing(form: RegistrationForm, key: str, label: str, detail: str) -> Missing:
    section = spec_of(key).section
    return Missing(key, section, label, f"{SECTION_TITLES[section - 1]}: {detail}")


def problems_of(form: RegistrationForm, today: date) -> tuple[Problem, ...]:
    """What the error summary lists after F12, in the words that stand beside the fields."""
    problems: list[Problem] = []
    lacks = {key: text for key, _, text in lacking(form, today)}
    for one in missing_of(form, found_in(form, today), today):
        wrong = stops(form, one.key, today) or lacks.get(one.key, "")
        problems.append(Problem(one.key, one.section, f"{one.label}: {_in_a_sentence(wrong)}"))
    return tuple(problems)


def label_of(form: RegistrationForm, key: str) -> str:
    """A field's label; a plan's number is added when there are several."""
    number, _ = split_key(key)
    label = spec_of(key).label
    return f"{label}, plan {number}" if number and len(form.plans) > 1 else label


def _shorter(text: str) -> str:
    """``9 of 10 digits`` for the side panel, from the field's own message."""
    words = text.split()
    if text.startswith("Enter ") and text.endswith("typed.") and words[1].isdecimal():
        return f"{words[3]} of {words[1]} digits"
    return _in_a_sentence(text).rstrip(".")


def _in_a_sentence(text: str) -> str:
    """A message after a label: begun small, unless it begins with the name of a month."""
    return text if text.startswith(_MONTHS) else text[:1].lower() + text[1:]


def sections_of(
    form: RegistrationForm, errors: Mapping[str, str], missing: Sequence[Missing], advice: Sequence[Advice]
) -> tuple[SectionState, ...]:
    """The sections of what is typed. A section with an error never folds."""
    wrong = [sum(1 for one in advice if one.is_error and one.section == number) for number in range(COVERAGE + 1)]
    return tuple(_section(form, number, errors, missing, wrong[number]) for number in range(1, COVERAGE + 1))


def _section(
    form: RegistrationForm, number: int, errors: Mapping[str, str], missing: Sequence[Missing], to_look_at: int
) -> SectionState:
    title = SECTION_TITLES[number - 1]
    if number == COVERAGE and form.withholds_coverage:
        return SectionState(number, title, "withheld", "Not asked yet", WITHHELD, can_fold=True, is_read_only=True)
    wrong = sum(1 for key in errors if spec_of(key).section == number and errors[key])
    lacks = sum(1 for one in missing if one.section == number)
    summary = _SUMMARIES[number - 1](form)
    if wrong:
        return SectionState(number, title, "fix", f"{wrong} to fix", summary, can_fold=False)
    if lacks:
        return SectionState(number, title, "missing", f"{lacks} missing", summary, can_fold=False)
    if number == COVERAGE and not any(form.plan_is_used(one) for one in range(1, len(form.plans) + 1)):
        # Stays open, so that Enter leads through it; filing does not wait for it.
        return SectionState(number, title, "complete", summary, summary, can_fold=False)
    if to_look_at:
        return SectionState(number, title, "look", f"{to_look_at} to look at", summary, can_fold=True)
    return SectionState(number, title, "complete", "Complete", summary, can_fold=True)


def _joined(*parts: str) -> str:
    return ", ".join(part.strip() for part in parts if part.strip())


def _identity(form: RegistrationForm) -> str:
    ssn = hidden_ssn(form.values.get("ssn", ""))
    sex = choice_word(SEX_CHOICES, form.values.get("sex", ""))
    return _joined(title_of(form), form.values.get("birth_date", ""), sex, f"SSN {ssn}" if ssn.strip() else "")


def _contact(form: RegistrationForm) -> str:
    value = form.value
    interpreter = f"interpreter {choice_word(INTERPRETER_CHOICES, value('interpreter')).lower()}" if value("interpreter") else ""
    near = _joined(value("line"), value("city"), f"{value('state')} {value('zip')}")
    return _joined(near, value("phone"), value("language"), interpreter) or "Nothing typed"


def _visit(form: RegistrationForm) -> str:
    kind = choice_word(TYPE_CHOICES, form.value("type"))
    return _joined(f"{kind} {form.value('service')}", form.value("reason"), form.value("location"))


def _coverage(form: RegistrationForm) -> str:
    used = [plan for number, plan in enumerate(form.plans, 1) if form.plan_is_used(number)]
    plans = [_joined(f"{plan.get('payer', '')} {plan.get('plan', '')}", plan.get("member_id", "")) for plan in used]
    return "; ".join(plans) or "No plan: the visit is self-pay"


_SUMMARIES = (_identity, _contact, _visit, _coverage)


def plan_summary(plan: Mapping[str, str]) -> str:
    """``NHP447199203, group 80-2217, self`` under a plan's name."""
    group = plan.get("group", "")
    return _joined(plan.get("member_id", ""), f"group {group}" if group.strip() else "", plan.get("relationship", ""))


def owed_of(form: RegistrationForm, earlier: Sequence[VisitRow], own: VisitRow | None) -> Owed:
    """What can be asked for today: the plans' copays, or what is left of a visit on file, and earlier copays."""
    if form.withholds_coverage:
        return Owed((), None, WITHHELD)
    copays, later = copays_in(form, own)
    lines = [OwedLine(_joined("Copay", plan), copay) for plan, copay in copays]
    lines += [OwedLine(f"Copay from {shown_date(one.arrived_at.date())}", one.copay_owed) for one in earlier if one.copay_owed]
    note = "" if lines else "Nothing is due for this visit."
    return Owed(tuple(lines), total(line.amount for line in lines), note, later)
