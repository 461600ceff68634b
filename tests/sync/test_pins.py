"""A PIN that is set at one desk opens the others, and nobody on the way can set another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from access_desk.domain.errors import UnavailableError
from access_desk.storage import engine as engine_module
from access_desk.storage import pin_verifiers
from access_desk.storage.engine import CommitFailed, read_transaction, write_transaction
from access_desk.storage.handles import Connection
from access_desk.sync.desk_store import DeskStore
from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk


@dataclass
class Apart:
    """A central and two desks that it knows."""

    central: TestCentral
    north: TestDesk
    south: TestDesk

    def rounds(self, *desks: TestDesk) -> None:
        # Central's clock is right: a stamp that lies in its future would not count as what it says.
        self.central.clock.moment = max(self.central.clock.now(), self.north.clock.now(), self.south.clock.now())
        for desk in desks:
            drive(round_of(desk).run(), self.central.ask)


@pytest.fixture
def apart() -> Iterator[Apart]:
    with a_desk("north", 1) as north, a_desk("south", 2) as south:
        central = a_central()
        for desk in (north, south):
            central.enroll(desk)
        made = Apart(central, north, south)
        made.rounds(north, south, north)
        yield made
        central.clusters.close()


def set_pin(desk: TestDesk, who: str, pin: str, minutes: int) -> None:
    desk.clock.forward(minutes=minutes)
    desk.desk.people.set_pin(desk.desk.by(desk.people["sue"]), desk.people[who], pin)


def opens(desk: TestDesk, who: str, pin: str) -> bool:
    return desk.desk.people.check_pin(desk.people[who], pin, "sign_in").is_right


def test_a_new_pin_opens_the_other_desk_and_the_old_one_does_not(apart: Apart) -> None:
    set_pin(apart.north, "ann", "402913", 1)
    assert opens(apart.south, "ann", "ann-pin")
    apart.rounds(apart.north, apart.south)
    assert opens(apart.south, "ann", "402913")
    assert not opens(apart.south, "ann", "ann-pin")


def test_of_two_pins_set_apart_the_later_stands_everywhere(apart: Apart) -> None:
    set_pin(apart.north, "ann", "402913", 9)
    set_pin(apart.south, "ann", "771135", 5)
    apart.rounds(apart.south, apart.north, apart.south, apart.north)
    for desk in (apart.north, apart.south):
        assert opens(desk, "ann", "402913")
        assert not opens(desk, "ann", "771135")


def test_a_restored_central_is_given_the_pin_again(apart: Apart) -> None:
    backup = apart.central.copy()
    set_pin(apart.north, "ann", "402913", 1)
    apart.rounds(apart.north)
    apart.central.put_back(backup)
    apart.rounds(apart.north, apart.south)
    assert opens(apart.south, "ann", "402913")


def test_a_verifier_that_the_log_does_not_name_is_nobodys(apart: Apart) -> None:
    set_pin(apart.north, "ann", "402913", 1)
    apart.rounds(apart.north)
    person_id, planted = apart.north.people["ann"], apart.north.desk.journal.pins.hash_pin("666666")
    with write_transaction(apart.central.database) as connection:
        connection.exec_driver_sql("UPDATE central_pins SET verifier = ? WHERE person_id = ?", (planted, person_id))
    apart.rounds(apart.south)
    assert not opens(apart.south, "ann", "666666")
    apart.rounds(apart.north, apart.south)
    assert opens(apart.south, "ann", "402913")
    with write_transaction(apart.central.database) as connection:
        pin_verifiers.keep_at_central(connection, "F", [(person_id, planted)])
    with read_transaction(apart.central.database) as connection:
        assert pin_verifiers.at_central(connection, "F")[person_id] != planted


def test_wrong_pins_are_counted_on_when_the_verifier_is_the_same(apart: Apart) -> None:
    for _ in range(5):
        assert not opens(apart.south, "ann", "000000")
    apart.rounds(apart.south)
    assert not opens(apart.south, "ann", "ann-pin"), "five wrong ones make a person wait, whatever arrives"


def test_a_disk_that_fails_ends_the_round_and_the_next_one_goes_on(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    set_pin(apart.north, "ann", "402913", 1)
    apart.rounds(apart.north)
    journal = apart.south.desk.journal
    store = DeskStore(journal.engine, journal.stream, journal.take_in_others)

    def fails(writer: engine_module._Writer, connection: Connection) -> None:
        writer.roll_back(connection)
        raise CommitFailed("disk I/O error")

    steps = (
        lambda: store.keep_pins([]),
        store.rewind,
        lambda: store.acknowledged(1, 1),
        lambda: store.keep_numbers(1),
        lambda: store.follow(store.cursor(), [], store.cursor().digest),
    )
    with monkeypatch.context() as patched:
        patched.setattr(engine_module._Writer, "commit", fails)
        for step in steps:
            with pytest.raises(UnavailableError, match="disk reported an error"):
                step()
    apart.rounds(apart.south)
    assert opens(apart.south, "ann", "402913")
