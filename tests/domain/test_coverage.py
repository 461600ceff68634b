"""Plans of a visit: their fold in any order of arrival, the order of benefits, clearance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.coverage.authorization import Authorization, is_required, payer_key
from access_desk.domain.coverage.clearance import STATES, PlanStanding, Standing, clearance
from access_desk.domain.coverage.commands import card_media_type, check_coverage, is_effective
from access_desk.domain.coverage.decide import as_questionnaire_says
from access_desk.domain.coverage.eligibility import EligibilityAnswer
from access_desk.domain.coverage.events import (
    AuthorizationRecorded,
    CoverageAdded,
    CoverageAmended,
    CoverageRemoved,
    CoveragesReordered,
    EligibilityChecked,
    SecondaryPayerAnswered,
)
from access_desk.domain.coverage.state import CoverageState, Mark, coverage_of, coverage_texts, folded
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.share import ShareInputs, share_of
from access_desk.domain.events import Body
from access_desk.domain.money import Money
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PPO = Coverage("Northlake Health", "PPO", "NHP447199203", "80-2217", "self", copay=Money(7_500), starts=date(2026, 1, 1))
MEDICARE = Coverage("Medicare", "Part A and B", "1EG4TE5MK73", medicare=True)
ACTIVE = EligibilityAnswer("1", Money(7_500), 2_000, Money(0), Money(500_000))


def state_of(*bodies: Body) -> CoverageState:
    state = CoverageState()
    for number, body in enumerate(bodies):
        state = folded(state, body, Mark(f"{number:03}"))
    return state


REGISTERED = VisitRegistered("V", "P", "1", VisitDetails(), (PPO, MEDICARE))
LATER: tuple[Body, ...] = (
    CoverageAmended("V", "P", "V.1", {"copay": "25.00", "group": "80-2218"}),
    CoverageAdded("V", "P", "C", 3, replace(PPO, payer="Ohio Valley Mutual")),
    CoverageAmended("V", "P", "C", {"member_id": "OVM 5520 81"}),
    CoverageAmended("V", "P", "V.1", {"copay": ""}),
    CoveragesReordered("V", "P", ("C", "V.1")),
    CoverageRemoved("V", "P", "V.2", "not his"),
    EligibilityChecked("V", "P", "C", "phone", NOON, ACTIVE),
)


def test_the_latest_stamp_decides_not_the_arrival() -> None:
    events = [(body, Mark(f"{number:03}")) for number, body in enumerate((REGISTERED, *LATER))]
    expected = state_of(REGISTERED, *LATER)
    assert [plan.coverage_id for plan in expected.in_order()] == ["C", "V.1"]
    first, second = expected.in_order()
    assert (first.coverage.member_id, second.coverage.copay, second.coverage.group) == ("OVM 5520 81", None, "80-2218")
    for order in permutations(events):
        state = CoverageState()
        for body, mark in order:
            state = folded(state, body, mark)
        assert state.in_order() == expected.in_order()


TEXT = st.text(max_size=12)
COVERAGES = st.builds(
    Coverage, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, st.none() | st.integers(0, 999_999_999).map(Money), st.booleans(),
    st.none() | st.dates(), st.none() | st.dates(), st.none() | st.dates(),
)  # fmt: skip


@given(COVERAGES)
def test_a_plan_survives_being_told_as_texts(coverage: Coverage) -> None:
    assert coverage_of(coverage_texts(coverage)) == coverage


@pytest.mark.parametrize(
    ("coverage", "code"),
    [
        (replace(PPO, payer=" "), Refusal.BAD_VALUE),
        (replace(PPO, relationship="neighbour"), Refusal.BAD_VALUE),
        (replace(PPO, relationship="spouse"), Refusal.BAD_VALUE),
        (replace(MEDICARE, relationship="spouse", subscriber="Trujillo, Rafael"), Refusal.BAD_VALUE),
        (replace(MEDICARE, member_id="1EG4TE5MK7S"), Refusal.BAD_IDENTIFIER),
        (replace(PPO, ends=date(2025, 12, 31)), Refusal.BAD_VALUE),
        (replace(PPO, copay=Money(-1)), Refusal.BAD_AMOUNT),
    ],
)
def test_plans_that_cannot_be(coverage: Coverage, code: Refusal) -> None:
    with pytest.raises(DeskError) as refused:
        check_coverage(coverage)
    assert refused.value.code is code


def test_plans_that_can_be() -> None:
    for coverage in (PPO, MEDICARE, replace(MEDICARE, relationship="self"), replace(PPO, relationship="child", subscriber="A")):
        check_coverage(coverage)


@pytest.mark.parametrize(
    ("starts", "ends", "covers"),
    [
        (None, None, True), (TODAY, TODAY, True), (date(2026, 11, 24), None, False), (None, date(2026, 11, 22), False),
        (date(2026, 1, 1), date(2026, 12, 31), True),
    ],
)  # fmt: skip
def test_a_plan_is_effective_on_the_day_of_the_visit(starts: date | None, ends: date | None, covers: bool) -> None:
    assert is_effective(replace(PPO, starts=starts, ends=ends), TODAY) is covers


def answered(msp_type: str) -> SecondaryPayerAnswered:
    return SecondaryPayerAnswered("V", "P", "1", "patient", {}, "group_plan" if msp_type else "medicare", msp_type, "rule")


@pytest.mark.parametrize(
    ("msp_type", "order", "told"),
    [
        ("12", ["V.2", "V.1"], ["V.1", "V.2"]),
        ("12", ["V.1", "V.2"], ["V.1", "V.2"]),
        ("12", ["V.2", "V.1", "C"], ["V.1", "V.2", "C"]),
        ("", ["V.1", "V.2"], ["V.2", "V.1"]),
        ("", ["V.2", "V.1"], ["V.2", "V.1"]),
    ],
)
def test_the_questionnaire_decides_who_is_first(msp_type: str, order: list[str], told: list[str]) -> None:
    state = state_of(REGISTERED, LATER[1], answered(msp_type))
    assert as_questionnaire_says(state, order) == told


def test_without_a_questionnaire_the_order_stays() -> None:
    assert as_questionnaire_says(state_of(REGISTERED), ["V.2", "V.1"]) == ["V.2", "V.1"]


@given(st.permutations(["V.1", "V.2", "C"]), st.sampled_from(["", "12", "15"]))
def test_the_questionnaire_only_moves_plans(order: list[str], msp_type: str) -> None:
    state = state_of(REGISTERED, LATER[1], answered(msp_type))
    told = as_questionnaire_says(state, order)
    assert sorted(told) == sorted(order)
    assert (told[0] == "V.2") == (not msp_type)
    assert as_questionnaire_says(state, told) == told


APPROVED = Authorization("approved", "NHP-A-229107", TODAY, date(2026, 12, 31), 3, 3)
SHARE = share_of(ShareInputs(Money(93_000), Money(7_500), coinsurance=2_000))
INSURED = Standing("outpatient", TODAY, plans=(PlanStanding(PPO, ACTIVE, None, SHARE),))
STAY = replace(INSURED, visit_type="inpatient")


def plan(standing: Standing, **changes: object) -> Standing:
    return replace(standing, plans=(replace(standing.plans[0], **changes),))  # type: ignore[arg-type]


WORKING = replace(INSURED, plans=(INSURED.plans[0], PlanStanding(MEDICARE, EligibilityAnswer("1"))))
CLEARANCES = [
    ("emergency, not screened", replace(INSURED, visit_type="emergency", is_released=False), "exempt_emtala", 0),
    ("nothing entered", Standing("outpatient", TODAY), "not_started", 1),
    ("self-pay, estimate due", Standing("outpatient", TODAY, good_faith_due=TODAY), "pending_estimate", 1),
    ("self-pay, estimate given", Standing("outpatient", TODAY, has_good_faith=True), "cleared", 0),
    ("all there", INSURED, "cleared", 0),
    ("not checked", plan(INSURED, eligibility=None), "pending_eligibility", 1),
    ("inactive", plan(INSURED, eligibility=EligibilityAnswer("6")), "pending_eligibility", 1),
    ("pending investigation", plan(INSURED, eligibility=EligibilityAnswer("5")), "pending_eligibility", 1),
    (
        "active, but ended before the visit",
        plan(INSURED, eligibility=EligibilityAnswer("1", ends=date(2026, 10, 31))), "pending_eligibility", 1,
    ),
    ("plan ended", plan(INSURED, coverage=replace(PPO, ends=date(2026, 10, 31))), "pending_coverage", 1),
    ("no estimate although there is coinsurance", plan(INSURED, share=None), "pending_estimate", 1),
    ("no estimate needed", plan(INSURED, share=None, eligibility=EligibilityAnswer("1", Money(7_500))), "cleared", 0),
    ("copay not paid", replace(INSURED, copay_due=Money(7_500)), "pending_payment", 1),
    ("stay without authorization", STAY, "pending_authorization", 1),
    ("stay, authorized", plan(STAY, authorization=APPROVED), "cleared", 0),
    ("stay, authorized until today", plan(STAY, authorization=replace(APPROVED, ends=TODAY, starts=None)), "cleared", 0),
    ("stay, ended yesterday", plan(STAY, authorization=replace(APPROVED, starts=None, ends=date(2026, 11, 22))),
     "pending_authorization", 1),
    ("stay, no answer", plan(STAY, authorization=Authorization("requested")), "pending_authorization", 1),
    ("stay, denied", plan(STAY, authorization=Authorization("denied")), "pending_authorization", 1),
    ("stay, payer wants none", plan(STAY, authorization=Authorization("not_required")), "cleared", 0),
    ("outpatient, payer wants one", replace(INSURED, rules={"northlake health": ("outpatient",)}), "pending_authorization", 1),
    ("stay, payer never wants one", replace(STAY, rules={"northlake health": ()}), "cleared", 0),
    ("Medicare, not asked", replace(WORKING, questionnaire="due"), "pending_coverage", 1),
    ("Medicare, asked", replace(WORKING, questionnaire="answered", msp_type="12"), "cleared", 0),
    (
        "Medicare, first payer not on file",
        replace(WORKING, plans=WORKING.plans[1:], questionnaire="answered", msp_type="12"), "pending_coverage", 1,
    ),
    ("everything missing", replace(STAY, plans=(PlanStanding(PPO),), copay_due=Money(1)), "pending_eligibility", 3),
]  # fmt: skip


@pytest.mark.parametrize(("standing", "state", "lacks"), [one[1:] for one in CLEARANCES], ids=[one[0] for one in CLEARANCES])
def test_clearance(standing: Standing, state: str, lacks: int) -> None:
    found = clearance(standing)
    assert (found.state, len(found.lacks)) == (state, lacks)
    assert [STATES.index(one.state) for one in found.lacks] == sorted(STATES.index(one.state) for one in found.lacks)


def test_every_state_is_reached() -> None:
    assert {one[2] for one in CLEARANCES} == set(STATES)


@pytest.mark.parametrize(
    ("payer", "visit_type", "medicare", "required"),
    [
        ("Northlake", "outpatient", False, False), ("Northlake", "inpatient", False, True),
        ("Northlake", "observation", False, True), ("Northlake", "emergency", False, False),
        ("Medicare", "inpatient", True, False), ("ohio  VALLEY mutual", "outpatient", False, True),
        ("Ohio Valley Mutual", "inpatient", False, False), ("Ohio Valley Mutual", "emergency", False, False),
    ],
)  # fmt: skip
def test_when_an_authorization_is_required(payer: str, visit_type: str, medicare: bool, required: bool) -> None:
    rules = {payer_key("Ohio Valley Mutual"): ("outpatient", "emergency")}
    assert is_required(payer, visit_type, rules, medicare=medicare) is required


@pytest.mark.parametrize(
    "wrong",
    [
        Authorization("perhaps"), Authorization("approved"), Authorization("approved", "1", TODAY, date(2026, 1, 1)),
        Authorization("requested", requested_units=-1),
    ],
)  # fmt: skip
def test_authorizations_that_cannot_be(wrong: Authorization) -> None:
    with pytest.raises(DeskError) as refused:
        wrong.check()
    assert refused.value.code is Refusal.BAD_VALUE


def test_an_authorization_of_no_units_allows_nothing() -> None:
    assert not replace(APPROVED, approved_units=0).allows(TODAY)
    assert state_of(REGISTERED, AuthorizationRecorded("V", "P", "V.1", APPROVED)).plans["V.1"].authorization is not None


def test_cards_are_png_or_jpeg_by_their_bytes() -> None:
    assert card_media_type(b"\x89PNG\r\n\x1a\n rest") == "image/png"
    assert card_media_type(b"\xff\xd8\xff\xe0 rest") == "image/jpeg"
    for wrong in (b"%PDF-1.7", b"", b"GIF89a"):
        with pytest.raises(DeskError):
            card_media_type(wrong)
