"""``python -m tests.kill_loop --count N``: kills, power cuts, and the control arm that must lose."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.kill_loop import kills, power

DAY = Path(__file__).resolve().parents[2] / "resources" / "demo" / "demo-day.json"


def main() -> int:
    """Run the arms and print what was seen; status 1 when anything was lost, doubled or broken, or the rig is blind."""
    parser = argparse.ArgumentParser(prog="kill-loop")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--cuts", type=int, default=30, help="power cuts per arm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--day", type=Path, default=DAY)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="access-desk-kill-loop-"))

    def said(tally: kills.Tally) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{tally.kills} kills, {tally.days} days")

    # A copy: editing the day while the loop runs would change every command's id half way.
    day = Path(shutil.copy(arguments.day, folder / "the-day.json"))
    try:
        tally = kills.run(day, folder, arguments.count, arguments.seed, said)
        print(
            f"kills: {tally.kills} over {tally.days} days, {tally.acknowledged} acknowledgements, "
            f"{tally.unacknowledged_but_recorded} recorded before they were acknowledged, {len(tally.problems)} problems"
        )
        for problem in tally.problems[:20]:
            print(f"  {problem}")
        library = power.shim(folder)
        if library is None:
            print("power cuts: not run, they need Linux and a C compiler")
            return 1 if tally.problems else 0
        full = power.cut_power("full", day, folder, library, arguments.cuts, arguments.seed)
        normal = power.cut_power("normal", day, folder, library, arguments.cuts, arguments.seed)
        for arm in (full, normal):
            print(
                f"power cuts, {arm.arm}: {arm.cuts} cuts, {arm.acknowledged} acknowledged, {arm.lost} lost, {arm.broken} broken"
            )
        blind = normal.lost == 0
        if blind:
            print("the control arm lost nothing: this rig cannot see a power cut")
        return 1 if tally.problems or full.lost or full.broken or blind else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
