"""What is recorded when records are held to be of one person, or of two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from access_desk.domain.events import event_kind
from access_desk.domain.patients.events import Demographics


@event_kind("patient.flagged")
@dataclass(frozen=True, slots=True)
class PatientFlagged:
    """Somebody at a desk thinks that two records may be of one person; a lead looks at both."""

    patient_id: str
    other_id: str
    reason: str


@event_kind("patient.linked")
@dataclass(frozen=True, slots=True)
class PatientLinked:
    """Two records that belong together without being merged, such as twins or a record at another facility."""

    patient_id: str
    other_id: str
    reason: str


@event_kind("patient.merged")
@dataclass(frozen=True, slots=True)
class PatientMerged:
    """One record is retired into another. Both are kept as they were, so that it can be taken back.

    Attributes:
        filled: the survivor's blank fields that took the retired record's value.
    """

    merge_id: str
    survivor_id: str
    retired_id: str
    reason: str
    survivor_before: Demographics
    retired_before: Demographics
    filled: Mapping[str, str]


@event_kind("patient.unmerged")
@dataclass(frozen=True, slots=True)
class PatientUnmerged:
    """A merge is taken back: two persons had been put into one record, or are not surely one.

    Attributes:
        emptied: fields of the survivor that only the retired record had given it, blank again.
        refilled: by later merge, the fields among them that another retired record fills instead.
    """

    merge_id: str
    survivor_id: str
    retired_id: str
    reason: str
    emptied: tuple[str, ...] = ()
    refilled: Mapping[str, Mapping[str, str]] | None = None


@event_kind("patient.review_resolved")
@dataclass(frozen=True, slots=True)
class ReviewResolved:
    """A lead looked at two records and found that they are not the same person."""

    patient_id: str
    other_id: str
    reason: str
