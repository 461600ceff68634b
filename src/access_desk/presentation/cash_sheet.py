"""Looking at a paper before it is printed: the cash sheet, the handoff sheet, a mid-shift sheet, a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.errors import UnavailableError
from access_desk.domain.money import Money, total
from access_desk.presentation.drawer_session import MoneySession, MoneyState, MoneyViewModel
from access_desk.presentation.drawer_words import clock_text, date_text
from access_desk.presentation.papers_drawing import CASH_SHEET, HANDOFF_SHEET, MID_SHIFT_SHEET, Paper, draw_paper
from access_desk.presentation.papers_registration import TITLES as REGISTRATION_TITLES
from access_desk.services.desk import Desk
from access_desk.services.papers import PaperKey

TITLES = {
    CASH_SHEET: "Cash sheet",
    HANDOFF_SHEET: "Handoff sheet",
    MID_SHIFT_SHEET: "Mid-shift sheet",
    "end-of-shift": "End-of-shift report",
    **REGISTRATION_TITLES,
}
MOST_SHEETS = 30


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """A closed custody whose sheet can be printed again."""

    custody_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed what, and when; ``at`` blank leaves it to a pen."""

    what: str
    name: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewState(MoneyState):
    """A paper on screen. ``paper`` is what the next print looks like; ``printed`` the last one that went out.

    ``fault`` is why it did not print; the record of it stays, so "Print again" prints the same copy.
    """

    key: PaperKey | None = None
    title: str = ""
    subtitle: str = ""
    paper: Paper | None = None
    difference: Money | None = None
    result: tuple[tuple[str, str], ...] = ()
    signatures: tuple[Signature, ...] = ()
    sheets: tuple[SheetChoice, ...] = ()
    may_hand_off: bool = False
    printed: Paper | None = None
    fault: str = ""
    said: str = ""

    @property
    def names_somebody(self) -> bool:
        """Whether the paper says who a patient is; sheets of money have receipt and account numbers alone."""
        return self.key is not None and self.key.document in REGISTRATION_TITLES


@dataclass(frozen=True, slots=True)
class _Loaded:
    paper: Paper | None
    figures: CustodyFigures | None
    sheets: tuple[SheetChoice, ...]
    subtitle: str
    signatures: tuple[Signature, ...]
    may_hand_off: bool


class PreviewViewModel(MoneyViewModel[PreviewState]):
    """A preview of the real pages."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, PreviewState())

    def load(self, document: str, about: str) -> None:
        """Show a paper; a blank ``about`` shows the cash sheet closed last."""
        person = self.who
        self.change(problem="", said="", fault="", printed=None)
        self.ask(lambda: _load(self.session.desk, person, document, about), lambda loaded: self._loaded(document, loaded))

    def print(self, put_out: Callable[[Paper], None]) -> None:
        """Record the print, then put the pages out with ``put_out``, which raises UnavailableError when it fails."""
        self._made(put_out, "Sent to the printer")

    def save(self, put_out: Callable[[Paper], None]) -> None:
        """Record that the paper was made, then keep it as a file with ``put_out``."""
        self._made(put_out, "Saved as PDF")

    def put_out_again(self, put_out: Callable[[Paper], None]) -> None:
        """The same copy once more, after a print that failed."""
        if self.state.printed:
            self._put_out(self.state.printed, put_out, "Sent to the printer")

    def _made(self, put_out: Callable[[Paper], None], said: str) -> None:
        key, person = self.state.key, self.who
        if key is None or self.state.busy:
            return
        self.change(busy=True, problem="", said="", fault="")

        def made(paper: Paper) -> None:
            self.change(busy=False, printed=paper)
            self._put_out(paper, put_out, said)
            self._look_again(key, person)

        self.ask(lambda: draw_paper(self.session.desk, key, person, record=True), made)

    def _put_out(self, paper: Paper, put_out: Callable[[Paper], None], said: str) -> None:
        try:
            put_out(paper)
        except UnavailableError as fault:
            self.change(fault=fault.text, said="")
        else:
            self.change(fault="", said=f"{said}: {paper.number}, {paper.copy_text}")

    def _look_again(self, key: PaperKey, person: str) -> None:
        self.ask(lambda: draw_paper(self.session.desk, key, person, record=False), lambda paper: self.change(paper=paper))

    def _loaded(self, document: str, loaded: _Loaded) -> None:
        figures = loaded.figures
        self.change(
            key=loaded.paper.key if loaded.paper else None,
            title=TITLES[document],
            subtitle=loaded.subtitle,
            paper=loaded.paper,
            difference=figures.over_short["cash"] if figures and figures.over_short else None,
            result=_result(figures) if figures else (),
            signatures=loaded.signatures,
            sheets=loaded.sheets,
            may_hand_off=loaded.may_hand_off,
        )


def _load(desk: Desk, person_id: str, document: str, about: str) -> _Loaded:
    sheets: tuple[SheetChoice, ...] = ()
    if document == CASH_SHEET:
        closed = [one for one in desk.view.last_custodies(MOST_SHEETS) if one.closed_at]
        mine = [one.custody_id for one in closed if one.holder_id == person_id]
        about = about or next(iter(mine), closed[0].custody_id if closed else "")
        sheets = tuple(SheetChoice(one.custody_id, _sheet_label(desk, one)) for one in closed)
    if not about:
        return _Loaded(None, None, sheets, "", (), may_hand_off=False)
    paper = draw_paper(desk, PaperKey(document, about), person_id, record=False)
    if document not in (CASH_SHEET, HANDOFF_SHEET, MID_SHIFT_SHEET):
        return _Loaded(paper, None, sheets, paper.number, (), may_hand_off=False)
    figures = desk.papers.custody(about)
    subtitle = f"{paper.number}, drawer {figures.drawer_key}, {figures.shift} shift"
    last = desk.view.facility().drawers[figures.drawer_id]
    handable = document == CASH_SHEET and last.status == "closed" and last.last_custody_id == about
    may = handable and figures.holder_id == person_id
    shown = figures if document == CASH_SHEET else None
    signatures = _signatures(desk, figures) if document == CASH_SHEET else ()
    return _Loaded(paper, shown, sheets, subtitle, signatures, may_hand_off=may)


def _sheet_label(desk: Desk, one: CustodyFigures) -> str:
    holder = desk.view.facility().person(one.holder_id).name
    return f"{date_text(one.business_date)}, drawer {one.drawer_key}, {one.shift}, {holder}"


def _result(figures: CustodyFigures) -> tuple[tuple[str, str], ...]:
    bank = (figures.to_bank or Money(0)) + figures.dropped
    if figures.counted:
        bank += figures.counted["check"] + figures.counted["money_order"]
    return (
        ("Total receipts", total(figures.received.values()).dollars()),
        ("To the bank", bank.dollars()),
        ("Left in drawer", (figures.left_in_drawer or Money(0)).dollars()),
    )


def _signatures(desk: Desk, figures: CustodyFigures) -> tuple[Signature, ...]:
    people, closing = desk.view.facility().people, figures.closing_counts
    closed = clock_text(desk.view.local(figures.closed_at)) if figures.closed_at else ""
    signed = [
        Signature("Counted", people[count.counted_by].name, clock_text(desk.view.local(count.counted_at)))
        for count in closing[-1:]
    ]
    if figures.approver_id:
        signed.append(Signature("Approved", people[figures.approver_id].name, closed))
    if figures.witness_id:
        signed.append(Signature("Witness", people[figures.witness_id].name, closed))
    signed.append(Signature("Bag", figures.bag or "Signed on paper", closed if figures.bag else ""))
    return tuple(signed)
