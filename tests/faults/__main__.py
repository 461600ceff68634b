"""``python -m tests.faults --events N --kills K``: desks and a central with everything between them going wrong.

With ``--postgres`` central's database is on a server, and the two are killed in turns.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults.campaign import a_campaign
from tests.postgres import cluster


def main() -> int:
    """Run it and print what was seen; status 1 when anything was lost, doubled or different."""
    parser = argparse.ArgumentParser(prog="faults")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="access-desk-faults-"))
    try:
        with (
            cluster() if arguments.postgres else contextlib.nullcontext() as server,
            a_campaign(folder, arguments.seed, server=server) as campaign,
        ):
            tally = campaign.run(arguments.events, arguments.kills)
        print(tally)
        return 0 if tally.is_clean else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
