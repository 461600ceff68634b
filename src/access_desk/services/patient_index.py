"""Finding one person in the index: as one types, wider, by one line, and whether an arriving person has a record already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

from access_desk.domain.matching.comparison import AGREEING
from access_desk.domain.matching.dates import date_level
from access_desk.domain.matching.names import name_key, one_shorter, parts_of
from access_desk.domain.matching.one_line import OneLine, read_line
from access_desk.domain.matching.person import Person, digits_of, person_of, person_of_demographics, phone_key
from access_desk.domain.matching.scoring import Judge, Judgement
from access_desk.domain.numbering import is_temporary
from access_desk.domain.patients.commands import comparable
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.views import PatientFound, SearchTerms
from access_desk.services import matching_tools
from access_desk.services.duplicates import Pair, every_pair
from access_desk.services.journal import Journal
from access_desk.storage.engine import read_transaction
from access_desk.storage.handles import Connection
from access_desk.storage.queries import patient_index as index
from access_desk.storage.queries.naming import patients_once_called
from access_desk.storage.queries.patient_index import Fit, IndexRecord
from access_desk.storage.search_rows import mrn_key

MOST_FOUND = 20
# As many as are looked at for each question; the ranking chooses among them.
MOST_LOOKED_AT = 60
MOST_AT_A_DATE = 400
MOST_NAMES_NEAR = 60
COUNTED_UP_TO = 2_000
_MOST_REMEMBERED = 20_000
_LAST_FOUR = 4
_LOCAL_PHONE = 7
_SHORTEST_TYPED = 3
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the same person's. ``judgement.levels`` says per field what agrees and what differs."""

    record: IndexRecord
    judgement: Judgement


