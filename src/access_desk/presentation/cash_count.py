"""Counting a drawer blind: to close it, as a lead's surprise count, or to take over an absent holder's drawer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum

from access_desk.domain.cash_drawer.commands import AuditCount, CountDrawer, TakeOver
from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.denominations import ClosingCount, CountedCheck
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.facility.state import DrawerState
from access_desk.domain.money import Money, total
from access_desk.domain.permissions import DrawerStatus
from access_desk.presentation.cash_count_boxes import BILL_KEYS, BOX_ORDER, COIN_KEYS, CountBoxes, box_name
from access_desk.presentation.drawer_session import (
    MoneySession,
    MoneyState,
    MoneyViewModel,
    SecondPerson,
    signed_by,
    typed_money,
    who_may_approve,
)
from access_desk.presentation.drawer_words import counted_word
from access_desk.services.desk import Desk
from access_desk.services.desk_view import DrawerBook

DRAFT_KIND = "count"
FEWEST_CHECK_LINES = 2


class CountPurpose(StrEnum):
    """What the count is for."""

    CLOSING = "closing"
    AUDIT = "audit"
    TAKE_OVER = "take_over"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of the checks list as typed; ``tender`` is ``check`` or ``money_order``."""

    number: str = ""
    amount: str = ""
    tender: str = "check"

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not self.number.strip() and not self.amount.strip()

    @property
    def error(self) -> str:
        """Why the amount cannot be read; blank when it can or the line is empty."""
        amount, wrong = typed_money(self.amount)
        if wrong or self.is_blank:
            return wrong
        return "" if amount else "Enter the amount of this check."

    def counted(self) -> CountedCheck:
        """The check. Raises ``bad_amount``."""
        if self.error:
            raise DeskError(Refusal.BAD_AMOUNT, self.error)
        return CountedCheck(self.number.strip(), Money.typed(self.amount), self.tender)


def _no_checks() -> tuple[CheckLine, ...]:
    return (CheckLine(),) * FEWEST_CHECK_LINES


