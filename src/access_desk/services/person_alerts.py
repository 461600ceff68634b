"""What has to be minded about a person: records that belong to theirs, and people here who are easily taken for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from access_desk.domain.matching.namesakes import are_namesakes
from access_desk.domain.matching.person import person_of_demographics
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.link_views import OtherRecord
from access_desk.domain.privacy.rules import masked
from access_desk.services import matching_tools
from access_desk.services.journal import Journal
from access_desk.storage.engine import read_transaction
from access_desk.storage.handles import Connection
from access_desk.storage.queries import person_alerts as queries
from access_desk.storage.queries.patient_links import records_of, survivor_of


@dataclass(frozen=True, slots=True)
class PersonAlerts:
    """``linked`` are records that somebody said belong together with this one, ``namesakes`` people who are here now."""

    linked: tuple[OtherRecord, ...] = ()
    namesakes: tuple[OtherRecord, ...] = ()


class AlertService:
    """Questions about what a record warns of."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def of(self, person: Demographics, patient_id: str = "") -> PersonAlerts:
        """The alerts of a record, or of somebody who has none yet."""
        tools, asked, facility_id = matching_tools.tools(), person_of_demographics("", person), self._journal.facility_id
        facility = self._journal.read(lambda states: states.facility())
        day = facility.policy.business_date_at(self._journal.clock.now().astimezone(ZoneInfo(facility.timezone)))
        # Everybody who is here is compared outside of the journal, which others wait for.
        with read_transaction(self._journal.engine) as connection:
            mine = records_of(connection, facility_id, patient_id) if patient_id else []
            namesakes: dict[str, OtherRecord] = {}
            for other, goes_by_alias in queries.people_here(connection, facility_id, day):
                theirs = person_of_demographics("", other.demographics, nobody=goes_by_alias)
                if other.patient_id not in mine and are_namesakes(asked, theirs, tools):
                    namesakes.setdefault(survivor_of(connection, facility_id, other.patient_id), other)
            linked = self._linked(connection, mine) if mine else ()
        return PersonAlerts(self._veiled(linked), self._veiled(tuple(namesakes.values())))

    def linked(self, ids: Sequence[str]) -> dict[str, tuple[OtherRecord, ...]]:
        """Of some records, those that were said to belong together with others, each with these."""
        facility_id = self._journal.facility_id
        with read_transaction(self._journal.engine) as connection:
            found = {one: self._linked(connection, records_of(connection, facility_id, one)) for one in ids}
        return {one: self._veiled(others) for one, others in found.items() if others}

    def _linked(self, connection: Connection, mine: Sequence[str]) -> tuple[OtherRecord, ...]:
        """The other records as they stand now; none that was merged into the same record since."""
        facility_id = self._journal.facility_id
        found: dict[str, OtherRecord] = {}
        for _, other_id, reason in queries.links_of(connection, facility_id, mine):
            stands = survivor_of(connection, facility_id, other_id)
            other = queries.record_named(connection, facility_id, stands, reason)
            if other is not None and stands not in mine:
                found.setdefault(stands, other)
        return tuple(found.values())

    def _veiled(self, others: tuple[OtherRecord, ...]) -> tuple[OtherRecord, ...]:
        """Of a protected record: that there is one."""
        if not others:
            return ()
        closed = self._journal.read(
            lambda states: {one.patient_id for one in others if states.privacy(one.patient_id).is_protected}
        )
        return tuple(replace(one, demographics=masked(one.demographics)) if one.patient_id in closed else one for one in others)
