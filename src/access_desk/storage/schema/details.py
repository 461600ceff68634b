"""Projections of details: one row for each time one was given; the latest stamp of a name counts."""

from __future__ import annotations

from access_desk.storage.schema.columns import table, text

patient_details = table(
    "patient_details",
    ("patient_id", "field", "stamp"),
    text("patient_id"),
    text("field"),
    text("stamp"),
    text("value"),
    text("given_at"),
    text("given_by"),
)
visit_details = table(
    "visit_details",
    ("visit_id", "field", "stamp"),
    text("visit_id"),
    text("field"),
    text("stamp"),
    text("value"),
    text("given_at"),
    text("given_by"),
)
