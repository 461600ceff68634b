"""A day played through the real screens: people sign in with their PINs, forms are filled and F12 is pressed.

Opening, payments, counting, closing and handing over go through their pages. What has no form of its own in a day file's
words (a registration with its search, approvals inside dialogs, refusals that are expected) goes through the same use
cases, and the page that shows it is brought up after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from access_desk.domain.day import DayStep, StepOutcome
from access_desk.presentation.cash_count import CheckLine
from access_desk.presentation.cash_count_boxes import BOX_ORDER
from access_desk.services.play import DayPlayer
from access_desk.ui.program import Program

WAIT_MS = 20
MOST_WAITS = 3_000
# The page that shows what a verb did.
SHOWN_ON: Mapping[str, str] = {
    "register": "today",
    "amend_patient": "today",
    "visit_event": "today",
    "deposit": "deposit",
    "confirm_deposit": "deposit",
    "hand_over": "handoff",
}


class RehearsalError(Exception):
    """A screen did not end where its step did."""


class Rehearsal:
    """Plays steps on a program's window. ``seen`` hears of each page when it shows what a step did."""

    def __init__(self, program: Program, player: DayPlayer, seen: Callable[[str], object] | None = None) -> None:
        self._program, self._player = program, player
        self._seen = seen or (lambda _: None)
        self._pins = {person.key: person.pin for person in player.day.staff}
        self._on_screen: dict[str, Callable[[DayStep], None]] = {
            "open_drawer": self._open_drawer,
            "payment": self._payment,
            "count_drawer": self._count,
            "close_drawer": self._close,
            "hand_over": self._hand_over,
        }
        self.through_forms = 0

    def play(self, steps: Sequence[DayStep]) -> list[StepOutcome]:
        """Every step in order."""
        return [self.play_step(step) for step in steps]

    def play_step(self, step: DayStep) -> StepOutcome:
        """One step, on its form when it has one."""
        self.sign_in(step)
        drive = self._on_screen.get(step.do)
        if drive is None or step.expect_refused or not _fits_the_form(step):
            outcome = self._player.play_step(step)
            self._show(SHOWN_ON.get(step.do, "drawer"))
            return outcome
        self._player.set_clock(step)
        drive(step)
        self.through_forms += 1
        return StepOutcome(step.n, step.do, refused=False)

    def settle(self) -> None:
        """Let the window work until nothing is left to do."""
        for _ in range(MOST_WAITS):
            QCoreApplication.processEvents()
            if self._program.runner.is_idle:
                QCoreApplication.sendPostedEvents()
                QCoreApplication.processEvents()
                if self._program.runner.is_idle:
                    return
            waiting = QEventLoop()
            QTimer.singleShot(WAIT_MS, waiting.quit)
            self._program.runner.working.connect(waiting.quit)
            waiting.exec()
        raise RehearsalError("the window does not come to rest")

    def rest(self, seconds: float) -> None:
        """Leave the window alone for a while, so that it can be watched."""
        waiting = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), waiting.quit)
        waiting.exec()

    def sign_in(self, step: DayStep) -> None:
        """Let the person of a step take the desk with their PIN."""
        person_id, sign_in = self._player.names.staff[step.by], self._program.sign_in
        if sign_in.person_id == person_id:
            return
        self._player.set_clock(step)
        if sign_in.person_id:
            sign_in.sign_out()
        self.settle()
        sign_in.choose(person_id)
        sign_in.submit(self._pins[step.by])
        self.settle()
        if sign_in.person_id != person_id:
            raise RehearsalError(f"step {step.n}: {step.by} cannot sign in: {sign_in.state.error or sign_in.state.waits}")

    def _show(self, page_id: str, argument: object = None) -> Any:
        self._program.window.go(page_id, argument)
        self.settle()
        self._program.refresh_strip()
        self.settle()
        self._seen(page_id)
        return getattr(self._program.window.page(page_id), "model", None)

    def pin_of(self, key: str) -> str:
        """The PIN of a person of the day."""
        return self._pins[key]

    def go(self, page_id: str, argument: object = None) -> Any:
        """Show a page; its view-model."""
        self._program.window.go(page_id, argument)
        self.settle()
        return getattr(self._program.window.page(page_id), "model", None)

    def _press_f12(self, step: DayStep, page_id: str) -> None:
        self._seen(page_id)
        page = self._program.window.page(page_id)
        page.primary()
        self.settle()
        problem = getattr(getattr(page, "model", None), "state", None)
        text = getattr(problem, "problem", "")
        if text:
            raise RehearsalError(f"step {step.n} ({step.do}): {text}")

    def _open_drawer(self, step: DayStep) -> None:
        model = self.go("open_drawer")
        model.choose(self._player.names.drawers[_text(step, "drawer")])
        _fill(model, step.values["count"])
        if "witness" in step.values:
            model.sign(self._player.names.staff[_text(step, "witness")], _text(step, "witness_pin"))
        self._press_f12(step, "open_drawer")

    def _payment(self, step: DayStep) -> None:
        names, values = self._player.names, step.values
        target: object = names.visits.get(_text(step, "visit"), "")
        if "patient" in values:
            target = ("patient", names.patients.get(_text(step, "patient"), ""))
        model = self.go("payment", target)
        for index in range(len(model.state.lines)):
            model.tick(index, on=False)
        for line in _lines(values):
            model.add_line(line["purpose"])
            model.type_amount(len(model.state.lines) - 1, line["amount"])
        _type_tender(model, values)
        model.choose_receipt(prints=False, language=model.state.language)
        before = model.state.last
        self._press_f12(step, "payment")
        last = model.state.last
        if last is None or last is before:
            raise RehearsalError(f"step {step.n} (payment): it was not recorded")
        if isinstance(values.get("as"), str):
            names.payments[_text(step, "as")] = last.payment_id
        self._seen("payment")

    def _count(self, step: DayStep) -> None:
        model = self.go("count")
        count = step.values["count"]
        assert isinstance(count, dict)  # noqa: S101 - _fits_the_form looked
        _fill(model, count)
        for index, check in enumerate(count.get("checks", ())):
            model.type_check(index, CheckLine(check["number"], check["amount"], check.get("tender", "check")))
        model.end_checks()
        model.type_card(count.get("card_batch", ""), count.get("card_total", "0.00"))
        self._press_f12(step, "count")
        self._show("variance")

    def _close(self, step: DayStep) -> None:
        model = self.go("variance")
        values = step.values
        model.explain(reason=_text(step, "reason"), happened=_text(step, "memo"))
        if "approver" in values:
            model.sign(self._player.names.staff[_text(step, "approver")], _text(step, "approver_pin"))
        if "witness" in values:
            model.sign_witness(self._player.names.staff[_text(step, "witness")], _text(step, "witness_pin"))
        to_bank = values.get("to_bank", model.state.to_bank)
        model.bank(amount=str(to_bank), bag=_text(step, "bag"))
        self._press_f12(step, "variance")
        if not model.state.closed:
            raise RehearsalError(f"step {step.n} (close_drawer): the drawer is not closed")
        self._show("preview")

    def _hand_over(self, step: DayStep) -> None:
        model = self.go("handoff")
        _fill(model, step.values["count"])
        for index in range(len(model.state.items)):
            model.read_item(index, on=True)
        items = step.values.get("open_items", ())
        for text in items if isinstance(items, list) else ():
            model.add_item(text)
        for index in range(len(model.state.also)):
            model.tick_also(index, on=True)
        model.sign(_text(step, "to"), _text(step, "to_pin"))
        self._press_f12(step, "handoff")
        if not model.state.taken_custody:
            raise RehearsalError(f"step {step.n} (hand_over): {model.state.missing}")


