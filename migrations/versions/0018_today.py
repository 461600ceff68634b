"""The queue, expected visits, blocked accounts and privacy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0011"
branch_labels = None
depends_on = None

_RECORDED = ("recorded_at", "recorded_by", "stamp")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _table(name: str, key: str, *columns: sa.Column[object] | sa.Column[str] | sa.Column[int]) -> None:
    primary = sa.PrimaryKeyConstraint("facility_id", key, name=f"pk_{name}")
    op.create_table(name, *_texts("facility_id", key), *columns, primary, sqlite_with_rowid=False)


def upgrade() -> None:
    """Make the tables."""
    moved = ("visit_id", "patient_id", "place", "desk_label", "moved_at", "moved_by", "stamp")
    _table("queue_moves", "event_id", *_texts(*moved))
    op.create_index("ix_queue_moves_visit", "queue_moves", ["facility_id", "visit_id", "stamp"])
    said = ("appointment_id", "step", "day", "details", "patient_id", "visit_id", "reason")
    _table("appointment_steps", "event_id", *_texts(*said, *_RECORDED))
    op.create_index("ix_appointment_steps_day", "appointment_steps", ["facility_id", "day", "appointment_id"])
    blocked = ("block_id", "about_id", "patient_id", "step", "reason", "level", "note")
    _table("block_steps", "event_id", *_texts(*blocked, *_RECORDED))
    op.create_index("ix_block_steps_block", "block_steps", ["facility_id", "block_id", "step"])
    op.create_index("ix_block_steps_step", "block_steps", ["facility_id", "step", "block_id"])
    flag = (*_texts("patient_id", "flag"), sa.Column("is_on", sa.Integer(), nullable=False), *_texts("reason", *_RECORDED))
    _table("patient_flags", "event_id", *flag)
    op.create_index("ix_patient_flags_patient", "patient_flags", ["facility_id", "patient_id", "flag"])
    _table("glass_openings", "glass_id", *_texts("patient_id", "code", "words", "opened_at", "opened_by", "until"))
    op.create_index("ix_glass_openings_opened", "glass_openings", ["facility_id", "opened_at"])
    review = ("glass_id", "patient_id", "verdict", "note", "reviewed_at", "reviewed_by", "stamp")
    _table("glass_reviews", "event_id", *_texts(*review))
    op.create_index("ix_glass_reviews_glass", "glass_reviews", ["facility_id", "glass_id"])
    told = ("patient_id", "disclosed_on", "recipient", "address", "what", "purpose", "recorded_at", "recorded_by")
    _table("disclosures", "disclosure_id", *_texts(*told))
    op.create_index("ix_disclosures_patient", "disclosures", ["facility_id", "patient_id", "disclosed_on"])
    _table("service_levels", "event_id", *_texts("levels", "set_at", "set_by", "stamp"))
