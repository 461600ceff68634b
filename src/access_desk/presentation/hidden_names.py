"""What a screen that the public can see says of a patient, everywhere: ``V•••, M.``, the birth year, the end of a record number.

Names are hidden with Ctrl . (design, privacy). What is typed into the fields of a record stays legible to whoever types it; all
that the program itself shows of a person, in texts, accessible names and pictures of papers, goes through here.
"""

from __future__ import annotations

import re
from datetime import date

from access_desk.domain.patients.events import Demographics

DOTS = "•••"
COVERED = "Names are hidden, and this paper has one. It prints as it is; Ctrl . shows it."
# Beginnings of alerts that go on with somebody's name.
NOT_THIS, NAME_ALERT, NEWBORN_OF = "Not ", "Name alert: ", "Newborn of "
_TAIL = 4
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def hidden_name(person: Demographics) -> str:
    """``V•••, M.``."""
    family, given = person.family.strip(), person.given.strip()
    shown = f"{family[:1]}{DOTS}" if family else DOTS
    return f"{shown}, {given[0]}." if given else shown


def hidden_title(name: str) -> str:
    """The same of a name that is one text, family first; blank stays blank."""
    family, comma, given = name.strip().partition(", ")
    shown = f"{family[:1]}{DOTS}" if family else ""
    return f"{shown}, {given[:1]}." if comma and given else shown


def hidden_number(mrn: str) -> str:
    """``••••2001`` of a medical record number."""
    return f"••••{mrn[-_TAIL:]}" if mrn else ""


def hidden_birth(born: date | None) -> str:
    """``Born 1987``; blank when it is not known."""
    return f"Born {born.year}" if born else ""


def hidden_year(shown: str) -> str:
    """The year of a birth date as it is shown, ``1987`` of ``03/14/1987 (39 y)``; dots when it has none."""
    found = _YEAR.search(shown)
    return found.group() if found else hidden_text(shown)


def hidden_text(text: str) -> str:
    """Dots in place of a telephone number, an address, a member number; blank stays blank."""
    return DOTS if text.strip() else ""


def hidden_alert(text: str) -> str:
    """An alert without the name in it; one that names nobody stays."""
    for beginning in (NOT_THIS, NAME_ALERT, NEWBORN_OF):
        if text.startswith(beginning):
            return beginning + hidden_title(text[len(beginning) :])
    return text
