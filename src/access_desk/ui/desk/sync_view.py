"""Sync: what is not yet at central, the last contact, and what could not be shown here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from access_desk.presentation.sync_status import SyncPageModel, SyncPageState
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Figures, PageHeader
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.pages import KeyHint, Page

_ASIDE = (Column("Desk", 260), Column("Event", 90, right=True), Column("Kind", 240), Column("Why"))


class SyncView(Page):
    """The desk and its central."""

    page_id, title, rail = "sync", "Sync", "sync"

    def __init__(self, model: SyncPageModel) -> None:
        super().__init__()
        self.model = model
        self._again = KeyButton("Try now", "F12", name="syncNow", kind="primary", icon_name="refresh-cw", on_press=self.primary)
        about = "What is recorded is saved on this computer first, and never waits for the network."
        self.layout_.addWidget(PageHeader(self.title, about=about, right=[self._again]))
        self._state = Band(name="syncState")
        self._notice = Band(tone="info", name="syncNotice")
        self.layout_.addWidget(self._state)
        self.layout_.addWidget(self._notice)
        facts = Card("This desk", name="syncFacts")
        self._facts = Figures(name="syncFigures")
        facts.body.addWidget(self._facts)
        self.layout_.addWidget(facts)
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
        return [pane for pane in (self._again, self.aside) if pane.isVisible()]

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
        self._again.set_busy(state.is_running)
        self._state.say(state.headline, state.detail, state.tone)
        self._notice.say(state.notice, "", "info")
        self._facts.show_lines(list(state.facts))
        self._aside.setVisible(bool(state.set_aside))
        self.aside.show_rows(
            [
                Row(f"{one.desk_id}/{one.seq}", [Cell(one.desk_id), Cell(str(one.seq)), Cell(one.kind), Cell(one.reason)])
                for one in state.set_aside
            ]
        )
        self.hints_changed.emit()
