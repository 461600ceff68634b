"""Projection of names that the facility gave to people without one: a row per event, none is ever changed."""

from __future__ import annotations

from sqlalchemy import Index

from access_desk.storage.schema.columns import number, table, text

patient_aliases = table(
    "patient_aliases",
    ("patient_id", "event_id"),
    text("patient_id"),
    text("event_id"),
    text("family"),
    text("given"),
    text("family_key"),
    text("given_key"),
    text("kind"),
    number("age_low", optional=True),
    number("age_high", optional=True),
    text("given_at"),
    text("given_by"),
)
Index("ix_patient_aliases_family", patient_aliases.c.facility_id, patient_aliases.c.family_key)
