"""Tables for finding people; they are filled when the log is projected again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = ("family_key", "given_key", "initial", "born", "phone_key", "ssn_key", "ssn_last4", "mrn_key")
INDEXES = {
    "family": ("family_key", "given_key", "born"),
    "given": ("given_key", "family_key", "born"),
    "initial": ("initial", "family_key", "given_key", "born"),
    "born": ("born", "family_key", "given_key"),
}
PARTLY = {"phone": ("phone_key",), "ssn": ("ssn_last4", "ssn_key"), "mrn": ("mrn_key",), "source": ("source_id",)}


def upgrade() -> None:
    """Make them, and drop the indexes that they replace."""
    op.create_table(
        "patient_search",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("facility_id", "patient_id", "source_id", *COLUMNS)),
        sa.PrimaryKeyConstraint("facility_id", "patient_id", name="pk_patient_search"),
    )
    for name, columns in INDEXES.items():
        op.create_index(f"ix_patient_search_{name}", "patient_search", ["facility_id", *columns])
    for name, columns in PARTLY.items():
        where = sa.text(f"{columns[0]} != ''")
        op.create_index(f"ix_patient_search_{name}", "patient_search", ["facility_id", *columns], sqlite_where=where)
    for table, names in (
        ("name_variants", ("shorter", "field", "name")),
        ("patient_unreadable", ("patient_id", "field", "typed")),
    ):
        key = [name for name in names if name != "typed"]
        op.create_table(
            table,
            sa.Column("facility_id", sa.Text(), nullable=False),
            *(sa.Column(name, sa.Text(), nullable=False) for name in names),
            sa.PrimaryKeyConstraint("facility_id", *key, name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
    for name in ("family", "given", "birth_date", "mrn", "phone", "ssn"):
        op.drop_index(f"ix_patients_{name}", "patients")
