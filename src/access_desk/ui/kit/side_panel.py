"""A page's right side: beside the page where there is room, over it on F6 where there is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from access_desk.ui.kit.cards import MARGIN_X, MARGIN_Y
from access_desk.ui.kit.theme import current


class SidePanel(QFrame):
    """As wide as the design says at every zoom. In a compact window it slides over the page, and away again."""

    def __init__(self, width: int, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("More about this page")
        self._width = width
        self._place: tuple[QBoxLayout, int] | None = None
        self._page: QWidget | None = None
        self._is_in, self._is_offered = False, True
        self.fit_zoom()

    def fit_zoom(self) -> None:
        """The design's width at this zoom, and its margins where it lies over the page."""
        self.setFixedWidth(current().px(self._width) + (2 * MARGIN_X if self._page else 0))
        margins = (MARGIN_X, MARGIN_Y, MARGIN_X, MARGIN_Y) if self._page else (0, 0, 0, 0)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(*margins)
        self._lie()

    def change_width(self, width: int) -> None:
        """Another width of the design, for a wide window."""
        self._width = width
        self.fit_zoom()

    def stand_in(self, layout: QBoxLayout) -> None:
        """Stand at the end of a row."""
        self._place = (layout, layout.count())
        layout.addWidget(self)

    def offer(self, offered: bool) -> None:
        """Whether there is anything to show here now."""
        self._is_offered = offered
        self._show()

    @property
    def is_over(self) -> bool:
        """Whether it covers part of the page now."""
        return self._page is not None and self._is_in

    def lie_over(self, page: QWidget | None) -> None:
        """Leave the row and lie over the page's right edge, out of sight until it is asked for; None: stand in the row."""
        if page is self._page or self._place is None:
            return
        layout, index = self._place
        if page is None and self._page is not None:
            self._page.removeEventFilter(self)
            layout.insertWidget(index, self)
        elif page is not None:
            layout.removeWidget(self)
            self.setParent(page)
            page.installEventFilter(self)
        self._page, self._is_in = page, False
        self.setProperty("over", page is not None)
        self.style().unpolish(self)
        self.style().polish(self)
        self.fit_zoom()
        self._show()

    def slide(self, is_in: bool) -> None:
        """Come into sight, or go."""
        self._is_in = is_in
        self._show()

    def _show(self) -> None:
        self.setVisible(self._is_offered and (self._page is None or self._is_in))
        self._lie()

    def _lie(self) -> None:
        if self._page is not None:
            self.setGeometry(self._page.width() - self.width(), 0, self.width(), self._page.height())
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The page changed its size."""
        if watched is self._page and event.type() == QEvent.Type.Resize:
            self._lie()
        return super().eventFilter(watched, event)
