"""COMMIT reported an error: the desk looks the event up before it tells anybody anything."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from access_desk.domain.errors import UnavailableError, UnknownOutcomeError
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import FacilityEstablished, NoteAdded
from access_desk.services.journal import SYSTEM_ACTOR, Journal
from access_desk.storage import engine as engine_module
from access_desk.storage.engine import CommitFailed, open_database, read_transaction
from access_desk.storage.event_log import Stream, count_events
from access_desk.storage.migrate import bring_up_to_date
from access_desk.system.clock import ManualClock
from access_desk.system.ids import UuidSource
from access_desk.system.pins import Argon2Pins
from access_desk.system.secrets import PracticeSecrets
from access_desk.system.signing import DeskSigner

KEY = bytes(range(32))
MOMENT = datetime(2026, 11, 23, 13, 2, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    engine = open_database(tmp_path / "desk.db", KEY, create=True)
    bring_up_to_date(engine, KEY, tmp_path / "backups")
    clock = ManualClock(MOMENT)
    signer = DeskSigner.make(PracticeSecrets(tmp_path / "secrets.json"))
    opened = Journal(engine, Stream("CHR", "desk-1"), clock, UuidSource(clock), signer, Argon2Pins(KEY))
    opened.record(SYSTEM_ACTOR, [Fact("CHR", FacilityEstablished("CHR", "Cedar Hollow Regional", "America/Chicago"))])
    yield opened
    engine.dispose()


def note(journal: Journal, text: str) -> str:
    return journal.record(SYSTEM_ACTOR, [Fact("CHR", NoteAdded(text))])[0].event_id


def events(journal: Journal) -> int:
    with read_transaction(journal.engine) as connection:
        return count_events(connection)


@contextmanager
def full_disk(log: Path) -> Iterator[None]:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")
def test_not_recorded_is_said_and_true_and_the_next_one_follows_on(journal: Journal, tmp_path: Path) -> None:
    with full_disk(tmp_path / "desk.db-wal"), pytest.raises(UnavailableError, match="This was not recorded") as said:
        note(journal, "lost")
    assert not isinstance(said.value, UnknownOutcomeError)
    assert events(journal) == 1
    note(journal, "kept")
    assert (events(journal), journal.head.seq) == (2, 2)


def test_recorded_after_all_is_reported_as_done(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = engine_module._Writer.commit

    def commit_and_report_an_error(self: engine_module._Writer, connection: Connection) -> None:
        commit(self, connection)
        raise CommitFailed("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(engine_module._Writer, "commit", commit_and_report_an_error)
        event_id = note(journal, "recorded after all")
    assert event_id
    assert events(journal) == 2
    note(journal, "next")
    assert (events(journal), journal.head.seq) == (3, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")
def test_unknown_is_said_when_it_cannot_be_looked_up(journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: engine_module._Writer) -> None:
        raise UnavailableError(f"the disk is away ({self.wal})")

    with full_disk(tmp_path / "desk.db-wal"), monkeypatch.context() as patched:
        give_up = engine_module._Writer._give_up

        def give_up_and_stay_away(self: engine_module._Writer, connection: Connection) -> None:
            give_up(self, connection)
            patched.setattr(engine_module._Writer, "settle", away)

        patched.setattr(engine_module._Writer, "_give_up", give_up_and_stay_away)
        with pytest.raises(UnknownOutcomeError, match="Do not enter it again"):
            note(journal, "unknown")
