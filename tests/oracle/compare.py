"""Says in words where a program's result differs from the model's, or from figures worked out by hand.

``python -m tests.oracle.compare DAY RESULT`` compares a result file with the model's and prints the differences.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.oracle import model, reading
from tests.oracle.values import Json

# Present at the end of a custody only; a program may leave them out or say null while it is open.
WHEN_CLOSED = ("counted", "over_short", "left_in_drawer", "to_bank")


def missing(wanted: object, found: object, where: str = "result") -> list[str]:
    """Where ``found`` lacks or contradicts something of ``wanted``; what is only in ``found`` is not looked at."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict):
            return [f"{where}: an object was wanted, found {found!r}"]
        differences = []
        for key, value in wanted.items():
            if key not in found:
                differences.append(f"{where}.{key}: missing, wanted {value!r}")
            else:
                differences += missing(value, found[key], f"{where}.{key}")
        return differences
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(found) != len(wanted):
            size = len(found) if isinstance(found, list) else "none"
            return [f"{where}: {len(wanted)} entries were wanted, found {size}"]
        return [
            text for place, pair in enumerate(zip(wanted, found, strict=True)) for text in missing(*pair, f"{where}[{place}]")
        ]
    return [] if wanted == found else [f"{where}: wanted {wanted!r}, found {found!r}"]


def differences(program: Json, wanted: Json) -> list[str]:
    """Every difference between a program's result and the model's, and whatever the log says against itself."""
    found = missing(wanted, program)
    for place, custody in enumerate(wanted["custodies"]):
        if custody["closed_at"] is None and len(program.get("custodies", [])) > place:
            shown = program["custodies"][place]
            found += [f"custody {place} is open but shows {key}" for key in WHEN_CLOSED if shown.get(key) is not None]
    accounts = program.get("ledger", {}).get("accounts", {})
    found += [f"ledger account {name} is not in the contract" for name in accounts if name not in _accounts(wanted)]
    log = program.get("log", {})
    if log.get("chain") != "intact" or log.get("replay") != "equal":
        found.append(f"log: {log!r}")
    for step in program.get("steps", []):
        if step.get("ended") == "refused" and not step.get("text"):
            found.append(f"step {step.get('n')}: refused without a text")
    return found


def _accounts(result: Json) -> Json:
    accounts: Json = result["ledger"]["accounts"]
    return accounts


def main(argv: list[str]) -> int:
    """Compares the result in the second file with the model's of the day in the first."""
    wanted = model.play(reading.read_file(Path(argv[0])))
    found = differences(json.loads(Path(argv[1]).read_text(encoding="utf-8")), wanted)
    print("\n".join(found) if found else "no difference")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
