"""Emergency: the quick arrival form at the left, the central log at the right. Nothing about money is on this page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from access_desk.presentation.emergency import KNOWN, UNIDENTIFIED, EmergencyModel, EmergencyState
from access_desk.presentation.registration_fields import SEX_CHOICES
from access_desk.ui.desk.emergency_dialogs import EmergencyDialogs
from access_desk.ui.kit.buttons import KeyButton, SegmentedControl
from access_desk.ui.kit.cards import Band, Card, PageHeader, row
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.pages import KeyHint, Page

_LOG = (
    Column("Arrived", 96),
    Column("Person"),
    Column("Complaint", 136),
    Column("Screening exam", 178),
    Column("Became", 196),
)
_CANDIDATES = (Column("On file already?"), Column("Born", 96), Column("MRN", 92))
_WHO = ((KNOWN, "Known", "Alt 1", ""), (UNIDENTIFIED, "Unidentified", "Alt 2", ""))


class EmergencyView(Page):
    """Care comes first."""

    page_id, title, rail = "emergency", "Emergency", "today"

    def __init__(self, model: EmergencyModel) -> None:
        super().__init__()
        self.model = model
        self._fields: dict[str, Field] = {}
        self._edits: dict[str, LineEdit] = {}
        self._registered = 0
        about = "Identity, complaint and arrival only. Coverage and payment wait for the screening exam."
        self.layout_.addWidget(PageHeader(self.title, about=about))
        self._report = Band(name="emergencyReport")
        self.layout_.addWidget(self._report)
        self.log = Table(_LOG, name="emergencyLog", label="Central log", two_line=True)
        self.log.chosen.connect(lambda key: model.select(str(key)))
        self.log.opened.connect(lambda _: model.ask_for("exam"))
        left = self._arrival()
        left.setFixedWidth(356)
        self.layout_.addLayout(row(left, self._central_log()), 1)
        self._dialogs = EmergencyDialogs(self, model)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _edit(self, name: str, label: str, *, optional: bool = False, hint: str = "") -> Field:
        edit = LineEdit(name=f"emergency_{name}", label=label)
        edit.typed.connect(lambda text: self.model.type(name, str(text)))
        self._edits[name] = edit
        self._fields[name] = Field(label, edit, optional=optional, hint=hint)
        return self._fields[name]

    def _arrival(self) -> Card:
        card = Card("Arrival", name="emergencyArrival")
        self._who = SegmentedControl(_WHO, name="emergencyWho")
        self._who.chosen.connect(lambda who: self.model.choose(str(who)))
        self._problem = Band(tone="short", name="emergencyProblem")
        self._notice = Band(tone="balanced", name="emergencyNotice")
        self._sex = Combo(name="emergency_sex", label="Sex", choices=SEX_CHOICES)
        self._sex.chosen.connect(lambda value: self.model.type("sex", str(value)))
        self._candidates = Table(_CANDIDATES, name="emergencyCandidates", label="Records like this person")
        self._candidates.setFixedHeight(118)
        self._candidates.opened.connect(lambda key: self.model.use(str(key)))
        self._none = KeyButton("None of these…", "Alt 7", name="emergencyNone", small=True, on_press=lambda: self._ask("despite"))
        self._register = KeyButton(
            "Register arrival", "F12", name="emergencyRegister", kind="primary", on_press=self.model.register
        )
        parts: list[QWidget] = [self._problem, self._notice, self._who]
        for part in parts:
            card.body.addWidget(part)
        card.body.addLayout(row(self._edit("family", "Last name"), self._edit("given", "First name")))
        identifier = self._edit("identifier", "Birth date or one identifier", optional=True)
        card.body.addLayout(row(identifier, Field("Sex", self._sex)))
        card.body.addWidget(self._edit("age", "Estimated age", optional=True, hint="35 or 30-40"))
        card.body.addWidget(self._edit("complaint", "Complaint"))
        card.body.addLayout(row(self._edit("on", "Arrived on"), self._edit("at", "At")))
        contact = self._edit("contact", "Emergency contact", optional=True)
        card.body.addLayout(row(contact, self._edit("contact_phone", "Phone", optional=True)))
        card.body.addWidget(self._candidates)
        card.body.addLayout(row(self._none, 1, self._register))
        card.body.addStretch(1)
        return card

    def _central_log(self) -> Card:
        self._day = PlainLabel("", weight=600)
        earlier = KeyButton("Day before", "Alt 8", name="emergencyEarlier", small=True, on_press=lambda: self.model.move_day(-1))
        later = KeyButton("Day after", "Alt 9", name="emergencyLater", small=True, on_press=lambda: self.model.move_day(1))
        card = Card("Central log", name="emergencyCentralLog").tight()
        card.body.addLayout(row(self._day, 1, earlier, later, margins=(12, 6, 12, 6)))
        card.body.addWidget(self.log, 1)
        exam = KeyButton("Exam…", "Alt 3", name="emergencyExam", on_press=lambda: self._ask("exam"))
        stable = KeyButton("Stabilized…", "Alt 4", name="emergencyStabilized", on_press=lambda: self._ask("stabilized"))
        ended = KeyButton("What became…", "Alt 5", name="emergencyEnd", on_press=lambda: self._ask("end"))
        known = KeyButton("Identify…", "Alt 6", name="emergencyIdentify", on_press=lambda: self._ask("identify"))
        card.body.addLayout(row(exam, stable, ended, known, 1, margins=(12, 0, 12, 10)))
        return card

    def _ask(self, what: str) -> None:
        self.model.ask_for(what)

    def entered(self, argument: object) -> None:
        """Look again each time; the arrival is now."""
        del argument
        self.model.opened()

    def refresh(self) -> None:
        """F5."""
        self.model.refresh()

    def primary(self) -> None:
        """F12: register the arrival."""
        self._register.press()

    def alt(self, number: int) -> bool:
        """Alt 1 and 2 say who, 3 to 6 record of the chosen arrival, 7 makes a record despite a match, 8 and 9 the day."""
        if number <= 2:  # noqa: PLR2004 - the numbered parts of the page
            self.model.choose(KNOWN if number == 1 else UNIDENTIFIED)
        elif number == 7:  # noqa: PLR2004
            if self.model.state.candidates:
                self._ask("despite")
        elif number >= 8:  # noqa: PLR2004
            self.model.move_day(-1 if number == 8 else 1)  # noqa: PLR2004
        else:
            self._ask(("exam", "stabilized", "end", "identify")[number - 3])
        return True

    def panes(self) -> Sequence[QWidget]:
        """The form and the log."""
        return [self._edits["complaint"] if self.model.state.who == UNIDENTIFIED else self._edits["family"], self.log]

    def first_focus(self) -> QWidget | None:
        """The first field."""
        return self.panes()[0]

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows names."""
        self.model.hide_names(hidden=hidden)

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (
            KeyHint("F12", "Register arrival"),
            KeyHint("Alt 1 2", "Known or not"),
            KeyHint("F6", "Log"),
            KeyHint("Alt 3", "Exam"),
            KeyHint("Alt 5", "What became"),
        )

    def render_state(self, state: EmergencyState) -> None:
        """Paint it."""
        nobody = state.who == UNIDENTIFIED
        self._who.show_choice(state.who)
        self._report.say(state.report, "", state.report_tone or "info")
        self._problem.say("" if state.asks else state.problem, "", "short")
        self._notice.say(state.notice, "", "balanced")
        for name, edit in self._edits.items():
            edit.show_text(state.values.get(name, ""))
            self._fields[name].show_problem(state.errors.get(name, ""))
        for name in ("family", "given", "identifier"):
            self._fields[name].setVisible(not nobody)
        self._fields["age"].setVisible(nobody)
        self._sex.show_value(state.values.get("sex", "unknown"))
        like = [Row(one.patient_id, [Cell(one.name), Cell(one.born), Cell(one.mrn)]) for one in state.candidates]
        self._candidates.show_rows(like)
        self._candidates.setVisible(bool(like))
        self._none.setVisible(bool(like))
        self._register.set_busy(state.busy)
        self._register.set_blocked("Choose the record that is this person's, or none of these." if like else "")
        self._day.say(_count_text(state))
        self.log.show_rows(
            [
                Row(
                    one.visit_id,
                    [
                        Cell(one.arrived, one.late, tone="attention" if one.late else "", bold=True),
                        Cell(one.name, one.number, icon="circle-help" if one.unidentified else ""),
                        Cell(one.complaint),
                        Cell(one.state, one.detail, tone=one.tone),
                        Cell(one.became, one.became_at),
                    ],
                    muted=not one.is_open,
                    spoken=one.spoken,
                )
                for one in state.rows
            ]
        )
        if state.selected:
            self.log.choose(state.selected)
        self._dialogs.show_state(state)
        if state.registered != self._registered:
            self._registered = state.registered
            if self.isVisible():
                self._edits["family"].setFocus(Qt.FocusReason.OtherFocusReason)


def _count_text(state: EmergencyState) -> str:
    count = len(state.rows)
    return f"{state.day_text}, {count} arrival{'' if count == 1 else 's'}" if state.day_text else ""