@dataclass(frozen=True, slots=True)
class DrawerChoice:
    """A drawer that can be counted: its id, how the list shows it, and the custody."""

    drawer_id: str
    label: str
    custody_id: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to enter before submitting: which box (``checks`` and ``card`` besides the boxes) and what to do."""

    box: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountState(MoneyState):
    """A count in the making. It never holds what is expected.

    ``submitted`` is the custody's id once the count was recorded; ``result`` (of a surprise count, for the lead) says how
    it came out. ``kept`` is true while everything typed is in the draft.
    """

    purpose: CountPurpose = CountPurpose.CLOSING
    owner: str = ""
    drawers: tuple[DrawerChoice, ...] = ()
    drawer: DrawerChoice | None = None
    drawer_key: str = ""
    attempt: int = 1
    boxes: CountBoxes = field(default_factory=CountBoxes)
    damaged_note: str = ""
    checks: tuple[CheckLine, ...] = field(default_factory=_no_checks)
    checks_done: bool = False
    card_batch: str = ""
    card_total: str = ""
    reason: str = ""
    memo: str = ""
    bag: str = ""
    approver: str = ""
    pin: str = field(default="", repr=False)
    approvers: tuple[SecondPerson, ...] = ()
    missing: tuple[Missing, ...] = ()
    kept: bool = True
    submitted: str = ""
    result: str = ""

    @property
    def bills_left(self) -> int:
        """Bill boxes that are blank."""
        return len(self.boxes.blanks(BILL_KEYS))

    @property
    def coin_left(self) -> int:
        """Coin boxes that are blank."""
        return len(self.boxes.blanks(COIN_KEYS))

    @property
    def checks_entered(self) -> tuple[CheckLine, ...]:
        """The lines of the checks list that are not empty."""
        return tuple(line for line in self.checks if not line.is_blank)

    @property
    def checks_total(self) -> Money:
        """What the readable checks add up to."""
        return total(amount for line in self.checks if (amount := typed_money(line.amount)[0]))

    @property
    def card_error(self) -> str:
        """Why the card total cannot be read."""
        return typed_money(self.card_total)[1]

    @property
    def card_done(self) -> bool:
        """Whether the card batch was entered."""
        return bool(self.card_total.strip()) and not self.card_error

    @property
    def left_text(self) -> str:
        """What is still to be entered: ``5 boxes, checks and card batch left``."""
        boxes = self.bills_left + self.coin_left
        parts = [counted_word(boxes, "box", "boxes")] if boxes else []
        parts += [] if self.checks_done else ["checks"]
        parts += [] if self.card_done else ["card batch"]
        if not parts:
            return "Everything is counted"
        listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return f"{listed} left"


class CashCountViewModel(MoneyViewModel[CountState]):
    """Counting: texts in, what they mean and what is missing out. Nothing here asks what is expected."""

    def __init__(self, session: MoneySession, purpose: CountPurpose = CountPurpose.CLOSING) -> None:
        super().__init__(session, CountState(purpose=purpose))
        self._is_counted = False

    def load(self, drawer_id: str = "") -> None:
        """Find the drawers that can be counted, and the draft of a count that was begun."""
        person, purpose = self.who, self.state.purpose
        self.ask(lambda: _loaded(self.session.desk, person, purpose, drawer_id), self._loaded)

    def choose(self, drawer_id: str) -> None:
        """Count another drawer."""
        self.load(drawer_id)

    def type_box(self, key: str, text: str) -> None:
        """A count box changed."""
        self._typed(boxes=self.state.boxes.typed(key, text))

    def type_damaged(self, amount: str, note: str) -> None:
        """Damaged money: its amount, and why it is damaged."""
        self._typed(boxes=replace(self.state.boxes, damaged=amount), damaged_note=note)

    def type_check(self, index: int, line: CheckLine) -> None:
        """A line of the checks list changed; there is always an empty one at the end."""
        lines = [*self.state.checks]
        lines[index] = line
        while len(lines) < FEWEST_CHECK_LINES or not lines[-1].is_blank:
            lines.append(CheckLine())
        self._typed(checks=tuple(lines), checks_done=False)

    def end_checks(self) -> None:
        """Enter on an empty line: these are all the checks there are."""
        self._typed(checks_done=not any(line.error for line in self.state.checks))

    def type_card(self, batch: str, amount: str) -> None:
        """The card terminal's batch slip."""
        self._typed(card_batch=batch, card_total=amount)

    def explain(self, *, reason: str, memo: str, bag: str) -> None:
        """Take-over: why, what prevents it, and the bag."""
        self._typed(reason=reason, memo=memo, bag=bag)

    def sign(self, approver: str, pin: str) -> None:
        """Take-over: who approves, with their PIN."""
        self.change(approver=approver, pin=pin)

    def fill_blanks(self) -> None:
        """Ctrl 0: none of what is blank."""
        card_total = self.state.card_total if self.state.card_total.strip() else "0.00"
        self._typed(boxes=self.state.boxes.filled(), checks_done=True, card_total=card_total, missing=())

    def save_draft(self) -> None:
        """Keep what was typed, exactly."""
        chosen, state = self.state.drawer, self.state
        if chosen is None or state.submitted or state.kept:
            return
        content, drafts, title = _draft_of(state), self.session.desk.drafts, f"Count of drawer {state.drawer_key}"
        self.change(kept=True)

        def failed(error: Exception) -> None:
            self.fail(error)
            self.change(kept=False)

        # The owner is who began the count: the desk may be signed out or locked by now.
        self.session.run(lambda: drafts.save(_draft_id(state), state.owner, DRAFT_KIND, title, content), lambda _: None, failed)

    def submit(self) -> None:
        """Submit the count; asks for every blank first."""
        missing = _missing(self.state)
        self.change(missing=missing, problem="")
        chosen = self.state.drawer
        if missing or chosen is None or self._is_counted:
            return
        try:
            count = _closing_count(self.state)
        except DeskError as wrong:
            self.change(problem=wrong.text)
            return
        drawers, state = self.session.desk.drawers, self.state
        note = f"Damaged money: {state.damaged_note}" if state.boxes.damaged.strip() else ""
        approval = signed_by(state.approver, state.pin)
        match state.purpose:
            case CountPurpose.CLOSING:
                command = CountDrawer(chosen.drawer_id, count)
                self.write(lambda by: drawers.count(replace(by, note=note), command), lambda _: self._counted())
            case CountPurpose.AUDIT:
                audit = AuditCount(chosen.drawer_id, count)
                self.write(lambda by: drawers.audit(replace(by, note=note), audit), lambda _: self._counted())
            case CountPurpose.TAKE_OVER:
                take = TakeOver(chosen.drawer_id, count, state.reason.strip(), state.memo.strip(), approval, state.bag.strip())
                self.write(lambda by: drawers.take_over(replace(by, note=note), take), lambda _: self._counted())

    def _typed(self, **changes: object) -> None:
        self.change(kept=False, problem="", **changes)

    def refused(self, error: DeskError) -> None:
        """Show why; a PIN is typed again."""
        self.change(busy=False, problem=error.text, pin="")

    def _counted(self) -> None:
        chosen = self.state.drawer
        if chosen is None:
            return
        # A second activation that was on its way would be a recount.
        self._is_counted = True
        desk, draft_id = self.session.desk, _draft_id(self.state)

        def finish() -> DrawerBook | None:
            desk.drafts.drop(draft_id)
            return desk.view.book(chosen.custody_id)

        def finished(book: DrawerBook | None) -> None:
            result = _audit_result(book.figures) if book and self.state.purpose is CountPurpose.AUDIT else ""
            self.change(submitted=chosen.custody_id, result=result, kept=True)

        self.ask(finish, finished)

    def _loaded(self, loaded: CountState) -> None:
        self.new_form()
        self._is_counted = False
        self.change(**{name: getattr(loaded, name) for name in loaded.__dataclass_fields__})


