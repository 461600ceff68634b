"""Questions about forms."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection


class ClockedVisit(NamedTuple):
    """A visit for which a clock may be running, or may have run out."""

    visit_id: str
    patient_id: str
    account_number: str


# A visit is settled when the patient left and nothing can be owed any more: a message within two days before leaving
# (surely within two calendar days), a notice of observation or no more than 24 hours of it. What is not surely settled is
# listed, however long ago it was, and looked at by the rules themselves. The days are a little short, as julianday rounds.
_STAYS = """
WITH stays AS (
  SELECT v.visit_id, v.patient_id, v.account_number,
    v.type = 'inpatient' OR EXISTS (SELECT 1 FROM visit_milestones m WHERE m.facility_id = v.facility_id
      AND m.visit_id = v.visit_id AND m.milestone = 'admitted') OR EXISTS (SELECT 1 FROM stay_moments s
      WHERE s.facility_id = v.facility_id AND s.visit_id = v.visit_id AND s.moment = 'inpatient_admitted') AS admitted,
    v.type = 'observation' OR EXISTS (SELECT 1 FROM stay_moments s WHERE s.facility_id = v.facility_id
      AND s.visit_id = v.visit_id AND s.moment = 'observation_began') AS observed,
    coalesce((SELECT s.at FROM stay_moments s WHERE s.facility_id = v.facility_id AND s.visit_id = v.visit_id
      AND s.moment = 'observation_began' ORDER BY s.stamp DESC LIMIT 1), v.arrived_at) AS began_at,
    coalesce((SELECT s.at FROM stay_moments s WHERE s.facility_id = v.facility_id AND s.visit_id = v.visit_id
      AND s.moment = 'discharged' ORDER BY s.stamp DESC LIMIT 1), (SELECT min(m.reached_at) FROM visit_milestones m
      WHERE m.facility_id = v.facility_id AND m.visit_id = v.visit_id AND m.milestone = 'departed'),
      (SELECT min(m.reached_at) FROM visit_milestones m WHERE m.facility_id = v.facility_id
      AND m.visit_id = v.visit_id AND m.milestone = 'left_without_being_seen')) AS left_at,
    (SELECT max(f.given_at) FROM form_steps f WHERE f.facility_id = v.facility_id AND f.visit_id = v.visit_id
      AND f.form = 'important_message' AND f.step = 'completed') AS message_at,
    EXISTS (SELECT 1 FROM form_steps f WHERE f.facility_id = v.facility_id AND f.visit_id = v.visit_id
      AND f.form = 'observation_notice' AND f.step = 'completed') AS noticed
  FROM visits v WHERE v.facility_id = ? AND (
    EXISTS (SELECT 1 FROM coverages c WHERE c.facility_id = v.facility_id AND c.visit_id = v.visit_id AND c.medicare = 1)
    OR EXISTS (SELECT 1 FROM coverage_changes c WHERE c.facility_id = v.facility_id AND c.visit_id = v.visit_id))
)
SELECT visit_id, patient_id, account_number FROM stays WHERE (admitted OR observed) AND NOT (
  left_at IS NOT NULL
  AND (NOT admitted OR (message_at IS NOT NULL AND julianday(message_at) >= julianday(left_at) - 1.999))
  AND (NOT observed OR noticed OR julianday(left_at) - julianday(began_at) <= 0.999))
"""
# An estimate is given when the form was completed after it was asked for, or surely on the day or later: a date is compared
# with a moment of UTC, so that the day itself is left to the rules.
_ESTIMATES = (
    "SELECT DISTINCT v.visit_id, v.patient_id, v.account_number FROM good_faith_estimates g JOIN visits v "
    "ON v.facility_id = g.facility_id AND v.visit_id = g.visit_id WHERE g.facility_id = ? AND g.due_on <> '' "
    "AND NOT EXISTS (SELECT 1 FROM form_steps f WHERE f.facility_id = g.facility_id AND f.visit_id = g.visit_id "
    "AND f.form = 'good_faith_estimate' AND f.step = 'completed' "
    "AND (f.stamp > g.stamp OR f.given_at >= date(g.asked_on, '+1 day')))"
)


def visits_with_clocks(connection: Connection, facility_id: str) -> list[ClockedVisit]:
    """The visits whose forms have to be looked at for clocks; a visit that is not listed has none open."""
    rows = [
        *connection.exec_driver_sql(_STAYS, (facility_id,)).all(),
        *connection.exec_driver_sql(_ESTIMATES, (facility_id,)).all(),
    ]
    return [ClockedVisit(*row) for row in dict.fromkeys(tuple(row) for row in rows)]
