"""Choosing an end-of-shift report: a business date and a shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from access_desk.domain.money import ZERO, Money, total
from access_desk.domain.permissions import Action, may
from access_desk.presentation.drawer_session import MoneySession, MoneyState, MoneyViewModel
from access_desk.presentation.drawer_words import date_text, shift_title
from access_desk.services.desk import Desk

DAYS_LISTED = 14


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a list: its value and how it is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """A custody of the shift: drawer, holder, whether it is closed, and what it was over or short in cash."""

    drawer: str
    holder: str
    state: str
    received: Money
    difference: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftReportState(MoneyState):
    """What the report would be of. ``refusal`` says why this person may not have it."""

    days: tuple[Choice, ...] = ()
    shifts: tuple[Choice, ...] = ()
    day: str = ""
    shift: str = ""
    lines: tuple[CustodyLine, ...] = ()
    over: Money = ZERO
    short: Money = ZERO
    refusal: str = ""

    @property
    def about(self) -> str:
        """What the paper is about: ``2026-11-23/day``; the whole date has no shift."""
        return f"{self.day}/{self.shift}"


class ShiftReportViewModel(MoneyViewModel[ShiftReportState]):
    """The end-of-shift report, for leads and supervisors."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, ShiftReportState())

    def load(self) -> None:
        """Offer the last days and the facility's shifts."""
        person, state = self.who, self.state
        self.ask(lambda: _choices(self.session.desk, person, state.day, state.shift), self._loaded)

    def choose(self, *, day: str, shift: str) -> None:
        """Another date or shift."""
        person = self.who
        self.ask(lambda: _choices(self.session.desk, person, day, shift), self._loaded)

    def _loaded(self, loaded: ShiftReportState) -> None:
        self.change(**{name: getattr(loaded, name) for name in loaded.__dataclass_fields__})


def _choices(desk: Desk, person_id: str, day: str, shift: str) -> ShiftReportState:
    status = desk.view.status(person_id)
    policy = status.facility.policy
    if not may(status.person.role, Action.END_OF_SHIFT_REPORT):
        return ShiftReportState(refusal="Only a shift lead or a supervisor may see the end-of-shift report.")
    days = [status.business_date - timedelta(days=back) for back in range(DAYS_LISTED)]
    chosen = date.fromisoformat(day) if day else status.business_date
    shift = shift if day else status.shift
    custodies = desk.view.custodies_of(chosen, shift or None)
    lines = tuple(
        CustodyLine(
            one.drawer_key,
            status.facility.person(one.holder_id).name,
            "Closed" if one.closed_at else one.status.capitalize(),
            total(one.received.values()),
            one.over_short["cash"] if one.over_short else None,
        )
        for one in custodies
    )
    differences = [amount for one in custodies if one.over_short for amount in one.over_short.values()]
    return ShiftReportState(
        days=tuple(Choice(one.isoformat(), date_text(one)) for one in days),
        shifts=(*(Choice(one.name, shift_title(policy, one.name)) for one in policy.shifts), Choice("", "Whole date")),
        day=chosen.isoformat(),
        shift=shift,
        lines=lines,
        over=total(one for one in differences if one > Money(0)),
        short=total(one for one in differences if one < Money(0)),
    )
