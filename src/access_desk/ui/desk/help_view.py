"""Help (F1): the keyboard map, and the desk's rules in a clerk's words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from access_desk.presentation.help import HELP_TOPICS, KEYS
from access_desk.ui.kit.cards import Card, PageHeader, Scroller, column, row
from access_desk.ui.kit.labels import KeyCap, PlainLabel
from access_desk.ui.pages import KeyHint, Page


class HelpView(Page):
    """The keyboard map above, short answers below."""

    page_id, title, rail = "help", "Help", "help"

    def __init__(self) -> None:
        super().__init__()
        self.layout_.addWidget(PageHeader("Help", about="Every key, and how the desk's rules work."))
        maps = row()
        for title, keys in KEYS:
            maps.addWidget(_key_card(title, keys), 1)
        answers = QGridLayout()
        answers.setSpacing(12)
        self._cards: dict[str, Card] = {}
        for number, topic in enumerate(HELP_TOPICS):
            card = Card(topic.title, name=f"help_{topic.name}")
            text = PlainLabel(topic.text, tone="secondary")
            text.setWordWrap(True)
            card.body.addWidget(text)
            card.body.addStretch(1)
            self._cards[topic.name] = card
            answers.addWidget(card, number // 2, number % 2)
        content = QWidget()
        content.setLayout(column(maps, answers, 1))
        self._scroller = Scroller(content)
        self.layout_.addWidget(self._scroller, 1)

    def entered(self, argument: object) -> None:
        """Come to an answer, or to the keys."""
        card = self._cards.get(str(argument))
        if card is not None:
            self._scroller.ensureWidgetVisible(card)
        else:
            self._scroller.verticalScrollBar().setValue(0)

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (KeyHint("Esc", "Back"), KeyHint("Ctrl K", "Go to or do"))


def _key_card(title: str, keys: Sequence[tuple[str, str]]) -> Card:
    card = Card(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(1, 1)
    for number, (key, does) in enumerate(keys):
        line = row(KeyCap(key), 1)
        grid.addLayout(line, number, 0)
        grid.addWidget(PlainLabel(does), number, 1)
    card.body.addLayout(grid)
    card.body.addStretch(1)
    return card
