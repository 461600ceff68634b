"""The main window: pages in a frame, shortcuts, the cover that hides everything, the idle timer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from access_desk.ui.kit.cards import row
from access_desk.ui.kit.feedback import Dialog, Toasts
from access_desk.ui.kit.states import STRIP_HEIGHT as PROGRESS_HEIGHT
from access_desk.ui.kit.states import ProgressStrip
from access_desk.ui.kit.theme import current, keeper
from access_desk.ui.pages import Page, next_field
from access_desk.ui.shell.frame import STRIP_HEIGHT, KeyBar, Rail, RailItem, Strip, StripItem
from access_desk.ui.shell.offline_bar import OfflineBar

COMPACT_BELOW, NARROW_BELOW, WIDE_FROM = 1180, 1320, 1600
LEAST_ZOOM, MOST_ZOOM, ZOOM_STEP = 90, 150, 10
FAULT = (
    "The program made a mistake here. Everything that was recorded is saved, and what you typed is kept as a draft. "
    "Look at what is recorded before you try again, and tell whoever looks after this computer."
)
_ACTIVITY = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)
# The keyboard map of the design: F-keys that go to a page.
PLACES = {
    "F2": "today",
    "Shift+F2": "privacy",
    "F3": "find",
    "Shift+F3": "emergency",
    "F7": "register",
    "F8": "payment",
    "Shift+F8": "forms",
    "F9": "drawer",
    "Shift+F9": "handoff",
    "F1": "help",
}
PAGE_KEYS = ("Del", "Ctrl+N", "Ctrl+0", "Ctrl+E", "Ctrl+R", "Ctrl+S", "Ctrl+Return", "Ctrl+Enter", "Alt+U", "Shift+F7", "Ctrl+Z")


def width_name(width: int) -> str:
    """``compact``, ``narrow``, ``standard`` or ``wide``, by the window's width in pixels of the design."""
    if width < COMPACT_BELOW:
        return "compact"
    if width < NARROW_BELOW:
        return "narrow"
    return "standard" if width < WIDE_FROM else "wide"


