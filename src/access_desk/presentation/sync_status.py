"""How the desk stands with central, in words: for the strip, the bar below it, and the Sync page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.permissions import Action, may
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.facilities import Facilities, ServedFacility
from access_desk.presentation.registration_dates import shown_date, shown_time
from access_desk.presentation.shell import StripText
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.outbox import OutboxState, SetAside
from access_desk.sync.loop import DETAILS_STAY, FacilityStatus, SyncStatus

ALONE = "This desk works by itself: it is not enrolled with a central."


class SyncPort(Protocol):
    """What a page needs of the synchronization."""

    @property
    def status(self) -> SyncStatus:
        """The last status."""
        ...

    def poke(self) -> None:
        """Have a round now."""
        ...

    def fetch_again(self) -> None:
        """Have the next round bring what was let go of other desks' details."""
        ...


def strip_text(status: SyncStatus | None, local: Callable[[datetime], datetime]) -> StripText:
    """The strip's field. Whatever stands there, everything is saved on this computer."""
    if status is None:
        return StripText("sync", "Saved", "All saved here", "cloud-check", "balanced")
    if status.trouble:
        return StripText("sync", "Sync", f"Stopped, {status.waiting} kept here", "cloud-off", "short")
    if status.offline_since is not None:
        return StripText("sync", "Sync", f"Offline, {status.waiting} kept here", "cloud-off", "attention")
    if status.last_contact is None:
        return StripText("sync", "Sync", "All saved here", "cloud-check", "balanced")
    if status.waiting:
        return StripText("sync", "Sync", f"Saved here, {status.waiting} to send", "cloud-check", "balanced")
    return StripText("sync", "Sync", f"All at central, {shown_time(local(status.last_contact))}", "cloud-check", "balanced")


def offline_text(status: SyncStatus | None, local: Callable[[datetime], datetime]) -> tuple[str, str]:
    """What the bar under the strip says, and since when it leads; blank when there is nothing to say."""
    if status is None:
        return "", ""
    if status.trouble:
        return "Synchronization stopped.", f"{status.trouble} Everything is kept on this computer."
    if status.offline_since is None:
        return "", ""
    since = local(status.offline_since)
    return f"Offline since {shown_time(since)}.", "Registration, cash and checks work and are kept on this computer."


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """One facility of this desk, and how it stands with central."""

    facility_id: str
    name: str
    is_here: bool
    waiting: str
    contact: str
    state: str
    is_well: bool


