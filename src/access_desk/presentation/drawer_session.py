"""What the money screens share: who is at the desk, how slow calls are run, and writing a form exactly once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from access_desk.domain.errors import DeskError, Refusal, UnavailableError
from access_desk.domain.events import Recorded
from access_desk.domain.money import Money
from access_desk.domain.papers.words import ROLE_WORDS
from access_desk.domain.privacy.rules import ProtectedRecordError
from access_desk.domain.staff import Countersign, Person, Role
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.journal import By

_Answer = TypeVar("_Answer")


class Run(Protocol):
    """Runs a slow call away from the screen and brings its answer, or what it raised, back."""

    def __call__(
        self, call: Callable[[], _Answer], done: Callable[[_Answer], object], failed: Callable[[Exception], object], /
    ) -> object:
        """Call, then ``done`` with the answer or ``failed`` with the error."""
        ...


@dataclass(frozen=True, slots=True)
class MoneySession:
    """The desk's use cases, the person at the desk (asked each time: people take turns), and the task runner."""

    desk: Desk
    who: Callable[[], str]
    run: Run


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """Somebody who may approve or witness: their id and how a list shows them."""

    person_id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyState:
    """Every money screen: ``busy`` while something is recorded, ``problem`` is the text of the last refusal or blank."""

    busy: bool = False
    problem: str = ""


_State = TypeVar("_State", bound=MoneyState)


class MoneyViewModel(ViewModel[_State]):
    """A view-model that records things.

    A form has one command id from opening until something came of it, so a double activation or a retry after a fault
    has no second effect. A refusal is recorded under that id too; the corrected form gets a fresh one.
    """

    def __init__(self, session: MoneySession, state: _State) -> None:
        super().__init__(state)
        self.session = session
        self._command_id = session.desk.journal.ids.new_id()
        # Told of a record that opens for a reason only, so that somebody can ask for it.
        self.on_protected: Callable[[str], object] | None = None

    @property
    def who(self) -> str:
        """The person at the desk."""
        return self.session.who()

    def change(self, **changes: Any) -> None:
        """Replace fields of the state and let the view paint it."""
        self._show(replace(self.state, **changes))

    def write(self, call: Callable[[By], list[Recorded]], done: Callable[[list[Recorded]], object]) -> None:
        """Record something once; while it runs further activations do nothing."""
        if self.state.busy:
            return
        by = self.session.desk.by(self.who, self._command_id)
        self.change(busy=True, problem="")
        self.session.run(lambda: call(by), lambda events: self._written(events, done), self.fail)

    def ask(self, call: Callable[[], _Answer], done: Callable[[_Answer], object]) -> None:
        """Read something; a fault is shown as the problem."""
        self.session.run(call, done, self.fail)

    def fail(self, error: Exception) -> None:
        """Show a refusal or a fault, with everything that was typed. Anything else is a bug and is raised again."""
        if isinstance(error, DeskError):
            self._command_id = self.session.desk.journal.ids.new_id()
            self.refused(error)
            if isinstance(error, ProtectedRecordError) and self.on_protected is not None:
                self.on_protected(error.patient_id)
        elif isinstance(error, UnavailableError):
            self.change(busy=False, problem=error.text)
        else:
            self.change(busy=False)
            raise error

    def refused(self, error: DeskError) -> None:
        """Show why the desk said no."""
        self.change(busy=False, problem=error.text)

    def new_form(self) -> None:
        """A fresh form: what it records is recorded anew."""
        self._command_id = self.session.desk.journal.ids.new_id()

    def _written(self, events: list[Recorded], done: Callable[[list[Recorded]], object]) -> None:
        self.new_form()
        self.change(busy=False, problem="")
        done(events)


def person_label(person: Person) -> str:
    """``Marcus Okafor, shift lead``."""
    return f"{person.name}, {ROLE_WORDS[person.role.value]}"


def who_may_approve(desk: Desk, besides: str) -> tuple[SecondPerson, ...]:
    """Leads and supervisors other than the person asking."""
    people = (one for one in desk.people.staff() if one.role is not Role.REGISTRAR and one.person_id != besides)
    return tuple(SecondPerson(one.person_id, person_label(one)) for one in people)


def who_may_witness(desk: Desk, besides: str) -> tuple[SecondPerson, ...]:
    """Everybody other than the person asking."""
    return tuple(SecondPerson(one.person_id, person_label(one)) for one in desk.people.staff() if one.person_id != besides)


def signed_by(person_id: str, pin: str) -> Countersign | None:
    """A second person's signature as typed; None when nobody was chosen."""
    return Countersign(person_id, pin or None) if person_id else None


def typed_money(text: str) -> tuple[Money | None, str]:
    """What was typed as an amount: the money, or why it cannot be read. Blank is neither."""
    if not text.strip():
        return None, ""
    try:
        return Money.typed(text), ""
    except DeskError as wrong:
        return None, wrong.text


def needed_money(text: str, missing: str) -> Money:
    """An amount that has to be there.

    Raises:
        DeskError: ``bad_amount`` with ``missing`` for a blank, or saying what cannot be read.
    """
    if not text.strip():
        raise DeskError(Refusal.BAD_AMOUNT, missing)
    return Money.typed(text)
