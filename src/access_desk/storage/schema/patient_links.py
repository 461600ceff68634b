"""Projections of links, merges and reviews: a row per event, never changed, so the order of arrival cannot matter."""

from __future__ import annotations

from sqlalchemy import Index

from access_desk.storage.schema.columns import table, text

patient_merges = table(
    "patient_merges",
    ("merge_id",),
    text("merge_id"),
    text("survivor_id"),
    text("retired_id"),
    text("reason"),
    text("filled"),
    text("stamp"),
    text("merged_at"),
    text("merged_by"),
)
Index("ix_patient_merges_survivor", patient_merges.c.facility_id, patient_merges.c.survivor_id)
Index("ix_patient_merges_retired", patient_merges.c.facility_id, patient_merges.c.retired_id)
patient_unmerges = table(
    "patient_unmerges",
    ("merge_id", "event_id"),
    text("merge_id"),
    text("event_id"),
    text("reason"),
    text("unmerged_at"),
    text("unmerged_by"),
)
patient_links = table(
    "patient_links",
    ("event_id",),
    text("event_id"),
    text("one_id"),
    text("other_id"),
    text("reason"),
    text("linked_at"),
    text("linked_by"),
)
Index("ix_patient_links_pair", patient_links.c.facility_id, patient_links.c.one_id, patient_links.c.other_id)
Index("ix_patient_links_other", patient_links.c.facility_id, patient_links.c.other_id)
review_items = table(
    "review_items",
    ("item_id",),
    text("item_id"),
    text("event_id"),
    text("one_id"),
    text("other_id"),
    text("source"),
    text("reason"),
    text("stamp"),
    text("raised_at"),
    text("raised_by"),
)
Index("ix_review_items_pair", review_items.c.facility_id, review_items.c.one_id, review_items.c.other_id)
review_answers = table(
    "review_answers",
    ("event_id",),
    text("event_id"),
    text("one_id"),
    text("other_id"),
    text("reason"),
    text("stamp"),
    text("answered_at"),
    text("answered_by"),
)
Index("ix_review_answers_pair", review_answers.c.facility_id, review_answers.c.one_id, review_answers.c.other_id)