@dataclass(frozen=True, slots=True)
class SyncPageState:
    """The Sync page. ``facts`` are captions with values; ``set_aside`` what could not be shown here.

    ``facilities`` are those of a desk that serves several; ``problem`` is why a further one could not be joined.
    """

    headline: str = ""
    detail: str = ""
    tone: str = "info"
    facts: tuple[tuple[str, str], ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    facilities: tuple[FacilityLine, ...] = ()
    may_join: bool = False
    is_joining: bool = False
    problem: str = ""
    is_enrolled: bool = False
    is_running: bool = False
    may_fetch: bool = False
    notice: str = ""


@dataclass(frozen=True, slots=True)
class _Looked:
    outbox: OutboxState
    left: int | None
    disputed: int
    flagged: int
    served: tuple[ServedFacility, ...]
    may_join: bool


class SyncPageModel(ViewModel[SyncPageState]):
    """Intents of the Sync page; ``sync`` is None at a desk that works by itself."""

    def __init__(
        self,
        desk: Desk,
        run: Run,
        sync: SyncPort | None,
        who: Callable[[], str] = str,
        facilities: Facilities | None = None,
    ) -> None:
        super().__init__(SyncPageState())
        self._desk, self._run, self._sync = desk, run, sync
        self._who, self._facilities = who, facilities

    def refresh(self) -> None:
        """Look again."""
        person_id = self._who()

        def look() -> _Looked:
            return _Looked(
                self._desk.outbox.look(),
                self._desk.numbers.left(),
                len(self._desk.disputes.open()),
                self._desk.flags.open_count(),
                self._facilities.served() if self._facilities is not None else (),
                self._may_join(person_id),
            )

        self._run(look, self._looked, self._failed)

    def try_now(self) -> None:
        """Have a round now."""
        if self._sync is not None:
            self._sync.poke()
            self._show(replace(self.state, notice="Asked. It starts in a moment."))

    def fetch_details(self) -> None:
        """Fetch again what was let go of other desks' payments."""
        if self._sync is not None and self.state.may_fetch:
            self._sync.fetch_again()
            stay = f"They come with the next rounds and stay for {DETAILS_STAY.days} days."
            self._show(replace(self.state, may_fetch=False, notice=f"Asked. {stay}"))

    def heard(self, status: SyncStatus) -> None:
        """Something changed."""
        if status.is_running != self.state.is_running:
            self._show(replace(self.state, is_running=status.is_running))
        if not status.is_running:
            self.refresh()

    def join(self, code: str) -> None:
        """Enroll this desk for a further facility of its central, whose code this is."""
        facilities = self._facilities
        if facilities is None or self.state.is_joining:
            return
        if not self.state.may_join:
            self._show(replace(self.state, problem="A supervisor joins a further facility."))
            return
        self._show(replace(self.state, is_joining=True, problem=""))
        self._run(lambda: facilities.join(code), self._joined, self._not_joined)

    def _joined(self, facility_id: str) -> None:
        notice = f"This desk serves {facility_id} as well now. Its records come with the next round; Ctrl K goes there."
        self._show(replace(self.state, is_joining=False, problem="", notice=notice))
        if self._sync is not None:
            self._sync.poke()

    def _not_joined(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, is_joining=False, problem=problem.text))

    def _may_join(self, person_id: str) -> bool:
        person = self._desk.view.facility().people.get(person_id)
        is_allowed = person is not None and may(person.role, Action.MANAGE_FACILITY)
        return is_allowed and self._facilities is not None and self._facilities.can_join()

    def _lines(self, served: tuple[ServedFacility, ...], known: tuple[FacilityStatus, ...]) -> tuple[FacilityLine, ...]:
        view = self._desk.view
        statuses = {one.facility_id: one for one in known}
        lines = []
        for one in served if len(served) > 1 else ():
            status = statuses.get(one.facility_id, FacilityStatus(one.facility_id))
            contact = _moment(view.local(status.last_contact), view.now()) if status.last_contact else "None yet"
            state = status.trouble or ("Connected" if status.is_reached else "Not reached")
            waiting = f"{status.waiting} events" if status.waiting else "Nothing"
            is_well = status.is_reached and not status.trouble
            lines.append(FacilityLine(one.facility_id, one.name, one.is_here, waiting, contact, state, is_well))
        return tuple(lines)

    def _looked(self, found: _Looked) -> None:
        outbox, left, disputed = found.outbox, found.left, found.disputed
        view = self._desk.view
        facts = []
        if self._sync is None:
            self._show(
                SyncPageState(
                    "Everything is saved on this computer.", ALONE, "info", (("Kept here", f"{outbox.waiting} events"),)
                )
            )
            return
        status = self._sync.status
        head, detail = offline_text(status, view.local)
        tone = "short" if status.trouble else "attention" if head else "balanced"
        waiting = f"{outbox.waiting} events" if outbox.waiting != 1 else "1 event"
        if outbox.oldest_at is not None:
            waiting += f", the oldest since {_moment(view.local(outbox.oldest_at), view.now())}"
        facts.append(("Not yet at central", waiting if outbox.waiting else "Nothing"))
        contact = status.last_contact
        facts.append(("Last contact", _moment(view.local(contact), view.now()) if contact else "None since the desk was opened"))
        facts.append(("Received from other desks", f"{status.received} events since the desk was opened"))
        facts.append(("Disputed between desks", f"{disputed}, see Disputed" if disputed else "Nothing"))
        facts.append(("Flagged by central", f"{found.flagged} to review, see Flagged" if found.flagged else "Nothing"))
        facts += details_kept(view.facility().policy.details_days, outbox.let_go)
        facts.append(("Record numbers left", "Without end" if left is None else f"{left:,}"))
        said = "All of it is at central." if not outbox.waiting else "Everything is saved here; the rest follows by itself."
        self._show(
            SyncPageState(
                head or "Connected with central.",
                detail or said,
                tone,
                tuple(facts),
                outbox.set_aside,
                self._lines(found.served, status.facilities),
                found.may_join,
                self.state.is_joining,
                self.state.problem,
                notice=self.state.notice,
                may_fetch=bool(outbox.let_go),
                is_enrolled=True,
                is_running=status.is_running,
            )
        )

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, notice=problem.text))


def details_kept(days: int, let_go: int) -> list[tuple[str, str]]:
    """For how long details of other desks stay here, and of how many drawer sessions they are at central only."""
    if not days and not let_go:
        return []
    kept = f"Kept {days} days" if days else "Kept"
    gone = f"; older ones of {let_go} drawer sessions are at central" if let_go else ""
    return [("Payments of other desks", f"{kept}{gone}")]


def _moment(at: datetime, now: datetime) -> str:
    """``2:02 PM`` today, with the day before that."""
    return shown_time(at) if now - at < timedelta(hours=12) else f"{shown_date(at.date())} {shown_time(at)}"
