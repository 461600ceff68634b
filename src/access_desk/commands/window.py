"""`access-desk`: the window. Nothing heavy is loaded before the sign-in form is painted."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
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
    return run_window(home, lambda: _opened(home))


@contextmanager
def _opened(home: Path) -> Iterator[Desk]:
    with importlib.import_module("access_desk.app").open_for_window(home) as opened:
        yield opened.desk
