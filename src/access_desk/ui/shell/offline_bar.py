"""The bar under the strip while central cannot be reached: since when, what goes on working, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import row
from access_desk.ui.kit.labels import PlainLabel


class OfflineBar(QFrame):
    """Hidden until there is something to say. ``again`` asks for a round now, ``details`` shows what is kept here."""

    def __init__(self, again: Callable[[], object], details: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("offlineBar")
        self.setProperty("band", "attention")
        self._head = PlainLabel("", weight=600)
        self._text = PlainLabel("", elide=True)
        self._again = KeyButton("Try now", name="offlineAgain", small=True, icon_name="refresh-cw", on_press=again)
        self._details = KeyButton("What is kept here", name="offlineDetails", small=True, on_press=details)
        line = row(self._head, spacing=8, margins=(16, 6, 16, 6))
        line.addWidget(self._text, 1)
        line.addWidget(self._again)
        line.addWidget(self._details)
        self.setLayout(line)
        self.hide()

    def say(self, head: str, text: str, kept: int) -> None:
        """Say it; blank hides the bar."""
        self._head.say(head)
        self._text.say(text)
        self._details.say(f"What is kept here, {kept}")
        self.setAccessibleName(f"{head} {text}")
        self.setVisible(bool(head))
