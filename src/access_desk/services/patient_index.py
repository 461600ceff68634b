"""Finding one person in the index: as one types, wider, by one line, and whether an arriving person has a record already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from access_desk.domain.matching.comparison import AGREEING, share_a_part
from access_desk.domain.matching.dates import date_level
from access_desk.domain.matching.names import name_key, parts_of
from access_desk.domain.matching.one_line import OneLine, read_line
from access_desk.domain.matching.person import Person, person_of, person_of_demographics, phone_key, same_phone
from access_desk.domain.matching.scoring import Judge, Judgement
from access_desk.domain.numbering import is_temporary
from access_desk.domain.patients.commands import comparable
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.views import PatientFound, PatientListed, SearchTerms
from access_desk.services import matching_tools
from access_desk.services.duplicates import Pair, every_pair
from access_desk.services.journal import Journal
from access_desk.services.near_records import near_records, worth_comparing
from access_desk.services.typed_search import (
    LAST_FOUR,
    MOST_FOUND,
    MOST_LOOKED_AT,
    names_so_far,
    number_questions,
    share_of,
    typed_so_far,
)
from access_desk.storage.engine import driver_transaction, read_once, read_transaction
from access_desk.storage.queries import patient_index as index
from access_desk.storage.queries import phones
from access_desk.storage.queries.naming import once_called
from access_desk.storage.queries.patient_index import Fit, IndexRecord
from access_desk.storage.queries.patients_listed import NAME_AGREES, SearchRow, fitting, rows_at, rows_of
from access_desk.storage.search_rows import mrn_key
from access_desk.storage.statements import Readable

MOST_COMPARED = 500
# Of a line, as family and given name.
MOST_READINGS = 4
COUNTED_UP_TO = 2_000
_MOST_REMEMBERED = 20_000
_SHORTEST_TYPED = 3
_SOME_WORDS = 0.96
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

        def ask(connection: Readable) -> list[PatientFound]:
            looked = self._by_line(connection, line)
            ranked = _ranked(line, looked)
            if not ranked or ranked[0].score < 1:
                looked.add(rows_at(connection, self._facility_id, self._near_line(connection, line)))
                ranked = _ranked(line, looked)
            known = {one.patient_id for one in ranked}
            called = [one for one in index.ids(connection, *_once_called(self._facility_id, line.words)) if one not in known]
            fits = [*ranked, *(Fit(one, 1.0, NAME_AGREES, ("former_name",)) for one in called)]
            return index.found(connection, self._facility_id, fits[:most])

        return self._read(ask)

    def find_by(self, terms: SearchTerms, most: int = MOST_FOUND) -> list[PatientListed]:
        """Records that fit what was typed so far into the fields, the best first, as the list shows them."""
        engine, facility_id = self._journal.engine, self._journal.facility_id
        listed = names_so_far(engine, facility_id, terms)
        if listed is None:
            return self._read(lambda connection: self._typed(connection, terms)[:most])
        # After a full screen nobody else would be seen.
        if len(listed) < most and terms.family and read_once(engine, *_once_called(facility_id, [terms.family])):
            return self._read(lambda connection: self._typed(connection, terms)[:most])
        return listed[:most]

    def side_by_side(self, terms: SearchTerms, most: int = MOST_FOUND) -> list[PatientFound]:
        """The same records with everything that is shown side by side: address, coverage, last visit."""
        return self._read(lambda connection: self._in_full(connection, self._typed(connection, terms)[:most]))

    def wider(self, terms: SearchTerms, most: int = MOST_FOUND) -> list[PatientFound]:
        """Also one wrong letter, short forms of given names, exchanged names, parts of double names, other spellings."""

        def ask(connection: Readable) -> list[PatientFound]:
            exact = self._in_full(connection, self._typed(connection, terms))
            asked = _person_of_terms(terms)
            whole = [one for one in exact if one.score == 1]
            known = {one.patient_id for one in whole}
            places = near_records(connection, self._facility_id, terms.family, terms.given, terms.birth_date)
            near = rows_at(connection, self._facility_id, list(dict.fromkeys(places))[:MOST_COMPARED])
            judge = self.judge(connection)
            # What can be typed into the fields, a search row has; the rest of a record lies on five pages more.
            people = [_person_listed(one) for one in near if one.patient_id not in known]
            judgements = [(judge.judge(asked, one), one) for one in people]
            rows = [(judged, one.key) for judged, one in judgements if _fits_widely(asked, one, judged)]
            rows.sort(key=lambda row: (-row[0].bits, row[1]))
            fits = [Fit(one, _share(judged), _agrees_widely(terms, judged), _why(judged)) for judged, one in rows[:most]]
            wide = index.found(connection, self._facility_id, fits)
            known.update(one.patient_id for one in wide)
            # Who agrees in everything stands first, who agrees in a part only, such as a birth date, after who is near.
            return [*whole, *wide, *(one for one in exact if one.patient_id not in known)][:most]

        return self._read(ask)

    def candidates(self, new: Demographics, mrn: str = "") -> list[Candidate]:
        """The records that are probably the same person as somebody who arrives, the likeliest first."""
        return self._read(lambda connection: self.candidates_in(connection, new, mrn))

    def candidates_in(
        self, connection: Readable, new: Demographics, mrn: str = "", *, with_namesakes: bool = False
    ) -> list[Candidate]:
        """The same inside a transaction that is open.

        ``with_namesakes``: then, without a band, whoever has the same names and a birth date that is one slip away, although so
        many have these names that it is more probably somebody else.
        """
        return self._probable(connection, person_of_demographics("", new, mrn=mrn), (), with_namesakes=with_namesakes)

    def alike_in(self, connection: Readable, patient_id: str, also: Sequence[str] = ()) -> list[Candidate]:
        """The same for a record of the index, inside a transaction that is open. ``also`` are compared in any case."""
        record = next(iter(index.records(connection, self._facility_id, (patient_id,))), None)
        return self._probable(connection, _person(record), also) if record else []

    def _probable(
        self, connection: Readable, person: Person, also: Sequence[str], *, with_namesakes: bool = False
    ) -> list[Candidate]:
        facility_id, judge = self._facility_id, self.judge(connection)
        near = self._records_at(connection, worth_comparing(connection, facility_id, person))
        judged = [
            Candidate(record, judge.judge(person, _person(record)))
            for record in {one.patient_id: one for one in [*index.records(connection, facility_id, also), *near]}.values()
            if record.patient_id != person.key
        ]
        probable = [one for one in judged if one.judgement.band or (with_namesakes and _is_namesake(one.judgement.levels))]
        return sorted(
            probable,
            key=lambda one: (not one.judgement.band, -one.judgement.score, -one.judgement.bits, one.record.patient_id),
        )

    def compare(self, one_id: str, other_id: str) -> Judgement | None:
        """How two records of the index compare; None when one of them is not there."""

        def ask(connection: Readable) -> Judgement | None:
            both = index.records(connection, self._facility_id, (one_id, other_id))
            if len(both) != 2:  # noqa: PLR2004 - a pair
                return None
            return self.judge(connection).judge(_person(both[0]), _person(both[1]))

        return self._read(ask)

    def duplicates(self, progress: Callable[[float], None] | None = None) -> Iterator[Pair]:
        """Every probable duplicate of the index, each pair once."""
        with read_transaction(self._journal.engine) as connection:
            yield from every_pair(connection, self._facility_id, progress or (lambda _: None))

    def size(self) -> int:
        """About how many records the index has."""
        return self._read(index.size)

    def judge(self, connection: Readable) -> Judge:
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

    def _read(self, question: Callable[[Readable], _T]) -> _T:
        with driver_transaction(self._journal.engine) as connection:
            return question(connection)

    def _records_at(self, connection: Readable, places: Iterable[int]) -> list[IndexRecord]:
        return index.records_at(connection, self._facility_id, list(dict.fromkeys(places))[:MOST_COMPARED])

    def _typed(self, connection: Readable, terms: SearchTerms) -> list[PatientListed]:
        found = typed_so_far(connection, self._facility_id, terms)
        called = index.ids(connection, *_once_called(self._facility_id, [terms.family])) if terms.family else []
        if called:
            known = {one.patient_id for one in found}
            others = rows_of(connection, self._facility_id, [one for one in called if one not in known])
            found += [one.listed(NAME_AGREES) for one in others]
        return found

    def _in_full(self, connection: Readable, listed: Sequence[PatientListed]) -> list[PatientFound]:
        fits = [
            Fit(one.patient_id, share_of(one.agrees), one.agrees, tuple(name for name, fits in one.agrees.items() if fits))
            for one in listed
        ]
        return index.found(connection, self._facility_id, fits)

    def _by_line(self, connection: Readable, line: OneLine) -> _Looked:
        facility_id, looked = self._facility_id, _Looked()

        def look(condition: str, *values: object) -> None:
            looked.add(fitting(connection, condition, facility_id, *values, MOST_LOOKED_AT))

        for family, given in line.names():
            if family and given:
                look(index.BOTH, given[0], *index.prefix(family), *index.prefix(given))
            else:
                look(index.FAMILY if family else index.GIVEN, *index.prefix(family or given))
        if line.born:
            born = line.born.isoformat()
            for word in line.words:
                for condition in (index.BORN_AND_FAMILY, index.BORN_AND_GIVEN):
                    look(condition, born, *index.prefix(word))
            look(index.BORN, born)
        if line.phone:
            looked.add(rows_at(connection, facility_id, phones.beginning_so(connection, facility_id, line.phone, MOST_LOOKED_AT)))
        if line.ssn:
            looked.with_ssn = frozenset(index.ids(connection, index.SSN_NOW, facility_id, line.ssn, MOST_LOOKED_AT))
        ids = list(looked.with_ssn)
        for number in line.numbers:
            for question, value in number_questions(number):
                if question in index.NUMBERS:
                    ids += index.ids(connection, question, facility_id, value, MOST_LOOKED_AT)
                else:
                    look(question, value)
        looked.add(rows_of(connection, facility_id, dict.fromkeys(ids)))
        return looked

    def _near_line(self, connection: Readable, line: OneLine) -> list[int]:
        near: list[int] = []
        for family, given in line.readings()[:MOST_READINGS]:
            near += near_records(connection, self._facility_id, family, given, line.born)
        return list(dict.fromkeys(near))[:MOST_COMPARED]


def _once_called(facility_id: str, words: Sequence[str]) -> tuple[Any, ...]:
    """The question for the ids of people who were named by the facility until their own name was known, by that name."""
    return once_called(facility_id, [key for word in words if (key := comparable(word))], MOST_FOUND)


class _Looked:
    """The search rows that were looked at for a line, each once, and whose have the SSN that it names."""

    def __init__(self) -> None:
        self.rows: dict[str, SearchRow] = {}
        self.with_ssn: frozenset[str] = frozenset()

    def add(self, rows: Iterable[SearchRow]) -> None:
        """Further ones."""
        self.rows.update((one.patient_id, one) for one in rows)


def _ranked(line: OneLine, looked: _Looked) -> list[Fit]:
    """How well each fits, the best first."""
    ranked = []
    for one in looked.rows.values():
        score, why = _fit(line, one, has_ssn=one.patient_id in looked.with_ssn)
        if why:
            ranked.append((score, why, one))
    # A number of seven digits that is somebody's MRN may be a stranger's telephone.
    ranked.sort(key=lambda row: (-row[0], "mrn" not in row[1], row[2].family, row[2].given, row[2].patient_id))
    return [Fit(one.patient_id, score, dict.fromkeys(why, True), why) for score, why, one in ranked[:MOST_LOOKED_AT]]


def _person(record: IndexRecord) -> Person:
    return person_of(record.patient_id, record.fields, mrn=record.mrn, nobody=record.nobody)


def _person_listed(row: SearchRow) -> Person:
    fields = {"family": row.family, "given": row.given, "middle": row.middle, "suffix": row.suffix}
    fields |= {"birth_date": row.born, "sex": row.sex, "phone": row.phone}
    return person_of(row.patient_id, fields, nobody=bool(row.nobody))


def _person_of_terms(terms: SearchTerms) -> Person:
    fields = {"family": terms.family, "given": terms.given, "sex": terms.sex, "phone": terms.phone}
    fields["birth_date"] = terms.birth_date.isoformat() if terms.birth_date else ""
    return person_of("", fields)


def _fit(line: OneLine, row: SearchRow, *, has_ssn: bool) -> tuple[float, tuple[str, ...]]:
    """How much of a line the record fits, from 0 to 1, and what of it."""
    parts, why = [], []
    if line.words:
        fit = _name_fit(line, row)
        parts.append(fit)
        if fit:
            why.append("name")
    if line.born:
        fit = {"exact": 1.0, "slip": 0.5}.get(date_level(row.born, line.born.isoformat()), 0.0)
        parts.append(fit)
        if fit:
            why.append("birth_date" if fit == 1 else "birth_date_near")
    has_phone = bool(line.phone) and same_phone(phone_key(row.phone), line.phone)
    if line.phone and line.phone not in line.numbers:
        parts.append(float(has_phone))
        if has_phone:
            why.append("phone")
    if line.ssn and line.ssn not in line.numbers:
        parts.append(float(has_ssn))
        if has_ssn:
            why.append("ssn")
    for number in line.numbers:
        agrees = {
            "mrn": mrn_key(row.mrn) == mrn_key(number) or row.source_id == number,
            "ssn_last4": len(number) == LAST_FOUR and row.ssn_last4 == number,
            "phone": number == line.phone and has_phone,
            "ssn": number == line.ssn and has_ssn,
        }
        parts.append(float(any(agrees.values())))
        why += [name for name, fits in agrees.items() if fits][:1]
    if line.numbers and len(why) == 0 and not line.words:
        # An account number, which the visit knows, or a number that the record had before.
        return 1.0, ("former_mrn",) if any(is_temporary(mrn_key(number)) for number in line.numbers) else ("account",)
    return (sum(parts) / len(parts) if parts else 0.0), tuple(why)


def _name_fit(line: OneLine, row: SearchRow) -> float:
    family, given = name_key(row.family), name_key(row.given)
    best = 0.0
    for one, other in line.names():
        if (not one or family.startswith(one)) and (not other or given.startswith(other)):
            best = max(best, 1.0 if (not one or family == one) and (not other or given == other) else 0.97)
    mine = parts_of(f"{row.given} {row.middle} {row.family}")
    if best:
        # Whoever has only the first and the last word stands after whoever has them all.
        return best if all(any(part.startswith(word) for part in mine) for word in line.parts) else _SOME_WORDS
    if all(any(part.startswith(word) for part in mine) for word in line.parts):
        return 0.95
    tools = matching_tools.tools()
    forms = sum(
        any(
            tools.are_nicknames(word, part) or (len(word) >= _SHORTEST_TYPED and tools.likeness.edits(word, part) <= 1)
            for part in (*mine, family, given)
        )
        for word in line.parts
    )
    return 0.8 * forms / max(len(line.parts), 1)


def _is_namesake(levels: Mapping[str, str]) -> bool:
    """Whether the names are the same and the birth date may be a mistake of the hand, with nothing that speaks against it."""
    is_named = levels["family"] == "exact" and levels["given"] in ("exact", "nickname")
    return is_named and levels["birth_date"] == "slip" and "different" not in (levels["sex"], levels["suffix"], levels["ssn"])


def _fits_widely(asked: Person, one: Person, judged: Judgement) -> bool:
    """Whether each name that was typed may be one of the record's, or be a part of it, on its own place or both exchanged."""
    tools = matching_tools.tools()

    def fits(family: tuple[str, ...], given: tuple[str, ...]) -> bool:
        both = ((asked.family, family), (asked.given, given))
        return all(not mine or share_a_part(mine, theirs, tools, _SHORTEST_TYPED) for mine, theirs in both)

    levels = [judged.levels[name] for name in ("family", "given") if getattr(asked, name)]
    return all(level in (*AGREEING, "similar") for level in levels) or fits(one.family, one.given) or fits(one.given, one.family)


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
