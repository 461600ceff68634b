"""The Flagged page: groups, who may review, what came of it."""

from __future__ import annotations

from datetime import timedelta

from access_desk.domain.flags.rules import Flag, FlagKind, flag_id
from access_desk.domain.payments.events import PaymentReceived
from access_desk.domain.staff import Role
from access_desk.presentation.flagged import FlaggedModel
from access_desk.storage.engine import write_transaction
from access_desk.storage.event_log import events_about
from access_desk.storage.flag_rows import keep_flags
from tests.presentation.money_desk import PINS, MoneyDesk, run_now


def flagged(desk: MoneyDesk) -> MoneyDesk:
    """Two payments by Dana, who left, and a clock."""
    desk.open_drawer()
    for _ in range(2):
        desk.later(5)
        desk.pay(desk.register("25.00"), "25.00")
    custody = desk.desk.view.last_custodies(1)[0].custody_id
    flags = []
    with write_transaction(desk.journal.engine) as connection:
        for event in events_about(connection, "CHR", custody):
            paid = event.body.amount.cents if isinstance(event.body, PaymentReceived) else 0
            kind, detail = (FlagKind.REVOKED_PERSON, desk.dana) if paid else (FlagKind.CLOCK_AHEAD, "240")
            name = flag_id(kind, event.desk_id, event.stream_epoch, event.desk_seq)
            of_event = (event.desk_id, event.stream_epoch, event.desk_seq, event.event_id, event.kind, event.actor_id)
            received = event.recorded_at + timedelta(hours=2)
            flags.append(Flag(name, kind.value, *of_event, event.recorded_at, received, paid, detail))
        keep_flags(connection, "CHR", flags)
    return desk


def a_supervisor(desk: MoneyDesk) -> str:
    return desk.desk.provisioning.add_person("ines", "Inés Salcedo", Role.SUPERVISOR, PINS["dana"])


def test_events_with_a_cause_in_common_are_one_line_and_are_reviewed_together() -> None:
    desk = flagged(MoneyDesk())
    page = FlaggedModel(desk.desk, run_now, lambda: boss)
    boss = a_supervisor(desk)
    page.refresh()
    (person,) = [one for one in page.state.groups if one.title == "No longer worked here"]
    assert (person.about, person.count, person.amount, person.where) == ("Dana Whitfield", 2, "$50.00", "This desk")
    (clock,) = [one for one in page.state.groups if one.title == "Clock ahead"]
    assert clock.about == "By 4 min"
    page.choose(person.key)
    page.review("  ")
    assert "what came of it" in page.state.problem
    page.review("She came back to help, agreed with the director")
    assert page.state.notice == "No longer worked here: 2 reviewed."
    (done,) = [one for one in page.state.groups if one.title == "No longer worked here"]
    assert done.reviewed.startswith("She came back to help, agreed with the director (Inés Salcedo, ")
    assert page.state.groups[-1].key == done.key, "what is left to do stands first"
    page.choose(done.key)
    page.review("again")
    assert "reviewed before" in page.state.problem


def test_a_lead_sees_and_does_not_review() -> None:
    desk = flagged(MoneyDesk())
    page = FlaggedModel(desk.desk, run_now, lambda: desk.marcus)
    page.refresh()
    assert (len(page.state.groups), page.state.may_review) == (2, False)
    page.review("seen")
    assert "may not do this" in page.state.problem
    assert desk.desk.flags.open_count() == 3


def test_nothing_is_flagged_at_a_desk_that_works_by_itself() -> None:
    desk = MoneyDesk()
    page = FlaggedModel(desk.desk, run_now, lambda: desk.marcus)
    page.refresh()
    page.review("nothing")
    assert (page.state.groups, page.state.group, page.state.problem) == ((), None, "")
