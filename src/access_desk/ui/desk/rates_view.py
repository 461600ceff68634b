"""Rates: of the patient index and of registrations, for a period, by person and by rule."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from access_desk.presentation.rates import PERIODS, PersonLine, RatesModel, RatesState, RuleLine, Tile, share_of, shown_rate
from access_desk.ui.kit.bars import ShareBar
from access_desk.ui.kit.buttons import KeyButton, SegmentedControl
from access_desk.ui.kit.cards import Band, Card, PageHeader, column, row
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint, Page

TILES, TILE_HEIGHT = 5, 150
_PEOPLE = (
    Column("Registrar"),
    Column("Registered", 86, right=True),
    Column("Errors", 60, right=True),
    Column("Error rate", 86, right=True),
    Column("Accuracy", 86, right=True),
    Column("Put right", 76, right=True),
    Column("Duplicates", 86, right=True),
)
_RULES = (Column("Rule that failed"), Column("", 96, sorts=False), Column("Times", 84, right=True))


class RatesView(Page):
    """For leads and supervisors."""

    page_id, title, rail = "rates", "Rates", "duplicates"

    def __init__(self, model: RatesModel) -> None:
        super().__init__()
        self.model = model
        self._refusal = Band(tone="attention", name="ratesRefusal")
        self._notice = Band(tone="attention", name="ratesNotice")
        about = "How many records people get, and how well they are registered."
        for part in (PageHeader(self.title, about=about), self._refusal, self._notice):
            self.layout_.addWidget(part)
        self._tiles = [_TileCard(number) for number in range(1, TILES + 1)]
        self.people = Table(_PEOPLE, name="ratesPeople", label="Registrations by person")
        self.people.chosen.connect(lambda key: model.select(str(key)))
        self.rules = Table(_RULES, name="ratesRules", label="Rules that failed")
        by_person = Card("By person", name="ratesByPerson").tight()
        by_person.body.addWidget(self.people)
        self._by_rule = Card("By rule", name="ratesByRule").tight()
        self._by_rule.body.addWidget(self.rules)
        tables = row(spacing=12)
        tables.addWidget(by_person, 13)
        tables.addWidget(self._by_rule, 11)
        self._body = QWidget()
        tiles = row(spacing=12)
        for tile in self._tiles:
            tiles.addWidget(tile, 1)
        body = column(self._period(), tiles)
        body.addLayout(tables, 1)
        self._sources = PlainLabel("", style="caption", tone="muted")
        self._sources.setWordWrap(True)
        body.addWidget(self._sources)
        self._body.setLayout(body)
        self.layout_.addWidget(self._body, 1)
        self._gap = QWidget()
        self.layout_.addWidget(self._gap, 1)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _period(self) -> Card:
        choices = [(value, text, f"Alt {number}", "") for number, (value, text) in enumerate(PERIODS, 1)]
        self._periods = SegmentedControl(choices, name="ratesPeriod")
        self._periods.chosen.connect(lambda value: self.model.choose(str(value)))
        self._days = {name: LineEdit(name=f"rates_{name}", label=label) for name, label in (("first", "From"), ("last", "To"))}
        self._fields = {}
        for (name, editor), label in zip(self._days.items(), ("From", "To"), strict=True):
            editor.typed.connect(lambda text, name=name: self.model.type(name, str(text)))
            self._fields[name] = Field(label, editor)
            self._fields[name].setMaximumWidth(170)
        self._look = KeyButton("Show", "F12", name="ratesShow", kind="primary", on_press=self.primary)
        card = Card(name="ratesWhich")
        card.setSizePolicy(card.sizePolicy().Policy.Preferred, card.sizePolicy().Policy.Maximum)
        line = row(spacing=12)
        for part in (self._periods, *self._fields.values(), self._look):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def entered(self, argument: object) -> None:
        """Look again each time."""
        del argument
        self.model.open()

    def refresh(self) -> None:
        """F5."""
        self.model.open()

    def primary(self) -> None:
        """F12: the period as typed."""
        self.model.look()

    def alt(self, number: int) -> bool:
        """Alt 1 to 4: a usual period."""
        if not 1 <= number <= len(PERIODS) or self.model.state.refusal:
            return False
        self._periods.choose(PERIODS[number - 1][0])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter in the last day looks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and QApplication.focusWidget() is self._days["last"]:
            self.model.look()
            return
        super().keyPressEvent(event)

    def panes(self) -> Sequence[QWidget]:
        """The period, the people, the rules."""
        return () if self.model.state.refusal else (self._days["first"], self.people, self.rules)

    def first_focus(self) -> QWidget | None:
        """The people."""
        return None if self.model.state.refusal else self.people

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (
            KeyHint("Alt 1–4", "Period"),
            KeyHint("F12", "Show the typed period"),
            KeyHint("↑ ↓", "Whose rules are shown"),
            KeyHint("F6", "Next pane"),
            KeyHint("Esc", "Back"),
        )

    def render_state(self, state: RatesState) -> None:
        """Paint it."""
        self._refusal.say(state.refusal, "", "attention")
        self._notice.say(state.notice, "", "attention")
        self._body.setVisible(not state.refusal)
        self._gap.setVisible(bool(state.refusal))
        if state.period:
            self._periods.show_choice(state.period)
        else:
            self._periods.show_none()
        for name, text in (("first", state.first), ("last", state.last)):
            self._days[name].show_text(text)
            self._fields[name].show_problem(state.errors.get(name, ""))
        self._look.set_busy(state.busy)
        for card, tile in zip(self._tiles, state.tiles, strict=False):
            card.show_tile(tile)
        self._sources.say(" ".join(f"{tile.name}: {tile.source}" for tile in state.tiles))
        self.people.show_rows([_person(one) for one in state.people])
        if state.people:
            self.people.choose(state.person)
        whose = next((one.name for one in state.people if one.person_id == state.person), "")
        self._by_rule.caption.say(whose)
        self.rules.show_rows([_rule(one) for one in state.rules])


class _TileCard(Card):
    def __init__(self, number: int) -> None:
        super().__init__(name=f"ratesTile{number}")
        self.setFixedHeight(current().px(TILE_HEIGHT))
        self._name = PlainLabel("", weight=600, elide=True)
        self._figure = PlainLabel("", style="money")
        self._bar = ShareBar(name=f"ratesBar{number}")
        self._made_of = PlainLabel("", style="label", tone="secondary")
        self._made_of.setWordWrap(True)
        self._made_of.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.setSpacing(4)
        for part in (self._name, self._figure, self._bar):
            self.body.addWidget(part)
        self.body.addWidget(self._made_of, 1)

    def fit_zoom(self) -> None:
        """As high as its words need."""
        super().fit_zoom()
        self.setFixedHeight(current().px(TILE_HEIGHT))

    def show_tile(self, tile: Tile) -> None:
        """Paint it."""
        self._name.say(tile.name)
        self._figure.say(tile.figure)
        self._bar.show_share(tile.share, tile.goal)
        self._made_of.say(tile.made_of)
        self.setAccessibleName(f"{tile.name} {tile.figure}, {tile.made_of}")


def _person(one: PersonLine) -> Row:
    cells = [
        Cell(one.name, bold=not one.person_id),
        Cell(str(one.registrations)),
        Cell(str(one.counted)),
        Cell(shown_rate(one.error_rate), used=share_of(one.error_rate)),
        Cell(shown_rate(one.accuracy_rate), used=share_of(one.accuracy_rate)),
        Cell(str(one.in_time)),
        Cell(str(one.duplicates), tone="attention" if one.duplicates else ""),
    ]
    spoken = (
        f"{one.name}, {one.registrations} registered, {one.counted} errors, error rate {shown_rate(one.error_rate)}, "
        f"accuracy rate {shown_rate(one.accuracy_rate)}, {one.in_time} put right the same day, {one.duplicates} duplicates made"
    )
    return Row(one.person_id, cells, spoken=spoken)


def _rule(one: RuleLine) -> Row:
    word, tone, icon = ("Error", "short", "circle-alert") if one.is_error else ("Warning", "attention", "triangle-alert")
    cells = [Cell(one.demands), Cell(word, icon=icon, tone=tone), Cell(str(one.times), used=one.share)]
    return Row(one.rule_id, cells, spoken=f"{one.demands} {word}, {one.times} times")
