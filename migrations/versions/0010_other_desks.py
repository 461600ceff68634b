"""Rows that several desks may make or change, and numbers that only within one desk are unique."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Two desks that were apart may both have used a sign-in name, an account number or a receipt's: money is never refused.
WIDENED = {
    "payments": ("uq_payments_facility_id_drawer_id_drawer_epoch_receipt_number", "custody_id"),
    "staff": ("uq_staff_facility_id_key", ""),
    "visits": ("uq_visits_facility_id_account_number", ""),
}


def upgrade() -> None:
    """Make the table of versions, and let go of the keys."""
    op.create_table(
        "row_versions",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("is_claim", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "table_name", "row_key", "place", name="pk_row_versions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "local_parked",
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("stream_epoch", sa.Integer(), nullable=False),
        sa.Column("desk_seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "desk_id", "stream_epoch", "desk_seq", name="pk_local_parked"),
        sqlite_with_rowid=False,
    )
    for table, (constraint, column) in WIDENED.items():
        _widen(table, constraint, column)


def _widen(table: str, constraint: str, column: str) -> None:
    """Make the table again without the constraint, or with one column more in it. Its rows are projected again."""
    bind = op.get_bind()
    found = bind.exec_driver_sql("SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,)).all()
    made = next(sql for kind, sql in found if kind == "table")
    line = re.search(rf",\s*CONSTRAINT {constraint} UNIQUE \(([^)]*)\)", made)
    if line is None:
        raise ValueError(f"{table} has no {constraint}")
    now = f", \n\tCONSTRAINT {constraint}_{column} UNIQUE ({line[1]}, {column})" if column else ""
    bind.exec_driver_sql(f"DROP TABLE {table}")
    bind.exec_driver_sql(made.replace(line[0], now))
    for kind, sql in found:
        if kind == "index":
            bind.exec_driver_sql(sql)
