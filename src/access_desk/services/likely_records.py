"""The records that are likely somebody's who is about to get a new one, as the index weighs them, each as it stands now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from access_desk.domain.matching.person import person_of, person_of_demographics
from access_desk.domain.patients.commands import very_probably_same
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.link_views import OtherRecord
from access_desk.domain.patients.views import PatientFound
from access_desk.services.journal import Journal, made_id
from access_desk.services.patient_index import Candidate, PatientIndex
from access_desk.services.patient_links import with_visits_of_merged
from access_desk.services.person_alerts import AlertService
from access_desk.storage.engine import read_transaction
from access_desk.storage.handles import Connection
from access_desk.storage.queries import patient_index as index
from access_desk.storage.queries.patient_index import Fit
from access_desk.storage.queries.patient_links import retired_ids

# More than anybody compares while a person waits; a lead is told of as many.
MOST_LIKELY = 5
_SAME_ADDRESS = ("exact", "near")


@dataclass(frozen=True, slots=True)
class LikelyRecord:
    """A record beside what was typed. ``levels`` says per field how both compare, ``band`` is ``same``, ``review`` or blank.

    ``is_refused``: no second record is made beside it without a reason. ``retired_mrn`` is the number of a record that was
    merged into this one, when that is the one that is alike. ``linked`` are records that belong together with this one.
    """

    found: PatientFound
    levels: Mapping[str, str]
    band: str
    is_refused: bool
    retired_mrn: str = ""
    linked: tuple[OtherRecord, ...] = ()


class LikelyRecords:
    """Whether somebody who gets a new record has one already."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._index, self._alerts = PatientIndex(journal), AlertService(journal)

    def of(self, new: Demographics, also: Sequence[str] = (), command_id: str = "") -> list[LikelyRecord]:
        """The likely records of a person, the likeliest first.

        Records of the ids ``also`` are among them whatever they weigh. One that the registration of ``command_id`` made is
        not: it was filed before, and is filed again because nobody saw the answer.
        """
        mine = made_id(self._journal.stream.desk_id, command_id, "patient") if command_id else ""
        with read_transaction(self._journal.engine) as connection:
            probable = self._index.candidates_in(connection, new, with_namesakes=True)
            candidates = [one for one in probable if one.record.patient_id != mine]
            known = {one.record.patient_id for one in candidates}
            candidates += self._weighed(connection, new, [one for one in also if one not in known])
            likely = self._standing(connection, new, candidates)[:MOST_LIKELY]
        linked = self._alerts.linked([one.found.patient_id for one in likely])
        zone = ZoneInfo(self._journal.read(lambda states: states.facility()).timezone)
        return [replace(one, found=_by_clock_of(zone, one.found), linked=linked.get(one.found.patient_id, ())) for one in likely]

    def _weighed(self, connection: Connection, new: Demographics, ids: Sequence[str]) -> list[Candidate]:
        person, judge = person_of_demographics("", new), self._index.judge(connection)
        records = index.records(connection, self._journal.facility_id, ids)
        known = [(one, person_of(one.patient_id, one.fields, mrn=one.mrn, nobody=one.nobody)) for one in records]
        return [Candidate(one, judge.judge(person, other)) for one, other in known]

    def _standing(self, connection: Connection, new: Demographics, candidates: Sequence[Candidate]) -> list[LikelyRecord]:
        """Each candidate once, and instead of one that was merged the record that stands for it."""
        facility_id = self._journal.facility_id
        retired = retired_ids(connection, facility_id, [one.record.patient_id for one in candidates]) if candidates else {}
        survivors = {one.record.patient_id: one for one in self._weighed(connection, new, list(retired.values()))}
        shown: dict[str, tuple[Candidate, str, str]] = {}
        for one in candidates:
            stands = survivors.get(retired.get(one.record.patient_id, ""))
            record = (stands or one).record
            known = shown.get(record.patient_id)
            if known is None:
                shown[record.patient_id] = (stands or one, one.judgement.band, one.record.mrn if stands else "")
            elif stands and not known[2]:
                shown[record.patient_id] = (known[0], known[1], one.record.mrn)
        fits = [
            Fit(one.record.patient_id, one.judgement.score, _agreeing(one.judgement.levels), ()) for one, _, _ in shown.values()
        ]
        listed = with_visits_of_merged(connection, facility_id, index.found(connection, facility_id, fits))
        return [
            LikelyRecord(found, one.judgement.levels, band, _is_refused(new, one), retired_mrn)
            for found, (one, band, retired_mrn) in zip(listed, shown.values(), strict=True)
        ]


def _by_clock_of(zone: ZoneInfo, found: PatientFound) -> PatientFound:
    """With the last visit by the facility's clock."""
    at = found.last_visit_at
    return replace(found, last_visit_at=at.astimezone(zone)) if at else found


def _is_refused(new: Demographics, one: Candidate) -> bool:
    # With the whole number, which only the index has.
    on_file = replace(one.record.demographics, ssn=one.record.fields["ssn"])
    return not one.record.nobody and very_probably_same(new, on_file)


def _agreeing(levels: Mapping[str, str]) -> dict[str, bool]:
    """Per detail that both have, whether they say the same; both names together are one detail, in either order."""
    names = [levels[name] for name in ("family", "given") if levels[name] != "missing"]
    agrees = {"name": all(one == "exact" for one in names)} if names else {}
    fitting = {
        "birth_date": ("exact",),
        "sex": ("exact",),
        "ssn": ("exact", "serial"),
        "phone": ("exact",),
        "address": _SAME_ADDRESS,
        "email": ("exact",),
    }
    for field, same in fitting.items():
        if levels[field] != "missing":
            agrees[field] = levels[field] in same
    return agrees
