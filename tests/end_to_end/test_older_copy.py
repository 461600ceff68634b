"""An older copy of the desk's file is put back: found by the heads kept beside it, and by the head on paper."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from access_desk.app import open_to_read, open_to_write
from access_desk.cli import main
from access_desk.commands.demo import demo_day, play_part
from access_desk.domain.errors import UnavailableError

LEFT_BEHIND = ("desk.db-wal", "desk.db-shm")


def head_of(home: Path) -> tuple[int, str]:
    with open_to_read(home) as opened:
        return opened.desk.journal.head.seq, opened.desk.journal.head.hash


def go_on(home: Path) -> None:
    """A little more is recorded."""
    day = demo_day()
    with open_to_write(home) as opened:
        who = opened.desk.people.staff()[0]
        opened.desk.people.sign_in(who.person_id, next(one.pin for one in day.staff if one.key == who.key))


def put_back(copy: Path, home: Path) -> None:
    for name in LEFT_BEHIND:
        (home / name).unlink(missing_ok=True)
    shutil.copy(copy / "desk.db", home / "desk.db")


@pytest.fixture
def grown(tmp_path: Path) -> tuple[Path, Path]:
    """A home, and a copy of it from before its last events."""
    home, copy = tmp_path / "home", tmp_path / "copy"
    play_part(home, 0.1)
    shutil.copytree(home, copy)
    go_on(home)
    assert head_of(home)[0] > head_of(copy)[0]
    return home, copy


def test_the_desk_does_not_open_on_it_and_verify_says_why(grown: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    home, copy = grown
    seq, _ = head_of(home)
    assert main(["verify", "--home", str(home)]) == 0
    old, _ = head_of(copy)
    put_back(copy, home)
    with (
        pytest.raises(UnavailableError, match=rf"ends at event {old}, but this desk has recorded event {seq}"),
        open_to_write(home),
    ):
        pass
    capsys.readouterr()
    assert main(["verify", "--json", "--home", str(home)]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["sequence"] == old + 1
    assert f"the log ends before event {seq}" in fault["what"]


def test_with_the_old_heads_beside_it_the_head_on_paper_still_tells(grown: tuple[Path, Path]) -> None:
    home, copy = grown
    seq, digest = head_of(home)
    put_back(copy, home)
    shutil.copy(copy / "heads.json", home / "heads.json")
    assert main(["verify", "--home", str(home)]) == 0, "everything on this computer agrees: only something outside can tell"
    assert main(["verify", "--head", f"{seq}:{digest[:8]}", "--home", str(home)]) == 1


def test_heads_that_somebody_else_wrote_are_refused(grown: tuple[Path, Path]) -> None:
    home, copy = grown
    put_back(copy, home)
    heads = json.loads((home / "heads.json").read_text())
    for one in heads["heads"].values():
        one["seq"], one["hash"] = head_of(copy)
    (home / "heads.json").write_text(json.dumps(heads))
    assert main(["verify", "--home", str(home)]) == 1
