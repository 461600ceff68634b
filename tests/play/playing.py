"""Playing a day in memory: the program's own rules and tables, without a file or a key derivation."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.exchange.day_file import read_day
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.services.play import DayPlayer
from access_desk.services.result import day_result, verify
from access_desk.storage.engine import open_memory_database
from access_desk.storage.event_log import Stream
from access_desk.storage.schema import metadata
from access_desk.system.clock import ManualClock
from tests.desks import CountingIds, PlainPins


def play(content: dict[str, Any]) -> dict[str, Any]:
    """The result of a day, as the command writes it."""
    day = read_day(json.dumps(content).encode())
    engine = open_memory_database()
    metadata.create_all(engine)
    clock, signer = ManualClock(datetime(2000, 1, 1, tzinfo=UTC)), Ed25519PrivateKey.generate()
    journal = Journal(engine, Stream(day.facility.code, "desk"), clock, CountingIds(), signer, PlainPins())
    desk = Desk.over(journal, label="Practice", practice=True)
    public_key = signer.public_key().public_bytes_raw().hex()
    desk.provisioning.enroll("Practice", public_key, practice=True)
    player = DayPlayer(day, journal, clock, desk.for_day())
    player.learn(desk.provisioning.day(day))
    result = day_result(journal, player.play(), verify(journal, {"desk": public_key}), [])
    engine.dispose()
    return result
