"""Tables: rules instead of zebra, group rows, two-line cells, one yellow row. Refreshing keeps row, scroll and focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractTableModel,
    QElapsedTimer,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from access_desk.ui.kit.accessibility import announce
from access_desk.ui.kit.icons import pixmap
from access_desk.ui.kit.labels import plain
from access_desk.ui.kit.sorting import BLANK, SortKey, sort_key
from access_desk.ui.kit.theme import current, keeper

_JUMPS = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in pixels (0 takes what is left), whether its figures stand right, and whether a
    click on its title sorts.
    """

    title: str
    width: int = 0
    right: bool = False
    sorts: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows. ``tone`` colours text and icon; ``second`` is the line below; ``struck`` is for voided
    money; of ``text`` the first ``strong`` letters are bold, as a family name is.
    ``used`` from 0 to 1 draws a thin bar below: how much of a time is gone.
    """

    text: str = ""
    second: str = ""
    icon: str = ""
    tone: str = ""
    bold: bool = False
    struck: bool = False
    strong: int = 0
    used: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row under its own key, which survives a refresh. A group row spans all columns and cannot be chosen."""

    key: object
    cells: Sequence[Cell]
    group: bool = False
    muted: bool = False
    spoken: str = field(default="")


@dataclass(frozen=True, slots=True)
class Order:
    """The column by which rows are ordered, inside their groups."""

    column: int
    falling: bool = False

    @property
    def arrow(self) -> str:
        """How the title shows it: an arrow is text, not a picture."""
        return " ↓" if self.falling else " ↑"


def arranged(rows: Sequence[Row], order: Order | None) -> tuple[Row, ...]:
    """Rows in an order; each group keeps its rows, and equal rows keep their places."""
    if order is None:
        return tuple(rows)
    result: list[Row] = []
    group: list[Row] = []

    def key(row: Row) -> SortKey:
        return sort_key(row.cells[order.column].text if order.column < len(row.cells) else "")

    for row in (*rows, None):
        if row is not None and not row.group:
            group.append(row)
            continue
        blank = [one for one in group if key(one) == BLANK]
        result += sorted((one for one in group if key(one) != BLANK), key=key, reverse=order.falling) + blank
        group = []
        if row is not None:
            result.append(row)
    return tuple(result)


