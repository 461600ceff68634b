"""The children of a mother are found without reading everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_patients_newborn_of", "patients", ["facility_id", "newborn_of"], sqlite_where=sa.text("newborn_of IS NOT NULL")
    )
