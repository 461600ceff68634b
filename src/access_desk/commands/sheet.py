"""`access-desk sheet`: a cash sheet again, marked as a copy."""

from __future__ import annotations

import argparse
import sys

from access_desk import app
from access_desk.cli import DONE, WrongUseError
from access_desk.commands.paper_files import MOST_CUSTODIES, write_file
from access_desk.presentation.papers_drawing import CASH_SHEET, draw_paper
from access_desk.services.desk import Desk
from access_desk.services.journal import SYSTEM_ACTOR
from access_desk.services.papers import PaperKey


def run(arguments: argparse.Namespace) -> int:
    """Write the sheet and record that it was printed again."""
    with app.open_to_write(arguments.home, asked_for=arguments.facility) as opened:
        desk = opened.desk
        custody_id = _custody_id(desk, arguments.custody)
        paper = draw_paper(desk, PaperKey(CASH_SHEET, custody_id), SYSTEM_ACTOR, record=True)
        write_file(arguments.out, paper.pdf)
    sys.stdout.write(f"{paper.number}, {paper.copy_text}: {arguments.out}\n")
    return DONE


def _custody_id(desk: Desk, asked: str) -> str:
    for one in desk.view.last_custodies(most=MOST_CUSTODIES):
        if asked in (one.custody_id, desk.papers.number(one.custody_id)):
            return one.custody_id
    raise WrongUseError(f"{asked}: no custody has this id or sheet number")
