"""The command line: reads the arguments, starts the command, turns what goes wrong into one line and an exit status.

Exit status: 0 done, 1 the answer is no, 2 wrong use or unreadable input. This is the start-up module: the only place
where imports wait until they are needed, so that the window is painted before anything heavy is loaded.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from access_desk import __version__
from access_desk.domain.errors import DeskError, UnavailableError

DONE, NO, WRONG_USE = 0, 1, 2
MIN_SIDE, MAX_SIDE = 240, 7680
MOST_HOURS = 8_760
THEMES = ("light", "dark", "high-contrast")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {message} (see {self.prog} --help)\n")


class WrongUseError(Exception):
    """Wrong use or unreadable input; the text is one line: what and where."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    arguments = _parser().parse_args(argv)
    try:
        command = importlib.import_module(f"access_desk.commands.{arguments.module}")
    except ModuleNotFoundError as missing:
        if arguments.command != "central":
            raise
        text = f"{missing.name} is not installed; central needs: pip install 'access-desk[server]'"
        return _say(arguments, text, WRONG_USE)
    try:
        status: int = command.run(arguments)
    except WrongUseError as wrong:
        return _say(arguments, str(wrong), WRONG_USE)
    except (DeskError, UnavailableError) as no:
        return _say(arguments, no.text, NO)
    except KeyboardInterrupt:
        return _say(arguments, "stopped; what was recorded stays recorded", NO)
    except BrokenPipeError:
        return NO
    return status


def _say(arguments: argparse.Namespace, text: str, status: int) -> int:
    name = f"access-desk {arguments.command}" if arguments.command else "access-desk"
    sys.stderr.write(f"{name}: {' '.join(text.split())}\n")
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="access-desk",
        description="Registration, cash and hand-off for hospital admitting desks. Without a command: the window.",
        epilog="example: access-desk --home ~/practice",
    )
    parser.add_argument("--version", action="version", version=f"access-desk {__version__}")
    _home(parser)
    parser.set_defaults(command=None, module="window", home=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    _add_play(commands)
    _add_papers(commands)
    _add_patients(commands)
    _add_upkeep(commands)
    _add_visits(commands)
    _add_pictures(commands)
    _add_central(commands)
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no public name


def _add(commands: _Commands[_Parser], name: str, does: str, example: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=does, epilog=f"example: access-desk {example}")
    command.set_defaults(module=name)
    return command


def _home(parser: argparse.ArgumentParser, says: str = "the desk's data folder") -> None:
    # Suppressed: a default of the command's own would undo what was given before its name.
    parser.add_argument("--home", type=Path, default=argparse.SUPPRESS, metavar="DIR", help=says)


def _of_facility(parser: argparse.ArgumentParser) -> None:
    says = "of this one of the facilities that the desk serves (default: the one that it opens with)"
    parser.add_argument("--facility", default="", metavar="CODE", help=says)


def _add_play(commands: _Commands[_Parser]) -> None:
    play = _add(commands, "play", "Play a day file through the desk.", "play day.json --out papers --json result.json")
    play.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a day file")
    _home(play, "practice desk to play on (default: a fresh one)")
    play.add_argument("--out", type=Path, default=None, metavar="DIR", help="write the papers here")
    play.add_argument("--json", default=None, metavar="FILE", help="write the result here; - for standard output")
    play.add_argument("--speed", type=_factor, default=0.0, metavar="FACTOR", help="this many times the day's own pace")
    play.add_argument("--show", action="store_true", help="play it through the real screens at a watchable speed")


def _factor(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("a factor above 0 is needed")
    return value


def _add_papers(commands: _Commands[_Parser]) -> None:
    sheet = _add(commands, "sheet", "Print a cash sheet again, as a copy.", "sheet CS-1123-D3-D --out sheet.pdf")
    sheet.add_argument("custody", metavar="CUSTODY", help="a sheet's number or a custody's id")
    sheet.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    _home(sheet)
    _of_facility(sheet)
    report = _add(commands, "report", "Print a report.", "report end-of-shift --date 2026-11-23 --shift day --out day.pdf")
    says = "emtala: payments before the screening exam; quality: error rate of registrations; rules: what they are held to"
    report.add_argument("report", choices=["end-of-shift", "emtala", "quality", "rules"], help=says)
    report.add_argument("--date", metavar="YYYY-MM-DD", help="end-of-shift: the business date")
    report.add_argument("--shift", default=None, help="end-of-shift: one shift; without it the whole business date")
    report.add_argument("--out", type=Path, metavar="FILE.pdf", help="end-of-shift: where to write it")
    report.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="emtala, quality: the first day")
    report.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="emtala, quality: the last day")
    report.add_argument("--json", action="store_true", help="without --out: say it so that a machine can read it")
    _home(report)
    _of_facility(report)


