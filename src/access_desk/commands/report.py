"""`access-desk report end-of-shift`: the supervisor's report of a business date and shift; other reports are beside it."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from access_desk import app
from access_desk.cli import DONE, WrongUseError
from access_desk.commands import report_emtala, report_quality
from access_desk.commands.paper_files import write_file
from access_desk.presentation.papers_drawing import draw_paper, shift_key
from access_desk.services.journal import SYSTEM_ACTOR


def run(arguments: argparse.Namespace) -> int:
    """Write the report and record that it was printed."""
    other = {"emtala": report_emtala.run, "quality": report_quality.run, "rules": report_quality.rules}.get(arguments.report)
    if other is not None:
        return other(arguments)
    if arguments.date is None or arguments.out is None:
        raise WrongUseError("end-of-shift needs --date and --out")
    try:
        day = date.fromisoformat(arguments.date)
    except ValueError as wrong:
        raise WrongUseError(f"--date {arguments.date}: a date like 2026-11-23 is needed") from wrong
    with app.open_to_write(arguments.home, asked_for=arguments.facility) as opened:
        desk = opened.desk
        shifts = [shift.name for shift in desk.view.facility().policy.shifts]
        if arguments.shift is not None and arguments.shift not in shifts:
            raise WrongUseError(f"--shift {arguments.shift}: the shifts here are {', '.join(shifts)}")
        paper = draw_paper(desk, shift_key(day, arguments.shift), SYSTEM_ACTOR, record=True)
        write_file(arguments.out, paper.pdf)
    sys.stdout.write(f"{paper.number}, {paper.copy_text}: {arguments.out}\n")
    return DONE
