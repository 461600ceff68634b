"""Questions about merges, reviews and duplicate rates."""

# Statements are put together from the constants of this module; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping

from access_desk.domain.patients.link_views import MergeRow, Rate, RecordSide, ReviewPair
from access_desk.domain.patients.links import standing
from access_desk.storage.queries.patients import demographics_of

MOST_LISTED = 200
_STANDING = "NOT EXISTS (SELECT 1 FROM patient_unmerges u WHERE u.facility_id = m.facility_id AND u.merge_id = m.merge_id)"
_MERGED_AWAY = (
    "EXISTS (SELECT 1 FROM patient_merges m WHERE m.facility_id = i.facility_id "
    f"AND m.retired_id IN (i.one_id, i.other_id) AND {_STANDING})"
)
# What a person raised is open when nobody said "not the same" afterwards, and neither record was merged away. What was only
# alike when a record was made is open as long as it is probable.
_RAISED = (
    "FROM review_items i WHERE i.facility_id = ?1 AND i.source != 'alike' AND NOT EXISTS (SELECT 1 FROM review_answers a "
    "WHERE a.facility_id = i.facility_id AND a.one_id = i.one_id AND a.other_id = i.other_id AND a.stamp > i.stamp) "
    f"AND NOT {_MERGED_AWAY}"
)
# A pair that is judged to be probable is open until a person decides about it: what is said counts, whenever it was said. The
# decisions are few and the pairs may be very many, so each set of decisions is looked up once.
_RETIRED = f"SELECT m.retired_id FROM patient_merges m WHERE m.facility_id = ?1 AND {_STANDING}"
_PROBABLE = (
    "FROM local_pairs i WHERE i.facility_id = ?1 "
    "AND (i.one_id, i.other_id) NOT IN (SELECT one_id, other_id FROM review_answers WHERE facility_id = ?1) "
    "AND (i.one_id, i.other_id) NOT IN (SELECT one_id, other_id FROM patient_links WHERE facility_id = ?1) "
    f"AND i.one_id NOT IN ({_RETIRED}) AND i.other_id NOT IN ({_RETIRED})"
)


# The indexes are named: without figures about the table the planner reads every merge of the facility.
_OF_SURVIVOR = (
    "SELECT m.merge_id, m.stamp, m.survivor_id, m.retired_id FROM patient_merges m INDEXED BY ix_patient_merges_survivor "
    f"WHERE m.facility_id = ? AND m.survivor_id = ? AND {_STANDING}"
)
_OF_RETIRED = (
    "SELECT m.merge_id, m.stamp, m.survivor_id, m.retired_id FROM patient_merges m INDEXED BY ix_patient_merges_retired "
    f"WHERE m.facility_id = ? AND m.retired_id = ? AND {_STANDING}"
)


def family_of(connection: Connection, facility_id: str, patient_id: str) -> list[tuple[str, str, str]]:
    """Every standing merge that a record hangs on, directly or through others, as (stamp, survivor, retired)."""
    known, waiting = {patient_id}, [patient_id]
    merges: dict[str, tuple[str, str, str]] = {}
    while waiting:
        one = waiting.pop()
        rows = connection.exec_driver_sql(f"{_OF_SURVIVOR} UNION ALL {_OF_RETIRED}", (facility_id, one, facility_id, one)).all()
        for merge_id, stamp, survivor, retired in rows:
            merges[merge_id] = (stamp, survivor, retired)
            met = {survivor, retired} - known
            known |= met
            waiting += sorted(met)
    return sorted(merges.values())


def survivor_of(connection: Connection, facility_id: str, patient_id: str) -> str:
    """The record that stands for a record now: itself, unless it was merged."""
    return standing(patient_id, family_of(connection, facility_id, patient_id))


def records_of(connection: Connection, facility_id: str, patient_id: str) -> list[str]:
    """The record and all that were merged into it: whose visits and payments are shown under it."""
    family = family_of(connection, facility_id, patient_id)
    members = dict.fromkeys([patient_id, *(one for _, survivor, retired in family for one in (survivor, retired))])
    return [one for one in members if standing(one, family) == standing(patient_id, family)]


