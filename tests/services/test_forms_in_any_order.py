"""Whatever happens in whatever order: no form about money before the release, and no open clock that is not listed."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Recorded
from access_desk.domain.forms.catalogue import CATALOGUE
from access_desk.domain.forms.decide import AskForForm, CompleteForm, NoteStay, OfferForm
from access_desk.domain.forms.events import STAY_MOMENTS, FormAskedFor, FormCompleted, FormOffered
from access_desk.domain.forms.views import ClockRow, clock_rows
from access_desk.domain.visits.emergency import Ending
from access_desk.domain.visits.emergency_events import DISPOSITIONS
from access_desk.domain.visits.events import VISIT_MILESTONES, VISIT_TYPES, Coverage, VisitProgressed
from access_desk.protocol.encoding import decode
from access_desk.services.forms import stay_facts_of
from access_desk.services.states import States
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import every_row
from tests.desks import TestDesk, a_desk

CODES = st.sampled_from(sorted(CATALOGUE))
STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.just("milestone"), st.sampled_from(VISIT_MILESTONES)),
    st.tuples(st.just("stay"), st.tuples(st.sampled_from(STAY_MOMENTS), st.integers(-60, 0))),
    st.tuples(st.just("end"), st.sampled_from(sorted(DISPOSITIONS))),
    st.tuples(st.just("medicare"), st.none()),
    st.tuples(st.just("ask"), CODES),
    st.tuples(st.just("estimate"), st.integers(-3, 0)),
    st.tuples(st.just("offer"), CODES),
    st.tuples(st.just("complete"), st.tuples(CODES, st.sampled_from(["initial", "follow_up"]))),
)
# A failing case names its steps; making it shorter takes minutes, since every try is a desk.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
FEW = settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])


def do(desk: TestDesk, visit_id: str, step: tuple[str, object]) -> None:
    one, (what, value) = desk.desk, step
    by = one.by(desk.people["ann"])
    try:
        if what == "wait":
            desk.clock.forward(hours=int(str(value)))
        elif what == "milestone":
            one.registration.reach_milestone(by, visit_id, str(value))
        elif what == "end":
            one.emergency.end(by, visit_id, Ending(str(value), desk.clock.now(), "tracking_board"))
        elif what == "medicare":
            plan = PlanFiling(coverage=Coverage("Medicare", member_id="1EG4TE5MK73", medicare=True))
            one.coverage.file(by, visit_id, CoverageFiling((plan,)))
        elif what == "estimate":
            day = (desk.clock.now() + timedelta(days=int(str(value)))).date()
            one.coverage.file(by, visit_id, CoverageFiling(good_faith_asked=("requested", day, None)))
        elif what == "ask":
            one.forms.ask_for(by, visit_id, AskForForm(str(value), "therapy"))
        elif what == "offer":
            one.forms.offer(by, visit_id, OfferForm(str(value)))
        elif what == "stay":
            assert isinstance(value, tuple)
            one.forms.note_stay(by, visit_id, NoteStay(value[0], desk.clock.now() + timedelta(hours=value[1])))
        else:
            assert isinstance(value, tuple)
            done = CompleteForm(value[0], "signed", part=value[1], method="paper", explained=True)
            one.forms.complete(by, visit_id, done)
    except DeskError as refused:
        if refused.code not in (Refusal.EMTALA_HOLD, Refusal.BAD_VALUE):
            raise


def recorded(desk: TestDesk) -> list[Recorded]:
    with read_transaction(desk.desk.journal.engine) as connection:
        return [decode(row.data)[0] for row in every_row(connection)]


def every_clock(desk: TestDesk, visits: list[str]) -> list[ClockRow]:
    """The clocks of all visits, looked at one by one."""
    now = desk.clock.now()

    def asked(states: States) -> list[ClockRow]:
        found: list[ClockRow] = []
        for visit_id in visits:
            visit = states.visit(visit_id)
            found += clock_rows(stay_facts_of(states, visit_id, now), visit_id, visit.patient_id, visit.account_number, now)
        return sorted(found, key=lambda row: (row.due_at, row.visit_id, row.form, row.part))

    return desk.desk.journal.read(asked)


@FEW
@given(st.lists(STEPS, max_size=25))
def test_no_form_about_money_precedes_the_release(steps: list[tuple[str, object]]) -> None:
    """42 CFR 489.24(d)(4); the facility releases at the screening exam."""
    with a_desk() as desk:
        desk.set_policy(emtala_release="mse")
        visit_id = desk.register("emergency").visit_id
        for step in steps:
            do(desk, visit_id, step)
        released = False
        for event in recorded(desk):
            body = event.body
            if isinstance(body, VisitProgressed):
                released = released or body.milestone in ("mse_completed", "stabilized")
            if isinstance(body, FormAskedFor | FormOffered | FormCompleted):
                assert released or not CATALOGUE[body.form].financial


@FEW
@given(st.lists(st.tuples(st.sampled_from(VISIT_TYPES), st.lists(STEPS, max_size=14)), min_size=1, max_size=3))
@example([("outpatient", [("stay", ("observation_began", 0)), ("stay", ("discharged", 0))])])
@example([("emergency", [("end", "admitted")])])
@example([("outpatient", [("complete", ("good_faith_estimate", "initial")), ("wait", 60), ("estimate", 0), ("wait", 60)])])
@example([("emergency", [("stay", ("observation_began", 0)), ("wait", 30), ("end", "transferred"), ("wait", 30)])])
@example(
    [
        (
            "outpatient",
            [
                ("milestone", "left_without_being_seen"),
                ("stay", ("observation_began", 0)),
                ("wait", 60),
                ("milestone", "departed"),
            ],
        )
    ]
)
def test_no_open_clock_is_left_out(stays: list[tuple[str, list[tuple[str, object]]]]) -> None:
    with a_desk() as desk:
        visits = []
        for kind, steps in stays:
            visit_id = desk.register(kind).visit_id
            visits.append(visit_id)
            for step in [("milestone", "mse_completed"), ("milestone", "stabilized"), ("medicare", None), *steps]:
                do(desk, visit_id, step)
                assert desk.desk.forms.open_clocks(desk.clock.now()) == every_clock(desk, visits)
