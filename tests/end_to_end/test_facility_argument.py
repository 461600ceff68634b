"""A command of a desk that serves several facilities is told which one it is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from access_desk.app import open_practice_desk
from access_desk.cli import main
from access_desk.domain.facility.events import FacilityEstablished
from access_desk.system.clock import SystemClock

_CSV = "source_id,family,given,birth_date\n1,Vega,Marisol,1987-03-14\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for code in ("CHR", "LKS"):
        with open_practice_desk(tmp_path / "home", SystemClock(), facility_id=code) as one:
            one.desk.provisioning.establish(FacilityEstablished(code, code, "America/Chicago"))
    return tmp_path / "home"


def _found(home: Path, capsys: pytest.CaptureFixture[str], *of: str) -> list[str]:
    capsys.readouterr()
    main(["patients", "find", "vega", "--json", "--home", str(home), *of])
    return [one["family"] for one in json.loads(capsys.readouterr().out)["patients"]]


def test_an_index_is_loaded_and_searched_where_it_is_said(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = tmp_path / "index.csv"
    index.write_text(_CSV, encoding="utf-8")
    assert main(["patients", "import", str(index), "--facility", "CHR", "--home", str(home)]) == 0
    assert _found(home, capsys, "--facility", "CHR") == ["Vega"]
    assert _found(home, capsys, "--facility", "LKS") == []
    assert _found(home, capsys) == [], "it opens with the last one that it began"


def test_a_facility_that_the_desk_does_not_serve_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--facility", "NEW", "--home", str(home)]) == 1
    assert "does not serve NEW. It serves CHR, LKS." in capsys.readouterr().err


def test_a_home_without_a_desk_is_not_made_for_a_facility(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = tmp_path / "index.csv"
    index.write_text(_CSV, encoding="utf-8")
    assert main(["patients", "import", str(index), "--facility", "NEW", "--home", str(tmp_path / "none")]) == 1
    assert "no desk" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
