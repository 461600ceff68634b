"""A Social Security number stands whole in one table and in the log; everything else keeps, finds and shows the last four."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from access_desk.cli import DONE, main
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientAmended, PatientRegistered
from access_desk.domain.visits.events import VisitDetails
from access_desk.exchange.patient_csv import PatientCsv, Rejected
from access_desk.presentation.papers_drawing import draw_paper
from access_desk.presentation.papers_registration import TITLES
from access_desk.services.papers import PaperKey
from access_desk.services.registration import Registration
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.replay import differing_tables, project_all
from access_desk.storage.schema import PROJECTIONS, metadata
from tests.desks import TestDesk
from tests.documents.paper import read
from tests.storage.test_projections_order import recorded

FIRST, THEN, IMPORTED, IMPOSSIBLE = "219-09-6613", "314-15-9265", "271-82-8182", "666-31-8310"
ALL = (FIRST, THEN, IMPORTED, IMPOSSIBLE)
INDEX = b"source_id,family,given,birth_date,ssn\n1,Euler,Leonhard,1907-04-15,271-82-8182\n2,Gauss,Carl,1977-04-30,666-31-8310\n"


def whole(text: str) -> list[str]:
    """The numbers that stand whole in a text, with or without dashes."""
    digits = "".join(letter for letter in text if letter.isdecimal() or letter.isalpha())
    return [ssn for ssn in ALL if ssn in text or ssn.replace("-", "") in digits]


@pytest.fixture
def known(desk: TestDesk, tmp_path: Path) -> tuple[TestDesk, str]:
    """A desk with a person whose number was corrected, and two of an imported index."""
    person = Demographics("Vega", "Marisol", sex="female", ssn=FIRST)
    events = desk.desk.registration.register(
        desk.desk.by(desk.people["ann"]), Registration(VisitDetails("outpatient", "MRI"), (), NewPatient(person))
    )
    made = next(event.body for event in events if isinstance(event.body, PatientRegistered))
    desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), made.patient_id, {"ssn": THEN})
    (tmp_path / "index.csv").write_bytes(INDEX)
    rows = PatientCsv(tmp_path / "index.csv", desk.desk.view.now().date()).rows()
    desk.desk.index_import.load((row for row in rows if not isinstance(row, Rejected)), "ab" * 32, lambda _: None)
    return desk, made.patient_id


def test_only_one_table_has_whole_numbers(known: tuple[TestDesk, str]) -> None:
    desk, patient_id = known
    with read_transaction(desk.desk.journal.engine) as connection:
        for table in PROJECTIONS:
            rows = connection.exec_driver_sql(f"SELECT * FROM {table.name}").all()  # noqa: S608 - names of the schema
            found = {ssn for row in rows for value in row for ssn in whole(str(value))}
            assert found == (set(ALL) if table.name == "patient_ssns" else set()), table.name
        said = connection.exec_driver_sql("SELECT ssn FROM patient_ssns WHERE patient_id = ? ORDER BY stamp", (patient_id,)).all()
        history = connection.exec_driver_sql("SELECT value FROM patient_changes WHERE field = 'ssn'").scalars().all()
    assert [row[0] for row in said] == [FIRST, THEN]
    assert history == [THEN[-4:]]


@pytest.mark.parametrize(
    ("typed", "family"),
    [
        (THEN, "Vega"),
        (THEN.replace("-", ""), "Vega"),
        (f"vega {THEN[-4:]}", "Vega"),
        (IMPORTED, "Euler"),
        ("euler 8182", "Euler"),
    ],
)
def test_a_number_finds_its_person_and_is_not_shown(known: tuple[TestDesk, str], typed: str, family: str) -> None:
    desk, _ = known
    (one,) = desk.desk.index.find(typed)[:1]
    assert one.demographics.family == family
    assert one.demographics.ssn in (THEN[-4:], IMPORTED[-4:])


def test_a_number_that_was_corrected_finds_nobody(known: tuple[TestDesk, str]) -> None:
    assert known[0].desk.index.find(FIRST) == []


def test_equal_numbers_still_weigh(known: tuple[TestDesk, str]) -> None:
    desk, patient_id = known
    again = Demographics("Vega", "Mary", ssn=THEN)
    assert patient_id in [one.record.patient_id for one in desk.desk.index.candidates(again)]


def test_papers_and_visits_show_no_number(known: tuple[TestDesk, str]) -> None:
    desk, patient_id = known
    (visit,) = desk.desk.view.visits_of(patient_id)
    assert visit.demographics.ssn == ""
    for name in TITLES:
        if name in ("face-sheet", "wristband", "label"):
            paper = draw_paper(desk.desk, PaperKey(name, visit.visit_id), desk.people["ann"], record=False)
            assert whole(read(paper.pdf).text) == []


def test_no_command_prints_a_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, csv = str(tmp_path / "desk"), tmp_path / "index.csv"
    csv.write_bytes(INDEX)
    assert main(["patients", "import", str(csv), "--home", home]) == DONE
    told = capsys.readouterr().err
    for arguments in (["find", IMPORTED, "--json"], ["find", "gauss", "8310", "--json"]):
        assert main(["patients", *arguments, "--home", home]) == DONE
        answer = capsys.readouterr()
        assert len(json.loads(answer.out)["patients"]) == 1
        told += answer.out + answer.err
    for arguments in (["find", "euler"], ["duplicates", "--json"]):
        assert main(["patients", *arguments, "--home", home]) == DONE
        answer = capsys.readouterr()
        told += answer.out + answer.err
    assert whole(told) == []
    logs = "".join(path.read_text() for path in (tmp_path / "desk" / "logs").rglob("*") if path.is_file())
    assert whole(logs) == []


def test_the_rules_keep_no_number(known: tuple[TestDesk, str]) -> None:
    desk, patient_id = known
    (visit,) = desk.desk.view.visits_of(patient_id)
    state = desk.desk.journal.read(lambda states: states.check(visit.visit_id))
    assert state is not None
    assert whole(repr(state)) == []


def test_numbers_are_the_same_in_every_order_of_arrival() -> None:
    events = (
        recorded("north", 1, 10, PatientRegistered("P", "1", Demographics(family="Vega", ssn=FIRST))),
        recorded("south", 2, 30, PatientAmended("P", {"ssn": THEN})),
        recorded("north", 2, 20, PatientAmended("P", {"ssn": ""})),
    )
    engines = []
    for order in (events, events[::-1], (events[1], events[0], events[2])):
        engine = open_memory_database()
        metadata.create_all(engine)
        with write_transaction(engine) as connection:
            project_all(connection, order)
            assert connection.exec_driver_sql("SELECT ssn_last4 FROM patient_search").scalar_one() == THEN[-4:]
        engines.append(engine)
    for other in engines[1:]:
        with read_transaction(engines[0]) as one, read_transaction(other) as two:
            assert differing_tables(one, two) == []
    for engine in engines:
        engine.dispose()
