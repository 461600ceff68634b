"""`access-desk central`: the central server and its administration."""

from __future__ import annotations

import argparse
import json
import re
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

from access_desk.central.backup import back_up, restore
from access_desk.central.by_hand import UnreadableFileError, take_in_file
from access_desk.central.checkers import give_way
from access_desk.central.given import Given, read_given
from access_desk.central.logs import CentralLog
from access_desk.central.place import CentralPlace, folder_of, is_on_server, open_central
from access_desk.central.server import serve
from access_desk.central.snapshot_orders import SnapshotOrders
from access_desk.central.snapshot_timer import SnapshotTimer
from access_desk.central.whole import Looked, look_at
from access_desk.cli import DONE, NO, WrongUseError
from access_desk.protocol.enrollment_code import EnrollmentCode, new_secret
from access_desk.protocol.messages import NAME
from access_desk.storage import central_log
from access_desk.storage.engine import Database, read_transaction, write_transaction
from access_desk.storage.integrity import check_every_page
from access_desk.storage.projections.rows import utc_text
from access_desk.system.clock import SystemClock
from access_desk.system.home import Home

_CODE_GOOD_FOR: Final = timedelta(days=7)
_SECRET_BYTES: Final = 12
# Desks that central answers go before a snapshot that is made beside.
_KINDLY: Final = 10


def run(arguments: argparse.Namespace) -> int:
    """Serve, or administer."""
    try:
        folder = folder_of(Home.at(arguments.home).folder, arguments.database)
    except ValueError as wrong:
        raise WrongUseError(f"--database: {wrong}") from wrong
    if arguments.action == "restore":
        return _restore(folder, arguments)
    serves = arguments.action == "serve"
    given = _given(arguments) if serves else None
    practice = serves and arguments.practice
    place = open_central(folder, SystemClock(), make=serves, practice=practice, urls=arguments.database, given=given)
    try:
        return _ACTIONS[arguments.action](place, arguments)
    finally:
        place.close()


def _given(arguments: argparse.Namespace) -> Given | None:
    if (arguments.certificate is None) != (arguments.key is None):
        raise WrongUseError("--certificate and --key go together")
    if arguments.certificate is None:
        return None
    return read_given(arguments.certificate.absolute(), arguments.key.absolute(), SystemClock().now())


def _serve(place: CentralPlace, arguments: argparse.Namespace) -> int:
    def ready(url: str) -> None:
        kind = "practice central" if place.practice else "central"
        sys.stdout.write(f"{kind} ready at {url}\n")
        sys.stdout.flush()

    log = CentralLog(sys.stderr, SystemClock(), arguments.log)
    databases = [part for url in arguments.database for part in ("--database", url)]
    # A server's databases do not lie in its home, and a file's URL says where the home is.
    orders = SnapshotOrders(["--home", str(Home.at(arguments.home).folder), *databases])
    place.snapshots.orders = orders
    timer = SnapshotTimer(place.snapshots, place.clusters)
    if arguments.snapshot_hours:
        place.snapshots.oldest = timedelta(hours=arguments.snapshot_hours)
        timer.start()
    try:
        serve(place, SystemClock(), arguments.host, arguments.port, ready, log)
    finally:
        timer.close()
        orders.close()
    return DONE


def _snapshot(place: CentralPlace, arguments: argparse.Namespace) -> int:
    if not re.fullmatch(NAME, arguments.facility):
        raise WrongUseError(f"--facility {arguments.facility!r}: letters, digits, dot, dash and underscore are needed")
    give_way(_KINDLY)
    made = place.snapshots.make(place.clusters.of(arguments.facility), arguments.facility)
    sys.stdout.write(
        f"snapshot of {made.facility_id} at position {made.position}: {made.rows} rows, {made.size / 2**20:.1f} MiB; "
        "new desks begin with it\n"
    )
    return DONE


def _enrollment_code(place: CentralPlace, arguments: argparse.Namespace) -> int:
    if not re.fullmatch(NAME, arguments.facility):
        raise WrongUseError(f"--facility {arguments.facility!r}: letters, digits, dot, dash and underscore are needed")
    code = EnrollmentCode(new_secret(secrets.token_bytes(_SECRET_BYTES)), place.certificates.fingerprint)
    until = SystemClock().now() + _CODE_GOOD_FOR
    with write_transaction(place.clusters.home) as connection:
        central_log.add_code(connection, arguments.facility, code.secret, utc_text(until))
    sys.stdout.write(f"For one desk of {arguments.facility}, until {until:%Y-%m-%d %H:%M} UTC:\n{code.text()}\n")
    return DONE


def _desks(place: CentralPlace, arguments: argparse.Namespace) -> int:
    desks = place.clusters.every_desk()
    ends: dict[tuple[str, str], int] = {}
    for database in place.clusters:
        with read_transaction(database) as connection:
            ends |= central_log.stream_ends(connection)
    if arguments.json:
        shown = [
            {
                "facility": one.facility_id,
                "desk": one.desk_id,
                "number": one.number,
                "label": one.label,
                "enrolled_at": one.enrolled_at,
                "revoked_at": one.revoked_at or None,
                "is_quarantined": one.is_quarantined,
                "events": ends.get((one.facility_id, one.desk_id), 0),
            }
            for one in desks
        ]
        sys.stdout.write(json.dumps({"desks": shown}, ensure_ascii=False, indent=1) + "\n")
        return DONE
    for one in desks:
        events = ends.get((one.facility_id, one.desk_id), 0)
        state = f"revoked {one.revoked_at}" if one.revoked_at else "in quarantine" if one.is_quarantined else f"{events} events"
        sys.stdout.write(f"{one.facility_id}  {one.number:>3}  {one.desk_id}  {one.label}  {state}\n")
    return DONE


