"""Two thousand people of one name: who arrives is found among them by a birth date, right or with a slip, or by a telephone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from access_desk.domain.matching.dates import slips_of
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.patients.views import SearchTerms
from access_desk.services.likely_records import LikelyRecords
from access_desk.services.near_records import MOST_AT_A_DATE, MOST_OF_A_NAME
from access_desk.storage.engine import write_transaction
from tests.desks import TestDesk, a_desk

ALIKE, OTHERS, ON_NEW_YEAR = 2_000, 800, 900
ASKED = 12
NEW_YEAR = date(1950, 1, 1)


@dataclass(frozen=True)
class Alike:
    desk: TestDesk
    people: list[ImportedRow]

    def listed(self, **typed: object) -> list[str]:
        """Whom the check lists beside a man with these demographics."""
        new = Demographics(sex="male", **typed)  # type: ignore[arg-type]
        return [one.record.source_id for one in self.desk.desk.index.candidates(new)]


@pytest.fixture(scope="module")
def alike() -> Iterator[Alike]:
    chance = random.Random(1)

    def born() -> str:
        return (date(1930, 1, 2) + timedelta(days=chance.randrange(34_000))).isoformat()

    def person(number: int, family: str, given: str, day: str) -> ImportedRow:
        phone = f"216{chance.randint(2_000_000, 9_999_999)}"
        return ImportedRow(
            str(number), f"{number + 10_000}", family, given, "", "", day, "male", "", phone, "", "", "", "", "", {}
        )

    names = [("Smith", "James", born()) for _ in range(ALIKE)]
    names += [(f"Fam{number}", f"Giv{number % 50}", born()) for number in range(OTHERS)]
    names += [(f"N{number}", "James", NEW_YEAR.isoformat()) for number in range(ON_NEW_YEAR)]
    names += [("Zuma", "Vusi", NEW_YEAR.isoformat())]
    people = [person(number, *name) for number, name in enumerate(names)]
    assert ALIKE > 3 * MOST_OF_A_NAME
    assert ON_NEW_YEAR > 2 * MOST_AT_A_DATE
    with a_desk() as desk:
        desk.desk.index_import.load(people, "ab" * 32, lambda _: None)
        yield Alike(desk, people)


def asked(alike: Alike) -> list[tuple[ImportedRow, date]]:
    # Of those that the index has last as well: a bound that is too low cuts these off.
    some = [
        *random.Random(2).sample(alike.people[:ALIKE], ASKED),
        *sorted(alike.people[:ALIKE], key=lambda one: one.birth_date)[-2:],
    ]
    return [(one, date.fromisoformat(one.birth_date)) for one in some]


@pytest.mark.parametrize(("family", "given"), [("Smith", "James"), ("Smith", "Jim"), ("James", "Smith"), ("Smth", "James")])
def test_an_equal_birth_date_is_listed(alike: Alike, family: str, given: str) -> None:
    for one, born in asked(alike):
        assert one.source_id in alike.listed(family=family, given=given, birth_date=born)


@pytest.mark.parametrize(("family", "given"), [("Smith", "James"), ("Smith", "Jim"), ("James", "Smith")])
def test_a_slip_in_the_birth_date_is_listed(alike: Alike, family: str, given: str) -> None:
    today = alike.desk.desk.view.now().date()
    for one, born in asked(alike)[:: 1 if given == "James" else 4]:
        for slip in slips_of(born.isoformat()):
            if (typed := date.fromisoformat(slip)) <= today:
                assert one.source_id in alike.listed(family=family, given=given, birth_date=typed), (one.birth_date, slip)


def test_an_equal_telephone_is_listed(alike: Alike) -> None:
    for one, born in asked(alike):
        assert one.source_id in alike.listed(family="Smith", given="James", phone=one.phone)
        other = born.replace(year=born.year - 30 if born.year > 1970 else born.year + 30, day=1)
        assert one.source_id in alike.listed(family="Smith", given="James", phone=one.phone, birth_date=other)


def test_a_birth_date_of_nine_hundred_hides_nobody(alike: Alike) -> None:
    who = alike.people[-1].source_id
    for family, given in (("Zuma", "Vusi"), ("Vusi", "Zuma"), ("Zumma", "Vusi")):
        assert who in alike.listed(family=family, given=given, birth_date=NEW_YEAR)
        assert who in [one.source_id for one in alike.desk.desk.index.wider(SearchTerms(family, given, NEW_YEAR))]


def test_wider_finds_a_slip_among_them(alike: Alike) -> None:
    for one, born in asked(alike):
        slip = date.fromisoformat(slips_of(born.isoformat())[len(slips_of(born.isoformat())) // 2])
        near = alike.desk.desk.index.wider(SearchTerms("Smith", "James", slip))
        assert one.source_id in [found.source_id for found in near]


def test_of_a_larger_index_a_namesake_is_shown_and_left_out_of_the_queue(alike: Alike) -> None:
    """Where one in eight has the name a slip proves too little: the registrar sees the record, no lead is troubled."""
    last, larger = len(alike.people), 8 * ALIKE

    def number_last(to: int) -> None:
        # Row numbers say how large an index is, and are no part of a comparison.
        with write_transaction(alike.desk.desk.journal.engine) as connection:
            connection.exec_driver_sql("UPDATE patient_search SET rowid = ? WHERE rowid >= ?", (to, last))

    number_last(larger)
    likely = LikelyRecords(alike.desk.desk.journal)
    for one, born in asked(alike):
        slip = date.fromisoformat(slips_of(born.isoformat())[0])
        shown = {
            found.found.source_id: found.band for found in likely.of(Demographics("Smith", "James", birth_date=slip, sex="male"))
        }
        assert shown.get(one.source_id) == ""
        assert one.source_id not in alike.listed(family="Smith", given="James", birth_date=slip)
    number_last(last)
