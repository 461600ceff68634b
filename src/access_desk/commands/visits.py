"""`access-desk visits import`: what a scheduling system expects, from a CSV file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from access_desk import app
from access_desk.cli import DONE, WrongUseError
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.exchange.schedule_csv import ScheduleFile, UnreadableFileError, read_schedule, rejected_file
from access_desk.services.desk import Desk


def run(arguments: argparse.Namespace) -> int:
    """Import the good rows; the others go to FILE.rejected.csv with the reason."""
    path: Path = arguments.file
    try:
        read = read_schedule(path)
    except OSError as wrong:
        raise WrongUseError(f"{path}: {wrong.strerror or 'it cannot be read'}") from wrong
    except UnreadableFileError as wrong:
        raise WrongUseError(f"{path}: {wrong}") from wrong
    if read.unknown:
        sys.stderr.write(f"columns that mean nothing here: {', '.join(read.unknown)}\n")
    with app.open_to_write(arguments.home, asked_for=arguments.facility) as opened:
        if opened.desk.journal.facility_id == app.NO_FACILITY:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "This desk has no facility yet. Start the window once, or enroll it.")
        recorded, known, reasons = _imported(opened.desk, read)
    beside = path.with_name(f"{path.stem}.rejected.csv")
    if reasons:
        try:
            rejected_file(beside, read, reasons)
        except OSError as wrong:
            raise WrongUseError(f"{beside}: {wrong.strerror or 'it cannot be written'}") from wrong
    said = f"{recorded} expected visits recorded, {known} known already, {len(reasons)} rejected"
    sys.stdout.write(said + (f": see {beside}\n" if reasons else "\n"))
    return DONE


def _imported(desk: Desk, read: ScheduleFile) -> tuple[int, int, dict[int, str]]:
    reasons: dict[int, str] = {}
    zone = ZoneInfo(desk.view.facility().timezone)

    def good() -> Iterator[tuple[int, AppointmentDetails]]:
        for number, found in read.visits(zone):
            if isinstance(found, str):
                reasons[number] = found
            else:
                yield number, found

    recorded = known = 0
    for batch in desk.schedule.import_rows(good()):
        recorded, known = recorded + batch.recorded, known + batch.known
        reasons.update(batch.rejected)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{recorded + known + len(reasons)} of {len(read.rows)} rows")
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    return recorded, known, reasons
