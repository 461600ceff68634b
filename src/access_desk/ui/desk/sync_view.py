"""Sync: what is not yet at central, the last contact, and what could not be shown here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from access_desk.presentation.sync_status import FacilityLine, SyncPageModel, SyncPageState
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Figures, PageHeader, row
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.pages import KeyHint, Page

_ASIDE = (Column("Desk", 260), Column("Event", 90, right=True), Column("Kind", 240), Column("Why"))


# With Alt.
_FETCH = 2
_FACILITIES = (Column("Facility", 300), Column("Not yet at central", 150), Column("Last contact", 160), Column("State"))


def _row(one: FacilityLine) -> Row:
    icon, tone = ("cloud-check", "balanced") if one.is_well else ("cloud-off", "attention")
    state = Cell(one.state, icon=icon, tone=tone)
    name = f"{one.name}, open here now" if one.is_here else one.name
    return Row(one.facility_id, (Cell(name, bold=one.is_here), Cell(one.waiting), Cell(one.contact), state))


class SyncView(Page):
    """The desk and its central."""

    page_id, title, rail = "sync", "Sync", "sync"

    def __init__(self, model: SyncPageModel) -> None:
        super().__init__()
        self.model = model
        self._again = KeyButton("Try now", "F12", name="syncNow", kind="primary", icon_name="refresh-cw", on_press=self.primary)
        self._fetch = KeyButton("Fetch older payments", "Alt 2", name="syncFetch", on_press=self.model.fetch_details)
        about = "What is recorded is saved on this computer first, and never waits for the network."
        self.layout_.addWidget(PageHeader(self.title, about=about, right=[self._fetch, self._again]))
        self._state = Band(name="syncState")
        self._notice = Band(tone="info", name="syncNotice")
        self.layout_.addWidget(self._state)
        self.layout_.addWidget(self._notice)
        facts = Card("This desk", name="syncFacts")
        self._facts = Figures(name="syncFigures")
        facts.body.addWidget(self._facts)
        self.layout_.addWidget(facts)
        self._served = Card("Facilities of this desk", name="syncFacilities").tight()
        self.facilities = Table(_FACILITIES, name="syncFacilityTable", label="Facilities of this desk")
        self._served.body.addWidget(self.facilities)
        self.layout_.addWidget(self._served)
        self.layout_.addWidget(self._joining())
        self._aside = Card("Stored here and not shown", name="syncAside").tight()
        why = PlainLabel(
            "They come from a newer version of the program and are taken up when this one is upgraded.", tone="secondary"
        )
        why.setContentsMargins(14, 8, 14, 8)
        self.aside = Table(_ASIDE, name="syncAsideTable", label="Events that are stored and not shown")
        self._aside.body.addWidget(why)
        self._aside.body.addWidget(self.aside)
        self.layout_.addWidget(self._aside, 1)
        self.layout_.addStretch(0)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _joining(self) -> Card:
        self._join = Card("Serve a further facility", name="syncJoin")
        self.code = LineEdit(name="syncCode", label="Enrollment code of the facility")
        self._act = KeyButton("Join", "Alt 1", name="syncJoinGo", on_press=self._join_now)
        self._problem = Band(tone="short", name="syncJoinProblem")
        line = row(Field("Enrollment code of the facility", self.code, hint="Whoever runs central prints one"), spacing=8)
        line.addWidget(self._act)
        line.setAlignment(self._act, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self._join.body.addLayout(line)
        self._join.body.addWidget(self._problem)
        return self._join

    def _join_now(self) -> None:
        self.model.join(self.code.text())

    def alt(self, number: int) -> bool:
        """Alt 1: join a further facility; Alt 2: fetch what was let go of other desks' payments."""
        if number == _FETCH and self._fetch.isVisible():
            self.model.fetch_details()
            return True
        if number != 1 or not self._join.isVisible():
            return False
        if self.code.text().strip():
            self._join_now()
        else:
            self.code.setFocus()
        return True

    def entered(self, argument: object) -> None:
        """Look again each time."""
        del argument
        self.model.refresh()

    def refresh(self) -> None:
        """F5."""
        self.model.refresh()

    def primary(self) -> None:
        """F12: a round now."""
        self.model.try_now()

    def panes(self) -> Sequence[QWidget]:
        """The button, and what was set aside."""
        return [pane for pane in (self._again, self._fetch, self.facilities, self.code, self.aside) if pane.isVisible()]

    def first_focus(self) -> QWidget | None:
        """The button."""
        return self._again if self._again.isVisible() else None

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (
            (KeyHint("F12", "Try now"), KeyHint("F5", "Look again"))
            if self.model.state.is_enrolled
            else (KeyHint("F5", "Look again"),)
        )

    def render_state(self, state: SyncPageState) -> None:
        """Paint it."""
        self._again.setVisible(state.is_enrolled)
        self._fetch.setVisible(state.may_fetch)
        self._again.set_busy(state.is_running)
        self._state.say(state.headline, state.detail, state.tone)
        self._notice.say(state.notice, "", "info")
        self._facts.show_lines(list(state.facts))
        self._served.setVisible(bool(state.facilities))
        self.facilities.show_rows([_row(one) for one in state.facilities])
        self._join.setVisible(state.may_join)
        self._act.set_busy(state.is_joining)
        self._problem.say(state.problem, "", "short")
        self._aside.setVisible(bool(state.set_aside))
        self.aside.show_rows(
            [
                Row(f"{one.desk_id}/{one.seq}", [Cell(one.desk_id), Cell(str(one.seq)), Cell(one.kind), Cell(one.reason)])
                for one in state.set_aside
            ]
        )
        self.hints_changed.emit()
