"""How a record stands in the search tables: pure functions, used by projections, by imports and by the migration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Final

from access_desk.domain.matching.names import LONG_HALF, halves_of, name_key, one_shorter, parts_of
from access_desk.domain.matching.person import digits_of, phone_key
from access_desk.storage.row_changes import InsertMany
from access_desk.storage.schema.search import LISTED_COLUMNS, NOBODY_COLUMNS, SEARCH_COLUMNS

SSN_ROW: Final = ("facility_id", "patient_id", "stamp", "ssn", "ssn_key")
SEARCH_ROW: Final = ("facility_id", "patient_id", "source_id", *SEARCH_COLUMNS)
VARIANT_ROW: Final = ("facility_id", "shorter", "field", "name")
NAMES: Final = ("family", "given")
_LAST_FOUR: Final = 4
_listed_of = itemgetter(*LISTED_COLUMNS)
# A name that is longer is found by its beginning: an index entry has its bounds, and a name has a form for each letter left out.
_LONGEST_KEY: Final = 100


@lru_cache(maxsize=65_536)
def search_key(name: str) -> str:
    """A name as the index keeps it; what is looked for is cut the same way."""
    return name_key(name)[:_LONGEST_KEY]


def search_columns(fields: Mapping[str, str]) -> dict[str, object]:
    """The search columns that follow from those of a record's fields that are given."""
    columns: dict[str, object] = {name: fields[name] for name in LISTED_COLUMNS if name in fields}
    if "family" in fields:
        columns["family_key"] = search_key(fields["family"])
    if "given" in fields:
        key = columns["given_key"] = search_key(fields["given"])
        columns["initial"] = key[:1]
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
    return _last_four_of(digits_of(ssn))


def _last_four_of(digits: str) -> str:
    return digits[-_LAST_FOUR:] if len(digits) >= _LAST_FOUR else ""


def ssn_row(facility_id: str, patient_id: str, stamp: str, ssn: str) -> tuple[str, ...]:
    """A row of ``patient_ssns``."""
    return (facility_id, patient_id, stamp, ssn, digits_of(ssn))


def ssn_rows(facility_id: str, patient_ids: Iterable[str], stamp: str, ssns: Iterable[str]) -> list[tuple[str, ...]]:
    """A row of ``patient_ssns`` for each of these records that has a number."""
    return [
        (facility_id, patient_id, stamp, ssn, digits_of(ssn)) for patient_id, ssn in zip(patient_ids, ssns, strict=True) if ssn
    ]


def mrn_key(mrn: str) -> str:
    """An MRN for comparing: without leading zeros, so that they need not be typed."""
    return mrn.strip().upper().lstrip("0")


def search_row(
    facility_id: str,
    patient_id: str,
    source_id: str,
    fields: Mapping[str, str],
    *,
    unidentified: bool = False,
    newborn: bool = False,
) -> tuple[object, ...]:
    """A whole row of ``patient_search``, of :data:`SEARCH_ROW`; ``fields`` has every field, and the MRN.

    It says what :func:`search_columns` says of all fields at once.
    """
    family, given = search_key(fields["family"]), search_key(fields["given"])
    keys = (family, given, given[:1], fields["birth_date"], phone_key(fields["phone"]), last_four(fields["ssn"]))
    listed = _listed_of(fields)
    return (facility_id, patient_id, source_id, *keys, mrn_key(fields["mrn"]), *listed, int(unidentified), int(newborn))


def search_rows(
    facility_id: str, patient_ids: Sequence[str], source_ids: Iterable[str], fields: Mapping[str, Sequence[str]]
) -> InsertMany:
    """What :func:`search_row` says of many records, whose fields come as columns: an import makes a million of them."""
    given = list(map(search_key, fields["given"]))
    rows = zip(
        repeat(facility_id, len(patient_ids)),
        patient_ids,
        source_ids,
        map(search_key, fields["family"]),
        given,
        [key[:1] for key in given],
        fields["birth_date"],
        map(phone_key, fields["phone"]),
        map(last_four, fields["ssn"]),
        map(mrn_key, fields["mrn"]),
        *_listed_of(fields),
        strict=True,
    )
    return InsertMany("patient_search", SEARCH_ROW[: -len(NOBODY_COLUMNS)], rows, NOBODY_COLUMNS)


def halves(name: str) -> list[str]:
    """The parts of a double name by which the index finds it; none of a name of one part."""
    # Most names have one part, which is their key.
    if len(parts_of(name)) == 1:
        return []
    key = search_key(name)
    return [half for part in halves_of(name) if (half := part[:_LONGEST_KEY]) != key]


def half_of(field: str) -> str:
    """What the rows of ``name_variants`` that lead from a part to a double name have for a field."""
    return f"{field}_half"


def variants(facility_id: str, names: Iterable[tuple[str, str]]) -> InsertMany:
    """The rows of ``name_variants`` for names as typed, each with its field; a name nobody has any more does no harm."""
    rows: list[tuple[object, ...]] = []
    for field, name in names:
        forms = _rows(field, name) if len(name) <= _LONGEST_KEY else _split(_forms.__wrapped__(field, name))
        rows += [(facility_id, *form) for form in forms]
    return InsertMany("name_variants", VARIANT_ROW, rows)


def variant_rows(facility_id: str, names: Iterable[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    """The same rows once each, one after another, for the names of thousands.

    A name is found by its forms with one letter less. A double name is found by each of its parts, apart from these forms
    because thousands of names may have the part; a part is found by its forms as if it were a name, once for all of them.
    """
    # A row is one text while there are thousands, in the order of the table, so that neighbours go into the same page.
    rows: set[str] = set()
    for field, name in names:
        rows.update(_forms(field, name) if len(name) <= _LONGEST_KEY else _forms.__wrapped__(field, name))
    return ((facility_id, *row.split("\0")) for row in sorted(rows))


def _split(forms: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(form.split("\0")) for form in forms)


@lru_cache(maxsize=4_096)
def _rows(field: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a name but for its facility."""
    return _split(_forms(field, name))


# Half of all people have one of a few thousand names; the forms of a very long one would stay for ever.
@lru_cache(maxsize=4_096)
def _forms(field: str, name: str) -> tuple[str, ...]:
    """The rows of a name but for its facility, each as one text."""
    key = search_key(name)
    if not key:
        return ()
    forms = [f"{shorter}\0{field}\0{key}" for shorter in one_shorter(key)]
    for half in halves(name):
        forms.append(f"{half}\0{half_of(field)}\0{key}")
        if len(half) >= LONG_HALF:
            forms += [f"{shorter}\0{field}\0{half}" for shorter in one_shorter(half)]
    return tuple(forms)