def merged_with(connection: Connection, facility_id: str, ids: Sequence[str]) -> list[str]:
    """These records and all that they are merged with, directly or through others; one question when nothing is merged."""
    known, fresh = dict.fromkeys(ids), list(ids)
    while fresh:
        marks = ", ".join("?" * len(fresh))
        rows = connection.exec_driver_sql(
            f"SELECT m.survivor_id, m.retired_id FROM patient_merges m WHERE m.facility_id = ? AND (m.survivor_id IN ({marks}) "
            f"OR m.retired_id IN ({marks})) AND {_STANDING}",
            (facility_id, *fresh, *fresh),
        ).all()
        fresh = [one for one in dict.fromkeys(one for row in rows for one in row) if one not in known]
        known |= dict.fromkeys(fresh)
    return list(known)


def retired_ids(connection: Connection, facility_id: str, ids: list[str]) -> dict[str, str]:
    """Of these records, those that were merged, each with the record that stands for it."""
    marks = ", ".join("?" * len(ids))
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT m.retired_id FROM patient_merges m WHERE m.facility_id = ? AND m.retired_id IN ({marks}) "
        f"AND {_STANDING}",
        (facility_id, *ids),
    ).all()
    found = {row[0]: survivor_of(connection, facility_id, row[0]) for row in rows}
    return {retired: survivor for retired, survivor in found.items() if retired != survivor}


def absorbing(connection: Connection, facility_id: str, ids: Sequence[str]) -> frozenset[str]:
    """Of these records, those into which another was merged."""
    marks = ", ".join("?" * len(ids))
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT m.survivor_id FROM patient_merges m WHERE m.facility_id = ? AND m.survivor_id IN ({marks}) "
        f"AND {_STANDING}",
        (facility_id, *ids),
    ).all()
    return frozenset(row[0] for row in rows)


def side(connection: Connection, facility_id: str, patient_id: str) -> RecordSide | None:
    """One record for a comparison, with what hangs on it and on those merged into it; None when it is not here (yet)."""
    family = family_of(connection, facility_id, patient_id)
    members = [one for one in dict.fromkeys([patient_id, *(gone for _, _, gone in family)]) if _hangs_on(one, patient_id, family)]
    marks = ", ".join("?" * len(members))
    row = connection.exec_driver_sql(
        f"SELECT p.*, (SELECT count(*) FROM visits v WHERE v.facility_id = p.facility_id AND v.patient_id IN ({marks})) "
        "AS visits, (SELECT s.ssn_last4 FROM patient_search s WHERE s.facility_id = p.facility_id "
        "AND s.patient_id = p.patient_id) AS ssn_last4, "
        f"(SELECT max(v.arrived_at) FROM visits v WHERE v.facility_id = p.facility_id AND v.patient_id IN ({marks})) "
        "AS last_visit, "
        "(SELECT count(*) FROM payments y INDEXED BY ix_payments_patient WHERE y.facility_id = p.facility_id "
        f"AND y.patient_id IN ({marks}) AND y.voided_at IS NULL) + (SELECT count(DISTINCT g.payment_id) FROM local_let_go_paid g "
        f"WHERE g.facility_id = p.facility_id AND g.patient_id IN ({marks})) AS payments FROM patients p "
        "WHERE p.facility_id = ? AND p.patient_id = ?",
        (*members, *members, *members, *members, facility_id, patient_id),
    ).mappings().first()  # fmt: skip
    return _side(row) if row else None


def _sides(connection: Connection, facility_id: str, ids: list[str]) -> dict[str, RecordSide]:
    found = (side(connection, facility_id, one) for one in ids)
    return {one.patient_id: one for one in found if one is not None}


def _hangs_on(one: str, patient_id: str, family: list[tuple[str, str, str]]) -> bool:
    """Whether a record's visits are shown under this one: it is the record itself, or is merged into it while that stands."""
    if one == patient_id:
        return True
    return standing(patient_id, family) == patient_id == standing(one, family)


def _side(row: RowMapping) -> RecordSide:
    last = row["last_visit"]
    return RecordSide(
        patient_id=row["patient_id"],
        mrn=row["mrn"],
        demographics=demographics_of(row),
        unidentified=bool(row["unidentified"]),
        registered_at=datetime.fromisoformat(row["registered_at"]),
        visits=int(row["visits"]),
        last_visit_at=datetime.fromisoformat(last) if last else None,
        payments=int(row["payments"]),
    )


