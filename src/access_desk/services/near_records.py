"""Which records are near enough to be compared: names one letter off, short forms, parts of double names, exchanged ones.

Every question is bounded, however many records a name, a birth date or a telephone number has: where there are more than are
looked at, the questions become narrower, so that whoever agrees in two of these is always among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from access_desk.domain.matching.dates import date_level, slips_of
from access_desk.domain.matching.names import LONG_HALF, one_shorter
from access_desk.domain.matching.person import Person
from access_desk.services import matching_tools
from access_desk.services.typed_search import LAST_FOUR, MOST_LOOKED_AT
from access_desk.storage.queries import near_names, phones
from access_desk.storage.queries import patient_index as index
from access_desk.storage.search_rows import halves, mrn_key, search_key
from access_desk.storage.statements import Readable

MOST_AT_A_DATE = 400
# Of one whole name; of a commoner one those are looked at whose birth date is near.
MOST_OF_A_NAME = 600
MOST_NAMES_NEAR = 60
_MOST_NEAR = 180
_MOST_AT_A_PHONE = 10
_ISO_LENGTH = 10
_SHORTEST_MIDDLE = 3
_NEAR_DATES = frozenset(("exact", "slip", "near", "missing"))


@dataclass(frozen=True, slots=True)
class NamesNear:
    """The names of an index that may be one that was typed, the likelier first; parts of double names are among them."""

    names: tuple[str, ...]

    @property
    def typed(self) -> tuple[str, ...]:
        """The name as it was typed."""
        return self.names[:1]


def names_near(connection: Readable, facility_id: str, field: str, name: str) -> NamesNear:
    """The name, its short forms if it is a given one, what is one letter off, then its parts and what is one letter off these."""
    key = search_key(name)
    if not key:
        return NamesNear(())
    parts = halves(name)
    known = [key, *(_forms(key) if field == "given" else ())]
    shorter = dict.fromkeys(
        form for one in (key, *(part for part in parts if len(part) >= LONG_HALF)) for form in one_shorter(one)
    )
    near = near_names.names_near(connection, facility_id, field, list(shorter))
    edits = matching_tools.tools().likeness.edits
    ranked = sorted((edits(key, one), min((edits(part, one) for part in parts), default=3), one) for one in near)
    whole = [one for far, _, one in ranked if far <= 1]
    some = [one for far, part, one in ranked if far > 1 >= part]
    rest = [one for far, part, one in ranked if far > 1 < part]
    return NamesNear(tuple(dict.fromkeys((*known, *whole, *parts, *some, *rest)))[:MOST_NAMES_NEAR])


def near_records(connection: Readable, facility_id: str, family: str, given: str, born: date | None) -> list[int]:
    """Row numbers of records whose names are near those that were typed, whoever has a near birth date first."""
    day = born.isoformat() if born else ""
    days = (day, *slips_of(day)) if day else ()
    mine, theirs = search_key(family), search_key(given)
    wanted: list[int] = []
    if day:
        wanted += _at_date(connection, facility_id, day, (mine, theirs))
    for one, other in ((family, given), (given, family)):
        families = names_near(connection, facility_id, "family", one)
        givens = names_near(connection, facility_id, "given", other)
        if families.names and givens.names:
            if day:
                wanted += _of_a_name(connection, facility_id, families.names[0], givens.names, day)
            wanted += _with_both(connection, facility_id, families, givens)
            if len(givens.names[0]) >= _SHORTEST_MIDDLE:
                middle = other.strip()
                wanted += near_names.with_middle_name(connection, facility_id, families.typed, middle, days, _MOST_NEAR)
        wanted += _with_double_names(connection, facility_id, families, givens, days)
        for name in () if families.names and givens.names else (*families.names, *givens.names):
            for condition in (index.FAMILY, index.GIVEN):
                wanted += index.places(connection, condition, facility_id, *index.prefix(name), 10)
    return wanted


def _with_both(connection: Readable, facility_id: str, families: NamesNear, givens: NamesNear) -> list[int]:
    """The rows with near names; those with the family name as it was typed are not crowded out by others."""
    rows = near_names.with_any_names(connection, facility_id, families.typed, givens.names, _MOST_NEAR)
    rows += near_names.with_any_names(connection, facility_id, families.names, givens.names, _MOST_NEAR)
    return [row[0] for row in rows]


def _with_double_names(
    connection: Readable, facility_id: str, families: NamesNear, givens: NamesNear, days: Sequence[str]
) -> list[int]:
    """The rows with a double name of which a part was typed, rightly or with a wrong letter."""
    wanted: list[int] = []
    for field, near, other in (("family", families, givens), ("given", givens, families)):
        if near.names:
            asked = (connection, facility_id, field, near.names, other.names)
            if days:
                wanted += near_names.with_double_name_and_date(*asked, days, _MOST_NEAR)
            # Beside another name the birth date may be wrong; a name alone is borne by too many.
            if other.names or not days:
                wanted += near_names.with_double_name(*asked, _MOST_NEAR)
    return wanted


def worth_comparing(connection: Readable, facility_id: str, person: Person) -> list[int]:
    """Row numbers of the records that share enough with an arriving person to be compared in full, the likelier first."""
    born = person.born
    family, given = search_key(person.family_key), search_key(person.given_key)
    wanted: list[int] = []
    if person.mrn:
        wanted += index.places(connection, index.MRN, facility_id, mrn_key(person.mrn), MOST_LOOKED_AT)
    if len(person.ssn) > LAST_FOUR:
        with_number = index.ids(connection, index.SSN, facility_id, person.ssn, MOST_LOOKED_AT)
        wanted += index.places_of(connection, facility_id, with_number)
    if person.phone:
        at_phone = phones.with_number(connection, facility_id, person.phone, MOST_AT_A_DATE)
        # A telephone that a house or an office gave to many tells something beside a name only.
        is_shared = len(at_phone) > _MOST_AT_A_PHONE
        wanted += [row[0] for row in at_phone if not is_shared or _shares_a_name(row[1], row[2], family, given)]
    near = _family_names_near(connection, facility_id, person) if family else []
    if born:
        rows = index.born_on(connection, facility_id, born, MOST_AT_A_DATE)
        if len(rows) == MOST_AT_A_DATE:
            # The first of January is many people's birthday, in some countries every refugee's.
            names = [name for name in (family, given, *near) if name]
            wanted += near_names.named_and_born_on(connection, facility_id, born, names, MOST_AT_A_DATE)
        wanted += [row[0] for row in rows if _shares_a_name(row[1], row[2], family, given)]
    if family and given:
        wanted += _of_a_name(connection, facility_id, family, [given, *_forms(given)], born)
        wanted += _of_a_name(connection, facility_id, given, [family], born)
        if near:
            day = born if _is_iso(born) else ""
            named = near_names.with_any_names(connection, facility_id, near, [given], MOST_LOOKED_AT, day)
            wanted += [place for place, theirs in named if is_near_date(theirs, born)]
    return list(dict.fromkeys(wanted))[:MOST_AT_A_DATE]


def _family_names_near(connection: Readable, facility_id: str, person: Person) -> list[str]:
    """Family names one letter off the arriving person's or a part of it, and double ones of which these are parts."""
    near = names_near(connection, facility_id, "family", " ".join(person.family)).names
    doubles = near_names.double_names(connection, facility_id, "family", near, MOST_NAMES_NEAR)
    return list(dict.fromkeys((*near[1:], *doubles)))


