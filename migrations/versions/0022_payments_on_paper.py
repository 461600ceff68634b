"""Payments that were taken on paper first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "payment_papers",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("facility_id", "payment_id", "taken_at", "paper_number", "number_key")
        ),
        sa.PrimaryKeyConstraint("facility_id", "payment_id", name="pk_payment_papers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_payment_papers_number", "payment_papers", ["facility_id", "number_key"])
