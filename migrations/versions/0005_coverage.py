"""Who pays for a visit: changes of plans, cards, questionnaire, eligibility, authorizations, estimates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_coverage_changes()
    _make_coverage_cards()
    _make_secondary_payer_answers()
    _make_eligibility_checks()
    _make_authorizations()
    _make_estimates()
    _make_good_faith_estimates()


def _make_coverage_changes() -> None:
    op.create_table(
        "coverage_changes",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("coverage_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_coverage_changes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_coverage_changes_visit", "coverage_changes", ["facility_id", "visit_id"], unique=False)


def _make_coverage_cards() -> None:
    op.create_table(
        "coverage_cards",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("coverage_id", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_coverage_cards"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_coverage_cards_visit", "coverage_cards", ["facility_id", "visit_id"], unique=False)


def _make_secondary_payer_answers() -> None:
    op.create_table(
        "secondary_payer_answers",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("pays_first", sa.Text(), nullable=False),
        sa.Column("msp_type", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Text(), nullable=False),
        sa.Column("keep_until", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_secondary_payer_answers"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_secondary_payer_answers_patient", "secondary_payer_answers", ["facility_id", "patient_id", "asked_on"], unique=False
    )


def _make_eligibility_checks() -> None:
    op.create_table(
        "eligibility_checks",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("coverage_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("raw_sha256", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_eligibility_checks"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_eligibility_checks_visit", "eligibility_checks", ["facility_id", "visit_id"], unique=False)


def _make_authorizations() -> None:
    op.create_table(
        "authorizations",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("coverage_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("requested_units", sa.Integer(), nullable=True),
        sa.Column("approved_units", sa.Integer(), nullable=True),
        sa.Column("agreed_with", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_authorizations"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_authorizations_visit", "authorizations", ["facility_id", "visit_id"], unique=False)


def _make_estimates() -> None:
    op.create_table(
        "estimates",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("estimate_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("coverage_id", sa.Text(), nullable=False),
        sa.Column("copay_cents", sa.BigInteger(), nullable=False),
        sa.Column("deductible_cents", sa.BigInteger(), nullable=False),
        sa.Column("coinsurance_cents", sa.BigInteger(), nullable=False),
        sa.Column("uncapped_cents", sa.BigInteger(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "copay_cents + deductible_cents + coinsurance_cents <= uncapped_cents", name=op.f("ck_estimates_cap_only_takes_off")
        ),
        sa.CheckConstraint(
            "copay_cents >= 0 AND deductible_cents >= 0 AND coinsurance_cents >= 0", name=op.f("ck_estimates_share_not_negative")
        ),
        sa.PrimaryKeyConstraint("facility_id", "estimate_id", name="pk_estimates"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_estimates_visit", "estimates", ["facility_id", "visit_id"], unique=False)


def _make_good_faith_estimates() -> None:
    op.create_table(
        "good_faith_estimates",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("estimate_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=True),
        sa.Column("estimate", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.CheckConstraint("(estimate_id = '') = (total_cents IS NULL)", name=op.f("ck_good_faith_estimates_made_has_a_total")),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_good_faith_estimates"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_good_faith_estimates_due", "good_faith_estimates", ["facility_id", "due_on"], unique=False)
    op.create_index("ix_good_faith_estimates_visit", "good_faith_estimates", ["facility_id", "visit_id"], unique=False)
