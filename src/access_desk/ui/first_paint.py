"""The window's first paint: the sign-in form before anything of the program is loaded.

Its boxes are real: what is typed while the desk is being opened is handed to the form of the same look that follows.
Everything here is paid for before the first paint. Nothing of the kit is imported, and neither painters nor ``Qt`` are
used: touching them makes PySide build every enum of that namespace first (measured: 40 ms, a fifth of a bare start).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget

from access_desk.ui.kit.tokens import tokens
from access_desk.ui.kit.typeface import load_weight

LONGEST_PIN = 12
# The measures of the cover that follows, so that nothing moves when it comes.
CARD_WIDTH, LEFT_WIDTH, APART = 412, 380, 96
_SHEET = """
* {{ font-family: "IBM Plex Sans"; font-size: {body}pt; color: {text_primary}; }}
QFrame#firstForm {{ background: {bg_rail}; }}
QFrame#firstTile {{ background: {mark}; border-radius: 6px; }}
QFrame#firstRule {{ background: {border_subtle}; }}
QLabel#firstMark {{ color: {text_rail_active}; font-weight: 600; }}
QLabel#firstWait, QLabel#firstEspere {{ color: {text_rail}; font-size: {section}pt; }}
QLabel#firstFoot {{ color: {text_rail}; font-size: {label}pt; }}
QFrame#firstCard {{ background: {bg_surface}; border: 1px solid {border_subtle}; border-radius: 6px; }}
QFrame#firstCircle {{ background: {info_bg}; border-radius: 22px; }}
QLabel#firstTitle {{ font-size: {lock}pt; font-weight: 600; }}
QLabel#firstSays {{ color: {text_secondary}; }}
QLabel#firstNameLabel, QLabel#firstPinLabel, QLabel#firstHint {{ color: {text_secondary}; font-size: {label}pt; }}
QLineEdit {{
  background: {bg_surface}; border: 1px solid {border_control}; border-radius: 4px; padding: 0 6px; min-height: 30px;
}}
QLineEdit#firstPin {{ min-height: 40px; font-size: {section}pt; }}
QLineEdit:focus {{
  background: {focus_fill}; color: {on_focus}; border: 2px solid {focus_ring}; padding: 0 5px; min-height: 28px;
}}
QLineEdit#firstPin:focus {{ min-height: 38px; }}
QPushButton {{
  background: {accent}; color: {on_accent}; border: 1px solid {accent}; border-radius: 4px; min-height: 42px;
  font-size: {section}pt; font-weight: 600; text-align: left; padding: 0 12px;
}}
"""


class FirstForm(QFrame):
    """Sign-in name and PIN on the cover's dark fill; ``wants_in`` once Enter was pressed on the PIN."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        self.setObjectName("firstForm")
        self.setAccessibleName("Sign in")
        self.wants_in = False
        for weight in ("Regular", "SemiBold"):
            load_weight(weight)
        sizes = {name: style["pt"] for name, style in tokens()["type"].items()}
        colors = tokens()["color"]
        mark = colors["dark"]["accent"]
        self.setStyleSheet(_SHEET.format(**colors[theme.replace("-", "_")], **sizes, mark=mark))
        self.name, self.pin = _box("firstName", "Sign-in name"), _box("firstPin", "PIN")
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(LONGEST_PIN)
        self.name.returnPressed.connect(self.pin.setFocus)
        self.pin.returnPressed.connect(self._entered)
        middle = _row(APART)
        middle.addStretch(1)
        middle.addLayout(_waiting())
        middle.addWidget(self._make_card())
        middle.addStretch(1)
        head = _row(14)
        head.addWidget(_block("firstTile", 28, 28))
        head.addWidget(_label("Access Desk", "firstMark"))
        head.addStretch(1)
        foot = _row(0)
        foot.addStretch(1)
        foot.addWidget(_label("Authorized use only. Activity is recorded.", "firstFoot"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 12, 24, 10)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addStretch(1)
        whole.addLayout(middle)
        whole.addStretch(1)
        whole.addLayout(foot)

    def _make_card(self) -> QFrame:
        card = QFrame()
        card.setObjectName("firstCard")
        card.setFixedWidth(CARD_WIDTH)
        titles = QVBoxLayout()
        titles.setSpacing(1)
        titles.addWidget(_label("Sign in", "firstTitle"))
        titles.addWidget(_label("Opening the desk…", "firstSays"))
        head = _row(12)
        head.addWidget(_block("firstCircle", 44, 44))
        head.addLayout(titles)
        head.addStretch(1)
        pin = _row(0)
        pin.addWidget(_label("PIN", "firstPinLabel"))
        pin.addStretch(1)
        pin.addWidget(_label("4 to 12 digits", "firstHint"))
        go = QPushButton("Sign in")
        go.setObjectName("firstGo")
        go.clicked.connect(self._entered)
        lines = QVBoxLayout(card)
        lines.setContentsMargins(24, 23, 24, 20)
        lines.setSpacing(2)
        lines.addLayout(head)
        lines.addSpacing(8)
        lines.addWidget(_label("Sign-in name", "firstNameLabel"))
        lines.addWidget(self.name)
        lines.addSpacing(8)
        lines.addLayout(pin)
        lines.addWidget(self.pin)
        lines.addSpacing(8)
        lines.addWidget(go)
        return card

    def _entered(self) -> None:
        self.wants_in = True


def _waiting() -> QVBoxLayout:
    lines = QVBoxLayout()
    lines.setSpacing(4)
    lines.addStretch(1)
    # Room for clock and date, which come with the desk.
    lines.addSpacing(134)
    lines.addWidget(_block("firstRule", LEFT_WIDTH, 1))
    lines.addSpacing(48)
    lines.addWidget(_label("Please wait. We will call you in a moment.", "firstWait"))
    lines.addWidget(_label("Por favor espere. Le llamaremos en un momento.", "firstEspere"))
    lines.addStretch(1)
    return lines


def _row(spacing: int) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    return layout


def _block(name: str, width: int, height: int) -> QFrame:
    block = QFrame()
    block.setObjectName(name)
    block.setFixedSize(width, height)
    return block


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    return label


def _box(name: str, label: str) -> QLineEdit:
    box = QLineEdit()
    box.setObjectName(name)
    box.setAccessibleName(label)
    return box


class FirstWindow(QMainWindow):
    """The one window of the program. It begins with the form alone; the shell is put in when it is loaded.

    ``painted`` is called once, after the form was painted for the first time.
    """

    def __init__(self, theme: str, painted: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("Access Desk")
        self.setMinimumSize(1024, 600)
        self.resize(1366, 768)
        self.form: FirstForm | None = FirstForm(theme)
        self._shell: QWidget | None = None
        self._after_paint = QTimer(self)
        self._after_paint.setSingleShot(True)
        self._after_paint.timeout.connect(painted)
        self._is_painted = False
        self.setCentralWidget(self.form)
        self.form.name.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The rest of the program is loaded when Qt has come round to everything that belongs to this paint."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self._after_paint.start(0)

    def put_in(self, shell: QWidget) -> None:
        """The program is loaded: the shell takes the form's place."""
        self.form, self._shell = None, shell
        self.setCentralWidget(shell)
        shell.show()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """The shell saves what is typed first."""
        if self._shell is not None:
            self._shell.close()
        super().closeEvent(event)
