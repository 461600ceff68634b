"""Before there is a desk: practise, or join a central; and the passphrase of a desk whose secrets are sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.view_model import ViewModel

CHOOSE, JOIN, PASSPHRASE = "choose", "join", "passphrase"
_MB = 1_000_000
_REQUIRED = (
    ("url", "Enter central's address, such as https://central.example:8743."),
    ("code", "Enter the enrollment code that whoever runs central gave you."),
    ("label", "Enter what people call this desk, such as Admitting 3."),
)


class Door(Protocol):
    """The folder that the window stands before, until a desk is open in it."""

    def is_new(self) -> bool:
        """Whether no desk lives here yet."""
        ...

    def is_begun(self) -> bool:
        """Whether a real desk was made here and never came to be enrolled."""
        ...

    def wants_passphrase(self) -> bool:
        """Whether the desk's secrets are sealed and nobody has said the passphrase."""
        ...

    def seals(self) -> bool:
        """Whether a real desk's secrets would be in a sealed file: this computer has no keyring that can be trusted."""
        ...

    def use_passphrase(self, passphrase: str) -> None:
        """Open, or seal, with this passphrase."""
        ...

    def enroll(self, url: str, code: str, label: str, told: Callable[[int, int], object]) -> None:
        """Make a desk here and make it known to a central. Raises DeskError, UnavailableError; asked again, it goes on.

        ``told`` hears how many bytes of how many came of the facility's records, on the thread that this is called on.
        """
        ...

    def leave_fetching(self) -> None:
        """Let :meth:`enroll` end without the rest of the records; from any thread. The open desk goes on with them."""
        ...


@dataclass(frozen=True, slots=True)
class JoinState:
    """``phase`` is ``choose``, ``join`` or ``passphrase``. ``values`` are the fields as typed, never a passphrase.

    ``fetched`` says how much of the facility's records is here, blank before they come; ``leaving`` that the rest was left.
    """

    phase: str = CHOOSE
    values: Mapping[str, str] = field(default_factory=dict)
    is_begun: bool = False
    seals: bool = False
    problem: str = ""
    busy: bool = False
    serial: int = 0
    fetched: str = ""
    leaving: bool = False


class JoinModel(ViewModel[JoinState]):
    """Intents of a window without an open desk. ``opens`` opens what is there now; it raises UnavailableError.

    ``here`` has something done on the screen's thread, from another one.
    """

    def __init__(self, door: Door, run: Run, opens: Callable[[], object], here: Callable[[Callable[[], object]], object]) -> None:
        if door.is_begun():
            super().__init__(JoinState(JOIN, is_begun=True, seals=door.seals()))
        else:
            super().__init__(JoinState(PASSPHRASE if door.wants_passphrase() else CHOOSE))
        self._door, self._run, self._opens, self._here = door, run, opens, here

    @staticmethod
    def is_needed(door: Door) -> bool:
        """Whether something has to be said before a desk can be opened."""
        return door.is_new() or door.is_begun() or door.wants_passphrase()

    def practise(self) -> None:
        """A practice desk: nothing on it is real."""
        if self.state.phase == CHOOSE and not self.state.busy:
            self._open()

    def join(self) -> None:
        """Ask for central's address and the code."""
        if self.state.phase == CHOOSE and not self.state.busy:
            self._show(replace(self.state, phase=JOIN, seals=self._door.seals(), problem=""))

    def back(self) -> None:
        """Esc: choose again; what was typed stays. While records come: open without the rest of them."""
        if self.state.fetched and self.state.busy and not self.state.leaving:
            self._show(replace(self.state, leaving=True))
            self._door.leave_fetching()
        if self.state.phase == JOIN and not self.state.busy and not self.state.is_begun:
            self._show(replace(self.state, phase=CHOOSE, problem=""))

    def type(self, name: str, text: str) -> None:
        """A field, as typed."""
        self._show(replace(self.state, values={**self.state.values, name: text}, problem=""))

    def enroll(self, passphrase: str, again: str) -> None:
        """Join; the passphrase only where it is asked for."""
        if self.state.phase != JOIN or self.state.busy:
            return
        values = {name: self.state.values.get(name, "").strip() for name, _ in _REQUIRED}
        missing = next((text for name, text in _REQUIRED if not values[name]), "")
        if not missing and self.state.seals and (not passphrase or passphrase != again):
            missing = "Type the passphrase twice, the same. It is asked for whenever this desk is started."
        if missing:
            self._show(replace(self.state, problem=missing))
            return
        if self.state.seals:
            self._door.use_passphrase(passphrase)
        self._show(replace(self.state, busy=True, problem=""))

        def told(come: int, size: int) -> None:
            self._here(lambda: self._came(come, size))

        enroll = self._door.enroll
        self._run(lambda: enroll(values["url"], values["code"], values["label"], told), lambda _: self._open(), self._failed)

    def _came(self, come: int, size: int) -> None:
        said = f"{come / _MB:,.1f} of {size / _MB:,.1f} MB ({100 * come // size} %)" if come < size else "All here; opening it"
        self._show(replace(self.state, fetched=said))

    def unseal(self, passphrase: str) -> None:
        """Open with this passphrase."""
        if self.state.phase == PASSPHRASE and passphrase and not self.state.busy:
            self._door.use_passphrase(passphrase)
            self._open()

    def _open(self) -> None:
        self._show(replace(self.state, busy=True, problem=""))
        try:
            self._opens()
        except UnavailableError as wrong:
            self._failed(wrong)

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, problem=problem.text, busy=False, serial=self.state.serial + 1, fetched="", leaving=False))
