"""`access-desk play`: a day file through the same use cases that the screens call."""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

from access_desk import app
from access_desk.cli import DONE, NO, WrongUseError
from access_desk.commands.pace import Pace
from access_desk.domain.day import Day, StepOutcome
from access_desk.exchange.day_file import UnreadableFileError, read_day
from access_desk.services.play import DayPlayer
from access_desk.services.result import day_result, verify
from access_desk.system.clock import ManualClock


def run(arguments: argparse.Namespace) -> int:
    """Play the files in order, each into the same home."""
    days = [read(path) for path in arguments.files]
    home = arguments.home or Path(tempfile.mkdtemp(prefix="access-desk-play-"))
    try:
        statuses = [_play(day, home, arguments) for day in days]
    finally:
        if arguments.home is None:
            shutil.rmtree(home, ignore_errors=True)
    return max(statuses)


def read(path: Path) -> Day:
    """A day file. Raises WrongUseError saying where and why it cannot be read."""
    try:
        return read_day(path.read_bytes())
    except OSError as wrong:
        raise WrongUseError(f"{path}: {wrong.strerror or 'it cannot be read'}") from wrong
    except UnreadableFileError as wrong:
        raise WrongUseError(f"{path}: {wrong}") from wrong


def _play(day: Day, home: Path, arguments: argparse.Namespace) -> int:
    clock = ManualClock(app.BEFORE_ANY_STEP)
    with app.open_practice_desk(home, clock, facility_id=day.facility.code) as opened:
        facility = opened.desk.provisioning.day(day)
        player = DayPlayer(day, opened.desk.journal, clock, opened.desk.for_day())
        player.learn(facility)
        outcomes = _outcomes(opened, home, player, clock, arguments)
        papers = _papers(opened, arguments.out) if arguments.out else []
        result = day_result(opened.desk.journal, outcomes, verify(opened.desk.journal, opened.trusted_keys), papers)
    _tell(result, arguments.json)
    unexpected = [outcome for step, outcome in zip(day.steps, outcomes, strict=True) if not outcome.as_the_file_says(step)]
    for outcome in unexpected:
        sys.stderr.write(_unexpected(outcome))
    return NO if unexpected else DONE


def _outcomes(
    opened: app.OpenedDesk, home: Path, player: DayPlayer, clock: ManualClock, arguments: argparse.Namespace
) -> list[StepOutcome]:
    if not arguments.show:
        return player.play(Pace(player.day, clock, arguments.speed).after_step)
    # Only a play that is watched pays for loading the window.
    show = importlib.import_module("access_desk.commands.show")
    watched: list[StepOutcome] = show.play_on_screen(opened.desk, home, player, arguments.speed)
    return watched


def _papers(opened: app.OpenedDesk, folder: Path) -> list[str]:
    # Only a play that writes papers pays for loading what draws them.
    paper_files = importlib.import_module("access_desk.commands.paper_files")
    names: list[str] = paper_files.write_all(opened.desk, folder)
    return names


def _unexpected(outcome: StepOutcome) -> str:
    ended = f"refused ({outcome.code})" if outcome.refused else "ok"
    return f"access-desk play: step {outcome.n} ({outcome.do}) ended {ended}, which its file does not say\n"


def _tell(result: dict[str, object], target: str | None) -> None:
    if target is None:
        sys.stdout.write(summary(result))
        return
    text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise WrongUseError(f"{target}: {wrong.strerror or 'it cannot be written'}") from wrong


def summary(result: dict[str, object]) -> str:
    """The result in words: a line a custody, then the ledger and the log."""
    lines: list[str] = []
    custodies, steps, log, ledger = result["custodies"], result["steps"], result["log"], result["ledger"]
    assert isinstance(custodies, list)  # noqa: S101 - day_result made it
    assert isinstance(steps, list)  # noqa: S101
    assert isinstance(log, dict)  # noqa: S101
    assert isinstance(ledger, dict)  # noqa: S101
    refused = sum(step["ended"] == "refused" for step in steps)
    lines.append(f"{len(steps)} steps, {refused} refused; {result['patients']} patients, {result['visits']} visits")
    for one in custodies:
        head = f"{one['drawer']}  {one['holder']:<12} {one['business_date']} {one['shift']:<8}"
        if one["closed_at"] is None:
            lines.append(f"{head} open, {one['receipts']['issued']} receipts")
            continue
        differences = ", ".join(f"{tender} {amount}" for tender, amount in one["over_short"].items() if amount != "0.00")
        lines.append(
            f"{head} {one['receipts']['issued']:>3} receipts, cash counted {one['counted']['cash']}, "
            f"over/short {differences or '0.00'}"
        )
    lines.append(f"ledger sum {ledger['sum']}; log {log['events']} events, chain {log['chain']}, replay {log['replay']}")
    documents = result["documents"]
    assert isinstance(documents, list)  # noqa: S101
    lines += [f"{len(documents)} papers written"] if documents else []
    return "\n".join(lines) + "\n"
