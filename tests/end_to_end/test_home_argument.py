"""The data folder is named before the command or after it; either way it is the one that is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from access_desk.cli import main
from access_desk.commands.demo import play_part


@pytest.fixture
def home(tmp_path: Path) -> Path:
    play_part(tmp_path / "home", 0.02)
    return tmp_path / "home"


def test_the_folder_may_stand_before_the_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(home), "verify"]) == 0
    before = capsys.readouterr().out
    assert main(["verify", "--home", str(home)]) == 0
    assert capsys.readouterr().out == before
    assert "chain intact" in before


def test_the_one_beside_the_command_counts_when_both_are_given(home: Path, tmp_path: Path) -> None:
    assert main(["--home", str(tmp_path / "elsewhere"), "verify", "--home", str(home)]) == 0
    assert not (tmp_path / "elsewhere").exists()