class _Model(QAbstractTableModel):
    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns, self.rows = tuple(columns), tuple[Row, ...]()
        self.order: Order | None = None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's own form
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's own form
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        cell = row.cells[index.column()] if index.column() < len(row.cells) else Cell()
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(cell.text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return plain(row.spoken or " ".join(filter(None, (cell.text, cell.second))))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802
        if orientation is Qt.Orientation.Horizontal:
            column = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                if self.order is None:
                    return column.title
                return column.title.rstrip(" ↑↓") + (self.order.arrow if self.order.column == section else "")
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.rows[index.row()].group:
            # Not even enabled: a click on it would make it the current row.
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    """Paints a cell: group rows on the page's colour, the focused row yellow with a frame around the whole row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        table = self.parent()
        assert isinstance(table, Table)  # noqa: S101 - made only by Table
        row = table.row_at(index.row())
        theme = current()
        rect: QRect = option.rect
        chosen = index.row() == table.currentIndex().row() and not row.group
        focused = chosen and table.hasFocus()
        painter.save()
        fill = "focus_fill" if focused else "bg_selected" if chosen else "bg_app" if row.group else "bg_surface"
        painter.fillRect(rect, theme.color(fill))
        painter.setPen(QPen(theme.color("border_subtle"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if row.group:
            if index.column() == 0:
                self._paint_group(painter, table, row, rect)
        elif index.column() < len(row.cells):
            self._paint_cell(painter, table.columns[index.column()], row, row.cells[index.column()], rect, focused=focused)
        if focused:
            painter.setPen(QPen(theme.color("focus_ring"), 2))
            painter.drawLine(rect.left(), rect.top() + 1, rect.right(), rect.top() + 1)
            painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
            if index.column() == 0:
                painter.drawLine(rect.left() + 1, rect.top(), rect.left() + 1, rect.bottom())
            if index.column() == len(table.columns) - 1:
                painter.drawLine(rect.right(), rect.top(), rect.right(), rect.bottom())
        painter.restore()

    @staticmethod
    def _paint_group(painter: QPainter, table: Table, row: Row, rect: QRect) -> None:
        theme = current()
        painter.setClipping(False)
        x = rect.left() + 12
        for number, cell in enumerate(row.cells):
            painter.setFont(theme.font("body", 600 if number == 0 else 400))
            painter.setPen(theme.color("text_primary" if number == 0 else "text_secondary"))
            width = painter.fontMetrics().horizontalAdvance(cell.text)
            room = QRectF(x, rect.top(), table.viewport().width() - x, rect.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, plain(cell.text))
            x += width + 10

    @staticmethod
    def _paint_cell(painter: QPainter, column: Column, row: Row, cell: Cell, rect: QRect, *, focused: bool) -> None:
        theme = current()
        inside = QRectF(rect).adjusted(12, 0, -12, 0)
        high_contrast = theme.name == "high-contrast"
        ink = f"{cell.tone}_fg" if cell.tone else "text_muted" if row.muted else "text_primary"
        if focused and (high_contrast or not cell.tone):
            ink = "on_focus"
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        first = QRectF(
            inside.left(),
            inside.top() + (theme.px(5) if cell.second else 0),
            inside.width(),
            theme.px(19) if cell.second else inside.height(),
        )
        font = theme.font("body", 600 if cell.bold else 400)
        font.setStrikeOut(cell.struck)
        painter.setFont(font)
        painter.setPen(theme.color(ink))
        if cell.icon:
            top = int(first.top() + (first.height() - 15) / 2)
            taken = painter.fontMetrics().horizontalAdvance(plain(cell.text)) + 21 if column.right else 0
            left = max(first.right() - taken, first.left()) if column.right else first.left()
            painter.drawPixmap(int(left), top, pixmap(cell.icon, theme.colors[ink], 15))
            first.adjust(21, 0, 0, 0)
        text = plain(cell.text)
        if 0 < cell.strong < len(text):
            painter.setFont(theme.font("body", 600))
            strong = text[: cell.strong]
            shown = painter.fontMetrics().elidedText(strong, Qt.TextElideMode.ElideRight, max(int(first.width()), 0))
            painter.drawText(first, side | Qt.AlignmentFlag.AlignVCenter, shown)
            first.adjust(painter.fontMetrics().horizontalAdvance(shown), 0, 0, 0)
            painter.setFont(font)
            # The mark at the end of what was cut stands for the rest as well.
            text = text[cell.strong :] if shown == strong else ""
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(int(first.width()), 0))
        painter.drawText(first, side | Qt.AlignmentFlag.AlignVCenter, text)
        if cell.used is not None:
            bar = QRectF(inside.left(), rect.bottom() - theme.px(5), inside.width(), theme.px(4))
            # The frame tells what is gone from what is left where two fills would look alike.
            painter.setPen(QPen(theme.color(ink), 1))
            painter.drawRect(bar.adjusted(0, 0, -1, -1))
            bar.setWidth(bar.width() * cell.used)
            painter.fillRect(bar, theme.color(ink))
        if cell.second:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("on_focus" if focused else "text_secondary"))
            below = QRectF(inside.left(), inside.top() + theme.px(23), inside.width(), theme.px(17))
            text = painter.fontMetrics().elidedText(plain(cell.second), Qt.TextElideMode.ElideRight, int(below.width()))
            painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802 - Qt's name
        del option, index
        return QSize(10, 34)


class Table(QTableView):
    """A table of rows with keys.

    Attributes:
        opened: emitted with the key of a row that Enter or a double click opened.
        chosen: emitted with the key of the row that is now the current one.
    """

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(self, columns: Sequence[Column], *, name: str, label: str, two_line: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.columns, self._two_line = tuple(columns), two_line
        self._rows_model = _Model(columns)
        self.setModel(self._rows_model)
        self.setItemDelegate(_Delegate(self))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._header_clicked)
        for number, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(number, mode)
            if column.width:
                self.setColumnWidth(number, current().px(column.width))
        self._given = tuple[Row, ...]()
        self._typed, self._since = "", QElapsedTimer()
        keeper().changed.connect(self._measure)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell())

    def row_at(self, number: int) -> Row:
        """A row by its place."""
        return self._rows_model.rows[number]

    def current_key(self) -> object:
        """The key of the current row; None when there is none."""
        number = self.currentIndex().row()
        return self.row_at(number).key if 0 <= number < len(self._rows_model.rows) else None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; the current one stays current when its key is still there."""
        if tuple(rows) == self._given:
            return
        self._given = tuple(rows)
        self._arrange()

    def sort_by(self, column: int, *, falling: bool = False) -> None:
        """Order the rows by a column, inside their groups; the chosen row stays chosen."""
        if 0 <= column < len(self.columns) and self.columns[column].sorts:
            self._rows_model.order = Order(column, falling)
            self._rows_model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
            self._arrange()
            announce(self, f"Sorted by {self.columns[column].title}, {'falling' if falling else 'rising'}")

    @property
    def order(self) -> Order | None:
        """The order that a person asked for; None as the rows were given."""
        return self._rows_model.order

    def _header_clicked(self, column: int) -> None:
        order = self.order
        self.sort_by(column, falling=order is not None and order.column == column and not order.falling)

    def _sort_key_pressed(self, key: int) -> None:
        """Alt Shift arrows: left and right choose the column, up and down the direction."""
        order = self.order or Order(-1)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            by = 1 if key == Qt.Key.Key_Right else -1
            column = order.column + by
            while 0 <= column < len(self.columns) and not self.columns[column].sorts:
                column += by
            self.sort_by(column, falling=order.falling)
        else:
            self.sort_by(max(order.column, 0), falling=key == Qt.Key.Key_Down)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Typing jumps to the next row of which a cell begins with what was typed."""
        if not self._since.isValid() or self._since.elapsed() > QApplication.keyboardInputInterval() * 2:
            self._typed = ""
        self._since.restart()
        self._typed += search.casefold()
        number = self.currentIndex().row() + (1 if len(self._typed) == 1 else 0)
        rows = self._rows_model.rows
        for row in (*rows[number:], *rows[:number]):
            texts = [text.casefold() for cell in row.cells for text in (cell.text, cell.second)]
            if not row.group and any(text.startswith(self._typed) for text in texts):
                self.choose(row.key)
                return

    def _arrange(self) -> None:
        rows = arranged(self._given, self._rows_model.order)
        key, scrolled = self.current_key(), self.verticalScrollBar().value()
        self.blockSignals(True)
        self._rows_model.show_rows(rows)
        self.clearSpans()
        self._measure()
        for number, row in enumerate(rows):
            if row.group and len(self.columns) > 1:
                self.setSpan(number, 0, 1, len(self.columns))
        self.blockSignals(False)
        if key is not None:
            self.choose(key)
        if self.current_key() is None:
            self.choose_first()
        self.verticalScrollBar().setValue(scrolled)
        self.viewport().update()

    def _measure(self) -> None:
        """Heights and widths at the zoom in use."""
        height, group = current().px(46 if self._two_line else 34), current().px(30)
        for number, row in enumerate(self._rows_model.rows):
            self.setRowHeight(number, group if row.group else height)
        for number, column in enumerate(self.columns):
            if column.width:
                self.setColumnWidth(number, current().px(column.width))

    def choose(self, key: object) -> None:
        """Make the row of that key the current one."""
        for number, row in enumerate(self._rows_model.rows):
            if row.key == key and not row.group:
                self.setCurrentIndex(self._rows_model.index(number, 0))
                return

    def choose_first(self) -> None:
        """Make the first row that is no group the current one."""
        for number, row in enumerate(self._rows_model.rows):
            if not row.group:
                self.setCurrentIndex(self._rows_model.index(number, 0))
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrows skip group rows; Enter opens; Alt Shift arrows sort."""
        both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & both == both and event.key() in _ARROWS:
            self._sort_key_pressed(event.key())
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        if event.key() in _JUMPS:
            self._jump(event.key())
            return
        super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        number = self.currentIndex().row() + by
        while 0 <= number < len(self._rows_model.rows):
            if not self.row_at(number).group:
                self.setCurrentIndex(self._rows_model.index(number, 0))
                return
            number += by

    def _jump(self, key: int) -> None:
        """Home and End go to the first and the last row, Page Up and Page Down as far as one sees."""
        rows, here = self._rows_model.rows, self.currentIndex().row()
        able = [number for number, row in enumerate(rows) if not row.group]
        if not able:
            return
        page = max(self.viewport().height() // max(self.rowHeight(able[0]), 1) - 1, 1)
        wanted = {
            Qt.Key.Key_Home: able[0], Qt.Key.Key_End: able[-1], Qt.Key.Key_PageUp: here - page, Qt.Key.Key_PageDown: here + page,
        }[Qt.Key(key)]  # fmt: skip
        beyond = [number for number in able if (number >= wanted if wanted > here else number <= wanted)]
        goal = beyond[0 if wanted > here else -1] if beyond else able[-1 if wanted > here else 0]
        self.setCurrentIndex(self._rows_model.index(goal, 0))

    def _open(self, number: int) -> None:
        if 0 <= number < len(self._rows_model.rows) and not self.row_at(number).group:
            self.opened.emit(self.row_at(number).key)

    def _tell(self) -> None:
        self.viewport().update()
        if self.current_key() is not None:
            self.chosen.emit(self.current_key())
