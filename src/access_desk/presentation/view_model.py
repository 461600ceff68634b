"""What every view-model is: one frozen state, intents that change it, and a view that hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_State = TypeVar("_State")


class ViewModel(Generic[_State]):
    """Holds the state of one screen. Intents are methods; ``on_change`` hears of every new state."""

    def __init__(self, state: _State) -> None:
        self.state = state
        self.on_change: list[Callable[[_State], object]] = []

    def _show(self, state: _State) -> None:
        """Take a new state and tell the view."""
        self.state = state
        for hears in tuple(self.on_change):
            hears(state)

    def detach(self) -> None:
        """The view is gone: late answers change the state but reach nobody."""
        self.on_change.clear()
