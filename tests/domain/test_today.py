"""Who owns a blocked account, who is called, who is expected: pure functions and their properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.blocked.events import BLOCK_REASONS, CHAIN, ServiceLevel, ServiceLevels
from access_desk.domain.blocked.rules import BlockState, decide_escalation, standing
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.patients.events import Demographics
from access_desk.domain.privacy.events import DisclosureRecorded
from access_desk.domain.privacy.rules import Disclosure, PrivacyState, accounting, directory_answer, masked
from access_desk.domain.queue.rules import QueueState, decide_move
from access_desk.domain.queue.rules import standing as place_of
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.schedule.rules import AppointmentState, decide_end, decide_schedule
from access_desk.domain.visits.events import VisitDetails
from access_desk.domain.visits.state import VisitState

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LEVELS = ServiceLevels((ServiceLevel("missing_form", (30, 20, 10)),))


def block(level: str = "registrar") -> BlockState:
    return BlockState("b", "v", "p", "missing_form", "", AT, "ann", level, AT)


@pytest.mark.parametrize(
    ("minutes", "level", "owner", "left"),
    [
        (0, "registrar", "registrar", 30),
        (29, "registrar", "registrar", 1),
        (30, "registrar", "lead", 20),
        (49, "registrar", "lead", 1),
        (50, "registrar", "supervisor", 10),
        (60, "registrar", "supervisor", 0),
        (90, "registrar", "supervisor", -30),
        (5, "lead", "lead", 15),
        (20, "lead", "supervisor", 10),
        (5, "supervisor", "supervisor", 5),
    ],
)
def test_time_moves_an_account_up_the_chain(minutes: int, level: str, owner: str, left: int) -> None:
    now = standing(block(level), LEVELS, AT + timedelta(minutes=minutes))
    assert (now.owner, now.left) == (owner, timedelta(minutes=left))
    assert now.is_overdue == (left <= 0)


@given(st.sampled_from(BLOCK_REASONS), st.sampled_from(CHAIN), st.integers(0, 5000), st.integers(0, 5000))
def test_an_account_never_goes_down_the_chain(reason: str, level: str, first: int, more: int) -> None:
    state = BlockState("b", "v", "p", reason, "", AT, "ann", level, AT)
    early = standing(state, ServiceLevels(), AT + timedelta(minutes=first))
    late = standing(state, ServiceLevels(), AT + timedelta(minutes=first + more))
    assert CHAIN.index(early.owner) <= CHAIN.index(late.owner)
    assert 0 <= early.used <= 1
    assert early.is_overdue is False or late.is_overdue


def test_nobody_is_above_the_supervisor_and_a_reason_is_needed() -> None:
    for state, reason, code in ((block("supervisor"), "why", Refusal.BAD_VALUE), (block(), " ", Refusal.NEEDS_REASON)):
        with pytest.raises(DeskError) as refused:
            decide_escalation(state, LEVELS, reason, AT)
        assert refused.value.code is code


def visit(kind: str = "outpatient", *milestones: str) -> VisitState:
    return VisitState("v", "p", kind, "1", frozenset(milestones))


def test_an_emergency_waits_for_triage_until_somebody_saw_the_person() -> None:
    assert place_of("emergency", frozenset(), QueueState()) == "triage"
    assert place_of("emergency", frozenset({"triaged"}), QueueState()) == "arrived"
    assert place_of("outpatient", frozenset(), QueueState()) == "arrived"
    assert place_of("emergency", frozenset(), QueueState("called", AT, "ann", "A1")) == "called"


@pytest.mark.parametrize(
    ("place", "to", "desk", "answer"),
    [
        ("arrived", "called", "A1", "recorded"),
        ("called", "called", "A2", "recorded"),
        ("called", "in_progress", "A2", "recorded"),
        ("in_progress", "in_progress", "A1", "nothing"),
        ("in_progress", "in_progress", "A2", "refused"),
        ("in_progress", "called", "A2", "refused"),
        ("arrived", "waiting", "A1", "nothing"),
        ("done", "called", "A1", "refused"),
        ("done", "waiting", "A1", "recorded"),
        ("arrived", "gone", "A1", "refused"),
    ],
)
def test_moves_in_the_queue(place: str, to: str, desk: str, answer: str) -> None:
    state = QueueState(place, AT, "ann", "A1")
    if answer == "refused":
        with pytest.raises(DeskError) as refused:
            decide_move(visit(), state, to, desk)
        assert refused.value.code is Refusal.BAD_VALUE
    else:
        assert bool(decide_move(visit(), state, to, desk)) == (answer == "recorded")


def test_who_left_is_not_called() -> None:
    with pytest.raises(DeskError, match="has left"):
        decide_move(visit("outpatient", "departed"), QueueState(), "called", "A1")


DETAILS = AppointmentDetails("S-1", AT, VisitDetails(), "", "Boyd", "Carl", date(1961, 12, 9))


def test_an_import_repeated_records_nothing_and_a_change_is_one_more_fact() -> None:
    state = AppointmentState("a", AT.date(), DETAILS, "")
    assert decide_schedule(None, "a", DETAILS, "", AT.date())
    assert decide_schedule(state, "a", DETAILS, "", AT.date()) == []
    assert decide_schedule(state, "a", DETAILS, "p", AT.date())
    arrived = AppointmentState("a", AT.date(), DETAILS, "", "arrived", AT)
    assert decide_schedule(arrived, "a", DETAILS, "p", AT.date()) == []
    cancelled = AppointmentState("a", AT.date(), DETAILS, "", "cancelled")
    assert decide_schedule(cancelled, "a", DETAILS, "", AT.date()) == []


def test_only_what_is_expected_is_cancelled_with_a_reason() -> None:
    with pytest.raises(DeskError, match="why"):
        decide_end(AppointmentState("a", AT.date(), DETAILS, ""), "cancelled", "")
    with pytest.raises(DeskError, match="not expected"):
        decide_end(AppointmentState("a", AT.date(), DETAILS, "", "arrived", AT), "no_show", "")


def test_the_accounting_covers_six_years() -> None:
    days = (date(2026, 11, 23), date(2020, 11, 24), date(2020, 11, 23), date(2010, 1, 1))
    told = tuple(Disclosure(DisclosureRecorded(str(day), "p", day, "r", "a", "w", "y"), "ann", AT) for day in days)
    assert [one.said.disclosed_on for one in accounting(PrivacyState(disclosures=told), date(2026, 11, 23))] == list(days[:2])
    leap = accounting(PrivacyState(disclosures=told), date(2028, 2, 29))
    assert [one.said.disclosed_on for one in leap] == [days[0]]


def test_the_directory_keeps_silent_for_who_opted_out() -> None:
    assert "no information" in directory_answer(frozenset({"directory_opt_out"}))
    assert "no information" in directory_answer(frozenset({"no_information"}))
    assert "no information" not in directory_answer(frozenset({"vip"}))
    assert masked(Demographics("Vega", "Marisol", phone="216")) == Demographics("V•••", "protected")
