"""From the first paint to a desk that is open: what was typed meanwhile is not lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from access_desk.app import open_for_window
from access_desk.domain.errors import UnavailableError
from access_desk.presentation.first_start import set_up_practice
from access_desk.services.desk import Desk
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.start import Start
from tests.presentation.money_desk import PINS, MoneyDesk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Opens = Callable[[Callable[[], object]], AbstractContextManager[Desk]]


class Opened:
    """Opens a desk that is ready, and remembers whether it was let go of."""

    def __init__(self) -> None:
        self.desk, self.is_closed = MoneyDesk().desk, False

    @contextmanager
    def __call__(self, _: Callable[[], object]) -> Iterator[Desk]:
        yield self.desk
        self.is_closed = True


def cannot_open(_: Callable[[], object]) -> AbstractContextManager[Desk]:
    raise UnavailableError("The desk's key is gone. Re-enrol or restore.")


def begun(qtbot: QtBot, tmp_path: Path, opens: Opens) -> Start:
    """A start whose form is painted; nothing is loaded until the event loop comes round."""
    start = Start(tmp_path, opens)
    qtbot.addWidget(start.frame)
    start.frame.show()
    start.frame.activateWindow()
    return start


def settle(qtbot: QtBot, start: Start) -> None:
    program = start.program
    assert program is not None
    qtbot.waitUntil(lambda: program.runner.is_idle, timeout=20_000)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: program.runner.is_idle, timeout=20_000)


def test_it_loads_by_itself_after_the_first_paint(qtbot: QtBot, tmp_path: Path) -> None:
    start = begun(qtbot, tmp_path, Opened())
    assert start.program is None
    qtbot.waitUntil(lambda: start.program is not None, timeout=20_000)
    settle(qtbot, start)
    assert start.window.is_covered
    assert start.frame.centralWidget() is start.window


def test_what_was_typed_before_the_desk_was_open_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    start = begun(qtbot, tmp_path, Opened())
    assert start.frame.form is not None
    QTest.keyClicks(start.frame.form.name, "dana")
    start.load()
    settle(qtbot, start)
    boxes = {box.objectName(): box for box in start.frame.findChildren(QLineEdit)}
    assert boxes["signInName"].text() == "dana"
    assert start.program is not None
    assert start.program.sign_in.state.chosen is not None


def test_enter_pressed_too_early_signs_in(qtbot: QtBot, tmp_path: Path) -> None:
    start = begun(qtbot, tmp_path, Opened())
    form = start.frame.form
    assert form is not None
    QTest.keyClicks(form.name, "dana")
    QTest.keyClick(form.name, Qt.Key.Key_Return)
    assert start.frame.focusWidget() is form.pin
    QTest.keyClicks(form.pin, PINS["dana"])
    QTest.keyClick(form.pin, Qt.Key.Key_Return)
    start.load()
    settle(qtbot, start)
    qtbot.waitUntil(lambda: not start.window.is_covered, timeout=20_000)
    assert start.program is not None
    assert start.program.sign_in.person_id


def test_the_keys_of_the_shell_work_inside_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    start = begun(qtbot, tmp_path, Opened())
    form = start.frame.form
    assert form is not None
    QTest.keyClicks(form.name, "dana")
    QTest.keyClicks(form.pin, PINS["dana"])
    QTest.keyClick(form.pin, Qt.Key.Key_Return)
    start.load()
    settle(qtbot, start)
    qtbot.waitUntil(lambda: not start.window.is_covered, timeout=20_000)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is start.frame)
    QTest.keyClick(QApplication.focusWidget() or start.frame, Qt.Key.Key_F3)
    assert start.window.here is start.window.page("find")
    pressed: list[str] = []
    dialog = Dialog(start.window.page("find").window(), "Sure?", name="sure", act="Do it", keep="Keep")
    dialog.act.activated.connect(lambda: pressed.append("F12"))
    dialog.open_dialog()
    QTest.keyClick(QApplication.focusWidget() or start.frame, Qt.Key.Key_F2)
    assert start.window.here is start.window.page("find"), "a dialog lets no other key through"
    QTest.keyClick(QApplication.focusWidget() or start.frame, Qt.Key.Key_F12)
    assert pressed == ["F12"]
    start.close()


def test_a_desk_that_cannot_be_opened_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    start = begun(qtbot, tmp_path, cannot_open)
    start.load()
    assert start.failure is not None
    assert start.program is None
    assert start.window.is_covered
    start.close()


def test_closing_the_window_lets_go_of_the_desk(qtbot: QtBot, tmp_path: Path) -> None:
    opened = Opened()
    start = begun(qtbot, tmp_path, opened)
    start.load()
    settle(qtbot, start)
    start.close()
    assert opened.is_closed


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    """Each of these was measured: together they cost twice a bare start."""
    heavy = ("sqlalchemy", "reportlab", "msgspec", "sqlcipher3", "cryptography", "PySide6.QtSvg", "access_desk.services")
    code = (
        "import sys\nfrom access_desk.ui.start import Start, application\nfrom pathlib import Path\n"
        "app = application()\nstart = Start(Path('nowhere'), None)\nstart.show()\nstart.frame.grab()\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\nsys.stdout.flush()\nimport os\nos._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_a_practice_desk_says_who_can_sign_in_and_f1_how(qtbot: QtBot, tmp_path: Path) -> None:
    with open_for_window(tmp_path / "home") as opened:
        set_up_practice(opened.desk)
        start = Start(tmp_path, lambda _: _already(opened.desk))
        qtbot.addWidget(start.frame)
        start.show()
        start.load()
        settle(qtbot, start)
        assert start.program is not None
        assert "dana, PIN 402913: registrar" in _words(start)
        start.program.sign_in.help()
        assert "dana, PIN" not in _words(start)
        assert any("Enter, your PIN" in text for text in _words(start))
        start.program.sign_in.help()
        assert "dana, PIN 402913: registrar" in _words(start)
        start.close()


@contextmanager
def _already(desk: Desk) -> Iterator[Desk]:
    yield desk


def _words(start: Start) -> list[str]:
    return [label.text() for label in start.frame.findChildren(QLabel) if not label.isHidden()]