def open_reviews(connection: Connection, facility_id: str) -> list[ReviewPair]:
    """The pairs to look at: first what people raised, the longest waiting first, then what is probable, the likeliest first.

    A pair stands once, however often it was raised.
    """
    raised = connection.exec_driver_sql(
        "SELECT i.one_id, i.other_id, i.source, i.reason, min(i.raised_at) AS since, i.raised_by, count(*) AS times, "
        "(SELECT p.score FROM local_pairs p WHERE p.facility_id = i.facility_id AND p.one_id = i.one_id "
        "AND p.other_id = i.other_id) AS score, (SELECT p.band FROM local_pairs p WHERE p.facility_id = i.facility_id "
        f"AND p.one_id = i.one_id AND p.other_id = i.other_id) AS band {_RAISED} "
        "GROUP BY i.one_id, i.other_id ORDER BY min(i.raised_at), 1, 2 LIMIT ?2",
        (facility_id, MOST_LISTED),
    ).all()
    known = {(row.one_id, row.other_id) for row in raised}
    probable = connection.exec_driver_sql(
        "SELECT i.one_id, i.other_id, CASE WHEN r.item_id IS NULL THEN 'found' ELSE 'alike' END AS source, '' AS reason, "
        "coalesce(r.raised_at, i.found_at) AS since, coalesce(r.raised_by, '') AS raised_by, 1 AS times, i.score, i.band "
        "FROM (SELECT i.* "
        f"{_PROBABLE} ORDER BY i.score DESC, i.one_id, i.other_id LIMIT ?2) i LEFT JOIN review_items r ON r.item_id = ("
        "SELECT n.item_id FROM review_items n WHERE n.facility_id = i.facility_id AND n.one_id = i.one_id "
        "AND n.other_id = i.other_id AND n.source = 'alike' ORDER BY n.stamp LIMIT 1) AND r.facility_id = i.facility_id "
        "ORDER BY i.score DESC, i.one_id, i.other_id",
        (facility_id, MOST_LISTED),
    ).all()
    rows = [*raised, *(row for row in probable if (row.one_id, row.other_id) not in known)][:MOST_LISTED]
    sides = _sides(connection, facility_id, list({one for row in rows for one in (row.one_id, row.other_id)}))
    return [_review(row, sides) for row in rows if row.one_id in sides and row.other_id in sides]


def _review(row: Row[Any], sides: dict[str, RecordSide]) -> ReviewPair:
    one, other = sides[row.one_id], sides[row.other_id]
    # The older record stands first: it is the one that is usually kept.
    first, second = sorted((one, other), key=lambda record: (record.registered_at, record.patient_id))
    since = datetime.fromisoformat(row.since)
    score, band = (row.score or 0) / 10_000, row.band or ""
    return ReviewPair(first, second, row.source, row.reason, since, row.raised_by, int(row.times), score, band)


def count_open(connection: Connection, facility_id: str) -> tuple[int, int]:
    """How many pairs there are to look at, and how many records are in them."""
    row = connection.exec_driver_sql(
        f"WITH opened AS MATERIALIZED (SELECT i.one_id, i.other_id {_RAISED} UNION SELECT i.one_id, i.other_id {_PROBABLE}) "
        "SELECT (SELECT count(*) FROM opened), "
        "(SELECT count(*) FROM (SELECT one_id FROM opened UNION SELECT other_id FROM opened))",
        (facility_id,),
    ).one()
    return int(row[0]), int(row[1])


def last_merges(connection: Connection, facility_id: str, most: int) -> list[MergeRow]:
    """The newest merges, with whether they were taken back."""
    rows = connection.exec_driver_sql(
        "SELECT m.merge_id, m.survivor_id, m.retired_id, m.reason, m.merged_at, m.merged_by, "
        "(SELECT min(u.unmerged_at) FROM patient_unmerges u WHERE u.facility_id = m.facility_id AND u.merge_id = m.merge_id), "
        "(SELECT u.unmerged_by FROM patient_unmerges u WHERE u.facility_id = m.facility_id AND u.merge_id = m.merge_id "
        "ORDER BY u.unmerged_at, u.event_id LIMIT 1) "
        "FROM patient_merges m WHERE m.facility_id = ? ORDER BY m.stamp DESC LIMIT ?",
        (facility_id, most),
    ).all()
    found: list[MergeRow] = []
    for row in rows:
        survivor, retired = side(connection, facility_id, row[1]), side(connection, facility_id, row[2])
        if survivor is not None and retired is not None:
            undone = datetime.fromisoformat(row[6]) if row[6] else None
            merged = datetime.fromisoformat(row[4])
            found.append(MergeRow(row[0], survivor, retired, row[3], merged, row[5], undone, row[7] or ""))
    return found