class ShellWindow(QMainWindow):
    """Frame and pages.

    Attributes:
        palette_requested: Ctrl K.
        lock_requested: emitted with True when the idle timer locks, False for Ctrl L.
        names_hidden: Ctrl . hid or showed names; emitted with whether they are hidden.
        closing: the window is about to close.
        round_wanted: emitted when somebody wants to try central now.
        faulted: emitted, from any thread, when the program made a mistake.
    """

    palette_requested = Signal()
    lock_requested = Signal(object)
    names_hidden = Signal(object)
    round_wanted = Signal()
    closing = Signal()
    faulted = Signal()

    def __init__(self, *, idle_lock_s: int = 120) -> None:
        super().__init__()
        self.setObjectName("shell")
        self.setWindowTitle("Access Desk")
        self.setMinimumSize(1024, 600)
        self.resize(1366, 768)
        self._pages: dict[str, Page] = {}
        self._trail: list[str] = []
        self._hidden, self._width_name = False, ""
        self.cover: QWidget | None = None
        self.rail = Rail(self.go, partial(self.go, "help"))
        self.strip = Strip(self.palette_requested.emit, partial(self.lock_requested.emit, False), self.go)
        self.key_bar = KeyBar()
        self.stack = QStackedWidget()
        self.stack.setObjectName("pages")
        body = QVBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        self.offline = OfflineBar(self.round_wanted.emit, partial(self.go, "sync"))
        for part in (self.strip, self.offline, self.stack, self.key_bar):
            body.addWidget(part)
        whole = row(self.rail, spacing=0)
        whole.addLayout(body, 1)
        self._frame = QWidget()
        self._frame.setObjectName("frame")
        self._frame.setLayout(whole)
        self.setCentralWidget(self._frame)
        self.progress = ProgressStrip(name="windowProgress")
        self.progress.setParent(self._frame)
        self.progress.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toasts = Toasts(self)
        self.faulted.connect(lambda: self.toasts.say(FAULT, "short"))
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_lock_s * 1000)
        self._idle.timeout.connect(partial(self.lock_requested.emit, True))
        self._shortcuts = self._make_shortcuts()

    def add_pages(self, pages: Sequence[Page], places: Sequence[RailItem]) -> None:
        """Take in the pages; the rail offers ``places``."""
        for page in pages:
            self._pages[page.page_id] = page
            self.stack.addWidget(page)
            page.go.connect(self.go)
            page.told.connect(self.toasts.say)
            page.hints_changed.connect(self._show_hints)
            if self._width_name:
                page.fit(self._width_name)
            if self._hidden:
                page.hide_names(True)
        self.rail.show_places(places)

    def page(self, page_id: str) -> Page:
        """A page by its name. Raises KeyError."""
        return self._pages[page_id]

    @property
    def here(self) -> Page | None:
        """The page that is shown."""
        page = self.stack.currentWidget()
        return page if isinstance(page, Page) else None

    def go(self, page_id: object, argument: object = None) -> None:
        """Show a page; what was typed on the one before stays."""
        page = self._pages.get(str(page_id))
        if page is None or self.is_covered:
            return
        before = self.here
        if before is not None and before is not page:
            before.left()
            argument = before.passes_to(page.page_id) if argument is None else argument
        if not self._trail or self._trail[-1] != page.page_id:
            self._trail = [*self._trail[-20:], page.page_id]
        self.stack.setCurrentWidget(page)
        page.entered(argument)
        if self.here is page:
            self.rail.show_here(page.rail or page.page_id)
        self._show_hints()
        self.focus_page()

    def focus_page(self) -> None:
        """Give the page's first field the keyboard."""
        page = self.here
        first = page.first_focus() if page is not None else None
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif page is not None and not page.isAncestorOf(QApplication.focusWidget() or self):
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_strip(self, items: Sequence[StripItem], *, practice: bool) -> None:
        """Show other values in the strip."""
        self.strip.show_items(items, practice=practice)

    @property
    def is_covered(self) -> bool:
        """Whether the sign-in or lock form hides the pages."""
        return self.cover is not None and self.cover.isVisible()

    def cover_with(self, cover: QWidget) -> None:
        """Hide everything behind a widget: no names, no cash."""
        self.cover = cover
        cover.setParent(self)
        cover.setGeometry(self.rect())
        cover.show()
        cover.raise_()
        self._frame.setEnabled(False)
        self._frame.hide()
        self.toasts.hide()
        self._idle.stop()
        self._watch(False)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)

    def uncover(self) -> None:
        """Show the pages again, as they were left."""
        if self.cover is not None:
            self.cover.hide()
        self._frame.setEnabled(True)
        self._frame.show()
        for shortcut in self._shortcuts:
            shortcut.setEnabled(True)
        self._idle.start()
        self._watch(True)
        self.focus_page()

    def _watch(self, watches: bool) -> None:
        """See what the person does, for the idle time: not while the desk is covered, since every event passes here."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)  # it would be called twice
            if watches:
                app.installEventFilter(self)

    def back(self) -> None:
        """Esc: close the topmost thing, else go back a page; nothing typed is lost."""
        page = self.here
        if page is not None and page.side_panel is not None and page.side_panel.is_over:
            self._slide_side(None)
            self.focus_page()
            return
        if page is not None and page.escape():
            return
        if len(self._trail) > 1:
            self._trail.pop()
            self.go(self._trail[-1])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes to the next field, Esc back; both only when nothing below wanted them."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_covered:
            next_field()
        elif event.key() == Qt.Key.Key_Escape and not self.is_covered:
            self.back()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Whatever a person does starts the idle time anew."""
        if event.type() in _ACTIVITY and not self.is_covered and self._idle.isActive():
            self._idle.start()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The cover covers, the rail narrows."""
        super().resizeEvent(event)
        if self.cover is not None:
            self.cover.setGeometry(self.rect())
        self._fit()

    def _fit(self) -> None:
        """Tell rail, strip and pages how wide the window is at this zoom."""
        width = width_name(self.width() * 100 // current().zoom)
        self.rail.show_narrow(width == "compact")
        self.strip.show_narrow(width in ("compact", "narrow"))
        below = current().px(STRIP_HEIGHT)
        self.progress.setGeometry(self.rail.width(), below, self.width() - self.rail.width(), PROGRESS_HEIGHT)
        self.progress.raise_()
        if width != self._width_name:
            self._width_name = width
            for page in self._pages.values():
                page.fit(width)

    def zoom_by(self, percent: int) -> None:
        """Show everything larger or smaller, from 90 to 150 percent; 0 is 100 percent again."""
        zoom = min(max(current().zoom + percent, LEAST_ZOOM), MOST_ZOOM) if percent else 100
        if zoom != current().zoom:
            keeper().use(current().name, zoom)
            self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the pages save what is typed."""
        if self.here is not None:
            self.here.left()
        self.closing.emit()
        super().closeEvent(event)

    def _show_hints(self) -> None:
        if self.here is not None:
            self.key_bar.show_hints(self.here.key_hints(), self.here.note())

    def _make_shortcuts(self) -> list[QShortcut]:
        made = [self._shortcut(keys, partial(self.go, page)) for keys, page in PLACES.items()]
        made += [
            self._shortcut("F12", lambda: self._on_page(lambda page: page.primary())),
            self._shortcut("F5", lambda: self._on_page(lambda page: page.refresh())),
            self._shortcut("F6", partial(self._next_pane, 1)),
            self._shortcut("Shift+F6", partial(self._next_pane, -1)),
            self._shortcut("Ctrl+K", self.palette_requested.emit),
            self._shortcut("Ctrl+L", partial(self.lock_requested.emit, False)),
            self._shortcut("Ctrl+.", self.toggle_names),
            self._shortcut("Ctrl+P", lambda: self._on_page(lambda page: page.print_requested())),
        ]
        made += [self._shortcut(f"Alt+{number}", partial(self._alt, number)) for number in range(1, 10)]
        made += [self._shortcut(keys, partial(self._page_key, keys)) for keys in PAGE_KEYS]
        zooms = {"Ctrl++": ZOOM_STEP, "Ctrl+=": ZOOM_STEP, "Ctrl+-": -ZOOM_STEP}
        made += [self._shortcut(keys, partial(self.zoom_by, by)) for keys, by in zooms.items()]
        return made

    def _alt(self, number: int) -> None:
        self._on_page(lambda page: page.alt(number))

    def _page_key(self, keys: str) -> None:
        self._on_page(lambda page: page.shortcut(keys))

    def _shortcut(self, keys: str, does: Callable[[], object]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda: None if self._dialog_takes(keys) else does())
        return shortcut

    def _dialog_takes(self, keys: str) -> bool:
        """A dialog over the window takes F12 and keys of its own, and lets nothing else through, nor does the palette."""
        if any(one.isVisible() for one in self.window().findChildren(QWidget, "palette")):
            return keys != "Ctrl+L"
        for dialog in self.window().findChildren(Dialog):
            if dialog.isVisible():
                focused = QApplication.focusWidget()
                if focused is None or not dialog.isAncestorOf(focused):
                    dialog.act.setFocus(Qt.FocusReason.OtherFocusReason)
                if keys == "F12":
                    dialog.act.press()
                elif keys in dialog.keys:
                    dialog.keys[keys]()
                return True
        return False

    def _on_page(self, does: Callable[[Page], object]) -> None:
        if self.here is not None and not self.is_covered:
            does(self.here)

    def _next_pane(self, by: int) -> None:
        panes = list(self.here.panes()) if self.here is not None else []
        if not panes:
            return
        focused = QApplication.focusWidget()
        at = next((n for n, pane in enumerate(panes) if pane is focused or (focused and pane.isAncestorOf(focused))), -by)
        target = panes[(at + by) % len(panes)]
        self._slide_side(target)
        if target.focusPolicy() & Qt.FocusPolicy.TabFocus:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return
        for inside in target.findChildren(QWidget):
            if inside.focusPolicy() & Qt.FocusPolicy.TabFocus and inside.isVisible() and inside.isEnabled():
                inside.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _slide_side(self, target: QWidget | None) -> None:
        """Where the side lies over the page, it comes when the keyboard goes to it, and goes when the keyboard leaves."""
        side = self.here.side_panel if self.here is not None else None
        if side is not None:
            side.slide(target is not None and (target is side or side.isAncestorOf(target)))

    def toggle_names(self) -> None:
        """Hide or show names on every page."""
        self.hide_names(hidden=not self._hidden)
        self.names_hidden.emit(self._hidden)

    def hide_names(self, *, hidden: bool) -> None:
        """Hide names on every page, or show them."""
        self._hidden = hidden
        for page in self._pages.values():
            page.hide_names(hidden)
