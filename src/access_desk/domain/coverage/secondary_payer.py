"""Who pays before Medicare: the Medicare secondary payer questionnaire.

CMS Pub. 100-05, Medicare Secondary Payer Manual, chapter 3, section 20.2.1 (model questionnaire), section 20.1 (when it is
asked); 42 CFR part 411, subparts B to H. One answer leads to the next question: only those that apply are asked. MSP types
are the insurance type codes of claims (X12 SBR05, NUBC value codes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from access_desk.domain.errors import DeskError, Refusal

VERSION = "CMS 100-05 ch. 3 20.2.1, 2026-11"
ASKED_AGAIN_AFTER = timedelta(days=90)
KEPT_YEARS = 10
COORDINATION_MONTHS = 30
ANSWERED_BY = ("patient", "representative", "record")
YES, NO = "yes", "no"
YES_NO = ((YES, "Yes"), (NO, "No"))
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``kind`` is ``yes_no``, ``choice`` or ``date``."""

    key: str
    text: str
    kind: str = "yes_no"
    choices: tuple[tuple[str, str], ...] = YES_NO


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who pays first. ``msp_type`` is blank when Medicare does; ``rule`` cites why. ``conditional``: Medicare pays only
    until the insurer who is responsible does.
    """

    pays_first: str
    msp_type: str
    reason: str
    rule: str
    conditional: bool = False

    @property
    def is_medicare_first(self) -> bool:
        """Whether Medicare is the primary payer."""
        return not self.msp_type


_BASIS = (("age", "Age, 65 or older"), ("disability", "Disability"), ("esrd", "End-stage renal disease"))
QUESTIONS: Mapping[str, Question] = {
    one.key: one
    for one in (
        Question("black_lung", "Does the patient get Black Lung benefits, and is today's care for that lung condition?"),
        Question("research", "Will a government research program pay for today's care?"),
        Question("va", "Has Veterans Affairs authorized this care, and agreed to pay for it here?"),
        Question("work", "Is today's care for an illness or injury due to work?"),
        Question("accident", "Is today's care for an accident that was not at work?"),
        Question("accident_on", "When did the accident happen?", "date", ()),
        Question("no_fault", "Is there no-fault insurance: car, home or medical-payments cover?"),
        Question("no_fault_prompt", "Can that insurer be expected to pay within 120 days?"),
        Question("liability", "Was somebody else responsible, who is insured or pays for it?"),
        Question("liability_prompt", "Can the liability insurer be expected to pay within 120 days?"),
        Question("basis", "Why does the patient have Medicare?", "choice", _BASIS),
        Question("also_basis", "Besides kidney disease, also by age or disability?"),
        Question("employed", "Does the patient work now?"),
        Question("spouse_employed", "Does the spouse, or for a disabled patient a family member, work now?"),
        Question("group_plan", "Is there a group health plan from that current work?"),
        Question("employer_20", "Does the employer have 20 or more employees (or one of several employers in the plan)?"),
        Question("employer_100", "Does the employer have 100 or more employees (or one of several employers in the plan)?"),
        Question("esrd_plan", "Is there a group health plan, the patient's own or a family member's?"),
        Question("transplant", "Has the patient had a kidney transplant?"),
        Question("transplant_on", "When was the transplant?", "date", ()),
        Question("dialysis", "Is the patient on regular dialysis?"),
        Question("dialysis_on", "When did the course of dialysis begin?", "date", ()),
        Question("self_training", "Was there training for self-dialysis in its first three months?"),
        Question("first_esrd", "Was kidney disease the first reason for Medicare, or came it together with the others?"),
        Question("plan_was_first", "Did the group plan already pay first because of age or disability?"),
    )
}


def next_question(answers: Mapping[str, str], service_on: date) -> Question | None:
    """What has to be asked next; None when the outcome is certain."""
    found = _walk(answers, service_on)
    return found if isinstance(found, Question) else None


def asked(answers: Mapping[str, str], service_on: date) -> tuple[Question, ...]:
    """The questions that apply, in their order: those answered, and the one that is next."""
    looked_at = _Answers(answers)
    _decide(looked_at, service_on)
    return tuple(QUESTIONS[key] for key in looked_at.asked)


def outcome(answers: Mapping[str, str], service_on: date) -> Outcome:
    """Who pays first.

    Raises:
        DeskError: ``bad_value`` while a question that applies is not answered.
    """
    found = _walk(answers, service_on)
    if isinstance(found, Question):
        raise DeskError(Refusal.BAD_VALUE, f"The Medicare questionnaire is not complete: {found.text}")
    return found


def applying(answers: Mapping[str, str], service_on: date) -> dict[str, str]:
    """The answers to questions that apply; what was typed on a path that was left again is not part of the answer."""
    return {one.key: answers[one.key] for one in asked(answers, service_on) if answers.get(one.key)}


def is_due(visit_type: str, *, recurring: bool, last_asked: date | None, today: date) -> bool:
    """Whether a Medicare patient has to be asked for this visit, which has no answers of its own yet.

    Every inpatient admission and outpatient encounter; a recurring outpatient service again after 90 days (section 20.1).
    """
    if recurring and visit_type == "outpatient" and last_asked is not None:
        return today - last_asked > ASKED_AGAIN_AFTER
    return True


def keep_until(asked_on: date) -> date:
    """Until when the answers are kept: ten years (42 CFR 489.20(f), Pub. 100-05 chapter 3 section 20.2)."""
    year = asked_on.year + KEPT_YEARS
    is_leap_day = (asked_on.month, asked_on.day) == (2, 29)
    return date(year, 3, 1) if is_leap_day else asked_on.replace(year=year)


def coordination_period(transplant_on: date | None, dialysis_on: date | None, *, self_training: bool) -> tuple[date, date] | None:
    """The 30 months in which a group plan pays before Medicare: first day, and first day after (42 CFR 411.162(b) to (d)).

    They begin with eligibility: the month of the transplant; the month in which dialysis began after training for
    self-dialysis; otherwise the third month after it began (42 CFR 406.13(e)). The earliest counts.
    """
    starts: list[date] = []
    if transplant_on is not None:
        starts.append(transplant_on.replace(day=1))
    if dialysis_on is not None:
        starts.append(_months_later(dialysis_on, 0 if self_training else 3))
    if not starts:
        return None
    return min(starts), _months_later(min(starts), COORDINATION_MONTHS)


def _months_later(day: date, months: int) -> date:
    index = day.year * MONTHS + day.month - 1 + months
    return date(index // MONTHS, index % MONTHS + 1, 1)


class _UnansweredError(Exception):
    """A question that applies has no usable answer yet."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.key)
        self.question = question


