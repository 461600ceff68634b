"""What finding a person needs: narrow rows with covering indexes, and the names that are one letter shorter.

A row has what is searched and what the list shows while one types, and its index by name has both, so that a keystroke reads
neighbouring pages of one index and no row: every page costs its decryption. The index on the first letter of the given name
answers when both names were begun. Rows lie by row number, so that an entry of the other indexes is short; the number is no
column and no part of a comparison. The one-deletion table finds every name with one wrong letter, and
every double name by one of its parts.
"""

from __future__ import annotations

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from access_desk.storage.schema.columns import metadata, number, table, text

KEY_COLUMNS = ("family_key", "given_key", "initial", "born", "phone_key", "ssn_last4", "mrn_key")
LISTED_COLUMNS = ("family", "given", "middle", "suffix", "sex", "phone", "mrn")
# Columns of a person whose own name is not known, as numbers.
NOBODY_COLUMNS = ("unidentified", "newborn")
SEARCH_COLUMNS = (*KEY_COLUMNS, *LISTED_COLUMNS, *NOBODY_COLUMNS)
patient_search = Table(
    "patient_search",
    metadata,
    text("facility_id"),
    text("patient_id"),
    text("source_id"),
    *(text(name) for name in (*KEY_COLUMNS, *LISTED_COLUMNS)),
    *(number(name) for name in NOBODY_COLUMNS),
    PrimaryKeyConstraint("facility_id", "patient_id", name="pk_patient_search"),
)
_c = patient_search.c
_BY_NAME = (_c.facility_id, _c.family_key, _c.given_key, _c.born)
# Only a desk looks for people, and a server takes no index entry as long as the longest names.
Index("ix_patient_search_listed", *_BY_NAME, _c.patient_id, *(_c[name] for name in (*LISTED_COLUMNS, *NOBODY_COLUMNS))).ddl_if(
    dialect="sqlite"
)
Index("ix_patient_search_family", *_BY_NAME).ddl_if(dialect="postgresql")
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
