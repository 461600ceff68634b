"""Duplicates, for leads and supervisors: the queue, two records side by side, what was merged of late, and the rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from access_desk.presentation.duplicates import SOURCE_WORDS, DuplicatesModel, DuplicatesState, name_of
from access_desk.presentation.index_sweep import SweepModel, SweepState
from access_desk.ui.kit.bars import ShareBar
from access_desk.ui.kit.buttons import KeyButton, SegmentedControl
from access_desk.ui.kit.cards import Band, Card, PageHeader, column, row
from access_desk.ui.kit.feedback import LINE, Dialog
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel, broken
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint, Page

_PAIRS = (Column("Records"), Column("Why and since", 196))
_LINES = (Column("Field", 96, sorts=False), Column("1", sorts=False), Column("2", sorts=False), Column("", 92, sorts=False))
_MERGES = (Column("Stays"), Column("Merged into it"), Column("When", 100), Column("State", 120))
_QUESTIONS = {
    "merge": ("Merge these records?", "Merge", "How do you know that this is one person?"),
    "not_same": ("Two persons?", "Keep them apart", "How do you know that these are two persons?"),
    "link": ("Two persons who belong together?", "Link and keep apart", "How do they belong together, such as twins?"),
    "unmerge": ("Take this merge back?", "Un-merge", "Why are these two persons?"),
}


class DuplicatesView(Page):
    """One person, one record."""

    page_id, title, rail = "duplicates", "Duplicates", "duplicates"
    follows_others = True

    def __init__(self, model: DuplicatesModel, sweep: SweepModel) -> None:
        super().__init__()
        self.model, self.sweep = model, sweep
        self._dialog: Dialog | None = None
        self._refusal = Band(tone="attention", name="duplicatesRefusal")
        self._notice = Band(tone="info", name="duplicatesNotice")
        right = [
            KeyButton("Rates", "Alt 6", name="duplicateRates", icon_name="scale", on_press=lambda: self.go.emit("rates", None)),
            KeyButton("Disputed", "Alt 7", name="duplicateDisputed", icon_name="equal-not", on_press=self._disputed),
        ]
        self._header = PageHeader(self.title, about="Records that may be one person. Nothing is ever deleted.", right=right)
        self.layout_.addWidget(self._header)
        self.layout_.addWidget(self._refusal)
        self.layout_.addWidget(self._notice)
        self.pairs = Table(_PAIRS, name="duplicatePairs", label="Possible duplicates", two_line=True)
        self.pairs.chosen.connect(lambda key: model.select(str(key)))
        self.lines = Table(_LINES, name="duplicateLines", label="The two records side by side")
        self.merges = Table(_MERGES, name="duplicateMerges", label="Merged of late")
        self.merges.opened.connect(lambda key: model.ask("unmerge", str(key)))
        self._body = QWidget()
        lists = column()
        lists.addWidget(self._queue(), 3)
        lists.addWidget(self._recent(), 2)
        both = row()
        both.addLayout(lists, 7)
        both.addWidget(self._beside(), 13)
        self._body.setLayout(both)
        self.layout_.addWidget(self._body, 1)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        sweep.on_change.append(self._show_sweep)
        sweep.finished = model.refresh
        self.destroyed.connect(sweep.detach)
        self.render_state(model.state)
        self._show_sweep(sweep.state)

    def _queue(self) -> Card:
        self._compare = KeyButton("Compare all", "Alt 8", name="duplicateCompare", small=True, on_press=self.sweep.press)
        card = Card("To decide", name="duplicateQueue", aside=self._compare).tight()
        self._compared = PlainLabel("", tone="secondary")
        self._compared.setWordWrap(True)
        self._part = ShareBar(name="duplicateCompared")
        self._progress = QWidget()
        self._progress.setLayout(column(self._compared, self._part, spacing=4, margins=(14, 8, 14, 8)))
        card.body.addWidget(self._progress)
        card.body.addWidget(self.pairs, 1)
        return card

    def _recent(self) -> Card:
        card = Card("Merged of late: Enter takes one back", name="duplicateRecent").tight()
        card.body.addWidget(self.merges)
        return card

    def _beside(self) -> Card:
        card = Card("Side by side", name="duplicateBeside")
        self._keeps = SegmentedControl([("1", "Keep 1", "Alt 1", ""), ("2", "Keep 2", "Alt 2", "")], name="duplicateKeeps")
        self._keeps.chosen.connect(lambda value: self.model.keep(int(str(value))))
        self._merge = KeyButton("Merge…", "F12", name="duplicateMerge", kind="primary", on_press=self.primary)
        apart = KeyButton("Two persons…", "Alt 3", name="duplicateApart", on_press=lambda: self.model.ask("not_same"))
        linked = KeyButton("Linked…", "Alt 4", name="duplicateLink", on_press=lambda: self.model.ask("link"))
        later = KeyButton("Later", "Alt 5", name="duplicateLater", kind="quiet", on_press=self.model.later)
        self._why = PlainLabel("", tone="secondary")
        self._why.setWordWrap(True)
        card.body.addWidget(self._why)
        card.body.addWidget(self.lines, 1)
        card.body.addLayout(row(self._keeps, self._merge, 1, spacing=12))
        card.body.addLayout(row(apart, linked, later, 1, spacing=12))
        return card

    def _disputed(self) -> None:
        self.go.emit("disputed", None)

    def entered(self, argument: object) -> None:
        """Look again each time."""
        del argument
        self.refresh()

    def refresh(self) -> None:
        """F5."""
        self.model.refresh()
        self.sweep.look()

    def primary(self) -> None:
        """F12: merge the pair into the record that stays."""
        self.model.ask("merge")

    def alt(self, number: int) -> bool:
        """Alt 1 and 2 choose the record that stays, 3 and 4 keep both apart, 5 goes on; 6 rates, 7 disputes, 8 compares all."""
        does: dict[int, Callable[[], object]] = {
            1: lambda: self.model.keep(1),
            2: lambda: self.model.keep(2),
            3: lambda: self.model.ask("not_same"),
            4: lambda: self.model.ask("link"),
            5: self.model.later,
            6: lambda: self.go.emit("rates", None),
            7: self._disputed,
            8: self.sweep.press,
        }
        if number not in does or self.model.state.refusal:
            return False
        does[number]()
        return True

    def panes(self) -> Sequence[QWidget]:
        """The queue, the pair, what was merged."""
        return [self.pairs, self.lines, self.merges]

    def first_focus(self) -> QWidget | None:
        """The queue."""
        return self.pairs

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows names."""
        self.model.hide_names(hidden=hidden)

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (
            KeyHint("↑ ↓", "Next pair"),
            KeyHint("Alt 1 2", "Which record stays"),
            KeyHint("F12", "Merge"),
            KeyHint("Alt 3", "Two persons"),
            KeyHint("Alt 4", "Two, linked"),
            KeyHint("Alt 5", "Later"),
            KeyHint("Alt 6 7", "Rates, disputed"),
            KeyHint("Alt 8", "Compare all"),
        )

    def render_state(self, state: DuplicatesState) -> None:
        """Paint it."""
        hidden = state.names_hidden
        self._refusal.say(state.refusal, "", "attention")
        self._notice.say("" if state.asks else state.notice, "", "info")
        self._body.setVisible(not state.refusal)
        rows = []
        for pair in state.pairs:
            one, other = (
                name_of(pair.one, state.suffix_after, hidden=hidden),
                name_of(pair.other, state.suffix_after, hidden=hidden),
            )
            why = SOURCE_WORDS.get(pair.source, pair.source)
            cells = [Cell(one, other, bold=True), Cell(why, f"{pair.raised_at:%m/%d/%Y}")]
            rows.append(Row(pair.key, cells, spoken=f"{one} and {other}, {why}"))
        self.pairs.show_rows(rows)
        if state.selected:
            self.pairs.choose(state.selected)
        # A reason without a space would make the page as wide as itself.
        self._why.say(broken(state.why, self._why.fontMetrics(), current().px(LINE)))
        shown = [(line.title, line.one or "Not known", line.other or "Not known", line.differs) for line in state.lines]
        self.lines.show_rows([_line(*line) for line in shown])
        self._keeps.show_choice(str(state.keeps))
        self._merge.set_blocked("" if state.pair else "Nothing is chosen.")
        self._merge.set_busy(state.busy)
        self.merges.show_rows(
            [
                Row(
                    one.merge_id,
                    [
                        Cell(name_of(one.survivor, state.suffix_after, hidden=hidden)),
                        Cell(name_of(one.retired, state.suffix_after, hidden=hidden)),
                        Cell(f"{one.merged_at:%m/%d/%Y}"),
                        Cell("Taken back" if one.unmerged_at else "Stands"),
                    ],
                    muted=one.unmerged_at is not None,
                )
                for one in state.merges
            ]
        )
        if state.asks and self._dialog is None:
            self._open_question(state.asks)
        if self._dialog is not None:
            self._dialog.show_problem(state.notice)
            if not state.asks:
                self._dialog.close_dialog()

    def _show_sweep(self, state: SweepState) -> None:
        self._compare.say(state.act)
        self._compare.set_blocked("It is being stopped." if state.is_stopping else "")
        self._compared.say(state.text)
        self._part.show_share(state.part)
        self._part.setVisible(state.part is not None)
        self._progress.setVisible(bool(state.text))

    def _open_question(self, asks: str) -> None:
        title, act, ask = _QUESTIONS[asks]
        dialog = Dialog(self.window(), title, name="duplicateQuestion", act=act, keep="Leave it")
        reason = LineEdit(name="duplicateReason", label="Reason")
        dialog.body.addWidget(Field(ask, reason))
        dialog.act.activated.connect(lambda: self.model.decide(reason.text()))
        dialog.closed.connect(self._closed)
        self._dialog = dialog
        dialog.open_dialog(reason)

    def _closed(self) -> None:
        self._dialog = None
        if self.model.state.asks:
            self.model.leave_it()


def _line(title: str, one: str, other: str, differs: bool) -> Row:
    mark = Cell("differs", icon="equal-not", tone="attention", bold=True) if differs else Cell("")
    spoken = f"{title}, {one}, {other}{', differs' if differs else ''}"
    return Row(title, [Cell(title), Cell(one, bold=differs), Cell(other, bold=differs), mark], spoken=spoken)
