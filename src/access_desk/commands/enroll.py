"""`access-desk enroll`: make this desk known to a central."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace

from access_desk import app
from access_desk.cli import DONE, NO, WrongUseError
from access_desk.commands.progress import Progress
from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire
from access_desk.protocol.enrollment_code import EnrollmentCode, read_code
from access_desk.sync.bootstrap import first_snapshot
from access_desk.sync.core import Identity, RetryLaterError, StoppedError, enroll, kind_of_central
from access_desk.sync.landing import Landing
from access_desk.sync.transport import HttpTransport, fetch_authority
from access_desk.system.clock import SystemClock
from access_desk.system.desk_files import DeskFiles, make_desk, open_desk
from access_desk.system.enrollment import Enrollment, keep_enrollment, load_enrollment
from access_desk.system.home import DeskIdentity, Home
from access_desk.system.ids import UuidSource
from access_desk.system.secrets import PIN_PEPPER, choose_place


class Fetching:
    """Lets somebody watch a snapshot come, and leave the rest of it to the desk's rounds, from another thread.

    ``told`` hears how many bytes of how many are here.
    """

    def __init__(self, told: Callable[[int, int], object] = lambda _, __: None) -> None:
        self.told = told
        self._transport: HttpTransport | None = None
        self._is_left = False

    def over(self, transport: HttpTransport) -> None:
        """It begins over this connection."""
        self._transport = transport
        if self._is_left:
            transport.abandon()

    def leave(self) -> None:
        """Take up no further part. What came is kept: the desk's rounds go on with the next byte."""
        self._is_left = True
        if self._transport is not None:
            self._transport.abandon()


def run(arguments: argparse.Namespace) -> int:
    """Make the desk, and make it known. Interrupted, it is done again with the same code."""
    try:
        code = read_code(arguments.code)
    except ValueError as wrong:
        raise WrongUseError(f"--code: {wrong}; give the last line that enrollment-code printed") from wrong
    if not arguments.central.startswith("https://"):
        raise WrongUseError("--central: an address that begins with https:// is needed")
    home = Home.at(arguments.home)
    progress = Progress()
    fetching = Fetching(lambda here, size: progress.say(f"{here >> 20} of {size >> 20} MiB of the facility's records"))
    try:
        with home.lock():
            enrollment = enroll_desk(home, arguments.central.rstrip("/"), code, arguments.label, app.ask_passphrase, fetching)
    except RetryLaterError as away:
        raise UnavailableError(f"Central does not answer: {away}. Nothing was recorded. Try again.") from away
    except StoppedError as stopped:
        sys.stderr.write(f"access-desk enroll: {stopped.text}\n")
        return NO
    finally:
        progress.end()
    joined = enrollment.facilities[-1]
    with app.open_to_write(arguments.home, facility_id=joined) as opened:
        label = opened.files.identity.label
    sys.stdout.write(f"{label} is desk {enrollment.number} of {joined}; next: access-desk sync --once\n")
    return DONE


def join_facility(files: DeskFiles, before: Enrollment, code: EnrollmentCode) -> Enrollment:
    """Make a desk that is enrolled known for a further facility of the same central, whose code it brings.

    The desk has a stream of its own in each facility, under the same key and the same number.

    Raises:
        UnavailableError: the code is another central's, or of a facility that the desk serves already. RetryLaterError,
            StoppedError.
    """
    if code.fingerprint != before.fingerprint:
        raise UnavailableError("This code is another central's. A desk has one central. Nothing was changed.")
    desk = files.identity
    with HttpTransport(before.url, before.authority) as transport:
        asking = enroll(code.secret, desk.desk_id, desk.label, files.signer.public_key_hex, files.signer)
        answer: wire.Enrolled = transport.drive(asking)
    if answer.facility_id in before.facilities:
        raise UnavailableError(f"This desk serves {answer.facility_id} already. Nothing was changed.")
    if answer.number != before.number:
        raise UnavailableError("Central gave this desk a second number. Nothing was changed. Call support.")
    joined = replace(before, also=(*before.also, answer.facility_id))
    keep_enrollment(files.home.folder, joined)
    return joined


def enroll_desk(
    home: Home, url: str, code: EnrollmentCode, label: str, ask: app.AskPassphrase, fetching: Fetching | None = None
) -> Enrollment:
    """Make a desk in a home that is locked, and make it known to a central. Interrupted, it is done again the same way.

    Raises:
        UnavailableError: there is a desk that cannot be enrolled. RetryLaterError: central does not answer.
        StoppedError: central refuses, or something else answers.
    """
    before = load_enrollment(home.folder)
    if before is not None:
        files = open_desk(home, ask, may_upgrade=True)
        try:
            return join_facility(files, before, code)
        finally:
            files.close()
    authority = fetch_authority(url, code.fingerprint)
    with HttpTransport(url, authority) as transport:
        practice = transport.drive(kind_of_central()).practice
        if home.is_new:
            place = choose_place(practice=practice)
            identity = DeskIdentity(UuidSource(SystemClock()).new_id(), label, practice=practice, secrets=place)
            make_desk(home, identity, ask).close()
        files = open_desk(home, ask, may_upgrade=True)
        try:
            app.refuse_unless_fresh(files, practice=practice)
            desk = files.identity
            asking = enroll(code.secret, desk.desk_id, desk.label, files.signer.public_key_hex, files.signer)
            answer: wire.Enrolled = transport.drive(asking)
            if answer.pepper:
                # A new desk has no PIN yet: from now on it makes verifiers that fit at every desk of this central.
                files.secrets.put(PIN_PEPPER, answer.pepper)
        finally:
            files.close()
    given = (answer.facility_id, answer.number, answer.series, answer.snapshot_key)
    enrollment = Enrollment(url, authority, code.fingerprint, *given)
    keep_enrollment(home.folder, enrollment)
    if enrollment.snapshot_key:
        _begin_with_snapshot(home, enrollment, ask, fetching or Fetching())
    return enrollment


def _begin_with_snapshot(home: Home, enrollment: Enrollment, ask: app.AskPassphrase, fetching: Fetching) -> None:
    """Begin with what central has, before anything is recorded here. When that fails, the first round does it or reads on."""
    landing = Landing(home.folder, enrollment.snapshot_key, told=fetching.told)
    files = open_desk(home, ask, may_upgrade=True)
    try:
        desk = files.identity
        identity = Identity(enrollment.facility_id, desk.desk_id, desk.stream_epoch, enrollment.fingerprint)
        with HttpTransport(enrollment.url, enrollment.authority) as transport:
            fetching.over(transport)
            snapshot = transport.drive(first_snapshot(identity, files.signer, landing))
        key = files.database_key
    except (RetryLaterError, StoppedError):
        return
    finally:
        files.close()
    if snapshot is not None:
        landing.begin_with(home.database, key, snapshot)
