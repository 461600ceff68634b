"""The composition root: opens a desk's home and builds every object once. No rules, no screens."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from access_desk.domain.errors import DeskError, NewerDatabaseError, Refusal, UnavailableError
from access_desk.domain.ports import Clock
from access_desk.presentation.first_start import PRACTICE_FACILITY
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.storage.engine import Database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream, facility_ids, head_of
from access_desk.storage.integrity import check_every_page
from access_desk.storage.local_tables import save_setting, setting
from access_desk.storage.verify import Kept
from access_desk.system.clock import SystemClock
from access_desk.system.computer import Finding, space
from access_desk.system.desk_files import DeskFiles, make_desk, open_desk
from access_desk.system.enrollment import load_enrollment
from access_desk.system.heads import KeptHeads
from access_desk.system.home import DeskIdentity, Home, SecretsPlace
from access_desk.system.ids import UuidSource
from access_desk.system.logs import TechnicalLog
from access_desk.system.pins import Argon2Pins
from access_desk.system.sealed_secrets import passphrase_from_file
from access_desk.system.secrets import PASSPHRASE_FILE_VARIABLE

BEFORE_ANY_STEP = datetime(2000, 1, 1, tzinfo=UTC)
PRACTICE_LABEL = "Practice desk"
NO_FACILITY = "none"
# Settings of the desk itself, which are no facility's.
OF_THE_DESK = ""
_CHOSEN = "facility"


@dataclass(frozen=True)
class OpenedDesk:
    """A desk with what stands around it. ``trusted_keys`` are public keys (hex) by desk id, from outside the file."""

    desk: Desk
    files: DeskFiles
    kept: KeptHeads
    trusted_keys: dict[str, str]

    @property
    def home(self) -> Home:
        """The desk's folder."""
        return self.files.home

    @property
    def kept_heads(self) -> tuple[Kept, ...]:
        """The heads that were kept outside the database."""
        return self.kept.load(self.files.signer.public_key_hex)

    def keep_head(self) -> None:
        """Remember outside the database how far the log has come."""
        self.kept.keep(self.desk.journal.stream, self.desk.journal.head, self.files.signer)


def ask_passphrase(new: bool) -> str | None:
    """The passphrase of a sealed file: from the file that the environment names, else from the person."""
    from_file = passphrase_from_file(os.environ.get(PASSPHRASE_FILE_VARIABLE))
    if from_file is not None or not sys.stdin.isatty():
        return from_file
    prompt = "New passphrase for this desk's secrets: " if new else "Passphrase of this desk's secrets: "
    return getpass.getpass(prompt)


AskPassphrase = Callable[[bool], str | None]


def make_practice_desk(home: Home, ids: UuidSource) -> None:
    """Make a practice desk in a new or empty home; one whose making was interrupted is made again."""
    if home.is_new:
        identity = DeskIdentity(ids.new_id(), PRACTICE_LABEL, practice=True, secrets=SecretsPlace.PRACTICE)
        make_desk(home, identity, ask_passphrase).close()


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
        make_practice_desk(home, UuidSource(clock))
        if not home.identity().practice:
            raise DeskError(Refusal.NOT_PERMITTED, "This is a real desk. Days are played on practice desks only.")
        yield stack.enter_context(_opened(home, clock, facility_id, writes=True))


@contextmanager
def open_to_write(
    folder: Path | None,
    clock: Clock | None = None,
    *,
    facility_id: str = "",
    asked_for: str = "",
    or_practice: bool = False,
    ask: AskPassphrase = ask_passphrase,
) -> Iterator[OpenedDesk]:
    """The desk of a home for whoever records something.

    ``facility_id`` may be one that it begins with now, ``asked_for`` has to be one that it serves. ``or_practice``: a desk for
    practice that serves none begins with the practice facility.

    Raises:
        UnavailableError: it does not serve the one that was asked for, or none although it is no desk for practice.
    """
    home, clock = Home.at(folder), clock or SystemClock()
    with ExitStack() as stack:
        stack.enter_context(home.lock())
        make_practice_desk(home, UuidSource(clock))
        opened = _opened(home, clock, facility_id, writes=True, asked_for=asked_for, or_practice=or_practice, ask=ask)
        yield stack.enter_context(opened)


@contextmanager
def open_for_window(folder: Path, ask: AskPassphrase = ask_passphrase) -> Iterator[OpenedDesk]:
    """The desk of a home for the window; one without a facility is made ready for the practice facility."""
    # Whoever looks at an older file before it is opened for writing is refused: only this upgrades it.
    with open_to_write(folder, or_practice=True, ask=ask) as opened:
        yield opened


@contextmanager
def open_for_index(folder: Path | None, asked_for: str = "") -> Iterator[OpenedDesk]:
    """The desk of a home for loading an index; a new home becomes the practice facility's."""
    if Home.at(folder).is_new and asked_for:
        raise UnavailableError(f"There is no desk in {Home.at(folder).folder}, so none that serves {asked_for}. Leave it out.")
    with open_to_write(folder, asked_for=asked_for, or_practice=True) as opened:
        if opened.desk.practice:
            opened.desk.provisioning.establish(PRACTICE_FACILITY)
        yield opened


@contextmanager
def open_to_read(folder: Path | None, ask: AskPassphrase = ask_passphrase, *, asked_for: str = "") -> Iterator[OpenedDesk]:
    """The desk of a home for a command that only looks; works beside an open window.

    Raises:
        UnavailableError: it does not serve the facility that was asked for.
    """
    with _opened(Home.at(folder), SystemClock(), "", writes=False, asked_for=asked_for, ask=ask) as opened:
        yield opened


