"""Projections of drawers, payments and the ledger."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from access_desk.storage.schema.columns import cents, number, table, text

custodies = table(
    "custodies",
    ("custody_id",),
    text("custody_id"),
    text("drawer_id"),
    number("drawer_epoch"),
    text("holder_id"),
    text("status"),
    text("opened_stamp"),
    text("opened_at"),
    text("business_date"),
    text("shift"),
    text("opening_pieces"),
    cents("opening_count_cents"),
    cents("should_hold_cents"),
    cents("opening_variance_cents"),
    text("previous_custody_id", optional=True),
    text("opening_witness_id", optional=True),
    text("handed_over_by", optional=True),
    text("open_items"),
    text("handoff_note"),
    text("closed_at", optional=True),
    text("closed_by", optional=True),
    text("approver_id", optional=True),
    text("witness_id", optional=True),
    text("reason"),
    text("memo"),
    text("card_batch"),
    number("taken_over"),
    cents("to_bank_cents", optional=True),
    text("to_bank_pieces", optional=True),
    cents("left_cents", optional=True),
    text("bag"),
    cents("bag_cents"),
    CheckConstraint("status IN ('open', 'counting', 'closed')", name="status_known"),
    CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
    CheckConstraint("left_cents >= 0 AND to_bank_cents >= 0", name="closing_not_negative"),
)
Index("ix_custodies_drawer", custodies.c.facility_id, custodies.c.drawer_id, custodies.c.opened_stamp)
Index("ix_custodies_business_date", custodies.c.facility_id, custodies.c.business_date, custodies.c.shift)
custody_tenders = table(
    "custody_tenders",
    ("custody_id", "tender"),
    text("custody_id"),
    text("tender"),
    cents("expected_cents"),
    cents("counted_cents"),
    cents("over_short_cents"),
    CheckConstraint("over_short_cents = counted_cents - expected_cents", name="difference_is_exact"),
)
drawer_counts = table(
    "drawer_counts",
    ("count_id",),
    text("count_id"),
    text("custody_id"),
    text("purpose"),
    number("attempt"),
    text("counted_at"),
    text("counted_by"),
    text("count"),
    text("counted"),
    text("expected"),
    text("over_short"),
)
Index("ix_drawer_counts_custody", drawer_counts.c.facility_id, drawer_counts.c.custody_id, drawer_counts.c.attempt)
payments = table(
    "payments",
    ("payment_id",),
    text("payment_id"),
    text("custody_id"),
    text("drawer_id"),
    number("drawer_epoch"),
    number("receipt_number"),
    text("receipt"),
    text("patient_id"),
    text("visit_id", optional=True),
    cents("amount_cents"),
    text("received_at"),
    text("received_by"),
    text("voided_at", optional=True),
    text("voided_by", optional=True),
    text("void_reason"),
    text("void_approver_id", optional=True),
    UniqueConstraint("facility_id", "drawer_id", "drawer_epoch", "receipt_number", "custody_id"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)
Index("ix_payments_custody", payments.c.facility_id, payments.c.custody_id, payments.c.receipt_number)
Index("ix_payments_patient", payments.c.facility_id, payments.c.patient_id)
payment_papers = table(
    "payment_papers",
    ("payment_id",),
    text("payment_id"),
    text("taken_at"),
    text("paper_number"),
    text("number_key"),
)
Index("ix_payment_papers_number", payment_papers.c.facility_id, payment_papers.c.number_key)
payment_lines = table(
    "payment_lines",
    ("payment_id", "line"),
    text("payment_id"),
    number("line"),
    text("purpose"),
    cents("amount_cents"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)
payment_tenders = table(
    "payment_tenders",
    ("payment_id", "part"),
    text("payment_id"),
    number("part"),
    text("tender"),
    cents("amount_cents"),
    cents("taken_cents"),
    cents("tendered_cents", optional=True),
    cents("change_cents"),
    text("check_number"),
    text("card_last4"),
    text("auth_code"),
    CheckConstraint("amount_cents > 0 AND taken_cents > 0 AND change_cents >= 0", name="amounts_positive"),
    CheckConstraint("tendered_cents IS NULL OR tendered_cents - change_cents = taken_cents", name="change_is_exact"),
)
refunds = table(
    "refunds",
    ("refund_id",),
    text("refund_id"),
    text("payment_id"),
    text("custody_id"),
    text("drawer_id"),
    text("tender"),
    cents("amount_cents"),
    text("reason"),
    text("refunded_at"),
    text("refunded_by"),
    text("approver_id", optional=True),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)
Index("ix_refunds_custody", refunds.c.facility_id, refunds.c.custody_id)
Index("ix_refunds_payment", refunds.c.facility_id, refunds.c.payment_id)
cash_moves = table(
    "cash_moves",
    ("move_id",),
    text("move_id"),
    text("custody_id"),
    text("drawer_id"),
    text("kind"),
    cents("amount_cents"),
    text("reason"),
    text("bag"),
    text("pieces", optional=True),
    text("moved_at"),
    text("moved_by"),
    text("approver_id", optional=True),
    CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
)
Index("ix_cash_moves_custody", cash_moves.c.facility_id, cash_moves.c.custody_id, cash_moves.c.moved_at)
bags = table(
    "bags",
    ("bag",),
    text("bag"),
    text("custody_id"),
    text("source"),
    cents("amount_cents"),
    cents("cash_cents"),
    text("place"),
    text("sealed_at"),
    text("sealed_by"),
    text("sent_at", optional=True),
    text("confirmed_at", optional=True),
    cents("confirmed_cents", optional=True),
    CheckConstraint("place IN ('safe', 'in_transit', 'bank')", name="place_known"),
)
postings = table(
    "postings",
    ("event_id", "line"),
    text("event_id"),
    number("line"),
    text("account"),
    cents("amount_cents"),
    text("custody_id"),
    CheckConstraint("amount_cents <> 0", name="amount_not_zero"),
)
Index("ix_postings_custody", postings.c.facility_id, postings.c.custody_id, postings.c.account, postings.c.amount_cents)
