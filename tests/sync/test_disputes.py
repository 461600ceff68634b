"""Fields that two desks changed without knowing of each other: what says who somebody is keeps both answers."""

from __future__ import annotations

from itertools import permutations

import pytest

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import FacilityEstablished, PolicySet, StaffAdded, StaffAmended
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Role
from access_desk.services.states import StateCache, States
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.queries.disputes import disputes
from access_desk.storage.received import Arrived, take_in
from access_desk.storage.schema import metadata
from tests.central.centrals import a_central
from tests.desks import TestDesk, a_desk
from tests.sync.test_pins import Apart, apart

__all__ = ["apart"]


def met(apart: Apart) -> str:
    """Somebody whom both desks know."""
    patient_id = apart.north.register(family="Vega", given="Ana").patient_id
    apart.rounds(apart.north, apart.south)
    return patient_id


def say(desk: TestDesk, patient_id: str, minutes: int, who: str = "ann", **changes: str) -> None:
    desk.clock.forward(minutes=minutes)
    desk.desk.registration.amend(desk.desk.by(desk.people[who]), patient_id, changes)


def given(desk: TestDesk, patient_id: str) -> str:
    return desk.desk.journal.read(lambda states: states.patient(patient_id)).demographics.given


def test_two_names_said_apart_are_both_kept_until_a_lead_settles_it(apart: Apart) -> None:
    patient_id = met(apart)
    say(apart.north, patient_id, 5, given="Anna")
    say(apart.south, patient_id, 9, "bob", given="Hanna")
    apart.rounds(apart.south, apart.north, apart.south, apart.north)
    for desk in (apart.north, apart.south):
        (dispute,) = desk.desk.disputes.open()
        assert [(one.value, one.said_by, one.desk_id) for one in dispute.answers] == [
            ("Anna", desk.people["ann"], "north"),
            ("Hanna", desk.people["bob"], "south"),
        ]
        assert given(desk, patient_id) == "Hanna", "the later one stands meanwhile"
    with read_transaction(apart.central.database) as connection:
        assert len(disputes(connection, "F")) == 1
    stamps = apart.north.desk.disputes.open()[0].stamps
    apart.north.clock.forward(minutes=30)
    settle = apart.north.desk.disputes.settle
    for who, reason, code in (("ann", "passport", Refusal.NOT_PERMITTED), ("lea", " ", Refusal.NEEDS_REASON)):
        with pytest.raises(DeskError) as refused:
            settle(apart.north.desk.by(apart.north.people[who]), patient_id, "given", stamps, "Anna", reason)
        assert refused.value.code is code
    settle(apart.north.desk.by(apart.north.people["lea"]), patient_id, "given", stamps, "Anna", "passport")
    apart.rounds(apart.north, apart.south)
    for desk in (apart.north, apart.south):
        assert desk.desk.disputes.open() == ()
        assert given(desk, patient_id) == "Anna"


def test_what_is_said_after_seeing_the_other_answer_is_no_dispute(apart: Apart) -> None:
    patient_id = met(apart)
    say(apart.north, patient_id, 5, given="Anna")
    apart.rounds(apart.north, apart.south)
    say(apart.south, patient_id, 9, "bob", given="Hanna")
    apart.rounds(apart.south, apart.north)
    assert apart.north.desk.disputes.open() == ()
    assert given(apart.north, patient_id) == "Hanna"


def test_the_same_answer_twice_and_a_telephone_number_are_no_dispute(apart: Apart) -> None:
    patient_id = met(apart)
    say(apart.north, patient_id, 5, given="Anna", phone="2165550101")
    say(apart.south, patient_id, 9, "bob", given="Anna", phone="2165550102")
    apart.rounds(apart.south, apart.north, apart.south)
    assert apart.south.desk.disputes.open() == ()


