"""PIN verifiers on their way between desks: replaceable records beside the log, which says by hash which one is a person's.

A verifier whose hash is not the one that the log names last for its person is nobody's PIN and is not kept: whoever carries
them, central included, cannot give somebody another PIN.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from sqlalchemy import Connection

from access_desk.storage.local_tables import PinRecord, pin_record, save_pin


def hash_of_verifier(verifier: str) -> str:
    """SHA-256 (hex) of a verifier, as events name it."""
    return sha256(verifier.encode()).hexdigest()


def named_in_log(connection: Connection, facility_id: str) -> dict[str, str]:
    """The hash of everybody's verifier as the log names it, by person; without those whose PIN never travelled."""
    rows = connection.exec_driver_sql(
        "SELECT person_id, pin_sha256 FROM staff WHERE facility_id = ? AND pin_sha256 <> '' ORDER BY person_id", (facility_id,)
    ).all()
    return {row[0]: row[1] for row in rows}


def at_desk(connection: Connection, facility_id: str) -> dict[str, str]:
    """The verifiers that a desk has, by person."""
    rows = connection.exec_driver_sql("SELECT person_id, verifier FROM local_pins WHERE facility_id = ?", (facility_id,)).all()
    return {row[0]: row[1] for row in rows}


def at_central(connection: Connection, facility_id: str) -> dict[str, str]:
    """The verifiers that central has, by person."""
    rows = connection.exec_driver_sql("SELECT person_id, verifier FROM central_pins WHERE facility_id = ?", (facility_id,)).all()
    return {row[0]: row[1] for row in rows}


def lacking(named: Mapping[str, str], kept: Mapping[str, str]) -> list[str]:
    """Persons for whom the log names a verifier that is not the one kept."""
    return [person_id for person_id, digest in named.items() if hash_of_verifier(kept.get(person_id, "")) != digest]


def keep_at_desk(connection: Connection, facility_id: str, verifiers: Iterable[tuple[str, str]]) -> None:
    """Take in those that the log names; wrong PINs typed before another was set are forgotten."""
    named = named_in_log(connection, facility_id)
    for person_id, verifier in verifiers:
        if named.get(person_id) != hash_of_verifier(verifier):
            continue
        kept = pin_record(connection, facility_id, person_id)
        if kept is None or kept.verifier != verifier:
            save_pin(connection, facility_id, person_id, PinRecord(verifier, 0, None))


def keep_at_central(connection: Connection, facility_id: str, verifiers: Iterable[tuple[str, str]]) -> None:
    """Keep those that the log names."""
    named = named_in_log(connection, facility_id)
    for person_id, verifier in verifiers:
        if named.get(person_id) == hash_of_verifier(verifier):
            connection.exec_driver_sql(
                "INSERT INTO central_pins (facility_id, person_id, verifier) VALUES (?, ?, ?) "
                "ON CONFLICT (facility_id, person_id) DO UPDATE SET verifier = excluded.verifier",
                (facility_id, person_id, verifier),
            )
