"""Arrivals at the emergency department, and what was recorded of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0018"
branch_labels = None
depends_on = None

_ENTERED = ("entered_at", "entered_by", "stamp")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "emergency_arrivals",
        *_texts("facility_id", "visit_id", "event_id", "patient_id", "arrived_at", "complaint", "identifier", *_ENTERED),
        sa.PrimaryKeyConstraint("facility_id", "visit_id", "event_id", name="pk_emergency_arrivals"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_emergency_arrivals_arrived", "emergency_arrivals", ["facility_id", "arrived_at"])
    op.create_table(
        "emergency_steps",
        *_texts("facility_id", "event_id", "visit_id", "patient_id", "step", "happened_at", "by_whom", "role", "source"),
        *_texts("outcome"),
        sa.Column("has_condition", sa.Integer(), nullable=True),
        *_texts(*_ENTERED),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_emergency_steps"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_emergency_steps_visit", "emergency_steps", ["facility_id", "visit_id", "step"])
