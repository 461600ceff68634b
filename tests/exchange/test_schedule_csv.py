"""Expected visits from a dirty file, through the command: recorded once, rejected with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from access_desk import app
from access_desk.cli import main
from access_desk.presentation.first_start import PRACTICE_FACILITY
from access_desk.system.clock import SystemClock

ROWS = """Source_ID,family,given,birth_date,scheduled_at,type,service,pre_registered,attending_npi,room
S-1,Boyd,Carl,12/09/1961,2026-11-24T11:15,outpatient,Physical therapy,yes,,4
S-2,Ferreira,Ana,1998-06-04,11/24/2026 11:30 AM,,Ultrasound,,1234567893,4
,Nobody,No,1990-01-01,2026-11-24T12:00,,,,,
S-4,Late,Lee,1990-01-01,whenever,,,,,
S-5,NULL,,,2026-11-24T12:00,,,,,
S-6,Wrong,Npi,1990-01-01,2026-11-24T12:00,,,,1234567890,
S-7,Odd,Type,1990-01-01,2026-11-24T12:00,picnic,,,,
S-8,No,Hour,1990-01-01,2026-11-24,,,,,
S-1,Boyd,Carl,1961-12-09,2026-11-24T11:15,outpatient,Physical therapy,yes,,4
"""


def a_home(folder: Path) -> Path:
    with app.open_practice_desk(folder / "home", SystemClock(), facility_id="CHR") as opened:
        from_app = opened.desk.provisioning
        from_app.establish(PRACTICE_FACILITY)
    return folder / "home"


def test_good_rows_are_in_and_the_others_say_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, path = a_home(tmp_path), tmp_path / "tomorrow.csv"
    path.write_text(ROWS, encoding="utf-8")
    assert main(["visits", "import", str(path), "--home", str(home)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("2 expected visits recorded, 0 known already, 7 rejected")
    assert "room" in said.err
    rejected = (tmp_path / "tomorrow.rejected.csv").read_text("utf-8").splitlines()
    assert len(rejected) == 8
    reasons = [line.rpartition(",")[2] for line in rejected[1:]]
    assert reasons[:2] == ["source_id is missing", "scheduled_at cannot be read"]
    assert reasons[-1] == "the same source_id stands in the file twice"
    assert not any("Nobody" in reason for reason in reasons)
    assert main(["visits", "import", str(path), "--home", str(home)]) == 0
    assert capsys.readouterr().out.startswith("0 expected visits recorded, 2 known already")


def test_a_file_that_is_none_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.csv"
    path.write_text("name,when\nBoyd,now\n", encoding="utf-8")
    assert main(["visits", "import", str(path), "--home", str(tmp_path / "home")]) == 2
    assert main(["visits", "import", str(tmp_path / "none.csv"), "--home", str(tmp_path / "home")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert "line 1: the column source_id is missing" in lines[0]
    assert len(lines) == 2
    assert not (tmp_path / "home").exists()


def test_one_bad_cell_costs_one_row_at_most(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A quote that is never ended, a cell of any length, a year that no calendar tells in every time zone."""
    home, path = a_home(tmp_path), tmp_path / "tomorrow.csv"
    rows = (
        'S-1,"Boyd,Carl,1961-12-09,2026-11-24T11:15',
        "S-2,Ferreira,Ana,1998-06-04,2026-11-24T11:30",
        f"S-3,{'a' * 200_000},Ana,1998-06-04,2026-11-24T11:30",
        "S-4,Long,Ago,1998-06-04,0001-01-01T00:00+14:00",
        "S-5,Far,Off,1998-06-04,9999-12-31T23:59",
    )
    path.write_text("\n".join(("source_id,family,given,birth_date,scheduled_at", *rows)), encoding="utf-8")
    assert main(["visits", "import", str(path), "--home", str(home)]) == 0
    assert capsys.readouterr().out.startswith("3 expected visits recorded, 0 known already, 2 rejected")
