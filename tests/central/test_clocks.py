"""A desk whose clock is wrong: nothing is refused, its stamps count as no later than central's clock, and it says so itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from access_desk.domain.facility.clock import worth_saying
from access_desk.domain.facility.events import DeskClockOff
from access_desk.protocol.encoding import decode
from access_desk.storage import flag_rows
from access_desk.storage.caps import kept_caps
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import events_about, every_row
from access_desk.storage.replay import differing_tables
from tests.central.centrals import drive, round_of
from tests.central.two_desks import TwoDesks, two_desks
from tests.desks import TestDesk


class Stage(TwoDesks):
    """Two desks; the north one's clock is a year ahead when it is said."""

    def amend(self, desk: TestDesk, patient_id: str, phone: str) -> None:
        desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), patient_id, {"phone": phone})

    def phones(self, patient_id: str) -> set[str]:
        asked = "SELECT phone FROM patients WHERE facility_id = 'F' AND patient_id = ?"
        found = set()
        for database in (self.central.database, self.north.desk.journal.engine, self.south.desk.journal.engine):
            with read_transaction(database) as connection:
                found.add(connection.exec_driver_sql(asked, (patient_id,)).scalar_one())
        for desk in (self.north, self.south):
            found.add(desk.desk.journal.read(lambda states: states.patient(patient_id)).demographics.phone)
        return found

    def assert_same(self) -> None:
        with read_transaction(self.central.database) as theirs:
            for desk in (self.north, self.south):
                with read_transaction(desk.desk.journal.engine) as ours:
                    assert differing_tables(ours, theirs) == []
                    assert kept_caps(ours, "F") == kept_caps(theirs, "F")


@pytest.fixture(params=["file", "postgresql"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with two_desks(Stage, request) as made:
        yield made


def test_a_clock_a_year_ahead_does_not_win_for_a_year(stage: Stage) -> None:
    visit = stage.south.register()
    stage.sync(stage.south, stage.north)
    stage.north.clock.forward(days=365)
    stage.amend(stage.north, visit.patient_id, "216-555-0111")
    stage.sync(stage.north, stage.south)
    stage.assert_same()
    assert stage.phones(visit.patient_id) == {"216-555-0111"}
    with read_transaction(stage.central.database) as connection:
        caps = kept_caps(connection, "F")
        flags = flag_rows.flags_after(connection, "F", "", 100)
    assert caps
    latest = int((stage.central.clock.moment.timestamp() + 300) * 1000)
    assert {int(stamp[:13]) for stamp in caps.values()} == {latest}
    assert [(one.kind, one.desk_id) for one in flags] == [("clock_ahead", "north")]
    stage.forward(minutes=10)
    stage.amend(stage.south, visit.patient_id, "216-555-0122")
    stage.sync(stage.south, stage.north)
    assert stage.phones(visit.patient_id) == {"216-555-0122"}, "what was said later stands"
    stage.assert_same()


def test_who_was_ahead_does_not_draw_the_others_clocks_along(stage: Stage) -> None:
    stage.north.clock.forward(days=365)
    stage.north.register()
    stage.sync(stage.north, stage.south)
    stage.south.register()
    with read_transaction(stage.south.desk.journal.engine) as connection:
        stamps = [one.stamp for one in events_about(connection, "F", stage.south.people["ann"])]
    assert int(max(stamps)[:13]) <= int((stage.central.clock.moment.timestamp() + 300) * 1000)


def test_a_desk_that_knows_its_clock_makes_stamps_that_count(stage: Stage) -> None:
    stage.north.clock.forward(days=365)
    said = [one.body for one in stage.north.desk.clock.compared(31_536_000)]
    assert said == [DeskClockOff(31_536_000)]
    assert stage.north.desk.clock.compared(31_536_020) == [], "it was said"
    stage.north.open()
    stage.north.pay(stage.north.register())
    stage.sync(stage.north, stage.south)
    with read_transaction(stage.central.database) as connection:
        assert kept_caps(connection, "F") == {}
        kinds = {one.kind for one in flag_rows.flags_after(connection, "F", "", 100)}
    assert kinds == {"clock_ahead", "clock_off"}, "its times are what its clock said"
    stage.assert_same()


def test_stamps_of_a_stream_never_go_back_though_they_count_as_earlier(stage: Stage) -> None:
    stage.north.clock.forward(days=365)
    stage.north.register()
    stage.sync(stage.north, stage.south)
    stage.north.clock.moment = stage.central.clock.moment
    for _ in range(3):
        stage.forward(minutes=10)
        stage.north.register()
        stage.sync(stage.north, stage.south)
    with read_transaction(stage.north.desk.journal.engine) as connection:
        raw = [decode(row.data)[0].stamp for row in every_row(connection) if row.desk_id == "north"]
        counted = [stamp for _, stamp in sorted(kept_caps(connection, "F").items())]
    assert raw == sorted(raw)
    assert counted == sorted(counted)
    stage.assert_same()


def test_a_restored_central_says_the_same_of_what_comes_again(stage: Stage) -> None:
    backup = stage.central.copy()
    visit = stage.south.register()
    stage.sync(stage.south, stage.north)
    stage.north.clock.forward(days=365)
    stage.amend(stage.north, visit.patient_id, "216-555-0111")
    stage.sync(stage.north, stage.south)
    stage.central.put_back(backup)
    stage.forward(hours=3)
    for _ in range(2):
        stage.sync(stage.north, stage.south)
    stage.assert_same()


def test_a_cap_that_somebody_wrote_by_hand_shows(stage: Stage) -> None:
    stage.north.register()
    stage.sync(stage.north, stage.south)
    insert = "INSERT INTO local_caps VALUES ('F', 'north', 1, 20, '0000000000001-00020-north')"
    with write_transaction(stage.south.desk.journal.engine) as connection:
        connection.exec_driver_sql(insert)
    assert drive(round_of(stage.south).run(), stage.central.ask).sane is False
    assert drive(round_of(stage.south).run(), stage.central.ask).sane is True


@pytest.mark.parametrize(
    ("offset", "last", "said"),
    [
        (0, 0, None),
        (119, 0, None),
        (-119, 0, None),
        (121, 0, 121),
        (-3_600, 0, -3_600),
        (150, 121, None),
        (400, 121, 400),
        (3, 400, 0),
    ],
)
def test_when_a_desk_says_that_its_clock_is_off(offset: int, last: int, said: int | None) -> None:
    assert worth_saying(offset, last) == said
