"""EMTALA as a table of cases, each with its place in the regulation; and phases that no order of facts can break."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Recorded, kind_of
from access_desk.domain.permissions import Action
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Person, Role
from access_desk.domain.visits.emergency import (
    Arrival,
    EmergencyState,
    Ending,
    Phase,
    Screening,
    Stabilization,
    decide_arrival,
    decide_ending,
    decide_screening,
    decide_stabilization,
    evolve,
    is_late,
)
from access_desk.domain.visits.emergency_events import (
    DISPOSITIONS,
    EmergencyArrived,
    EmergencyEnded,
    ScreeningCompleted,
    StabilizationRecorded,
)
from access_desk.domain.visits.emtala import OFFERED_PAYMENT_SCRIPT, check_release, is_released
from access_desk.domain.visits.events import VisitDetails, VisitProgressed, VisitRegistered
from access_desk.domain.visits.state import VisitState
from access_desk.domain.visits.state import evolve as evolve_visit

TEN = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
ANN = Person("ann", "ann", "Ann", Role.REGISTRAR)
NOW = TEN + timedelta(hours=5)


def at(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


def recorded(seq: int, body: object) -> Recorded:
    day = date(2026, 11, 23)
    return Recorded(f"e{seq}", "F", "d", 1, seq, TEN, f"{seq:04d}", day, "ann", None, None, kind_of(body), 1, "V", ("P",), body)


def visit_of(kind: str = "emergency") -> VisitRegistered:
    return VisitRegistered("V", "P", "1", VisitDetails(kind), ())


def exam(minutes: int = 20, *, condition: bool = True) -> ScreeningCompleted:
    return ScreeningCompleted("V", "P", "Dr. Okafor", "physician", at(minutes), "clinician", condition)


FACTS: dict[str, object] = {
    "arrived": EmergencyArrived("V", "P", at(0), "chest pain"),
    "triaged": VisitProgressed("V", "triaged"),
    "exam": exam(),
    "exam-none": exam(condition=False),
    "mse": VisitProgressed("V", "mse_completed"),
    "stable": StabilizationRecorded("V", "P", "Dr. Okafor", at(60), "chart"),
    "admitted": EmergencyEnded("V", "P", "admitted", at(90), "chart"),
    "left": EmergencyEnded("V", "P", "left_without_being_seen", at(90), "clinician"),
    "refused": EmergencyEnded("V", "P", "refused_treatment", at(90), "clinician"),
    "moved": EmergencyEnded("V", "P", "transferred", at(90), "chart"),
}


def emergency_after(*names: str, kind: str = "emergency") -> EmergencyState:
    state: EmergencyState | None = None
    for seq, body in enumerate((visit_of(kind), *(FACTS[name] for name in names)), 1):
        state = evolve(state, recorded(seq, body))
    assert state is not None
    return state


def visit_after(*names: str, kind: str = "emergency") -> VisitState:
    state: VisitState | None = None
    for seq, body in enumerate((visit_of(kind), *(FACTS[name] for name in names)), 1):
        state = evolve_visit(state, recorded(seq, body))
    assert state is not None
    return state


# may ask under "mse" / under "stabilized", phase, and where it is written.
CASES = """
arrived                     | no  | no  | arrived    | 42 CFR 489.24(d)(4)(i): no delay to inquire about payment
arrived triaged             | no  | no  | triaged    | triage is not the screening exam: 42 CFR 489.24(a)(1)(i)
arrived exam                | yes | no  | screened   | 489.24(d)(4)(i): exam done; (d)(1)(i): condition found, treatment first
arrived exam-none           | yes | yes | screened   | 489.24(d)(1): only who has an emergency condition is to be stabilized
arrived mse                 | yes | no  | screened   | the plain milestone of a day file
arrived exam stable         | yes | yes | stabilized | 489.24(b) "stabilized"
arrived exam admitted       | yes | no  | ended      | 489.24(d)(2)(i): admission ends the obligation, not the facility's setting
arrived left                | no  | no  | ended      | 489.20(r)(3): who leaves stays on the log, and was never released
arrived triaged refused     | no  | no  | ended      | 489.24(d)(3), 489.20(r)(3): refused treatment
arrived exam moved          | yes | no  | ended      | 489.24(e): transferred before stable
"""


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_who_may_be_asked_for_money(line: str) -> None:
    names, mse, stabilized, phase, regulation = (part.strip() for part in line.split("|"))
    visit, emergency = visit_after(*names.split()), emergency_after(*names.split())
    for release, may_ask in (("mse", mse), ("stabilized", stabilized)):
        policy = Policy(emtala_release=release)
        assert is_released(visit, policy) is emergency.is_released(policy) is (may_ask == "yes"), regulation
    assert emergency.phase is Phase(phase), regulation


@given(st.lists(st.sampled_from(sorted(FACTS)), max_size=8), st.sampled_from(["mse", "stabilized"]), st.randoms())
def test_the_phases_do_not_depend_on_the_order_of_arrival(names: list[str], release: str, random: object) -> None:
    facts = [FACTS[name] for name in dict.fromkeys(names)]
    one = emergency_after(*dict.fromkeys(names))
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = evolve(None, recorded(1, visit_of()))
    for seq, body in enumerate(shuffled, 2):
        other = evolve(other, recorded(seq, body))
    assert other is not None
    assert other.phase is one.phase
    assert other.is_released(Policy(emtala_release=release)) is one.is_released(Policy(emtala_release=release))
    examined = any(isinstance(fact, ScreeningCompleted | StabilizationRecorded) for fact in facts) or "mse" in names
    assert examined or not one.is_released(Policy(emtala_release=release)), "money never comes before the exam"


def test_the_refusal_tells_the_clerk_what_to_say() -> None:
    with pytest.raises(DeskError) as refused:
        check_release([visit_after("arrived")], Policy())
    assert refused.value.code is Refusal.EMTALA_HOLD
    assert OFFERED_PAYMENT_SCRIPT in refused.value.text


def given_exam(**said: object) -> Screening:
    values = {
        "examined_by": "Dr. Okafor",
        "role": "physician",
        "completed_at": at(20),
        "source": "clinician",
        "has_condition": True,
    }
    return Screening(**{**values, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ((), {"examined_by": "  "}),
        ((), {"examined_by": "x" * 201}),
        ((), {"role": "registrar"}),
        ((), {"source": "I think so"}),
        ((), {"completed_at": at(-1)}),
        ((), {"completed_at": NOW + timedelta(seconds=1)}),
        (("exam",), {}),
        (("left",), {}),
    ],
)
def test_an_exam_that_cannot_be(before: tuple[str, ...], said: dict[str, object]) -> None:
    with pytest.raises(DeskError) as refused:
        decide_screening(emergency_after("arrived", *before), given_exam(**said), ANN, NOW)
    assert refused.value.code is Refusal.BAD_VALUE


def test_an_exam_keeps_who_when_and_how_it_is_known() -> None:
    (fact,) = decide_screening(emergency_after("arrived", "mse"), given_exam(role="nurse_practitioner"), ANN, NOW)
    assert fact.also == ("P",)
    assert fact.body == ScreeningCompleted("V", "P", "Dr. Okafor", "nurse_practitioner", at(20), "clinician", True)


@pytest.mark.parametrize(
    ("before", "minutes"),
    [((), 60), (("exam-none",), 60), (("exam",), 10), (("exam", "stable"), 60), (("exam",), 60_000)],
)
def test_a_stabilization_that_cannot_be(before: tuple[str, ...], minutes: int) -> None:
    given_ = Stabilization("Dr. Okafor", at(minutes), "chart")
    with pytest.raises(DeskError) as refused:
        decide_stabilization(emergency_after("arrived", *before), given_, ANN, NOW)
    assert refused.value.code is Refusal.BAD_VALUE


@pytest.mark.parametrize("before", [("exam",), ("mse",)])
def test_a_condition_that_was_found_is_stabilized(before: tuple[str, ...]) -> None:
    (fact,) = decide_stabilization(emergency_after("arrived", *before), Stabilization("Dr. Okafor", at(60), "chart"), ANN, NOW)
    assert isinstance(fact.body, StabilizationRecorded)


@pytest.mark.parametrize(
    ("before", "ending"),
    [
        ((), Ending("vanished", at(60), "chart")),
        ((), Ending("discharged", at(60), "")),
        ((), Ending("discharged", at(-60), "chart")),
        (("exam",), Ending("left_without_being_seen", at(60), "chart")),
        (("admitted",), Ending("discharged", at(95), "chart")),
    ],
)
def test_an_end_that_cannot_be(before: tuple[str, ...], ending: Ending) -> None:
    with pytest.raises(DeskError) as refused:
        decide_ending(emergency_after("arrived", *before), ending, ANN, NOW)
    assert refused.value.code is Refusal.BAD_VALUE


@pytest.mark.parametrize("disposition", DISPOSITIONS)
def test_every_end_of_the_log_is_an_end(disposition: str) -> None:
    (fact,) = decide_ending(emergency_after("arrived"), Ending(disposition, at(60), "chart"), ANN, NOW)
    ended = evolve(emergency_after("arrived"), recorded(9, fact.body))
    assert ended is not None
    assert ended.phase is Phase.ENDED


def test_only_an_emergency_has_an_exam() -> None:
    outpatient = emergency_after(kind="outpatient")
    deciders: tuple[Callable[[], object], ...] = (
        lambda: decide_screening(outpatient, given_exam(), ANN, NOW),
        lambda: decide_stabilization(outpatient, Stabilization("Dr. Okafor", at(60), "chart"), ANN, NOW),
        lambda: decide_ending(outpatient, Ending("discharged", at(60), "chart"), ANN, NOW),
    )
    for decide in deciders:
        with pytest.raises(DeskError):
            decide()
    assert outpatient.is_released(Policy(emtala_release="stabilized"))


def test_somebody_who_left_the_staff_records_nothing() -> None:
    gone = Person("ann", "ann", "Ann", Role.REGISTRAR, active=False)
    with pytest.raises(DeskError) as refused:
        decide_screening(emergency_after("arrived"), given_exam(), gone, NOW)
    assert refused.value.code is Refusal.NOT_PERMITTED
    assert Action.SCREENING.value == "screening"


@pytest.mark.parametrize(
    ("arrival", "kind"),
    [
        (Arrival(NOW + timedelta(seconds=1), "fall"), "emergency"),
        (Arrival(NOW - timedelta(days=61), "fall"), "emergency"),
        (Arrival(NOW, "  "), "emergency"),
        (Arrival(NOW, "x" * 201), "emergency"),
        (Arrival(NOW, "fall"), "outpatient"),
    ],
)
def test_an_arrival_that_cannot_be(arrival: Arrival, kind: str) -> None:
    with pytest.raises(DeskError) as refused:
        decide_arrival("V", "P", VisitDetails(kind), arrival, NOW)
    assert refused.value.code is Refusal.BAD_VALUE


def test_what_is_entered_a_quarter_of_an_hour_later_is_late() -> None:
    assert not is_late(at(0), at(14))
    assert is_late(at(0), at(15))