def _add_patients(commands: _Commands[_Parser]) -> None:
    patients = _add(commands, "patients", "Load, search and check the patient index.", "patients find vega marisol 3/14/87")
    actions = patients.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=_Parser)

    def action(name: str, does: str, example: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=does, description=does, epilog=f"example: access-desk patients {example}")
        _home(made)
        _of_facility(made)
        return made

    loaded = action("import", "Load a patient index from CSV; what is in it already is left alone.", "import index.csv")
    loaded.add_argument("file", type=Path, metavar="FILE.csv")
    find = action("find", "Find a patient by everything in one line.", "find vega marisol 3/14/87")
    find.add_argument("text", nargs="+", metavar="TEXT", help="names, birth date, MRN, phone, last four of the SSN")
    find.add_argument("--json", action="store_true", help="say it so that a machine can read it")
    action("sweep", "Compare the whole index and put every probable duplicate before the leads; may be stopped.", "sweep")
    pairs = action("duplicates", "List every probable duplicate.", "duplicates --json pairs.json")
    pairs.add_argument(
        "--json", nargs="?", const="-", default=None, metavar="FILE", help="write them here; - for standard output"
    )


def _add_upkeep(commands: _Commands[_Parser]) -> None:
    verify = _add(commands, "verify", "Check every page and every event of the desk's file.", "verify --head 1042:9f3a77c2")
    verify.add_argument(
        "--head", action="append", default=[], metavar="SEQ:HASH", help="a log head from a printed paper; may be repeated"
    )
    verify.add_argument("--json", action="store_true", help="say it so that a machine can read it")
    _home(verify)
    _of_facility(verify)
    for name, does in (("backup", "Write an encrypted copy of the desk."), ("restore", "Put a backup in the desk's place.")):
        command = _add(commands, name, does, f"{name} desk.backup")
        command.add_argument("file", type=Path, metavar="FILE")
        _home(command)
    doctor = _add(commands, "doctor", "Say what is missing on this computer.", "doctor")
    doctor.add_argument("--json", action="store_true", help="say it so that a machine can read it")
    _home(doctor)


def _add_visits(commands: _Commands[_Parser]) -> None:
    visits = _add(commands, "visits", "Import expected visits from a scheduling system.", "visits import tomorrow.csv")
    visits.add_argument("what", choices=["import"])
    visits.add_argument("file", type=Path, metavar="FILE.csv", help="rows that cannot be used go to FILE.rejected.csv")
    _home(visits)
    _of_facility(visits)


def _add_pictures(commands: _Commands[_Parser]) -> None:
    screens = _add(commands, "screens", "Draw every screen, from the demo day.", "screens --out pictures --theme dark")
    screens.add_argument("--out", type=Path, required=True, metavar="DIR")
    screens.add_argument("--theme", choices=THEMES, default="light")
    screens.add_argument("--size", type=_size, default=(1366, 768), metavar="WxH")
    demo = _add(commands, "demo", "Play the demo day through the real screens.", "demo --out build/demo")
    demo.add_argument("--out", type=Path, default=None, metavar="DIR", help="write its papers and pictures here")
    demo.add_argument("--window", action="store_true", help="open a practice desk in the middle of that day")
    _home(demo)


