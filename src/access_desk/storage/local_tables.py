"""What a desk keeps that is not a fact: drafts, PIN verifiers and wrong-PIN counters, settings, number sequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from access_desk.storage.projections.rows import utc_text


@dataclass(frozen=True, slots=True)
class Draft:
    """Something typed but not filed; ``content`` is JSON text, kept exactly as typed."""

    draft_id: str
    owner_id: str
    kind: str
    title: str
    content: str
    parked: bool
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class PinRecord:
    """A person's PIN verifier and how often a wrong one was typed in a row."""

    verifier: str
    failures: int
    locked_until: datetime | None


def save_draft(connection: Connection, facility_id: str, draft: Draft) -> None:
    """Keep a draft, replacing what was kept of it before."""
    connection.exec_driver_sql(
        "INSERT INTO local_drafts (facility_id, draft_id, owner_id, kind, title, content, parked, saved_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (facility_id, draft_id) DO UPDATE SET owner_id = excluded.owner_id, "
        "title = excluded.title, content = excluded.content, parked = excluded.parked, saved_at = excluded.saved_at",
        (
            facility_id,
            draft.draft_id,
            draft.owner_id,
            draft.kind,
            draft.title,
            draft.content,
            int(draft.parked),
            utc_text(draft.saved_at),
        ),
    )


def drafts(connection: Connection, facility_id: str) -> list[Draft]:
    """What people put aside at this desk, the last saved first; images that belong to a draft are nobody's own."""
    rows = connection.exec_driver_sql(
        "SELECT draft_id, owner_id, kind, title, content, parked, saved_at FROM local_drafts WHERE facility_id = ? "
        "AND owner_id <> '' ORDER BY saved_at DESC, draft_id",
        (facility_id,),
    ).all()
    return [_draft(row) for row in rows]


def draft(connection: Connection, facility_id: str, draft_id: str) -> Draft | None:
    """One draft; None when there is none."""
    row = connection.exec_driver_sql(
        "SELECT draft_id, owner_id, kind, title, content, parked, saved_at FROM local_drafts "
        "WHERE facility_id = ? AND draft_id = ?",
        (facility_id, draft_id),
    ).first()
    return _draft(row) if row else None


def _draft(row: Sequence[Any]) -> Draft:
    return Draft(row[0], row[1], row[2], row[3], row[4], bool(row[5]), datetime.fromisoformat(row[6]))


def drop_draft(connection: Connection, facility_id: str, draft_id: str) -> None:
    """Forget a draft that was filed or discarded."""
    connection.exec_driver_sql("DELETE FROM local_drafts WHERE facility_id = ? AND draft_id = ?", (facility_id, draft_id))


def pin_record(connection: Connection, facility_id: str, person_id: str) -> PinRecord | None:
    """What is kept of a person's PIN; None when none was set."""
    row = connection.exec_driver_sql(
        "SELECT verifier, failures, locked_until FROM local_pins WHERE facility_id = ? AND person_id = ?",
        (facility_id, person_id),
    ).first()
    return PinRecord(row[0], row[1], datetime.fromisoformat(row[2]) if row[2] else None) if row else None


def save_pin(connection: Connection, facility_id: str, person_id: str, record: PinRecord) -> None:
    """Replace what is kept of a person's PIN."""
    connection.exec_driver_sql(
        "INSERT INTO local_pins (facility_id, person_id, verifier, failures, locked_until) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (facility_id, person_id) DO UPDATE SET verifier = excluded.verifier, failures = excluded.failures, "
        "locked_until = excluded.locked_until",
        (
            facility_id,
            person_id,
            record.verifier,
            record.failures,
            utc_text(record.locked_until) if record.locked_until else None,
        ),
    )


def setting(connection: Connection, facility_id: str, name: str) -> str | None:
    """A setting of this desk."""
    row = connection.exec_driver_sql(
        "SELECT value FROM local_settings WHERE facility_id = ? AND name = ?", (facility_id, name)
    ).first()
    return row[0] if row else None


def save_setting(connection: Connection, facility_id: str, name: str, value: str) -> None:
    """Keep a setting of this desk."""
    connection.exec_driver_sql(
        "INSERT INTO local_settings (facility_id, name, value) VALUES (?, ?, ?) "
        "ON CONFLICT (facility_id, name) DO UPDATE SET value = excluded.value",
        (facility_id, name, value),
    )


def begin_series(connection: Connection, facility_id: str, name: str, first: int) -> None:
    """Let the series begin at that number, unless it is further already."""
    connection.exec_driver_sql(
        "INSERT INTO local_sequences (facility_id, name, next) VALUES (?, ?, ?) "
        "ON CONFLICT (facility_id, name) DO UPDATE SET next = max(next, excluded.next)",
        (facility_id, name, first - 1),
    )


def next_number(connection: Connection, facility_id: str, name: str, first: int) -> int:
    """The next number of a series of this desk; a rolled-back transaction gives it back."""
    row = connection.exec_driver_sql(
        "INSERT INTO local_sequences (facility_id, name, next) VALUES (?, ?, ?) "
        "ON CONFLICT (facility_id, name) DO UPDATE SET next = next + 1 RETURNING next",
        (facility_id, name, first),
    ).one()
    return int(row[0])
