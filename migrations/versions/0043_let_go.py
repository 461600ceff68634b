"""Of what a desk let go of other desks' money: the sums that stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
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


def _cents(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    """Make the tables; nothing was let go before."""
    sums = (*_texts("custody_id", "account"), sa.Column("postings", sa.Integer(), nullable=False), _cents("amount_cents"))
    _table("local_let_go", sums, ("custody_id", "account"))
    custody = _texts("custody_id", "drawer_id", "opened_stamp", "business_date", "shift")
    over = (*custody, _cents("over_short_cents"), *_texts("let_go_at"))
    _table("local_let_go_custodies", over, ("custody_id",))
    paid = (*_texts("payment_id", "purpose", "patient_id", "visit_id", "stamp"), _cents("amount_cents"))
    _table("local_let_go_paid", paid, ("payment_id", "purpose"))
    for about in ("visit", "patient"):
        op.create_index(f"ix_local_let_go_paid_{about}", "local_let_go_paid", ["facility_id", f"{about}_id"])
