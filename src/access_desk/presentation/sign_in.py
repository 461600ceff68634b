"""Sign-in and lock: who is at the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.papers.words import ROLE_WORDS, staff_on_receipt
from access_desk.domain.staff import Person
from access_desk.presentation.first_start import PRACTICE_STAFF
from access_desk.presentation.registration_dates import long_date, shown_time
from access_desk.presentation.view_model import ViewModel

if TYPE_CHECKING:
    # The form is painted before the desk is opened, and nothing is loaded that this paint does not need.
    from access_desk.presentation.drawer_session import Run
    from access_desk.presentation.facilities import Facilities, ServedFacility
    from access_desk.services.desk import Desk
    from access_desk.services.people import PinVerdict

# Facility settings later; the design's default is twenty minutes after the lock.
SIGN_OUT_AFTER_LOCK = timedelta(minutes=20)
SHORTEST_PIN, LONGEST_PIN = 4, 12


Notes = tuple[tuple[str, str], ...]
HELP: Notes = (
    ("circle-question-mark", "Type your sign-in name, Enter, your PIN, Enter. Down opens the list of names."),
    ("users", "Somebody else is signed in here: Alt U. Their drafts and their drawer stay with them."),
    ("key-round", "A forgotten PIN: a supervisor gives you a new one at any desk."),
)


@dataclass(frozen=True, slots=True)
class StaffChoice:
    """Somebody who can sign in here, by short name."""

    person_id: str
    key: str
    short_name: str
    initials: str
    role: str


@dataclass(frozen=True, slots=True)
class SignInState:
    """``mode`` is ``sign_in``, ``locked`` or ``hidden`` (somebody works). ``pin_serial`` grows when the box is to be emptied.

    ``facilities`` are ids and names of those that the desk serves, blank when it is one; ``facility_id`` is the one shown.
    """

    mode: str = "sign_in"
    facility: str = ""
    desk_label: str = ""
    is_practice: bool = False
    clock: str = ""
    date: str = ""
    staff: tuple[StaffChoice, ...] = ()
    chosen: StaffChoice | None = None
    subtitle: str = ""
    error: str = ""
    is_checking: bool = False
    waits: str = ""
    notes: Notes = ()
    saved: str = ""
    facilities: tuple[tuple[str, str], ...] = ()
    facility_id: str = ""
    pin_serial: int = 0

    @property
    def action(self) -> str:
        """The primary button's word."""
        return "Unlock" if self.mode == "locked" else "Sign in"


def _nobody_hears(_: str) -> None:
    """Before the desk is attached nobody can sign in."""


