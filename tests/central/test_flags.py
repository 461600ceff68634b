"""What stands out at central is flagged, whatever arrives first, reaches a supervisor's desk, and is reviewed there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from access_desk.central.by_hand import take_in_file
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import StaffAmended
from access_desk.domain.flags.rules import Flag, FlagKind
from access_desk.domain.staff import Role
from access_desk.protocol import messages as wire
from access_desk.storage import flag_rows
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import count_events, every_row
from access_desk.storage.flags import flags_of_log
from access_desk.storage.projections.rows import utc_text
from access_desk.sync.by_hand import unsent_file
from access_desk.sync.core import Request
from tests.central.test_desk_service import problem, session
from tests.central.two_desks import TwoDesks, two_desks
from tests.desks import TestDesk, a_desk


class Stage(TwoDesks):
    """A central and two desks of a facility; the north one goes offline."""

    def flags(self, *kinds: FlagKind) -> list[Flag]:
        """What stands at central; it is what its log says from the beginning."""
        with read_transaction(self.central.database) as connection:
            found = flag_rows.flags_after(connection, "F", "", 10_000)
            from_log = flags_of_log(connection, "F")
        apart = (FlagKind.FORK.value, FlagKind.CHAIN.value)
        assert [one for one in found if one.kind not in apart] == from_log
        return [one for one in found if not kinds or one.kind in kinds]

    def dismiss(self, who: str, *, active: bool = False) -> None:
        """At the south desk."""
        self.south.desk.people.amend(
            self.south.desk.by(self.south.people["sue"]), self.south.people[who], Role.REGISTRAR, active=active
        )


@pytest.fixture(params=["file", "postgresql"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with two_desks(Stage, request) as made:
        yield made


def _fifty(desk: TestDesk) -> int:
    """Fifty payments of somebody's; how many events they recorded with them."""
    desk.open()
    visit = desk.register()
    before = desk.desk.journal.head.seq
    for _ in range(50):
        desk.clock.forward(seconds=30)
        desk.pay(visit)
    return desk.desk.journal.head.seq - before


def test_what_a_revoked_person_did_offline_is_kept_flagged_and_reviewed(stage: Stage) -> None:
    stage.dismiss("ann")
    stage.sync(stage.south)
    stage.forward(minutes=1)
    assert _fifty(stage.north) == 50
    stage.forward(hours=1)
    with read_transaction(stage.central.database) as connection:
        before = count_events(connection)
    waiting = stage.north.desk.outbox.look().waiting
    stage.sync(stage.north, stage.south)
    with read_transaction(stage.central.database) as connection:
        assert count_events(connection) == before + waiting
    flagged = stage.flags(FlagKind.REVOKED_PERSON)
    paid = [one for one in flagged if one.event_kind == "payment.received"]
    assert [one.amount_cents for one in paid] == [2_500] * 50
    assert {one.detail for one in flagged} == {stage.north.people["ann"]}
    told = stage.south.desk.flags.all()
    assert {one.flag.flag_id for one in told} == {one.flag_id for one in flagged}
    assert stage.south.desk.flags.open_count() == len(flagged)
    by = stage.south.desk.by(stage.south.people["sue"])
    stage.south.desk.flags.review(by, [one.flag_id for one in flagged], "She covered the outage, agreed by telephone")
    assert stage.south.desk.flags.open_count() == 0
    stage.sync(stage.south, stage.north)
    seen = stage.north.desk.flags.all()[0]
    assert (seen.note, seen.reviewed_by) == ("She covered the outage, agreed by telephone", stage.south.people["sue"])


@pytest.mark.parametrize("first", ["acts", "end"])
def test_it_does_not_matter_whether_the_acts_or_the_end_of_the_work_arrives_first(stage: Stage, first: str) -> None:
    stage.dismiss("ann")
    stage.forward(minutes=1)
    stage.north.open()
    one, other = (stage.north, stage.south) if first == "acts" else (stage.south, stage.north)
    stage.sync(one)
    stage.sync(other)
    assert {one.event_kind for one in stage.flags(FlagKind.REVOKED_PERSON)} == {"session.signed_in", "custody.opened"}


def test_who_was_taken_back_before_is_not_flagged_any_more(stage: Stage) -> None:
    stage.dismiss("ann")
    stage.sync(stage.south)
    stage.forward(minutes=1)
    stage.dismiss("ann", active=True)
    stage.forward(minutes=1)
    stage.north.open()
    stage.sync(stage.north)
    assert stage.flags(FlagKind.REVOKED_PERSON)
    stage.sync(stage.south)
    assert stage.flags() == []


def test_what_was_done_before_the_end_of_the_work_is_not_flagged(stage: Stage) -> None:
    stage.north.open()
    stage.forward(minutes=5)
    stage.dismiss("ann")
    stage.sync(stage.south, stage.north)
    assert stage.flags() == []


