"""``python -m tests.tamper --clean 1000 --tampered 1000``: spoil copies of a desk and of a central, and count what is found.

Half of the runs are a desk's, half central's; central is in a file, on PostgreSQL, or half of them each. The exit status is
1 when something was not found, was found without naming the first bad event, or was found where nothing was.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from access_desk.storage.engine import Database
from access_desk.storage.postgres import open_postgres
from tests.central.kinds import in_memory
from tests.postgres import cluster
from tests.tamper.campaign import Campaign, Tally, run
from tests.tamper.stage import a_morning


def main() -> int:
    """Run them and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clean", type=int, default=1000)
    parser.add_argument("--tampered", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--central", choices=["file", "postgresql", "both"], default="both")
    asked = parser.parse_args()
    kinds = ["file", "postgresql"] if asked.central == "both" else [asked.central]
    good = True
    for kind in kinds:
        with ExitStack() as stack:
            databases = [_database(kind, stack) for _ in range(2)]
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="access-desk-tamper-")))
            base = stack.enter_context(a_morning(folder, databases[0]))
            campaign = Campaign(base, folder, databases[1])
            tally = run(campaign, asked.clean // len(kinds), asked.tampered // len(kinds), asked.seed, _said)
        _print(kind, tally)
        good = good and tally.is_good
    return 0 if good else 1


def _database(kind: str, stack: ExitStack) -> Database:
    database = in_memory() if kind == "file" else open_postgres(stack.enter_context(cluster()).new_database())
    stack.callback(database.dispose)
    return database


def _said(tally: Tally) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{tally.clean} clean, {tally.tampered} tampered")


def _print(kind: str, tally: Tally) -> None:
    print(
        f"central in {kind}: {tally.clean} clean runs, {len(tally.alarms)} false alarms; {tally.tampered} tampered, "
        f"{sum(tally.found.values())} found, {len(tally.missed)} not found, {len(tally.unnamed)} without the first bad event"
    )
    print("  told by " + ", ".join(f"{where}: {count}" for where, count in sorted(tally.where.items())))
    for way, count in sorted(tally.found.items()):
        print(f"  {count:5}  {way}")
    for problem in (*tally.missed[:20], *tally.unnamed[:20], *tally.alarms[:20]):
        print(f"  {problem}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
