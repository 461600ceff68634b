"""`access-desk`: the window. Nothing heavy is loaded before the sign-in form is painted."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from access_desk.ui.start import run_window

if TYPE_CHECKING:
    from access_desk.app import OpenedDesk
    from access_desk.commands.door import HomeDoor
    from access_desk.commands.facilities import DeskFacilities
    from access_desk.services.desk import Desk
    from access_desk.sync.loop import SyncLoop


def run(arguments: argparse.Namespace) -> int:
    """Show the window of a home; in a new one a person chooses to practise or to join a central."""
    home = arguments.home or Path(platformdirs.user_data_dir("access-desk", appauthor=False))
    desks: list[OpenedDesk] = []
    doors: list[HomeDoor] = []

    def door() -> HomeDoor:
        if not doors:
            doors.append(importlib.import_module("access_desk.commands.door").HomeDoor(home))
        return doors[0]

    @contextmanager
    def opened(fault: Callable[[], object]) -> Iterator[Desk]:
        app = importlib.import_module("access_desk.app")
        with app.open_for_window(home, door().ask) as one, app.logging_bugs(one, fault):
            desks.append(one)
            yield one.desk

    def facilities() -> DeskFacilities:
        made: DeskFacilities = importlib.import_module("access_desk.commands.facilities").DeskFacilities(desks[-1])
        return made

    return run_window(home, opened, find_sync=lambda: _sync_of(desks[-1]), find_door=door, find_facilities=facilities)


def _sync_of(opened: OpenedDesk) -> SyncLoop | None:
    """What synchronizes the desk; the HTTP client is loaded for an enrolled one only."""
    enrollment = importlib.import_module("access_desk.system.enrollment")
    if enrollment.load_enrollment(opened.home.folder) is None:
        return None
    found: SyncLoop = importlib.import_module("access_desk.commands.rounds").sync_loop(opened)
    return found
