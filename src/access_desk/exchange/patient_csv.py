"""The patient index of another system as CSV, dirty as real files are.

UTF-8 or, line by line, Latin-1 bytes; blank cells, ``NULL``, two-digit years, a whole name in one cell. Only a row without
``source_id`` or without any name is rejected; what cannot be read as its field's kind is kept as typed and marked.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from access_desk.domain.errors import DeskError
from access_desk.domain.identifiers import check_ssn
from access_desk.domain.matching.dates import read_birth_date
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.exchange.csv_lines import closed

COLUMNS: Final = tuple(name for name in ImportedRow._fields if name != "unreadable")
_NOTHING: Final = frozenset(("", "null", "none", "nan", "n/a", "na", "(null)", "\\n", "-", "nil"))
_SEXES: Final = {
    "f": "female", "female": "female", "w": "female", "woman": "female", "m": "male", "male": "male", "man": "male",
    "o": "other", "other": "other", "x": "other", "nonbinary": "other", "u": "unknown", "unknown": "unknown",
}  # fmt: skip
_SSN_DIGITS: Final = 9
# A carriage return that ends no line.
_LONE_RETURN: Final = re.compile(rb"\r(?!\r*\n)")


class UnreadableCsvError(Exception):
    """The file is no patient index; the text is one line: what and where."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be loaded, as it was, with the reason."""

    line: int
    cells: tuple[str, ...]
    reason: str


class PatientCsv:
    """Reads one file. ``header`` are its columns as they are; ``unknown`` those of them that are ignored."""

    def __init__(self, path: Path, today: date) -> None:
        self._path = path
        self._today = today
        try:
            with path.open("rb") as stream:
                self.header = tuple(next(csv.reader(closed(_lines(stream)), strict=False), ()))
        except OSError as wrong:
            raise UnreadableCsvError(f"{path}: it cannot be read ({wrong.strerror})") from wrong
        except csv.Error as wrong:
            raise UnreadableCsvError(f"{path}: line 1 is no header of a CSV file") from wrong
        names = [_plain(name) for name in self.header]
        self._places = {name: names.index(name) for name in COLUMNS if name in names}
        self.unknown = tuple(shown for shown, name in zip(self.header, names, strict=True) if name and name not in COLUMNS)
        if "source_id" not in self._places or not {"family", "given"} & set(self._places):
            raise UnreadableCsvError(f"{path}: the header needs source_id, and family or given")
        self._read_date = lru_cache(65_536)(lambda text: read_birth_date(text, today))

    def rows(self) -> Iterator[ImportedRow | Rejected]:
        """Every row of the file. Raises UnreadableCsvError when it stops being readable."""
        line = 1
        try:
            with self._path.open("rb") as stream:
                reader = csv.reader(closed(_lines(stream)), strict=False)
                next(reader, None)
                for cells in reader:
                    line = reader.line_num
                    if any(cells):
                        yield self._row(cells, line)
        except OSError as wrong:
            raise UnreadableCsvError(f"{self._path}: it cannot be read ({wrong.strerror})") from wrong
        except csv.Error as wrong:
            raise UnreadableCsvError(f"{self._path}: the row after line {line} is no CSV") from wrong

    def _row(self, cells: Sequence[str], line: int) -> ImportedRow | Rejected:
        found = {name: cells[place].strip() if place < len(cells) else "" for name, place in self._places.items()}
        found = {name: "" if text.lower() in _NOTHING else text for name, text in found.items()}
        text = found.get
        if not text("source_id"):
            return Rejected(line, tuple(cells), "no source_id")
        family, given, middle = text("family", ""), text("given", ""), text("middle", "")
        if not (family or given):
            return Rejected(line, tuple(cells), "no name")
        family, given, middle = _whole_name(family, given, middle)
        unreadable: dict[str, str] = {}
        born = self._born(text("birth_date", ""), unreadable)
        sex = _SEXES.get(text("sex", "").lower(), "")
        if text("sex") and not sex:
            unreadable["sex"] = text("sex", "")
        ssn = text("ssn", "")
        if ssn and not _is_possible(ssn):
            unreadable["ssn"] = ssn
        return ImportedRow(
            source_id=text("source_id", ""),
            # The number by which the other system knows the person is the one they have until they get another.
            mrn=text("mrn", "") or text("source_id", ""),
            family=family,
            given=given,
            middle=middle,
            suffix=text("suffix", ""),
            birth_date=born,
            sex=sex or "unknown",
            ssn=ssn,
            phone=text("phone", ""),
            email=text("email", ""),
            line=text("line", ""),
            city=text("city", ""),
            state=text("state", ""),
            zip=text("zip", ""),
            unreadable=unreadable,
        )

    def _born(self, typed: str, unreadable: dict[str, str]) -> str:
        if not typed:
            return ""
        born = self._read_date(typed)
        if born is None:
            unreadable["birth_date"] = typed
            return ""
        return born.isoformat()


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines as text: UTF-8, or Latin-1 where a line is no UTF-8, so that one bad cell does not spoil the others.

    A file of an old Mac ends its lines with carriage returns; in any other one that stands by itself is a blank in a cell.
    """
    first = True
    splits = False
    for line in stream:
        clean = line.replace(b"\0", b"")
        if first:
            clean = clean.removeprefix(b"\xef\xbb\xbf")
            splits, first = bool(_LONE_RETURN.search(clean)), False
        if b"\r" in clean:
            clean = _LONE_RETURN.sub(b"\n" if splits else b" ", clean)
        for one in clean.splitlines(keepends=True) if splits else (clean,):
            try:
                yield one.decode("utf-8")
            except UnicodeDecodeError:
                yield one.decode("latin-1")


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _whole_name(family: str, given: str, middle: str) -> tuple[str, str, str]:
    """``DOE, JANE Q`` in one cell is taken apart; anything else stays as it is."""
    for whole, other in ((family, given), (given, family)):
        last, comma, first = whole.partition(",")
        if comma and not other and last.strip() and first.strip():
            words = first.split()
            if len(words) > 1 and not middle:
                return last.strip(), words[0], " ".join(words[1:])
            return last.strip(), first.strip(), middle
    return family, given, middle


def _is_possible(ssn: str) -> bool:
    digits = "".join(one for one in ssn if "0" <= one <= "9")
    if len(digits) != _SSN_DIGITS:
        return False
    try:
        check_ssn(f"{digits[:3]}-{digits[3:5]}-{digits[5:]}")
    except DeskError:
        return False
    return True
