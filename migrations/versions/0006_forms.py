"""Forms of a visit and the moments of a stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TEXTS = ("form", "part", "step", "version", "language", "status", "method", "given_at", "signer", "relationship", "reason")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "form_steps",
        *_texts("facility_id", "event_id", "visit_id", "patient_id", *_TEXTS, "seen_by", "witness_id"),
        sa.Column("explained", sa.Integer(), nullable=False),
        *_texts("wording_sha256", "strokes_sha256", "recorded_at", "recorded_by", "stamp"),
        sa.CheckConstraint("(step = 'completed') = (status <> '')", name=op.f("ck_form_steps_completed_has_a_status")),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_form_steps"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_form_steps_visit", "form_steps", ["facility_id", "visit_id", "form"])
    op.create_table(
        "stay_moments",
        *_texts("facility_id", "event_id", "visit_id", "patient_id", "moment", "at", "recorded_at", "recorded_by", "stamp"),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_stay_moments"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stay_moments_visit", "stay_moments", ["facility_id", "visit_id", "moment"])
