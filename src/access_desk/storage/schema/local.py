"""What a desk keeps that is not a fact."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary

from access_desk.storage.schema.columns import cents, number, table, text

local_drafts = table(
    "local_drafts",
    ("draft_id",),
    text("draft_id"),
    text("owner_id"),
    text("kind"),
    text("title"),
    text("content"),
    number("parked"),
    text("saved_at"),
)
local_pins = table(
    "local_pins",
    ("person_id",),
    text("person_id"),
    text("verifier"),
    number("failures"),
    text("locked_until", optional=True),
)
local_settings = table("local_settings", ("name",), text("name"), text("value"))
local_parked = table(
    "local_parked",
    ("desk_id", "stream_epoch", "desk_seq"),
    text("desk_id"),
    number("stream_epoch"),
    Column("desk_seq", BigInteger, nullable=False),
    text("kind"),
    text("reason"),
)
# What central flagged, as it last said; raising a flag is no fact of the log.
local_flags = table(
    "local_flags",
    ("flag_id",),
    text("flag_id"),
    text("kind"),
    text("desk_id"),
    number("stream_epoch"),
    Column("desk_seq", BigInteger, nullable=False),
    text("event_id"),
    text("event_kind"),
    text("actor_id"),
    text("recorded_at"),
    text("received_at"),
    cents("amount_cents"),
    text("detail"),
)
# What the stamp of an event counts as that lay in the future when central received it.
local_caps = table(
    "local_caps",
    ("desk_id", "stream_epoch", "desk_seq"),
    text("desk_id"),
    number("stream_epoch"),
    Column("desk_seq", BigInteger, nullable=False),
    text("stamp"),
)
# What was let go of other desks' money: its details are at central, its sums are here. By custody and ledger account.
local_let_go = table(
    "local_let_go",
    ("custody_id", "account"),
    text("custody_id"),
    text("account"),
    number("postings"),
    cents("amount_cents"),
)
local_let_go_custodies = table(
    "local_let_go_custodies",
    ("custody_id",),
    text("custody_id"),
    text("drawer_id"),
    text("opened_stamp"),
    text("business_date"),
    text("shift"),
    cents("over_short_cents"),
    text("let_go_at"),
)
# Payments that were not voided, by what they were for: what a visit has paid stays known. ``visit_id`` is blank without one.
local_let_go_paid = table(
    "local_let_go_paid",
    ("payment_id", "purpose"),
    text("payment_id"),
    text("purpose"),
    text("patient_id"),
    text("visit_id"),
    text("stamp"),
    cents("amount_cents"),
)
Index("ix_local_let_go_paid_visit", local_let_go_paid.c.facility_id, local_let_go_paid.c.visit_id)
Index("ix_local_let_go_paid_patient", local_let_go_paid.c.facility_id, local_let_go_paid.c.patient_id)
# What was let go and came again, until all of it is there that belongs together: ``unit`` is a custody, or a payment.
local_let_go_back = table(
    "local_let_go_back",
    ("unit", "desk_id", "stream_epoch", "desk_seq"),
    text("unit"),
    text("desk_id"),
    number("stream_epoch"),
    Column("desk_seq", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
local_sequences = table("local_sequences", ("name",), text("name"), Column("next", BigInteger, nullable=False))
# Pairs of records that are probably one person, as this desk judges them now: follows from the index, so it is no fact.
# ``score`` is in ten-thousandths.
local_pairs = table(
    "local_pairs",
    ("one_id", "other_id"),
    text("one_id"),
    text("other_id"),
    number("score"),
    text("band"),
    text("found_at"),
    text("sweep"),
)
Index("ix_local_pairs_other", local_pairs.c.facility_id, local_pairs.c.other_id)
Index("ix_local_pairs_score", local_pairs.c.facility_id, local_pairs.c.score.desc(), local_pairs.c.one_id, local_pairs.c.other_id)