class _Answers:
    """The answers, with what was asked for on the way; one that cannot be used is as good as none."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def yes(self, key: str) -> bool:
        return self.choice(key) == YES

    def choice(self, key: str) -> str:
        self.asked.append(key)
        question = QUESTIONS[key]
        answer = self._answers.get(key, "")
        if answer not in dict(question.choices):
            raise _UnansweredError(question)
        return answer

    def day(self, key: str) -> date:
        self.asked.append(key)
        try:
            return date.fromisoformat(self._answers.get(key, ""))
        except ValueError as wrong:
            raise _UnansweredError(QUESTIONS[key]) from wrong


def _walk(answers: Mapping[str, str], service_on: date) -> Question | Outcome:
    return _decide(_Answers(answers), service_on)


def _decide(answers: _Answers, service_on: date) -> Question | Outcome:
    try:
        found = _other_programs(answers)
        if found is not None:
            return found
        accident = _accident(answers)
        if accident is not None and not accident.is_medicare_first:
            return accident
        by_work = _by_entitlement(answers, service_on)
    except _UnansweredError as unanswered:
        return unanswered.question
    # Nobody pays promptly for the accident: Medicare may, until they do; a group plan that comes first still does.
    return accident if accident is not None and by_work.is_medicare_first else by_work


def _other_programs(answers: _Answers) -> Outcome | None:
    if answers.yes("black_lung"):
        return Outcome(
            "black_lung", "41", "Black Lung benefits pay for care of the lung condition.", "42 CFR 411.40; MSPQ part I, 1"
        )
    if answers.yes("research"):
        return Outcome("research", "16", "The government research program pays first.", "42 CFR 411.8; MSPQ part I, 2")
    if answers.yes("va"):
        return Outcome("va", "42", "Veterans Affairs authorized the care and pays for it.", "42 CFR 411.6; MSPQ part I, 3")
    if answers.yes("work"):
        return Outcome("workers_comp", "15", "Workers' compensation pays for care due to work.", "42 CFR 411.40; MSPQ part I, 4")
    return None


def _accident(answers: _Answers) -> Outcome | None:
    if not answers.yes("accident"):
        return None
    answers.day("accident_on")
    late = False
    if answers.yes("no_fault"):
        if answers.yes("no_fault_prompt"):
            return Outcome("no_fault", "14", "No-fault insurance pays first.", "42 CFR 411.50, 411.51; MSPQ part II, 2")
        late = True
    if answers.yes("liability"):
        if answers.yes("liability_prompt"):
            return Outcome("liability", "47", "The liability insurer pays first.", "42 CFR 411.50, 411.52; MSPQ part II, 3")
        late = True
    if not late:
        return None
    reason = "The insurer will not pay within 120 days: Medicare pays conditionally and is paid back."
    return Outcome("medicare", "", reason, "42 CFR 411.21, 411.52, 411.53", conditional=True)


def _by_entitlement(answers: _Answers, service_on: date) -> Outcome:
    match answers.choice("basis"):
        case "age":
            return _working(answers, "employer_20", "12", "working aged", "42 CFR 411.170, 411.172; MSPQ part IV")
        case "disability":
            return _working(answers, "employer_100", "43", "disabled", "42 CFR 411.201, 411.204; MSPQ part V")
    return _kidney(answers, service_on)


def _working(answers: _Answers, size: str, msp_type: str, who: str, rule: str) -> Outcome:
    least = size.removeprefix("employer_")
    if not answers.yes("employed") and not answers.yes("spouse_employed"):
        return Outcome("medicare", "", "Nobody whose plan covers the patient works now.", rule)
    if not answers.yes("group_plan"):
        return Outcome("medicare", "", "There is no group health plan from current work.", rule)
    if not answers.yes(size):
        return Outcome("medicare", "", f"The employer has fewer than {least} employees.", rule)
    return Outcome("group_plan", msp_type, f"The group plan of an employer of {least} or more pays first ({who}).", rule)


def _kidney(answers: _Answers, service_on: date) -> Outcome:
    rule = "42 CFR 411.162, 411.163; MSPQ part VI"
    if not answers.yes("esrd_plan"):
        return Outcome("medicare", "", "There is no group health plan.", rule)
    transplant = answers.day("transplant_on") if answers.yes("transplant") else None
    dialysis, training = None, False
    if answers.yes("dialysis"):
        dialysis = answers.day("dialysis_on")
        training = answers.yes("self_training")
    period = coordination_period(transplant, dialysis, self_training=training)
    if period is None or service_on >= period[1]:
        return Outcome("medicare", "", "The 30 months in which the group plan comes first are over.", rule)
    first = Outcome("group_plan", "13", "The group plan pays first for 30 months of kidney disease.", rule)
    if not answers.yes("also_basis") or answers.yes("first_esrd"):
        return first
    if answers.yes("plan_was_first"):
        return first
    return Outcome("medicare", "", "Medicare already paid first by age or disability, and goes on.", rule)
