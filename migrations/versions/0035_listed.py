"""Search rows have what a list shows as one types; the patients' rows keep no keys for searching of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEYS = ("family_key", "given_key", "initial", "born", "phone_key", "ssn_last4", "mrn_key")
LISTED = ("family", "given", "middle", "suffix", "sex", "phone", "mrn")
NOBODY = ("unidentified", "newborn")
BY_NAME = ("family_key", "given_key", "born")
INDEXES = {
    "given": ("given_key", "family_key", "born"),
    "initial": ("initial", "family_key", "given_key", "born"),
    "born": ("born", "family_key", "given_key"),
}
PARTLY = {"phone": "phone_key", "ssn": "ssn_last4", "mrn": "mrn_key", "source": "source_id"}


def upgrade() -> None:
    """Make the table anew; the log is projected again after an upgrade, so that no row has to be rewritten here."""
    bind = op.get_bind()
    op.drop_table("patient_search")
    op.create_table(
        "patient_search",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("facility_id", "patient_id", "source_id", *KEYS, *LISTED)),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in NOBODY),
        sa.PrimaryKeyConstraint("facility_id", "patient_id", name="pk_patient_search"),
    )
    if bind.dialect.name == "sqlite":
        covered = ["facility_id", *BY_NAME, "patient_id", *LISTED, *NOBODY]
        op.create_index("ix_patient_search_listed", "patient_search", covered)
    else:
        op.create_index("ix_patient_search_family", "patient_search", ["facility_id", *BY_NAME])
    for name, columns in INDEXES.items():
        op.create_index(f"ix_patient_search_{name}", "patient_search", ["facility_id", *columns])
    for name, column in PARTLY.items():
        where = sa.text(f"{column} != ''")
        op.create_index(f"ix_patient_search_{name}", "patient_search", ["facility_id", column], sqlite_where=where)
    op.execute("DELETE FROM patients")
    for column in ("family_key", "given_key", "phone_key"):
        bind.exec_driver_sql(f"ALTER TABLE patients DROP COLUMN {column}")
    op.create_index("ix_visits_account", "visits", ["facility_id", "account_number"])
