"""Projections of forms: a row per thing that happened to one, and the moments of a stay that clocks run from."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index

from access_desk.storage.schema.columns import number, table, text

form_steps = table(
    "form_steps",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("form"),
    text("part"),
    text("step"),
    text("version"),
    text("language"),
    text("status"),
    text("method"),
    text("given_at"),
    text("signer"),
    text("relationship"),
    text("reason"),
    text("seen_by"),
    text("witness_id"),
    number("explained"),
    text("wording_sha256"),
    text("strokes_sha256"),
    text("recorded_at"),
    text("recorded_by"),
    text("stamp"),
    CheckConstraint("(step = 'completed') = (status <> '')", name="completed_has_a_status"),
)
Index("ix_form_steps_visit", form_steps.c.facility_id, form_steps.c.visit_id, form_steps.c.form)
stay_moments = table(
    "stay_moments",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("moment"),
    text("at"),
    text("recorded_at"),
    text("recorded_by"),
    text("stamp"),
)
Index("ix_stay_moments_visit", stay_moments.c.facility_id, stay_moments.c.visit_id, stay_moments.c.moment)
