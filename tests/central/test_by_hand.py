"""A desk's entries carried to central in a file: the same as if it had sent them, and nothing else is taken."""

from __future__ import annotations

import pytest

from access_desk.central.by_hand import TakenByHand, UnreadableFileError, take_in_file
from access_desk.domain.errors import UnavailableError
from access_desk.storage import central_log
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.sync.by_hand import ByHand, unsent_file
from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk


def written(desk: TestDesk, *, everything: bool = False) -> ByHand:
    journal = desk.desk.journal
    return unsent_file(journal.engine, journal.stream.desk_id, desk.signer, everything=everything)


def bring(central: TestCentral, file: bytes) -> TakenByHand:
    return take_in_file(central.clusters, file, central.clock.now())


def a_working_day(desk: TestDesk) -> None:
    desk.open("ann", "D1")
    desk.pay(desk.register(who="ann"), 4_500, "cash", "ann", "D1")


def test_what_was_brought_counts_as_sent_and_a_second_time_changes_nothing() -> None:
    with a_desk() as desk:
        central = a_central()
        central.enroll(desk)
        a_working_day(desk)
        file = written(desk)
        assert file.events == desk.desk.journal.head.seq
        assert bring(central, file.content) == TakenByHand(stored=file.events)
        assert bring(central, file.content) == TakenByHand(skipped=file.events)
        result = drive(round_of(desk).run(), central.ask)
        assert (result.pushed, result.waiting, result.sane) == (0, 0, True)
        assert written(desk).events == 0
        with read_transaction(central.database) as connection:
            assert central_log.feed_fault(connection) == ""


def test_a_changed_file_is_refused_whole() -> None:
    with a_desk() as desk:
        central = a_central()
        central.enroll(desk)
        a_working_day(desk)
        file = written(desk).content
        middle = len(file) // 2
        for changed in (
            file[:-10],
            file[:middle] + bytes([file[middle] ^ 1]) + file[middle + 1 :],
            b"00" * 64 + file[128:],
            b"not a file",
            b"",
        ):
            with pytest.raises(UnreadableFileError):
                bring(central, changed)
        with read_transaction(central.database) as connection:
            assert central_log.stream_ends(connection) == {}


def test_a_desk_that_is_not_known_brings_nothing() -> None:
    with a_desk() as desk:
        a_working_day(desk)
        with pytest.raises(UnavailableError, match="is not one of"):
            bring(a_central(), written(desk).content)


def test_a_revoked_desk_keeps_what_it_recorded_and_can_bring_it() -> None:
    with a_desk() as desk:
        central = a_central()
        central.enroll(desk)
        a_working_day(desk)
        with write_transaction(central.database) as connection:
            central_log.revoke_desk(connection, desk.desk.journal.stream.desk_id, "2026-11-23")
        assert bring(central, written(desk).content).stored == desk.desk.journal.head.seq


def test_a_central_that_lost_what_it_acknowledged_asks_for_everything() -> None:
    with a_desk() as desk:
        central = a_central()
        central.enroll(desk)
        backup = central.copy()
        drive(round_of(desk).run(), central.ask)
        a_working_day(desk)
        central.put_back(backup)
        with pytest.raises(UnavailableError, match="--everything"):
            bring(central, written(desk).content)
        assert bring(central, written(desk, everything=True).content).stored == desk.desk.journal.head.seq