def _add_central(commands: _Commands[_Parser]) -> None:
    enroll = _add(commands, "enroll", "Make this desk known to a central.", "enroll --central https://central:8743 --code ABCD-…")
    enroll.add_argument("--central", required=True, metavar="URL", help="central's address")
    enroll.add_argument("--code", required=True, help="the code that central enrollment-code printed")
    enroll.add_argument("--label", default="Desk", help="what people call this desk (default: Desk)")
    _home(enroll)
    sync = _add(commands, "sync", "Send what waits to central, and fetch what other desks did.", "sync --once")
    sync.add_argument("--once", action="store_true", help="one round; without it until stopped")
    sync.add_argument("--export", type=Path, default=None, metavar="FILE", help="write what waits into a signed file instead")
    sync.add_argument("--everything", action="store_true", help="with --export: all that this desk recorded, not what waits")
    sync.add_argument(
        "--details", action="store_true", help="fetch again what this desk no longer keeps of other desks, for seven days"
    )
    _home(sync)
    central = _add(commands, "central", "The central server and its administration.", "central serve --practice")
    actions = central.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=_Parser)
    serve = _add_action(actions, "serve", "Run the central server, over HTTPS.", "serve --practice --port 8743")
    serve.add_argument("--host", default="127.0.0.1", help="where to listen (default: this computer only)")
    serve.add_argument("--port", type=int, default=8743, help="the port (default: 8743; 0 for any that is free)")
    serve.add_argument("--practice", action="store_true", help="its desks are practice desks")
    serve.add_argument("--certificate", type=Path, default=None, metavar="FILE", help="serve with the hospital's own (PEM chain)")
    serve.add_argument("--key", type=Path, default=None, metavar="FILE", help="the key of --certificate (PEM)")
    serve.add_argument(
        "--log",
        choices=("requests", "faults", "nothing"),
        default="requests",
        help="what goes to standard error as JSON lines (default: a line a request, and faults)",
    )
    serve.add_argument(
        "--snapshot-hours",
        type=_hours,
        default=24,
        metavar="N",
        help="make what new desks begin with again after so many hours (default: 24; 0: only when a desk asks)",
    )
    code = _add_action(
        actions, "enrollment-code", "Print a code that one desk can enroll with.", "enrollment-code --facility CHR"
    )
    code.add_argument("--facility", required=True, metavar="CODE")
    snapshot = _add_action(
        actions, "snapshot", "Make the file that new desks begin with, while central serves.", "snapshot --facility CHR"
    )
    snapshot.add_argument("--facility", required=True, metavar="CODE")
    desks = _add_action(actions, "desks", "List the desks.", "desks")
    desks.add_argument("--json", action="store_true", help="say it so that a machine can read it")
    revoke = _add_action(actions, "revoke", "Let a desk write no more.", "revoke 0192f0c1-…")
    revoke.add_argument("desk", metavar="DESK", help="its id, as desks lists it")
    settle = _add_action(actions, "settle", "Let a desk go on whose alarms somebody has looked at.", "settle 0192f0c1-…")
    settle.add_argument("desk", metavar="DESK", help="its id, as verify and desks name it")
    imported = _add_action(actions, "import", "Take in the file of a desk that has no network.", "import desk3.unsent")
    imported.add_argument("file", type=Path, metavar="FILE", help="what sync --export wrote")
    backup = _add_action(actions, "backup", "Copy central into a new folder while it serves.", "backup central-monday")
    backup.add_argument("folder", type=Path, metavar="DIR", help="the folder to make; it holds keys")
    restored = _add_action(actions, "restore", "Make a central of a backup, where there is none.", "restore central-monday")
    restored.add_argument("folder", type=Path, metavar="DIR", help="what central backup made")
    _add_action(actions, "verify", "Check every page, every event and the feeds.", "verify")


def _add_action(actions: _Commands[_Parser], name: str, does: str, example: str) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=does, description=does, epilog=f"example: access-desk central {example}")
    action.add_argument(
        "--database",
        action="append",
        default=[],
        metavar="URL",
        help="sqlite:///…/central.db or postgresql://… (default: in the data folder); again for each further server",
    )
    _home(action)
    return action


def _hours(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_HOURS:
        raise argparse.ArgumentTypeError(f"whole hours from 0 to {MOST_HOURS} are needed")
    return int(text)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()) or not all(MIN_SIDE <= int(side) <= MAX_SIDE for side in (width, height)):
        raise argparse.ArgumentTypeError("a size like 1366x768 is needed")
    return int(width), int(height)
