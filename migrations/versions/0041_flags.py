"""To which desk a drawer is leased, what central flagged, and who looked into it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0038"
branch_labels = None
depends_on = None


def _table(name: str, columns: tuple[sa.Column[object], ...], key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("facility_id", sa.Text(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("facility_id", *key, name=f"pk_{name}"),
        sqlite_with_rowid=False,
    )


def _texts(*names: str) -> tuple[sa.Column[object], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _numbers() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("stream_epoch", sa.Integer(), nullable=False),
        sa.Column("desk_seq", sa.BigInteger(), nullable=False),
    )


def upgrade() -> None:
    """Make the tables; the log, which has every lease and review, is projected again after an upgrade."""
    leases = ("drawer_id", "stamp", "event_id", "desk_id", "desk_label", "leased_at", "leased_by", "reason")
    _table("drawer_leases", _texts(*leases), ("drawer_id", "stamp", "event_id"))
    _table("flag_reviews", _texts("flag_id", "event_id", "note", "reviewed_at", "reviewed_by"), ("flag_id", "event_id"))
    flagged = (
        *_texts("flag_id", "kind", "desk_id"),
        *_numbers(),
        *_texts("event_id", "event_kind", "actor_id", "recorded_at", "received_at"),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        *_texts("detail"),
    )
    _table("local_flags", flagged, ("flag_id",))
    _table("local_caps", (*_texts("desk_id"), *_numbers(), *_texts("stamp")), ("desk_id", "stream_epoch", "desk_seq"))
