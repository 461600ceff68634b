"""Projections of checked registrations: one row a check, one a rule that failed in it. Corrections follow from both."""

from __future__ import annotations

from sqlalchemy import Index

from access_desk.storage.schema.columns import number, table, text

registration_checks = table(
    "registration_checks",
    ("visit_id", "event_id"),
    text("visit_id"),
    text("event_id"),
    text("patient_id"),
    number("is_filing"),
    number("table_version"),
    number("checks"),
    text("checked_at"),
    text("checked_by"),
    text("business_date"),
    text("stamp"),
)
_c = registration_checks.c
Index("ix_registration_checks_filing", _c.facility_id, _c.is_filing, _c.business_date)
registration_failures = table(
    "registration_failures",
    ("visit_id", "event_id", "rule", "field"),
    text("visit_id"),
    text("event_id"),
    text("rule"),
    text("field"),
    text("severity"),
    number("was_caught"),
)
