"""``python -m tests.simulation --seeds 0:100 --hours 8``: each seed is a day at several desks with faults.

Seconds are those of the processor, which others may use as well. With ``--results FILE`` every seed's outcome is appended
there, and seeds that are in it already are not run again; ``--as NAME`` is kept with each. ``--until HH:MM`` begins no seed
after that time. The exit status is 1 when a seed ended in a violation.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.simulation.faults import EVERY_FAULT
from tests.simulation.world import hours_of, simulate


def main() -> int:
    """Run the seeds that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0:100", help="FIRST:END")
    parser.add_argument("--hours", type=float, help="of every seed; as long as the seed says when this is not given")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--as", dest="name", default="", help="kept with every result, such as the commit")
    parser.add_argument("--until", default="", help="local time after which no seed is begun")
    asked = parser.parse_args()
    first, end = (int(one) for one in asked.seeds.split(":"))
    known = _known(asked.results)
    for seed in range(first, end):
        if seed in known:
            continue
        if asked.until and f"{datetime.now().astimezone():%H:%M}" >= asked.until:
            break
        known[seed] = _run(seed, asked.hours, asked.name)
        if known[seed]["violation"]:
            print(known[seed]["violation"], file=sys.stderr, flush=True)
        if asked.results:
            with asked.results.open("a") as file:
                file.write(json.dumps(known[seed]) + "\n")
    ran = [one for seed, one in known.items() if first <= seed < end]
    print(_told(ran))
    return 1 if any(one["violation"] for one in ran) else 0


def _told(ran: list[dict[str, Any]]) -> str:
    """The sums of many seeds."""
    desk_hours, events, payments = (sum(one[name] for one in ran) for name in ("desk_hours", "events", "payments"))
    minutes = sum(one["seconds"] for one in ran) / 60
    faults: Counter[str] = Counter()
    for one in ran:
        faults.update(one["faults"])
    failed = sum(bool(one["violation"]) for one in ran)
    kinds = ", ".join(f"{name} {faults[name]}" for name in EVERY_FAULT)
    return (
        f"{len(ran)} seeds, {desk_hours:.0f} desk-hours ({desk_hours / max(minutes, 1e-9):.0f} a minute and core), "
        f"{events} events, {payments} payments, {faults.total()} faults: {failed} seeds with a violation\n{kinds}"
    )


def _run(seed: int, hours: float | None, name: str) -> dict[str, Any]:
    began = time.process_time()
    made: dict[str, Any] = {
        "seed": seed,
        "desk_hours": 0.0,
        "events": 0,
        "payments": 0,
        "faults": {},
        "violation": "",
        "as": name,
    }
    try:
        outcome = simulate(seed, hours or hours_of(seed))
    except AssertionError as violation:
        made["violation"] = str(violation)
    except Exception as crash:  # noqa: BLE001 - a seed that breaks the program is one that found something
        made["violation"] = f"seed {seed}: the program stopped with {crash!r}"
        traceback.print_exc()
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
