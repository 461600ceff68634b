"""What a desk let go of and fetches again, until all of it is there that belongs together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing is on its way back."""
    op.create_table(
        "local_let_go_back",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("stream_epoch", sa.Integer(), nullable=False),
        sa.Column("desk_seq", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "unit", "desk_id", "stream_epoch", "desk_seq", name="pk_local_let_go_back"),
        sqlite_with_rowid=False,
    )
