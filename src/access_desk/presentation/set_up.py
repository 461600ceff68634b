"""The Set up page: who works here, the drawers of this desk, the rules of the facility, one's own PIN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.money import Money
from access_desk.domain.papers.words import ROLE_WORDS
from access_desk.domain.permissions import Action, may
from access_desk.domain.staff import Person, Role
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.policy_form import PolicyProblemError, policy_values, read_policy
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk

ROLES = tuple((role.value, ROLE_WORDS[role.value].capitalize()) for role in Role)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody of the staff; ``has_pin`` is whether their PIN is known at this desk."""

    person_id: str
    key: str
    name: str
    role: Role
    active: bool
    has_pin: bool


@dataclass(frozen=True, slots=True)
class DrawerLine:
    """A drawer; ``is_here`` when it belongs to this desk."""

    drawer_id: str
    key: str
    label: str
    imprest: Money
    is_here: bool


@dataclass(frozen=True, slots=True)
class SetUpState:
    """``asks`` is ``add``, ``person``, ``drawer``, ``own_pin`` or blank; ``asked_for`` the person it is about.

    ``values`` is what the rules' form shows, as typed; ``wrong`` its fields that cannot be read, with what to do.
    """

    facility: str = ""
    people: tuple[PersonLine, ...] = ()
    drawers: tuple[DrawerLine, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    is_changed: bool = False
    may_manage: bool = False
    asks: str = ""
    asked_for: str = ""
    notice: str = ""
    problem: str = ""
    busy: bool = False

    @property
    def person(self) -> PersonLine | None:
        """Whom the question is about."""
        return next((one for one in self.people if one.person_id == self.asked_for), None)


class SetUpModel(ViewModel[SetUpState]):
    """Intents of the Set up page. Everybody changes their own PIN; the rest is a supervisor's."""

    def __init__(self, desk: Desk, run: Run, who: Callable[[], str]) -> None:
        super().__init__(SetUpState())
        self._desk, self._run, self._who = desk, run, who

    def refresh(self, notice: str = "") -> None:
        """Look again. What is typed in the form of the rules stays."""
        person_id = self._who()

        def look() -> tuple[FacilityState, tuple[tuple[Person, bool], ...]]:
            return self._desk.view.facility(), self._desk.people.everybody()

        def done(found: tuple[FacilityState, tuple[tuple[Person, bool], ...]]) -> None:
            facility, everybody = found
            manages = may(facility.person(person_id).role, Action.MANAGE_STAFF)
            people = [PersonLine(one.person_id, one.key, one.name, one.role, one.active, known) for one, known in everybody]
            state = replace(self.state, facility=facility.name, people=tuple(people) if manages else (), may_manage=manages)
            values = state.values if state.is_changed else policy_values(facility.policy)
            self._show(replace(state, drawers=self._drawers(facility), values=values, notice=notice, busy=False))

        self._run(look, done, self._failed)

    def _drawers(self, facility: FacilityState) -> tuple[DrawerLine, ...]:
        here = self._desk.journal.stream.desk_id
        ordered = sorted(facility.drawers.values(), key=lambda one: (one.desk_id != here, one.key))
        return tuple(DrawerLine(one.drawer_id, one.key, one.desk_label, one.imprest, one.desk_id == here) for one in ordered)

    # ------------------------------------------------------------ questions

    def ask(self, what: str, person_id: str = "") -> None:
        """Ask for somebody new, about somebody, for a drawer, or for one's own PIN."""
        if self.state.busy or (what != "own_pin" and not self.state.may_manage):
            return
        self._show(replace(self.state, asks=what, asked_for=person_id, problem="", notice=""))

    def leave_it(self) -> None:
        """Close the question; nothing was recorded."""
        self._show(replace(self.state, asks="", asked_for="", problem=""))

    def add(self, key: str, name: str, role: str, pin: str, again: str) -> None:
        """Let somebody work here."""
        if self._are_equal(pin, again):
            by = self._desk.by(self._who())
            self._record(
                lambda: self._desk.people.add(by, key.strip(), name, Role(role), pin), f"{name.strip()} can sign in now."
            )

    def change(self, role: str, pin: str, again: str, *, active: bool) -> None:
        """Another role, no longer or again on the staff, another PIN: what is different is recorded."""
        person = self.state.person
        if person is None or not self._are_equal(pin, again):
            return
        by, and_by = self._desk.by(self._who()), self._desk.by(self._who())

        def call() -> None:
            if (Role(role), active) != (person.role, person.active):
                self._desk.people.amend(by, person.person_id, Role(role), active=active)
            if pin:
                self._desk.people.set_pin(and_by, person.person_id, pin)

        self._record(call, f"{person.name}: changed.")

    def set_own_pin(self, old: str, pin: str, again: str) -> None:
        """Another PIN for whoever is at the desk, who says the one that was."""
        if not self._are_equal(pin, again):
            return
        person_id, by = self._who(), self._desk.by(self._who())

        def call() -> bool:
            if not self._desk.people.check_pin(person_id, old, "change_pin").is_right:
                return False
            self._desk.people.set_pin(by, person_id, pin)
            return True

        def done(was_right: bool) -> None:
            if was_right:
                self._show(replace(self.state, asks="", busy=False))
                self.refresh("Your PIN is changed. At other desks it is once they have synchronized.")
            else:
                self._show(replace(self.state, busy=False, problem="The PIN that you have now does not match."))

        self._show(replace(self.state, busy=True, problem=""))
        self._run(call, done, self._failed)

    def install(self, key: str, label: str, imprest: str) -> None:
        """A drawer of this desk."""
        try:
            amount = Money.typed(imprest)
        except DeskError as wrong:
            self._show(replace(self.state, problem=f"Float: {wrong.text}"))
            return
        by = self._desk.by(self._who())
        said = f"Drawer {key.strip()} is at this desk."
        self._record(lambda: self._desk.set_up.install_drawer(by, key.strip(), label, amount), said)

    def _are_equal(self, pin: str, again: str) -> bool:
        if pin != again:
            self._show(replace(self.state, problem="The two PINs are not the same. Type the new one twice."))
        return pin == again

    # ------------------------------------------------------------ the rules

    def type(self, name: str, text: str) -> None:
        """A field of the rules, as typed."""
        wrong = {one: said for one, said in self.state.wrong.items() if one != name}
        self._show(replace(self.state, values={**self.state.values, name: text}, wrong=wrong, is_changed=True, notice=""))

    def take_back(self) -> None:
        """The rules as they are."""
        self._show(replace(self.state, is_changed=False, wrong={}))
        self.refresh()

    def save(self) -> None:
        """The rules as typed, from now on."""
        if not self.state.may_manage or self.state.busy or not self.state.values:
            return
        try:
            policy = read_policy(self.state.values, self._desk.view.facility().policy)
        except PolicyProblemError as wrong:
            self._show(replace(self.state, wrong={wrong.field: wrong.text}, notice=""))
            return
        by = self._desk.by(self._who())
        self._record(lambda: self._desk.set_up.set_policy(by, policy), "Saved. The rules hold from now on.", ends_typing=True)

    def _record(self, call: Callable[[], object], said: str, *, ends_typing: bool = False) -> None:
        self._show(replace(self.state, busy=True, problem="", notice=""))

        def done(_: object) -> None:
            kept = self.state.is_changed and not ends_typing
            self._show(replace(self.state, asks="", asked_for="", busy=False, is_changed=kept))
            self.refresh(said)

        self._run(call, done, self._failed)

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        if self.state.asks:
            self._show(replace(self.state, problem=problem.text, busy=False))
        else:
            self._show(replace(self.state, notice=problem.text, busy=False))
