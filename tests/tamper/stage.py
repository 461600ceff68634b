"""A desk with a real, encrypted file and a central that knows it, as both were after a morning; to be copied and spoilt."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from access_desk.central.clusters import Clusters
from access_desk.domain.cash_drawer.commands import DropCash
from access_desk.domain.coverage.commands import CardGiven, CoverageFiling, PlanFiling
from access_desk.domain.errors import DamagedDatabaseError, UnavailableError
from access_desk.domain.facility.events import DrawerInstalled, FacilityEstablished
from access_desk.domain.money import Money
from access_desk.domain.payments.commands import VoidPayment
from access_desk.domain.staff import Role
from access_desk.domain.visits.events import Coverage
from access_desk.services.coverage import content_of
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.storage.engine import Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream, head_of
from access_desk.storage.integrity import check_every_page
from access_desk.storage.verify import verify_all
from access_desk.sync.core import Identity, RetryLaterError, Round, StoppedError
from access_desk.sync.desk_store import DeskStore
from access_desk.system.desk_files import DeskFiles, make_desk, open_desk
from access_desk.system.heads import KeptHeads
from access_desk.system.home import DeskIdentity, Home, SecretsPlace
from tests.central.centrals import FINGERPRINT, Backup, TestCentral, drive, round_of
from tests.desks import CountingIds, PlainPins, SetClock, TestDesk, a_desk

FACILITY, NORTH = "F", "north"
CARD = b"\x89PNG\r\n\x1a\n the front of a card"


def _never(new: bool) -> None:
    """A practice desk's passphrase is never asked for."""
    raise AssertionError(new)


@dataclass
class Found:
    """What told of it, in words; blank while nothing did."""

    text: str = ""

    def say(self, text: str) -> None:
        self.text = self.text or text


@dataclass
class Base:
    """Where the morning lies: the home at its end, in the middle of it, as it was while it was written; central at the end.

    ``last`` is how many events the desk recorded, ``early`` how many there were in the middle.
    """

    home: Path
    middle: Path
    live: Path
    central: Backup
    early: int
    last: int
    key: str
    south: TestDesk


def _staff(desk: Desk, clock: SetClock, files: DeskFiles) -> TestDesk:
    key = files.signer.public_key_hex
    desk.provisioning.enroll("North", key, practice=True)
    desk.provisioning.number(1, {"mrn": 480_001, "account": 10_452_001})
    desk.provisioning.establish(FacilityEstablished(FACILITY, "Cedar Hollow", "America/Chicago"))
    roles = {"ann": Role.REGISTRAR, "bob": Role.REGISTRAR, "lea": Role.LEAD, "leo": Role.LEAD, "sue": Role.SUPERVISOR}
    people = {name: desk.provisioning.add_person(name, name.title(), role, f"{name}-pin") for name, role in roles.items()}
    desk.provisioning.install_drawer(DrawerInstalled("north-drawer1", "D1", "Admitting 1", Money(20_000)))
    return TestDesk(desk, clock, people, key, files.signer)  # type: ignore[arg-type] # signs as well


def _first_half(desk: TestDesk) -> None:
    desk.open()
    for cents in (2_500, 4_360, 1_000):
        desk.clock.forward(minutes=7)
        desk.pay(desk.register(), cents)
    visit = desk.register(family="Villanueva").visit_id
    card = CardGiven("front", content_of(CARD), "image/png")
    plan = PlanFiling(coverage=Coverage("Northlake Health", member_id="NHP447199203"), cards=(card,))
    desk.desk.coverage.file(desk.desk.by(desk.people["ann"]), visit, CoverageFiling((plan,)), (CARD,))


def _second_half(desk: TestDesk) -> None:
    by, paid = desk.desk.by, [desk.pay(desk.register(), cents) for cents in (12_000, 700)]
    desk.desk.payments.void(by(desk.people["ann"]), VoidPayment(paid[0].payment_id, "wrong account", desk.sign("lea")))
    desk.desk.drawers.drop(by(desk.people["ann"]), DropCash(desk.drawer(), Money(3_000), None, "B-1"))
    desk.clock.forward(minutes=20)
    desk.register(family="Boyd", who="bob")
    desk.count(25_560)
    desk.close()


