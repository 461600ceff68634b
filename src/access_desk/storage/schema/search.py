"""What finding a person needs: narrow rows with covering indexes, and the names that are one letter shorter.

Measured at a million rows: covering B-trees, one of them on the first letter of the given name, answer a keystroke in a
fraction of what a full-text index needs; the one-deletion table finds every name with one wrong letter. The rows lie by
row number, so that an index entry is short; the number is no column and no part of a comparison.
"""

from __future__ import annotations

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from access_desk.storage.schema.columns import metadata, table, text

SEARCH_COLUMNS = ("family_key", "given_key", "initial", "born", "phone_key", "ssn_last4", "mrn_key")
patient_search = Table(
    "patient_search",
    metadata,
    text("facility_id"),
    text("patient_id"),
    text("source_id"),
    *(text(name) for name in SEARCH_COLUMNS),
    PrimaryKeyConstraint("facility_id", "patient_id", name="pk_patient_search"),
)
_c = patient_search.c
Index("ix_patient_search_family", _c.facility_id, _c.family_key, _c.given_key, _c.born)
Index("ix_patient_search_given", _c.facility_id, _c.given_key, _c.family_key, _c.born)
Index("ix_patient_search_initial", _c.facility_id, _c.initial, _c.family_key, _c.given_key, _c.born)
Index("ix_patient_search_born", _c.facility_id, _c.born, _c.family_key, _c.given_key)
Index("ix_patient_search_phone", _c.facility_id, _c.phone_key, sqlite_where=_c.phone_key != "")
Index("ix_patient_search_ssn", _c.facility_id, _c.ssn_last4, sqlite_where=_c.ssn_last4 != "")
Index("ix_patient_search_mrn", _c.facility_id, _c.mrn_key, sqlite_where=_c.mrn_key != "")
Index("ix_patient_search_source", _c.facility_id, _c.source_id, sqlite_where=_c.source_id != "")
name_variants = table("name_variants", ("shorter", "field", "name"), text("shorter"), text("field"), text("name"))
# Imported text that could not be read as what its field holds, as it was typed.
patient_unreadable = table("patient_unreadable", ("patient_id", "field"), text("patient_id"), text("field"), text("typed"))