class PatientIndex:
    """Questions to the index of one desk. Each is answered from one consistent view."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._common: dict[tuple[str, str], float] = {}
        self._size = 0

    def find(self, text: str, most: int = MOST_FOUND) -> list[PatientFound]:
        """Everything in one line, in any order: name parts, a birth date in any usual form, MRN, phone, last four of SSN.

        What is not found as typed is looked for wider.
        """
        line = read_line(text, self._journal.today())

        def ask(connection: Connection) -> list[PatientFound]:
            wanted = self._by_line(connection, line)
            found = self._ranked_by_line(connection, line, wanted)
            if not found or found[0].score < 1:
                near = [one for family, given in line.names()[:4] for one in self._near(connection, family, given, line.born)]
                found = self._ranked_by_line(connection, line, [*wanted, *near])
            known = {one.patient_id for one in found}
            return [*found, *self._once_called(connection, line.words, known)][:most]

        return self._read(ask)

    def find_by(self, terms: SearchTerms, most: int = MOST_FOUND) -> list[PatientFound]:
        """Records that fit what was typed so far into the fields, the best first."""

        def ask(connection: Connection) -> list[PatientFound]:
            found = self._by_terms(connection, terms)
            known = {one.patient_id for one in found}
            return [*found, *self._once_called(connection, [terms.family] if terms.family else [], known)][:most]

        return self._read(ask)

    def wider(self, terms: SearchTerms, most: int = MOST_FOUND) -> list[PatientFound]:
        """Also one wrong letter, short forms of given names, exchanged names, parts of double names, other spellings."""

        def ask(connection: Connection) -> list[PatientFound]:
            exact = self._by_terms(connection, terms)
            asked = _person_of_terms(terms)
            known = {one.patient_id for one in exact}
            near = [one for one in self._near(connection, terms.family, terms.given, terms.birth_date) if one not in known]
            judge = self.judge(connection)
            rows = [(judge.judge(asked, _person(one)), one) for one in self._records(connection, near)]
            rows = [(judged, one) for judged, one in rows if _fits_widely(terms, judged)]
            rows.sort(key=lambda row: (-row[0].bits, row[1].patient_id))
            fits = [Fit(one, _share(judged), _agrees_widely(terms, judged), _why(judged)) for judged, one in rows[:most]]
            wide = index.found(connection, self._facility_id, fits)
            return [*exact, *wide][:most]

        return self._read(ask)

    def candidates(self, new: Demographics, mrn: str = "") -> list[Candidate]:
        """The records that are probably the same person as somebody who arrives, the likeliest first."""
        return self._read(lambda connection: self.candidates_in(connection, new, mrn))

    def candidates_in(self, connection: Connection, new: Demographics, mrn: str = "") -> list[Candidate]:
        """The same inside a transaction that is open."""
        person = person_of_demographics("", new, mrn=mrn)
        judge = self.judge(connection)
        judged = [
            Candidate(record, judge.judge(person, _person(record)))
            for record in self._records(connection, self._worth_comparing(connection, person))
        ]
        probable = [one for one in judged if one.judgement.band]
        return sorted(probable, key=lambda one: (-one.judgement.score, -one.judgement.bits, one.record.patient_id))

    def compare(self, one_id: str, other_id: str) -> Judgement | None:
        """How two records of the index compare; None when one of them is not there."""

        def ask(connection: Connection) -> Judgement | None:
            both = self._records(connection, (one_id, other_id))
            if len(both) != 2:  # noqa: PLR2004 - a pair
                return None
            return self.judge(connection).judge(_person(both[0]), _person(both[1]))

        return self._read(ask)

    def duplicates(self, progress: Callable[[float], None] | None = None) -> Iterator[Pair]:
        """Every probable duplicate of the index, each pair once."""
        with read_transaction(self._journal.engine) as connection:
            yield from every_pair(connection, self._facility_id, progress or (lambda _: None))

    def judge(self, connection: Connection) -> Judge:
        """The judge for this index, with how common its names are."""
        size = index.size(connection)
        if abs(size - self._size) * 100 > self._size:
            self._common.clear()
            self._size = size

        def commonness(field: str, key: str) -> float | None:
            known = self._common.get((field, key))
            if known is None:
                if len(self._common) > _MOST_REMEMBERED:
                    self._common.clear()
                count = index.count_of_name(connection, self._facility_id, field, key, COUNTED_UP_TO) if key else 0
                known = self._common[field, key] = max(count, 1) / max(size, 1)
            return known

        return Judge(matching_tools.tools(), matching_tools.weights(), commonness, size)

    @property
    def _facility_id(self) -> str:
        return self._journal.facility_id

    def _read(self, question: Callable[[Connection], _T]) -> _T:
        with read_transaction(self._journal.engine) as connection:
            return question(connection)

    def _records(self, connection: Connection, ids: Iterable[str]) -> list[IndexRecord]:
        return index.records(connection, self._facility_id, list(dict.fromkeys(ids))[:500])

    def _by_terms(self, connection: Connection, terms: SearchTerms) -> list[PatientFound]:
        facility_id = self._facility_id
        family, given = name_key(terms.family), name_key(terms.given)
        born = terms.birth_date.isoformat() if terms.birth_date else ""
        phone, number = digits_of(terms.phone), terms.number.strip()
        if (family or given) and terms.typed() == bool(terms.family) + bool(terms.given):
            return self._by_names(connection, family, given)
        most = MOST_LOOKED_AT
        records: dict[str, IndexRecord] = {}

        def look(condition: str, *values: object) -> None:
            for one in index.matching(connection, condition, facility_id, *values, most):
                records[one.patient_id] = one

        if family and given:
            look(index.BOTH, given[0], *index.prefix(family), *index.prefix(given))
            if len(records) < MOST_FOUND:
                look(index.EXCHANGED, *index.prefix(family), *index.prefix(given))
        elif born and (family or given):
            look(index.BORN_AND_FAMILY if family else index.BORN_AND_GIVEN, born, *index.prefix(family or given))
        elif family or given:
            look(index.FAMILY if family else index.GIVEN, *index.prefix(family or given))
        if born:
            look(index.BORN, born)
        if phone:
            look(index.PHONE, *index.prefix(phone))
        for condition, value in _number_questions(number) if number else ():
            wanted = index.ids(connection, condition, facility_id, value, most)
            records.update({one.patient_id: one for one in self._records(connection, wanted)})
        ranked = [(_agreements(one, terms, family, given), one) for one in records.values()]
        ranked.sort(key=lambda row: (-sum(row[0].values()), row[1].fields["family"], row[1].fields["given"], row[1].patient_id))
        fits = [
            Fit(
                one, sum(agrees.values()) / len(agrees) if agrees else 0.0, agrees, tuple(name for name in agrees if agrees[name])
            )
            for agrees, one in ranked[:MOST_FOUND]
        ]
        return index.found(connection, facility_id, fits)

    def _by_names(self, connection: Connection, family: str, given: str) -> list[PatientFound]:
        """Nothing but a name was typed: the index gives the best first, so nothing has to be ranked or looked at twice."""
        facility_id = self._facility_id
        if family and given:
            ranges = (*index.prefix(family), *index.prefix(given))
            rows = index.by_name(connection, index.BOTH, facility_id, given[0], *ranges, MOST_FOUND)
            if len(rows) < MOST_FOUND:
                known = {row[0] for row in rows}
                exchanged = index.by_name(connection, index.EXCHANGED, facility_id, *ranges, MOST_FOUND)
                rows += [row for row in exchanged if row[0] not in known]
        else:
            condition = index.FAMILY if family else index.GIVEN
            rows = index.by_name(connection, condition, facility_id, *index.prefix(family or given), MOST_FOUND)
        rows.sort(key=_in_order)
        return index.listed(connection, facility_id, rows[:MOST_FOUND])

    def _by_line(self, connection: Connection, line: OneLine) -> list[str]:
        facility_id, wanted = self._facility_id, []
        for family, given in line.names():
            if family and given:
                wanted += index.ids(
                    connection, index.BOTH, facility_id, given[0], *index.prefix(family), *index.prefix(given), MOST_LOOKED_AT
                )
            else:
                statement = index.FAMILY if family else index.GIVEN
                wanted += index.ids(connection, statement, facility_id, *index.prefix(family or given), MOST_LOOKED_AT)
        if line.born:
            born = line.born.isoformat()
            for word in line.words:
                for statement in (index.BORN_AND_FAMILY, index.BORN_AND_GIVEN):
                    wanted += index.ids(connection, statement, facility_id, born, *index.prefix(word), MOST_LOOKED_AT)
            wanted += index.ids(connection, index.BORN, facility_id, born, MOST_LOOKED_AT)
        if line.phone:
            wanted += index.ids(connection, index.PHONE, facility_id, *index.prefix(line.phone), MOST_LOOKED_AT)
        if line.ssn:
            wanted += index.ids(connection, index.SSN, facility_id, line.ssn, MOST_LOOKED_AT)
        for number in line.numbers:
            for statement, value in _number_questions(number):
                wanted += index.ids(connection, statement, facility_id, value, MOST_LOOKED_AT)
        return wanted

    def _ranked_by_line(self, connection: Connection, line: OneLine, wanted: Sequence[str]) -> list[PatientFound]:
        ranked = []
        for one in self._records(connection, wanted):
            score, why = _fit(line, one)
            if why:
                ranked.append((score, why, one))
        ranked.sort(key=lambda row: (-row[0], row[2].fields["family"], row[2].fields["given"], row[2].patient_id))
        best = ranked[:MOST_LOOKED_AT]
        fits = [Fit(one, score, dict.fromkeys(why, True), why) for score, why, one in best]
        return index.found(connection, self._facility_id, fits)

    def _once_called(self, connection: Connection, words: Sequence[str], known: Collection[str]) -> list[PatientFound]:
        """Records of people who were named by the facility until their own name was known, by that name."""
        keys = [comparable(word) for word in words if comparable(word)]
        wanted = patients_once_called(connection, self._facility_id, keys, MOST_FOUND)
        records = self._records(connection, [one for one in wanted if one not in known])
        fits = [Fit(one, 1.0, {"name": True}, ("former_name",)) for one in records]
        return index.found(connection, self._facility_id, fits)

    def _near(self, connection: Connection, family: str, given: str, born: object) -> list[str]:
        """Ids of records whose names are near: one letter off, a short form, a part of a double name, exchanged."""
        facility_id = self._facility_id
        mine, theirs = name_key(family), name_key(given)
        wanted: list[str] = []
        for one, other in ((mine, theirs), (theirs, mine)):
            families = [one, *self._names_near(connection, "family", one)] if one else []
            givens = [other, *_forms(other), *self._names_near(connection, "given", other)] if other else []
            families, givens = families[:MOST_NAMES_NEAR], givens[:MOST_NAMES_NEAR]
            if families and givens:
                rows = index.with_any_names(connection, facility_id, families, givens, MOST_LOOKED_AT * 3)
                wanted += [row[0] for row in rows]
            for name in () if families and givens else (*families, *givens):
                for statement in (index.FAMILY, index.GIVEN):
                    wanted += index.ids(connection, statement, facility_id, *index.prefix(name), 10)
        if born:
            rows = index.ask(connection, index.AT_BIRTH_DATE, facility_id, str(born), MOST_AT_A_DATE)
            wanted += [row[0] for row in rows if _shares_a_letter(row[1], row[2], mine, theirs)]
        return wanted

    def _names_near(self, connection: Connection, field: str, name: str) -> list[str]:
        parts = [name] if name else []
        shorter = list(dict.fromkeys(one for part in parts for one in one_shorter(part)))
        return index.names_near(connection, self._facility_id, field, shorter) if shorter else []

    def _worth_comparing(self, connection: Connection, person: Person) -> list[str]:
        """Ids of the records that share enough with an arriving person to be compared in full."""
        facility_id, family, given, born = self._facility_id, person.family_key, person.given_key, person.born
        wanted: list[str] = []
        if person.mrn:
            wanted += index.ids(connection, index.MRN, facility_id, mrn_key(person.mrn), MOST_LOOKED_AT)
        if len(person.ssn) > _LAST_FOUR:
            wanted += index.ids(connection, index.SSN, facility_id, person.ssn, MOST_LOOKED_AT)
        if person.phone:
            wanted += index.ids(connection, index.PHONE, facility_id, *index.prefix(person.phone), 10)
        if born:
            rows = index.ask(connection, index.AT_BIRTH_DATE, facility_id, born, MOST_AT_A_DATE)
            wanted += [row[0] for row in rows if _shares_a_name(row[1], row[2], family, given)]
        if family and given:
            forms = [given, *_forms(given)]
            rows = index.with_any_names(connection, facility_id, [family], forms, MOST_LOOKED_AT * 3)
            rows += index.ask(connection, index.WITH_NAMES, facility_id, given, family, MOST_LOOKED_AT)
            near = self._names_near(connection, "family", family)[:MOST_NAMES_NEAR]
            if near:
                rows += index.with_any_names(connection, facility_id, near, [given], MOST_LOOKED_AT)
            wanted += [row[0] for row in rows if date_level(row[3], born) in ("exact", "slip", "near", "missing")]
        return wanted[:MOST_AT_A_DATE]


# Of a row that is listed: family and given name, then the id, so that the order is always the same.
_in_order = itemgetter(4, 5, 0)


def _person(record: IndexRecord) -> Person:
    return person_of(record.patient_id, record.fields, mrn=record.mrn, nobody=record.nobody)


def _person_of_terms(terms: SearchTerms) -> Person:
    fields = {"family": terms.family, "given": terms.given, "sex": terms.sex, "phone": terms.phone}
    fields["birth_date"] = terms.birth_date.isoformat() if terms.birth_date else ""
    return person_of("", fields)


def _forms(given: str) -> list[str]:
    """The other forms of a given name, such as Bill for William."""
    groups = matching_tools.tools().nicknames.get(given, frozenset())
    return list(dict.fromkeys(name for group in sorted(groups) for name in matching_tools.names_of_group(group)))


def _shares_a_letter(family_key: str, given_key: str, mine: str, theirs: str) -> bool:
    return bool({family_key[:1], given_key[:1]} & {mine[:1], theirs[:1]} - {""})


def _shares_a_name(family_key: str, given_key: str, family: str, given: str) -> bool:
    """Whether two people of one birth date may be one: the beginnings of two names agree, or one name does."""
    if family_key[:1] == family[:1] and given_key[:1] == given[:1]:
        return True
    return bool({family_key[:3], given_key[:3]} & {family[:3], given[:3]} - {""})


def _number_questions(number: str) -> list[tuple[str, str]]:
    asked = [(index.MRN, mrn_key(number)), (index.SOURCE, number), (index.ACCOUNT, number), (index.FORMER, mrn_key(number))]
    digits = digits_of(number)
    if len(digits) == len(number) == _LAST_FOUR:
        asked.append((index.LAST_FOUR, number))
    return [(statement, value) for statement, value in asked if value]


def _agreements(record: IndexRecord, terms: SearchTerms, family: str, given: str) -> dict[str, bool]:
    """Per detail typed, whether the record agrees; both names together are one detail."""
    agrees: dict[str, bool] = {}
    if family or given:
        theirs, first = name_key(record.fields["family"]), name_key(record.fields["given"])
        straight = theirs.startswith(family) and first.startswith(given)
        swapped = bool(family and given) and theirs.startswith(given) and first.startswith(family)
        agrees["name"] = straight or swapped
    if terms.birth_date is not None:
        agrees["birth_date"] = record.born == terms.birth_date.isoformat()
    if terms.sex:
        agrees["sex"] = record.fields["sex"] == terms.sex
    if terms.phone:
        agrees["phone"] = bool(digits_of(terms.phone)) and phone_key(record.fields["phone"]).startswith(digits_of(terms.phone))
    number = terms.number.strip()
    if number:
        tail = digits_of(number)
        same = mrn_key(record.mrn) == mrn_key(number) or record.source_id == number
        agrees["number"] = same or (len(tail) >= _LAST_FOUR and digits_of(record.fields["ssn"]).endswith(tail))
    return agrees


def _fit(line: OneLine, record: IndexRecord) -> tuple[float, tuple[str, ...]]:
    """How much of a line the record fits, from 0 to 1, and what of it."""
    parts, why = [], []
    if line.words:
        fit = _name_fit(line, record)
        parts.append(fit)
        if fit:
            why.append("name")
    if line.born:
        fit = {"exact": 1.0, "slip": 0.5}.get(date_level(record.born, line.born.isoformat()), 0.0)
        parts.append(fit)
        if fit:
            why.append("birth_date" if fit == 1 else "birth_date_near")
    ssn, phone = digits_of(record.fields["ssn"]), phone_key(record.fields["phone"])[-_LOCAL_PHONE:]
    if line.phone and line.phone not in line.numbers:
        parts.append(float(phone == line.phone[-_LOCAL_PHONE:]))
        if parts[-1]:
            why.append("phone")
    if line.ssn and line.ssn not in line.numbers:
        parts.append(float(ssn == line.ssn))
        if parts[-1]:
            why.append("ssn")
    for number in line.numbers:
        agrees = {
            "mrn": mrn_key(record.mrn) == mrn_key(number) or record.source_id == number,
            "ssn_last4": len(number) == _LAST_FOUR and ssn.endswith(number),
            "phone": number == line.phone and phone == number[-_LOCAL_PHONE:],
            "ssn": number == line.ssn == ssn,
        }
        parts.append(float(any(agrees.values())))
        why += [name for name, fits in agrees.items() if fits][:1]
    if line.numbers and len(why) == 0 and not line.words:
        # An account number, which the visit knows, or a number that the record had before.
        return 1.0, ("former_mrn",) if any(is_temporary(mrn_key(number)) for number in line.numbers) else ("account",)
    return (sum(parts) / len(parts) if parts else 0.0), tuple(why)


def _name_fit(line: OneLine, record: IndexRecord) -> float:
    fields = record.fields
    family, given = name_key(fields["family"]), name_key(fields["given"])
    best = 0.0
    for one, other in line.names():
        if (not one or family.startswith(one)) and (not other or given.startswith(other)):
            best = max(best, 1.0 if (not one or family == one) and (not other or given == other) else 0.97)
    if best:
        return best
    mine = parts_of(f"{fields['given']} {fields['middle']} {fields['family']}")
    if all(any(part.startswith(word) for part in mine) for word in line.words):
        return 0.95
    tools = matching_tools.tools()
    forms = sum(
        any(
            tools.are_nicknames(word, part) or (len(word) >= _SHORTEST_TYPED and tools.likeness.edits(word, part) <= 1)
            for part in (*mine, family, given)
        )
        for word in line.words
    )
    return 0.8 * forms / len(line.words)


def _fits_widely(terms: SearchTerms, judged: Judgement) -> bool:
    asked = [name for name in ("family", "given") if getattr(terms, name)]
    return all(judged.levels[name] in (*AGREEING, "similar") for name in asked)


def _agrees_widely(terms: SearchTerms, judged: Judgement) -> dict[str, bool]:
    agrees: dict[str, bool] = {}
    if terms.family or terms.given:
        agrees["name"] = all(judged.levels[name] in (*AGREEING, "missing") for name in ("family", "given"))
    for typed, field in ((terms.birth_date, "birth_date"), (terms.sex, "sex"), (terms.phone, "phone")):
        if typed:
            agrees[field] = judged.levels[field] == "exact"
    return agrees


def _share(judged: Judgement) -> float:
    """How well a record that was found wider fits what was typed: below every one that fits as typed."""
    typed = [level for level in judged.levels.values() if level not in ("missing", "straight")]
    worth = {"exact": 1.0, "nickname": 0.8, "part": 0.8, "typo": 0.7, "slip": 0.6, "swapped": 0.6, "similar": 0.4}
    return round(sum(worth.get(level, 0.0) for level in typed) / len(typed), 3) if typed else 0.0


def _why(judged: Judgement) -> tuple[str, ...]:
    quiet = ("missing", "different", "straight")
    return tuple(
        field if level == "exact" else f"{field}_{level}" for field, level in judged.levels.items() if level not in quiet
    )
