"""Large content by its hash. Neither a projection, since replay reads it, nor this desk's alone, since events name it."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary, PrimaryKeyConstraint, Table

from access_desk.storage.schema.columns import metadata, text

blobs = Table(
    "blobs",
    metadata,
    text("facility_id"),
    text("sha256"),
    Column("size", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("facility_id", "sha256", name="pk_blobs"),
    CheckConstraint("size = length(content)", name="size_is_exact"),
)
