"""What registrations failed when they were filed, and later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0019"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Make the tables. Registrations that were filed before stay unchecked: nobody held them against the rules."""
    op.create_table(
        "registration_checks",
        *_texts("facility_id", "visit_id", "event_id", "patient_id"),
        *(_number(name) for name in ("is_filing", "table_version", "checks")),
        *_texts("checked_at", "checked_by", "business_date", "stamp"),
        sa.PrimaryKeyConstraint("facility_id", "visit_id", "event_id", name="pk_registration_checks"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_registration_checks_filing", "registration_checks", ["facility_id", "is_filing", "business_date"])
    op.create_table(
        "registration_failures",
        *_texts("facility_id", "visit_id", "event_id", "rule", "field", "severity"),
        _number("was_caught"),
        sa.PrimaryKeyConstraint("facility_id", "visit_id", "event_id", "rule", "field", name="pk_registration_failures"),
        sqlite_with_rowid=False,
    )
