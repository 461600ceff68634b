"""A desk that was just enrolled: it fetches who works here; at a facility that nobody has begun, it begins it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.events import FacilityEstablished
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.first_start import FirstStartModel
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.sync.loop import SyncStatus

FETCHING, FORM = "fetching", "form"
ZONES = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
    ("Pacific/Guam", "Guam"),
)
_ASKING = "Fetching who works here from central…"
_PINS_COME = "Who works here is known. Their PINs come as soon as the desk where they were set has synchronized again."


@dataclass(frozen=True, slots=True)
class BeginState:
    """``phase`` is ``fetching`` until central has said that nobody works here yet, then ``form``."""

    phase: str = FETCHING
    facility_id: str = ""
    is_practice: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    said: str = _ASKING
    problem: str = ""
    busy: bool = False


class BeginModel(ViewModel[BeginState]):
    """Intents of the beginning; ``finished`` is called when somebody can sign in."""

    def __init__(self, desk: Desk, run: Run, finished: Callable[[], None]) -> None:
        super().__init__(BeginState(facility_id=desk.journal.facility_id, is_practice=desk.practice))
        self._desk, self._run, self._finished = desk, run, finished
        self._has_ended = False

    def heard(self, status: SyncStatus) -> None:
        """The synchronization said something: people may have come, or central has none."""
        if status.is_running or self._has_ended:
            return

        def look() -> tuple[bool, bool]:
            return FirstStartModel.is_needed(self._desk), bool(self._desk.view.facility().people)

        def done(found: tuple[bool, bool]) -> None:
            is_needed, is_begun = found
            if not is_needed:
                self._end()
            elif is_begun:
                self._show(replace(self.state, phase=FETCHING, said=_PINS_COME))
            elif status.trouble:
                self._show(replace(self.state, said=status.trouble))
            elif status.offline_since is not None:
                self._show(replace(self.state, said="Central does not answer. It is asked again by itself."))
            elif status.last_contact is not None and self.state.phase == FETCHING:
                self._show(replace(self.state, phase=FORM, said=""))

        self._run(look, done, self._failed)

    def type(self, name: str, text: str) -> None:
        """A field, as typed."""
        self._show(replace(self.state, values={**self.state.values, name: text}, problem=""))

    def begin(self, pin: str, again: str) -> None:
        """The facility and its first supervisor."""
        if self.state.phase != FORM or self.state.busy:
            return
        if pin != again:
            self._show(replace(self.state, problem="The two PINs are not the same. Type the PIN twice."))
            return
        say = {name: text.strip() for name, text in self.state.values.items()}
        lines = tuple(line for line in (say.get("line1", ""), say.get("line2", "")) if line)
        facility = FacilityEstablished(
            self.state.facility_id, say.get("name", ""), say.get("zone", ZONES[0][0]), lines, say.get("phone", "")
        )
        self._show(replace(self.state, busy=True, problem=""))
        key, person = say.get("key", ""), say.get("person", "")
        self._run(lambda: self._desk.set_up.begin(facility, key, person, pin), lambda _: self._end(), self._failed)

    def _end(self) -> None:
        if not self._has_ended:
            self._has_ended = True
            self._finished()

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, problem=problem.text, busy=False))
