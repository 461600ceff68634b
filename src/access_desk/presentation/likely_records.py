"""Likely records side by side with somebody who is about to get a new one: what agrees, what differs and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from access_desk.domain.full_name import name_pieces
from access_desk.domain.matching.comparison import AGREEING
from access_desk.domain.patients.commands import comparable
from access_desk.domain.patients.events import Demographics
from access_desk.domain.privacy.rules import PROTECTING
from access_desk.presentation.find_patient_columns import Cell, Column, alert_cell, last_visit_text, linked_text, protected_cells
from access_desk.presentation.hidden_names import hidden_alert, hidden_number, hidden_text, hidden_title, hidden_year
from access_desk.presentation.registration_dates import shown_age, shown_date
from access_desk.presentation.registration_fields import SEX_CHOICES, choice_word
from access_desk.presentation.registration_form import shown_person
from access_desk.services.likely_records import LikelyRecord

TITLES: Final = ("Name", "Birth date", "Sex", "Phone", "Address", "SSN, last 4", "Email", "Last visit", "Alerts")
SHOWN_AT_ONCE: Final = 3
SAY_WHY: Final = "Say why a second record is made."
_LAST = 4
_NOT_TYPED, _NOT_KNOWN = "Not typed", "Not known"
# Field of the comparison by row; the name and what is not compared have none.
_FIELDS: Final = ("", "birth_date", "sex", "phone", "address", "ssn", "email", "", "")
_SAME: Final = ("exact", "serial")
_NAME_PARTS: Final = ("family", "given", "middle", "suffix")


@dataclass(frozen=True, slots=True)
class Beside:
    """What was typed, and the records that are likely this person's. ``first`` and ``selected`` count from 0 over all columns.

    ``is_filing``: the registration is filed once a reason was given; else somebody only wanted to compare.
    """

    columns: tuple[Column, ...]
    typed: tuple[str, ...]
    first: int = 0
    selected: int = 0
    titles: tuple[str, ...] = TITLES
    is_filing: bool = True

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns on screen."""
        return self.columns[self.first : self.first + SHOWN_AT_ONCE]

    @property
    def heading(self) -> str:
        """``2 records are alike``."""
        count = len(self.columns)
        return "1 record is alike" if count == 1 else f"{count} records are alike"

    @property
    def ids(self) -> tuple[str, ...]:
        """The records."""
        return tuple(one.patient_id for one in self.columns)

    def moved(self, step: int) -> Beside:
        """With the next or previous record; the columns scroll."""
        selected = min(max(self.selected + step, 0), len(self.columns) - 1)
        return replace(self, selected=selected, first=min(max(self.first, selected - SHOWN_AT_ONCE + 1), selected))


def beside(
    likely: Sequence[LikelyRecord],
    typed: Demographics,
    today: date,
    flags: Mapping[str, frozenset[str]],
    suffix_after: str,
) -> Beside:
    """The records beside what was typed; of a protected record no more than tells people apart."""
    columns = tuple(_column(one, typed, today, flags.get(one.found.patient_id, frozenset()), suffix_after) for one in likely)
    texts = _texts(typed, today, suffix_after, blank=_NOT_TYPED)
    return Beside(columns, (*texts, "", ""))


def _column(one: LikelyRecord, typed: Demographics, today: date, flags: frozenset[str], suffix_after: str) -> Column:
    found, levels = one.found, one.levels
    theirs = _texts(found.demographics, today, suffix_after, blank=_NOT_KNOWN)
    cells = [_name_cell(typed, found.demographics, levels, suffix_after)]
    for text, mine, field in zip(theirs[1:], _texts(typed, today, suffix_after, blank="")[1:], _FIELDS[1:], strict=False):
        cells.append(_cell(field, text, mine, levels[field]))
    cells += [
        Cell(((last_visit_text(found), False),)),
        alert_cell(found, flags, linked_text(one.linked, suffix_after), is_twin=_is_twin(levels)),
    ]
    shown = tuple(cells)
    if flags & PROTECTING:
        shown = protected_cells(shown)
    chip, kind, icon = _chip(one)
    name = shown_person(found.demographics, suffix_after, unidentified=found.unidentified)
    return Column(
        patient_id=found.patient_id,
        name=name,
        mrn=found.mrn,
        chip=chip,
        kind=kind,
        icon=icon,
        is_strong=one.is_refused or one.band == "same",
        cells=shown,
        retired_mrn=one.retired_mrn,
    )


