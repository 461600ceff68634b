"""Questions about names that the facility gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

# Named, because the planner thinks that a facility has ten patients.
_CHILDREN: Final = "FROM patients INDEXED BY ix_patients_newborn_of WHERE facility_id = ? AND newborn_of = ?"


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A name that a patient was given until their own was known, with the estimated age that came with it."""

    patient_id: str
    family: str
    given: str
    kind: str
    age_low: int | None
    age_high: int | None

    @property
    def age(self) -> str:
        """``about 30 to 40 y``, ``about 35 y``; blank when nobody said how old the person seems."""
        if self.age_low is None or self.age_high is None:
            return ""
        return f"about {self.age_low} y" if self.age_low == self.age_high else f"about {self.age_low} to {self.age_high} y"


def names_borne(connection: Connection, facility_id: str) -> frozenset[tuple[str, str]]:
    """Names given to somebody who is not identified yet, or who is identified and still here: their papers carry it."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT a.family, a.given FROM patient_aliases a LEFT JOIN patients p ON p.facility_id = a.facility_id "
        "AND p.patient_id = a.patient_id WHERE a.facility_id = ? AND a.kind = 'unidentified' "
        "AND (coalesce(p.unidentified, 1) = 1 OR EXISTS (SELECT 1 FROM visits v WHERE v.facility_id = a.facility_id "
        "AND v.patient_id = a.patient_id "
        "AND NOT EXISTS (SELECT 1 FROM visit_milestones m WHERE m.facility_id = v.facility_id AND m.visit_id = v.visit_id "
        "AND m.milestone IN ('departed', 'left_without_being_seen'))))",
        (facility_id,),
    ).all()
    return frozenset((row[0], row[1]) for row in rows)


def alias_of(connection: Connection, facility_id: str, patient_id: str) -> AliasRow | None:
    """The last name that a patient was given; None when they came with their own."""
    row = connection.exec_driver_sql(
        "SELECT patient_id, family, given, kind, age_low, age_high FROM patient_aliases WHERE facility_id = ? "
        "AND patient_id = ? ORDER BY event_id DESC LIMIT 1",
        (facility_id, patient_id),
    ).first()
    return AliasRow(*row) if row else None


def once_called(facility_id: str, keys: Sequence[str], most: int) -> tuple[Any, ...]:
    """The statement for the ids of patients who were given a name with one of these (comparable) words as its family part.

    What is bound in it follows. Every keystroke of a search asks this, so it is for the driver's own cursor.
    """
    marks = ", ".join("?" * len(keys))
    statement = f"SELECT DISTINCT patient_id FROM patient_aliases WHERE facility_id = ? AND family_key IN ({marks}) LIMIT +?"  # noqa: S608
    return statement, facility_id, *keys, most


def children_names(connection: Connection, facility_id: str, mother_id: str) -> frozenset[tuple[str, str]]:
    """The family and given names of those who were registered as a mother's children."""
    rows = connection.exec_driver_sql(
        f"SELECT family, given {_CHILDREN}",
        (facility_id, mother_id),
    ).all()
    return frozenset((row[0], row[1]) for row in rows)


def children_numbers(connection: Connection, facility_id: str, mother_id: str) -> list[str]:
    """The record numbers of a mother and of the children who were registered as hers."""
    rows = connection.exec_driver_sql(
        f"SELECT mrn FROM patients WHERE facility_id = ? AND patient_id = ? UNION ALL SELECT mrn {_CHILDREN}",  # noqa: S608
        (facility_id, mother_id) * 2,
    ).all()
    return [row[0] for row in rows]
