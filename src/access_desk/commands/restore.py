"""`access-desk restore`: a backup in the desk's place; what it replaces is kept beside it."""

from __future__ import annotations

import argparse
import sys

from access_desk import app
from access_desk.cli import DONE
from access_desk.system.clock import SystemClock
from access_desk.system.desk_backups import restore
from access_desk.system.home import Home


def run(arguments: argparse.Namespace) -> int:
    """Put the backup in place. The desk goes on in a new stream with new receipt series."""
    home = Home.at(arguments.home)
    replaced = f"desk-replaced-{SystemClock().now():%Y%m%dT%H%M%SZ}.db"
    with home.lock():
        restored = restore(home, arguments.file, app.ask_passphrase, replaced)
    kept = f"; what was there is kept in {restored.replaced}" if restored.replaced else ""
    sys.stdout.write(f"{restored.contents.events} events restored into {home.folder}{kept}\n")
    return DONE
