"""Expected visits as a scheduling system's CSV says them: columns in any order, real files being dirty."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from access_desk.domain.errors import DeskError
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.schedule.rules import check_details
from access_desk.domain.visits.events import VisitDetails
from access_desk.exchange.csv_lines import closed

COLUMNS = (
    *("source_id", "mrn", "family", "given", "birth_date", "scheduled_at", "type", "service", "location", "attending_npi"),
    *("reason", "pre_registered"),
)
NEEDED = ("source_id", "scheduled_at")
_NOTHING = {"", "null", "none", "n/a", "\\n"}
_YES = {"1", "y", "yes", "true", "x", "t"}
_NO = {"0", "n", "no", "false", "f"}
_MOMENTS = ("%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%m/%d/%y %I:%M %p", "%m/%d/%y %H:%M", "%Y%m%d%H%M")
_DATES = ("%m/%d/%Y", "%m-%d-%Y", "%Y%m%d")


class UnreadableFileError(Exception):
    """The file is no table of expected visits; the text says where and why."""


class UnusableRowError(Exception):
    """A row cannot be used; the text says why and names nobody."""


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    """The rows of a file as text. ``unknown`` are columns that mean nothing here; ``number`` counts the header as 1."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    unknown: tuple[str, ...]

    def visits(self, zone: ZoneInfo) -> Iterator[tuple[int, AppointmentDetails | str]]:
        """Each row as an expected visit, or why it is none."""
        for number, cells in self.rows:
            named = dict(zip((one.strip().casefold() for one in self.header), cells, strict=False))
            try:
                yield number, _details({name: _text(named.get(name, "")) for name in COLUMNS}, zone)
            except UnusableRowError as wrong:
                yield number, str(wrong)
            except DeskError as wrong:
                yield number, wrong.text


def read_schedule(path: Path) -> ScheduleFile:
    """Read a file. Raises UnreadableFileError; OSError is the caller's."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Real exports: the bytes of Windows-1252, of which five mean nothing.
        text = raw.decode("cp1252", errors="replace")
    # Old Macs end lines with a carriage return alone; StringIO tells all three kinds apart.
    lines = csv.reader(closed(io.StringIO(text, newline="")))
    try:
        header = tuple(next(lines, []))
        rows = tuple((number, tuple(cells)) for number, cells in enumerate(lines, 2) if any(cell.strip() for cell in cells))
    except csv.Error as wrong:
        raise UnreadableFileError(f"line {lines.line_num}: {wrong}") from wrong
    names = [one.strip().casefold() for one in header]
    missing = [one for one in NEEDED if one not in names]
    if missing:
        raise UnreadableFileError(f"line 1: the column {missing[0]} is missing")
    return ScheduleFile(header, rows, tuple(one for one in header if one.strip().casefold() not in COLUMNS))


def rejected_file(path: Path, read: ScheduleFile, reasons: dict[int, str]) -> None:
    """Write the rows that could not be used, as they were, with the reason in a column of its own."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*read.header, "rejected_because"])
        for number, cells in read.rows:
            if number in reasons:
                padded = (*cells, *("",) * (len(read.header) - len(cells)))
                writer.writerow([*padded[: len(read.header)], reasons[number]])


def _text(cell: str) -> str:
    return "" if cell.strip().casefold() in _NOTHING else cell.strip()


def _details(row: dict[str, str], zone: ZoneInfo) -> AppointmentDetails:
    visit = VisitDetails(
        row["type"].casefold() or "outpatient", row["service"], row["reason"], row["location"], row["attending_npi"]
    )
    details = AppointmentDetails(
        row["source_id"],
        _moment(row["scheduled_at"], zone),
        visit,
        row["mrn"],
        row["family"],
        row["given"],
        _date(row["birth_date"]) if row["birth_date"] else None,
        _flag(row["pre_registered"]),
    )
    check_details(details)
    return details


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """A moment; without a zone it is the facility's wall clock, the first of two when clocks go back."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _first_that_fits(text, _MOMENTS, "scheduled_at")
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text):
        raise UnusableRowError("scheduled_at has no time of day")
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return _first_that_fits(text, _DATES, "birth_date").date()


def _first_that_fits(text: str, forms: tuple[str, ...], column: str) -> datetime:
    for form in forms:
        try:
            # A wall clock without its zone, which the caller gives it.
            return datetime.strptime(" ".join(text.split()), form)  # noqa: DTZ007
        except ValueError:
            continue
    raise UnusableRowError(f"{column} cannot be read")


def _flag(text: str) -> bool:
    if text.casefold() in _YES:
        return True
    if not text or text.casefold() in _NO:
        return False
    raise UnusableRowError("pre_registered is neither yes nor no")
