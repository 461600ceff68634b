"""The Drawers page: every drawer of the facility, at whichever desk it is, as far as this desk has heard of it.

What a drawer should hold is never told while it is open: counts are blind (`look` principle 5). Only what was counted, and
the difference once it was closed, stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.money import Money, total
from access_desk.domain.permissions import Action, DrawerStatus, may
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.drawer_words import clock_text
from access_desk.presentation.registration_dates import shown_date
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.drawers import DrawerSeen

# A desk that records nothing for so long is either closed or away.
QUIET_AFTER = timedelta(hours=1)
_STATES = {
    DrawerStatus.OPEN: ("Open", "lock-open", ""),
    DrawerStatus.COUNTING: ("Counting", "eye-off", "attention"),
    DrawerStatus.CLOSED: ("Closed", "lock", ""),
}


@dataclass(frozen=True, slots=True)
class DrawerLine:
    """One drawer. ``verdict`` is ``balanced``, ``short``, ``over``, ``split`` (short in one tender, over in another) or blank."""

    drawer_id: str
    key: str
    label: str
    person: str
    state: str
    since: str
    icon: str
    tone: str
    receipts: str
    counted: str
    counted_how: str
    verdict: str
    difference: str
    heard: str
    is_quiet: bool
    is_here: bool
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AllDrawersState:
    """``chosen`` is the drawer that is looked at; ``summary`` counts all of them."""

    lines: tuple[DrawerLine, ...] = ()
    chosen: str = ""
    summary: tuple[tuple[str, str], ...] = ()
    may_lease: bool = False
    notice: str = ""
    problem: str = ""
    busy: bool = False
    is_loaded: bool = False
    as_of: str = ""

    @property
    def line(self) -> DrawerLine | None:
        """What is looked at."""
        return next((one for one in self.lines if one.drawer_id == self.chosen), None)


class AllDrawersModel(ViewModel[AllDrawersState]):
    """Intents of the Drawers page."""

    def __init__(
        self, desk: Desk, run: Run, who: Callable[[], str], last_contact: Callable[[], datetime | None] = lambda: None
    ) -> None:
        super().__init__(AllDrawersState())
        self._desk, self._run, self._who, self._last_contact = desk, run, who, last_contact

    def refresh(self, notice: str = "") -> None:
        """Look again; the drawer that was chosen stays chosen."""
        person_id = self._who()

        def done(found: tuple[FacilityState, tuple[DrawerSeen, ...]]) -> None:
            facility, seen = found
            lines = tuple(self._line(facility, one) for one in seen)
            chosen = self.state.chosen if any(one.drawer_id == self.state.chosen for one in lines) else ""
            person = facility.people.get(person_id)
            allowed = person is not None and may(person.role, Action.LEASE_DRAWER)
            first = lines[0].drawer_id if lines else ""
            shown = AllDrawersState(lines, chosen or first, _summary(lines), allowed, notice, is_loaded=True)
            self._show(replace(shown, as_of=self._as_of()))

        self._run(self._desk.all_drawers.all, done, self._failed)

    def _as_of(self) -> str:
        """Up to when other desks' entries can be known here: to the last contact of this desk with central."""
        contact = self._last_contact()
        if contact is None:
            return "As far as this desk has heard."
        return f"As far as this desk heard at its last contact with central, {self._moment(contact)}."

    def choose(self, drawer_id: str) -> None:
        """Look at another drawer."""
        if drawer_id != self.state.chosen:
            self._show(replace(self.state, chosen=drawer_id, problem="", notice=""))

    def lease(self, label: str, reason: str) -> None:
        """Make the chosen drawer this desk's."""
        line = self.state.line
        if line is None or self.state.busy:
            return
        if line.is_here:
            self._show(replace(self.state, problem=f"Drawer {line.key} belongs to this desk already."))
            return
        by, drawer_id = self._desk.by(self._who()), line.drawer_id
        self._show(replace(self.state, busy=True, problem=""))
        self._run(
            lambda: self._desk.all_drawers.lease(by, drawer_id, label, reason),
            lambda _: self.refresh(f"Drawer {line.key} belongs to this desk now. Its receipts begin another series."),
            self._failed,
        )

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, problem=problem.text, busy=False))

    def _line(self, facility: FacilityState, seen: DrawerSeen) -> DrawerLine:
        drawer, custody = seen.drawer, seen.custody
        state, icon, tone = _STATES[drawer.status]
        is_open = drawer.status is not DrawerStatus.CLOSED
        holder = drawer.holder_id if is_open else drawer.last_holder_id
        counted, how = self._last_count(custody, is_open=is_open)
        verdict, difference = ("", "Not counted") if is_open or custody is None else _difference(custody)
        if drawer.status is DrawerStatus.COUNTING:
            difference = "Hidden, counting"
        heard = seen.heard_at
        now = self._desk.view.now()
        return DrawerLine(
            drawer.drawer_id,
            drawer.key,
            drawer.desk_label,
            facility.people[holder].name if holder is not None and holder in facility.people else "Nobody yet",
            state,
            self._since(custody, is_open=is_open),
            icon,
            tone,
            str(custody.receipts.issued) if custody else "0",
            counted,
            how,
            verdict,
            difference,
            "This desk" if seen.is_here else self._moment(heard) if heard else "Never",
            not seen.is_here and (heard is None or now - heard > QUIET_AFTER),
            seen.is_here,
            _facts(seen, custody),
        )

    def _since(self, custody: CustodyFigures | None, *, is_open: bool) -> str:
        if custody is None:
            return "never opened"
        if is_open:
            return f"since {self._moment(custody.opened_at)}"
        return self._moment(custody.closed_at) if custody.closed_at else ""

    def _last_count(self, custody: CustodyFigures | None, *, is_open: bool) -> tuple[str, str]:
        """What was counted last and when; of an open drawer never a count that its holder submits blind."""
        if custody is None:
            return "", ""
        audits = [one for one in custody.counts if one.purpose == "audit"]
        if not is_open and custody.closing_counts:
            last = custody.closing_counts[-1]
            return total(last.counted.values()).dollars(), f"closing, {self._moment(last.counted_at)}"
        if audits:
            return total(audits[-1].counted.values()).dollars(), f"by a lead, {self._moment(audits[-1].counted_at)}"
        return custody.opening_count.dollars(), f"opening, {self._moment(custody.opened_at)}"

    def _moment(self, moment: datetime) -> str:
        """``2:02 PM`` today, with the day before that."""
        local, now = self._desk.view.local(moment), self._desk.view.now()
        return clock_text(local) if local.date() == now.date() else f"{shown_date(local.date())} {clock_text(local)}"


