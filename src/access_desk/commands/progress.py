"""How far a command is, for whoever looks."""

from __future__ import annotations

import sys
import time

_SOON_S = 1.0


class Progress:
    """A line on stderr that says how far it is, when it takes long and somebody looks."""

    def __init__(self) -> None:
        self._begun = self._said = time.monotonic()
        self._shown = False

    def say(self, text: str) -> None:
        """Say it, at most once a second."""
        now = time.monotonic()
        if sys.stderr.isatty() and now - self._said >= _SOON_S:
            self._said, self._shown = now, True
            sys.stderr.write(f"\r{text} ")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            sys.stderr.write("\n")
