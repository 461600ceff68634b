"""First start of a practice desk: its facility, staff and drawers. `joining` is what comes before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.events import DrawerInstalled, FacilityEstablished
from access_desk.domain.money import Money
from access_desk.domain.papers.words import ROLE_WORDS
from access_desk.domain.staff import Role
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk

PRACTICE_FACILITY = FacilityEstablished(
    "CHR", "Cedar Hollow Regional", "America/New_York", ("1200 Cedar Hollow Road", "Larkin Falls, OH 44990"), "(216) 555-0100"
)
# Published with the program: a practice desk holds nobody's real records, and everything it prints says PRACTICE.
PRACTICE_STAFF = (
    ("dana", "Dana Whitfield", Role.REGISTRAR, "402913"),
    ("priya", "Priya Raman", Role.REGISTRAR, "771135"),
    ("marcus", "Marcus Okafor", Role.LEAD, "551924"),
    ("ines", "Inés Salcedo", Role.SUPERVISOR, "908172"),
)
PRACTICE_DRAWERS = (("03", "Admitting 3"), ("04", "Admitting 4"), ("07", "Emergency 1"))
PRACTICE_IMPREST = Money(20_000)


@dataclass(frozen=True, slots=True)
class PracticePerson:
    """Somebody of the practice facility, with the PIN to sign in with."""

    key: str
    name: str
    role: str
    pin: str


@dataclass(frozen=True, slots=True)
class FirstStartState:
    """``phase`` is ``choose``, ``working``, ``ready`` or ``failed``."""

    phase: str = "choose"
    people: tuple[PracticePerson, ...] = ()
    notice: str = ""


class FirstStartModel(ViewModel[FirstStartState]):
    """Intents of the first start; ``finished`` is called when sign-in can begin."""

    def __init__(self, desk: Desk, run: Run, finished: Callable[[], None]) -> None:
        super().__init__(FirstStartState())
        self._desk = desk
        self._run = run
        self._finished = finished

    @staticmethod
    def is_needed(desk: Desk) -> bool:
        """Whether nobody can sign in here yet: people come from other desks too, their PINs do not."""
        return not any(desk.provisioning.has_pin(person_id) for person_id in desk.view.facility().people)

    def choose_practice(self) -> None:
        """Set up the practice facility. Asking twice changes nothing."""
        if self.state.phase not in ("choose", "failed"):
            return
        self._show(replace(self.state, phase="working", notice=""))
        self._run(lambda: set_up_practice(self._desk), self._done, self._failed)

    def _done(self, _: None) -> None:
        people = tuple(PracticePerson(key, name, ROLE_WORDS[role.value], pin) for key, name, role, pin in PRACTICE_STAFF)
        self._show(replace(self.state, phase="ready", people=people))

    def finish(self) -> None:
        """Go on to sign-in."""
        if self.state.phase == "ready":
            self._finished()

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, phase="failed", notice=problem.text))


def set_up_practice(desk: Desk) -> None:
    """Facility, staff and drawers of a practice desk; what is there already is left alone."""
    desk.provisioning.establish(PRACTICE_FACILITY)
    for key, name, role, pin in PRACTICE_STAFF:
        desk.provisioning.add_person(key, name, role, pin)
    for key, label in PRACTICE_DRAWERS:
        drawer_id = desk.journal.ids.new_id()
        desk.provisioning.install_drawer(DrawerInstalled(drawer_id, key, label, PRACTICE_IMPREST))