def _revoke(place: CentralPlace, arguments: argparse.Namespace) -> int:
    if not place.clusters.revoke(arguments.desk, utc_text(SystemClock().now())):
        sys.stderr.write("access-desk central revoke: no desk of that id is known here\n")
        return NO
    sys.stdout.write("revoked; what the desk recorded stays\n")
    return DONE


def _settle(place: CentralPlace, arguments: argparse.Namespace) -> int:
    settled = place.clusters.settle(arguments.desk, utc_text(SystemClock().now()))
    if not settled:
        sys.stderr.write("access-desk central settle: there is no alarm of a desk of that id\n")
        return NO
    sys.stdout.write(f"{settled} settled; the desk may go on, and what contradicts central's history stays beside it\n")
    return DONE


def _import(place: CentralPlace, arguments: argparse.Namespace) -> int:
    try:
        content = arguments.file.read_bytes()
    except OSError as wrong:
        raise WrongUseError(f"{arguments.file}: cannot be read ({wrong.strerror})") from wrong
    try:
        taken = take_in_file(place.clusters, content, SystemClock().now())
    except UnreadableFileError as wrong:
        raise WrongUseError(f"{arguments.file}: {wrong}; nothing was taken in") from wrong
    parked = f", {taken.parked} set aside" if taken.parked else ""
    sys.stdout.write(f"{taken.stored} taken in, {taken.skipped} were here already{parked}\n")
    return DONE


def _verify(place: CentralPlace, arguments: argparse.Namespace) -> int:
    keys = {one.desk_id: one.public_key for one in place.clusters.every_desk()}
    worst = DONE
    for number, database in enumerate(place.clusters, 1):
        if len(place.clusters.all) > 1:
            # Not its URL, which may hold a password.
            sys.stdout.write(f"database {number} of {len(place.clusters.all)}, as they were named:\n")
        worst = max(worst, _verify_one(database, keys, arguments))
    for one in place.clusters.missing_alarms():
        sys.stdout.write(
            f"alarm of {one.raised_at}: {one.kind} at event {one.desk_seq} of desk {one.desk_id}, {one.facility_id}, "
            "was raised and is not in the database any more\n"
        )
        worst = NO
    return worst


def _verify_one(database: Database, keys: dict[str, str], arguments: argparse.Namespace) -> int:
    # The pages of a server's files are its own to check (pg_checksums, pg_amcheck).
    pages = [] if any(is_on_server(url) for url in arguments.database) else check_every_page(database)
    if pages:
        sys.stdout.write("".join(f"page: {problem}\n" for problem in pages) + "The file is damaged. Restore a backup.\n")
        return NO
    looked = look_at(database, keys)
    sys.stdout.write(_in_words(looked))
    return DONE if looked.is_well else NO


def _in_words(looked: Looked) -> str:
    verdict = looked.verdict
    lines = [
        f"event {fault.desk_seq} of desk {fault.stream.desk_id} ({fault.event_id or 'missing'}): {fault.what}"
        for fault in verdict.faults
    ]
    lines += [f"table {table} differs from a replay of the log" for table in verdict.differing]
    lines += [f"feed: {looked.feed}"] if looked.feed else []
    lines += [f"flag {flag} stands in the log and is not kept" for flag in looked.flags_missing]
    lines += [
        f"alarm of {at}: {kind} at event {seq} of desk {desk}, {facility}" for facility, desk, seq, kind, at in looked.alarms
    ]
    if not lines:
        flagged = f", {looked.flags} flagged" if looked.flags else ""
        lines = [
            f"{verdict.events} events of {len(verdict.heads)} streams, chains intact, feed without holes, replay equal{flagged}"
        ]
    return "\n".join(lines) + "\n"


def _backup(place: CentralPlace, arguments: argparse.Namespace) -> int:
    made = back_up(place, arguments.folder.absolute())
    held = f"{made.events} events and " if made.events is not None else "without its database (pg_dump keeps that), "
    sys.stdout.write(f"{arguments.folder}: {held}the keys and certificates of central; keep it as secret as central itself\n")
    return DONE


def _restore(folder: Path, arguments: argparse.Namespace) -> int:
    servers = [url for url in arguments.database if is_on_server(url)]
    made = restore(arguments.folder.absolute(), folder, SystemClock(), servers)
    held = f" with {made.events} events" if made.events is not None else ""
    sys.stdout.write(
        f"central is in {folder}{held}; desks send again what it lacks. Desks that were enrolled after the backup are not known "
        "to it; what they recorded stays on them; next: access-desk central verify\n"
    )
    return DONE


_ACTIONS: Final = {
    "backup": _backup,
    "serve": _serve,
    "snapshot": _snapshot,
    "enrollment-code": _enrollment_code,
    "desks": _desks,
    "revoke": _revoke,
    "settle": _settle,
    "import": _import,
    "verify": _verify,
}
