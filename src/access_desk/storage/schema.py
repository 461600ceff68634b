"""The tables, one definition for desk and central.

`events` is the only table that facts are written to. Everything else that is not `local_*` is a projection: dropped and
rebuilt by replay. `facility_id` leads every key, so the same schema can be distributed by facility. Money is BIGINT
cents; moments are ISO 8601 text in UTC with microseconds and `Z`, which sorts as time does; dates are ISO text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Constraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


def _text(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional)


def _cents(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=optional)


def _number(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=optional)


def _table(name: str, key: tuple[str, ...], *columns: Column[Any] | Constraint) -> Table:
    parts = (_text("facility_id"), *columns, PrimaryKeyConstraint("facility_id", *key, name=f"pk_{name}"))
    return Table(name, metadata, *parts, sqlite_with_rowid=False)


events = Table(
    "events",
    metadata,
    _text("facility_id"),
    _text("desk_id"),
    _number("stream_epoch"),
    Column("desk_seq", BigInteger, nullable=False),
    _text("event_id"),
    _text("kind"),
    _text("command_id", optional=True),
    Column("data", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=True),
    PrimaryKeyConstraint("facility_id", "desk_id", "stream_epoch", "desk_seq", name="pk_events"),
    UniqueConstraint("facility_id", "event_id"),
    CheckConstraint("desk_seq > 0", name="sequence_starts_at_one"),
)
Index("ix_events_command", events.c.facility_id, events.c.command_id, sqlite_where=events.c.command_id.is_not(None))

event_subjects = _table(
    "event_subjects",
    ("subject_id", "desk_id", "stream_epoch", "desk_seq"),
    _text("subject_id"),
    _text("desk_id"),
    _number("stream_epoch"),
    Column("desk_seq", BigInteger, nullable=False),
)
facilities = _table(
    "facilities", (), _text("code"), _text("name"), _text("timezone"), _text("address"), _text("phone"), _text("policy")
)
staff = _table(
    "staff",
    ("person_id",),
    _text("person_id"),
    _text("key"),
    _text("name"),
    _text("role"),
    _number("active"),
    UniqueConstraint("facility_id", "key"),
)
drawers = _table(
    "drawers",
    ("drawer_id",),
    _text("drawer_id"),
    _text("key"),
    _text("desk_label"),
    _cents("imprest_cents"),
    CheckConstraint("imprest_cents >= 0", name="imprest_not_negative"),
)
custodies = _table(
    "custodies",
    ("custody_id",),
    _text("custody_id"),
    _text("drawer_id"),
    _number("drawer_epoch"),
    _text("holder_id"),
    _text("status"),
    _text("opened_stamp"),
    _text("opened_at"),
    _text("business_date"),
    _text("shift"),
    _text("opening_pieces"),
    _cents("opening_count_cents"),
    _cents("should_hold_cents"),
    _cents("opening_variance_cents"),
    _text("previous_custody_id", optional=True),
    _text("opening_witness_id", optional=True),
    _text("handed_over_by", optional=True),
    _text("open_items"),
    _text("handoff_note"),
    _text("closed_at", optional=True),
    _text("closed_by", optional=True),
    _text("approver_id", optional=True),
    _text("witness_id", optional=True),
    _text("reason"),
    _text("memo"),
    _text("card_batch"),
    _number("taken_over"),
    _cents("to_bank_cents", optional=True),
    _text("to_bank_pieces", optional=True),
    _cents("left_cents", optional=True),
    _text("bag"),
    _cents("bag_cents"),
    CheckConstraint("status IN ('open', 'counting', 'closed')", name="status_known"),
    CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
    CheckConstraint("left_cents >= 0 AND to_bank_cents >= 0", name="closing_not_negative"),
)
Index("ix_custodies_drawer", custodies.c.facility_id, custodies.c.drawer_id, custodies.c.opened_stamp)
Index("ix_custodies_business_date", custodies.c.facility_id, custodies.c.business_date, custodies.c.shift)
custody_tenders = _table(
    "custody_tenders",
    ("custody_id", "tender"),
    _text("custody_id"),
    _text("tender"),
    _cents("expected_cents"),
    _cents("counted_cents"),
    _cents("over_short_cents"),
    CheckConstraint("over_short_cents = counted_cents - expected_cents", name="difference_is_exact"),
)
drawer_counts = _table(
    "drawer_counts",
    ("count_id",),
    _text("count_id"),
    _text("custody_id"),
    _text("purpose"),
    _number("attempt"),
    _text("counted_at"),
    _text("counted_by"),
    _text("count"),
    _text("counted"),
    _text("expected"),
    _text("over_short"),
)
Index("ix_drawer_counts_custody", drawer_counts.c.facility_id, drawer_counts.c.custody_id, drawer_counts.c.attempt)
payments = _table(
    "payments",
    ("payment_id",),
    _text("payment_id"),
    _text("custody_id"),
    _text("drawer_id"),
    _number("drawer_epoch"),
    _number("receipt_number"),
    _text("receipt"),
    _text("patient_id"),
    _text("visit_id", optional=True),
    _cents("amount_cents"),
    _text("received_at"),
    _text("received_by"),
    _text("voided_at", optional=True),
    _text("voided_by", optional=True),
    _text("void_reason"),
    _text("void_approver_id", optional=True),
    UniqueConstraint("facility_id", "drawer_id", "drawer_epoch", "receipt_number"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)
Index("ix_payments_custody", payments.c.facility_id, payments.c.custody_id, payments.c.receipt_number)
Index("ix_payments_patient", payments.c.facility_id, payments.c.patient_id)
payment_lines = _table(
    "payment_lines",
    ("payment_id", "line"),
    _text("payment_id"),
    _number("line"),
    _text("purpose"),
    _cents("amount_cents"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)
payment_tenders = _table(
    "payment_tenders",
    ("payment_id", "part"),
    _text("payment_id"),
    _number("part"),
    _text("tender"),
    _cents("amount_cents"),
    _cents("taken_cents"),
    _cents("tendered_cents", optional=True),
    _cents("change_cents"),
    _text("check_number"),
    _text("card_last4"),
    _text("auth_code"),
    CheckConstraint("amount_cents > 0 AND taken_cents > 0 AND change_cents >= 0", name="amounts_positive"),
    CheckConstraint("tendered_cents IS NULL OR tendered_cents - change_cents = taken_cents", name="change_is_exact"),
)
refunds = _table(
    "refunds",
    ("refund_id",),
    _text("refund_id"),
    _text("payment_id"),
    _text("custody_id"),
    _text("drawer_id"),
    _text("tender"),
    _cents("amount_cents"),
    _text("reason"),
    _text("refunded_at"),
    _text("refunded_by"),
    _text("approver_id", optional=True),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)
Index("ix_refunds_custody", refunds.c.facility_id, refunds.c.custody_id)
Index("ix_refunds_payment", refunds.c.facility_id, refunds.c.payment_id)
cash_moves = _table(
    "cash_moves",
    ("move_id",),
    _text("move_id"),
    _text("custody_id"),
    _text("drawer_id"),
    _text("kind"),
    _cents("amount_cents"),
    _text("reason"),
    _text("bag"),
    _text("pieces", optional=True),
    _text("moved_at"),
    _text("moved_by"),
    _text("approver_id", optional=True),
    CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
)
Index("ix_cash_moves_custody", cash_moves.c.facility_id, cash_moves.c.custody_id, cash_moves.c.moved_at)
bags = _table(
    "bags",
    ("bag",),
    _text("bag"),
    _text("custody_id"),
    _text("source"),
    _cents("amount_cents"),
    _cents("cash_cents"),
    _text("place"),
    _text("sealed_at"),
    _text("sealed_by"),
    _text("sent_at", optional=True),
    _text("confirmed_at", optional=True),
    _cents("confirmed_cents", optional=True),
    CheckConstraint("place IN ('safe', 'in_transit', 'bank')", name="place_known"),
)
postings = _table(
    "postings",
    ("event_id", "line"),
    _text("event_id"),
    _number("line"),
    _text("account"),
    _cents("amount_cents"),
    _text("custody_id"),
    CheckConstraint("amount_cents <> 0", name="amount_not_zero"),
)
Index("ix_postings_custody", postings.c.facility_id, postings.c.custody_id, postings.c.account, postings.c.amount_cents)

DEMOGRAPHIC_COLUMNS = (
    "family", "given", "middle", "suffix", "birth_date", "sex", "ssn", "phone", "email", "line", "city", "state", "zip",
    "language", "interpreter", "emergency_contact", "emergency_relationship", "emergency_phone",
)  # fmt: skip
patients = _table(
    "patients",
    ("patient_id",),
    _text("patient_id"),
    _text("mrn"),
    *(_text(name) for name in DEMOGRAPHIC_COLUMNS),
    _text("family_key"),
    _text("given_key"),
    _text("phone_key"),
    _text("ssn_key"),
    _number("unidentified"),
    _text("newborn_of", optional=True),
    _number("birth_order", optional=True),
    _text("despite_match"),
    _text("registered_at"),
)
Index("ix_patients_family", patients.c.facility_id, patients.c.family_key, patients.c.given_key)
Index("ix_patients_given", patients.c.facility_id, patients.c.given_key, patients.c.family_key)
Index("ix_patients_birth_date", patients.c.facility_id, patients.c.birth_date, patients.c.family_key)
Index("ix_patients_mrn", patients.c.facility_id, patients.c.mrn)
Index("ix_patients_phone", patients.c.facility_id, patients.c.phone_key)
Index("ix_patients_ssn", patients.c.facility_id, patients.c.ssn_key)
patient_changes = _table(
    "patient_changes",
    ("patient_id", "field", "stamp"),
    _text("patient_id"),
    _text("field"),
    _text("stamp"),
    _text("value"),
    _text("changed_at"),
    _text("changed_by"),
)
visits = _table(
    "visits",
    ("visit_id",),
    _text("visit_id"),
    _text("patient_id"),
    _text("account_number"),
    _text("type"),
    _text("service"),
    _text("reason"),
    _text("location"),
    _text("attending_npi"),
    _text("arrived_at"),
    _text("registered_by"),
    _text("business_date"),
    UniqueConstraint("facility_id", "account_number"),
)
Index("ix_visits_patient", visits.c.facility_id, visits.c.patient_id, visits.c.arrived_at)
Index("ix_visits_business_date", visits.c.facility_id, visits.c.business_date, visits.c.arrived_at)
visit_milestones = _table(
    "visit_milestones",
    ("visit_id", "event_id"),
    _text("visit_id"),
    _text("event_id"),
    _text("milestone"),
    _text("reached_at"),
    _text("recorded_by"),
)
coverages = _table(
    "coverages",
    ("visit_id", "position"),
    _text("visit_id"),
    _number("position"),
    _text("payer"),
    _text("plan"),
    _text("member_id"),
    _text("group_number"),
    _text("relationship"),
    _text("subscriber"),
    _cents("copay_cents", optional=True),
    _number("medicare"),
    _text("subscriber_birth_date"),
    _text("starts"),
    _text("ends"),
)
activities = _table(
    "activities",
    ("event_id",),
    _text("event_id"),
    _text("kind"),
    _text("happened_at"),
    _text("business_date"),
    _text("actor_id"),
    _text("subject_id"),
    _text("code"),
    _text("text"),
)
Index("ix_activities_business_date", activities.c.facility_id, activities.c.business_date, activities.c.kind)
printed_documents = _table(
    "printed_documents",
    ("event_id",),
    _text("event_id"),
    _text("document"),
    _text("about"),
    _number("copy_number"),
    _text("printed_at"),
    _text("printed_by"),
    Column("head_seq", BigInteger, nullable=False),
    _text("head_hash"),
)
Index("ix_printed_documents_about", printed_documents.c.facility_id, printed_documents.c.document, printed_documents.c.about)

local_drafts = _table(
    "local_drafts",
    ("draft_id",),
    _text("draft_id"),
    _text("owner_id"),
    _text("kind"),
    _text("title"),
    _text("content"),
    _number("parked"),
    _text("saved_at"),
)
local_pins = _table(
    "local_pins",
    ("person_id",),
    _text("person_id"),
    _text("verifier"),
    _number("failures"),
    _text("locked_until", optional=True),
)
local_settings = _table("local_settings", ("name",), _text("name"), _text("value"))
local_sequences = _table("local_sequences", ("name",), _text("name"), Column("next", BigInteger, nullable=False))

FACTS = (events,)
LOCAL = (local_drafts, local_pins, local_settings, local_sequences)
PROJECTIONS = tuple(table for table in metadata.sorted_tables if table not in FACTS + LOCAL)
