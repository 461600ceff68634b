"""Blocks of record numbers, and the numbers that records had before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "local_blocks",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("stream_epoch", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "name", "block", name="pk_local_blocks"),
        sqlite_with_rowid=False,
    )
    texts = ("facility_id", "patient_id", "event_id", "was", "was_key", "mrn", "numbered_at")
    op.create_table(
        "patient_numbers",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.PrimaryKeyConstraint("facility_id", "patient_id", "event_id", name="pk_patient_numbers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_numbers_was", "patient_numbers", ["facility_id", "was_key"])