class SignInModel(ViewModel[SignInState]):
    """Intents of the sign-in and lock cover. ``signed_in`` is called when somebody takes the desk or comes back to it."""

    def __init__(self, run: Run, desk: Desk | None = None) -> None:
        super().__init__(SignInState(subtitle="" if desk else "Opening the desk…"))
        self._opened = desk
        self._run = run
        self._signed_in: Callable[[str], object] = _nobody_hears
        self._signed_out: Callable[[str], object] = _nobody_hears
        self._waits_until: datetime | None = None
        self._locked_at: datetime | None = None
        self._locked_by = ""
        self._working = ""
        self._practice: Notes = ()
        self._facilities: Facilities | None = None
        self._go_to: Callable[[str], object] = _nobody_hears

    def attach(
        self,
        desk: Desk,
        signed_in: Callable[[str], object],
        signed_out: Callable[[str], object],
        facilities: Facilities | None = None,
        go_to: Callable[[str], object] = _nobody_hears,
    ) -> None:
        """The desk is open: who signs in and out, and which facility is gone to, is told from now on."""
        self._opened, self._signed_in, self._signed_out = desk, signed_in, signed_out
        self._facilities, self._go_to = facilities, go_to
        self.start()

    def choose_facility(self, facility_id: str) -> None:
        """Sign in at another facility of this desk."""
        if facility_id != self.state.facility_id and any(one == facility_id for one, _ in self.state.facilities):
            self._go_to(facility_id)

    @property
    def _desk(self) -> Desk:
        if self._opened is None:
            raise RuntimeError("the desk is not open yet")
        return self._opened

    @property
    def person_id(self) -> str:
        """Who works at the desk now; blank while nobody does."""
        return self._working if self.state.mode == "hidden" else ""

    def start(self) -> None:
        """Show the sign-in form and ask who works here; asked again whenever that may have changed."""
        if self._opened is None:
            return
        self.tick()

        def asked() -> tuple[str, list[Person], Notes, tuple[ServedFacility, ...]]:
            people = list(self._desk.people.staff())
            served = self._facilities.served() if self._facilities is not None else ()
            return self._desk.view.facility().name, people, self._who_practises(people), served

        def done(answer: tuple[str, list[Person], Notes, tuple[ServedFacility, ...]]) -> None:
            name, people, self._practice, served = answer
            staff = tuple(_choice(person) for person in people)
            self._show(
                replace(
                    self.state,
                    facility=name,
                    facilities=tuple((one.facility_id, one.name) for one in served) if len(served) > 1 else (),
                    facility_id=next((one.facility_id for one in served if one.is_here), ""),
                    desk_label=self._desk.label,
                    is_practice=self._desk.practice,
                    staff=staff,
                    notes=self._practice if self.state.mode == "sign_in" else self.state.notes,
                    subtitle="Choose who you are, then enter your PIN." if self.state.chosen is None else self.state.subtitle,
                )
            )

        self._run(asked, done, self._failed)

    def _who_practises(self, people: list[Person]) -> Notes:
        """The published names and PINs that open a practice desk; none at a desk where anything is real."""
        published = {key: pin for key, _, _, pin in PRACTICE_STAFF}
        return tuple(
            ("key-round", f"{person.key}, PIN {published[person.key]}: {ROLE_WORDS[person.role.value]}")
            for person in people
            if self._desk.practice
            and person.key in published
            and self._desk.people.still_has(person.person_id, published[person.key])
        )

    def help(self) -> None:
        """F1: how to get in, and back to what was shown before."""
        if self.state.mode == "sign_in":
            self._show(replace(self.state, notes=self._practice if self.state.notes == HELP else HELP))

    def tick(self) -> None:
        """The clock moved: time of day, time left to wait, and whether a locked desk signs out."""
        if self._opened is None:
            return
        now = self._desk.view.now()
        waits = self._wait_text(now)
        state = replace(self.state, clock=shown_time(now), date=long_date(now.date()), waits=waits)
        if state != self.state:
            self._show(state)
        if self._locked_at is not None and now - self._locked_at >= SIGN_OUT_AFTER_LOCK:
            self._leave(self._locked_by)

    def _wait_text(self, now: datetime) -> str:
        if self._waits_until is None or now >= self._waits_until:
            self._waits_until = None
            return ""
        left = ceil((self._waits_until - now).total_seconds())
        return f"Too many wrong PINs. Try again in {left // 60} min {left % 60:02d} s, or ask a supervisor for a new PIN."

    def choose(self, person_id: str) -> None:
        """Somebody was picked from the list."""
        chosen = next((one for one in self.state.staff if one.person_id == person_id), None)
        if chosen is not None:
            self._waits_until = None
            role = f"{chosen.role}, sign in to this desk"
            self._show(
                replace(self.state, chosen=chosen, error="", waits="", subtitle=role, pin_serial=self.state.pin_serial + 1)
            )

    def type_name(self, text: str) -> None:
        """A sign-in name was typed; an unknown one says so."""
        plain = text.strip().casefold()
        found = next((one for one in self.state.staff if one.key.casefold() == plain), None)
        if found is not None:
            self.choose(found.person_id)
        elif plain:
            self._show(replace(self.state, chosen=None, error="Nobody here has this sign-in name."))

    def submit(self, pin: str) -> None:
        """Enter: judge the PIN, off the screen's thread."""
        chosen, state = self.state.chosen, self.state
        if state.is_checking or state.waits or self._opened is None:
            return
        if chosen is None:
            self._show(replace(state, error="Choose who you are first."))
            return
        if not (pin.isascii() and pin.isdecimal() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
            self._show(replace(state, error="Enter your PIN: 4 to 12 digits.", pin_serial=state.pin_serial + 1))
            return
        is_unlock = state.mode == "locked" and chosen.person_id == self._locked_by
        judge = self._desk.people.unlock if is_unlock else self._desk.people.sign_in
        self._show(replace(state, is_checking=True, error=""))
        self._run(lambda: (chosen.person_id, judge(chosen.person_id, pin)), self._judge_done, self._failed)

    def _judge_done(self, answer: tuple[str, PinVerdict]) -> None:
        person_id, verdict = answer
        serial = self.state.pin_serial + 1
        if not verdict.is_right:
            self._waits_until = verdict.waits_until
            waits = self._wait_text(self._desk.view.now())
            error = "" if waits else "The PIN does not match. Try again."
            self._show(replace(self.state, is_checking=False, error=error, waits=waits, pin_serial=serial))
            return
        self._locked_at, self._locked_by, self._waits_until = None, "", None
        self._working = person_id
        self._show(replace(self.state, mode="hidden", is_checking=False, error="", waits="", notes=(), pin_serial=serial))
        self._signed_in(person_id)

    def lock(self, *, idle: bool) -> None:
        """Ctrl L, or the idle timer: cover the desk. What was typed stays with its owner."""
        person_id = self.person_id
        if not person_id:
            return
        now = self._desk.view.now()
        self._locked_at, self._locked_by = now, person_id
        chosen = next((one for one in self.state.staff if one.person_id == person_id), None)
        role = chosen.role if chosen else ""
        self._show(
            replace(
                self.state,
                mode="locked",
                chosen=chosen,
                subtitle=f"{role}, locked {shown_time(now)}",
                clock=shown_time(now),
                date=long_date(now.date()),
                error="",
                saved=f"All work saved {shown_time(now)}",
                pin_serial=self.state.pin_serial + 1,
            )
        )
        self._note_what_stays(person_id, chosen.short_name.split()[0] if chosen else "its holder", now, idle=idle)

    def _note_what_stays(self, person_id: str, first_name: str, now: datetime, *, idle: bool) -> None:
        def asked() -> tuple[int, bool]:
            self._desk.people.lock(person_id, idle=idle)
            return len(self._desk.drafts.of(person_id)), self._desk.view.facility().held_by(person_id) is not None

        def done(answer: tuple[int, bool]) -> None:
            drafts, holds_drawer = answer
            kept = "1 registration kept as a draft." if drafts == 1 else f"{drafts} registrations kept as drafts."
            notes = [("monitor", f"The drawer stays with {first_name} until it is handed over.")] if holds_drawer else []
            notes += [("clipboard-pen", kept)] if drafts else []
            notes += [("clock", f"Signs out at {shown_time(now + SIGN_OUT_AFTER_LOCK)}. Drafts stay.")]
            if self.state.mode == "locked":
                self._show(replace(self.state, notes=tuple(notes)))

        self._run(asked, done, self._failed)

    def other_user(self) -> None:
        """Alt U: somebody else takes the desk; the drafts and the drawer stay with their owner."""
        state = self.state
        if state.mode != "hidden":
            self._waits_until = None
            subtitle = "Choose who you are, then enter your PIN."
            self._show(
                replace(
                    state,
                    mode="sign_in",
                    chosen=None,
                    error="",
                    waits="",
                    subtitle=subtitle,
                    notes=self._practice,
                    pin_serial=state.pin_serial + 1,
                )
            )
            self.start()

    def sign_out(self) -> None:
        """Leave the desk on purpose."""
        if self.person_id:
            self._leave(self.person_id)

    def _leave(self, person_id: str) -> None:
        self._locked_at, self._locked_by = None, ""
        self._show(
            replace(
                self.state,
                mode="sign_in",
                chosen=None,
                subtitle="Choose who you are, then enter your PIN.",
                notes=self._practice,
                error="",
                pin_serial=self.state.pin_serial + 1,
            )
        )
        self._signed_out(person_id)
        self._run(lambda: self._desk.people.sign_out(person_id), lambda _: self.start(), self._failed)

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, is_checking=False, error=problem.text))


def _choice(person: Person) -> StaffChoice:
    words = person.name.split()
    initials = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
    role = ROLE_WORDS.get(person.role.value, person.role.value)
    return StaffChoice(person.person_id, person.key, staff_on_receipt(person.name), initials, role[:1].upper() + role[1:])
