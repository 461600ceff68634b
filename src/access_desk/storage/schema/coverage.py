"""Projections of who pays for a visit. Rows are only ever inserted, one or more an event: what holds is folded when asked."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index

from access_desk.storage.schema.columns import cents, number, table, text

coverage_changes = table(
    "coverage_changes",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("coverage_id"),
    text("kind"),
    text("stamp"),
    text("changed_at"),
    text("changed_by"),
    text("content"),
)
Index("ix_coverage_changes_visit", coverage_changes.c.facility_id, coverage_changes.c.visit_id)
coverage_cards = table(
    "coverage_cards",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("coverage_id"),
    text("side"),
    text("sha256"),
    number("size"),
    text("media_type"),
    text("stamp"),
    text("kept_at"),
    text("kept_by"),
)
Index("ix_coverage_cards_visit", coverage_cards.c.facility_id, coverage_cards.c.visit_id)
secondary_payer_answers = table(
    "secondary_payer_answers",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("questionnaire"),
    text("answered_by"),
    text("answers"),
    text("pays_first"),
    text("msp_type"),
    text("asked_on"),
    text("keep_until"),
    text("asked_by"),
    text("stamp"),
)
Index(
    "ix_secondary_payer_answers_patient",
    secondary_payer_answers.c.facility_id,
    secondary_payer_answers.c.patient_id,
    secondary_payer_answers.c.asked_on,
)
eligibility_checks = table(
    "eligibility_checks",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("coverage_id"),
    text("source"),
    text("status"),
    text("answer"),
    text("raw_sha256"),
    text("checked_at"),
    text("checked_by"),
    text("stamp"),
)
Index("ix_eligibility_checks_visit", eligibility_checks.c.facility_id, eligibility_checks.c.visit_id)
authorizations = table(
    "authorizations",
    ("event_id",),
    text("event_id"),
    text("visit_id"),
    text("patient_id"),
    text("coverage_id"),
    text("status"),
    text("number"),
    text("starts"),
    text("ends"),
    number("requested_units", optional=True),
    number("approved_units", optional=True),
    text("agreed_with"),
    text("recorded_at"),
    text("recorded_by"),
    text("stamp"),
)
Index("ix_authorizations_visit", authorizations.c.facility_id, authorizations.c.visit_id)
estimates = table(
    "estimates",
    ("estimate_id",),
    text("estimate_id"),
    text("visit_id"),
    text("patient_id"),
    text("coverage_id"),
    cents("copay_cents"),
    cents("deductible_cents"),
    cents("coinsurance_cents"),
    cents("uncapped_cents"),
    text("inputs"),
    text("rule"),
    text("made_at"),
    text("made_by"),
    text("stamp"),
    CheckConstraint("copay_cents >= 0 AND deductible_cents >= 0 AND coinsurance_cents >= 0", name="share_not_negative"),
    CheckConstraint("copay_cents + deductible_cents + coinsurance_cents <= uncapped_cents", name="cap_only_takes_off"),
)
Index("ix_estimates_visit", estimates.c.facility_id, estimates.c.visit_id)
good_faith_estimates = table(
    "good_faith_estimates",
    ("event_id",),
    text("event_id"),
    text("estimate_id"),
    text("visit_id"),
    text("patient_id"),
    text("asked_on"),
    text("due_on"),
    cents("total_cents", optional=True),
    text("estimate"),
    text("recorded_at"),
    text("recorded_by"),
    text("stamp"),
    CheckConstraint("(estimate_id = '') = (total_cents IS NULL)", name="made_has_a_total"),
)
Index("ix_good_faith_estimates_visit", good_faith_estimates.c.facility_id, good_faith_estimates.c.visit_id)
Index("ix_good_faith_estimates_due", good_faith_estimates.c.facility_id, good_faith_estimates.c.due_on)
