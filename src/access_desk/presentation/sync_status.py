"""How the desk stands with central, in words: for the strip, the bar below it, and the Sync page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.registration_dates import shown_date, shown_time
from access_desk.presentation.shell import StripText
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.outbox import OutboxState, SetAside
from access_desk.sync.loop import SyncStatus

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
class SyncPageState:
    """The Sync page. ``facts`` are captions with values; ``set_aside`` what could not be shown here."""

    headline: str = ""
    detail: str = ""
    tone: str = "info"
    facts: tuple[tuple[str, str], ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    is_enrolled: bool = False
    is_running: bool = False
    notice: str = ""


class SyncPageModel(ViewModel[SyncPageState]):
    """Intents of the Sync page; ``sync`` is None at a desk that works by itself."""

    def __init__(self, desk: Desk, run: Run, sync: SyncPort | None) -> None:
        super().__init__(SyncPageState())
        self._desk, self._run, self._sync = desk, run, sync

    def refresh(self) -> None:
        """Look again."""

        def look() -> tuple[OutboxState, int | None, int]:
            return self._desk.outbox.look(), self._desk.numbers.left(), len(self._desk.disputes.open())

        self._run(look, self._looked, self._failed)

    def try_now(self) -> None:
        """Have a round now."""
        if self._sync is not None:
            self._sync.poke()
            self._show(replace(self.state, notice="Asked. It starts in a moment."))

    def heard(self, status: SyncStatus) -> None:
        """Something changed."""
        if status.is_running != self.state.is_running:
            self._show(replace(self.state, is_running=status.is_running))
        if not status.is_running:
            self.refresh()

    def _looked(self, found: tuple[OutboxState, int | None, int]) -> None:
        outbox, left, disputed = found
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
        facts.append(("Record numbers left", "Without end" if left is None else f"{left:,}"))
        said = "All of it is at central." if not outbox.waiting else "Everything is saved here; the rest follows by itself."
        self._show(
            SyncPageState(
                head or "Connected with central.",
                detail or said,
                tone,
                tuple(facts),
                outbox.set_aside,
                is_enrolled=True,
                is_running=status.is_running,
            )
        )

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, notice=problem.text))


def _moment(at: datetime, now: datetime) -> str:
    """``2:02 PM`` today, with the day before that."""
    return shown_time(at) if now - at < timedelta(hours=12) else f"{shown_date(at.date())} {shown_time(at)}"
