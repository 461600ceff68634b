"""A patient's share and the good-faith estimate, as tables of cases and as properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.business_days import add_business_days, business_days_between, is_business_day
from access_desk.domain.estimates.good_faith import GoodFaithEstimate, GoodFaithItem, check_tin, due_on
from access_desk.domain.estimates.share import Share, ShareInputs, share_of
from access_desk.domain.money import Money


def inputs(allowed: int, copay: int = 0, deductible: int = 0, coinsurance: int = 0, left: int | None = None) -> ShareInputs:
    return ShareInputs(Money(allowed), Money(copay), Money(deductible), coinsurance, None if left is None else Money(left))


# allowed, copay, deductible left, coinsurance in basis points, out of pocket left; copay, deductible, coinsurance, uncapped.
SHARES = [
    ("copay alone", (93_000, 7_500), (7_500, 0, 0, 7_500)),
    ("as on the design's page: 75.00 and 20 % of 930.00", (93_000, 7_500, 0, 2_000), (7_500, 0, 18_600, 26_100)),
    ("deductible takes all", (30_000, 0, 50_000, 2_000), (0, 30_000, 0, 30_000)),
    ("deductible, then coinsurance of the rest", (100_000, 2_500, 40_000, 2_000), (2_500, 40_000, 12_000, 54_500)),
    ("capped inside the coinsurance", (100_000, 2_500, 40_000, 2_000, 50_000), (2_500, 40_000, 7_500, 54_500)),
    ("capped inside the deductible", (100_000, 2_500, 40_000, 2_000, 20_000), (2_500, 17_500, 0, 54_500)),
    ("capped inside the copay", (100_000, 2_500, 40_000, 2_000, 1_000), (1_000, 0, 0, 54_500)),
    ("nothing left out of pocket", (100_000, 2_500, 40_000, 2_000, 0), (0, 0, 0, 54_500)),
    ("half a cent goes up", (1, 0, 0, 5_000), (0, 0, 1, 1)),
    ("less than half goes down", (1, 0, 0, 4_999), (0, 0, 0, 0)),
    ("a third of a dollar", (100, 0, 0, 3_333), (0, 0, 33, 33)),
    ("nothing allowed", (0, 0, 50_000, 2_000), (0, 0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("given_", "owed"), [case[1:] for case in SHARES], ids=[case[0] for case in SHARES])
def test_share(given_: tuple[int, ...], owed: tuple[int, ...]) -> None:
    assert share_of(inputs(*given_)) == Share(*(Money(cents) for cents in owed))


CENTS = st.integers(0, 999_999_999)
INPUTS = st.builds(inputs, CENTS, CENTS, CENTS, st.integers(0, 10_000), st.none() | CENTS)


@given(INPUTS)
def test_a_share_is_never_negative_and_never_above_what_is_left(asked: ShareInputs) -> None:
    share = share_of(asked)
    assert min(share.copay, share.deductible, share.coinsurance) >= Money(0)
    assert share.total <= share.uncapped
    assert asked.out_of_pocket_left is None or share.total <= asked.out_of_pocket_left
    assert share.deductible <= min(asked.deductible_left, asked.allowed)
    assert share.billed_later + share.copay == share.total
    assert share.is_capped == (asked.out_of_pocket_left is not None and asked.out_of_pocket_left < share.uncapped)


@given(INPUTS)
def test_without_a_cap_it_is_the_formula_rounded_half_up(asked: ShareInputs) -> None:
    share = share_of(replace(asked, out_of_pocket_left=None))
    deductible = min(asked.deductible_left, asked.allowed)
    exact = Decimal(asked.allowed.cents - deductible.cents) * asked.coinsurance / 10_000
    coinsurance = Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)))
    assert share == Share(asked.copay, deductible, coinsurance, asked.copay + deductible + coinsurance)


@given(INPUTS, CENTS)
def test_more_left_to_pay_never_means_less(asked: ShareInputs, more: int) -> None:
    """Monotone in what is allowed, the copay, the deductible that is left and the cap."""
    least = share_of(asked).total
    bigger = Money(min(999_999_999, asked.copay.cents + more))
    assert share_of(replace(asked, copay=bigger)).total >= least
    allowed = Money(min(999_999_999, asked.allowed.cents + more))
    assert share_of(replace(asked, allowed=allowed)).total >= least
    left = Money(min(999_999_999, asked.deductible_left.cents + more))
    assert share_of(replace(asked, deductible_left=left)).total >= least
    if asked.out_of_pocket_left is not None:
        cap = Money(min(999_999_999, asked.out_of_pocket_left.cents + more))
        assert share_of(replace(asked, out_of_pocket_left=cap)).total >= least


@pytest.mark.parametrize("wrong", [inputs(-1), inputs(1, -1), inputs(1, 1, -1), inputs(1, left=-1), inputs(1_000_000_000)])
def test_amounts_that_cannot_be(wrong: ShareInputs) -> None:
    with pytest.raises(DeskError) as refused:
        share_of(wrong)
    assert refused.value.code is Refusal.BAD_AMOUNT


def test_a_percentage_that_cannot_be() -> None:
    with pytest.raises(DeskError):
        share_of(inputs(1, coinsurance=10_001))


# Monday 23 November 2026; Thursday the 26th is Thanksgiving.
MONDAY = date(2026, 11, 23)
# 45 CFR 149.610(b)(1)(vi): why, asked on, service on, due on.
CLOCKS = [
    ("asked for: 3 business days, over Thanksgiving", "requested", MONDAY, None, date(2026, 11, 27)),
    ("asked for on a Friday", "requested", date(2026, 11, 13), None, date(2026, 11, 18)),
    ("two business days ahead: none is due", "scheduled", MONDAY, date(2026, 11, 25), None),
    ("three business days ahead: 1", "scheduled", MONDAY, date(2026, 11, 27), date(2026, 11, 24)),
    ("Thanksgiving is not the third day", "scheduled", MONDAY, date(2026, 11, 26), None),
    ("nine business days ahead: 1", "scheduled", MONDAY, date(2026, 12, 7), date(2026, 11, 24)),
    ("ten business days ahead: 3", "scheduled", MONDAY, date(2026, 12, 8), date(2026, 11, 27)),
    ("scheduled on a Friday: Monday", "scheduled", date(2026, 11, 20), MONDAY.replace(day=25), MONDAY),
    ("today", "scheduled", MONDAY, MONDAY, None),
]


@pytest.mark.parametrize(("why", "asked_on", "service_on", "due"), [one[1:] for one in CLOCKS], ids=[one[0] for one in CLOCKS])
def test_when_a_good_faith_estimate_is_due(why: str, asked_on: date, service_on: date | None, due: date | None) -> None:
    assert due_on(why, asked_on, service_on) == due


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 1, 1), False), (date(2026, 1, 19), False), (date(2026, 2, 16), False), (date(2026, 5, 25), False),
        (date(2026, 6, 19), False), (date(2026, 7, 3), False), (date(2026, 7, 2), True), (date(2026, 9, 7), False),
        (date(2026, 10, 12), False), (date(2026, 11, 11), False), (date(2026, 11, 26), False), (date(2026, 11, 27), True),
        (date(2026, 12, 25), False), (date(2027, 12, 31), False), (date(2026, 11, 21), False), (date(2020, 6, 19), True),
    ],
)  # fmt: skip
def test_business_days(day: date, open_: bool) -> None:
    assert is_business_day(day) is open_


@given(st.dates(date(2021, 1, 1), date(2035, 12, 31)), st.integers(1, 40))
def test_adding_and_counting_business_days_agree(day: date, days: int) -> None:
    later = add_business_days(day, days)
    assert is_business_day(later)
    assert business_days_between(day, later) == days


@given(st.dates(date(2021, 1, 1), date(2035, 12, 31)), st.integers(0, 60))
def test_a_due_date_is_a_business_day_before_the_service(day: date, ahead: int) -> None:
    service = add_business_days(day, ahead) if ahead else day
    due = due_on("scheduled", day, service)
    assert (due is None) == (ahead < 3)
    if due is not None:
        assert day < due < service
        assert business_days_between(day, due) == (3 if ahead >= 10 else 1)


MRI = GoodFaithItem("MRI lumbar spine without contrast", "72148", Money(93_000), 1, "M54.50")
WHOLE = GoodFaithEstimate(
    "MRI lumbar spine", (MRI,), "Cedar Hollow Regional", "1234567893", "12-3456789", "requested", MONDAY, None
)


def test_a_good_faith_estimate_adds_up_what_it_lists() -> None:
    WHOLE.check()
    assert replace(WHOLE, items=(MRI, replace(MRI, code="72149", charge=Money(12_345)))).total == Money(105_345)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"items": ()}, Refusal.BAD_VALUE),
        ({"items": (replace(MRI, code=""),)}, Refusal.BAD_VALUE),
        ({"items": (replace(MRI, service=" "),)}, Refusal.BAD_VALUE),
        ({"items": (replace(MRI, diagnosis="back pain"),)}, Refusal.BAD_VALUE),
        ({"items": (replace(MRI, quantity=0),)}, Refusal.BAD_VALUE),
        ({"items": (replace(MRI, charge=Money(0)),)}, Refusal.BAD_AMOUNT),
        ({"npi": "1234567890"}, Refusal.BAD_IDENTIFIER),
        ({"tin": "123"}, Refusal.BAD_IDENTIFIER),
        ({"trigger": "walk-in"}, Refusal.BAD_VALUE),
        ({"service": ""}, Refusal.BAD_VALUE),
        ({"disclaimers": ("estimate_only",)}, Refusal.BAD_VALUE),
    ],
)
def test_a_good_faith_estimate_is_whole(wrong: dict[str, object], code: Refusal) -> None:
    with pytest.raises(DeskError) as refused:
        replace(WHOLE, **wrong).check()  # type: ignore[arg-type]
    assert refused.value.code is code


def test_a_tin_is_shown_in_its_usual_form() -> None:
    assert check_tin("123456789") == "12-3456789"
