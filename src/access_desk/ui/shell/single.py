"""One window per home: a second start brings the first one to the front and ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from access_desk.ui.shell.calling import call_address

CALL = b"to the front"
PATIENCE_MS = 500


def call_first(home: Path) -> bool:
    """Ask the window that has this home to come to the front; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(call_address(home))
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(CALL)
    socket.waitForBytesWritten(PATIENCE_MS)
    socket.disconnectFromServer()
    return True


class FrontDoor(QObject):
    """Listens for second starts."""

    def __init__(self, home: Path, come_to_front: Callable[[], object]) -> None:
        super().__init__()
        self._come_to_front = come_to_front
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # The home's lock is held, so whatever listens under this name is left over from a crash.
        QLocalServer.removeServer(call_address(home))
        self._server.listen(call_address(home))
        self._server.newConnection.connect(self._on_call)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _on_call(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.disconnected.connect(socket.deleteLater)
            self._come_to_front()