def duplicates_made(connection: Connection, facility_id: str, since: str, until: str) -> dict[str, int]:
    """Per person (who registered the first visit) the records made in the period that were merged into others since."""
    rows = connection.exec_driver_sql(
        "SELECT v.registered_by, count(*) FROM patients p JOIN visits v ON v.facility_id = p.facility_id "
        "AND v.patient_id = p.patient_id WHERE p.facility_id = ? AND p.registered_at >= ? AND p.registered_at < ? "
        "AND v.visit_id = (SELECT w.visit_id FROM visits w WHERE w.facility_id = p.facility_id AND w.patient_id = p.patient_id "
        "ORDER BY w.arrived_at, w.visit_id LIMIT 1) AND EXISTS (SELECT 1 FROM patient_merges m "
        f"WHERE m.facility_id = p.facility_id AND m.retired_id = p.patient_id AND {_STANDING}) GROUP BY v.registered_by",
        (facility_id, since, until),
    ).all()
    return {row[0]: int(row[1]) for row in rows}


def renamed(connection: Connection, facility_id: str, since: str, until: str) -> list[tuple[str, str, str]]:
    """Changes of family name, given name and birth date in one: record, clock stamp, who made it; the period is as in `rates`."""
    rows = connection.exec_driver_sql(
        "SELECT patient_id, stamp, max(changed_by) FROM patient_changes WHERE facility_id = ? AND changed_at >= ? "
        "AND changed_at < ? AND field IN ('family', 'given', 'birth_date') AND value <> '' "
        "GROUP BY patient_id, stamp HAVING count(*) = 3 ORDER BY stamp",
        (facility_id, since, until),
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def rates(connection: Connection, facility_id: str, since: str, until: str, overtyped: int) -> tuple[Rate, ...]:
    """Duplicate error, creation and overlay rate; the period is from ``since`` to before ``until`` (UTC text).

    ``overtyped`` is how many records were probably overtyped in it.
    """
    possible = count_open(connection, facility_id)[1]

    def count(asked: str, *values: object) -> int:
        return int(connection.exec_driver_sql(asked, (facility_id, *values)).scalar_one())

    retired = f"SELECT m.retired_id FROM patient_merges m WHERE m.facility_id = p.facility_id AND {_STANDING}"
    records = count(f"SELECT count(*) FROM patients p WHERE p.facility_id = ? AND p.patient_id NOT IN ({retired})")
    confirmed = count(
        "SELECT count(*) FROM patients p WHERE p.facility_id = ? AND p.registered_at >= ? AND p.registered_at < ? "
        f"AND p.patient_id IN ({retired})",
        since,
        until,
    )
    events = count("SELECT count(*) FROM visits WHERE facility_id = ? AND entered_at >= ? AND entered_at < ?", since, until)
    overlays = count(
        "SELECT count(DISTINCT merge_id) FROM patient_unmerges WHERE facility_id = ? AND unmerged_at >= ? AND unmerged_at < ?",
        since,
        until,
    )
    return (
        Rate(
            "Duplicate error rate",
            possible,
            records,
            "records in a possible duplicate",
            "records in the index",
            "AHIMA, single index: records in possible duplicates over all records. Goal at most 1 %.",
        ),
        Rate(
            "Duplicate creation rate",
            confirmed,
            events,
            "confirmed duplicates made in the period",
            "registrations in the period",
            "AHIMA: confirmed duplicates in a period over registration events in that period.",
        ),
        Rate(
            "Overlay rate",
            overlays + overtyped,
            records,
            "merges taken back and records overtyped in the period",
            "records in the index",
            "AHIMA: overlay, two persons in one record. Counted are merges found wrong and, as probable, records of which one "
            "change replaced both names and the birth date; a change by a lead is a correction.",
        ),
    )
