"""Preview of a paper (page 16): the real pages, printing, saving, and who signed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from access_desk.domain.errors import UnavailableError
from access_desk.domain.money import Money
from access_desk.presentation.cash_sheet import PreviewState, PreviewViewModel, Signature
from access_desk.presentation.drawer_words import signed_dollars, verdict_kind, verdict_word
from access_desk.presentation.hidden_names import COVERED
from access_desk.presentation.papers_drawing import CASH_SHEET, Paper
from access_desk.presentation.papers_registration import TITLES as REGISTRATION_TITLES
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Figures, PageHeader, Steps, column, row
from access_desk.ui.kit.fields import Combo, Field
from access_desk.ui.kit.labels import Chip, IconLabel, PlainLabel
from access_desk.ui.kit.pdf_view import PdfView
from access_desk.ui.kit.theme import current
from access_desk.ui.money.count_view import CLOSING_STEPS
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.printing import ask_file, ask_printer, default_printer_name, print_pages, write_pdf
from access_desk.ui.money.widgets import StateWord, add_to
from access_desk.ui.pages import KeyHint

PAGE_WIDTH, SMALLEST, LARGEST, STEP = 816, 50, 200, 10


class ZoomedPages(PdfView):
    """The pages at a zoom in percent of their real size; 0 fits the width."""

    def __init__(self) -> None:
        super().__init__(name="sheetPages", width=PAGE_WIDTH)
        self.scroller.setAccessibleName("Pages of the sheet")
        self.percent = 100

    def zoom(self, percent: int) -> None:
        """Show the same pages at another size."""
        self.percent = min(max(percent, SMALLEST), LARGEST)
        pdf, self._pdf, self._width = self._pdf, b"", PAGE_WIDTH * self.percent // 100
        self.show_pdf(pdf)

    def fit(self) -> None:
        """As wide as the room for it."""
        room = self.scroller.viewport().width() - 40
        self.zoom(room * 100 // PAGE_WIDTH)


class PreviewView(MoneyPage):
    """A paper before it is printed."""

    page_id, title, rail = "preview", "Cash sheet", "drawer"

    def __init__(self, view_model: PreviewViewModel) -> None:
        super().__init__()
        self.model = view_model
        self._argument: tuple[str, str] = (CASH_SHEET, "")
        self._hides_names = False
        self._printer: QPrinter | None = None
        self._steps = Steps(CLOSING_STEPS)
        self._steps.show_step(3)
        self._header = PageHeader("Cash sheet", right=(self._steps,))
        self._problem = Band(tone="short", name="previewProblem")
        self._fault = Band(tone="attention", name="printFault", icon="printer")
        self._again = KeyButton("Print again", name="printSheetAgain", small=True, on_press=self._print_again)
        add_to(self._fault, self._again)
        self._said = Band(tone="balanced", name="printSaid")
        self._page_text = PlainLabel("", tone="secondary")
        self.pages = ZoomedPages()
        paper = Card(name="sheetCard").tight()
        head = QWidget()
        head.setFixedHeight(current().px(40))
        self._percent = PlainLabel("100%", tone="secondary")
        fit = KeyButton("Fit page", name="fitPage", small=True, on_press=self._fit)
        smaller = KeyButton("−", name="zoomOut", small=True, on_press=lambda: self._zoom(-STEP))
        larger = KeyButton("+", name="zoomIn", small=True, on_press=lambda: self._zoom(STEP))
        for button, spoken in ((smaller, "Smaller"), (larger, "Larger")):
            button.setAccessibleName(spoken)
        head.setLayout(row(self._page_text, 1, fit, smaller, self._percent, larger, margins=(14, 0, 14, 0), spacing=8))
        paper.body.addWidget(head)
        sunken = Card(name="sheetBackground", sunken=True).tight()
        sunken.body.addWidget(self.pages)
        paper.body.addWidget(sunken, 1)
        side = QWidget()
        side.setFixedWidth(current().px(332))
        side.setLayout(column(self._print_card(), self._result_card(), self._signed_card(), 1))
        middle = row()
        middle.addWidget(paper, 1)
        middle.addWidget(side)
        for part in (self._header, self._problem, self._fault, self._said):
            self.layout_.addWidget(part)
        self.layout_.addLayout(middle, 1)
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)

    def _print_card(self) -> Card:
        self._ready = StateWord()
        card = Card("Print", name="printCard", aside=self._ready)
        self._which = Combo(name="whichSheet", label="Which sheet")
        self._which.chosen.connect(lambda value: self._load(CASH_SHEET, str(value)))
        self._which_field = Field("Sheet", self._which)
        self._copy = PlainLabel("", tone="secondary")
        self._print = KeyButton(
            "Print", "F12", name="printSheet", kind="primary", large=True, icon_name="printer", on_press=self.primary
        )
        self._save = KeyButton("Save PDF", "Ctrl S", name="savePdf", on_press=self._save_pdf)
        self._hand = KeyButton("Hand off", "Shift F9", name="handOff", on_press=lambda: self.go.emit("handoff", None))
        for button in (self._print, self._save):
            button.refused.connect(lambda why: self.told.emit(why, "attention"))
        card.body.addWidget(self._which_field)
        card.body.addWidget(self._copy)
        card.body.addWidget(self._print)
        line = row(spacing=8)
        line.addWidget(self._save, 1)
        line.addWidget(self._hand, 1)
        card.body.addLayout(line)
        return card

    def _result_card(self) -> Card:
        self._chip = Chip("", "balanced")
        self._result = Card("Result", name="resultCard", aside=self._chip)
        self._figures = Figures(name="resultFigures")
        self._result.body.addWidget(self._figures)
        return self._result

    def _signed_card(self) -> Card:
        self._signed = Card("Signed", name="signedCard")
        self._signatures = column(spacing=6)
        self._signed.body.addLayout(self._signatures)
        return self._signed

    def render_state(self, state: PreviewState) -> None:
        """Paint it."""
        self._header.title.say(state.title or "Cash sheet")
        is_covered = self._hides_names and state.names_somebody
        self._header.about.say("" if is_covered else state.subtitle)
        self.pages.cover(COVERED if is_covered else "")
        closing = bool(state.key and state.key.document == CASH_SHEET)
        self._steps.setVisible(closing)
        self._problem.say(state.problem, "", "short")
        self._fault.say(
            "It did not print" if state.fault else "", f"The copy is recorded. {state.fault}" if state.fault else "", "attention"
        )
        self._said.say(state.said, "", "balanced")
        self.pages.show_pdf(state.paper.pdf if state.paper else b"")
        number = self.pages.page_count
        self._page_text.say(f"{number} page{'' if number == 1 else 's'}" if number else "No sheet yet: no drawer was closed.")
        self._ready.say("Ready" if state.paper else "Nothing to print", done=state.paper is not None)
        self._which.set_choices([(one.custody_id, one.label) for one in state.sheets])
        self._which.show_value(state.key.about if state.key else None)
        self._which_field.setVisible(bool(state.sheets))
        self._copy.say(f"The next print is marked {state.paper.copy_text}." if state.paper else "")
        nothing = "" if state.paper else "There is nothing to print yet."
        for button in (self._print, self._save):
            button.set_busy(state.busy)
            button.set_blocked(nothing)
        self._hand.setVisible(state.may_hand_off)
        self._result.setVisible(bool(state.result))
        self._figures.show_lines(state.result)
        difference = state.difference or Money(0)
        self._chip.show_state(f"{verdict_word(difference)} {signed_dollars(difference)}", verdict_kind(difference))
        self._signed.setVisible(bool(state.signatures))
        while (item := self._signatures.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in state.signatures:
            self._signatures.addWidget(_signature(one))
        if state.paper:
            self.arrived()

    def _zoom(self, step: int) -> None:
        self.pages.zoom(self.pages.percent + step)
        self._percent.say(f"{self.pages.percent}%")

    def _fit(self) -> None:
        self.pages.fit()
        self._percent.say(f"{self.pages.percent}%")

    def _load(self, document: str, about: str) -> None:
        self._argument = (document, about)
        self.model.load(document, about)

    def entered(self, argument: object) -> None:
        """Come with (document, what it is about); without one the cash sheet closed last."""
        document, about = argument if isinstance(argument, tuple) else (CASH_SHEET, "")
        self.rail = "today" if document in REGISTRATION_TITLES else "drawer"
        self.awaits()
        self._load(str(document), str(about))

    def passes_to(self, page_id: str) -> object:
        """Esc and Shift F8 go back to the forms of the visit whose paper this is."""
        document, about = self._argument
        return about.partition("/")[0] if page_id == "forms" and document in REGISTRATION_TITLES else None

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . covers a paper that says who somebody is, or shows it."""
        self._hides_names = hidden
        self.render_state(self.model.state)

    def primary(self) -> None:
        """F12: the system's print dialog, then the record, then the paper."""
        paper = self.model.state.paper
        if paper is None or self.model.state.busy:
            return
        try:
            self._printer = ask_printer(self, f"{self.model.state.title} {paper.number}")
        except UnavailableError as fault:
            self.told.emit(fault.text, "attention")
            return
        if self._printer is not None:
            self.model.print(self._put_out)

    def _put_out(self, paper: Paper) -> None:
        if self._printer is not None:
            print_pages(self._printer, paper.pdf, f"{self.model.state.title} {paper.number}")

    def _print_again(self) -> None:
        self.model.put_out_again(self._put_out)

    def _save_pdf(self) -> None:
        paper = self.model.state.paper
        path = ask_file(self, paper.number) if paper else None
        if path is not None:
            self.save_as(path)

    def save_as(self, path: Path) -> None:
        """Record and write the paper as a file."""
        self.model.save(lambda paper: write_pdf(path, paper.pdf))

    def shortcut(self, keys: str) -> bool:
        """Ctrl S saves."""
        if keys == "Ctrl+S":
            self._save_pdf()
        return keys == "Ctrl+S"

    def print_requested(self) -> None:
        """Ctrl P prints too."""
        self.primary()

    def refresh(self) -> None:
        """F5."""
        self.model.load(*self._argument)

    def panes(self) -> Sequence[QWidget]:
        """The pages, the buttons."""
        return (self.pages.scroller, self._print)

    def first_focus(self) -> QWidget | None:
        """The button that prints."""
        return self._print

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        hints = (
            KeyHint("F12", "Print"),
            KeyHint("Ctrl S", "Save PDF"),
            KeyHint("Page Up, Page Down", "Scroll page"),
            KeyHint("F6", "Pages"),
        )
        return (*hints, KeyHint("Esc", "Back"))

    def note(self) -> str:
        """Where it prints."""
        name = default_printer_name()
        return f"A reprint is marked Copy 2. Printer: {name}" if name else "A reprint is marked Copy 2"


def _signature(one: Signature) -> QWidget:
    shown = QWidget()
    done = bool(one.at)
    icon = IconLabel("circle-check" if done else "circle-dashed", token="balanced_fg" if done else "text_secondary", size=15)
    what = PlainLabel(one.what, tone="secondary")
    what.setFixedWidth(current().px(66))
    at = PlainLabel(one.at, style="label", tone="muted")
    at.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    line = row(icon, what, spacing=8)
    line.addWidget(PlainLabel(one.name, elide=True), 1)
    line.addWidget(at)
    shown.setLayout(line)
    return shown
