"""`access-desk backup`: an encrypted copy of the desk, verified after writing."""

from __future__ import annotations

import argparse
import sys

from access_desk import app
from access_desk.cli import DONE
from access_desk.system.desk_backups import back_up


def run(arguments: argparse.Namespace) -> int:
    """Write the backup; works beside an open window."""
    with app.open_to_read(arguments.home) as opened:
        made = back_up(opened.files, arguments.file, app.ask_passphrase)
    keys = f"its keys are in {made.keys}" if made.keys else "its keys stayed on this computer: it can be restored only here"
    sys.stdout.write(f"{made.contents.events} events in {arguments.file}, verified; {keys}\n")
    return DONE
