"""Writing papers to a folder: cash sheets, receipts, handoff sheets, end-of-shift reports."""

from __future__ import annotations

import re
from itertools import chain, count
from pathlib import Path

from access_desk.cli import WrongUseError
from access_desk.presentation.papers_drawing import CASH_SHEET, HANDOFF_SHEET, RECEIPT, draw_paper, shift_key
from access_desk.services.desk import Desk
from access_desk.services.journal import SYSTEM_ACTOR
from access_desk.services.papers import PaperKey

MOST_CUSTODIES = 100_000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def safe_name(text: str) -> str:
    """A file name made of a paper's number: no folder, no hidden file, nothing a shell minds."""
    return _UNSAFE.sub("-", text).strip(".-") or "paper"


def write_all(desk: Desk, folder: Path) -> list[str]:
    """Every paper of the desk's facility: their file names, cash sheets first."""
    custodies = list(reversed(desk.view.last_custodies(most=MOST_CUSTODIES)))
    keys = [PaperKey(CASH_SHEET, one.custody_id) for one in custodies if one.closed_at is not None]
    keys += [PaperKey(HANDOFF_SHEET, one.custody_id) for one in custodies if one.handed_over_by is not None]
    for one in custodies:
        book = desk.view.book(one.custody_id)
        keys += [PaperKey(RECEIPT, row.payment_id) for row in (book.receipts if book else ())]
    keys += [shift_key(day, shift) for day, shift in dict.fromkeys((one.business_date, one.shift) for one in custodies)]
    names: list[str] = []
    for key in keys:
        paper = draw_paper(desk, key, SYSTEM_ACTOR, record=True)
        plain = safe_name(f"{key.document}-{paper.number}")
        # Two drawers' names may differ only in characters that no file name may have.
        unused = next(name for name in chain([plain], (f"{plain}_{n}" for n in count(2))) if f"{name}.pdf" not in names)
        write_file(folder / f"{unused}.pdf", paper.pdf)
        names.append(f"{unused}.pdf")
    return names


def write_file(path: Path, content: bytes) -> None:
    """Write a paper whole or not at all. Raises WrongUseError when the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".part")
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as wrong:
        raise WrongUseError(f"{path}: {wrong.strerror or 'it cannot be written'}") from wrong
