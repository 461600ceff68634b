"""Record numbers that central lends: taken in blocks, never twice, and what stands in when there are none."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain import numbering
from access_desk.domain.numbering import ACCOUNT, BLOCK_SIZE, LOW, MRN, RECORDS_APART, block_of, number_at
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.patients.naming import are_too_alike
from access_desk.domain.visits.events import VisitDetails
from access_desk.exchange.patient_csv import PatientCsv
from access_desk.services.registration import Registration
from access_desk.storage.central_log import lend_block
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.local_tables import begin_series
from access_desk.storage.number_blocks import lend_next, take_account, take_mrn
from access_desk.sync.core import RoundResult
from access_desk.sync.desk_store import DeskStore
from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk

LAST_OF_FIRST_BLOCK = block_of(MRN, 1, 0).last


def mrn_of(desk: TestDesk, patient_id: str) -> str:
    with read_transaction(desk.desk.journal.engine) as connection:
        found = connection.exec_driver_sql("SELECT mrn FROM patients WHERE patient_id = ?", (patient_id,)).scalar_one()
        return str(found)


def use_up(desk: TestDesk, but: int = 0) -> None:
    with write_transaction(desk.desk.journal.engine) as connection:
        begin_series(connection, "F", MRN, LAST_OF_FIRST_BLOCK + 1 - but)


def registered(desk: TestDesk, given_name: str = "Pat") -> PatientRegistered:
    new = NewPatient(Demographics(family=f"Family{desk.desk.journal.head.seq}", given=given_name))
    by = desk.desk.by(desk.people["ann"])
    events = desk.desk.registration.register(by, Registration(VisitDetails("outpatient"), (), new))
    return next(event.body for event in events if isinstance(event.body, PatientRegistered))


def synced(desk: TestDesk, central: TestCentral) -> RoundResult:
    result: RoundResult = drive(round_of(desk).run(), central.ask)
    desk.desk.numbers.replace_temporary()
    return result


@given(
    st.lists(
        st.tuples(st.integers(1, numbering.MOST_DESKS), st.integers(0, 3 * RECORDS_APART)), min_size=2, max_size=40, unique=True
    )
)
def test_no_two_desks_have_a_number_in_common(places: list[tuple[int, int]]) -> None:
    for series in (MRN, ACCOUNT):
        numbers = [number_at(series, desk, numbering.first_of(series, desk) + count) for desk, count in places]
        assert len(set(numbers)) == len(numbers)


def test_a_desk_by_itself_never_runs_out() -> None:
    with a_desk() as desk:
        assert desk.desk.numbers.left() is None
        use_up(desk)
        assert registered(desk).mrn == f"{LAST_OF_FIRST_BLOCK + 1:08d}"


def test_the_numbers_of_a_block_and_then_one_that_stands_in() -> None:
    with a_desk("north", 1) as desk:
        assert desk.desk.numbers.left() == BLOCK_SIZE
        use_up(desk, but=2)
        assert [registered(desk).mrn for _ in range(4)] == [
            f"{LAST_OF_FIRST_BLOCK - 1:08d}",
            f"{LAST_OF_FIRST_BLOCK:08d}",
            "TMP1-1-0001",
            "TMP1-1-0002",
        ]
        assert desk.desk.numbers.left() == 0
        assert desk.desk.numbers.replace_temporary() == []


def test_the_record_gets_its_own_number_when_central_lends_more() -> None:
    with a_desk("north", 1) as desk, a_desk("south", 2) as other:
        central = a_central()
        for one in (desk, other):
            central.enroll(one)
        use_up(desk)
        first, second = registered(desk, "Zoe"), registered(desk, "Ida")
        synced(desk, central)
        synced(desk, central)
        start = block_of(MRN, 1, 1).first
        assert (mrn_of(desk, first.patient_id), mrn_of(desk, second.patient_id)) == (f"{start:08d}", f"{start + 1:08d}")
        synced(other, central)
        assert mrn_of(other, first.patient_id) == f"{start:08d}"
        for asked in (first.mrn, first.mrn.lower(), f"{start}"):
            for one in (desk, other):
                assert [found.patient_id for found in one.desk.index.find(asked)] == [first.patient_id], asked
        assert desk.desk.index.find(first.mrn)[0].why == ("former_mrn",)
        assert synced(desk, central).sane is True
        state = desk.desk.journal.read(lambda states: states.patient(first.patient_id))
        assert state.mrn == f"{start:08d}"


def test_the_numbers_of_one_birth_are_no_neighbours_when_they_only_stood_in() -> None:
    """ISMP: the wristbands of twins were taken for each other; so were those of a mother and her child."""
    with a_desk("north", 1) as desk:
        central = a_central()
        central.enroll(desk)
        use_up(desk)
        mother = registered(desk, "Judy")
        born = [mother, *(newborn(desk, mother.patient_id, order) for order in (1, 2, 3))]
        apart(made.mrn for made in born)
        synced(desk, central)
        synced(desk, central)
        numbers = [mrn_of(desk, made.patient_id) for made in born]
        assert not any(numbering.is_temporary(mrn) for mrn in numbers)
        apart(numbers)


def apart(numbers: Iterable[str]) -> None:
    assert not [pair for pair in combinations(numbers, 2) if are_too_alike(*pair)]


def newborn(desk: TestDesk, mother_id: str, order: int) -> PatientRegistered:
    new = NewPatient(Demographics(sex="female"), newborn_of=mother_id, birth_order=order)
    by = desk.desk.by(desk.people["ann"])
    events = desk.desk.registration.register(by, Registration(VisitDetails("newborn"), (), new))
    return next(event.body for event in events if isinstance(event.body, PatientRegistered))


def test_more_is_asked_for_before_the_block_ends_and_once_only() -> None:
    with a_desk("north", 1) as desk:
        central = a_central()
        central.enroll(desk)
        use_up(desk, but=LOW)
        synced(desk, central)
        assert desk.desk.numbers.left() == LOW
        registered(desk)
        synced(desk, central)
        assert desk.desk.numbers.left() == LOW - 1 + BLOCK_SIZE
        synced(desk, central)
        assert desk.desk.numbers.left() == LOW - 1 + BLOCK_SIZE


def test_a_lost_answer_lends_the_same_block_again() -> None:
    with a_desk("north", 1) as desk:
        central = a_central()
        central.enroll(desk)
        use_up(desk)
        asking = round_of(desk).run()
        request = next(asking)
        while not request.path.endswith("/numbers"):
            request = asking.send(central.ask(request))
        central.ask(request)
        asking.close()
        synced(desk, central)
        assert desk.desk.numbers.left() == BLOCK_SIZE
        with read_transaction(central.database) as connection:
            assert connection.exec_driver_sql("SELECT block FROM central_blocks").all() == [(1,)]


def test_a_restored_desk_gives_no_number_that_may_have_been_given() -> None:
    """Its backup knows block 0; block 1 was lent to it since. In its new epoch it has nothing until it is lent block 2."""
    with a_desk("north", 1) as desk:
        central = a_central()
        central.enroll(desk)
        use_up(desk)
        synced(desk, central)
        journal = desk.desk.journal
        with write_transaction(journal.engine) as connection:
            connection.exec_driver_sql("DELETE FROM local_blocks WHERE block > 0")
            connection.exec_driver_sql("UPDATE local_sequences SET next = ? WHERE name = ?", (numbering.FIRST[MRN], MRN))
        restored = DeskStore(journal.engine, Stream("F", "north", 2), journal.take_in_others)
        assert restored.numbers_wanted() == 0
        with write_transaction(central.database) as connection:
            lent = [lend_block(connection, "F", "north", MRN, 0, 2) for _ in range(2)]
        assert lent == [2, 2]
        restored.keep_numbers(2)
        with write_transaction(journal.engine) as connection:
            assert take_mrn(connection, "F", 1, 2) == f"{block_of(MRN, 1, 2).first:08d}"


def test_account_numbers_go_on_after_a_restore_beyond_what_was_lost() -> None:
    with a_desk() as desk, write_transaction(desk.desk.journal.engine) as connection:
        before = int(take_account(connection, "F", 1, 1))
        after = int(take_account(connection, "F", 1, 2))
        assert after - before > numbering.LOST_AT_MOST - 1
        assert int(take_account(connection, "F", 1, 2)) == after + 1


def test_blocks_lie_one_after_another() -> None:
    with a_desk("south", 2) as desk, write_transaction(desk.desk.journal.engine) as connection:
        lend_next(connection, "F", MRN, 3, 1)
        rows = connection.exec_driver_sql("SELECT block, first, last FROM local_blocks ORDER BY block").all()
        blocks = [block_of(MRN, 2, number) for number in (0, 3)]
        assert [tuple(row) for row in rows] == [(one.block, one.first, one.last) for one in blocks]


@pytest.mark.parametrize(("mrn", "stands_in"), [("TMP2-1-0017", True), ("00480001", False), ("M-17", False)])
def test_a_number_that_stands_in_is_marked(mrn: str, stands_in: bool) -> None:
    assert numbering.is_temporary(mrn) is stands_in


def imported(desk: TestDesk, folder: Path, numbers: Iterable[str]) -> None:
    path = folder / "index.csv"
    rows = "".join(f"S{number},{number},Old{place},Person\n" for place, number in enumerate(numbers))
    path.write_text(f"source_id,mrn,family,given\n{rows}")
    good = [row for row in PatientCsv(path, desk.desk.view.now().date()).rows() if isinstance(row, ImportedRow)]
    desk.desk.index_import.load(good, "ab" * 32, lambda _: None)


@pytest.mark.parametrize(
    ("borne", "given_next"),
    [
        (["480001"], ["00480002", "00480003"]),
        (["00480002", "0480003"], ["00480001", "00480005"]),
        ([str(480_001 + place) for place in range(5_000)], ["00486048", "00486049"]),
    ],
)
def test_a_number_that_an_imported_record_bears_is_given_to_nobody(
    tmp_path: Path, borne: list[str], given_next: list[str]
) -> None:
    """Leading zeros are how systems write a number, not what it is."""
    with a_desk() as desk:
        imported(desk, tmp_path, borne)
        assert [registered(desk).mrn for _ in given_next] == given_next
        for number in given_next:
            assert len(desk.desk.index.find(number)) == 1


def test_a_block_whose_numbers_are_borne_is_used_up(tmp_path: Path) -> None:
    with a_desk("north", 1) as desk:
        imported(desk, tmp_path, [str(LAST_OF_FIRST_BLOCK - place) for place in range(BLOCK_SIZE)])
        assert registered(desk).mrn == "TMP1-1-0001"
