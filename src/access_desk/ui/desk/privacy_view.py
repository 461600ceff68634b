"""Privacy: flags of a record, opening a protected one, disclosures, who opened it, and openings to review."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from access_desk.presentation.papers_registration import DISCLOSURES
from access_desk.presentation.privacy import FLAGS, REASONS, VERDICT_WORDS, PrivacyModel, PrivacyPageState
from access_desk.ui.desk.privacy_dialogs import ask_disclosure, ask_flag, ask_review
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, PageHeader, column, row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import CheckRow, Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint, Page

_TOLD = (Column("Day", 100), Column("To whom"), Column("What"), Column("For what"))
_SEEN = (Column("When", 170), Column("Who", 180), Column("Why"))
_REVIEWS = (Column("When", 170), Column("Who", 160), Column("Record", 130), Column("Why"), Column("State", 110))
_DIALOGS = {"flag": ask_flag, "disclose": ask_disclosure, "review": ask_review}


class PrivacyView(Page):
    """Who may see a record, and who saw it."""

    page_id, title, rail = "privacy", "Privacy", "privacy"

    def __init__(self, model: PrivacyModel) -> None:
        super().__init__()
        self.model = model
        self._dialog: Dialog | None = None
        self._waits = False
        self._notice = Band(tone="info", name="privacyNotice")
        self.layout_.addWidget(PageHeader(self.title, about="Every opening of a record is kept, with who and why."))
        self.layout_.addWidget(self._notice)
        left = QWidget()
        left.setLayout(column(self._record_card(), 1))
        left.setFixedWidth(current().px(420))
        self._lists = QWidget()
        self._lists.setLayout(column(self._told_card(), self._seen_card(), self._review_card()))
        right = column(self._closed_card(), self._lists)
        right.addStretch(0)
        body = row(left)
        body.addLayout(right, 1)
        self.layout_.addLayout(body, 1)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _record_card(self) -> Card:
        card = Card("Record", name="privacyRecord")
        self.mrn = LineEdit(name="privacyMrn", label="MRN")
        self.mrn.returnPressed.connect(lambda: self.model.find(self.mrn.text()))
        show = KeyButton("Show", "Enter", name="privacyShow", on_press=lambda: self.model.find(self.mrn.text()))
        # A name may end in an ellipsis, the number never does.
        self._who = PlainLabel("", style="section", elide=True)
        self._number = PlainLabel("", weight=600)
        self._standing = PlainLabel("", tone="secondary")
        self._standing.setWordWrap(True)
        self._directory = Band(tone="info", name="privacyDirectory", icon="info")
        self._flags: dict[str, CheckRow] = {}
        self._flag_rows: list[QWidget] = []
        field = row(spacing=8)
        field.addWidget(Field("MRN", self.mrn), 1)
        field.addWidget(show, 0, Qt.AlignmentFlag.AlignBottom)
        card.body.addLayout(field)
        card.body.addWidget(self._who)
        card.body.addWidget(self._number)
        card.body.addWidget(self._standing)
        for flag, title, about in FLAGS:
            tick = CheckRow(title, name=f"privacyFlag_{flag}")
            tick.setToolTip(about)
            tick.setAccessibleDescription(about)
            tick.clicked.connect(partial(self._turn, flag))
            self._flags[flag] = tick
            said = PlainLabel(about, style="caption", tone="muted")
            said.setContentsMargins(30, 0, 0, 0)
            part = QWidget()
            part.setLayout(column(tick, said, spacing=0))
            self._flag_rows.append(part)
            card.body.addWidget(part)
        card.body.addWidget(self._directory)
        self.open_record = KeyButton("Open this record", "F12", name="privacyUse", kind="primary", on_press=self.primary)
        card.body.addWidget(self.open_record)
        return card

    def _closed_card(self) -> Card:
        self._closed = Card("This record is protected", name="privacyClosed")
        self._closed.setSizePolicy(self._closed.sizePolicy().Policy.Preferred, self._closed.sizePolicy().Policy.Maximum)
        self.reason = Combo(name="privacyReason", label="Why you need it", choices=REASONS)
        self.words = LineEdit(name="privacyWords", label="In your own words")
        about = PlainLabel(
            "It opens for a while, for reading. Your name, the time and the reason are reviewed.", tone="secondary"
        )
        about.setWordWrap(True)
        self.breaks = KeyButton("Open it for this reason", "F12", name="privacyBreak", kind="primary", on_press=self.primary)
        for part in (about, Field("Why you need it", self.reason), Field("In your own words", self.words), self.breaks):
            self._closed.body.addWidget(part)
        return self._closed

    def _told_card(self) -> Card:
        add = KeyButton("Add…", "Alt 6", name="privacyDisclose", small=True, on_press=self.model.ask_disclosure)
        paper = KeyButton("Print", "Ctrl P", name="privacyPrint", small=True, icon_name="printer", on_press=self.print_requested)
        both = QWidget()
        both.setLayout(row(paper, add, spacing=8))
        self._told = Card("Disclosures of six years", name="privacyTold", aside=both).tight()
        self.disclosures = Table(_TOLD, name="privacyDisclosures", label="Disclosures")
        self._untold = PlainLabel("Nothing was disclosed in six years that has to be accounted for.", tone="secondary")
        self._untold.setContentsMargins(14, 12, 14, 12)
        self._told.body.addWidget(self.disclosures)
        self._told.body.addWidget(self._untold)
        return self._told

    def _seen_card(self) -> Card:
        self._seen = Card("Who opened it", name="privacySeen").tight()
        self.views = Table(_SEEN, name="privacyViews", label="Who opened the record")
        self._seen.body.addWidget(self.views)
        return self._seen

    def _review_card(self) -> Card:
        self._reviews = Card("Openings to review: Enter judges one", name="privacyReviews").tight()
        self.reviews = Table(_REVIEWS, name="privacyReviewTable", label="Openings of protected records")
        self.reviews.opened.connect(lambda key: self.model.ask_review(str(key)))
        self._reviews.body.addWidget(self.reviews)
        return self._reviews

    def entered(self, argument: object) -> None:
        """Come with a patient's id, or with none."""
        if isinstance(argument, str) and argument:
            self.mrn.show_text("")
            self._waits = True
            self.model.open(argument)
        else:
            self.model.refresh()

    def refresh(self) -> None:
        """F5."""
        self.model.refresh()

    def primary(self) -> None:
        """F12: give the reason, or open the record."""
        if self.model.state.is_closed:
            self.model.break_glass(str(self.reason.value()), self.words.text())
        else:
            self.model.use()

    def print_requested(self) -> None:
        """Ctrl P: look at the accounting of disclosures; F12 prints it there."""
        state = self.model.state
        if state.patient is None or state.is_closed:
            self.told.emit("Show a record first: its accounting of disclosures is what is printed.", "attention")
            return
        self.go.emit("preview", (DISCLOSURES, state.patient.patient_id))

    def alt(self, number: int) -> bool:
        """Alt 1 to 5 turn a flag, Alt 6 adds a disclosure."""
        if 1 <= number <= len(FLAGS):
            self.model.turn(FLAGS[number - 1][0])
        elif number == len(FLAGS) + 1:
            self.model.ask_disclosure()
        else:
            return False
        return True

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows names."""
        self.model.hide_names(hidden=hidden)

    def panes(self) -> Sequence[QWidget]:
        """The record, its lists, what is to review."""
        return [pane for pane in (self.mrn, self.reason, self.disclosures, self.views, self.reviews) if pane.isVisible()]

    def first_focus(self) -> QWidget | None:
        """What has to be said, or the number."""
        return self.reason if self.model.state.is_closed else self.mrn

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        first = "Open for this reason" if self.model.state.is_closed else "Open this record"
        hints = [
            KeyHint("F12", first),
            KeyHint("Alt 1–5", "Flags"),
            KeyHint("Alt 6", "Add a disclosure"),
            KeyHint("Ctrl P", "Print disclosures"),
            KeyHint("F6", "Next pane"),
        ]
        return (*hints, KeyHint("Enter", "Review")) if self.model.state.may_review else tuple(hints)

    def _turn(self, flag: str) -> None:
        # What is ticked is what is recorded: the click alone changes nothing.
        self._flags[flag].show_ticked(flag in self.model.state.flags)
        self.model.turn(flag)

    def render_state(self, state: PrivacyPageState) -> None:
        """Paint it."""
        known, closed = state.patient is not None, state.is_closed
        just_opened = self.words.hasFocus() and known and not closed
        self._notice.say("" if state.asks else state.notice, "", "info")
        self._who.say(state.who if state.patient else "Type a number, or come from Find with Shift F2.")
        self._number.say(f"MRN {state.number}" if state.patient else "")
        self._number.setVisible(bool(state.patient))
        self._standing.say(state.standing)
        self._directory.say("Somebody asks by name?" if known else "", state.directory)
        for flag, tick in self._flags.items():
            tick.show_ticked(flag in state.flags)
        for part in self._flag_rows:
            part.setVisible(known)
        self.open_record.setVisible(known and not closed)
        self._closed.setVisible(closed)
        self.breaks.set_busy(state.busy)
        for card in (self._told, self._seen):
            card.setVisible(known and not closed)
        self._reviews.setVisible(state.may_review)
        self.disclosures.show_rows([Row(str(at), [Cell(text) for text in line]) for at, line in enumerate(state.disclosures)])
        self.disclosures.setVisible(bool(state.disclosures))
        self._untold.setVisible(not state.disclosures)
        self.views.show_rows([Row(str(at), [Cell(text) for text in line]) for at, line in enumerate(state.views)])
        self.reviews.show_rows(
            [
                Row(
                    one.glass_id,
                    [
                        Cell(one.when),
                        Cell(one.who),
                        Cell(one.record),
                        Cell(one.why),
                        Cell(VERDICT_WORDS[one.verdict], bold=not one.verdict),
                    ],
                    muted=bool(one.verdict),
                )
                for one in state.reviews
            ]
        )
        if known and self._waits and self.isVisible():
            self._waits = False
            (self.reason if closed else self.mrn).setFocus()
        if just_opened:
            self.words.show_text("")
            self.open_record.setFocus()
        self._show_question(state)
        self.hints_changed.emit()

    def _show_question(self, state: PrivacyPageState) -> None:
        if state.asks and self._dialog is None:
            self._dialog = _DIALOGS[state.asks](self.window(), self.model)
            self._dialog.closed.connect(self._closed_question)
        if self._dialog is not None:
            self._dialog.show_problem(state.notice)
            if not state.asks:
                self._dialog.close_dialog()

    def _closed_question(self) -> None:
        self._dialog = None
        if self.model.state.asks:
            self.model.leave_it()
