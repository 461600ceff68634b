"""``python -m tests.faults --events N --kills K``: desks and a central with everything between them going wrong."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults.campaign import a_campaign


def main() -> int:
    """Run it and print what was seen; status 1 when anything was lost, doubled or different."""
    parser = argparse.ArgumentParser(prog="faults")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="access-desk-faults-"))
    try:
        with a_campaign(folder, arguments.seed) as campaign:
            tally = campaign.run(arguments.events, arguments.kills)
        print(tally)
        return 0 if tally.is_clean else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
