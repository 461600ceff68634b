"""What the clerk saw and where, with each change of a record's field; disputes that were settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _table(name: str, columns: tuple[str, ...], key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *(sa.Column(column, sa.Text(), nullable=False) for column in ("facility_id", *columns)),
        sa.PrimaryKeyConstraint("facility_id", *key, name=f"pk_{name}"),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    """Make the tables; the log, which has every change, is projected again after an upgrade."""
    op.drop_table("patient_changes")
    changes = ("patient_id", "field", "stamp", "seen", "value", "changed_at", "changed_by", "desk_id")
    _table("patient_changes", changes, ("patient_id", "field", "stamp"))
    settled = ("patient_id", "field", "stamp", "event_id", "reason", "settled_at", "settled_by")
    _table("dispute_settlements", settled, ("patient_id", "field", "stamp", "event_id"))
