"""What pages are made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from access_desk.presentation.drawer_session import MoneySession, Run
from access_desk.presentation.index_sweep import RunLong
from access_desk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class PageContext:
    """The desk, who is at it (asked each time: people take turns), the task runner's ``run``, one for what takes long, and when
    this desk last met central (aware, UTC; None when it did not, or has none).
    """

    desk: Desk
    who: Callable[[], str]
    run: Run
    run_long: RunLong
    last_contact: Callable[[], datetime | None] = lambda: None

    @property
    def session(self) -> MoneySession:
        """What money view-models are made with."""
        return MoneySession(self.desk, self.who, self.run)