def _of_a_name(connection: Readable, facility_id: str, family: str, givens: Sequence[str], born: str) -> list[int]:
    """The rows with these names whose birth date is near, however many have the names."""
    if _is_iso(born) and near_names.has_more_than(connection, facility_id, family, givens, MOST_OF_A_NAME):
        # Who was born in the year is found without them.
        days = ("", *(day for day in slips_of(born) if day[:4] != born[:4]))
        rows = near_names.named_and_born_in(connection, facility_id, family, givens, born[:4], days, MOST_OF_A_NAME)
    else:
        day = born if _is_iso(born) else ""
        rows = near_names.with_any_names(connection, facility_id, [family], givens, MOST_OF_A_NAME, day)
    return [place for place, theirs in rows if is_near_date(theirs, born)]


def _at_date(connection: Readable, facility_id: str, day: str, names: Sequence[str]) -> list[int]:
    """The rows with that birth date and a name that begins with a letter that was typed."""
    rows = index.born_on(connection, facility_id, day, MOST_AT_A_DATE)
    wanted: list[int] = []
    if len(rows) == MOST_AT_A_DATE:
        typed = [name for name in names if name]
        wanted += near_names.named_and_born_on(connection, facility_id, day, typed, MOST_AT_A_DATE)
    letters = {name[:1] for name in names} - {""}
    return wanted + [row[0] for row in rows if not letters.isdisjoint({row[1][:1], row[2][:1]})]


def is_near_date(one: str, other: str) -> bool:
    """Whether two birth dates may be one, as `date_level` has it; told without comparing them digit by digit where it can be."""
    if not (_is_iso(one) and _is_iso(other)):
        return date_level(one, other) in _NEAR_DATES
    year, month, day = one[:4] == other[:4], one[5:7] == other[5:7], one[8:] == other[8:]
    if year + month + day > 1:
        return True
    # Month and day exchanged, or two digits beside each other of which one belongs to the month: one part is left as it was.
    return (year or day) and date_level(one, other) in _NEAR_DATES


def _is_iso(born: str) -> bool:
    return len(born) == _ISO_LENGTH and born[4] == born[7] == "-"


def _forms(given: str) -> list[str]:
    """The other forms of a given name, such as Bill for William."""
    groups = matching_tools.tools().nicknames.get(given, frozenset())
    return list(dict.fromkeys(name for group in sorted(groups) for name in matching_tools.names_of_group(group)))


def _shares_a_name(family_key: str, given_key: str, family: str, given: str) -> bool:
    """Whether two people of one birth date may be one: the beginnings of two names agree, or one name does."""
    if family_key[:1] == family[:1] and given_key[:1] == given[:1]:
        return True
    return bool({family_key[:3], given_key[:3]} & {family[:3], given[:3]} - {""})
