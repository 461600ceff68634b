"""What people at a desk were told against what its log has, when the disk reports an error around COMMIT."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from access_desk.domain.cash_drawer.commands import DropCash, OpenDrawer, PayIn
from access_desk.domain.events import Recorded
from access_desk.domain.money import Money
from access_desk.services.desk import Desk
from access_desk.services.journal import By
from tests.simulation.files import KEPT, KILLED_AFTER, LOST
from tests.simulation.people import in_pieces
from tests.simulation.places import Act, Place, ViolationError
from tests.simulation.planted.hunt import BUGS
from tests.simulation.world import a_world

WHO = "ann1"


@pytest.fixture
def place() -> Iterator[Place]:
    """A desk in whose first drawer lie 200 dollars."""
    with a_world(7) as world:
        one = world.places[0]
        assert one.carry_out(WHO, lambda by: one.desk.drawers.open_drawer(by, OpenDrawer(_drawer(one), in_pieces(20_000))))
        yield one


def _drawer(place: Place) -> str:
    return place.test.drawer("D1")


def _desk(place: Place) -> Desk:
    """That of the process that runs when somebody acts, which may be another one by then."""
    return place.desk


def _drop(place: Place) -> Act:
    return lambda by: _desk(place).drawers.drop(by, DropCash(_drawer(place), Money(1_000)))


def _pay_in(place: Place) -> Act:
    paid_in = PayIn(_drawer(place), Money(700), "found", place.test.sign("lea"))
    return lambda by: _desk(place).drawers.pay_in(by, paid_in)


def _moved(place: Place) -> list[str]:
    place.watched.look()
    return [kind for kind in place.watched.checker.done.values() if kind in ("cash.dropped", "cash.paid_in")]


def _commits(place: Place, *fates: str) -> None:
    coming = iter(fates)
    place.watched.file.fate = lambda: next(coming, "")


@pytest.mark.parametrize("fate", [KEPT, LOST, KILLED_AFTER])
def test_whatever_becomes_of_a_commit_cash_is_moved_once_and_people_hear_of_it(place: Place, fate: str) -> None:
    _commits(place, fate)
    assert place.carry_out(WHO, _drop(place)) is not None
    assert _moved(place) == ["cash.dropped"]
    place.assert_remembered()


def test_somebody_who_is_told_to_try_again_moves_cash_twice_and_that_is_seen() -> None:
    with BUGS["try_again"].in_place(), a_world(7) as world:
        place = world.places[0]
        place.carry_out(WHO, lambda by: place.desk.drawers.open_drawer(by, OpenDrawer(_drawer(place), in_pieces(20_000))))
        _commits(place, KEPT)
        assert place.carry_out(WHO, _pay_in(place)) is not None
        assert _moved(place) == ["cash.paid_in", "cash.paid_in"]
        with pytest.raises(ViolationError, match=r"cash\.paid_in was done and nobody was told \(1 in all\)"):
            place.assert_remembered()


def test_a_form_keeps_its_id_for_as_long_as_nobody_knows_whether_it_was_recorded(place: Place) -> None:
    """Killed after it was recorded; then the disk cannot be written to; then it can."""
    _commits(place, KILLED_AFTER)
    began = iter((False, True))
    place.watched.file.fails = lambda writing: writing and next(began, False)
    assert place.carry_out(WHO, _drop(place)) is not None
    assert next(began, None) is None
    assert _moved(place) == ["cash.dropped"]
    place.assert_remembered()


def test_what_was_not_recorded_is_entered_anew(place: Place) -> None:
    _commits(place, LOST)
    ids: list[str] = []

    def drop(by: By) -> list[Recorded]:
        ids.append(by.command_id)
        return _drop(place)(by)

    place.carry_out(WHO, drop)
    assert len(ids) == len(set(ids)) == 2
