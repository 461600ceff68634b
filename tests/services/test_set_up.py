"""Beginning a facility, its staff, the drawers of a desk, its rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.facility.events import FacilityEstablished
from access_desk.domain.money import Money
from access_desk.domain.staff import Role
from access_desk.presentation.policy_form import PolicyProblemError, policy_values, read_policy
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.storage.engine import open_memory_database
from access_desk.storage.event_log import Stream
from access_desk.storage.schema import metadata
from tests.desks import CountingIds, PlainPins, SetClock, TestDesk, a_desk

LARKIN = FacilityEstablished("LF", "Larkin Falls", "America/Chicago", ("1 Mill Road", "Larkin Falls, OH 44990"), "(216) 555-0101")


class NoSigner:
    """Signs nothing that anybody checks."""

    def sign(self, message: bytes) -> bytes:
        return bytes(64) + message[:0]


def bare() -> Desk:
    """A desk where nobody works."""
    engine = open_memory_database()
    metadata.create_all(engine)
    journal = Journal(engine, Stream("LF", "north"), SetClock(), CountingIds(), NoSigner(), PlainPins())
    return Desk.over(journal, label="Admitting 1", practice=False)


def refusal(call: object, *arguments: object) -> DeskError:
    assert callable(call)
    with pytest.raises(DeskError) as refused:
        call(*arguments)
    return refused.value


def test_a_facility_begins_with_a_supervisor_who_can_sign_in() -> None:
    desk = bare()
    ines = desk.set_up.begin(LARKIN, "ines", "Inés Salcedo", "908172")
    assert desk.view.facility().name == "Larkin Falls"
    assert desk.people.sign_in(ines, "908172").is_right
    by = desk.by(ines)
    dana = desk.people.add(by, "dana", "Dana Whitfield", Role.REGISTRAR, "402913")
    assert desk.people.sign_in(dana, "402913").is_right
    drawer_id = desk.set_up.install_drawer(desk.by(ines), "03", "Admitting 3", Money(20_000))
    assert desk.view.facility().drawer(drawer_id).should_hold() == Money(20_000)
    assert refusal(desk.set_up.begin, LARKIN, "eve", "Eve", "771135").code is Refusal.NOT_PERMITTED


@pytest.mark.parametrize(
    ("facility", "key", "name", "pin", "said"),
    [
        (replace(LARKIN, name=" "), "ines", "Inés", "908172", "facility's name"),
        (replace(LARKIN, timezone="Ohio"), "ines", "Inés", "908172", "time zone"),
        (LARKIN, "Inés Salcedo", "Inés", "908172", "sign-in name"),
        (LARKIN, "ines", "", "908172", "person's name"),
        (LARKIN, "ines", "Inés", "1234", "everybody tries"),
        (LARKIN, "ines", "Inés", "90817x", "4 to 12 digits"),
    ],
)
def test_a_beginning_that_lacks_something_records_nothing(
    facility: FacilityEstablished, key: str, name: str, pin: str, said: str
) -> None:
    desk = bare()
    wrong = refusal(desk.set_up.begin, facility, key, name, pin)
    assert (wrong.code, said in wrong.text) == (Refusal.BAD_VALUE, True)
    assert desk.journal.head.seq == 0


def test_names_and_drawers_are_given_once() -> None:
    with a_desk() as desk:
        by, people, set_up = desk.desk.by, desk.desk.people, desk.desk.set_up
        sue = desk.people["sue"]
        assert "taken" in refusal(people.add, by(sue), "ann", "Ann Other", Role.LEAD, "908172").text
        people.amend(by(sue), desk.people["ann"], Role.REGISTRAR, active=False)
        assert "taken" in refusal(people.add, by(sue), "ann", "Ann Other", Role.LEAD, "908172").text
        assert "already" in refusal(set_up.install_drawer, by(sue), "d1", "Admitting 9", Money(0)).text
        assert "where the drawer is" in refusal(set_up.install_drawer, by(sue), "D9", " ", Money(0)).text
        assert refusal(people.set_pin, by(sue), desk.people["bob"], "1111").code is Refusal.BAD_VALUE
        assert [one.name for one, _ in people.everybody()][-1] == "Ann", "who works no more comes last"


def test_the_same_command_installs_one_drawer(desk: TestDesk) -> None:
    by = desk.desk.by(desk.people["sue"])
    first = desk.desk.set_up.install_drawer(by, "D9", "Admitting 9", Money(20_000))
    assert desk.desk.set_up.install_drawer(by, "D9", "Admitting 9", Money(20_000)) == first


def test_rules_are_read_as_they_are_shown(desk: TestDesk) -> None:
    policy = desk.desk.view.facility().policy
    assert read_policy(policy_values(policy), policy) == policy
    values = policy_values(policy) | {"approval_from": "5", "shifts": "day 7:00, night 19:00", "void_approval": ""}
    changed = read_policy(values, policy)
    desk.desk.set_up.set_policy(desk.desk.by(desk.people["sue"]), changed)
    kept = desk.desk.view.facility().policy
    assert kept == changed
    assert kept.approval_from() == Money(500)
    assert [one.name for one in kept.shifts] == ["day", "night"]
    assert kept.void_approval is False
    before = desk.desk.journal.head.seq
    desk.desk.set_up.set_policy(desk.desk.by(desk.people["sue"]), changed)
    assert desk.desk.journal.head.seq <= before + 1, "the same rules again record nothing but who signed in"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("recounts", "6"),
        ("recounts", "two"),
        ("drop_at", ""),
        ("drop_at", "1.234"),
        ("approval_from", "0"),
        ("shifts", ""),
        ("shifts", "day 25:00"),
        ("shifts", "day 7:00, day 15:00"),
        ("shifts", "day 7:00, night 7:00"),
    ],
)
def test_a_rule_that_cannot_be_read_names_its_field(desk: TestDesk, field: str, text: str) -> None:
    policy = desk.desk.view.facility().policy
    with pytest.raises(PolicyProblemError) as wrong:
        read_policy(policy_values(policy) | {field: text}, policy)
    assert wrong.value.field == field


def test_who_works_here_no_more_does_not_sign_in(desk: TestDesk) -> None:
    desk.desk.people.amend(desk.desk.by(desk.people["sue"]), desk.people["ann"], Role.REGISTRAR, active=False)
    wrong = refusal(desk.desk.people.sign_in, desk.people["ann"], "ann-pin")
    assert wrong.code is Refusal.NOT_PERMITTED