def hidden_beside(shown: Beside) -> Beside:
    """The same marks, and no more of anybody than a screen that the public sees may say."""
    columns = (
        replace(
            one,
            name=hidden_title(one.name),
            mrn=hidden_number(one.mrn),
            retired_mrn=hidden_number(one.retired_mrn),
            cells=tuple(replace(cell, pieces=((_hidden(cell.text, place), False),)) for place, cell in enumerate(one.cells)),
        )
        for one in shown.columns
    )
    typed = tuple(_hidden(text, place) for place, text in enumerate(shown.typed))
    return replace(shown, columns=tuple(columns), typed=typed)


def _hidden(text: str, place: int) -> str:
    if text in (_NOT_TYPED, _NOT_KNOWN) or TITLES[place] in ("Sex", "Last visit"):
        return text
    match TITLES[place]:
        case "Name":
            return hidden_title(text)
        case "Birth date":
            return hidden_year(text)
        case "Alerts":
            return hidden_alert(text)
    return hidden_text(text)


def _chip(one: LikelyRecord) -> tuple[str, str, str]:
    if one.is_refused or one.band == "same":
        return "Strong match", "balanced", "check-check"
    if _is_twin(one.levels):
        return "Perhaps a twin", "attention", "users"
    return "Partial match", "attention", "triangle-alert"


def _is_twin(levels: Mapping[str, str]) -> bool:
    same = levels["family"] in AGREEING and levels["birth_date"] == "exact" and levels["order"] == "straight"
    return same and levels["given"] in ("different", "similar")


def _texts(person: Demographics, today: date, suffix_after: str, blank: str) -> tuple[str, ...]:
    ssn = "".join(letter for letter in person.ssn if letter.isdecimal())
    born = f"{shown_date(person.birth_date)}, {shown_age(person.birth_date, today)}" if person.birth_date else ""
    sex = "" if person.sex == "unknown" else choice_word(SEX_CHOICES, person.sex)
    address = ", ".join(part for part in (person.line, person.city, person.zip) if part.strip())
    known = any(getattr(person, name).strip() for name in _NAME_PARTS)
    name = shown_person(person, suffix_after) if known else ""
    tail = f"••• {ssn[-_LAST:]}" if ssn else ""
    return tuple(text or blank for text in (name, born, sex, person.phone, address, tail, person.email))


def _name_cell(typed: Demographics, on_file: Demographics, levels: Mapping[str, str], suffix_after: str) -> Cell:
    """Which part of the name differs; a middle name that only one has says nothing."""
    differs = {name: levels[name] not in (*_SAME, "missing") for name in _NAME_PARTS}
    # Two spellings that compare alike, such as Peggy and Peggy Ann, are no difference; exchanged names are one.
    swapped = levels["order"] == "swapped"
    pieces = name_pieces(on_file.family, on_file.given, on_file.middle, on_file.suffix, suffix_after)
    shown = tuple((text, bool(field) and (differs[field] or swapped)) for field, text in pieces)
    if not shown:
        return Cell(((_NOT_KNOWN, False),))
    if any(is_other for _, is_other in shown):
        return Cell(shown, "differs")
    is_said = any(comparable(getattr(typed, name)) for name in ("family", "given"))
    return Cell(shown, "agrees" if is_said else "plain")


def _cell(field: str, text: str, typed: str, level: str) -> Cell:
    if level == "missing":
        return Cell(((text, False),))
    if level in _SAME:
        return Cell(((text, False),), "agrees")
    same = 0
    while same < min(len(text), len(typed)) and text[same] == typed[same]:
        same += 1
    end = len(text.partition(",")[0]) if field == "birth_date" else len(text)
    return Cell(((text[:same], False), (text[same:end], True), (text[end:], False)), "differs")
