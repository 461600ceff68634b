"""Slow calls leave the screen's thread here: one worker, and one way back to Qt."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class _Task:
    call: Callable[[], Any]
    done: Callable[[Any], object]
    failed: Callable[[Exception], object]


class TaskRunner(QObject):
    """Runs calls one after the other on the thread ``desk-task``; answers come back on Qt's own thread, in order.

    Attributes:
        working: emitted with True when the first task is taken up and False when none is left.
    """

    working = Signal(object)
    _arrived = Signal(object)
    _meanwhile = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._left = 0
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._meanwhile.connect(self._on_meanwhile, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="desk-task", daemon=True)
        self._thread.start()

    def run(
        self, call: Callable[[], _Answer], done: Callable[[_Answer], object], failed: Callable[[Exception], object], /
    ) -> None:
        """Call on the worker, then ``done`` with the answer or ``failed`` with the error, here."""
        self._left += 1
        if self._left == 1:
            self.working.emit(True)
        self._tasks.put(_Task(call, done, failed))

    def here(self, call: Callable[[], object]) -> None:
        """Have something done on Qt's thread, from the worker's, while the task there goes on."""
        self._meanwhile.emit(call)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is running and no answer is on its way."""
        return self._left == 0

    def stop(self, patience_s: float = 10.0) -> None:
        """Finish everything that was asked for, then end the thread."""
        self._tasks.put(None)
        self._thread.join(patience_s)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                answer = task.call()
            except Exception as wrong:  # noqa: BLE001 - whatever it is, the screen is told
                self._arrived.emit((task.failed, wrong))
            else:
                self._arrived.emit((task.done, answer))

    @Slot(object)
    def _on_arrived(self, arrived: tuple[Callable[[Any], object], Any]) -> None:
        hears, answer = arrived
        self._left -= 1
        if self._left == 0:
            self.working.emit(False)
        hears(answer)

    @Slot(object)
    def _on_meanwhile(self, call: Callable[[], object]) -> None:
        call()


class LongRunner(QObject):
    """Runs one call at a time for minutes or hours, on the thread ``desk-long``, so that nothing short waits behind it."""

    _arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._halt = threading.Event()
        self._thread: threading.Thread | None = None

    def run(
        self,
        call: Callable[[Callable[[float], object], Callable[[], bool]], _Answer],
        progress: Callable[[float], object],
        done: Callable[[_Answer], object],
        failed: Callable[[Exception], object],
        /,
    ) -> Callable[[], object]:
        """Call with how to say how far it is and how to ask whether to stop; answers come back on Qt's own thread.

        Returns what asks it to stop. One that still runs is asked to stop, and waited for by the thread of the next.
        """
        self._halt.set()
        before, halt = self._thread, threading.Event()

        def work() -> None:
            if before is not None:
                before.join()
            try:
                answer = call(lambda part: self._arrived.emit((progress, part)), halt.is_set)
            except Exception as wrong:  # noqa: BLE001 - whatever it is, the screen is told
                self._arrived.emit((failed, wrong))
            else:
                self._arrived.emit((done, answer))

        self._halt, self._thread = halt, threading.Thread(target=work, name="desk-long", daemon=True)
        self._thread.start()
        return halt.set

    def stop(self, patience_s: float = 10.0) -> None:
        """Ask what runs to stop, and wait for it."""
        self._halt.set()
        if self._thread is not None:
            self._thread.join(patience_s)

    @Slot(object)
    def _on_arrived(self, arrived: tuple[Callable[[Any], object], Any]) -> None:
        hears, answer = arrived
        hears(answer)
