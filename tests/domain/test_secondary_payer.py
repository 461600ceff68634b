"""Who pays before Medicare: CMS Pub. 100-05 chapter 3, section 20.2.1, as a table of cases and as properties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.coverage import secondary_payer as msp
from access_desk.domain.errors import DeskError, Refusal

TODAY = date(2026, 11, 23)
NO_PROGRAM = {"black_lung": "no", "research": "no", "va": "no", "work": "no"}
NO_ACCIDENT = {**NO_PROGRAM, "accident": "no"}
CAR = {**NO_PROGRAM, "accident": "yes", "accident_on": "2026-10-30"}
AGED = {**NO_ACCIDENT, "basis": "age"}
DISABLED = {**NO_ACCIDENT, "basis": "disability"}
KIDNEY = {**NO_ACCIDENT, "basis": "esrd", "esrd_plan": "yes"}
NOT_WORKING = {"employed": "no", "spouse_employed": "no"}
DIALYSIS = {"transplant": "no", "dialysis": "yes", "self_training": "no"}

# What is answered, who pays first, MSP type, and where it is written.
CASES = [
    ("black lung first of all", {"black_lung": "yes"}, "black_lung", "41", "part I, 1"),
    ("government research", {"black_lung": "no", "research": "yes"}, "research", "16", "part I, 2"),
    ("authorized by VA", {"black_lung": "no", "research": "no", "va": "yes"}, "va", "42", "part I, 3"),
    ("hurt at work", {**NO_PROGRAM, "work": "yes"}, "workers_comp", "15", "part I, 4"),
    ("car, no-fault pays", {**CAR, "no_fault": "yes", "no_fault_prompt": "yes"}, "no_fault", "14", "part II, 2"),
    (
        "car, somebody else liable",
        {**CAR, "no_fault": "no", "liability": "yes", "liability_prompt": "yes"},
        "liability", "47", "part II, 3",
    ),
    (
        "no-fault is late, liability pays",
        {**CAR, "no_fault": "yes", "no_fault_prompt": "no", "liability": "yes", "liability_prompt": "yes"},
        "liability", "47", "part II, 3",
    ),
    (
        "nobody within 120 days, retired: conditional",
        {**CAR, "no_fault": "no", "liability": "yes", "liability_prompt": "no", "basis": "age", **NOT_WORKING},
        "medicare", "", "411.52",
    ),
    (
        "nobody within 120 days, but a working aged group plan",
        {**CAR, "no_fault": "no", "liability": "yes", "liability_prompt": "no", "basis": "age", "employed": "yes",
         "group_plan": "yes", "employer_20": "yes"},
        "group_plan", "12", "part IV",
    ),
    (
        "fell at home, nobody else: by age",
        {**CAR, "no_fault": "no", "liability": "no", "basis": "age", **NOT_WORKING}, "medicare", "", "part IV",
    ),
    ("aged and retired", {**AGED, **NOT_WORKING}, "medicare", "", "part IV"),
    (
        "aged, works, 20 or more",
        {**AGED, "employed": "yes", "group_plan": "yes", "employer_20": "yes"}, "group_plan", "12", "part IV",
    ),
    (
        "aged, spouse works, 20 or more",
        {**AGED, "employed": "no", "spouse_employed": "yes", "group_plan": "yes", "employer_20": "yes"},
        "group_plan", "12", "part IV",
    ),
    (
        "aged, works, fewer than 20",
        {**AGED, "employed": "yes", "group_plan": "yes", "employer_20": "no"}, "medicare", "", "part IV",
    ),
    ("aged, works, no plan", {**AGED, "employed": "yes", "group_plan": "no"}, "medicare", "", "part IV"),
    (
        "disabled, family works, 100 or more",
        {**DISABLED, "employed": "no", "spouse_employed": "yes", "group_plan": "yes", "employer_100": "yes"},
        "group_plan", "43", "part V",
    ),
    (
        "disabled, fewer than 100",
        {**DISABLED, "employed": "yes", "group_plan": "yes", "employer_100": "no"}, "medicare", "", "part V",
    ),
    ("kidney, no group plan", {**NO_ACCIDENT, "basis": "esrd", "esrd_plan": "no"}, "medicare", "", "part VI"),
    (
        "dialysis for a year",
        {**KIDNEY, **DIALYSIS, "dialysis_on": "2025-11-10", "also_basis": "no"}, "group_plan", "13", "part VI",
    ),
    # Began 2024-02-10: eligible from 2024-05-01, thirty months end with October 2026.
    ("dialysis, 30 months over", {**KIDNEY, **DIALYSIS, "dialysis_on": "2024-02-10"}, "medicare", "", "part VI"),
    # One month later they end with November 2026.
    (
        "dialysis, last month of the 30",
        {**KIDNEY, **DIALYSIS, "dialysis_on": "2024-03-31", "also_basis": "no"}, "group_plan", "13", "part VI",
    ),
    (
        "trained for self-dialysis: no waiting months, over",
        {**KIDNEY, **DIALYSIS, "dialysis_on": "2024-03-31", "self_training": "yes"}, "medicare", "", "part VI",
    ),
    (
        "transplant, also aged, kidney came first",
        {**KIDNEY, "transplant": "yes", "transplant_on": "2026-01-20", "dialysis": "no", "also_basis": "yes",
         "first_esrd": "yes"},
        "group_plan", "13", "part VI",
    ),
    (
        "kidney after age, plan already paid first",
        {**KIDNEY, **DIALYSIS, "dialysis_on": "2025-11-10", "also_basis": "yes", "first_esrd": "no", "plan_was_first": "yes"},
        "group_plan", "13", "part VI",
    ),
    (
        "kidney after age, Medicare already paid first",
        {**KIDNEY, **DIALYSIS, "dialysis_on": "2025-11-10", "also_basis": "yes", "first_esrd": "no", "plan_was_first": "no"},
        "medicare", "", "part VI",
    ),
    (
        "neither dialysis nor transplant yet",
        {**KIDNEY, "transplant": "no", "dialysis": "no"}, "medicare", "", "part VI",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "first", "msp_type", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_case(answers: dict[str, str], first: str, msp_type: str, rule: str) -> None:
    found = msp.outcome(answers, TODAY)
    assert (found.pays_first, found.msp_type) == (first, msp_type)
    assert rule in found.rule
    # Every answer of the case was needed: without any one of them the questionnaire is not complete, or says otherwise.
    assert msp.applying(answers, TODAY) == answers


def test_only_a_late_insurer_makes_medicare_conditional() -> None:
    late = next(case[1] for case in CASES if case[0].startswith("nobody within 120 days, retired"))
    assert msp.outcome(late, TODAY).conditional
    assert not msp.outcome({**AGED, **NOT_WORKING}, TODAY).conditional


_DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31)).map(date.isoformat)
_ANY = st.sampled_from(["", "yes", "no", "age", "disability", "esrd", "never", "2026-02-31"]) | _DAYS


def _answer(question: msp.Question) -> st.SearchStrategy[str]:
    return _DAYS if question.kind == "date" else st.sampled_from([value for value, _ in question.choices])


WHOLE = st.fixed_dictionaries({key: _answer(question) for key, question in msp.QUESTIONS.items()})
ANYTHING = st.dictionaries(st.sampled_from([*msp.QUESTIONS, "no such question"]), _ANY)
MSP_TYPES = {
    "medicare": {""}, "black_lung": {"41"}, "research": {"16"}, "va": {"42"}, "workers_comp": {"15"}, "no_fault": {"14"},
    "liability": {"47"}, "group_plan": {"12", "13", "43"},
}  # fmt: skip


@given(WHOLE)
def test_every_whole_set_of_answers_has_one_outcome(answers: dict[str, str]) -> None:
    found = msp.outcome(answers, TODAY)
    assert found.msp_type in MSP_TYPES[found.pays_first]
    assert found.is_medicare_first == (found.pays_first == "medicare")
    assert found.reason
    assert found.rule
    assert not (found.conditional and not found.is_medicare_first)


@given(WHOLE)
def test_questions_that_do_not_apply_change_nothing(answers: dict[str, str]) -> None:
    only = msp.applying(answers, TODAY)
    assert msp.outcome(only, TODAY) == msp.outcome(answers, TODAY)
    assert [one.key for one in msp.asked(only, TODAY)] == [one.key for one in msp.asked(answers, TODAY)]
    assert set(only) == {one.key for one in msp.asked(answers, TODAY)}


@given(ANYTHING)
def test_any_answers_lead_to_a_question_or_an_outcome(answers: dict[str, str]) -> None:
    question = msp.next_question(answers, TODAY)
    if question is None:
        assert msp.outcome(answers, TODAY).rule
        return
    assert msp.asked(answers, TODAY)[-1] == question
    with pytest.raises(DeskError) as refused:
        msp.outcome(answers, TODAY)
    assert refused.value.code is Refusal.BAD_VALUE


@given(WHOLE)
def test_answering_what_is_asked_always_ends(answers: dict[str, str]) -> None:
    given_so_far: dict[str, str] = {}
    for _ in range(len(msp.QUESTIONS)):
        question = msp.next_question(given_so_far, TODAY)
        if question is None:
            break
        given_so_far[question.key] = answers[question.key]
    assert msp.outcome(given_so_far, TODAY) == msp.outcome(answers, TODAY)


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.booleans())
def test_the_coordination_period_is_thirty_months(began: date, training: bool) -> None:
    period = msp.coordination_period(None, began, self_training=training)
    assert period is not None
    start, end = period
    assert (start.day, end.day) == (1, 1)
    assert (end.year - start.year) * 12 + end.month - start.month == 30
    assert (start.year - began.year) * 12 + start.month - began.month == (0 if training else 3)


@pytest.mark.parametrize(
    ("visit_type", "recurring", "last_asked", "due"),
    [
        ("inpatient", False, TODAY, True),
        ("outpatient", False, TODAY - timedelta(days=1), True),
        ("outpatient", True, None, True),
        ("outpatient", True, TODAY - timedelta(days=90), False),
        ("outpatient", True, TODAY - timedelta(days=91), True),
        ("inpatient", True, TODAY, True),
    ],
)
def test_when_it_is_asked(visit_type: str, recurring: bool, last_asked: date | None, due: bool) -> None:
    assert msp.is_due(visit_type, recurring=recurring, last_asked=last_asked, today=TODAY) is due


def test_answers_are_kept_ten_years() -> None:
    assert msp.keep_until(TODAY) == date(2036, 11, 23)
    assert msp.keep_until(date(2028, 2, 29)) == date(2038, 3, 1)
