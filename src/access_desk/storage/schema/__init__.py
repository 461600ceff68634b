"""The tables, one definition for desk and central.

`events` is the only table that facts are written to; `blobs` holds what events name but do not carry. Everything else that
is not `local_*` is a projection: dropped and rebuilt by replay. `facility_id` leads every key, so the same schema can be
distributed by facility. Money is BIGINT cents; moments are ISO 8601 text in UTC with microseconds and `Z`, which sorts as
time does; dates are ISO text.
"""

from __future__ import annotations

from access_desk.storage.schema import (  # noqa: F401 - their tables join the metadata
    coverage,
    details,
    emergency,
    forms,
    local,
    money,
    naming,
    numbers,
    patient_links,
    people,
    registration,
    search,
    today,
    versions,
)
from access_desk.storage.schema.blobs import blobs
from access_desk.storage.schema.columns import metadata
from access_desk.storage.schema.log import events

__all__ = ["LOCAL", "PROJECTIONS", "blobs", "events", "metadata"]

LOCAL = tuple(table for table in metadata.sorted_tables if table.name.startswith("local_"))
PROJECTIONS = tuple(table for table in metadata.sorted_tables if table not in (events, blobs, *LOCAL))
