"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them all."""
    op.create_table(
        "activities",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_activities"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_activities_business_date", "activities", ["facility_id", "business_date", "kind"], unique=False)
    op.create_table(
        "bags",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("bag", sa.Text(), nullable=False),
        sa.Column("custody_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("cash_cents", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.Text(), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.Text(), nullable=True),
        sa.Column("confirmed_cents", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("place IN ('safe', 'in_transit', 'bank')", name=op.f("ck_bags_place_known")),
        sa.PrimaryKeyConstraint("facility_id", "bag", name="pk_bags"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cash_moves",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("move_id", sa.Text(), nullable=False),
        sa.Column("custody_id", sa.Text(), nullable=False),
        sa.Column("drawer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bag", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Text(), nullable=True),
        sa.Column("moved_at", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=True),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_cash_moves_amount_not_negative")),
        sa.PrimaryKeyConstraint("facility_id", "move_id", name="pk_cash_moves"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_cash_moves_custody", "cash_moves", ["facility_id", "custody_id", "moved_at"], unique=False)
    op.create_table(
        "coverages",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("group_number", sa.Text(), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("copay_cents", sa.BigInteger(), nullable=True),
        sa.Column("medicare", sa.Integer(), nullable=False),
        sa.Column("subscriber_birth_date", sa.Text(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "visit_id", "position", name="pk_coverages"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "custodies",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("custody_id", sa.Text(), nullable=False),
        sa.Column("drawer_id", sa.Text(), nullable=False),
        sa.Column("drawer_epoch", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_stamp", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("shift", sa.Text(), nullable=False),
        sa.Column("opening_pieces", sa.Text(), nullable=False),
        sa.Column("opening_count_cents", sa.BigInteger(), nullable=False),
        sa.Column("should_hold_cents", sa.BigInteger(), nullable=False),
        sa.Column("opening_variance_cents", sa.BigInteger(), nullable=False),
        sa.Column("previous_custody_id", sa.Text(), nullable=True),
        sa.Column("opening_witness_id", sa.Text(), nullable=True),
        sa.Column("handed_over_by", sa.Text(), nullable=True),
        sa.Column("open_items", sa.Text(), nullable=False),
        sa.Column("handoff_note", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("approver_id", sa.Text(), nullable=True),
        sa.Column("witness_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("card_batch", sa.Text(), nullable=False),
        sa.Column("taken_over", sa.Integer(), nullable=False),
        sa.Column("to_bank_cents", sa.BigInteger(), nullable=True),
        sa.Column("to_bank_pieces", sa.Text(), nullable=True),
        sa.Column("left_cents", sa.BigInteger(), nullable=True),
        sa.Column("bag", sa.Text(), nullable=False),
        sa.Column("bag_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_custodies_closed_has_time")),
        sa.CheckConstraint("status IN ('open', 'counting', 'closed')", name=op.f("ck_custodies_status_known")),
        sa.CheckConstraint("left_cents >= 0 AND to_bank_cents >= 0", name=op.f("ck_custodies_closing_not_negative")),
        sa.PrimaryKeyConstraint("facility_id", "custody_id", name="pk_custodies"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_custodies_business_date", "custodies", ["facility_id", "business_date", "shift"], unique=False)
    op.create_index("ix_custodies_drawer", "custodies", ["facility_id", "drawer_id", "opened_stamp"], unique=False)
    op.create_table(
        "custody_tenders",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("custody_id", sa.Text(), nullable=False),
        sa.Column("tender", sa.Text(), nullable=False),
        sa.Column("expected_cents", sa.BigInteger(), nullable=False),
        sa.Column("counted_cents", sa.BigInteger(), nullable=False),
        sa.Column("over_short_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "over_short_cents = counted_cents - expected_cents", name=op.f("ck_custody_tenders_difference_is_exact")
        ),
        sa.PrimaryKeyConstraint("facility_id", "custody_id", "tender", name="pk_custody_tenders"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drawer_counts",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("count_id", sa.Text(), nullable=False),
        sa.Column("custody_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.Text(), nullable=False),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.Column("count", sa.Text(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("over_short", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "count_id", name="pk_drawer_counts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_drawer_counts_custody", "drawer_counts", ["facility_id", "custody_id", "attempt"], unique=False)
    op.create_table(
        "drawers",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("drawer_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("desk_label", sa.Text(), nullable=False),
        sa.Column("imprest_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("imprest_cents >= 0", name=op.f("ck_drawers_imprest_not_negative")),
        sa.PrimaryKeyConstraint("facility_id", "drawer_id", name="pk_drawers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event_subjects",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("stream_epoch", sa.Integer(), nullable=False),
        sa.Column("desk_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "subject_id", "desk_id", "stream_epoch", "desk_seq", name="pk_event_subjects"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("stream_epoch", sa.Integer(), nullable=False),
        sa.Column("desk_seq", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("desk_seq > 0", name=op.f("ck_events_sequence_starts_at_one")),
        sa.PrimaryKeyConstraint("facility_id", "desk_id", "stream_epoch", "desk_seq", name="pk_events"),
        sa.UniqueConstraint("facility_id", "event_id", name=op.f("uq_events_facility_id_event_id")),
    )
    op.create_index(
        "ix_events_command", "events", ["facility_id", "command_id"], unique=False, sqlite_where=sa.text("command_id IS NOT NULL")
    )
    op.create_table(
        "facilities",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", name="pk_facilities"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "local_drafts",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("parked", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "draft_id", name="pk_local_drafts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "local_pins",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("facility_id", "person_id", name="pk_local_pins"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "local_sequences",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "name", name="pk_local_sequences"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "local_settings",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "name", name="pk_local_settings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "patient_changes",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "patient_id", "field", "stamp", name="pk_patient_changes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "patients",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("mrn", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("middle", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("ssn", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("zip", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("interpreter", sa.Text(), nullable=False),
        sa.Column("emergency_contact", sa.Text(), nullable=False),
        sa.Column("emergency_relationship", sa.Text(), nullable=False),
        sa.Column("emergency_phone", sa.Text(), nullable=False),
        sa.Column("family_key", sa.Text(), nullable=False),
        sa.Column("given_key", sa.Text(), nullable=False),
        sa.Column("phone_key", sa.Text(), nullable=False),
        sa.Column("ssn_key", sa.Text(), nullable=False),
        sa.Column("unidentified", sa.Integer(), nullable=False),
        sa.Column("newborn_of", sa.Text(), nullable=True),
        sa.Column("birth_order", sa.Integer(), nullable=True),
        sa.Column("despite_match", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "patient_id", name="pk_patients"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patients_birth_date", "patients", ["facility_id", "birth_date", "family_key"], unique=False)
    op.create_index("ix_patients_family", "patients", ["facility_id", "family_key", "given_key"], unique=False)
    op.create_index("ix_patients_given", "patients", ["facility_id", "given_key", "family_key"], unique=False)
    op.create_index("ix_patients_mrn", "patients", ["facility_id", "mrn"], unique=False)
    op.create_index("ix_patients_phone", "patients", ["facility_id", "phone_key"], unique=False)
    op.create_index("ix_patients_ssn", "patients", ["facility_id", "ssn_key"], unique=False)
    op.create_table(
        "payment_lines",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_payment_lines_amount_positive")),
        sa.PrimaryKeyConstraint("facility_id", "payment_id", "line", name="pk_payment_lines"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payment_tenders",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("tender", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("taken_cents", sa.BigInteger(), nullable=False),
        sa.Column("tendered_cents", sa.BigInteger(), nullable=True),
        sa.Column("change_cents", sa.BigInteger(), nullable=False),
        sa.Column("check_number", sa.Text(), nullable=False),
        sa.Column("card_last4", sa.Text(), nullable=False),
        sa.Column("auth_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "amount_cents > 0 AND taken_cents > 0 AND change_cents >= 0", name=op.f("ck_payment_tenders_amounts_positive")
        ),
        sa.CheckConstraint(
            "tendered_cents IS NULL OR tendered_cents - change_cents = taken_cents",
            name=op.f("ck_payment_tenders_change_is_exact"),
        ),
        sa.PrimaryKeyConstraint("facility_id", "payment_id", "part", name="pk_payment_tenders"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payments",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("custody_id", sa.Text(), nullable=False),
        sa.Column("drawer_id", sa.Text(), nullable=False),
        sa.Column("drawer_epoch", sa.Integer(), nullable=False),
        sa.Column("receipt_number", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("voided_at", sa.Text(), nullable=True),
        sa.Column("voided_by", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("void_approver_id", sa.Text(), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_payments_amount_positive")),
        sa.PrimaryKeyConstraint("facility_id", "payment_id", name="pk_payments"),
        sa.UniqueConstraint(
            "facility_id",
            "drawer_id",
            "drawer_epoch",
            "receipt_number",
            name=op.f("uq_payments_facility_id_drawer_id_drawer_epoch_receipt_number"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_payments_custody", "payments", ["facility_id", "custody_id", "receipt_number"], unique=False)
    op.create_index("ix_payments_patient", "payments", ["facility_id", "patient_id"], unique=False)
    op.create_table(
        "postings",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("custody_id", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_postings_amount_not_zero")),
        sa.PrimaryKeyConstraint("facility_id", "event_id", "line", name="pk_postings"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_postings_custody", "postings", ["facility_id", "custody_id", "account", "amount_cents"], unique=False)
    op.create_table(
        "printed_documents",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.Text(), nullable=False),
        sa.Column("printed_by", sa.Text(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_printed_documents"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_printed_documents_about", "printed_documents", ["facility_id", "document", "about"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("custody_id", sa.Text(), nullable=False),
        sa.Column("drawer_id", sa.Text(), nullable=False),
        sa.Column("tender", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refunded_at", sa.Text(), nullable=False),
        sa.Column("refunded_by", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_refunds_amount_positive")),
        sa.PrimaryKeyConstraint("facility_id", "refund_id", name="pk_refunds"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_refunds_custody", "refunds", ["facility_id", "custody_id"], unique=False)
    op.create_index("ix_refunds_payment", "refunds", ["facility_id", "payment_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "person_id", name="pk_staff"),
        sa.UniqueConstraint("facility_id", "key", name=op.f("uq_staff_facility_id_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "visit_milestones",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("reached_at", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "visit_id", "event_id", name="pk_visit_milestones"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "visits",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("account_number", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("attending_npi", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "visit_id", name="pk_visits"),
        sa.UniqueConstraint("facility_id", "account_number", name=op.f("uq_visits_facility_id_account_number")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_visits_business_date", "visits", ["facility_id", "business_date", "arrived_at"], unique=False)
    op.create_index("ix_visits_patient", "visits", ["facility_id", "patient_id", "arrived_at"], unique=False)
