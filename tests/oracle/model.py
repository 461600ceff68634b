"""Plays a day file by the rules of the contract and gives its result; an independent check on the program.

``python -m tests.oracle.model FILE`` prints the result; the exit status is the one ``access-desk play`` should have.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tests.oracle import checks, custody_verbs, money_verbs, people, reading
from tests.oracle.state import BEFORE_ALL, Custody, Day
from tests.oracle.values import Json, RefusedError, UnreadableError, instant_of, instant_text, money_text

VERBS: Mapping[str, Callable[[Day, Json], None]] = {
    "register": people.register,
    "amend_patient": people.amend_patient,
    "visit_event": people.visit_event,
    "payment": money_verbs.payment,
    "void": money_verbs.void,
    "refund": money_verbs.refund,
    "drop": money_verbs.drop,
    "paid_in": money_verbs.paid_in,
    "paid_out": money_verbs.paid_out,
    "exchange": money_verbs.exchange,
    "no_sale": money_verbs.no_sale,
    "open_drawer": custody_verbs.open_drawer,
    "count_drawer": custody_verbs.count_drawer,
    "close_drawer": custody_verbs.close_drawer,
    "hand_over": custody_verbs.hand_over,
    "take_over": custody_verbs.take_over,
    "audit_count": custody_verbs.audit_count,
    "deposit": custody_verbs.deposit,
    "confirm_deposit": custody_verbs.confirm_deposit,
}


def perform(day: Day, step: Json) -> str | None:
    """One step; the code of its refusal, or None."""
    day.now, late = _time_of(day, step)
    try:
        if late is not None:
            raise late
        checks.check_texts(step)
        VERBS[step["do"]](day, step)
    except RefusedError as refusal:
        return refusal.code
    return None


def _time_of(day: Day, step: Json) -> tuple[datetime, RefusedError | None]:
    """When a step happens; one that says an impossible time is refused where the clock stands."""
    if "at" not in step:
        started = day.now != BEFORE_ALL
        return (day.now + timedelta(minutes=1), None) if started else (day.now, RefusedError("bad_value"))
    try:
        at = instant_of(step["at"], day.zone)
        if at < day.now:
            raise RefusedError("bad_value")
    except RefusedError as refusal:
        return day.now, refusal
    return at, None


def play(file: Json) -> Json:
    """The result of a day file; raises UnreadableError when it is none."""
    day, steps = reading.day_of(file)
    ended = []
    for number, step in enumerate(steps, 1):
        code = perform(day, step)
        entry = {"n": number, "do": step["do"], "ended": "ok" if code is None else "refused"}
        ended.append(entry if code is None else entry | {"code": code})
    return result_of(day, ended)


def result_of(day: Day, ended: list[Json]) -> Json:
    """The result's shape, without what only the program knows (log, documents, receipt numbers, texts)."""
    accounts = day.accounts()
    return {
        "format": "access-desk.result/1",
        "steps": ended,
        "custodies": [_custody(custody) for custody in day.custodies],
        "ledger": {
            "sum": money_text(sum(accounts.values())),
            "accounts": {name: money_text(cents) for name, cents in accounts.items()},
        },
        "patients": len(day.patients),
        "visits": len(day.visits),
    }


def _custody(custody: Custody) -> Json:
    closed = custody.closed_at is not None
    shown: Json = {
        "drawer": custody.drawer.key,
        "holder": custody.holder,
        "opened_at": instant_text(custody.opened_at),
        "closed_at": instant_text(custody.closed_at),
        "business_date": custody.business_date,
        "shift": custody.shift,
        "opening_count": money_text(custody.opening),
        "opening_variance": money_text(custody.opening_variance),
        "received": _amounts(custody.received),
        "voided": _amounts(custody.voided),
        "refunded": _amounts(custody.refunded),
        "paid_in": money_text(custody.paid_in),
        "paid_out": money_text(custody.paid_out),
        "dropped": money_text(custody.dropped),
        "rounding": money_text(custody.rounding),
        "expected": _amounts(custody.expected()),
        "counts": len(custody.counts),
        "receipts": {"issued": custody.receipts_issued, "voided": custody.receipts_voided, "gaps": 0},
    }
    if closed:
        shown["counted"] = _amounts(custody.counts[-1])
        shown["over_short"] = _amounts(custody.variance())
        shown["left_in_drawer"] = money_text(custody.left)
        shown["to_bank"] = money_text(custody.to_bank)
    return shown


def _amounts(cents: dict[str, int]) -> dict[str, str]:
    return {tender: money_text(amount) for tender, amount in cents.items()}


def surprises(file: Json, result: Json) -> list[str]:
    """Steps that ended otherwise than the file says."""
    found = []
    for step, ended in zip(file["steps"], result["steps"], strict=True):
        wanted = step.get("expect", "ok")
        code = step.get("code")
        if ended["ended"] != wanted or (code is not None and ended.get("code") != code):
            found.append(f"step {ended['n']} {step['do']}: {ended['ended']} {ended.get('code', '')}, not {wanted} {code}")
    return found


def main(argv: list[str]) -> int:
    """Prints the result of the file named."""
    try:
        file = reading.read_file(Path(argv[0]))
        result = play(file)
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(result, indent=1, ensure_ascii=False))
    unexpected = surprises(file, result)
    print("\n".join(unexpected), file=sys.stderr)
    return 1 if unexpected else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
