"""Details of patients and visits: what is taken, what is refused, and that the latest counts however it arrives."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.patients.details import (
    PATIENT_DETAILS,
    DetailsState,
    check_details,
    decide_details,
    is_minor,
    race_codes,
)
from access_desk.domain.visits.details import VISIT_DETAILS, check_visit_details

TODAY = date(2026, 11, 23)
ADULT, CHILD = date(1987, 3, 14), date(2012, 5, 1)


@pytest.mark.parametrize(
    ("born", "day", "minor"),
    [
        (date(2008, 11, 23), TODAY, False),
        (date(2008, 11, 24), TODAY, True),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
        (None, TODAY, False),
    ],
)
def test_a_minor_is_under_eighteen_on_the_day(born: date | None, day: date, minor: bool) -> None:
    assert is_minor(born, day) is minor


@pytest.mark.parametrize(
    ("details", "born"),
    [
        ({"guarantor": "self"}, ADULT),
        ({"guarantor": "parent", "guarantor_name": "Rosa Vega", "guarantor_birth_date": "1985-02-01"}, CHILD),
        ({"guarantor": "self"}, None),
        ({"race_ethnicity": "asian,white"}, ADULT),
        ({"race_ethnicity": "declined"}, ADULT),
        ({"preferred_name": "<b>=1+1\u202e"}, ADULT),
        (dict.fromkeys(PATIENT_DETAILS, ""), CHILD),
    ],
)
def test_what_is_taken(details: dict[str, str], born: date | None) -> None:
    check_details(details, born, TODAY)


@pytest.mark.parametrize(
    ("details", "born", "says"),
    [
        ({"guarantor": "self"}, CHILD, "never their own guarantor"),
        ({"guarantor": "parent"}, CHILD, "guarantor's name"),
        ({"guarantor": "parent", "guarantor_name": "Ana", "guarantor_birth_date": "2010-01-01"}, CHILD, "under 18"),
        ({"guarantor_birth_date": "1985-13-01"}, ADULT, "not a date"),
        ({"guarantor_birth_date": "2027-01-01"}, ADULT, "future"),
        ({"race_ethnicity": "martian"}, ADULT, "categories"),
        ({"race_ethnicity": "declined,white"}, ADULT, "stands alone"),
        ({"photo_id": "library_card"}, ADULT, "answers offered"),
        ({"shoe_size": "44"}, ADULT, "not a detail"),
    ],
)
def test_what_is_refused(details: dict[str, str], born: date, says: str) -> None:
    with pytest.raises(DeskError, match=says) as refused:
        check_details(details, born, TODAY)
    assert refused.value.code is Refusal.BAD_VALUE


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"admission_type": "Z"}, Refusal.BAD_VALUE),
        ({"admission_source": "0"}, Refusal.BAD_VALUE),
        ({"ordering_npi": "1234567890"}, Refusal.BAD_IDENTIFIER),
        ({"accident_on": "2026-11-24"}, Refusal.BAD_VALUE),
        ({"accident_on": "yesterday"}, Refusal.BAD_VALUE),
        ({"accident_state": "ZZ"}, Refusal.BAD_VALUE),
        ({"scheduled_at": "25:00"}, Refusal.BAD_VALUE),
        ({"colour": "blue"}, Refusal.BAD_VALUE),
    ],
)
def test_what_is_refused_of_a_visit(details: dict[str, str], code: Refusal) -> None:
    with pytest.raises(DeskError) as refused:
        check_visit_details(details, TODAY)
    assert refused.value.code is code


def test_a_visit_takes_what_tables_and_calendar_know() -> None:
    check_visit_details(
        {
            "admission_type": "C",
            "admission_source": "1",
            "ordering_npi": "1234567893",
            "accident": "auto",
            "accident_on": "2026-11-20",
            "accident_state": "OH",
            "arrival": "scheduled",
            "scheduled_at": "11:00",
        },
        TODAY,
    )
    check_visit_details(dict.fromkeys(VISIT_DETAILS, ""), TODAY)


def test_a_minor_by_amended_birth_date_cannot_stay_their_own_guarantor() -> None:
    with pytest.raises(DeskError, match="never their own guarantor"):
        decide_details("p", {"guarantor": "self"}, {"employer": "none"}, CHILD, TODAY)
    assert decide_details("p", {"guarantor": "self"}, {"guarantor": "self"}, ADULT, TODAY) == []


def test_race_and_ethnicity_keeps_the_order_it_was_given_in() -> None:
    assert race_codes("white,asian") == ("white", "asian")
    assert race_codes("") == ()


@given(st.permutations([(stamp, {"employer": f"e{stamp}", "pronouns": f"p{stamp}"}) for stamp in "12345"]))
def test_the_latest_stamp_counts_in_whatever_order_they_come(given_in: list[tuple[str, dict[str, str]]]) -> None:
    state = DetailsState()
    for stamp, details in given_in:
        state = state.with_given(stamp, details)
    assert state.values == {"employer": "e5", "pronouns": "p5"}
