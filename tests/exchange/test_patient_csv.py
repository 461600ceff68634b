"""A patient index as CSV, as other systems write it: one bad cell never costs another row."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from access_desk.commands.patients import Rejects
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.exchange.patient_csv import PatientCsv, Rejected

HEADER = b"source_id,family,given,line\r\n"
LAST = b"9,Roe,Jim,12 Elm\r\n"
NINE = ("9", "Roe", "Jim", "12 Elm")


def read(path: Path, content: bytes) -> list[ImportedRow | Rejected]:
    path.write_bytes(content)
    return list(PatientCsv(path, date(2026, 11, 29)).rows())


def cells(row: ImportedRow | Rejected) -> tuple[str, ...]:
    return (row.source_id, row.family, row.given, row.line) if isinstance(row, ImportedRow) else (row.reason,)


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (b"1,Doe,Jane,a\rb\r\n", ("1", "Doe", "Jane", "a b")),
        (b'1,Doe,"Jane,a\r\n', ("1", "Doe", "Jane", "a")),
        (b'1,"Doe"x,"Jane,a\r\n', ("1", "Doex", "Jane", "a")),
        (b'1,O"Brien,Jane "JJ",a\r\n', ("1", 'O"Brien', 'Jane "JJ"', "a")),
        (b'1,Doe,Jane,"a\r\nb"\r\n', ("1", "Doe", "Jane", "a\r\nb")),
        (b'1,"Doe, ""JJ""",Jane,a\r\n', ("1", 'Doe, "JJ"', "Jane", "a")),
        (b"1,Doe,Jane," + b"a" * 200_000 + b"\r\n", ("1", "Doe", "Jane", "a" * 200_000)),
        (b"1,D\0oe,Jos\xe9,a\r\n", ("1", "Doe", "José", "a")),
    ],
)
def test_a_bad_cell_spoils_no_other_row(tmp_path: Path, row: bytes, wanted: tuple[str, ...]) -> None:
    found = read(tmp_path / "index.csv", HEADER + row + LAST * 3 + b'8,"Poe","Ann",x\r\n')
    assert [cells(one) for one in found] == [wanted, NINE, NINE, NINE, ("8", "Poe", "Ann", "x")]


def test_the_lines_of_an_old_mac(tmp_path: Path) -> None:
    content = (HEADER + b"1,Doe,Jane,a\r\n" + LAST).replace(b"\r\n", b"\r")
    assert [cells(one) for one in read(tmp_path / "index.csv", content)] == [("1", "Doe", "Jane", "a"), NINE]


@given(st.lists(st.lists(st.sampled_from(['"', ",", "\n", "\r\n", "a", "é", '"a"', '""']), max_size=12).map("".join), max_size=6))
@example(['1,Doe,"Jane,a'])
def test_every_row_that_is_sound_by_itself_is_read(tmp_path_factory: pytest.TempPathFactory, junk: list[str]) -> None:
    """Whatever stands before them: rows are told apart from the cell that was never ended."""
    path = tmp_path_factory.mktemp("csv") / "index.csv"
    sound = b"".join(b'"s%d","Roe","Jim","12 Elm"\r\n' % number for number in range(60))
    found = read(path, HEADER + "".join(f"{one}\r\n" for one in junk).encode() + sound)
    ids = [one.source_id for one in found if isinstance(one, ImportedRow)]
    assert [one for one in ids if one.startswith("s")] == [f"s{number}" for number in range(60)]


def test_rejected_rows_can_be_put_right_in_their_file(tmp_path: Path) -> None:
    """Its own columns are named so that they are no one's address."""
    path = tmp_path / "index.csv"
    rows = read(path, HEADER + b",Doe,Jane,12 Elm\r\n")
    rejects = Rejects(tmp_path / "index.rejected.csv", PatientCsv(path, date(2026, 11, 29)).header)
    assert list(rejects.without(iter(rows))) == []
    with rejects.path.open(newline="", encoding="utf-8") as stream:
        header, row = csv.reader(stream)
    row[header.index("source_id")] = "1"
    assert [cells(one) for one in read(path, "\r\n".join((",".join(header), ",".join(row))).encode())] == [
        ("1", "Doe", "Jane", "12 Elm")
    ]
