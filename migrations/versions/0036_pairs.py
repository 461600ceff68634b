"""Pairs of records that are probably one person, as the desk judges them now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it is filled when the work queue is opened, and by a sweep of the index."""
    op.create_table(
        "local_pairs",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("facility_id", "one_id", "other_id")),
        sa.Column("score", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("band", "found_at", "sweep")),
        sa.PrimaryKeyConstraint("facility_id", "one_id", "other_id", name="pk_local_pairs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_local_pairs_other", "local_pairs", ["facility_id", "other_id"])
    op.create_index("ix_local_pairs_score", "local_pairs", ["facility_id", sa.text("score DESC"), "one_id", "other_id"])
