"""Every probable duplicate of an index, with bounded memory: keys are kept as numbers, records are fetched when compared."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from access_desk.domain.matching.blocking import KEYS, keys_of
from access_desk.domain.matching.person import Person, person_of
from access_desk.domain.matching.scoring import Judge
from access_desk.services import matching_tools
from access_desk.storage.handles import Connection
from access_desk.storage.queries import patient_index as index
from access_desk.storage.queries.patient_index import IndexRecord

# A smaller index is kept in memory whole.
MOST_IN_MEMORY = 50_000
# A key that more records share tells too little; in a large index the bound is what makes the work finite.
MOST_SHARING = 60
_MOST_REMEMBERED = 30_000
_GROUPS_BETWEEN = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are probably one person; ``a`` and ``b`` in the order of the file."""

    a: IndexRecord
    b: IndexRecord
    score: float
    band: str


class WholeIndex:
    """The rows of the index by place, their keys as numbers, and how common the names are.

    It is built inside a transaction; the pairs of a key may be asked for in later ones, so that none has to last for hours.
    """

    def __init__(self, connection: Connection, facility_id: str) -> None:
        self._connection, self._facility_id = connection, facility_id
        self.rows = array("q")
        self.keys = [array("q") for _ in range(KEYS)]
        self._kept: list[IndexRecord] | None = []
        names: dict[str, Counter[str]] = {"family": Counter(), "given": Counter()}
        for row, record in index.every_record(connection, facility_id):
            person = _person(record)
            self.rows.append(row)
            for kept, key in zip(self.keys, keys_of(person), strict=True):
                kept.append(hash(key) if key else 0)
            names["family"][person.family_key] += 1
            names["given"][person.given_key] += 1
            if self._kept is not None:
                self._kept.append(record)
                if len(self._kept) > MOST_IN_MEMORY:
                    self._kept = None
        size = max(len(self.rows), 1)
        self.judge = Judge(
            matching_tools.tools(), matching_tools.weights(), lambda field, key: names[field][key] / size or None, size
        )
        self.person = lru_cache(_MOST_REMEMBERED)(lambda place: _person(self.record(place)))

    def record(self, place: int) -> IndexRecord:
        """The record at a place."""
        if self._kept is not None:
            return self._kept[place]
        return index.record_at(self._connection, self._facility_id, self.rows[place])

    def pairs_of(
        self, number: int, connection: Connection, goes_on: Callable[[float], bool] = lambda part: True
    ) -> Iterator[Pair]:
        """The probable pairs that share the key of that number and none before it. Keys are asked for in their order.

        ``goes_on`` is asked now and then with the part of the key that is done, from 0 to 1; False ends it half-way.
        """
        self._connection = connection
        for count, (part, group) in enumerate(_groups(self.keys[number])):
            if count % _GROUPS_BETWEEN == 0 and not goes_on(part):
                return
            for a, b in combinations(group, 2):
                if any(keys[a] == keys[b] != 0 for keys in self.keys[:number]):
                    continue
                judged = self.judge.judge(self.person(a), self.person(b))
                if judged.band:
                    yield Pair(self.record(a), self.record(b), judged.score, judged.band)

    def pass_over(self, number: int) -> None:
        """Go on to the key after this one, whose pairs are known."""
        for _ in _groups(self.keys[number]):
            pass


def every_pair(connection: Connection, facility_id: str, progress: Callable[[float], None]) -> Iterator[Pair]:
    """Every pair of records that is probably one person, each once. ``progress`` gets the part done, from 0 to 1."""
    whole = WholeIndex(connection, facility_id)
    for number in range(KEYS):
        progress(number / KEYS)
        yield from whole.pairs_of(number, connection)
    progress(1.0)


def _groups(keys: array[int]) -> Iterator[tuple[float, list[int]]]:
    """Places that share a key, each with the part of the places that is behind it.

    A key that too many share is blanked, so that a later key may still join its pairs.
    """
    order = sorted(range(len(keys)), key=keys.__getitem__)
    start = 0
    for end in range(1, len(order) + 1):
        if end < len(order) and keys[order[end]] == keys[order[start]]:
            continue
        if end - start > 1 and keys[order[start]] != 0:
            group = sorted(order[start:end])
            if len(group) <= MOST_SHARING:
                yield start / len(order), group
            else:
                for place in group:
                    keys[place] = 0
        start = end


def _person(record: IndexRecord) -> Person:
    return person_of(record.patient_id, record.fields, mrn=record.mrn, nobody=record.nobody)
