"""`access-desk doctor`: what is missing on this computer, and the command that installs it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from access_desk import app
from access_desk.cli import DONE, NO
from access_desk.system import computer, keyring_secrets
from access_desk.system.computer import Finding


def run(arguments: argparse.Namespace) -> int:
    """List what was looked at; status 1 when something that is needed is missing."""
    findings = [
        *computer.display_libraries(),
        computer.time_zones(),
        keyring_secrets.look(),
        *app.look_at_home(arguments.home),
        computer.printing(),
    ]
    if arguments.json:
        sys.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=1) + "\n")
    else:
        sys.stdout.write("".join(_line(finding) for finding in findings))
    return DONE if all(finding.is_well or not finding.is_needed for finding in findings) else NO


def _line(finding: Finding) -> str:
    mark = "ok     " if finding.is_well else ("MISSING" if finding.is_needed else "note   ")
    mend = f"\n         {finding.mend}" if finding.mend else ""
    return f"{mark}  {finding.what}: {finding.says}{mend}\n"
