"""The made-up people that the weights are estimated from: the same seed gives the same, and they are as they are said to be."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import islice

import pytest

from tests.bench.mistakes import Rates
from tests.bench.population import Names, Weighted, made_up_names, records

NAMES = made_up_names(3, families=200)


def test_the_same_seed_gives_the_same_records() -> None:
    first, again = list(records(120, 5, NAMES)), list(records(120, 5, made_up_names(3, families=200)))
    assert first == again
    assert first != list(records(120, 6, NAMES))


def test_records_say_whose_they_are() -> None:
    rows = list(records(400, 5, NAMES))
    of_a_person = Counter(row["person"] for row in rows)
    assert len(of_a_person) >= 400
    assert 1.3 < len(rows) / len(of_a_person) < 1.8, "about a third come again"
    assert len({row["source_id"] for row in rows}) == len(rows)


def test_without_mistakes_only_what_changes_in_life_differs() -> None:
    none = Rates().times(0)
    rows = list(records(300, 5, NAMES, none))
    by_person: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_person.setdefault(row["person"], []).append(row)
    for one, *others in by_person.values():
        for other in others:
            assert one["birth_date"] == other["birth_date"] or "" in (one["birth_date"], other["birth_date"])
            assert one["ssn"] == other["ssn"] or "" in (one["ssn"], other["ssn"])


@pytest.mark.parametrize("factor", [1.0, 8.0])
def test_every_birth_date_is_a_day(factor: float) -> None:
    for row in records(300, 9, NAMES, Rates().times(factor)):
        assert not row["birth_date"] or date.fromisoformat(row["birth_date"]) < date(2026, 11, 1)


def test_names_are_as_common_as_they_are_said_to_be() -> None:
    often = Weighted.of(["Smith", "Vega"], [9, 1])
    names = Names(often, Weighted.of(["Ana"], [1]), Weighted.of(["Carl"], [1]))
    families = Counter(row["family"] for row in islice(records(2_000, 5, names, Rates().times(0)), 2_000))
    assert families["Smith"] > 4 * families["Vega"] > 0
