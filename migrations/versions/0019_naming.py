"""Names that were given to people without one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0007"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "patient_aliases",
        *_texts("facility_id", "patient_id", "event_id", "family", "given", "family_key", "given_key", "kind"),
        sa.Column("age_low", sa.Integer(), nullable=True),
        sa.Column("age_high", sa.Integer(), nullable=True),
        *_texts("given_at", "given_by"),
        sa.PrimaryKeyConstraint("facility_id", "patient_id", "event_id", name="pk_patient_aliases"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_aliases_family", "patient_aliases", ["facility_id", "family_key"])
