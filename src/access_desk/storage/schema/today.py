"""Projections of Today and of privacy: a row per thing that happened, so that the order of arrival does not matter."""

from __future__ import annotations

from sqlalchemy import Index

from access_desk.storage.schema.columns import number, table, text

queue_moves = table(
    "queue_moves",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("place"),
    text("desk_label"),
    text("moved_at"),
    text("moved_by"),
    text("stamp"),
)
Index("ix_queue_moves_visit", queue_moves.c.facility_id, queue_moves.c.visit_id, queue_moves.c.stamp)
appointment_steps = table(
    "appointment_steps",
    ("event_id",),
    text("event_id"),
    text("appointment_id"),
    text("step"),
    text("day"),
    text("details"),
    text("patient_id"),
    text("visit_id"),
    text("reason"),
    text("recorded_at"),
    text("recorded_by"),
    text("stamp"),
)
Index("ix_appointment_steps_day", appointment_steps.c.facility_id, appointment_steps.c.day, appointment_steps.c.appointment_id)
block_steps = table(
    "block_steps",
    ("event_id",),
    text("event_id"),
    text("block_id"),
    text("about_id"),
    text("patient_id"),
    text("step"),
    text("reason"),
    text("level"),
    text("note"),
    text("recorded_at"),
    text("recorded_by"),
    text("stamp"),
)
Index("ix_block_steps_block", block_steps.c.facility_id, block_steps.c.block_id, block_steps.c.step)
Index("ix_block_steps_step", block_steps.c.facility_id, block_steps.c.step, block_steps.c.block_id)
patient_flags = table(
    "patient_flags",
    ("event_id",),
    text("event_id"),
    text("patient_id"),
    text("flag"),
    number("is_on"),
    text("reason"),
    text("recorded_at"),
    text("recorded_by"),
    text("stamp"),
)
Index("ix_patient_flags_patient", patient_flags.c.facility_id, patient_flags.c.patient_id, patient_flags.c.flag)
glass_openings = table(
    "glass_openings",
    ("glass_id",),
    text("glass_id"),
    text("patient_id"),
    text("code"),
    text("words"),
    text("opened_at"),
    text("opened_by"),
    text("until"),
)
Index("ix_glass_openings_opened", glass_openings.c.facility_id, glass_openings.c.opened_at)
glass_reviews = table(
    "glass_reviews",
    ("event_id",),
    text("event_id"),
    text("glass_id"),
    text("patient_id"),
    text("verdict"),
    text("note"),
    text("reviewed_at"),
    text("reviewed_by"),
    text("stamp"),
)
Index("ix_glass_reviews_glass", glass_reviews.c.facility_id, glass_reviews.c.glass_id)
disclosures = table(
    "disclosures",
    ("disclosure_id",),
    text("disclosure_id"),
    text("patient_id"),
    text("disclosed_on"),
    text("recipient"),
    text("address"),
    text("what"),
    text("purpose"),
    text("recorded_at"),
    text("recorded_by"),
)
Index("ix_disclosures_patient", disclosures.c.facility_id, disclosures.c.patient_id, disclosures.c.disclosed_on)
service_levels = table(
    "service_levels", ("event_id",), text("event_id"), text("levels"), text("set_at"), text("set_by"), text("stamp")
)
