"""Links of records are found from either of the two."""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_patient_links_other", "patient_links", ["facility_id", "other_id"])
