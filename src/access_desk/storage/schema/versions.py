"""What later events changed in rows, and who else made them: from it a row comes out the same in whatever order events arrive."""

from __future__ import annotations

from access_desk.storage.schema.columns import number, table, text

row_versions = table(
    "row_versions",
    ("table_name", "row_key", "place"),
    text("table_name"),
    text("row_key"),
    text("place"),
    number("is_claim"),
    text("content"),
)
