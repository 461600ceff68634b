"""Protected people in lists: that somebody is there, not who."""

from __future__ import annotations

from dataclasses import replace

from access_desk.domain.patients.views import PatientFound
from access_desk.domain.privacy.rules import masked
from access_desk.domain.visits.views import VisitRow


def veiled(visit: VisitRow, unseen: frozenset[str]) -> VisitRow:
    """The visit without its person when the record is protected from whoever looks."""
    return replace(visit, demographics=masked(visit.demographics)) if visit.patient_id in unseen else visit


def veiled_found(found: list[PatientFound], unseen: frozenset[str]) -> list[PatientFound]:
    """Records that were found, without the people that are protected from whoever looks."""
    return [replace(one, demographics=masked(one.demographics)) if one.patient_id in unseen else one for one in found]
