"""The Flagged page: what central noticed about events that it kept all the same, by what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.flags.rules import FlagKind
from access_desk.domain.money import Money
from access_desk.domain.permissions import Action, may
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.drawer_words import span_text
from access_desk.presentation.registration_dates import shown_date, shown_time
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.flags import FlagLooked

MOST_SHOWN = 200
_KINDS = {
    "payment.received": "Payment",
    "payment.voided": "Void",
    "payment.refunded": "Refund",
    "cash.dropped": "Safe drop",
    "cash.paid_in": "Paid in",
    "cash.paid_out": "Paid out",
    "custody.opened": "Drawer opened",
    "custody.closed": "Drawer closed",
    "drawer.counted": "Drawer counted",
    "session.signed_in": "Signed in",
    "patient.registered": "New record",
    "patient.amended": "Record changed",
    "visit.registered": "Visit registered",
    "record.viewed": "Record opened",
}
# Of which kind, in a word; why it matters and what to do.
_WORDS = {
    FlagKind.REVOKED_PERSON: ("No longer worked here", "Done at a desk that had not heard of it yet. Ask who was there."),
    FlagKind.REVOKED_DESK: ("Revoked desk", "Brought by hand after the desk was revoked. Compare with its papers."),
    FlagKind.CLOSED_CUSTODY: ("After the count", "Money of a drawer that was counted and closed before. Count it again."),
    FlagKind.ANOTHER_DESKS_DRAWER: ("Another desk's drawer", "The drawer was leased to another desk before. Find both."),
    FlagKind.RECEIPT_GAP: ("Receipt number missing", "A number before this one was never heard of. Look at the paper."),
    FlagKind.RECEIPT_TWICE: ("Receipt number twice", "Two payments carry this number. Look at both papers."),
    FlagKind.FORK: ("Two histories", "A desk offered another entry under a number that is taken: a copy of it is in use."),
    FlagKind.CHAIN: ("Broken chain", "A desk offered an entry that does not follow its last one. Call support."),
    FlagKind.CLOCK_AHEAD: ("Clock ahead", "Recorded later than central received it: the computer's clock is wrong."),
    FlagKind.CLOCK_BACK: ("Clock set back", "Recorded earlier than the entry before it: somebody set the clock."),
    FlagKind.CLOCK_OFF: ("Clock off", "The computer's clock differed from central's. Set it."),
}


@dataclass(frozen=True, slots=True)
class FlaggedEvent:
    """One event of a group: when, what, who, how much."""

    key: str
    when: str
    what: str
    who: str
    amount: str


@dataclass(frozen=True, slots=True)
class FlagGroup:
    """Flagged events with a cause in common; ``reviewed`` is blank while nobody has looked into them."""

    key: str
    title: str
    about: str
    where: str
    when: str
    count: int
    amount: str
    why: str
    reviewed: str
    flag_ids: tuple[str, ...]
    events: tuple[FlaggedEvent, ...]


@dataclass(frozen=True, slots=True)
class FlaggedState:
    """``chosen`` is the key of the group that is looked at."""

    groups: tuple[FlagGroup, ...] = ()
    chosen: str = ""
    may_review: bool = False
    notice: str = ""
    problem: str = ""
    busy: bool = False

    @property
    def group(self) -> FlagGroup | None:
        """What is looked at."""
        return next((one for one in self.groups if one.key == self.chosen), None)


class FlaggedModel(ViewModel[FlaggedState]):
    """Intents of the Flagged page."""

    def __init__(self, desk: Desk, run: Run, who: Callable[[], str]) -> None:
        super().__init__(FlaggedState())
        self._desk, self._run, self._who = desk, run, who

    def refresh(self, notice: str = "") -> None:
        """Look again; the group that was chosen stays chosen."""
        person_id = self._who()

        def look() -> tuple[FacilityState, tuple[FlagLooked, ...]]:
            return self._desk.view.facility(), self._desk.flags.all()

        def done(found: tuple[FacilityState, tuple[FlagLooked, ...]]) -> None:
            facility, flags = found
            groups = self._groups(facility, flags)
            chosen = self.state.chosen if any(one.key == self.state.chosen for one in groups) else ""
            is_known = person_id in facility.people
            allowed = is_known and may(facility.person(person_id).role, Action.REVIEW_FLAG)
            self._show(FlaggedState(groups, chosen or (groups[0].key if groups else ""), allowed, notice))

        self._run(look, done, self._failed)

    def choose(self, key: str) -> None:
        """Look at another group."""
        if key != self.state.chosen:
            self._show(replace(self.state, chosen=key, problem="", notice=""))

    def review(self, note: str) -> None:
        """Record that the group was looked into, and what came of it."""
        group = self.state.group
        if group is None or self.state.busy:
            return
        if group.reviewed:
            self._show(replace(self.state, problem="This was reviewed before. What came of it stands above."))
            return
        by, ids = self._desk.by(self._who()), group.flag_ids
        self._show(replace(self.state, busy=True, problem=""))
        said = f"{group.title}: {group.count} reviewed." if group.count > 1 else f"{group.title}: reviewed."
        self._run(lambda: self._desk.flags.review(by, ids, note), lambda _: self.refresh(said), self._failed)

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, problem=problem.text, busy=False))

    def _groups(self, facility: FacilityState, flags: Sequence[FlagLooked]) -> tuple[FlagGroup, ...]:
        ordered = sorted(flags, key=_in_common)
        groups = [self._group(facility, key, list(members)) for key, members in groupby(ordered, key=_in_common)]
        newest = sorted(groups, key=lambda pair: pair[0], reverse=True)
        return tuple(one for _, one in sorted(newest, key=lambda pair: bool(pair[1].reviewed)))

    def _group(self, facility: FacilityState, key: tuple[str, ...], members: list[FlagLooked]) -> tuple[str, FlagGroup]:
        flags = sorted((one.flag for one in members), key=lambda flag: (flag.desk_id, flag.stream_epoch, flag.desk_seq))
        first, last = flags[0], flags[-1]
        title, why = _WORDS[FlagKind(first.kind)]
        cents = sum(flag.amount_cents for flag in flags)
        moments = sorted(flag.recorded_at for flag in flags)
        when = self._moment(moments[0])
        if moments[-1] - moments[0] >= timedelta(minutes=1):
            last_at = self._desk.view.local(moments[-1])
            same_day = last_at.date() == self._desk.view.local(moments[0]).date()
            when += f" to {shown_time(last_at) if same_day else self._moment(moments[-1])}"
        number = facility.desk_numbers.get(first.desk_id)
        here = first.desk_id == self._desk.journal.stream.desk_id
        group = FlagGroup(
            "/".join(key),
            title,
            _about(facility, first.kind, first.detail),
            "This desk" if here else f"Desk {number}" if number is not None else "Another desk",
            when,
            len(flags),
            Money(cents).dollars() if cents else "",
            why,
            self._reviewed(facility, members[0]),
            tuple(flag.flag_id for flag in flags),
            tuple(
                FlaggedEvent(
                    flag.flag_id,
                    self._moment(flag.recorded_at),
                    _KINDS.get(flag.event_kind, flag.event_kind),
                    _name(facility, flag.actor_id),
                    Money(flag.amount_cents).dollars() if flag.amount_cents else "",
                )
                for flag in flags[:MOST_SHOWN]
            ),
        )
        return last.received_at.isoformat(), group

    def _reviewed(self, facility: FacilityState, one: FlagLooked) -> str:
        if one.reviewed_at is None:
            return ""
        return f"{one.note} ({_name(facility, one.reviewed_by)}, {self._moment(one.reviewed_at)})"

    def _moment(self, moment: datetime) -> str:
        local = self._desk.view.local(moment)
        return f"{shown_date(local.date())} {shown_time(local)}"


def _in_common(one: FlagLooked) -> tuple[str, ...]:
    """What makes flagged events one thing to look into."""
    flag = one.flag
    about = flag.detail if flag.kind in _BY_DETAIL else ""
    return flag.kind, flag.desk_id, about, one.note, one.reviewed_by


_BY_DETAIL = (FlagKind.REVOKED_PERSON.value, FlagKind.CLOSED_CUSTODY.value, FlagKind.ANOTHER_DESKS_DRAWER.value)


def _name(facility: FacilityState, person_id: str) -> str:
    person = facility.people.get(person_id)
    return person.name if person else "The program" if person_id == "system" else person_id


def _about(facility: FacilityState, kind: str, detail: str) -> str:
    """What stands out, in words."""
    if kind == FlagKind.REVOKED_PERSON:
        return _name(facility, detail)
    if kind == FlagKind.ANOTHER_DESKS_DRAWER:
        drawer = facility.drawers.get(detail)
        return f"Drawer {drawer.key}, now at {drawer.desk_label}" if drawer else ""
    if kind in (FlagKind.RECEIPT_GAP, FlagKind.RECEIPT_TWICE):
        return f"Receipt {detail}"
    if kind in (FlagKind.CLOCK_AHEAD, FlagKind.CLOCK_BACK, FlagKind.CLOCK_OFF):
        seconds = int(detail)
        side = "" if kind != FlagKind.CLOCK_OFF else " ahead" if seconds > 0 else " behind"
        return f"By {span_text(timedelta(seconds=abs(seconds)))}{side}"
    return ""
