"""Register (pages 03 and 11): a complete, cleared visit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from access_desk.domain.patients.state import PatientState
from access_desk.presentation.hidden_registration import hidden_registration
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_drafts import RegistrationState
from access_desk.presentation.registration_fields import FORM_ROWS, SECTION_TITLES
from access_desk.presentation.registration_state import Problem, shortened
from access_desk.ui.desk.register_clearance import ClearanceSection
from access_desk.ui.desk.register_coverage import CoverageSection
from access_desk.ui.desk.register_dialogs import RegisterDialogs
from access_desk.ui.desk.register_section import FormRows, SectionCard
from access_desk.ui.desk.register_side import RegisterSide, pay_blocked, shown_alerts
from access_desk.ui.kit.accessibility import tab_order
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Scroller, column, row
from access_desk.ui.kit.feedback import ErrorSummary
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint, Page

SAVE_AFTER_MS = 800
# How high the banner is, how much a line of alerts adds, and how many letters of an alert stand beside the facts.
BANNER, ALERTS, MOST_BESIDE, NOTICE = 56, 28, 24, 64
WIDE_FROM = 1500
NAME_AT_LEAST = 200


class RegisterView(Page):
    """The registration form with its drafts."""

    page_id, title, rail = "register", "Register", "register"

    def __init__(self, model: RegistrationModel) -> None:
        super().__init__()
        self.model = model
        self._serial, self._phase, self._is_wide = -1, "", False
        self._hides_names = False
        self._problems: tuple[Problem, ...] = ()
        self._stops: list[QWidget] = []
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER_MS)
        self._save.timeout.connect(model.save_draft)
        self.layout_.addWidget(self._banner_card())
        self._done = Band(tone="balanced", name="registerDone")
        self._notice = Band(tone="attention", name="registerNotice")
        for band in (self._done, self._notice):
            self.layout_.addWidget(band)
        self._make_sections()
        self.side = RegisterSide(model.go_to, self.primary, self._pay, self._park, self._ask_discard, self._open_forms)
        self._form = QWidget()
        body = row()
        body.addWidget(self._scroller, 1)
        body.addWidget(self.side)
        self._form.setLayout(body)
        self.layout_.addWidget(self._form, 1)
        self.layout_.addWidget(self._chooser_card(), 1)
        self._dialogs = RegisterDialogs(self, model)
        self.side.pay.refused.connect(lambda reason: self.told.emit(reason, "attention"))
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _banner_card(self) -> Card:
        self._banner = Card(name="registerBanner")
        self._banner.body.setContentsMargins(14, 6, 14, 6)
        self._name = PlainLabel("", style="title", elide=True)
        self._name.setSizePolicy(self._name.sizePolicy().Policy.Expanding, self._name.sizePolicy().verticalPolicy())
        # An endless name gives way to the facts and alerts, and not the window to the name.
        self._name.setMinimumWidth(current().px(NAME_AT_LEAST))
        self._facts = QHBoxLayout()
        self._facts.setSpacing(6)
        self._alerts = QHBoxLayout()
        self._alerts.setSpacing(8)
        line = row(spacing=20)
        line.addWidget(self._name, 1)
        line.addLayout(self._facts)
        line.addStretch(0)
        line.addLayout(self._alerts)
        # What has to be minded is never cut: where it needs more than a word or two, it has a line of its own.
        self._alerts_below = QHBoxLayout()
        self._alerts_below.setSpacing(8)
        self._banner.body.setSpacing(4)
        self._banner.body.addLayout(line)
        self._banner.body.addLayout(self._alerts_below)
        self._banner_shown: object = None
        return self._banner

    def _make_sections(self) -> None:
        self._rows: list[FormRows] = []
        self.sections: list[SectionCard] = []
        for number, title in enumerate(SECTION_TITLES, 1):
            self.sections.append(SectionCard(number, title, self._open_section))
        for card, rows in zip(self.sections, FORM_ROWS, strict=False):
            fields = FormRows(rows, "", self._typed, self.model.leave, self.model.enter_section)
            self._rows.append(fields)
            card.body.addWidget(fields)
        self.coverage = CoverageSection(self.model, self._typed)
        self.sections[3].body.addWidget(self.coverage)
        self.clearance = ClearanceSection(self.model, self._typed)
        self.sections[4].body.addWidget(self.clearance)
        self.errors = ErrorSummary(name="registerErrors")
        content = QWidget()
        content.setObjectName("pageBody")
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for layout in (self._left, self._right):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(8)
        for card in self.sections:
            self._left.addWidget(card)
        self._left.addStretch(1)
        both = row()
        both.addLayout(self._left, 1)
        both.addLayout(self._right, 1)
        self._both = both
        content.setLayout(column(self.errors, both, 1, spacing=8, margins=(0, 0, 4, 0)))
        both.setStretch(1, 0)
        self._scroller = Scroller(content)

    def _chooser_card(self) -> Card:
        self._chooser = Card("Open registrations", name="registerChooser").tight()
        columns = (Column("Registration"), Column("Still missing", 320), Column("Saved", 160))
        self.drafts = Table(columns, name="registerDrafts", label="Registrations you put aside")
        self.drafts.opened.connect(lambda key: self.model.open_draft(str(key)))
        self._none = QWidget()
        title = PlainLabel("No registration is open", style="section")
        text = PlainLabel("A registration begins with a search, so that one person has one record.", tone="secondary")
        for label in (title, text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        find = KeyButton(
            "Find patient", "F3", name="registerFind", icon_name="search", on_press=lambda: self.go.emit("find", None)
        )
        self._none.setLayout(column(1, title, text, row(1, find, 1), 2, spacing=10))
        self._chooser.body.addWidget(self.drafts, 1)
        self._chooser.body.addWidget(self._none, 1)
        return self._chooser

    # ------------------------------------------------------------ intents

    def _typed(self, key: str, text: str) -> None:
        self.model.type(key, text)
        self._save.start()

    def _open_section(self, number: int) -> None:
        state = next((one for one in self.model.state.sections if one.number == number), None)
        if state is None or state.is_read_only:
            return
        # What folds under the keyboard would push it on into another section, which would unfold instead.
        self._let_go()
        self.model.enter_section(number)
        first = self._first_of(number)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _first_of(self, number: int) -> QWidget | None:
        if number <= len(self._rows):
            editors = self._rows[number - 1].editors
            form = self.model.state.form
            return next((editor for key, editor in editors.items() if form is None or not form.is_fixed(key)), None)
        if number == self.coverage.number:
            return self.coverage.first()
        return self.clearance.first() if number == self.clearance.number else None

    def _let_go(self) -> None:
        """Leave the field that is being typed into."""
        focused = QApplication.focusWidget()
        if focused is not None and self._form.isAncestorOf(focused):
            focused.clearFocus()

    def editor(self, key: str) -> QWidget | None:
        """The editor of a field."""
        for rows in self._rows:
            if key in rows.editors:
                return rows.editors[key]
        return self.coverage.editor(key) or self.clearance.editor(key)

    def _park(self) -> None:
        self.model.park()
        self.status_changed.emit()

    def _pay(self) -> None:
        if visit := self._visit_id():
            self.go.emit("payment", visit)

    def _open_forms(self) -> None:
        if visit := self._visit_id():
            self.go.emit("forms", visit)

    def _visit_id(self) -> str:
        state = self.model.state
        return state.filed.visit_id if state.filed else state.form.visit_id if state.form else ""

    def _ask_discard(self) -> None:
        self._dialogs.ask_discard()

    def entered(self, argument: object) -> None:
        """Come with what to register, or look for what is open."""
        match argument:
            case ("new", dict() as values, str() as reason):
                self.model.open_new(values, reason)
            case ("new", dict() as values, str() as reason, tuple() as seen):
                self.model.open_new(values, reason, seen)
            case ("patient", PatientState() as patient):
                self.model.open_patient(patient)
            case ("patient", PatientState() as patient, dict() as typed):
                self.model.open_patient(patient, typed)
            case ("expected", PatientState() | None as patient, dict() as values):
                self.model.open_expected(patient, values)
            case ("visit", str() as visit_id):
                self.model.open_visit(visit_id)
            case ("draft", str() as draft_id):
                self.model.open_draft(draft_id)
            case "unidentified":
                self.model.open_new({"who": "unidentified", "type": "emergency"})
            case "park":
                self._park()
            case _:
                self.model.open_latest()

    def left(self) -> None:
        """Another page is shown: what is typed is kept at once."""
        self._save.stop()
        self.model.save_draft()

    def primary(self) -> None:
        """F12: file it; when that is done, find the next patient."""
        if self.model.state.phase == "filed":
            self.go.emit("find", None)
            return
        self._let_go()
        self._save.stop()
        self.model.file()
        if self.model.state.problems:
            # The first line takes the keyboard, so that the eye finds it and Enter leads to its field.
            links = [link for link in self.errors.findChildren(KeyButton) if link.objectName() == "error1"]
            (links[-1] if links else self.errors).setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroller.verticalScrollBar().setValue(0)

    def passes_to(self, page_id: str) -> object:
        """F8 and Shift F8 take the visit along, Shift F2 the person."""
        state = self.model.state
        if page_id == "privacy":
            return state.form.patient_id if state.form else None
        if page_id != "forms" and (page_id != "payment" or pay_blocked(state)):
            return None
        return state.filed.visit_id if state.filed else state.form.visit_id if state.form else None

    def shortcut(self, keys: str) -> bool:
        """Shift F7 parks, Ctrl Z takes that back, Ctrl E compares with records that are likely this person's."""
        if keys == "Shift+F7":
            self._park()
        elif keys == "Ctrl+E":
            self.model.compare()
        elif keys == "Ctrl+Z" and self.model.state.can_undo_park:
            self.model.undo_park()
        elif keys == "Ctrl+Z":
            focused = QApplication.focusWidget()
            undo = getattr(focused, "undo", None)
            if undo is not None:
                undo()
        return keys in ("Shift+F7", "Ctrl+E", "Ctrl+Z")

    def alt(self, number: int) -> bool:
        """Alt 1 to 5: that section."""
        if not 1 <= number <= len(self.sections) or self.model.state.form is None:
            return False
        self._open_section(number)
        return True

    def panes(self) -> Sequence[QWidget]:
        """The form, the right side."""
        return (self._scroller, self.side) if self.model.state.form else (self.drafts,)

    def first_focus(self) -> QWidget | None:
        """The first field, or the list of drafts."""
        state = self.model.state
        if state.phase == "filed":
            return self.side.pay if state.owed.due else self.side.file
        if state.form is not None:
            return self.editor(state.focus) or self._first_of(1)
        return self.drafts if state.drafts else self._none.findChild(KeyButton)

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides who it is, but in the fields."""
        self._hides_names = hidden
        self.render_state(self.model.state)

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        if self.model.state.form is None:
            return (KeyHint("↑ ↓", "Move"), KeyHint("Enter", "Open"), KeyHint("F3", "Find patient"), KeyHint("Esc", "Back"))
        if self.model.state.phase == "filed":
            return (
                KeyHint("F8", "Take payment"),
                KeyHint("Shift F8", "Forms"),
                KeyHint("F12", "Find the next patient"),
                KeyHint("F2", "Today"),
            )
        return (
            KeyHint("Enter", "Next field"),
            KeyHint("Alt 1–5", "Section"),
            KeyHint("Alt ↓", "Open list"),
            KeyHint("Ctrl Z", "Undo typing"),
            KeyHint("F12", "File"),
            KeyHint("Shift F7", "Park"),
            KeyHint("Esc", "Back, nothing is lost"),
        )

    def note(self) -> str:
        """When the draft was saved."""
        return self.model.state.draft_text

    # ------------------------------------------------------------ painting

    def render_state(self, state: RegistrationState) -> None:
        """Paint it."""
        if self._hides_names:
            state = hidden_registration(state)
        form = state.form
        self._form.setVisible(form is not None)
        self._banner.setVisible(form is not None)
        self._chooser.setVisible(form is None)
        self._show_notices(state)
        self.drafts.show_rows(
            [Row(one.draft_id, (Cell(one.title, bold=True), Cell(one.missing), Cell(one.saved))) for one in state.drafts]
        )
        appeared = bool(state.drafts) and self.drafts.isHidden()
        self.drafts.setVisible(bool(state.drafts))
        self._none.setVisible(not state.drafts)
        if appeared and form is None and self.isVisible():
            self.drafts.setFocus(Qt.FocusReason.OtherFocusReason)
        if form is not None:
            self._show_banner(state)
            for rows in self._rows:
                rows.show_form(form, state.errors, state.cautions, state.advice)
                rows.setEnabled(state.phase == "editing")
                for key, field in rows.fields.items():
                    field.setEnabled(not form.is_fixed(key))
            self.coverage.show_state(state)
            self.clearance.show_state(state)
            self._fold(state)
            is_told = bool(state.notice) and not self._notice.isHidden()
            self.side.missing.taken = self._banner.height() - current().px(BANNER) + (current().px(NOTICE) if is_told else 0)
            self.side.show_state(state)
            if state.problems != self._problems:
                self._problems = state.problems
                self.errors.show_errors([(one.text, partial(self.model.go_to, one.key)) for one in state.problems])
        self._order_stops()
        self._follow(state)
        self._dialogs.show_state(state)

    def _order_stops(self) -> None:
        """What comes with the plans and with what is missing takes its place in the order of the page, not after it."""
        stops = [*self.coverage.stops(), *self.clearance.stops(), *self.side.stops()]
        if stops != self._stops:
            self._stops = stops
            tab_order(stops)

    def _show_notices(self, state: RegistrationState) -> None:
        filed = state.filed if state.phase == "filed" else None
        more = f"{shortened(filed.name)}, MRN {filed.mrn}" if filed else ""
        self._done.say(state.notice if filed else "", more, "balanced")
        undo = "Ctrl Z takes it back." if state.can_undo_park else ""
        is_asking = state.beside is not None
        self._notice.say("" if filed or is_asking else state.notice, undo, "info" if state.can_undo_park else "attention")

    def _show_banner(self, state: RegistrationState) -> None:
        banner = state.banner
        if banner is None or banner == self._banner_shown:
            return
        self._banner_shown = banner
        self._name.say(banner.name)
        # As wide as the name, so that the facts follow it; only an endless name gives way.
        self._name.setMaximumWidth(self._name.fontMetrics().horizontalAdvance(self._name.whole()) + 4)
        for layout in (self._facts, self._alerts, self._alerts_below):
            while (item := layout.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
        for fact in banner.facts:
            self._facts.addWidget(PlainLabel(fact.caption, tone="secondary"))
            self._facts.addWidget(PlainLabel(fact.value, weight=600))
            self._facts.addSpacing(10)
        is_below = len(banner.alerts) > 1 or any(len(text) > MOST_BESIDE for text in banner.alerts)
        for chip in shown_alerts(banner.alerts):
            (self._alerts_below if is_below else self._alerts).addWidget(chip)
        if is_below:
            self._alerts_below.addStretch(1)
        self._banner.setFixedHeight(current().px(BANNER + (ALERTS if is_below else 0)))

    def _fold(self, state: RegistrationState) -> None:
        for card, section in zip(self.sections, state.sections, strict=True):
            shut = section.status == "withheld" or section.is_read_only
            folded = shut or (section.can_fold and section.number != state.section and not self._is_wide)
            card.show_section(section, folded=folded)

    def _follow(self, state: RegistrationState) -> None:
        """The keyboard goes where the state asks."""
        if state.phase != self._phase:
            before, self._phase = self._phase, state.phase
            self.hints_changed.emit()
            if state.phase == "filed":
                self.status_changed.emit()
            if self.isVisible() and before != "" and state.phase in ("filed", "none"):
                first = self.first_focus()
                if first is not None:
                    first.setFocus(Qt.FocusReason.OtherFocusReason)
        if state.focus_serial != self._serial:
            self._serial = state.focus_serial
            target = self.editor(state.focus) if state.focus else None
            if target is not None and self.isVisible():
                target.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.model.needs_saving and not self._save.isActive():
            self._save.start()
        self.hints_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Two columns where there is room, and nothing folds there."""
        super().resizeEvent(event)
        wide = self.width() >= WIDE_FROM
        self.side.setFixedWidth(current().px(372 if wide else 316))
        if wide == self._is_wide:
            return
        self._is_wide = wide
        target = self._right if wide else self._left
        for place, card in enumerate(self.sections[3:]):
            self._left.removeWidget(card)
            self._right.removeWidget(card)
            target.insertWidget(place if wide else 3 + place, card)
        if wide:
            self._right.addStretch(1)
        self._both.setStretch(1, 1 if wide else 0)
        self.render_state(self.model.state)
