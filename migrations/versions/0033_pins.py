"""Which verifier is a person's PIN now: its hash, as the log says it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew; the log, which has everybody, is projected again after an upgrade."""
    op.drop_table("staff")
    op.create_table(
        "staff",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("facility_id", "person_id", "key", "name", "role")),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("pin_sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "person_id", name="pk_staff"),
        sqlite_with_rowid=False,
    )
