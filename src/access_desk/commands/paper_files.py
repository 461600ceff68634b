"""Writing papers to a folder: cash sheets, receipts, handoff sheets, end-of-shift reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import chain, count
from pathlib import Path

from access_desk.cli import WrongUseError
from access_desk.documents.cash_sheet import render_cash_sheet
from access_desk.documents.handoff import render_handoff_sheet
from access_desk.documents.receipt import render_receipt
from access_desk.documents.shift_report import render_shift_report
from access_desk.services.desk import Desk
from access_desk.services.paper_parts import Printing
from access_desk.services.papers import PaperKey

MOST_CUSTODIES = 100_000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def safe_name(text: str) -> str:
    """A file name made of a paper's number: no folder, no hidden file, nothing a shell minds."""
    return _UNSAFE.sub("-", text).strip(".-") or "paper"


def write_all(desk: Desk, folder: Path) -> list[str]:
    """Every paper of the desk's facility: their file names, cash sheets first."""
    custodies = list(reversed(desk.view.last_custodies(most=MOST_CUSTODIES)))
    names: list[str] = []
    for one in custodies:
        if one.closed_at is not None:
            names.append(_write(desk, folder, names, PaperKey("cash-sheet", one.custody_id), cash_sheet(desk, one.custody_id)))
    for one in custodies:
        if one.handed_over_by is not None:
            key = PaperKey("handoff-sheet", one.custody_id)
            names.append(_write(desk, folder, names, key, handoff_sheet(desk, one.custody_id)))
    for one in custodies:
        book = desk.view.book(one.custody_id)
        for row in book.receipts if book else ():
            names.append(_write(desk, folder, names, PaperKey("receipt", row.payment_id), receipt(desk, row.payment_id)))
    for day, shift in dict.fromkeys((one.business_date, one.shift) for one in custodies):
        key = PaperKey("end-of-shift", f"{day.isoformat()}/{shift}")
        names.append(_write(desk, folder, names, key, shift_report(desk, day, shift)))
    return names


Draw = Callable[[Printing], tuple[str, bytes]]


def cash_sheet(desk: Desk, custody_id: str) -> Draw:
    """Draws a cash sheet: its file name and its bytes."""

    def draw(printing: Printing) -> tuple[str, bytes]:
        content = desk.papers.cash_sheet(printing, custody_id)
        return f"cash-sheet-{content.number}", render_cash_sheet(content)

    return draw


def handoff_sheet(desk: Desk, custody_id: str) -> Draw:
    """Draws a handoff sheet."""

    def draw(printing: Printing) -> tuple[str, bytes]:
        content = desk.papers.handoff_sheet(printing, custody_id)
        return f"handoff-{content.number}", render_handoff_sheet(content)

    return draw


def receipt(desk: Desk, payment_id: str) -> Draw:
    """Draws a receipt."""

    def draw(printing: Printing) -> tuple[str, bytes]:
        content = desk.papers.receipt(printing, payment_id)
        return f"receipt-{content.number}", render_receipt(content)

    return draw


def shift_report(desk: Desk, day: date, shift: str | None) -> Draw:
    """Draws an end-of-shift report."""

    def draw(printing: Printing) -> tuple[str, bytes]:
        content = desk.papers.shift_report(printing, day, shift)
        return f"end-of-shift-{day.isoformat()}-{shift or 'all'}", render_shift_report(content)

    return draw


def _write(desk: Desk, folder: Path, taken: list[str], key: PaperKey, draw: Draw) -> str:
    printing = desk.papers.printing(key, None)
    name, content = draw(printing)
    desk.papers.record_print(key, printing, None)
    plain = safe_name(name)
    # Two drawers whose names differ only in characters that no file name may have.
    unused = next(one for one in chain([plain], (f"{plain}_{n}" for n in count(2))) if f"{one}.pdf" not in taken)
    write_file(folder / f"{unused}.pdf", content)
    return f"{unused}.pdf"


def write_file(path: Path, content: bytes) -> None:
    """Write a paper whole or not at all. Raises WrongUseError when the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".part")
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as wrong:
        raise WrongUseError(f"{path}: {wrong.strerror or 'it cannot be written'}") from wrong
