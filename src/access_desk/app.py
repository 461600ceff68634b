"""The composition root: opens a desk's home and builds every object once. No rules, no screens."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from access_desk.domain.errors import DeskError, NewerDatabaseError, Refusal, UnavailableError
from access_desk.domain.ports import Clock
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import Stream, facility_ids
from access_desk.storage.verify import Kept
from access_desk.system.clock import SystemClock
from access_desk.system.computer import Finding, space
from access_desk.system.desk_files import make_desk, open_desk
from access_desk.system.heads import KeptHeads
from access_desk.system.home import DeskIdentity, Home, SecretsPlace
from access_desk.system.ids import UuidSource
from access_desk.system.pins import Argon2Pins
from access_desk.system.sealed_secrets import passphrase_from_file
from access_desk.system.signing import DeskSigner

BEFORE_ANY_STEP = datetime(2000, 1, 1, tzinfo=UTC)
PRACTICE_LABEL = "Practice desk"
NO_FACILITY = "none"


@dataclass(frozen=True)
class OpenedDesk:
    """A desk with what stands around it. ``trusted_keys`` are public keys (hex) by desk id, from outside the file."""

    desk: Desk
    home: Home
    identity: DeskIdentity
    engine: Engine
    signer: DeskSigner
    kept: KeptHeads
    trusted_keys: dict[str, str]

    @property
    def kept_heads(self) -> tuple[Kept, ...]:
        """The heads that were kept outside the database."""
        return self.kept.load(self.signer.public_key_hex)

    def keep_head(self) -> None:
        """Remember outside the database how far the log has come."""
        self.kept.keep(self.desk.journal.stream, self.desk.journal.head, self.signer)


def ask_passphrase(new: bool) -> str | None:  # noqa: FBT001 - the shape that the sealed file asks in
    """The passphrase of a sealed file: from the file that the environment names, else from the person."""
    from_file = passphrase_from_file(os.environ.get("ACCESS_DESK_PASSPHRASE_FILE"))
    if from_file is not None or not sys.stdin.isatty():
        return from_file
    prompt = "New passphrase for this desk's secrets: " if new else "Passphrase of this desk's secrets: "
    return getpass.getpass(prompt)


def make_practice_desk(home: Home, ids: UuidSource) -> DeskIdentity:
    """A practice desk in a new or empty home; one whose making was interrupted is finished."""
    if home.is_new:
        identity = DeskIdentity(ids.new_id(), PRACTICE_LABEL, practice=True, secrets=SecretsPlace.PRACTICE)
        make_desk(home, identity, ask_passphrase).close()
    return home.identity()


@contextmanager
def open_practice_desk(folder: Path, clock: Clock, *, facility_id: str) -> Iterator[OpenedDesk]:
    """The practice desk of a home, made when there is none, for writing.

    Raises:
        DeskError: ``not_permitted`` when the home is a real desk's.
        HomeInUseError: a window or another command has it open.
    """
    home = Home.at(folder)
    with ExitStack() as stack:
        stack.enter_context(home.lock())
        identity = make_practice_desk(home, UuidSource(clock))
        if not identity.practice:
            raise DeskError(Refusal.NOT_PERMITTED, "This is a real desk. Days are played on practice desks only.")
        yield stack.enter_context(_opened(home, identity, clock, facility_id, writes=True))


@contextmanager
def open_to_write(folder: Path | None, clock: Clock | None = None, *, facility_id: str = "") -> Iterator[OpenedDesk]:
    """The desk of a home for a command that records something."""
    home, clock = Home.at(folder), clock or SystemClock()
    with ExitStack() as stack:
        stack.enter_context(home.lock())
        identity = make_practice_desk(home, UuidSource(clock)) if home.is_new else home.identity()
        yield stack.enter_context(_opened(home, identity, clock, facility_id, writes=True))


@contextmanager
def open_to_read(folder: Path | None) -> Iterator[OpenedDesk]:
    """The desk of a home for a command that only looks; works beside an open window."""
    home = Home.at(folder)
    with _opened(home, home.identity(), SystemClock(), "", writes=False) as opened:
        yield opened


@contextmanager
def _opened(home: Home, identity: DeskIdentity, clock: Clock, facility_id: str, *, writes: bool) -> Iterator[OpenedDesk]:
    files = open_desk(home, ask_passphrase, may_upgrade=writes)
    engine, signer = files.database, files.signer
    try:
        stream = Stream(facility_id or _only_facility(engine), identity.desk_id, identity.stream_epoch)
        pins = Argon2Pins(files.pepper)
        journal = Journal(engine, stream, clock, UuidSource(clock), signer, pins)
        desk = Desk.over(journal, label=identity.label, practice=identity.practice)
        kept = KeptHeads(home.folder)
        opened = OpenedDesk(desk, home, identity, engine, signer, kept, {identity.desk_id: signer.public_key_hex})
        if writes:
            refuse_older_copy(opened)
            if stream.facility_id != NO_FACILITY:
                desk.provisioning.enroll(identity.label, signer.public_key_hex, practice=identity.practice)
        yield opened
        if writes:
            opened.keep_head()
    finally:
        files.close()


def refuse_older_copy(opened: OpenedDesk) -> None:
    """Raises UnavailableError when the log is behind a head that was kept outside it."""
    journal = opened.desk.journal
    for one in opened.kept_heads:
        if one.stream == journal.stream and one.head.seq > journal.head.seq:
            raise UnavailableError(
                f"The desk's file ends at event {journal.head.seq}, but this desk has recorded event {one.head.seq}: an "
                "older copy was put back. Nothing was changed. Put the right file back, or use access-desk restore."
            )


def _only_facility(engine: Engine) -> str:
    with read_transaction(engine) as connection:
        found = facility_ids(connection)
    return found[-1] if found else NO_FACILITY


def check_pages(opened: OpenedDesk) -> list[str]:
    """Problems of the file's pages, none when it is whole."""
    from access_desk.storage.integrity import check_every_page  # noqa: PLC0415

    return check_every_page(opened.engine)


def look_at_home(folder: Path | None) -> list[Finding]:
    """What the doctor finds of the desk's own folder."""
    home = Home.at(folder)
    findings = [space(home.folder)]
    if home.is_new:
        return [*findings, Finding("desk", is_well=True, says=f"none yet in {home.folder}; the first start makes one")]
    try:
        with open_to_read(folder) as opened:
            kind = "practice desk" if opened.identity.practice else "desk"
            says = f"{kind} {opened.identity.label}, {opened.desk.journal.head.seq} events"
            return [*findings, Finding("desk", is_well=True, says=says)]
    except NewerDatabaseError as newer:
        return [*findings, Finding("desk", is_well=False, says=newer.text, mend="install the newest release")]
    except UnavailableError as wrong:
        return [*findings, Finding("desk", is_well=False, says=wrong.text, mend="access-desk restore BACKUP")]
