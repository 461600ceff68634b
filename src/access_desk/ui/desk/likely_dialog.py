"""The question before a second record is made: the likely records stand beside what was typed, and a reason is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from access_desk.presentation.likely_records import Beside
from access_desk.ui.desk.find_columns import FIRST_WIDTH, HEAD_HEIGHT, FindColumns
from access_desk.ui.kit.cards import Scroller, row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.theme import current

ROW_HEIGHT, RECORD_WIDTH, LEAST_WIDTH, BESIDE_COLUMNS, MARGIN = 34, 300, 760, 290, 48
ASK = "Ask again what differs, and compare across the row. One person needs one record."


class LikelyDialog:
    """Open at most once. ``use`` gets the number on screen, ``create`` the reason; ``keep`` hears that nothing was decided."""

    def __init__(
        self,
        page: QWidget,
        use: Callable[[int], object],
        move: Callable[[int], object],
        create: Callable[[str], object],
        keep: Callable[[], object],
    ) -> None:
        self._page, self._use, self._move, self._create, self._keep = page, use, move, create, keep
        self._open: _Question | None = None

    def show_state(self, beside: Beside | None, notice: str, *, act: str, keep: str, reason: str = "") -> None:
        """Ask as long as the state holds likely records; ``reason`` is one that was given before."""
        if beside is None:
            if self._open is not None:
                self._open.close_dialog()
            return
        if self._open is None:
            self._open = _Question(self._page.window(), beside, self._use, self._move, (act, keep))
            self._open.reason.show_text(reason)
            self._open.act.activated.connect(self._created)
            self._open.closed.connect(self._closed)
            self._open.columns.show_state(beside)
            self._open.open_dialog(self._open.reason)
        self._open.columns.show_state(beside)
        self._open.show_problem(notice)

    def _created(self) -> None:
        if self._open is not None:
            self._create(self._open.reason.text())

    def _closed(self) -> None:
        self._open = None
        self._keep()


class _Question(Dialog):
    def __init__(
        self,
        over: QWidget,
        beside: Beside,
        use: Callable[[int], object],
        move: Callable[[int], object],
        buttons: tuple[str, str],
    ) -> None:
        wide = FIRST_WIDTH + RECORD_WIDTH * len(beside.shown) + MARGIN
        room = over.width() * 100 // current().zoom - MARGIN
        act, keep = buttons
        width = min(max(wide, LEAST_WIDTH), room)
        super().__init__(over, "Is it one of these?", name="likely", act=act, kind="danger", keep=keep, width=width)
        self._use_number, self._go_on = use, move
        self.columns = FindColumns(use, name="likely", key="Alt", ask=ASK, row_height=ROW_HEIGHT)
        scroller = Scroller(self.columns)
        wanted = current().px(HEAD_HEIGHT + ROW_HEIGHT * len(beside.titles)) + 8
        scroller.setFixedHeight(min(wanted, max(over.height() - current().px(BESIDE_COLUMNS), current().px(HEAD_HEIGHT))))
        self.body.addWidget(scroller)
        self.reason = LineEdit(name="likelyReason", label="Why is this another person?")
        line = row(Field("Why is this another person?", self.reason), spacing=16)
        say = PlainLabel("A lead looks at both records afterwards.", style="label", tone="secondary")
        line.addWidget(say, 0, Qt.AlignmentFlag.AlignBottom)
        line.setStretch(0, 1)
        self.body.addLayout(line)
        self.keys = {f"Alt+{number}": partial(use, number) for number in range(1, 4)}

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrows go on to further records, digits use one, as on Find."""
        if QApplication.focusWidget() in self.columns.buttons and not event.modifiers():
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                self._go_on(1 if event.key() == Qt.Key.Key_Right else -1)
                self.columns.focus_selected()
                event.accept()
                return
            if Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_3:
                self._use_number(event.key() - Qt.Key.Key_0)
                event.accept()
                return
        super().keyPressEvent(event)
