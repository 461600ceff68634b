"""Found records side by side: what agrees with what was typed, what differs and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from access_desk.domain.full_name import AFTER_GIVEN, name_pieces
from access_desk.domain.patients.commands import comparable, very_probably_same
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.link_views import OtherRecord
from access_desk.domain.patients.views import PatientFound, SearchTerms
from access_desk.domain.privacy.rules import PROTECTING
from access_desk.presentation.hidden_names import (
    DOTS,
    NOT_THIS,
    hidden_birth,
    hidden_name,
    hidden_number,
    hidden_text,
    hidden_title,
    hidden_year,
)
from access_desk.presentation.privacy import flag_titles
from access_desk.presentation.registration_dates import shown_age, shown_date
from access_desk.presentation.registration_fields import INTERPRETER_CHOICES, SEX_CHOICES, choice_word
from access_desk.presentation.registration_form import shown_person

ROW_TITLES = ("Name", "Birth date", "Sex", "Phone", "Address", "SSN, last 4", "Coverage", "Last visit", "Alerts")
SEARCHED = ("name", "birth_date", "sex", "phone")
ENOUGH_DETAILS = 3
_HALF = 0.5
_LAST = 4
Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a record: text in pieces (bold where it differs) and ``agrees``, ``differs``, ``alert`` or ``plain``."""

    pieces: Pieces
    mark: str = "plain"
    icon: str = ""

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece for piece, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Column:
    """One record. ``kind`` of its chip is ``balanced``, ``attention`` or ``plain``."""

    patient_id: str
    name: str
    mrn: str
    chip: str
    kind: str
    icon: str
    is_strong: bool
    cells: tuple[Cell, ...]
    retired_mrn: str = ""


def typed_cells(terms: SearchTerms, typed_birth: str, *, hidden: bool = False) -> tuple[str, ...]:
    """What was typed, row by row; ``Not typed`` where it could have been. It is legible in the fields, where it is typed."""
    name = ", ".join(part for part in (terms.family, terms.given) if part.strip())
    born, phone, number = shown_date(terms.birth_date) or typed_birth, terms.phone, terms.number.strip()
    if hidden:
        name, born, phone, number = hidden_title(name), hidden_year(born), hidden_text(phone), hidden_text(number)
    shown = (name, born, choice_word(SEX_CHOICES, terms.sex), phone, "", number)
    return (*(text or "Not typed" for text in shown), "", "", "")


# Name, birth date and sex tell protected records apart; the rest shows once a reason was given.
_NOT_PROTECTED = 3


def column_of(
    found: PatientFound,
    terms: SearchTerms,
    today: date,
    retired_mrn: str = "",
    *,
    hidden: bool = False,
    flags: frozenset[str] = frozenset(),
    linked: Sequence[OtherRecord] = (),
    suffix_after: str = AFTER_GIVEN,
) -> Column:
    """A record beside what was typed. ``retired_mrn``: the number it was found by, of a record merged into it."""
    chip, kind, icon = _chip(found, terms)
    alert = alert_cell(found, flags, linked_text(linked, suffix_after, hidden=hidden), is_twin=is_twin(found, terms))
    cells = (*_cells(found, terms, today, suffix_after), alert)
    if flags & PROTECTING:
        cells = protected_cells(cells)
    return Column(
        patient_id=found.patient_id,
        name=hidden_name(found.demographics)
        if hidden
        else shown_person(found.demographics, suffix_after, unidentified=found.unidentified),
        mrn=hidden_number(found.mrn) if hidden else found.mrn,
        chip=chip,
        kind=kind,
        icon=icon,
        is_strong=is_strong(found, terms),
        cells=_without_names(cells, found) if hidden else cells,
        retired_mrn=hidden_number(retired_mrn) if hidden else retired_mrn,
    )


