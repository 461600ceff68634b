"""Two desks and a central over a network that drops, doubles and repeats: in the end all have the same, and nothing is lost."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from access_desk.domain.errors import DeskError
from access_desk.domain.staff import Role
from access_desk.services.result import verify
from access_desk.storage.central_log import feed_fault
from access_desk.storage.desk_feed import unacknowledged
from access_desk.storage.engine import Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import every_row
from access_desk.storage.replay import differing_tables
from access_desk.storage.verify import verify_all
from access_desk.sync.core import Request, Response, RetryLaterError, RoundResult
from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk

PORTAL = Response(200, "text/html", b"<html>Sign in to the guest network</html>")


@dataclass
class Lossy:
    """Every request may be lost, answered into nothing, doubled, or answered by something else; old ones come again."""

    central: TestCentral
    chance: random.Random
    is_faulty: bool = True
    sent: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Response:
        self.sent.append(request)
        fault = self.chance.choice(("drop", "lost_answer", "double", "late", "portal", "restart", "fault", *[""] * 14))
        if not self.is_faulty or not fault:
            return self.central.ask(request)
        if fault == "drop":
            raise RetryLaterError(fault)
        if fault == "late":
            self.central.ask(self.chance.choice(self.sent))
            return self.central.ask(request)
        if fault == "double":
            self.central.ask(request)
            return self.central.ask(request)
        if fault == "portal":
            return PORTAL
        if fault == "restart":
            self.central.restart()
            return self.central.ask(request)
        self.central.ask(request)
        if fault == "fault":
            return Response(500, "application/json", b'{"code":"fault","text":""}')
        raise RetryLaterError(fault)

    def round(self, desk: TestDesk) -> RoundResult | None:
        try:
            result: RoundResult = drive(round_of(desk).run(), self.ask)
        except RetryLaterError:
            return None
        return result


def work(desk: TestDesk, chance: random.Random) -> None:
    """Something that a person does."""
    desk.clock.forward(minutes=chance.randint(1, 9))
    who = chance.choice(("ann", "bob"))
    try:
        match chance.randint(0, 5):
            case 0:
                desk.open(who, chance.choice(("D1", "D2")))
            case 1 | 2:
                desk.pay(desk.register(who=who), chance.randint(100, 9_900), chance.choice(("cash", "check")), who, "D1")
            case 3:
                amend_somebody(desk, chance)
            case 4:
                desk.count(chance.randint(0, 40_000), who, "D1")
                desk.close(who, "D1", reason="miscounted", memo="counted twice", approval=desk.sign("lea"))
            case _:
                desk.set_policy(recounts=chance.randint(0, 3))
    except DeskError:
        return


def amend_somebody(desk: TestDesk, chance: random.Random) -> None:
    with read_transaction(desk.desk.journal.engine) as connection:
        known = connection.exec_driver_sql("SELECT patient_id FROM patients ORDER BY patient_id").all()
    if known:
        field_, value = chance.choice((("phone", "216-555-01"), ("family", "Vega"), ("city", "Akron")))
        changes = {field_: f"{value}{chance.randint(10, 99)}" if field_ == "phone" else value * chance.randint(1, 2)}
        desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), chance.choice(known)[0], changes)


def rows(database: Database) -> list[tuple[object, ...]]:
    with read_transaction(database) as connection:
        return [(row.desk_id, row.desk_seq, row.data, row.signature) for row in every_row(connection)]


def assert_same(central: TestCentral, *desks: TestDesk) -> None:
    """Bytes, tables, chains and replay are the same everywhere."""
    expected = rows(central.database)
    for desk in desks:
        assert rows(desk.desk.journal.engine) == expected
        with read_transaction(desk.desk.journal.engine) as ours, read_transaction(central.database) as theirs:
            assert differing_tables(ours, theirs) == []
            assert unacknowledged(ours, desk.desk.journal.stream.desk_id) == 0
        assert verify(desk.desk.journal, {}).is_intact
    empty = open_memory_database()
    with read_transaction(central.database) as connection, write_transaction(empty) as target:
        assert verify_all(connection, target, {}).is_intact
        assert feed_fault(connection) == ""
        assert connection.exec_driver_sql("SELECT coalesce(sum(amount_cents), 0) FROM postings").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM local_parked").scalar_one() == 0
        numbers = connection.exec_driver_sql("SELECT receipt, count(*) FROM payments GROUP BY receipt HAVING count(*) > 1").all()
        assert numbers == []
    empty.dispose()


def settle(network: Lossy, *desks: TestDesk) -> None:
    network.is_faulty = False
    for _ in range(3):
        for desk in desks:
            assert network.round(desk) is not None


@pytest.mark.parametrize("seed", range(12))
def test_all_agree_when_the_faults_stop(seed: int) -> None:
    chance = random.Random(seed)
    with a_desk("north", 1) as north, a_desk("south", 2) as south:
        central = a_central()
        for desk in (north, south):
            central.enroll(desk)
        network = Lossy(central, chance)
        for _ in range(60):
            desk = chance.choice((north, south))
            if chance.random() < 0.6:
                work(desk, chance)
            else:
                network.round(desk)
        settle(network, north, south)
        assert_same(central, north, south)
        assert network.round(north) == RoundResult(0, 0, 0, 0, sane=True)
        central.clusters.close()


@pytest.mark.parametrize("seed", range(6))
def test_a_central_put_back_from_an_old_backup_gets_everything_again(seed: int) -> None:
    chance = random.Random(1_000 + seed)
    with a_desk("north", 1) as north, a_desk("south", 2) as south:
        central = a_central()
        for desk in (north, south):
            central.enroll(desk)
        network = Lossy(central, chance)
        backup = central.copy()
        for turn in range(50):
            desk = chance.choice((north, south))
            work(desk, chance)
            if turn % 3 == 0:
                network.round(desk)
            if turn == 20:
                backup = central.copy()
        had = rows(central.database)
        central.put_back(backup)
        work(south, chance)
        settle(network, south, north)
        assert_same(central, north, south)
        assert set(had) <= set(rows(central.database))
        central.clusters.close()


def test_people_of_another_desk_can_sign_in_here_when_their_pin_has_come() -> None:
    with a_desk("north", 1) as north, a_desk("south", 2) as south:
        central = a_central()
        for desk in (north, south):
            central.enroll(desk)
        network = Lossy(central, random.Random(0), is_faulty=False)
        zoe = north.desk.provisioning.add_person("zoe", "Zoe", Role.REGISTRAR, "zoe-pin")
        assert not south.desk.provisioning.has_pin(zoe)
        settle(network, north, south)
        assert south.desk.view.facility().person(zoe).name == "Zoe"
        assert south.desk.people.sign_in(zoe, "zoe-pin").is_right
        before = south.desk.journal.head
        assert south.desk.provisioning.add_person("zoe", "Zoe", Role.REGISTRAR, "zoe-pin") == zoe
        assert south.desk.journal.head == before, "a PIN that fits is not set again"
        settle(network, south, north)
        assert_same(central, north, south)
        central.clusters.close()
