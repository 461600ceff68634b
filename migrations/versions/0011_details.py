"""Details of patients and visits beyond who they are and why they came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    for of in ("patient", "visit"):
        op.create_table(
            f"{of}_details",
            *(
                sa.Column(name, sa.Text(), nullable=False)
                for name in ("facility_id", f"{of}_id", "field", "stamp", "value", "given_at", "given_by")
            ),
            sa.PrimaryKeyConstraint("facility_id", f"{of}_id", "field", "stamp", name=f"pk_{of}_details"),
            sqlite_with_rowid=False,
        )
