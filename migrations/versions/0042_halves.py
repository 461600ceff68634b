"""Parts of double names are found with a wrong letter in them, and short ones by themselves."""

from __future__ import annotations

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave the tables as they are; the log, which has every name, is projected again after an upgrade."""
