"""Links, merges and reviews of patient records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, and list for review who was registered despite a match before there was a list."""
    _make_merges()
    _make_reviews()
    _list_earlier_registrations()


def _make_merges() -> None:
    op.create_table(
        "patient_merges",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("merge_id", sa.Text(), nullable=False),
        sa.Column("survivor_id", sa.Text(), nullable=False),
        sa.Column("retired_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filled", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.Text(), nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "merge_id", name="pk_patient_merges"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_merges_survivor", "patient_merges", ["facility_id", "survivor_id"], unique=False)
    op.create_index("ix_patient_merges_retired", "patient_merges", ["facility_id", "retired_id"], unique=False)
    op.create_table(
        "patient_unmerges",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("merge_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("unmerged_at", sa.Text(), nullable=False),
        sa.Column("unmerged_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "merge_id", "event_id", name="pk_patient_unmerges"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "patient_links",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("one_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.Text(), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_patient_links"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_links_pair", "patient_links", ["facility_id", "one_id", "other_id"], unique=False)


def _make_reviews() -> None:
    op.create_table(
        "review_items",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("one_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "item_id", name="pk_review_items"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_items_pair", "review_items", ["facility_id", "one_id", "other_id"], unique=False)
    op.create_table(
        "review_answers",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("one_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "event_id", name="pk_review_answers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_answers_pair", "review_answers", ["facility_id", "one_id", "other_id"], unique=False)


def _list_earlier_registrations() -> None:
    connection = op.get_bind()
    asked = "SELECT data FROM events WHERE kind = 'patient.registered' ORDER BY facility_id, desk_id, stream_epoch, desk_seq"
    for (data,) in connection.exec_driver_sql(asked).all():
        event = json.loads(data)
        body = event["body"]
        reason = body["despite_match"]
        source = "despite_match" if reason.strip() else "alike"
        recorded = datetime.fromisoformat(event["recorded_at"]).astimezone(UTC).replace(tzinfo=None)
        for other in dict.fromkeys(body.get("possible_duplicates", ())):
            if other == body["patient_id"]:
                continue
            first, second = sorted((body["patient_id"], other))
            item = sha256(f"{event['event_id']}/{first}/{second}".encode()).hexdigest()[:32]
            values = (event["facility_id"], item, event["event_id"], first, second, source, reason)
            when = (event["stamp"], recorded.isoformat(timespec="microseconds") + "Z", event["actor_id"])
            connection.exec_driver_sql(f"INSERT INTO review_items VALUES ({', '.join('?' * 10)})", (*values, *when))  # noqa: S608
