"""Social Security numbers in a table of their own; searches and histories keep the last four digits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and let go of the columns; the log, which has every number, is projected again after an upgrade."""
    op.create_table(
        "patient_ssns",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("facility_id", "patient_id", "stamp", "ssn", "ssn_key")),
        sa.PrimaryKeyConstraint("facility_id", "patient_id", "stamp", name="pk_patient_ssns"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_ssns_key", "patient_ssns", ["facility_id", "ssn_key"], sqlite_where=sa.text("ssn_key != ''"))
    op.drop_index("ix_patient_search_ssn", "patient_search")
    bind = op.get_bind()
    for table, column in (("patients", "ssn"), ("patients", "ssn_key"), ("patient_search", "ssn_key")):
        bind.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
    where = sa.text("ssn_last4 != ''")
    op.create_index("ix_patient_search_ssn", "patient_search", ["facility_id", "ssn_last4"], sqlite_where=where)