def _loaded(desk: Desk, person_id: str, purpose: CountPurpose, drawer_id: str) -> CountState:
    facility = desk.view.facility()
    held = [
        DrawerChoice(one.drawer_id, _choice_label(one, facility.person(one.holder_id).name), one.custody_id)
        for one in facility.drawers.values()
        if one.status is not DrawerStatus.CLOSED and one.holder_id and one.custody_id and _may_count(one, person_id, purpose)
    ]
    state = CountState(purpose=purpose, owner=person_id, drawers=tuple(held), approvers=who_may_approve(desk, person_id))
    chosen = next((one for one in held if one.drawer_id == drawer_id), held[0] if held else None)
    if chosen is None:
        return state
    before = desk.view.last_count(chosen.drawer_id)
    attempt = before.attempt + 1 if before else 1
    state = replace(state, drawer=chosen, drawer_key=facility.drawer(chosen.drawer_id).key, attempt=attempt)
    kept = next((one for one in desk.drafts.of(person_id, DRAFT_KIND) if one.draft_id == _draft_id(state)), None)
    return _restored(state, kept.content) if kept else state


def _may_count(drawer: DrawerState, person_id: str, purpose: CountPurpose) -> bool:
    if purpose is CountPurpose.CLOSING:
        return drawer.holder_id == person_id
    return purpose is CountPurpose.AUDIT or drawer.holder_id != person_id


def _choice_label(drawer: DrawerState, holder: str) -> str:
    return f"{drawer.key}, {drawer.desk_label}, {holder}"


def _draft_id(state: CountState) -> str:
    custody = state.drawer.custody_id if state.drawer else ""
    return f"count-{custody}-{state.purpose}-{state.attempt}"


def _draft_of(state: CountState) -> str:
    return json.dumps(
        {
            "boxes": state.boxes.to_json(),
            "damaged_note": state.damaged_note,
            "checks": [[line.number, line.amount, line.tender] for line in state.checks],
            "checks_done": state.checks_done,
            "card": [state.card_batch, state.card_total],
            "explained": [state.reason, state.memo, state.bag],
        },
        ensure_ascii=False,
    )


def _restored(state: CountState, content: str) -> CountState:
    try:
        kept = json.loads(content)
        checks = tuple(CheckLine(*map(str, line)) for line in kept["checks"])
        reason, memo, bag = map(str, kept["explained"])
        return replace(
            state,
            boxes=CountBoxes.from_json(kept["boxes"]),
            damaged_note=str(kept["damaged_note"]),
            checks=checks,
            checks_done=bool(kept["checks_done"]),
            card_batch=str(kept["card"][0]),
            card_total=str(kept["card"][1]),
            reason=reason,
            memo=memo,
            bag=bag,
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return replace(state, problem="The count that was begun here cannot be read any more. Please count again.")


def _missing(state: CountState) -> tuple[Missing, ...]:
    boxes = state.boxes
    found = [Missing(key, f"{box_name(key)}: {boxes.error(key)}") for key in boxes.unreadable()]
    found += [Missing(key, f"{box_name(key)}: count them, or enter 0 for none.") for key in boxes.blanks(BOX_ORDER)]
    wrong, unread = typed_money(boxes.damaged)[1], state.card_error
    if wrong or (boxes.damaged.strip() and not state.damaged_note.strip()):
        found.append(Missing("damaged", wrong or "Damaged money: say what is damaged."))
    found += [Missing("checks", f"Check {index}: {line.error}") for index, line in enumerate(state.checks, 1) if line.error]
    if not state.checks_done and not any(one.box == "checks" for one in found):
        found.append(Missing("checks", "Checks: list them, then press Enter on an empty line."))
    if not state.card_done:
        found.append(Missing("card", f"Card batch: {unread or 'enter the total on the slip, or 0 for none.'}"))
    return tuple(found)


def _closing_count(state: CountState) -> ClosingCount:
    checks = tuple(line.counted() for line in state.checks_entered)
    return ClosingCount(state.boxes.to_count(), checks, Money.typed(state.card_total), state.card_batch.strip())


def _audit_result(figures: CustodyFigures) -> str:
    last = [count for count in figures.counts if count.purpose == "audit"][-1]
    parts = [
        f"{word} {last.over_short[tender].signed_figures()}"
        for tender, word in (("cash", "cash"), ("check", "checks"), ("card", "cards"), ("money_order", "money orders"))
        if last.over_short[tender]
    ]
    return "Surprise count recorded: " + (", ".join(parts) if parts else "everything is there") + "."
