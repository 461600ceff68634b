"""``python -m tests.simulation --seeds 0:100 --hours 8``: each seed is a day at several desks with faults.

Seconds are those of the processor, which others may use as well. With ``--results FILE`` every seed's outcome is appended there, and seeds that are in it already are not run again. The
exit status is 1 when a seed ended in a violation.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.simulation.world import hours_of, simulate


def main() -> int:
    """Run the seeds that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0:100", help="FIRST:END")
    parser.add_argument("--hours", type=float, help="of every seed; as long as the seed says when this is not given")
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    first, end = (int(one) for one in asked.seeds.split(":"))
    known = _known(asked.results)
    for seed in range(first, end):
        if seed in known:
            continue
        known[seed] = _run(seed, asked.hours)
        if known[seed]["violation"]:
            print(known[seed]["violation"], file=sys.stderr)
        if asked.results:
            with asked.results.open("a") as file:
                file.write(json.dumps(known[seed]) + "\n")
    ran = [one for seed, one in known.items() if first <= seed < end]
    hours, minutes = sum(one["desk_hours"] for one in ran), sum(one["seconds"] for one in ran) / 60
    failed = sum(bool(one["violation"]) for one in ran)
    events, payments = sum(one["events"] for one in ran), sum(one["payments"] for one in ran)
    print(
        f"{len(ran)} seeds, {hours:.0f} desk-hours ({hours / minutes:.0f} a minute and core), {events} events, {payments} payments, "
        f"{sum(sum(one['faults'].values()) for one in ran)} faults: {failed} seeds with a violation"
    )
    return 1 if failed else 0


def _run(seed: int, hours: float | None) -> dict[str, Any]:
    began = time.process_time()
    made: dict[str, Any] = {"seed": seed, "desk_hours": 0.0, "events": 0, "payments": 0, "faults": {}, "violation": ""}
    try:
        outcome = simulate(seed, hours or hours_of(seed))
    except AssertionError as violation:
        made["violation"] = str(violation)
    else:
        made |= {"desk_hours": outcome.desk_hours, "events": outcome.events, "payments": outcome.payments}
        made |= {"faults": outcome.faults, "digest": outcome.digest}
    return {**made, "seconds": round(time.process_time() - began, 3)}


def _known(results: Path | None) -> dict[int, dict[str, Any]]:
    if results is None or not results.exists():
        return {}
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    return {one["seed"]: one for one in lines}


if __name__ == "__main__":
    raise SystemExit(main())
