"""A hospital begins: its first desk joins a real central in the window, the second one's staff comes by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from access_desk.app import open_for_window
from access_desk.commands.door import HomeDoor
from access_desk.commands.rounds import sync_loop
from access_desk.services.desk import Desk
from access_desk.sync.loop import SyncLoop
from access_desk.ui.start import Start
from tests.end_to_end.test_two_desks import ENVIRONMENT, desk

pytestmark = [
    pytest.mark.qt_log_ignore("propagateSizeHints"),
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]
PASSPHRASE, PIN = "correct horse battery", "908172"
LONG_MS = 60_000


@pytest.fixture
def central(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A real central, for real desks: its address and its home."""
    home = tmp_path / "central"
    command = [sys.executable, "-m", "access_desk", "central", "serve", "--home", str(home), "--port", "0"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert running.stdout is not None
    line = running.stdout.readline()
    yield line.split()[-1], home
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=60) == 0
    running.stdout.close()


class Window:
    """The program in a new folder, and hands on its keyboard."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        door = HomeDoor(home)
        self.loops: list[SyncLoop] = []

        @contextmanager
        def opened(fault: object) -> Iterator[Desk]:
            del fault
            with open_for_window(home, door.ask) as one:
                self.loops.append(sync_loop(one))
                yield one.desk

        self.start = Start(home, opened, find_sync=lambda: self.loops[-1], find_door=lambda: door)
        qtbot.addWidget(self.start.frame)
        self.start.frame.resize(1366, 768)
        self.start.show()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.start.frame)
        self.start.load()

    def box(self, name: str) -> QLineEdit:
        found = self.start.frame.findChild(QLineEdit, name)
        assert found is not None
        return found

    def type(self, **texts: str) -> None:
        for name, text in texts.items():
            self.box(name).setFocus()
            QTest.keyClicks(self.box(name), text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.start.frame, key, modifier)

    def join(self, url: str, code: str, label: str) -> None:
        self.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
        self.type(joinUrl=url, joinCode=code.lower(), joinLabel=label, joinPassphrase=PASSPHRASE, joinAgain=PASSPHRASE)
        self.press(Qt.Key.Key_F12)
        self.qtbot.waitUntil(lambda: self.start.program is not None, timeout=LONG_MS)

    def sign_in(self, key: str, pin: str) -> None:
        program = self.start.program
        assert program is not None
        self.qtbot.waitUntil(lambda: self.box("signInName").isVisible() and bool(program.sign_in.state.staff), timeout=LONG_MS)
        self.type(signInName=key)
        self.press(Qt.Key.Key_Return)
        self.type(signInPin=pin)
        self.press(Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: not self.start.window.is_covered, timeout=LONG_MS)

    def close(self) -> None:
        self.start.close()
        QApplication.processEvents()


def test_the_first_desk_begins_the_hospital_and_the_second_has_its_staff(
    qtbot: QtBot, tmp_path: Path, central: tuple[str, Path]
) -> None:
    url, home = central

    def code() -> str:
        return desk("central", "enrollment-code", "--facility", "LF", "--home", home).splitlines()[-1]

    first = Window(qtbot, tmp_path / "first")
    first.join(url, code(), "Admitting 1")
    qtbot.waitUntil(lambda: first.box("begin_name").isVisible(), timeout=LONG_MS)
    first.type(begin_name="Larkin Falls General", begin_person="Ines Salcedo", begin_key="ines", beginPin=PIN, beginPinAgain=PIN)
    first.press(Qt.Key.Key_F12)
    first.sign_in("ines", PIN)
    begun = first.start.program
    assert begun is not None
    first.loops[-1].poke()
    done = lambda: not begun.desk.outbox.look().waiting and not first.loops[-1].status.is_running  # noqa: E731
    qtbot.waitUntil(done, timeout=LONG_MS)
    first.close()

    second = Window(qtbot, tmp_path / "second")
    second.join(url, code(), "Admitting 2")
    second.sign_in("ines", PIN)
    program = second.start.program
    assert program is not None
    assert program.desk.view.facility().name == "Larkin Falls General"
    assert not program.desk.practice
    second.close()
    assert os.environ.get("ACCESS_DESK_PASSPHRASE_FILE") is None

    again = Window(qtbot, tmp_path / "second")
    again.type(joinUnseal="a wrong passphrase")
    again.press(Qt.Key.Key_Return)
    assert again.start.program is None
    again.type(joinUnseal=PASSPHRASE)
    again.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: again.start.program is not None, timeout=LONG_MS)
    again.sign_in("ines", PIN)
    again.close()