def _difference(custody: CustodyFigures) -> tuple[str, str]:
    """Over and short apart, never only their sum."""
    if custody.over_short is None:
        return "", "Not counted"
    apart = [one for one in custody.over_short.values() if one]
    if not apart:
        return "balanced", "0.00"
    short = total(one for one in apart if one < Money(0))
    over = total(one for one in apart if one > Money(0))
    if short and over:
        return "split", f"{short.signed_figures()}, {over.signed_figures()}"
    return ("short", short.signed_figures()) if short else ("over", over.signed_figures())


def _facts(seen: DrawerSeen, custody: CustodyFigures | None) -> tuple[tuple[str, str], ...]:
    drawer = seen.drawer
    desk = "This desk" if seen.is_here else f"Desk {seen.desk_number}" if seen.desk_number is not None else "Another desk"
    facts = [("Desk", desk), ("Float", drawer.imprest.dollars())]
    if custody is None:
        return tuple(facts)
    receipts = custody.receipts
    facts += [("Business date", f"{shown_date(custody.business_date)}, {custody.shift}")]
    facts += [("Receipts", f"{receipts.first} to {receipts.last}" if receipts.issued > 1 else receipts.first or "None")]
    facts += [("Voided", str(receipts.voided))] if receipts.voided else []
    facts += [("Numbers missing", str(receipts.gaps))] if receipts.gaps else []
    facts += [("Dropped to the safe", custody.dropped.dollars())] if custody.dropped else []
    facts += [("Left in the drawer", custody.left_in_drawer.dollars())] if custody.left_in_drawer is not None else []
    facts += [("Reason", custody.reason)] if custody.reason else []
    return tuple(facts)


def _summary(lines: tuple[DrawerLine, ...]) -> tuple[tuple[str, str], ...]:
    counted = [one for one in lines if one.verdict]
    balanced = sum(1 for one in counted if one.verdict == "balanced")
    quiet = sum(1 for one in lines if one.is_quiet and one.state != "Closed")
    return (
        ("Open", str(sum(1 for one in lines if one.state == "Open"))),
        ("Counting", str(sum(1 for one in lines if one.state == "Counting"))),
        ("Closed", str(sum(1 for one in lines if one.state == "Closed"))),
        ("Balanced", f"{balanced} of {len(counted)} counted"),
        ("Not heard of for an hour", str(quiet)),
    )
