"""Projections of patients, visits and coverages."""

from __future__ import annotations

from sqlalchemy import Index

from access_desk.storage.schema.columns import cents, number, table, text

# Without the Social Security number, which stands in a table of its own.
DEMOGRAPHIC_COLUMNS = (
    "family", "given", "middle", "suffix", "birth_date", "sex", "phone", "email", "line", "city", "state", "zip",
    "language", "interpreter", "emergency_contact", "emergency_relationship", "emergency_phone",
)  # fmt: skip
patients = table(
    "patients",
    ("patient_id",),
    text("patient_id"),
    text("mrn"),
    *(text(name) for name in DEMOGRAPHIC_COLUMNS),
    number("unidentified"),
    text("newborn_of", optional=True),
    number("birth_order", optional=True),
    text("despite_match"),
    text("registered_at"),
)
Index("ix_patients_newborn_of", patients.c.facility_id, patients.c.newborn_of, sqlite_where=patients.c.newborn_of.is_not(None))
# The one place of the tables where a whole number stands: every one that was said, the latest stamp counts. Everything
# else keeps the last four digits.
patient_ssns = table(
    "patient_ssns",
    ("patient_id", "stamp"),
    text("patient_id"),
    text("stamp"),
    text("ssn"),
    text("ssn_key"),
)
Index("ix_patient_ssns_key", patient_ssns.c.facility_id, patient_ssns.c.ssn_key, sqlite_where=patient_ssns.c.ssn_key != "")
patient_changes = table(
    "patient_changes",
    ("patient_id", "field", "stamp"),
    text("patient_id"),
    text("field"),
    text("stamp"),
    text("seen"),
    text("value"),
    text("changed_at"),
    text("changed_by"),
    text("desk_id"),
)
# What was looked at of a field that two desks had changed, one row for each of the changes.
dispute_settlements = table(
    "dispute_settlements",
    ("patient_id", "field", "stamp", "event_id"),
    text("patient_id"),
    text("field"),
    text("stamp"),
    text("event_id"),
    text("reason"),
    text("settled_at"),
    text("settled_by"),
)
visits = table(
    "visits",
    ("visit_id",),
    text("visit_id"),
    text("patient_id"),
    text("account_number"),
    text("type"),
    text("service"),
    text("reason"),
    text("location"),
    text("attending_npi"),
    text("arrived_at"),
    text("entered_at"),
    text("paper_number"),
    text("paper_key"),
    text("begun_at"),
    text("registered_by"),
    text("business_date"),
)
Index("ix_visits_patient", visits.c.facility_id, visits.c.patient_id, visits.c.arrived_at)
Index("ix_visits_account", visits.c.facility_id, visits.c.account_number)
Index("ix_visits_business_date", visits.c.facility_id, visits.c.business_date, visits.c.arrived_at)
Index("ix_visits_paper", visits.c.facility_id, visits.c.paper_key, sqlite_where=visits.c.paper_key != "")
visit_milestones = table(
    "visit_milestones",
    ("visit_id", "event_id"),
    text("visit_id"),
    text("event_id"),
    text("milestone"),
    text("reached_at"),
    text("recorded_by"),
)
coverages = table(
    "coverages",
    ("visit_id", "position"),
    text("visit_id"),
    number("position"),
    text("payer"),
    text("plan"),
    text("member_id"),
    text("group_number"),
    text("relationship"),
    text("subscriber"),
    cents("copay_cents", optional=True),
    number("medicare"),
    text("subscriber_birth_date"),
    text("starts"),
    text("ends"),
)
