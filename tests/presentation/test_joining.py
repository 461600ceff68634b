"""Before there is a desk: what is chosen, what is missing, and how a facility begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from access_desk.domain.errors import KeyMissingError, UnavailableError
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import StaffAdded
from access_desk.domain.staff import Role
from access_desk.presentation.beginning import FETCHING, FORM, BeginModel
from access_desk.presentation.joining import CHOOSE, JOIN, PASSPHRASE, JoinModel
from access_desk.sync.loop import SyncStatus
from tests.desks import SIX_IN_THE_MORNING
from tests.presentation.money_desk import run_now
from tests.services.test_set_up import bare

TYPED = {"url": "https://central.example:8743", "code": "ABCD-EFGH", "label": "Admitting 3"}


@dataclass
class FakeDoor:
    """A folder that is what the test says."""

    new: bool = True
    begun: bool = False
    sealed: bool = False
    away: str = ""
    passphrases: list[str] = field(default_factory=list)
    enrolled: list[tuple[str, str, str]] = field(default_factory=list)
    comes: tuple[int, ...] = ()
    meanwhile: Callable[[int], object] = lambda _: None
    left: int = 0

    def is_new(self) -> bool:
        return self.new

    def is_begun(self) -> bool:
        return self.begun

    def wants_passphrase(self) -> bool:
        return not self.new and not self.begun and self.sealed

    def seals(self) -> bool:
        return self.sealed

    def use_passphrase(self, passphrase: str) -> None:
        self.passphrases.append(passphrase)

    def enroll(self, url: str, code: str, label: str, told: Callable[[int, int], object]) -> None:
        if self.away:
            raise UnavailableError(self.away)
        for come in self.comes:
            told(come, self.comes[-1])
            self.meanwhile(come)
        self.enrolled.append((url, code, label))

    def leave_fetching(self) -> None:
        self.left += 1


def opening(door: FakeDoor) -> tuple[JoinModel, list[str]]:
    opened: list[str] = []
    return JoinModel(door, run_now, lambda: opened.append("opened"), lambda call: call()), opened


def typed(model: JoinModel, **values: str) -> JoinModel:
    for name, text in values.items():
        model.type(name, text)
    return model


def test_a_desk_that_is_there_needs_nothing_said() -> None:
    assert not JoinModel.is_needed(FakeDoor(new=False))
    assert JoinModel.is_needed(FakeDoor())


def test_practising_opens_at_once() -> None:
    model, opened = opening(FakeDoor())
    assert model.state.phase == CHOOSE
    model.practise()
    assert opened == ["opened"]
    model.practise()
    assert opened == ["opened"], "a second press does nothing"


@pytest.mark.parametrize("missing", sorted(TYPED))
def test_what_is_missing_is_named_and_nothing_is_asked_of_central(missing: str) -> None:
    door = FakeDoor()
    model, opened = opening(door)
    model.join()
    typed(model, **(TYPED | {missing: "  "}))
    model.enroll("", "")
    assert model.state.problem.startswith("Enter ")
    assert (door.enrolled, opened) == ([], [])


def test_joining_enrolls_and_opens() -> None:
    door = FakeDoor(away="Central does not answer.")
    model, opened = opening(door)
    model.join()
    typed(model, **TYPED).enroll("", "")
    assert (model.state.problem, model.state.busy) == ("Central does not answer.", False)
    door.away = ""
    model.enroll("", "")
    assert door.enrolled == [tuple(TYPED.values())]
    assert opened == ["opened"]


def test_records_that_come_are_counted_and_the_rest_may_be_left() -> None:
    door = FakeDoor(comes=(0, 1_500_000, 4_000_000))
    model, opened = opening(door)
    seen: list[tuple[str, bool]] = []

    def look(come: int) -> None:
        if come == 1_500_000:
            model.back()
            model.back()
        seen.append((model.state.fetched, model.state.leaving))

    door.meanwhile = look
    model.join()
    typed(model, **TYPED).enroll("", "")
    assert seen == [
        ("0.0 of 4.0 MB (0 %)", False),
        ("1.5 of 4.0 MB (37 %)", True),
        ("All here; opening it", True),
    ]
    assert door.left == 1, "said once, however often it is pressed"
    assert opened == ["opened"]


def test_a_computer_without_a_keyring_asks_for_a_passphrase_twice() -> None:
    door = FakeDoor(sealed=True)
    model, _ = opening(door)
    model.join()
    typed(model, **TYPED).enroll("a long passphrase", "another passphrase")
    assert "twice" in model.state.problem
    model.enroll("a long passphrase", "a long passphrase")
    assert door.passphrases == ["a long passphrase"]
    assert len(door.enrolled) == 1


def test_esc_goes_back_and_keeps_what_was_typed() -> None:
    model, _ = opening(FakeDoor())
    model.join()
    typed(model, **TYPED).back()
    assert (model.state.phase, model.state.values) == (CHOOSE, TYPED)


def test_a_desk_that_was_made_and_not_enrolled_goes_on_joining() -> None:
    model, _ = opening(FakeDoor(new=False, begun=True))
    assert model.state.phase == JOIN
    model.back()
    assert model.state.phase == JOIN


def test_a_wrong_passphrase_is_asked_for_again() -> None:
    door, tries = FakeDoor(new=False, sealed=True), ["The passphrase does not fit."]

    def opens() -> None:
        if tries:
            raise KeyMissingError(tries.pop())

    model = JoinModel(door, run_now, opens, lambda call: call())
    assert model.state.phase == PASSPHRASE
    model.unseal("wrong")
    assert (model.state.problem, model.state.serial) == ("The passphrase does not fit.", 1)
    model.unseal("right")
    assert door.passphrases == ["wrong", "right"]
    assert model.state.problem == ""


def test_a_facility_that_nobody_began_is_begun_after_central_said_so() -> None:
    desk, ended = bare(), list[bool]()
    model = BeginModel(desk, run_now, lambda: ended.append(True))
    assert model.state.phase == FETCHING
    model.heard(SyncStatus(offline_since=SIX_IN_THE_MORNING))
    assert (model.state.phase, "does not answer" in model.state.said) == (FETCHING, True)
    model.heard(SyncStatus(last_contact=SIX_IN_THE_MORNING))
    assert model.state.phase == FORM
    for name, text in {"name": "Larkin Falls", "zone": "America/Chicago", "person": "Inés Salcedo", "key": "ines"}.items():
        model.type(name, text)
    model.begin("908172", "908171")
    assert "not the same" in model.state.problem
    model.begin("1111", "1111")
    assert "everybody tries" in model.state.problem
    model.begin("908172", "908172")
    assert ended == [True]
    assert desk.view.facility().timezone == "America/Chicago"
    model.heard(SyncStatus(last_contact=SIX_IN_THE_MORNING))
    assert ended == [True]


def test_people_who_come_from_central_end_the_waiting() -> None:
    desk, ended = bare(), list[bool]()
    model = BeginModel(desk, run_now, lambda: ended.append(True))
    desk.provisioning.add_person("ines", "Inés", Role.SUPERVISOR, "908172")
    model.heard(SyncStatus(last_contact=SIX_IN_THE_MORNING))
    assert ended == [True]


def test_people_whose_pins_are_still_on_their_way_are_waited_for() -> None:
    desk, ended = bare(), list[bool]()
    model = BeginModel(desk, run_now, lambda: ended.append(True))
    added = StaffAdded("p", "ines", "Inés", Role.SUPERVISOR)
    desk.journal.record("system", [Fact("p", added, None, ("LF",))])
    model.heard(SyncStatus(last_contact=SIX_IN_THE_MORNING))
    assert (model.state.phase, "PINs come" in model.state.said, ended) == (FETCHING, True, [])
