"""The unit that runs central as a service starts a command that there is, and systemd reads it."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from access_desk import cli
from access_desk.central.server import GRACE_SECONDS

INSTALLER = Path(__file__).parents[2] / "installer"
UNIT = INSTALLER / "access-desk-central.service"
PROGRAM = "/usr/local/lib/access-desk/bin/access-desk"
OPTIONS = "$CENTRAL_OPTIONS"


@pytest.fixture(scope="module")
def service() -> configparser.SectionProxy:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign] # names are what they are
    read.read(UNIT, "utf-8")
    return read["Service"]


def command_of(service: configparser.SectionProxy) -> list[str]:
    program, *arguments = service["ExecStart"].replace("%S", "/var/lib").split()
    assert program == PROGRAM
    return arguments


def test_it_starts_a_command_that_the_program_knows(service: configparser.SectionProxy) -> None:
    arguments = command_of(service)
    assert arguments[-1] == OPTIONS
    known = cli._parser().parse_args(arguments[:-1])
    assert (known.command, known.action, known.port, known.host) == ("central", "serve", 8743, "0.0.0.0")  # noqa: S104
    assert known.home == Path("/var/lib") / service["StateDirectory"]


def test_what_its_page_says_is_known_too(service: configparser.SectionProxy) -> None:
    page = (INSTALLER / "README.md").read_text("utf-8")
    options = next(line.strip().split("=", 1)[1] for line in page.splitlines() if line.strip().startswith("CENTRAL_OPTIONS="))
    known = cli._parser().parse_args([*command_of(service)[:-1], *options.split()])
    assert known.database == ["postgresql://access_desk@db.hospital.example/access_desk"]
    asked = [line.split(PROGRAM, 1)[1].split() for line in page.splitlines() if PROGRAM in line]
    assert [cli._parser().parse_args(one).action for one in asked] == ["enrollment-code", "verify"]


def test_it_may_finish_what_it_answers_and_comes_back_after_a_failure(service: configparser.SectionProxy) -> None:
    assert (service["Restart"], service["KillSignal"]) == ("on-failure", "SIGTERM")
    assert int(service["TimeoutStopSec"]) > 2 * GRACE_SECONDS
    assert (service["ProtectSystem"], service["NoNewPrivileges"], service["CapabilityBoundingSet"]) == ("strict", "yes", "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_reads_it(tmp_path: Path) -> None:
    # The program is not at its place here; everything else is as it is.
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace(PROGRAM, sys.executable), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if UNIT.name in line]) == (0, []), done.stderr
