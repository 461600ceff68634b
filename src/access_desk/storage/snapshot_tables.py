"""Which tables a snapshot of a facility has, and how they are made in its file."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from access_desk.domain.events import known_kinds, version_of
from access_desk.storage.migrate import HEAD
from access_desk.storage.schema import PROJECTIONS, blobs, events, metadata

# An event that could not be projected is set aside at central and at a desk alike, and what a stamp from the future counts as
# is the same on both, so that their figures agree.
BESIDE: Final = (metadata.tables["local_parked"], metadata.tables["local_caps"])
TABLES: Final[tuple[Table, ...]] = (events, blobs, *BESIDE, *PROJECTIONS)
# The alias under which its file is attached.
ALIAS: Final = "snapshot"


def release() -> str:
    """What has to be the same where a snapshot is made and where it is taken in: tables, and the kinds of events projected."""
    kinds = " ".join(f"{kind}/{version_of(kind)}" for kind in sorted(known_kinds()))
    return f"{HEAD}-{sha256(kinds.encode()).hexdigest()[:16]}"


def table_statements() -> Iterator[str]:
    """Make the tables."""
    for table in TABLES:
        yield str(CreateTable(table).compile(dialect=sqlite.dialect()))


def index_statements() -> Iterator[str]:
    """Make their indexes: after the rows, so that they are filled in order."""
    for table in TABLES:
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            yield str(CreateIndex(index).compile(dialect=sqlite.dialect()))
