"""How a record stands in the search tables: pure functions, used by projections, by imports and by the migration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from access_desk.domain.matching.names import known_parts, name_key, one_shorter
from access_desk.domain.matching.person import digits_of, phone_key
from access_desk.storage.row_changes import InsertMany
from access_desk.storage.schema.search import SEARCH_COLUMNS

SSN_ROW: Final = ("facility_id", "patient_id", "stamp", "ssn", "ssn_key")
SEARCH_ROW: Final = ("facility_id", "patient_id", "source_id", *SEARCH_COLUMNS)
VARIANT_ROW: Final = ("facility_id", "shorter", "field", "name")
NAMES: Final = ("family", "given")
_LAST_FOUR: Final = 4
_SHORTEST_PART: Final = 4


def search_columns(fields: Mapping[str, str]) -> dict[str, str]:
    """The search columns that follow from those of a record's fields that are given."""
    columns: dict[str, str] = {}
    if "family" in fields:
        columns["family_key"] = name_key(fields["family"])
    if "given" in fields:
        columns["given_key"] = name_key(fields["given"])
        columns["initial"] = columns["given_key"][:1]
    if "birth_date" in fields:
        columns["born"] = fields["birth_date"]
    if "phone" in fields:
        columns["phone_key"] = phone_key(fields["phone"])
    if "ssn" in fields:
        columns["ssn_last4"] = last_four(fields["ssn"])
    if "mrn" in fields:
        columns["mrn_key"] = mrn_key(fields["mrn"])
    return columns


def last_four(ssn: str) -> str:
    """The last four digits of a Social Security number; none of a text that has fewer."""
    digits = digits_of(ssn)
    return digits[-_LAST_FOUR:] if len(digits) >= _LAST_FOUR else ""


def ssn_row(facility_id: str, patient_id: str, stamp: str, ssn: str) -> tuple[str, ...]:
    """A row of ``patient_ssns``."""
    return (facility_id, patient_id, stamp, ssn, digits_of(ssn))


def mrn_key(mrn: str) -> str:
    """An MRN for comparing: without leading zeros, so that they need not be typed."""
    return mrn.strip().upper().lstrip("0")


def search_row(facility_id: str, patient_id: str, source_id: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """A whole row of ``patient_search``; ``fields`` has every field, and the MRN."""
    columns = search_columns(fields)
    return (facility_id, patient_id, source_id, *(columns[name] for name in SEARCH_COLUMNS))


def variants(facility_id: str, names: Iterable[tuple[str, str]]) -> InsertMany:
    """The rows of ``name_variants`` for names as typed, each with its field; a name nobody has any more does no harm.

    A double name is found by each of its parts.
    """
    rows: set[tuple[str, str, str, str]] = set()
    for field, name in names:
        key = name_key(name)
        if key:
            parts = [part for part in known_parts(name) if len(part) >= _SHORTEST_PART and part != key]
            rows.update((facility_id, shorter, field, key) for shorter in (*one_shorter(key), *parts))
    return InsertMany("name_variants", VARIANT_ROW, sorted(rows))
