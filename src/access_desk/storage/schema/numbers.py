"""Record numbers: the blocks lent to this desk, and the numbers that records had before."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index

from access_desk.storage.schema.columns import number, table, text

local_blocks = table(
    "local_blocks",
    ("name", "block"),
    text("name"),
    number("block"),
    number("stream_epoch"),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
)
patient_numbers = table(
    "patient_numbers",
    ("patient_id", "event_id"),
    text("patient_id"),
    text("event_id"),
    text("was"),
    text("was_key"),
    text("mrn"),
    text("numbered_at"),
)
Index("ix_patient_numbers_was", patient_numbers.c.facility_id, patient_numbers.c.was_key)
