"""The log, which is the only place facts are written to, and who is named in it."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, PrimaryKeyConstraint, Table, UniqueConstraint

from access_desk.storage.schema.columns import cents, metadata, number, table, text

events = Table(
    "events",
    metadata,
    text("facility_id"),
    text("desk_id"),
    number("stream_epoch"),
    Column("desk_seq", BigInteger, nullable=False),
    text("event_id"),
    text("kind"),
    text("command_id", optional=True),
    Column("data", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=True),
    PrimaryKeyConstraint("facility_id", "desk_id", "stream_epoch", "desk_seq", name="pk_events"),
    UniqueConstraint("facility_id", "event_id"),
    CheckConstraint("desk_seq > 0", name="sequence_starts_at_one"),
)
Index("ix_events_command", events.c.facility_id, events.c.command_id, sqlite_where=events.c.command_id.is_not(None))

event_subjects = table(
    "event_subjects",
    ("subject_id", "desk_id", "stream_epoch", "desk_seq"),
    text("subject_id"),
    text("desk_id"),
    number("stream_epoch"),
    Column("desk_seq", BigInteger, nullable=False),
)
facilities = table("facilities", (), text("code"), text("name"), text("timezone"), text("address"), text("phone"), text("policy"))
staff = table(
    "staff",
    ("person_id",),
    text("person_id"),
    text("key"),
    text("name"),
    text("role"),
    number("active"),
    text("pin_sha256"),
)
drawers = table(
    "drawers",
    ("drawer_id",),
    text("drawer_id"),
    text("key"),
    text("desk_label"),
    cents("imprest_cents"),
    CheckConstraint("imprest_cents >= 0", name="imprest_not_negative"),
)
drawer_leases = table(
    "drawer_leases",
    ("drawer_id", "stamp", "event_id"),
    text("drawer_id"),
    text("stamp"),
    text("event_id"),
    text("desk_id"),
    text("desk_label"),
    text("leased_at"),
    text("leased_by"),
    text("reason"),
)
flag_reviews = table(
    "flag_reviews",
    ("flag_id", "event_id"),
    text("flag_id"),
    text("event_id"),
    text("note"),
    text("reviewed_at"),
    text("reviewed_by"),
)
activities = table(
    "activities",
    ("event_id",),
    text("event_id"),
    text("kind"),
    text("happened_at"),
    text("business_date"),
    text("actor_id"),
    text("subject_id"),
    text("code"),
    text("text"),
)
Index("ix_activities_business_date", activities.c.facility_id, activities.c.business_date, activities.c.kind)
printed_documents = table(
    "printed_documents",
    ("event_id",),
    text("event_id"),
    text("document"),
    text("about"),
    number("copy_number"),
    text("printed_at"),
    text("printed_by"),
    Column("head_seq", BigInteger, nullable=False),
    text("head_hash"),
)
Index("ix_printed_documents_about", printed_documents.c.facility_id, printed_documents.c.document, printed_documents.c.about)
