from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.documents.amount_words import in_words
from access_desk.documents.moments import clock, clock_on, hours, named_day
from access_desk.documents.verdict import verdict_of
from access_desk.domain.money import Money
from access_desk.domain.papers.words import masked_number, patient_on_receipt, purposes_text, staff_on_receipt
from tests.documents.samples import DAY, per_tender


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "Zero dollars and 00/100"),
        (100, "One dollar and 00/100"),
        (109_600, "One thousand ninety-six dollars and 00/100"),
        (1_901, "Nineteen dollars and 01/100"),
        (999_999_999, "Nine million nine hundred ninety-nine thousand nine hundred ninety-nine dollars and 99/100"),
        (100_000_000, "One million dollars and 00/100"),
        (-2_045, "Minus twenty dollars and 45/100"),
    ],
)
def test_amounts_in_words(cents: int, words: str) -> None:
    assert in_words(Money(cents)) == words


@given(st.integers(min_value=0, max_value=10**11), st.integers(min_value=0, max_value=10**11))
def test_different_amounts_have_different_words(one: int, other: int) -> None:
    assert (in_words(Money(one)) == in_words(Money(other))) == (one == other)


def test_times_are_twelve_hour_times() -> None:
    zone = ZoneInfo("America/Chicago")
    assert [clock(time(hour)) for hour in (0, 7, 12, 23)] == ["12:00 AM", "7:00 AM", "12:00 PM", "11:00 PM"]
    assert clock_on(datetime(2026, 7, 17, 2, 5, tzinfo=zone), DAY) == "07/17 2:05 AM"
    assert hours((time(7), time(15, 30))) == "7:00 AM–3:30 PM"
    assert hours(None) == ""
    assert named_day(DAY) == "Thursday 07/16/2026"


def test_over_and_short_are_never_netted() -> None:
    verdict = verdict_of(per_tender("-5.00", "0.00", "7.00"))
    assert verdict.sign == "±"
    assert verdict.lines == (("Over", "+$7.00"), ("Short", "−$5.00"))
    assert verdict.tenders == ("Cash", "Cards")
    assert verdict_of({}).lines == (("Balanced", "$0.00"),)


def test_names_and_numbers_are_masked() -> None:
    assert patient_on_receipt("Marisol", "Vega-Trujillo") == "M. Vega-Trujillo"
    assert patient_on_receipt("", "Cher") == "Cher"
    assert patient_on_receipt("Cher", " ") == "Cher"
    assert patient_on_receipt("", "") == "–"
    assert masked_number("10452290") == "••••2290"
    assert masked_number("") == "–"
    assert staff_on_receipt("Dana Whitfield") == "Dana W."
    assert staff_on_receipt("Dana") == "Dana"
    assert staff_on_receipt("") == ""


def test_purposes_are_joined() -> None:
    assert purposes_text(["copay"], "lab") == "Copay – lab"
    assert purposes_text(["copay", "prior_balance"]) == "Copay + prior balance"
    assert purposes_text(["unheard of"]) == "unheard of"
