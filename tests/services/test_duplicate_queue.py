"""The work queue of probable duplicates: it follows the records, whoever changes them, and what a person said stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from access_desk.cli import DONE, main
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.visits.events import VisitDetails
from access_desk.services.desk import Desk
from access_desk.services.registration import Registration
from access_desk.storage import possible_pairs
from access_desk.storage.engine import read_transaction, write_transaction
from tests.desks import TestDesk

BORN = date(1987, 3, 14)
VEGA = Demographics("Vega", "Marisol", birth_date=BORN, sex="female", phone="2165550148", line="12 Oak St", zip="44301")


def made(desk: TestDesk, known: Demographics, despite: str = "") -> str:
    desk.clock.forward(minutes=1)
    registration = Registration(VisitDetails(), (), NewPatient(known, despite_match=despite))
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), registration)
    return next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))


def amended(desk: TestDesk, patient_id: str, **changes: str) -> None:
    desk.clock.forward(minutes=1)
    desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), patient_id, changes)


def listed(desk: TestDesk) -> list[tuple[frozenset[str], str]]:
    return [(frozenset((one.one.patient_id, one.other.patient_id)), one.source) for one in desk.desk.links.board().pairs]


def imported(desk: TestDesk, count: int) -> None:
    imported_into(desk.desk, count)


def imported_into(desk: Desk, count: int) -> None:
    """So many people of whom each second one is the one before again, with a slip in the name."""
    blank = dict.fromkeys(("middle", "suffix", "ssn", "email", "line", "city", "state", "zip"), "")
    families = ("Kowalczyk", "Abernathy", "Nightingale", "Fitzwilliam", "Okonkwo", "Zimmermann")
    givens = ("Marisol", "Everett", "Joan", "Tunde", "Beatrix", "Phyllis")
    rows = []
    for number in range(count):
        person = number // 2
        rows.append(
            ImportedRow(
                source_id=f"S{number}",
                mrn=f"{number + 100}",
                family=families[person] + ("e" if number % 2 else ""),
                given=givens[person],
                birth_date=f"19{50 + 7 * person}-0{person + 1}-{10 + person}",
                sex="female",
                phone=f"216555{1000 + 111 * person}",
                unreadable={},
                **blank,
            )
        )
    desk.index_import.load(rows, "a" * 64, lambda _: None)


def test_an_amendment_brings_a_pair_into_the_queue_and_takes_it_out(desk: TestDesk) -> None:
    one = made(desk, VEGA)
    other = made(desk, replace(VEGA, family="Boyd", given="Carla", birth_date=date(1951, 7, 2)))
    assert listed(desk) == []
    amended(desk, other, family="Vegga", given="Marisol", birth_date="1987-03-14")
    assert listed(desk) == [(frozenset((one, other)), "found")]
    pair = desk.desk.links.board().pairs[0]
    assert (pair.band, pair.raised_by) == ("same", "")
    assert pair.score >= 0.99
    amended(desk, other, family="Boyd", given="Carla", birth_date="1951-07-02")
    assert listed(desk) == []


def test_what_was_alike_when_it_was_made_leaves_when_it_is_not_any_more(desk: TestDesk) -> None:
    one = made(desk, VEGA)
    other = made(desk, replace(VEGA, birth_date=date(1987, 3, 15), phone="", line="", zip=""))
    assert listed(desk) == [(frozenset((one, other)), "alike")]
    amended(desk, other, birth_date="1951-07-02", given="Carla")
    assert listed(desk) == []
    assert desk.desk.links.board().open_pairs == 0


def test_what_a_person_said_of_a_pair_stays(desk: TestDesk) -> None:
    one, other = made(desk, VEGA), made(desk, replace(VEGA, family="Vegga"), "cousin, passport seen")
    amended(desk, other, family="Boyd", given="Carla", birth_date="1951-07-02")
    assert listed(desk) == [(frozenset((one, other)), "despite_match")], "a lead has not decided yet"
    desk.desk.links.not_the_same(desk.desk.by(desk.people["lea"]), one, other, "two passports")
    amended(desk, other, family="Vegga", given="Marisol", birth_date="1987-03-14")
    assert listed(desk) == [], "probable again, but it was decided"


def test_records_of_another_desk_are_judged_when_they_arrive(desk: TestDesk) -> None:
    """Nothing tells the queue: it looks at what of the log it has not followed yet, whichever desk it is of."""
    one = made(desk, VEGA)
    listed(desk)
    facility_id = desk.desk.journal.facility_id
    with read_transaction(desk.desk.journal.engine) as connection:
        assert possible_pairs.heads(connection, facility_id) == possible_pairs.followed(connection, facility_id)
    other = made(desk, replace(VEGA, family="Vegga", given="Mariso"), "seen")
    with write_transaction(desk.desk.journal.engine) as connection:
        pairs = [tuple(row) for row in connection.exec_driver_sql("SELECT one_id, other_id FROM local_pairs").all()]
    assert pairs == [], "not before somebody looks"
    assert desk.desk.duplicates.state().behind
    listed(desk)
    with read_transaction(desk.desk.journal.engine) as connection:
        assert possible_pairs.partners(connection, facility_id, other) == [one]


def test_only_so_many_are_judged_while_somebody_waits(desk: TestDesk) -> None:
    people = [made(desk, replace(VEGA, family=name)) for name in ("Boyd", "Park", "Kessler", "Haddad")]
    amended(desk, people[0], city="Akron")
    assert desk.desk.duplicates.catch_up(most=2).behind
    assert desk.desk.duplicates.catch_up(most=2).behind
    assert not desk.desk.duplicates.catch_up(most=2).behind


def test_an_imported_index_waits_for_a_sweep_that_lists_every_pair(desk: TestDesk) -> None:
    imported(desk, 12)
    board = desk.desk.links.board()
    assert (board.pairs, board.queue.sweep_due) == ((), True)
    done: list[float] = []
    assert not desk.desk.duplicates.sweep(done.append).sweep_due
    assert done == sorted(done)
    assert done[-1] == 1.0
    board = desk.desk.links.board()
    assert (len(board.pairs), board.open_pairs, board.queue.sweep_due) == (6, 6, False)
    today = desk.desk.view.now().date()
    rates = desk.desk.quality.board(desk.desk.by(desk.people["lea"]), today, today).rates
    assert rates[0].numerator == 12, "every record of the index is in a possible duplicate"


def test_a_sweep_that_was_stopped_goes_on_where_it_was(desk: TestDesk) -> None:
    imported(desk, 12)
    asked = iter([False] * 7 + [True] * 100)
    begun = desk.desk.duplicates.sweep(lambda _: None, lambda: next(asked))
    assert begun.swept is not None
    assert 0 < begun.swept < 1
    begun_at = desk.clock.now()
    desk.clock.forward(hours=1)
    desk.desk.duplicates.sweep(lambda _: None)
    board = desk.desk.links.board()
    assert (board.open_pairs, board.queue.swept) == (6, None)
    assert {pair.raised_at for pair in board.pairs} == {begun_at}, "found before it was stopped, and not found anew"


def test_a_change_during_a_sweep_is_not_undone_by_it(desk: TestDesk) -> None:
    imported(desk, 4)
    changed: list[str] = []

    def while_it_runs(part: float) -> None:
        if not changed and part:
            changed.append("")
            found = desk.desk.index.find("S1")[0].patient_id
            amended(desk, found, family="Boyd", given="Carl", birth_date="1931-01-02", phone="3305550123")

    desk.desk.duplicates.sweep(while_it_runs)
    assert desk.desk.links.board().open_pairs == 1


def test_a_sweep_forgets_what_is_no_longer_probable(desk: TestDesk) -> None:
    imported(desk, 4)
    desk.desk.duplicates.sweep(lambda _: None)
    facility_id = desk.desk.journal.facility_id
    with write_transaction(desk.desk.journal.engine) as connection:
        stale = possible_pairs.pair_row("nobody", desk.desk.index.find("S1")[0].patient_id, 0.9, "review")
        possible_pairs.keep_pairs(connection, facility_id, [stale], "2026-01-01T00:00:00.000000Z", "")
    desk.desk.duplicates.sweep(lambda _: None)
    with read_transaction(desk.desk.journal.engine) as connection:
        assert possible_pairs.partners(connection, facility_id, "nobody") == []
    assert desk.desk.links.board().open_pairs == 2


def test_a_small_index_is_compared_when_it_is_loaded_and_any_on_demand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, csv = str(tmp_path / "desk"), tmp_path / "index.csv"
    csv.write_text("source_id,family,given,birth_date\n1,Euler,Leonhard,1907-04-15\n2,Eulre,Leonhard,1907-04-15\n", "utf-8")
    assert main(["patients", "import", str(csv), "--home", home]) == DONE
    assert "1 probable duplicates wait for a lead" in capsys.readouterr().err
    assert main(["patients", "sweep", "--home", home]) == DONE
    assert capsys.readouterr().out == "1 probable duplicates wait for a lead\n"


def test_somebody_whom_the_index_weighs_as_the_same_is_made_only_for_a_reason(desk: TestDesk) -> None:
    one = made(desk, VEGA)
    with pytest.raises(DeskError) as refused:
        made(desk, replace(VEGA, family="Vegga"))
    assert refused.value.code is Refusal.PROBABLE_DUPLICATE
    other = made(desk, replace(VEGA, family="Vegga"), "two passports")
    assert listed(desk) == [(frozenset((one, other)), "despite_match")]
