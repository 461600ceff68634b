"""The composition root: builds every object once. No rules, no screens."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.ports import Clock
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.storage.engine import open_database
from access_desk.storage.event_log import Stream
from access_desk.storage.schema import metadata
from access_desk.storage.verify import Kept
from access_desk.system.clock import SystemClock
from access_desk.system.ids import UuidSource
from access_desk.system.pins import Argon2Pins

BEFORE_ANY_STEP = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class OpenedDesk:
    desk: Desk
    home: Path
    trusted_keys: dict[str, str]
    kept_heads: tuple[Kept, ...] = field(default=())


@contextmanager
def open_practice_desk(home: Path, clock: Clock, *, facility_id: str) -> Iterator[OpenedDesk]:
    home.mkdir(parents=True, exist_ok=True)
    ids = UuidSource(clock)
    secrets = home / "PRACTICE.json"
    if not secrets.exists():
        made = {"key": os.urandom(32).hex(), "sign": os.urandom(32).hex(), "pepper": os.urandom(32).hex(), "desk": ids.new_id()}
        secrets.write_text(json.dumps(made))
    kept = json.loads(secrets.read_text())
    engine = open_database(home / "desk.db", bytes.fromhex(kept["key"]), create=not (home / "desk.db").exists())
    metadata.create_all(engine)
    signer = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["sign"]))
    journal = Journal(
        engine, Stream(facility_id, kept["desk"]), clock, ids, signer, Argon2Pins(bytes.fromhex(kept["pepper"]))
    )
    public = signer.public_key().public_bytes_raw().hex()
    desk = Desk.over(journal, label="Practice", practice=True)
    desk.provisioning.enroll("Practice", public, practice=True)
    yield OpenedDesk(desk, home, {kept["desk"]: public})
    engine.dispose()
