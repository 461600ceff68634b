"""``python -m tests.simulation.planted``: plants every bug in turn, and runs the seed that found it, then others.

``--write`` keeps the seeds in the table; exit 1 when a bug is not seen. ``--only NAME`` tries one bug.
"""

from __future__ import annotations

import argparse

from tests.simulation.planted.hunt import BUGS, hunt, keep, kept


def main() -> int:
    """Try them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", action="append", choices=sorted(BUGS), default=[])
    asked = parser.parse_args()
    seen, known = 0, kept()
    for name in asked.only or BUGS:
        before = known.get(name)
        finding = hunt(BUGS[name], before.seed if before else 0)
        if finding is None:
            print(f"{name}: NOT SEEN", flush=True)
            continue
        seen += 1
        moved = f" (the table says seed {before.seed})" if before and before.seed != finding.seed else ""
        print(f"{name}: seed {finding.seed}{moved}: {finding.said}", flush=True)
        if asked.write:
            keep({name: finding})
    wanted = len(asked.only or BUGS)
    print(f"{seen} of {wanted} planted bugs were seen")
    return 0 if seen == wanted else 1


if __name__ == "__main__":
    raise SystemExit(main())
