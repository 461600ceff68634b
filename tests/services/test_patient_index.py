"""Loading an index and finding people in it, over the real tables; every test ends with a replay that must be equal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk import app
from access_desk.domain.content import Content
from access_desk.domain.matching.dates import date_level
from access_desk.domain.matching.person import digits_of
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.index_events import ImportedRow, PatientsImported
from access_desk.domain.patients.views import SearchTerms, in_short
from access_desk.exchange.patient_csv import PatientCsv, Rejected, UnreadableCsvError
from access_desk.services.near_records import is_near_date
from access_desk.services.result import verify
from access_desk.storage import bulk_indexes
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.queries import patient_index as index
from access_desk.storage.queries import patients_listed as listed
from access_desk.storage.schema import metadata
from access_desk.storage.search_rows import variants
from tests.desks import TestDesk, a_desk

DIRTY = (
    b"\xef\xbb\xbfSource_ID,Family,given,birth_date,sex,ssn,phone,shoe_size\r\n"
    b"1,Vega,Marisol,3/14/87,F,219-09-1234,216-555-0100,38\r\n"
    b"2,N\xfa\xf1ez,Zo\xeb,1990-02-30,NULL,000-00-0000,,\r\n"
    b'3,"O\'NEILL, JAMES T",,19450717,Male,,,\r\n'
    b",Nobody,Home,,,,,\r\n"
    b"5,NULL,,1/1/1980,,,,\r\n"
    b"1,Vega,Again,3/14/87,,,,\r\n"
    b"6,Li\r\n"
)


def load(desk: TestDesk, path: Path) -> tuple[int, int, list[Rejected], PatientCsv]:
    source = PatientCsv(path, desk.desk.view.now().date())
    rejected: list[Rejected] = []

    def good() -> list[ImportedRow]:
        rows = list(source.rows())
        rejected.extend(row for row in rows if isinstance(row, Rejected))
        return [row for row in rows if isinstance(row, ImportedRow)]

    done = desk.desk.index_import.load(good(), "ab" * 32, lambda _: None)
    return done.loaded, done.known, rejected, source


def found(desk: TestDesk, text: str) -> list[str]:
    return [one.source_id for one in desk.desk.index.find(text)]


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "dirty.csv"
    path.write_bytes(DIRTY)
    return path


def test_a_dirty_file_is_loaded_once(dirty: Path) -> None:
    with a_desk() as desk:
        loaded, known, rejected, source = load(desk, dirty)
        assert (loaded, known) == (4, 1)
        assert source.unknown == ("shoe_size",)
        assert [(row.line, row.reason) for row in rejected] == [(5, "no source_id"), (6, "no name")]
        assert load(desk, dirty)[:2] == (0, 5)
        person = desk.desk.index.find("nunez zoe")[0]
        assert (person.demographics.family, person.demographics.given) == ("Núñez", "Zoë")
        assert (person.demographics.birth_date, person.demographics.ssn) == (None, "0000")
        assert found(desk, "james oneill")[:1] == ["3"]


def test_what_is_no_index_is_told(tmp_path: Path) -> None:
    path = tmp_path / "no.csv"
    path.write_text("name,age\nx,1\n")
    with a_desk() as desk, pytest.raises(UnreadableCsvError, match="source_id"):
        load(desk, path)


@pytest.mark.parametrize(
    "text",
    [
        "vega marisol 3/14/87",
        "1987-03-14 MARISOL Vega",
        "216-555-0100",
        "vega 1234",
        "veg mari",
        "marisol vga",
        "vega marysol",
        "1",
    ],
)
def test_one_line_finds_the_person(dirty: Path, text: str) -> None:
    with a_desk() as desk:
        load(desk, dirty)
        assert found(desk, text)[:1] == ["1"]


def test_who_has_every_word_of_a_line_stands_before_who_has_the_first_and_the_last(tmp_path: Path) -> None:
    path = tmp_path / "alike.csv"
    path.write_text("source_id,family,given,middle\n1,Vega,Marisol,\n2,Vega-Trujillo,Marisol,\n3,Smith,Mary,Ann\n4,Smith,Mary,\n")
    with a_desk() as desk:
        load(desk, path)
        assert found(desk, "vega trujillo, marisol") == ["2", "1"]
        assert found(desk, "mary ann smith") == ["3", "4"]


def test_an_imported_record_is_amended_opened_and_found_by_its_new_name(dirty: Path) -> None:
    with a_desk() as desk:
        load(desk, dirty)
        patient_id = desk.desk.index.find("vega marisol")[0].patient_id
        by = desk.desk.by(desk.people["ann"])
        assert desk.desk.registration.view(by, patient_id).demographics.given == "Marisol"
        desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), patient_id, {"family": "Vega-Trujillo"})
        assert desk.desk.registration.view(desk.desk.by(desk.people["ann"]), patient_id).demographics.family == "Vega-Trujillo"
        assert found(desk, "vegatrujillo") == ["1"]
        wider = desk.desk.index.wider(SearchTerms(family="trujillo", given="marisol"))
        assert [one.source_id for one in wider] == ["1"]


@pytest.mark.parametrize(("family", "given"), [("Vegga", "Marisol"), ("Marisol", "Vega"), ("Vega", "Marysol"), ("VEGA", "M")])
def test_wider_forgives(dirty: Path, family: str, given: str) -> None:
    with a_desk() as desk:
        load(desk, dirty)
        assert [one.source_id for one in desk.desk.index.wider(SearchTerms(family=family, given=given))][:1] == ["1"]


def test_names_as_typed_and_exchanged_are_listed_whole(dirty: Path) -> None:
    with a_desk() as desk:
        load(desk, dirty)
        straight = desk.desk.index.find_by(SearchTerms(family="ve", given="m"))
        exchanged = desk.desk.index.find_by(SearchTerms(family="marisol", given="v"))
        assert straight == exchanged == desk.desk.index.find_by(SearchTerms(given="mar"))
        (one,) = straight
        assert (one.family, one.given, str(one.birth_date), one.sex) == ("Vega", "Marisol", "1987-03-14", "female")
        assert (digits_of(one.phone), one.agrees, one.nobody) == ("2165550100", {"name": True}, 0)
        (whole,) = desk.desk.index.side_by_side(SearchTerms(family="ve", given="m"))
        assert (whole.patient_id, whole.source_id, whole.demographics.ssn) == (one.patient_id, "1", "1234")
        assert (whole.agrees, whole.score, whole.why, whole.last_visit_at) == ({"name": True}, 1.0, ("name",), None)
        assert in_short(whole) == one


def test_a_keystroke_reads_nothing_but_covering_indexes() -> None:
    """A row, or an index that leads to everybody whose name begins alike, would have a keystroke wait for thousands of pages."""
    begun, whole = "(facility_id=? AND family_key>?", "(facility_id=? AND family_key=? AND given_key=? AND born=?)"
    all_of_it = "listed (facility_id=? AND family_key=? AND given_key>?"
    longer = ["initial (facility_id=? AND initial=? AND family_key>?", f"listed {whole}"]
    stepped = ["given (facility_id=? AND given_key=? AND family_key>?", f"listed {whole}"]
    asked = {
        listed._FAMILY: [f"listed {begun}"],
        listed._GIVEN: ["given (facility_id=? AND given_key>?", f"listed {whole}"],
        listed._BOTH: [all_of_it, *longer, all_of_it, *longer],
        listed._BOTH_FAMILY_FURTHER: [all_of_it, *longer, all_of_it, *stepped],
        listed._BOTH_GIVEN_FURTHER: [all_of_it, *stepped, all_of_it, *longer],
    }
    with a_desk() as desk, read_transaction(desk.desk.journal.engine) as connection:
        for statement, steps in asked.items():
            plan = [row[3] for row in index.ask(connection, f"EXPLAIN QUERY PLAN {statement}", "F", *"vwmn", 20)]
            found = [step for step in plan if step.startswith(("SEARCH a ", "SEARCH s "))]
            assert len(found) == len(steps), plan
            assert all(f"COVERING INDEX ix_patient_search_{step}" in line for step, line in zip(steps, found, strict=True)), plan
            assert not any("patient_search" in step and "COVERING" not in step for step in plan), plan


def test_who_is_found_with_names_straight_and_exchanged_is_listed_once(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    names = [
        *((f"Lee{chr(97 + at)}", f"Leeann{chr(97 + at)}") for at in range(15)),
        *((f"Leeds{at}", "Lorna") for at in range(9)),
    ]
    path.write_text("source_id,family,given\n" + "".join(f"{at},{one},{two}\n" for at, (one, two) in enumerate(names)))
    with a_desk() as desk:
        load(desk, path)
        for family, given, wanted in (("Le", "Lee", names[:15]), ("Lee", "Lee", names[:15]), ("Leeann", "Lee", names[:15])):
            found = desk.desk.index.find_by(SearchTerms(family=family, given=given))
            assert sorted((one.family, one.given) for one in found) == sorted(wanted)
        everybody = desk.desk.index.find_by(SearchTerms(family="L", given="L"))
        assert len({one.patient_id for one in everybody}) == len(everybody) == 20


def test_more_letters_of_both_names_leave_fewer_and_exchange_them_as_well(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    names = [
        ("Lopez", "Mara"),
        ("Lopez", "Marisol"),
        ("Mara", "Lopez"),
        ("Marisol", "Lopezano"),
        ("Lo", "Mar"),
        ("Marin", "Lola"),
    ]
    path.write_text("source_id,family,given\n" + "".join(f"{at},{one},{two}\n" for at, (one, two) in enumerate(names)))
    with a_desk() as desk:
        load(desk, path)

        def typed(family: str, given: str) -> set[tuple[str, str]]:
            return {(one.family, one.given) for one in desk.desk.index.find_by(SearchTerms(family=family, given=given))}

        assert typed("Lo", "m") == set(names)
        assert typed("Lopez", "Mar") == typed("Mar", "Lopez") == set(names[:4])
        assert typed("Lopez", "Mara") == typed("mara", "lopez") == {names[0], names[2]}
        assert typed("Marisol", "Lopeza") == typed("Lopeza", "Marisol") == {names[3]}
        assert typed("Marisol", "Lopezanos") == typed("Lopezanos", "M") == set()


def test_a_name_of_any_length_is_found_by_its_beginning(tmp_path: Path) -> None:
    long = "Ab" * 5_000
    path = tmp_path / "long.csv"
    path.write_text(f"source_id,family,given\n1,{long},Mara\n")
    with a_desk() as desk:
        load(desk, path)
        (one,) = desk.desk.index.find_by(SearchTerms(family=long, given="Mar"))
        assert one.family == long
        with read_transaction(desk.desk.journal.engine) as connection:
            forms = index.ask(connection, "SELECT count(*), max(length(name)) FROM name_variants WHERE field = 'family'")
        assert forms[0][0] <= forms[0][1] + 1 <= 200


def test_parts_of_double_names_stand_once_and_single_names_need_no_more_rows() -> None:
    def rows(*families: str) -> set[tuple[object, ...]]:
        return {row[1:] for row in variants("F", [("family", family) for family in families]).rows}

    assert rows("Vega") == {(shorter, "family", "vega") for shorter in ("vega", "ega", "vga", "vea", "veg")}
    trujillo, lee = rows("Trujillo"), {("lee", "family_half", "smithlee"), ("smith", "family_half", "smithlee")}
    one, both = rows("Vega-Trujillo"), rows("Vega-Trujillo", "Lynch-Trujillo", "Trujillo")
    assert rows("Vega") | trujillo | {("vega", "family_half", "vegatrujillo"), ("trujillo", "family_half", "vegatrujillo")} < one
    assert len([row for row in both if row[2] == "trujillo"]) == len(trujillo)
    # Three letters less one are anybody's.
    assert rows("Smith-Lee") >= lee
    assert not [row for row in rows("Smith-Lee") if row[2] == "lee"]


def test_a_number_says_who_agrees_whatever_number_it_is(dirty: Path) -> None:
    with a_desk() as desk:
        load(desk, dirty)
        for number in ("1234", "219091234", "219-09-1234", "1"):
            (one,) = desk.desk.index.find_by(SearchTerms(family="vega", number=number))
            assert one.agrees == {"name": True, "number": True}, number
        (other,) = desk.desk.index.find_by(SearchTerms(family="vega", number="4321"))
        assert other.agrees == {"name": True, "number": False}


def test_somebody_who_arrives_again_is_a_candidate(dirty: Path) -> None:
    with a_desk() as desk:
        load(desk, dirty)
        born = desk.desk.index.find("vega marisol")[0].demographics.birth_date
        again = desk.desk.index.candidates(Demographics(family="Vegas", given="Marisol", birth_date=born, sex="female"))
        assert [one.record.source_id for one in again] == ["1"]
        assert again[0].judgement.band == "same"
        twin = desk.desk.index.candidates(Demographics(family="Vega", given="Teresa", birth_date=born, sex="female"))
        assert twin == []


def test_every_pair_is_listed_once_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    rows = ["source_id,family,given,birth_date,zip", "a,Okonkwo,Adaeze,1990-05-05,44301", "b,Okonkwo,Adaeze,1990-05-05,44301"]
    rows += ["c,Adaeze,Okonkwo,05/05/1990,44301", "d,Other,Person,1950-01-01,44301"]
    path.write_text("\n".join(rows) + "\n")
    with a_desk() as desk:
        load(desk, path)
        pairs = [(pair.a.source_id, pair.b.source_id, pair.band) for pair in desk.desk.index.duplicates()]
        assert sorted(pairs) == [("a", "b", "same"), ("a", "c", "same"), ("b", "c", "same")]


def test_content_that_was_changed_is_a_fault(dirty: Path) -> None:
    with a_desk() as desk:
        load(desk, dirty)
        with write_transaction(desk.desk.journal.engine) as connection:
            kept = connection.exec_driver_sql("SELECT content FROM blobs").scalar_one()
            connection.exec_driver_sql("UPDATE blobs SET content = zeroblob(length(content))")
        faults = verify(desk.desk.journal, {"desk": desk.public_key}).faults
        assert [fault.what for fault in faults] == ["what it names is not in the file, or was changed"]
        with write_transaction(desk.desk.journal.engine) as connection:
            connection.exec_driver_sql("UPDATE blobs SET content = ?", (kept,))


def test_an_import_names_its_content() -> None:
    body = PatientsImported(Content("a" * 64, 10), 1, "b" * 64)
    assert body.batch.size == 10


INDEXES = {index.name for index in metadata.tables["patient_search"].indexes} - {"ix_patient_search_family"}


def indexes_of(home: Path) -> set[str]:
    with app.open_to_read(home) as opened, read_transaction(opened.desk.journal.engine) as connection:
        asked = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'patient_search' AND sql IS NOT NULL"
        return {row[0] for row in index.ask(connection, asked)}


def test_indexes_that_a_load_set_aside_are_there_when_it_ends_or_fails(tmp_path: Path) -> None:
    def rows(count: int) -> Iterator[ImportedRow]:
        for number in range(count):
            yield ImportedRow(str(number), str(number), f"Fam{number}", "Mara", "", "", "", "", "", "", "", "", "", "", "", {})
        raise UnreadableCsvError("it stopped being readable")

    with a_desk() as desk:
        loading = desk.desk.index_import
        loading.rows_in_a_batch = 100
        seen: list[int] = []

        def missing(_: object) -> None:
            with read_transaction(desk.desk.journal.engine) as connection:
                seen.append(len(bulk_indexes.missing(connection)))

        with pytest.raises(UnreadableCsvError):
            loading.load(rows(250), "ab" * 32, missing)
        assert seen == [0, 8]
        missing(None)
        assert seen[-1] == 0
        assert len(desk.desk.index.find_by(SearchTerms(family="fam199"))) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_killed_half_way_a_second_import_finishes(tmp_path: Path) -> None:
    path, home = tmp_path / "many.csv", tmp_path / "home"
    rows = "".join(f"{number},Family{number},Given{number % 97},19{number % 90 + 10}-01-02\n" for number in range(2_500))
    path.write_text("source_id,family,given,birth_date\n" + rows)
    program = [sys.executable, "-m", "access_desk", "patients", "import", "--home", str(home), str(path)]
    kill = (
        "import os, signal, sys; from access_desk.services import index_import; "
        "record = index_import.IndexImport._record\n"
        "def twice(*given):\n record(*given); given[-1].loaded < 2_000 or os.kill(os.getpid(), signal.SIGKILL)\n"
        "index_import.IndexImport._record, index_import.IndexImport.rows_in_a_batch = twice, 1_000\n"
        "from access_desk.cli import main; main(sys.argv[1:])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", kill, *program[3:]], check=False, env=environment)
    assert killed.returncode == -signal.SIGKILL
    assert indexes_of(home) < INDEXES
    again = subprocess.run(program, check=True, env=environment, capture_output=True, text=True)
    assert again.stdout == "500 patients loaded, 2000 were in the index already\n"
    assert indexes_of(home) == INDEXES
    checked = subprocess.run(
        [sys.executable, "-m", "access_desk", "verify", "--home", str(home)],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert "replay equal" in checked.stdout


DAYS = st.dates(date(1890, 1, 1), date(2030, 1, 1)).map(date.isoformat)


@st.composite
def alike_days(draw: st.DrawFn) -> tuple[str, str]:
    """A day, and the same with some of its digits exchanged or overtyped."""
    one = draw(DAYS)
    other = list(one)
    for _ in range(draw(st.integers(0, 3))):
        here, there = draw(st.sampled_from((0, 1, 2, 3, 5, 6, 8, 9))), draw(st.sampled_from((0, 1, 2, 3, 5, 6, 8, 9)))
        other[here], other[there] = (other[there], other[here]) if draw(st.booleans()) else (draw(st.sampled_from("0129")), "1")
    return one, "".join(other)


def test_a_name_counts_more_than_the_sex_and_a_near_name_more_than_a_birth_date_alone(tmp_path: Path) -> None:
    path = tmp_path / "born.csv"
    others = "".join(f"{at},A{at},Ann,1953-05-08,F\n" for at in range(30))
    path.write_text(f"source_id,family,given,birth_date,sex\n{others}W,Wenenton,Marjorie,1953-05-08,M\n")
    born = date(1953, 5, 8)
    with a_desk() as desk:
        load(desk, path)
        typed = SearchTerms(family="wenenton", given="marj", birth_date=born, sex="female")
        assert desk.desk.index.find_by(typed)[0].family == "Wenenton"
        slip = SearchTerms(family="wenenten", given="marjorie", birth_date=born)
        assert [one.source_id for one in desk.desk.index.wider(slip)][:1] == ["W"]
        assert len({one.patient_id for one in desk.desk.index.wider(slip)}) == 20


UNREAD = st.tuples(DAYS, st.sampled_from(("", "1987-03", "about 1987", "1987-03/14")))


@given(st.one_of(alike_days(), st.tuples(DAYS, DAYS), UNREAD))
def test_a_near_birth_date_is_told_as_matching_has_it(days: tuple[str, str]) -> None:
    one, other = days
    is_near = date_level(one, other) in ("exact", "slip", "near", "missing")
    assert is_near_date(one, other) == is_near_date(other, one) == is_near