@contextmanager
def _opened(
    home: Home,
    clock: Clock,
    facility_id: str,
    *,
    writes: bool,
    asked_for: str = "",
    or_practice: bool = False,
    ask: AskPassphrase = ask_passphrase,
) -> Iterator[OpenedDesk]:
    files = open_desk(home, ask, may_upgrade=writes)
    try:
        identity = files.identity
        enrollment = load_enrollment(home.folder)
        enrolled = enrollment.facilities if enrollment else ()
        served = facility_id or _asked_facility(files.database, enrolled, asked_for)
        if or_practice and served == NO_FACILITY:
            if not identity.practice:
                raise UnavailableError("This desk was never enrolled with a central. Nothing was changed. Join one first.")
            served = PRACTICE_FACILITY.code
        stream = Stream(served, identity.desk_id, identity.stream_epoch)
        journal = Journal(files.database, stream, clock, UuidSource(clock), files.signer, Argon2Pins(files.pepper))
        desk = Desk.over(journal, label=identity.label, practice=identity.practice)
        opened = OpenedDesk(desk, files, KeptHeads(home.folder), {identity.desk_id: files.signer.public_key_hex})
        if writes:
            refuse_older_copy(opened)
            if stream.facility_id != NO_FACILITY:
                desk.provisioning.enroll(identity.label, files.signer.public_key_hex, practice=identity.practice)
                if enrollment is not None:
                    desk.provisioning.number(enrollment.number, enrollment.series)
        yield opened
        if writes:
            opened.keep_head()
    finally:
        files.close()


def refuse_unless_fresh(files: DeskFiles, *, practice: bool) -> None:
    """Raises UnavailableError when a desk recorded something already, or is not of central's kind: it cannot be enrolled."""
    with read_transaction(files.database) as connection:
        is_used = bool(facility_ids(connection))
    if is_used or files.identity.practice != practice:
        raise UnavailableError(
            f"There is a desk in {files.home.folder} that works by itself. Only a new one can be enrolled: choose another "
            "folder with --home. Nothing was changed."
        )


@contextmanager
def logging_bugs(opened: OpenedDesk, fault: Callable[[], object]) -> Iterator[None]:
    """Log every mistake of the program without a patient's data, and say on screen that one was made."""
    log = TechnicalLog(opened.home.logs, SystemClock())

    telling = False

    def crash(_: BaseException) -> None:
        # A mistake in telling of one is in the log; telling of that as well would never end.
        nonlocal telling
        if not telling:
            telling = True
            try:
                fault()
            finally:
                telling = False

    log.catch_bugs(crash)
    try:
        yield
    finally:
        log.close()


def refuse_older_copy(opened: OpenedDesk) -> None:
    """Raises UnavailableError when the log is behind a head that was kept outside it."""
    epoch = opened.files.identity.stream_epoch
    for one in opened.kept_heads:
        with read_transaction(opened.files.database) as connection:
            found = head_of(connection, one.stream)
        if one.stream.epoch == epoch and one.head.seq > found.seq:
            raise UnavailableError(
                f"The desk's file ends at event {found.seq}, but this desk has recorded event {one.head.seq}: an "
                "older copy was put back. Nothing was changed. Put the right file back, or use access-desk restore."
            )


def choose_facility(database: Database, facility_id: str) -> None:
    """Open the desk for this facility from now on. Raises UnavailableError."""
    with write_transaction(database) as connection:
        save_setting(connection, OF_THE_DESK, _CHOSEN, facility_id)


def served_facilities(database: Database, enrolled: tuple[str, ...]) -> tuple[str, ...]:
    """Every facility that a desk was enrolled for or recorded something for."""
    with read_transaction(database) as connection:
        return tuple(dict.fromkeys([*enrolled, *facility_ids(connection)]))


def _asked_facility(database: Database, enrolled: tuple[str, ...], asked_for: str) -> str:
    """The one that was asked for, else the one that the desk opens with."""
    if not asked_for:
        return _chosen_facility(database, enrolled)
    served = served_facilities(database, enrolled)
    if asked_for not in served:
        known = f"It serves {', '.join(served)}." if served else "It serves none yet."
        raise UnavailableError(f"This desk does not serve {asked_for}. {known} Nothing was changed.")
    return asked_for


def _chosen_facility(database: Database, enrolled: tuple[str, ...]) -> str:
    """The one that was chosen; else the first that it was enrolled for when there are several, else the last it began."""
    with read_transaction(database) as connection:
        chosen = setting(connection, OF_THE_DESK, _CHOSEN)
        found = facility_ids(connection)
    if chosen is not None and chosen in (*enrolled, *found):
        return chosen
    if len(enrolled) > 1 or not found:
        return enrolled[0] if enrolled else NO_FACILITY
    return found[-1]


def check_pages(opened: OpenedDesk) -> list[str]:
    """Problems of the file's pages, none when it is whole."""
    return check_every_page(opened.files.database)


def look_at_home(folder: Path | None) -> list[Finding]:
    """What the doctor finds of the desk's own folder."""
    home = Home.at(folder)
    findings = [space(home.folder)]
    if home.is_new:
        return [*findings, Finding("desk", is_well=True, says=f"none yet in {home.folder}; the first start makes one")]
    try:
        with open_to_read(folder) as opened:
            kind = "practice desk" if opened.files.identity.practice else "desk"
            says = f"{kind} {opened.files.identity.label}, {opened.desk.journal.head.seq} events"
            return [*findings, Finding("desk", is_well=True, says=says)]
    except NewerDatabaseError as newer:
        return [*findings, Finding("desk", is_well=False, says=newer.text, mend="install the newest release")]
    except UnavailableError as wrong:
        return [*findings, Finding("desk", is_well=False, says=wrong.text, mend="access-desk restore BACKUP")]