def protected_cells(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Of a protected record: name, birth date, sex and why it is protected."""
    masked = (replace(cell, pieces=((DOTS, False),)) for cell in cells[_NOT_PROTECTED:-1])
    return (*cells[:_NOT_PROTECTED], *masked, cells[-1])


def _without_names(cells: tuple[Cell, ...], found: PatientFound) -> tuple[Cell, ...]:
    """The same marks, and no more of the person than a screen facing the public may show."""
    born = found.demographics.birth_date
    texts = (hidden_name(found.demographics), hidden_birth(born) or "Not known", None, DOTS, DOTS, DOTS)
    hidden = (replace(cell, pieces=((text, False),)) if text else cell for cell, text in zip(cells, texts, strict=False))
    return (*hidden, *cells[len(texts) :])


def is_strong(found: PatientFound, terms: SearchTerms) -> bool:
    """Whether the record is very probably the person: then a new one needs a reason."""
    person = Demographics(family=terms.family, given=terms.given, birth_date=terms.birth_date)
    if very_probably_same(person, found.demographics):
        return True
    return found.score == 1.0 and len(found.agrees) >= ENOUGH_DETAILS


def is_twin(found: PatientFound, terms: SearchTerms) -> bool:
    """Same birth date and family name with another given name: perhaps a twin."""
    person = found.demographics
    same_day = terms.birth_date is not None and person.birth_date == terms.birth_date
    same_family = bool(comparable(terms.family)) and comparable(person.family) == comparable(terms.family)
    given = comparable(terms.given)
    return same_day and same_family and bool(given) and not comparable(person.given).startswith(given)


def _chip(found: PatientFound, terms: SearchTerms) -> tuple[str, str, str]:
    count = f"{sum(found.agrees.values())} of {len(found.agrees)}"
    if is_strong(found, terms):
        return f"Strong match: {count}", "balanced", "check-check"
    if is_twin(found, terms):
        return f"Perhaps a twin: {count}", "attention", "users"
    if found.score >= _HALF:
        return f"Partial match: {count}", "attention", "triangle-alert"
    return f"Weak match: {count}", "plain", ""


def _cells(found: PatientFound, terms: SearchTerms, today: date, suffix_after: str) -> tuple[Cell, ...]:
    person = found.demographics
    born = f"{shown_date(person.birth_date)}, {shown_age(person.birth_date, today)}" if person.birth_date else "Not known"
    sex = choice_word(SEX_CHOICES, person.sex)
    address = ", ".join(part for part in (person.line, person.city) if part.strip()) or "Not known"
    ssn = "".join(letter for letter in person.ssn if letter.isdecimal())
    return (
        _name(found, terms, suffix_after),
        _compared(found, "birth_date", born, shown_date(terms.birth_date)),
        _compared(found, "sex", sex, choice_word(SEX_CHOICES, terms.sex)),
        _compared(found, "phone", person.phone or "Not known", terms.phone),
        Cell(((address, False),)),
        _number(found, f"••• {ssn[-_LAST:]}" if ssn else "Not known"),
        Cell(((found.coverage or "None on file", False),)),
        Cell(((last_visit_text(found), False),)),
    )


def _name(found: PatientFound, terms: SearchTerms, suffix_after: str) -> Cell:
    person = found.demographics
    if "name" not in found.agrees:
        return Cell(((shown_person(person, suffix_after), False),))
    if found.agrees["name"]:
        return Cell(((shown_person(person, suffix_after), False),), "agrees")
    family_differs = bool(terms.family.strip()) and not comparable(person.family).startswith(comparable(terms.family))
    given_differs = bool(terms.given.strip()) and not comparable(person.given).startswith(comparable(terms.given))
    differs = {"family": family_differs, "given": given_differs, "middle": given_differs}
    pieces = name_pieces(person.family, person.given, person.middle, person.suffix, suffix_after)
    return Cell(tuple((text, differs.get(field, False)) for field, text in pieces), "differs")


def _compared(found: PatientFound, detail: str, text: str, typed: str) -> Cell:
    if detail not in found.agrees:
        return Cell(((text, False),))
    if found.agrees[detail]:
        return Cell(((text, False),), "agrees")
    same = 0
    while same < min(len(text), len(typed)) and text[same] == typed[same]:
        same += 1
    end = text.find(",") if "," in text else len(text)
    return Cell(((text[:same], False), (text[same:end], True), (text[end:], False)), "differs")


def _number(found: PatientFound, text: str) -> Cell:
    if "number" not in found.agrees:
        return Cell(((text, False),))
    return Cell(((text, False),), "agrees" if found.agrees["number"] else "differs")


def last_visit_text(found: PatientFound) -> str:
    """When the person was here last, and as what."""
    if found.last_visit_at is None:
        return "None here"
    return f"{shown_date(found.last_visit_at.date())}, {found.last_visit_type}"


def linked_text(linked: Sequence[OtherRecord], suffix_after: str, *, hidden: bool = False) -> str:
    """``Not Vega-Trujillo, Maricela: twins``; blank when no record belongs together with this one."""
    if not linked:
        return ""
    other = linked[0]
    name = hidden_name(other.demographics) if hidden else shown_person(other.demographics, suffix_after)
    more = f", and {len(linked) - 1} more" if len(linked) > 1 else ""
    return f"{NOT_THIS}{name}: {other.reason}{more}"


def alert_cell(found: PatientFound, flags: frozenset[str], linked: str, *, is_twin: bool) -> Cell:
    """What has to be minded about a record, the weightiest only; ``linked`` words the records that belong with it."""
    person = found.demographics
    if flags:
        return Cell(((", ".join(flag_titles(flags)), True),), "alert", "shield")
    if linked:
        return Cell(((linked, True),), "alert", "users")
    if is_twin:
        return Cell((("Perhaps a twin: check the first name", True),), "alert", "users")
    if found.unidentified:
        return Cell((("Unidentified patient", True),), "alert", "triangle-alert")
    if person.interpreter:
        word = person.language.strip() or choice_word(INTERPRETER_CHOICES, person.interpreter).lower()
        return Cell(((f"Interpreter: {word}", False),), "plain", "languages")
    return Cell((("None", False),))
