"""A page that is a list: what is listed at the left, what is chosen of it at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtWidgets import QWidget

from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, PageHeader, row
from access_desk.ui.kit.fields import LineEdit
from access_desk.ui.kit.table import Table
from access_desk.ui.pages import Page


class Looked(Protocol):
    """A view-model that looks again when it is asked to."""

    def refresh(self) -> object:
        """Look again."""
        ...


class ListPage(Page):
    """Looks again whenever it is shown, and when other desks' records come; says when there is nothing to list."""

    follows_others = True

    def __init__(self, looked: Looked, name: str, about: str, nothing: tuple[str, str]) -> None:
        super().__init__()
        self._looked = looked
        self._notice = Band(tone="balanced", name=f"{name}Notice")
        self._none = Band(*nothing, name=f"{name}None")
        self._problem = Band(tone="short", name=f"{name}Problem")
        self._body = QWidget()
        self._header = PageHeader(self.title, about=about)
        for part in (self._header, self._notice, self._none):
            self.layout_.addWidget(part)

    def lay_out(self, table: Table, listed: Card, side: QWidget, *, above: Sequence[QWidget] = ()) -> None:
        """Put the list in its card, with ``side`` beside it and what stands ``above`` both."""
        listed.body.addWidget(table)
        body = row()
        body.addWidget(listed, 1)
        body.addWidget(side)
        self._body.setLayout(body)
        for part in above:
            self.layout_.addWidget(part)
        self.layout_.addWidget(self._body, 1)
        self.layout_.addStretch(0)

    def entered(self, argument: object) -> None:
        """Look again each time."""
        del argument
        self._looked.refresh()

    def refresh(self) -> None:
        """F5."""
        self._looked.refresh()

    def show_list(self, notice: str, *, is_empty: bool, is_loaded: bool = True) -> None:
        """What was done, and the list unless it is empty."""
        self._notice.say(notice, "", "balanced")
        self._none.setVisible(is_loaded and is_empty)
        self._body.setVisible(not is_empty)

    def show_act(self, act: KeyButton, problem: str, *, busy: bool, blocked: str = "") -> None:
        """How what is done with the chosen line stands."""
        self._problem.say(problem, "", "short")
        act.set_busy(busy)
        act.set_blocked(blocked)

    def empty(self, *editors: LineEdit) -> None:
        """What was typed is recorded."""
        for editor in editors:
            editor.show_text("")
