"""What was typed into the fields so far: the records that fit, from the search rows alone, because every key asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from access_desk.domain.matching.names import name_key
from access_desk.domain.matching.person import digits_of, phone_begins, phone_key, typed_phones
from access_desk.domain.patients.views import PatientListed, SearchTerms
from access_desk.storage.engine import Database, read_once
from access_desk.storage.queries import patient_index as index
from access_desk.storage.queries import phones
from access_desk.storage.queries.patients_listed import SearchRow, begun_so, fitting, rows_at, rows_of
from access_desk.storage.search_rows import mrn_key, search_key
from access_desk.storage.statements import Readable

MOST_FOUND = 20
# As many as are looked at for each question; the ranking chooses among them.
MOST_LOOKED_AT = 60
LAST_FOUR = 4
_SSN_DIGITS = 9
# What an agreeing detail says of the person, beside the others: every second record has the same sex.
_WORTH = {"name": 3, "birth_date": 3, "phone": 3, "number": 4, "sex": 1}


def typed_so_far(connection: Readable, facility_id: str, terms: SearchTerms) -> list[PatientListed]:
    """The records that fit best, a screenful at most."""
    family, given = search_key(terms.family), search_key(terms.given)
    if (family or given) and _names_only(terms):
        # The index gives the best first, so nothing has to be ranked or looked at twice.
        return begun_so(partial(index.ask, connection), facility_id, family, given, MOST_FOUND)
    found = _by_details(connection, facility_id, terms, family, given)
    number = terms.number.strip()
    numbered = _numbered(connection, facility_id, number) if number else {}
    found.update(numbered)
    ranked = [(_agreements(one, terms, family, given, one.patient_id in numbered), one) for one in found.values()]
    ranked.sort(key=lambda row: (-_worth(row[0]), row[1].family, row[1].given, row[1].patient_id))
    return [one.listed(agrees) for agrees, one in ranked[:MOST_FOUND]]


def names_so_far(engine: Database, facility_id: str, terms: SearchTerms) -> list[PatientListed] | None:
    """The same where names were typed and nothing else: one question needs no transaction. None where more was typed."""
    family, given = search_key(terms.family), search_key(terms.given)
    if not (family or given) or not _names_only(terms):
        return None
    return begun_so(partial(read_once, engine), facility_id, family, given, MOST_FOUND)


def _names_only(terms: SearchTerms) -> bool:
    return not (terms.birth_date or terms.sex or terms.phone or terms.number)


def _worth(agrees: Mapping[str, bool]) -> int:
    return sum(_WORTH[detail] for detail, fits in agrees.items() if fits)


def share_of(agrees: Mapping[str, bool]) -> float:
    """How much of what was typed agrees, from 0 to 1."""
    return sum(agrees.values()) / len(agrees) if agrees else 0.0


def _by_details(connection: Readable, facility_id: str, terms: SearchTerms, family: str, given: str) -> dict[str, SearchRow]:
    born = terms.birth_date.isoformat() if terms.birth_date else ""
    found: dict[str, SearchRow] = {}

    def look(condition: str, *values: object) -> None:
        found.update((one.patient_id, one) for one in fitting(connection, condition, facility_id, *values, MOST_LOOKED_AT))

    if family and given:
        look(index.BOTH, given[0], *index.prefix(family), *index.prefix(given))
        if len(found) < MOST_FOUND and len(given) > len(family):
            look(index.BOTH, family[0], *index.prefix(given), *index.prefix(family))
        elif len(found) < MOST_FOUND:
            look(index.EXCHANGED, *index.prefix(family), *index.prefix(given))
    elif born and (family or given):
        look(index.BORN_AND_FAMILY if family else index.BORN_AND_GIVEN, born, *index.prefix(family or given))
    elif family or given:
        look(index.FAMILY if family else index.GIVEN, *index.prefix(family or given))
    if born:
        look(index.BORN, born)
    for phone in typed_phones(terms.phone):
        places = phones.beginning_so(connection, facility_id, phone, MOST_LOOKED_AT)
        found.update((one.patient_id, one) for one in rows_at(connection, facility_id, places))
    return found


def _numbered(connection: Readable, facility_id: str, number: str) -> dict[str, SearchRow]:
    """The records that a number names, whatever number it is."""
    ids: list[str] = []
    rows: list[SearchRow] = []
    for question, value in number_questions(number):
        if question in index.NUMBERS:
            ids += index.ids(connection, question, facility_id, value, MOST_LOOKED_AT)
        else:
            rows += fitting(connection, question, facility_id, value, MOST_LOOKED_AT)
    rows += rows_of(connection, facility_id, dict.fromkeys(ids))
    return {one.patient_id: one for one in rows}


def number_questions(number: str) -> Sequence[tuple[str, str]]:
    """What a number may be, each as a question to the index with the value that it asks for."""
    asked = [(index.MRN, mrn_key(number)), (index.SOURCE, number), (index.ACCOUNT, number), (index.FORMER, mrn_key(number))]
    digits = digits_of(number)
    if len(digits) == len(number) == LAST_FOUR:
        asked.append((index.LAST_FOUR, number))
    if len(digits) == _SSN_DIGITS:
        asked.append((index.SSN_NOW, digits))
    return [(question, value) for question, value in asked if value]


def _agreements(row: SearchRow, terms: SearchTerms, family: str, given: str, is_numbered: bool) -> dict[str, bool]:
    """Per detail typed, whether the record agrees; both names together are one detail."""
    agrees: dict[str, bool] = {}
    if family or given:
        theirs, first = name_key(row.family), name_key(row.given)
        straight = theirs.startswith(family) and first.startswith(given)
        swapped = bool(family and given) and theirs.startswith(given) and first.startswith(family)
        agrees["name"] = straight or swapped
    if terms.birth_date is not None:
        agrees["birth_date"] = row.born == terms.birth_date.isoformat()
    if terms.sex:
        agrees["sex"] = row.sex == terms.sex
    if terms.phone:
        agrees["phone"] = phone_begins(phone_key(row.phone), terms.phone)
    if terms.number.strip():
        # Of those who share the last four digits only some were looked at.
        agrees["number"] = is_numbered or (bool(row.ssn_last4) and row.ssn_last4 == terms.number.strip())
    return agrees
