"""``python -m tests.simulation --seeds 0:100 --hours 8``: every seed is a day of desks with faults. Exit 1 on a violation."""

from __future__ import annotations

import argparse
import time

from tests.simulation.world import simulate


def main() -> int:
    """Runs the seeds asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0:20", help="FIRST:END")
    parser.add_argument("--hours", type=float, default=8.0)
    asked = parser.parse_args()
    first, end = (int(one) for one in asked.seeds.split(":"))
    began, done, failed = time.monotonic(), 0.0, 0
    for seed in range(first, end):
        try:
            done += simulate(seed, asked.hours)[1]
        except AssertionError as violation:
            failed += 1
            print(f"seed {seed}: {violation}")
    minutes = (time.monotonic() - began) / 60
    print(f"{end - first} seeds, {done:.0f} desk-hours, {done / minutes:.0f} a minute, {failed} seeds with a violation")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