def test_an_approval_by_somebody_who_left_is_flagged(stage: Stage) -> None:
    stage.dismiss("lea")
    stage.sync(stage.south)
    stage.forward(minutes=1)
    said = StaffAmended(stage.north.people["bob"], Role.REGISTRAR, active=True)
    stage.north.desk.journal.record(stage.north.people["ann"], [Fact("F", said, stage.north.people["lea"])])
    stage.sync(stage.north)
    assert [one.detail for one in stage.flags()] == [stage.north.people["lea"]]


def test_only_a_supervisor_reviews_and_says_what_came_of_it(stage: Stage) -> None:
    stage.dismiss("ann")
    stage.forward(minutes=1)
    stage.north.open()
    stage.sync(stage.north, stage.south)
    desk = stage.south
    named = [one.flag.flag_id for one in desk.desk.flags.all()]
    for who, asked, note, code in (
        ("lea", named, "seen", Refusal.NOT_PERMITTED),
        ("sue", named, " ", Refusal.NEEDS_REASON),
        ("sue", [], "seen", Refusal.BAD_VALUE),
        ("sue", ["none"], "seen", Refusal.UNKNOWN_REFERENCE),
    ):
        with pytest.raises(DeskError) as refused:
            desk.desk.flags.review(desk.desk.by(desk.people[who]), asked, note)
        assert refused.value.code is code


def test_a_clock_that_is_ahead_or_went_back_is_told_once_and_nothing_is_refused(stage: Stage) -> None:
    stage.north.clock.forward(days=1)
    visit = stage.north.register()
    stage.north.open()
    stage.north.pay(visit)
    stage.sync(stage.north)
    ahead = stage.flags()
    assert [(one.kind, one.detail) for one in ahead] == [("clock_ahead", str(24 * 3600))]
    stage.north.clock.moment = stage.central.clock.moment
    stage.north.pay(visit)
    stage.north.pay(visit)
    stage.sync(stage.north)
    assert [(one.kind, one.detail) for one in stage.flags(FlagKind.CLOCK_BACK)] == [("clock_back", str(24 * 3600))]
    stage.forward(minutes=1)
    stage.north.clock.forward(seconds=110)
    stage.north.pay(visit)
    stage.sync(stage.north)
    assert len(stage.flags()) == 2


def test_another_history_is_flagged(stage: Stage) -> None:
    stage.north.register()
    stage.sync(stage.north)
    with a_desk("north", 1, signer=stage.north.signer) as clone:
        clone.register(given="Somebody else")
        with read_transaction(clone.desk.journal.engine) as connection:
            rows = [row for row in every_row(connection) if row.desk_seq > 1]
    forked = [wire.WireEvent(msgspec.Raw(row.data), (row.signature or b"").hex()) for row in rows]
    token = session(stage.central, stage.north)
    body = wire.to_bytes(wire.Push(wire.PROTOCOL, forked))
    answer = stage.central.ask(Request("POST", "/v1/streams/F/north/1/events", body, "application/json", token))
    assert problem(answer) == "fork"
    stage.sync(stage.south)
    assert [one.flag.kind for one in stage.south.desk.flags.all()] == ["fork"]


def test_money_after_the_count_is_flagged(stage: Stage) -> None:
    stage.north.open()
    paid = stage.north.pay(stage.north.register())
    stage.north.count(22_500)
    stage.north.close()
    late = replace(paid, payment_id="late", receipt_number=paid.receipt_number + 1)
    stage.north.desk.journal.record(stage.north.people["ann"], [Fact(_custody(stage.north), late)])
    stage.north.open()
    stage.sync(stage.north)
    assert [(one.kind, one.event_kind, one.amount_cents) for one in stage.flags()] == [
        ("closed_custody", "payment.received", 2_500)
    ]


def _custody(desk: TestDesk) -> str:
    return desk.desk.view.last_custodies(1)[0].custody_id


def test_a_receipt_number_that_does_not_follow_is_flagged(stage: Stage) -> None:
    stage.north.open()
    visit = stage.north.register()
    paid = stage.north.pay(visit)
    odd = replace(paid, payment_id="odd", receipt_number=paid.receipt_number + 5, receipt="D1-odd")
    stage.north.desk.journal.record(stage.north.people["ann"], [Fact(_custody(stage.north), odd, None, ("odd",))])
    stage.sync(stage.north)
    assert [(one.kind, one.detail) for one in stage.flags()] == [("receipt_gap", "D1-odd")]


def test_what_a_revoked_desk_brings_by_hand_is_flagged(stage: Stage) -> None:
    stage.north.open()
    journal = stage.north.desk.journal
    stage.central.clusters.revoke(journal.stream.desk_id, utc_text(stage.central.clock.now()))
    stage.forward(minutes=5)
    stage.north.pay(stage.north.register())
    made = unsent_file(journal.engine, journal.stream.desk_id, stage.north.signer)
    taken = take_in_file(stage.central.clusters, made.content, stage.central.clock.now())
    assert taken.stored == made.events > 0
    assert len(stage.flags(FlagKind.REVOKED_DESK)) == made.events
    stage.sync(stage.south)
    assert stage.south.desk.flags.open_count() == made.events