def contact(files: DeskFiles, central: TestCentral, found: Found) -> bool | None:
    """A round of the desk with central, as its window has one; whether both have the same."""
    stream = Stream(FACILITY, NORTH)
    identity = Identity(FACILITY, NORTH, 1, FINGERPRINT)
    try:
        result = drive(Round(identity, DeskStore(files.database, stream, _ignore), files.signer).run(), central.ask)
    except StoppedError as stopped:
        found.say(f"contact: {stopped.text}")
        return None
    except (RetryLaterError, UnavailableError) as failed:
        found.say(f"contact: {failed}")
        return None
    if result.differs or result.sane is False:
        found.say(f"contact: {result.differs or 'sums differ'}")
    return result.sane


def _ignore(_: str) -> None:
    """Nothing is open that would look again."""


@contextmanager
def opened(home: Path) -> Iterator[DeskFiles]:
    """A desk's files."""
    files = open_desk(Home.at(home), _never, may_upgrade=False)
    try:
        yield files
    finally:
        files.close()


def verified(home: Path, found: Found) -> None:
    """What opening the desk and `access-desk verify` say of a home."""
    try:
        with opened(home) as files:
            kept = KeptHeads(home).load(files.signer.public_key_hex)
            pages = check_every_page(files.database)
            for problem in pages[:1]:
                found.say(f"page: {problem}")
            if pages:
                return
            empty = open_memory_database()
            with read_transaction(files.database) as connection, write_transaction(empty) as target:
                verdict = verify_all(connection, target, {NORTH: files.signer.public_key_hex}, kept, NORTH)
            empty.dispose()
            for fault in verdict.faults:
                found.say(f"verify: event {fault.desk_seq} of desk {fault.stream.desk_id}: {fault.what}")
            for table in verdict.differing:
                found.say(f"verify: table {table} differs from a replay of the log")
    except (UnavailableError, DamagedDatabaseError) as refused:
        found.say(f"open: {refused.text}")


def central_of(backup: Backup, database: Database) -> TestCentral:
    """The central of the morning in a database that is empty or another run's."""
    central = TestCentral(Clusters([database]), practice=False)
    central.put_back(backup)
    central.clock.forward(hours=12)
    return central


@contextmanager
def a_morning(folder: Path, database: Database) -> Iterator[Base]:
    """Live through it once."""
    home, middle, live = folder / "home", folder / "middle", folder / "live"
    clock = SetClock()
    central = TestCentral(Clusters([database]), practice=False)
    central.clock.forward(hours=12)
    with a_desk("south", 2) as south:
        files = make_desk(Home.at(home), DeskIdentity(NORTH, "North", practice=True, secrets=SecretsPlace.PRACTICE), _never)
        journal = Journal(files.database, Stream(FACILITY, NORTH), clock, CountingIds("north"), files.signer, PlainPins())
        desk = _staff(Desk.over(journal, label="North", practice=True), clock, files)
        for one in (desk, south):
            central.enroll(one)
        south.open()
        south.pay(south.register())
        _first_half(desk)
        for one in (desk, south, desk, south):
            assert drive(round_of(one).run(), central.ask).sane is not False
        heads = KeptHeads(home)
        heads.keep(journal.stream, journal.head, files.signer)
        early = journal.head.seq
        files.close()
        shutil.copytree(home, middle)
        files = open_desk(Home.at(home), _never, may_upgrade=False)
        journal = Journal(files.database, Stream(FACILITY, NORTH), clock, CountingIds("north-later"), files.signer, PlainPins())
        desk = TestDesk(Desk.over(journal, label="North", practice=True), clock, desk.people, desk.public_key, desk.signer)
        # Nobody has told the north desk yet: what bob does there is flagged.
        south.desk.people.amend(south.desk.by(south.people["sue"]), south.people["bob"], Role.REGISTRAR, active=False)
        assert drive(round_of(south).run(), central.ask).sane is not False
        _second_half(desk)
        for one in (desk, south, desk):
            assert drive(round_of(one).run(), central.ask).sane is True
        shutil.copytree(home, live)
        heads.keep(journal.stream, journal.head, files.signer)
        last = journal.head.seq
        with read_transaction(files.database) as connection:
            assert head_of(connection, journal.stream).seq == last
        files.close()
        yield Base(home, middle, live, central.copy(), early, last, desk.public_key, south)
