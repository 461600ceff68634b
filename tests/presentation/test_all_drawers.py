"""The Drawers page: every drawer, and never what an open one should hold."""

from __future__ import annotations

from datetime import datetime

from access_desk.presentation.all_drawers import AllDrawersModel
from tests.desks import a_desk, a_far_drawer
from tests.presentation.money_desk import run_now


def test_open_counting_and_closed_and_nothing_of_what_should_be_there() -> None:
    with a_desk() as desk:
        page = AllDrawersModel(desk.desk, run_now, lambda: desk.people["sue"])
        page.refresh()
        assert [(one.key, one.state, one.person, one.since) for one in page.state.lines] == [
            (f"D{number}", "Closed", "Nobody yet", "never opened") for number in (1, 2, 3)
        ]
        desk.open("ann", "D1")
        desk.open("bob", "D2")
        desk.pay(desk.register(), 2_500, key="D1")
        desk.pay(desk.register(), 9_900, who="bob", key="D2")
        desk.count(29_800, "bob", "D2")
        page.refresh()
        one, two, _ = page.state.lines
        assert (one.state, one.person, one.receipts, one.difference) == ("Open", "Ann", "1", "Not counted")
        assert (two.state, two.difference, two.verdict) == ("Counting", "Hidden, counting", "")
        shown = str(page.state)
        for hidden in ("225.00", "299.00", "298.00", "25.00", "99.00"):
            assert hidden not in shown
        desk.close("bob", "D2", reason="miscounted", memo="counted twice", approval=desk.sign("lea"))
        page.refresh()
        _, two, _ = page.state.lines
        assert (two.state, two.verdict, two.difference, two.counted) == ("Closed", "short", "−1.00", "$298.00")
        assert dict(page.state.summary)["Balanced"] == "0 of 1 counted"


def test_a_far_drawer_is_leased_with_a_reason_and_the_page_says_so() -> None:
    with a_desk() as desk:
        far = a_far_drawer(desk)
        page = AllDrawersModel(desk.desk, run_now, lambda: desk.people["sue"])
        page.refresh()
        page.choose(far)
        assert page.state.line is not None
        assert (page.state.line.is_here, page.state.may_lease, dict(page.state.line.facts)["Desk"]) == (False, True, "Desk 7")
        page.lease("Admitting 9", " ")
        assert "a reason is needed" in page.state.problem
        page.lease("Admitting 9", "The computer was stolen")
        assert "belongs to this desk now" in page.state.notice
        assert page.state.line is not None
        assert (page.state.line.is_here, page.state.line.label) == (True, "Admitting 9")
        page.lease("Admitting 9", "again")
        assert "already" in page.state.problem


def test_a_registrar_may_look_and_not_lease() -> None:
    with a_desk() as desk:
        far = a_far_drawer(desk)
        page = AllDrawersModel(desk.desk, run_now, lambda: desk.people["ann"])
        page.refresh()
        page.choose(far)
        assert not page.state.may_lease
        page.lease("Admitting 9", "stolen")
        assert "may not do this" in page.state.problem


def test_the_page_says_up_to_when_other_desks_can_be_known() -> None:
    with a_desk() as desk:
        met: list[datetime] = []
        page = AllDrawersModel(desk.desk, run_now, lambda: desk.people["sue"], lambda: met[-1] if met else None)
        page.refresh()
        assert page.state.as_of == "As far as this desk has heard."
        met.append(desk.clock.now())
        page.refresh()
        local = desk.desk.view.local(met[-1])
        assert page.state.as_of.startswith("As far as this desk heard at its last contact with central, ")
        assert f"{local.hour % 12 or 12}:{local.minute:02d}" in page.state.as_of
