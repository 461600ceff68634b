"""``python -m tests.simulation.planted``: plants every bug in turn, and runs the seed that found it.

``--hunt`` looks for the first seed that finds it instead, and keeps it in the table; exit 1 when one is not seen.
``--only NAME`` tries one bug.
"""

from __future__ import annotations

import argparse

from tests.simulation.planted.hunt import BUGS, Finding, hunt, keep, kept, try_seed


def main() -> int:
    """Try them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hunt", action="store_true")
    parser.add_argument("--only", action="append", choices=sorted(BUGS), default=[])
    asked = parser.parse_args()
    seen: dict[str, Finding] = {}
    for name in asked.only or BUGS:
        finding = hunt(BUGS[name]) if asked.hunt else _again(name)
        print(f"{name}: seed {finding.seed}: {finding.said}" if finding else f"{name}: NOT SEEN", flush=True)
        if finding:
            seen[name] = finding
    if asked.hunt:
        keep(seen)
    wanted = len(asked.only or BUGS)
    print(f"{len(seen)} of {wanted} planted bugs were seen")
    return 0 if len(seen) == wanted else 1


def _again(name: str) -> Finding | None:
    """What the seed that found it sees now."""
    known = kept().get(name)
    said = try_seed(BUGS[name], known.seed) if known else ""
    return Finding(known.seed, said) if known and said else None


if __name__ == "__main__":
    raise SystemExit(main())
