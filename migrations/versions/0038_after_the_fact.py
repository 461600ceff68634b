"""Registrations that were entered after the fact: when they were entered, and from which paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_COLUMNS = (
    "facility_id", "visit_id", "patient_id", "account_number", "type", "service", "reason", "location", "attending_npi",
    "arrived_at", "entered_at", "paper_number", "paper_key", "begun_at", "registered_by", "business_date",
)  # fmt: skip


def upgrade() -> None:
    """Make the table anew; the log, which has both moments, is projected again after an upgrade."""
    op.drop_table("visits")
    op.create_table(
        "visits",
        *(sa.Column(name, sa.Text(), nullable=False) for name in _COLUMNS),
        sa.PrimaryKeyConstraint("facility_id", "visit_id", name="pk_visits"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_visits_patient", "visits", ["facility_id", "patient_id", "arrived_at"])
    op.create_index("ix_visits_account", "visits", ["facility_id", "account_number"])
    op.create_index("ix_visits_business_date", "visits", ["facility_id", "business_date", "arrived_at"])
    op.create_index("ix_visits_paper", "visits", ["facility_id", "paper_key"], sqlite_where=sa.text("paper_key != ''"))
