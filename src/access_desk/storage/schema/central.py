"""What central keeps beside the tables it shares with the desks: the feed, who may write, and what was wrong.

The feed's positions are dense within a facility: whoever has seen position p has seen everything up to it. They are given
under the lock of the facility's own head row.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text, UniqueConstraint

central_metadata = MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_N_name)s"})


def _text(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional)


central_heads = Table(
    "central_heads",
    central_metadata,
    _text("facility_id"),
    Column("position", BigInteger, nullable=False),
    _text("digest"),
    PrimaryKeyConstraint("facility_id", name="pk_central_heads"),
)
central_feed = Table(
    "central_feed",
    central_metadata,
    _text("facility_id"),
    Column("position", BigInteger, nullable=False),
    _text("desk_id"),
    Column("stream_epoch", Integer, nullable=False),
    Column("desk_seq", BigInteger, nullable=False),
    _text("received_at"),
    _text("digest"),
    PrimaryKeyConstraint("facility_id", "position", name="pk_central_feed"),
    UniqueConstraint("facility_id", "desk_id", "stream_epoch", "desk_seq"),
)
central_desks = Table(
    "central_desks",
    central_metadata,
    _text("facility_id"),
    _text("desk_id"),
    Column("number", Integer, nullable=False),
    _text("label"),
    _text("public_key"),
    _text("enrolled_at"),
    _text("revoked_at", optional=True),
    PrimaryKeyConstraint("facility_id", "desk_id", name="pk_central_desks"),
    UniqueConstraint("facility_id", "number"),
)
central_codes = Table(
    "central_codes",
    central_metadata,
    _text("facility_id"),
    _text("secret_hash"),
    _text("expires_at"),
    _text("used_by", optional=True),
    PrimaryKeyConstraint("facility_id", "secret_hash", name="pk_central_codes"),
)
central_blocks = Table(
    "central_blocks",
    central_metadata,
    _text("facility_id"),
    _text("desk_id"),
    _text("series"),
    Column("block", Integer, nullable=False),
    Column("stream_epoch", Integer, nullable=False),
    PrimaryKeyConstraint("facility_id", "desk_id", "series", "block", name="pk_central_blocks"),
)
# The verifier of a person's PIN, the one that the log names; replaced when another is set.
central_pins = Table(
    "central_pins",
    central_metadata,
    _text("facility_id"),
    _text("person_id"),
    _text("verifier"),
    PrimaryKeyConstraint("facility_id", "person_id", name="pk_central_pins"),
)
# What stands out of what was taken in; see `storage.flags`.
central_flags = Table(
    "central_flags",
    central_metadata,
    _text("facility_id"),
    _text("flag_id"),
    _text("kind"),
    _text("desk_id"),
    Column("stream_epoch", Integer, nullable=False),
    Column("desk_seq", BigInteger, nullable=False),
    _text("event_id"),
    _text("event_kind"),
    _text("actor_id"),
    _text("recorded_at"),
    _text("received_at"),
    Column("amount_cents", BigInteger, nullable=False),
    _text("detail"),
    PrimaryKeyConstraint("facility_id", "flag_id", name="pk_central_flags"),
)
central_alarms = Table(
    "central_alarms",
    central_metadata,
    _text("facility_id"),
    _text("alarm_id"),
    _text("kind"),
    _text("desk_id"),
    Column("stream_epoch", Integer, nullable=False),
    Column("desk_seq", BigInteger, nullable=False),
    _text("raised_at"),
    Column("content", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("facility_id", "alarm_id", name="pk_central_alarms"),
)
# Alarms that somebody has looked at.
central_settlements = Table(
    "central_settlements",
    central_metadata,
    _text("facility_id"),
    _text("alarm_id"),
    _text("settled_at"),
    PrimaryKeyConstraint("facility_id", "alarm_id", name="pk_central_settlements"),
)
