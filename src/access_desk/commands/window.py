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
    from access_desk.services.desk import Desk


def run(arguments: argparse.Namespace) -> int:
    """Show the window of a home; a new home becomes a practice desk at its first start."""
    home = arguments.home or Path(platformdirs.user_data_dir("access-desk", appauthor=False))
    return run_window(home, lambda fault: _opened(home, fault))


@contextmanager
def _opened(home: Path, fault: Callable[[], object]) -> Iterator[Desk]:
    app = importlib.import_module("access_desk.app")
    with app.open_for_window(home) as opened, app.logging_bugs(opened, fault):
        yield opened.desk
