"""``python -m tests.simulation.planted``: plants every bug in turn and looks for the first seed that finds it.

``--write`` keeps the table of bugs and seeds; exit 1 when one is not found. ``--only NAME`` tries one bug.
"""

from __future__ import annotations

import argparse
import json
import sys

from tests.simulation.planted.hunt import BUGS, TABLE, Finding, hunt


def main() -> int:
    """Hunt them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", action="append", choices=sorted(BUGS), default=[])
    asked = parser.parse_args()
    found: dict[str, Finding] = {}
    for name in asked.only or BUGS:
        finding = hunt(BUGS[name])
        if finding is None:
            print(f"{name}: NOT FOUND", flush=True)
            continue
        found[name] = finding
        print(f"{name}: seed {finding.seed}: {finding.said}", flush=True)
    print(f"{len(found)} of {len(asked.only or BUGS)} planted bugs were found", file=sys.stderr)
    if asked.write:
        kept = json.loads(TABLE.read_text()) if TABLE.exists() else {}
        kept |= {name: {"about": BUGS[name].about, "seed": one.seed, "said": one.said} for name, one in found.items()}
        TABLE.write_text(json.dumps({name: kept[name] for name in sorted(kept)}, indent=1) + "\n")
    return 0 if len(found) == len(asked.only or BUGS) else 1


if __name__ == "__main__":
    raise SystemExit(main())
