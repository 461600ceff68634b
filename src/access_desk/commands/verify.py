"""`access-desk verify`: every page of the file, then every event of the log."""

from __future__ import annotations

import argparse
import json
import re
import sys

from access_desk import app
from access_desk.cli import DONE, NO, WrongUseError
from access_desk.services.result import verify
from access_desk.storage.event_log import Head
from access_desk.storage.verify import Kept, Verdict

_HEAD = re.compile(r"(\d{1,12}):([0-9a-fA-F ]{4,64})", re.ASCII)


def run(arguments: argparse.Namespace) -> int:
    """Say whether the desk's file is whole; name the first bad event when it is not."""
    printed = tuple(_printed(text) for text in arguments.head)
    with app.open_to_read(arguments.home, asked_for=arguments.facility) as opened:
        pages = app.check_pages(opened)
        stream = opened.desk.journal.stream
        kept = (*opened.kept_heads, *(Kept(stream, head) for head in printed))
        verdict = Verdict() if pages else verify(opened.desk.journal, opened.trusted_keys, kept)
    is_whole = not pages and verdict.is_intact
    if arguments.json:
        sys.stdout.write(json.dumps(_as_json(pages, verdict), indent=1) + "\n")
    else:
        sys.stdout.write(_in_words(pages, verdict))
    return DONE if is_whole else NO


def _printed(text: str) -> Head:
    match = _HEAD.fullmatch(text)
    if match is None:
        raise WrongUseError(f"--head {text!r}: a sequence number and the hash beside it are needed, like 1042:9f3a77c2")
    return Head(int(match[1]), match[2].replace(" ", "").lower())


def _as_json(pages: list[str], verdict: Verdict) -> dict[str, object]:
    faults = [
        {
            "facility": fault.stream.facility_id,
            "desk": fault.stream.desk_id,
            "sequence": fault.desk_seq,
            "event": fault.event_id,
            "what": fault.what,
        }
        for fault in verdict.faults
    ]
    return {
        "pages": pages,
        "events": verdict.events,
        "let_go": verdict.let_go,
        "chain": "broken" if verdict.faults else "intact",
        "faults": faults,
        "replay": "differs" if verdict.differing else "equal",
        "differing_tables": list(verdict.differing),
    }


def _in_words(pages: list[str], verdict: Verdict) -> str:
    if pages:
        return "".join(f"page: {problem}\n" for problem in pages) + "The file is damaged. Restore a backup.\n"
    lines = [
        f"event {fault.desk_seq} of desk {fault.stream.desk_id} ({fault.event_id or 'missing'}): {fault.what}"
        for fault in verdict.faults
    ]
    lines += [f"table {table} differs from a replay of the log" for table in verdict.differing]
    if not lines:
        heads = ", ".join(f"{head.seq} {head.hash[:16]}" for head in verdict.heads.values())
        gone = f" ({verdict.let_go} of other desks without their details, which are at central)" if verdict.let_go else ""
        lines = [f"{verdict.events} events{gone}, chain intact, replay equal; head {heads}"]
    return "\n".join(lines) + "\n"
