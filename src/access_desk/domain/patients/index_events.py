"""What is recorded when a patient index is imported: one event for a batch of rows, which lie in its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from access_desk.domain.content import Content
from access_desk.domain.events import event_kind


class ImportedRow(NamedTuple):
    """A person of an imported index. Dates and numbers that could not be read stand in ``unreadable`` too, as typed.

    ``birth_date`` is in ISO form or blank. The order of the fields is the order in the content and never changes. A tuple,
    because every desk makes one of each record.
    """

    source_id: str
    mrn: str
    family: str
    given: str
    middle: str
    suffix: str
    birth_date: str
    sex: str
    ssn: str
    phone: str
    email: str
    line: str
    city: str
    state: str
    zip: str
    unreadable: dict[str, str]


@event_kind("patients.imported")
@dataclass(frozen=True, slots=True)
class PatientsImported:
    """A batch of records from another system. ``source`` is the SHA-256 (hex) of the file's name."""

    batch: Content
    rows: int
    source: str
