"""Use cases of the integrity of records: flag, link, merge, un-merge, and the work queue of possible duplicates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from access_desk.domain.events import Fact, Recorded
from access_desk.domain.patients.link_views import MergeRow, OtherRecord, RecordSide, ReviewPair
from access_desk.domain.patients.links import decide_flag, decide_link, decide_merge, decide_not_same, decide_unmerge
from access_desk.domain.patients.views import PatientFound, PatientListed, in_short
from access_desk.domain.permissions import Action, check_role
from access_desk.services.duplicate_queue import DuplicateQueue, QueueState
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.registration_checks import rechecks_of_merge
from access_desk.storage.engine import read_transaction
from access_desk.storage.handles import Connection
from access_desk.storage.queries import patient_links as queries
from access_desk.storage.queries.patient_index import last_visit

MOST_MERGES = 30


@dataclass(frozen=True, slots=True)
class DuplicateBoard:
    """What a lead sees of duplicates, from one consistent state of the file.

    ``pairs`` are the first of ``open_pairs``; ``queue`` says whether all records that changed are judged.
    """

    pairs: tuple[ReviewPair, ...]
    open_pairs: int
    queue: QueueState
    merges: tuple[MergeRow, ...]


_Found = TypeVar("_Found", PatientFound, PatientListed)


@dataclass(frozen=True, slots=True)
class Standing(Generic[_Found]):
    """A found record as it stands now. ``retired_mrn`` is the number that was found when it was merged into this one.

    ``linked`` are the records that were said to belong together with it, where that was asked.
    """

    found: _Found
    retired_mrn: str = ""
    linked: tuple[OtherRecord, ...] = ()


class PatientLinkService:
    """One person, one record."""

    def __init__(self, journal: Journal, queue: DuplicateQueue) -> None:
        self._journal = journal
        self._queue = queue

    def flag(self, by: By, one_id: str, other_id: str, reason: str) -> list[Recorded]:
        """Ask a lead to look at two records."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.FLAG_DUPLICATE)
            return decide_flag(unit.states.patient(one_id), unit.states.patient(other_id), reason)

        return self._journal.perform(by, Action.FLAG_DUPLICATE, decided)

    def link(self, by: By, one_id: str, other_id: str, reason: str) -> list[Recorded]:
        """Note that two records belong together and stay two."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.LINK_PATIENTS)
            return decide_link(unit.states.patient(one_id), unit.states.patient(other_id), reason)

        return self._journal.perform(by, Action.LINK_PATIENTS, decided)

    def merge(self, by: By, survivor_id: str, retired_id: str, reason: str) -> list[Recorded]:
        """Retire one record into another; its number keeps finding the survivor."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.MERGE_PATIENTS)
            survivor, retired = unit.states.side(survivor_id), unit.states.side(retired_id)
            facts = decide_merge(survivor, retired, unit.derived_id("merge"), reason, unit.states.facility().policy)
            return [*facts, *rechecks_of_merge(unit, survivor_id, retired_id, facts, stands=survivor_id)]

        return self._journal.perform(by, Action.MERGE_PATIENTS, decided)

    def unmerge(self, by: By, survivor_id: str, merge_id: str, reason: str) -> list[Recorded]:
        """Take a merge back."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.UNMERGE_PATIENTS)
            survivor = unit.states.side(survivor_id)
            absorbed = {one.retired_id: unit.states.patient(one.retired_id) for one in survivor.absorbed}
            facts = decide_unmerge(survivor, merge_id, reason, absorbed)
            retired_id = next(one.retired_id for one in survivor.absorbed if one.merge_id == merge_id)
            return [*facts, *rechecks_of_merge(unit, survivor_id, retired_id, facts, stands=retired_id)]

        return self._journal.perform(by, Action.UNMERGE_PATIENTS, decided)

    def not_the_same(self, by: By, one_id: str, other_id: str, reason: str) -> list[Recorded]:
        """Close a review: two persons."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.RESOLVE_DUPLICATE)
            return decide_not_same(unit.states.patient(one_id), unit.states.patient(other_id), reason)

        return self._journal.perform(by, Action.RESOLVE_DUPLICATE, decided)

    def keep_apart_linked(self, by: By, one_id: str, other_id: str, reason: str) -> list[Recorded]:
        """Close a review: two persons who belong together, such as twins; each record warns of the other from now on."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.RESOLVE_DUPLICATE)
            one, other = unit.states.patient(one_id), unit.states.patient(other_id)
            return [*decide_link(one, other, reason), *decide_not_same(one, other, reason)]

        return self._journal.perform(by, Action.RESOLVE_DUPLICATE, decided)

    def board(self) -> DuplicateBoard:
        """The work queue and the merges of late."""
        facility_id = self._journal.facility_id
        queue = self._queue.catch_up()
        with read_transaction(self._journal.engine) as connection:
            return DuplicateBoard(
                tuple(queries.open_reviews(connection, facility_id)),
                queries.count_open(connection, facility_id)[0],
                queue,
                tuple(queries.last_merges(connection, facility_id, MOST_MERGES)),
            )

    def count_open(self) -> int:
        """How many pairs wait for somebody to decide."""
        with read_transaction(self._journal.engine) as connection:
            return queries.count_open(connection, self._journal.facility_id)[0]

    def survivor_of(self, patient_id: str) -> str:
        """The record that stands for a record now."""
        with read_transaction(self._journal.engine) as connection:
            return queries.survivor_of(connection, self._journal.facility_id, patient_id)

    def records_of(self, patient_id: str) -> list[str]:
        """The record and all that were merged into it."""
        with read_transaction(self._journal.engine) as connection:
            return queries.records_of(connection, self._journal.facility_id, patient_id)

    def side(self, patient_id: str) -> RecordSide | None:
        """One record for a comparison."""
        with read_transaction(self._journal.engine) as connection:
            return queries.side(connection, self._journal.facility_id, patient_id)

    def standing(self, found: Sequence[PatientFound]) -> list[Standing[PatientFound]]:
        """Found records as they stand now: a retired one gives way to its survivor, which is listed once."""

        def survives(one: PatientFound, side: RecordSide) -> PatientFound:
            stands = replace(one, patient_id=side.patient_id, mrn=side.mrn, demographics=side.demographics)
            return replace(stands, unidentified=side.unidentified)

        standing = self._standing(found, survives)
        with read_transaction(self._journal.engine) as connection:
            last = with_visits_of_merged(connection, self._journal.facility_id, [one.found for one in standing])
        return [replace(one, found=now) for one, now in zip(standing, last, strict=True)]

    def standing_listed(self, found: Sequence[PatientListed]) -> list[Standing[PatientListed]]:
        """The same of the list as one types."""

        def survives(one: PatientListed, side: RecordSide) -> PatientListed:
            known = in_short(PatientFound(side.patient_id, side.mrn, side.demographics, side.unidentified, "", None, "", {}, 0.0))
            return known._replace(agrees=one.agrees)

        return self._standing(found, survives)

    def _standing(self, found: Sequence[_Found], survives: Callable[[_Found, RecordSide], _Found]) -> list[Standing[_Found]]:
        if not found:
            return []
        with read_transaction(self._journal.engine) as connection:
            facility_id = self._journal.facility_id
            retired = queries.retired_ids(connection, facility_id, [one.patient_id for one in found])
            if not retired:
                return [Standing(one) for one in found]
            shown: dict[str, Standing[_Found]] = {}
            for one in found:
                survivor_id = retired.get(one.patient_id)
                if survivor_id is None:
                    before = shown.get(one.patient_id)
                    shown[one.patient_id] = Standing(one, before.retired_mrn if before else "")
                    continue
                survivor = queries.side(connection, facility_id, survivor_id)
                if survivor is not None and survivor_id not in shown:
                    shown[survivor_id] = Standing(survives(one, survivor), one.mrn)
            return list(shown.values())


def with_visits_of_merged(connection: Connection, facility_id: str, found: Sequence[PatientFound]) -> list[PatientFound]:
    """Found records, each with the last visit of all that were merged into it."""
    absorbing = queries.absorbing(connection, facility_id, [one.patient_id for one in found]) if found else frozenset()
    stand: list[PatientFound] = []
    for one in found:
        members = queries.records_of(connection, facility_id, one.patient_id) if one.patient_id in absorbing else []
        last = last_visit(connection, facility_id, members) if members else None
        stand.append(replace(one, last_visit_at=last[0], last_visit_type=last[1], coverage=last[2]) if last else one)
    return stand


def utc_span(first: date, last: date, zone: ZoneInfo) -> tuple[str, str]:
    """The moments from the beginning of a day to the end of another, as the tables keep them; the second is not in it."""
    return _moment(first, zone), _moment(last + timedelta(days=1), zone)


def _moment(day: date, zone: ZoneInfo) -> str:
    begins = datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
    return begins.isoformat(timespec="microseconds") + "Z"