def test_numbers_that_end_alike_are_disputed(apart: Apart) -> None:
    patient_id = met(apart)
    say(apart.north, patient_id, 5, ssn="219-09-6613")
    say(apart.south, patient_id, 9, "bob", ssn="219-08-6613")
    apart.rounds(apart.south, apart.north, apart.south)
    (dispute,) = apart.south.desk.disputes.open()
    assert [one.value for one in dispute.answers] == ["6613", "6613"]
    assert dispute.field == "ssn"


def test_a_third_answer_that_comes_later_opens_it_again(apart: Apart) -> None:
    patient_id = met(apart)
    say(apart.north, patient_id, 5, given="Anna")
    say(apart.south, patient_id, 9, "bob", given="Hanna")
    apart.rounds(apart.north)
    with a_desk("west", 3) as west:
        apart.central.enroll(west)
        apart.rounds(west)
        say(west, patient_id, 2, given="Anne")
        apart.rounds(apart.south, apart.north)
        (dispute,) = apart.north.desk.disputes.open()
        apart.north.clock.forward(minutes=60)
        by = apart.north.desk.by(apart.north.people["lea"])
        apart.north.desk.disputes.settle(by, patient_id, "given", dispute.stamps, "Anna", "passport")
        apart.rounds(west, apart.north, west)
        (again,) = apart.north.desk.disputes.open()
        assert {one.value for one in again.answers} >= {"Hanna", "Anne"}
        with pytest.raises(DeskError, match="another answer since"):
            apart.north.desk.disputes.settle(
                apart.north.desk.by(apart.north.people["lea"]), patient_id, "given", dispute.stamps, "Anna", "passport"
            )


def test_a_form_that_was_open_meanwhile_did_not_see_the_change(apart: Apart) -> None:
    patient_id = met(apart)
    say(apart.north, patient_id, 5, given="Anna")
    apart.rounds(apart.north, apart.south)
    amend = apart.south.desk.registration.amend
    apart.south.clock.forward(minutes=9)
    amend(apart.south.desk.by(apart.south.people["bob"]), patient_id, {"given": "Hanna"}, {"given": "Ana", "family": "Vega"})
    (dispute,) = apart.south.desk.disputes.open()
    assert [one.value for one in dispute.answers] == ["Anna", "Hanna"]


def test_the_order_of_arrival_changes_neither_staff_nor_rules() -> None:
    said = {
        "north": [FacilityEstablished("F", "Cedar", "America/New_York"), StaffAdded("p", "zoe", "Zoe", Role.REGISTRAR)],
        "south": [FacilityEstablished("F", "Cedar Hollow", "America/Chicago"), PolicySet(Policy(recounts=2))],
        "west": [StaffAmended("p", Role.LEAD, active=True), PolicySet(Policy(recounts=3))],
    }
    streams = {name: _stream_of(name, minutes, bodies) for minutes, (name, bodies) in enumerate(said.items())}
    found = []
    for order in permutations(streams):
        database = open_memory_database()
        metadata.create_all(database)
        with write_transaction(database) as connection:
            for name in order:
                take_in(connection, Stream("F", name, 1), streams[name], None)
        with read_transaction(database) as connection:
            found.append(States(connection, StateCache("F")).facility())
        database.dispose()
    assert all(state == found[0] for state in found)
    assert (found[0].timezone, found[0].policy.recounts, found[0].people["p"].role) == ("America/Chicago", 3, Role.LEAD)


def _stream_of(name: str, minutes: int, bodies: list[object]) -> list[Arrived]:
    """What a desk that knows of no other records."""
    central = a_central()
    with a_desk(name, 1) as desk:
        desk.clock.forward(minutes=minutes)
        desk.desk.journal.record("system", [Fact("F", body) for body in bodies])
        with read_transaction(desk.desk.journal.engine) as connection:
            rows = connection.exec_driver_sql("SELECT data, signature FROM events ORDER BY desk_seq").all()
    central.clusters.close()
    return [Arrived(bytes(row[0]), bytes(row[1])) for row in rows]