def _text(step: DayStep, key: str) -> str:
    value = step.values.get(key, "")
    return value if isinstance(value, str) else ""


def _fits_the_form(step: DayStep) -> bool:
    """Whether the form can be filled with what the step says; a count of mutilated money, say, needs its note's box."""
    count = step.values.get("count", {})
    if not isinstance(count, dict) or "mutilated" in count:
        return False
    return not isinstance(step.values.get("to_bank"), dict) and "note" not in step.values


def _fill(model: Any, count: object) -> None:
    for key, pieces in count.items() if isinstance(count, dict) else ():
        if key in BOX_ORDER:
            model.type_box(key, str(pieces))
    model.fill_blanks()


def _lines(values: Mapping[str, object]) -> list[Mapping[str, str]]:
    lines = values.get("lines")
    if isinstance(lines, list):
        return lines
    return [{"purpose": str(values["purpose"]), "amount": str(values["amount"])}]


def _type_tender(model: Any, values: Mapping[str, object]) -> None:
    parts = values.get("tenders")
    if isinstance(parts, list):
        model.choose_tender("split")
        for part in parts:
            model.type_part(part["tender"], part["amount"])
            model.type_tender(**{key: part[key] for key in ("check_number", "card_last4", "auth_code") if key in part})
        cash = next((part for part in parts if part["tender"] == "cash"), None)
        if cash:
            model.type_tender(received=cash.get("tendered", str(model.state.cash_asked)))
        return
    tender = str(values["tender"])
    model.choose_tender("check" if tender == "money_order" else tender)
    if tender == "cash":
        model.type_tender(received=str(values.get("tendered", model.state.cash_asked)))
    elif tender == "card":
        model.type_tender(card_last4=str(values.get("card_last4", "")), auth_code=str(values.get("auth_code", "")))
    else:
        number = {"check": "check_number", "money_order": "order_number"}[tender]
        model.type_tender(check_tender=tender, **{number: str(values.get("check_number", ""))})
