"""Everything in one line: what the first field may say beside a family name, and the list as one types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from access_desk.domain.matching.one_line import read_line
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.views import PatientFound, PatientListed, SearchTerms
from access_desk.presentation.hidden_names import hidden_birth, hidden_name, hidden_number, hidden_text
from access_desk.presentation.registration_dates import shown_date
from access_desk.presentation.registration_fields import SEX_CHOICES, choice_word
from access_desk.presentation.registration_form import shown_name

_NUMBERS = ("mrn", "former_mrn", "account", "ssn", "ssn_last4", "source_id")
_WORDS = {"name": "Name", "birth_date": "Birth date", "sex": "Sex", "phone": "Phone", "number": "Number"}
FEWEST_LETTERS = 2
FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record in the list as one types. ``differs`` is blank when everything typed agrees."""

    patient_id: str
    name: str
    birth_date: str
    sex: str
    phone: str
    mrn: str
    agrees: str
    differs: str


def is_one_line(terms: SearchTerms) -> bool:
    """Whether the first field alone says more than a family name."""
    alone = terms.typed() == 1 and bool(terms.family)
    return alone and (len(terms.family.split()) > 1 or any(one.isdecimal() or one == "," for one in terms.family))


def terms_of_line(text: str, today: date) -> SearchTerms:
    """The details of a line, each in its field; names before a comma, or last, are the family name."""
    line = read_line(text, today)
    number = next(iter(line.numbers), "") or line.ssn
    family, given = names_of_line(text)
    return SearchTerms(family, given, line.born, "", line.phone, number)


def names_of_line(text: str) -> tuple[str, str]:
    """Family and given name as they were typed."""
    before, comma, after = text.partition(",")
    if comma and not any(one.isdecimal() for one in before):
        return before.strip(), " ".join(_names(after))
    words = _names(text)
    return (" ".join(words[-1:]), " ".join(words[:-1]))


def _names(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if not any(one.isdecimal() for one in word)]


def compared(found: PatientFound, terms: SearchTerms) -> PatientFound:
    """A record found by one line, with which of its details agree and which do not."""
    why = {("number" if one in _NUMBERS else one) for one in found.why}
    name = bool(terms.family or terms.given)
    typed = {"name": name, "birth_date": terms.birth_date, "phone": terms.phone, "number": terms.number}
    if terms.number and terms.number == terms.phone:
        # Digits without dashes may be either; what they are not is no difference.
        del typed["number" if "phone" in why else "phone"]
    agrees = {detail: detail in why for detail, value in typed.items() if value}
    return replace(found, agrees=agrees, score=sum(agrees.values()) / len(agrees) if agrees else 0.0)


def is_worth_asking(terms: SearchTerms) -> bool:
    """Whether what was typed so far narrows the index down at all."""
    letters = len(terms.family.strip()) + len(terms.given.strip())
    digits = max(len(terms.phone.strip()), len(terms.number.strip()))
    return letters >= FEWEST_LETTERS or digits >= FEWEST_DIGITS or terms.birth_date is not None


def listed(found: PatientListed, suffix_after: str, *, hidden: bool) -> ListedRecord:
    """A record as a line of the list."""
    names = {"family": found.family, "given": found.given, "middle": found.middle, "suffix": found.suffix}
    whole = shown_name(names, suffix_after, "unidentified" if found.nobody else "known")
    born = found.birth_date
    return ListedRecord(
        found.patient_id,
        hidden_name(Demographics(family=found.family, given=found.given)) if hidden else whole,
        hidden_birth(born) if hidden else shown_date(born),
        choice_word(SEX_CHOICES, found.sex),
        hidden_text(found.phone) if hidden else found.phone,
        hidden_number(found.mrn) if hidden else found.mrn,
        ", ".join(_WORDS.get(name, name) for name, fits in found.agrees.items() if fits),
        ", ".join(_WORDS.get(name, name) for name, fits in found.agrees.items() if not fits),
    )
