"""Projections of emergency visits: a row per arrival, and a row per thing that was recorded of it; none is ever changed."""

from __future__ import annotations

from sqlalchemy import Index

from access_desk.storage.schema.columns import number, table, text

emergency_arrivals = table(
    "emergency_arrivals",
    ("visit_id", "event_id"),
    text("visit_id"),
    text("event_id"),
    text("patient_id"),
    text("arrived_at"),
    text("complaint"),
    text("identifier"),
    text("entered_at"),
    text("entered_by"),
    text("stamp"),
)
Index("ix_emergency_arrivals_arrived", emergency_arrivals.c.facility_id, emergency_arrivals.c.arrived_at)
emergency_steps = table(
    "emergency_steps",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("step"),
    text("happened_at"),
    text("by_whom"),
    text("role"),
    text("source"),
    text("outcome"),
    number("has_condition", optional=True),
    text("entered_at"),
    text("entered_by"),
    text("stamp"),
)
Index("ix_emergency_steps_visit", emergency_steps.c.facility_id, emergency_steps.c.visit_id, emergency_steps.c.step)
