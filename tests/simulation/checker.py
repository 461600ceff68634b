"""Adds a facility's money again from the bytes of its events. Shares no code with the program: JSON, SHA-256, sums."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

START = "0" * 64


def check(events: Iterable[tuple[str, int, bytes]], drawer_cash: Mapping[str, int], payments: Mapping[str, int]) -> list[str]:
    """What is wrong: (desk, sequence, bytes) against the tables' drawer cash per custody and amount per payment."""
    wrong: list[str] = []
    heads: dict[tuple[str, int], tuple[int, str]] = {}
    cash: dict[str, int] = defaultdict(int)
    taken: dict[str, int] = {}
    receipts: dict[tuple[str, int], list[int]] = defaultdict(list)
    closed: set[str] = set()
    seen: set[str] = set()
    for desk_id, _, data in sorted(events, key=lambda one: (one[0], one[1])):
        event = json.loads(data)
        where = f"{event['desk_id']} {event['desk_seq']} {event['kind']}"
        stream = (desk_id, event["stream_epoch"])
        seq, before = heads.get(stream, (0, START))
        if (event["desk_id"], event["desk_seq"]) != (desk_id, seq + 1):
            wrong.append(f"{where}: not the next of its stream")
        if event["prev_hash"] != before:
            wrong.append(f"{where}: the chain is broken")
        heads[stream] = (event["desk_seq"], sha256(data).hexdigest())
        if event["event_id"] in seen:
            wrong.append(f"{where}: the same id twice")
        seen.add(event["event_id"])
        _money(event, where, wrong, cash, closed)
        if event["kind"] == "payment.received":
            _payment(event["body"], where, wrong, taken, receipts)
    for (drawer, epoch), numbers in receipts.items():
        if numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"drawer {drawer} epoch {epoch}: receipts are not 1, 2, 3")
    if dict(cash) != dict(drawer_cash):
        wrong.append("the tables have other cash in the drawers than the events")
    if taken != dict(payments):
        wrong.append("the tables have other payments than the events")
    return wrong


def _money(event: dict[str, Any], where: str, wrong: list[str], cash: dict[str, int], closed: set[str]) -> None:
    postings = event["body"].get("postings") or []
    if sum(one["amount"] for one in postings):
        wrong.append(f"{where}: postings do not add up to zero")
    for one in postings:
        if one["account"] == "drawer_cash":
            cash[one["custody_id"]] += one["amount"]
            if one["custody_id"] in closed:
                wrong.append(f"{where}: money moved in a closed custody")
    if event["kind"] == "custody.closed":
        closed.add(event["body"]["custody_id"])


def _payment(
    body: dict[str, Any], where: str, wrong: list[str], taken: dict[str, int], receipts: dict[tuple[str, int], list[int]]
) -> None:
    if sum(line["amount"] for line in body["lines"]) != body["amount"]:
        wrong.append(f"{where}: the lines add up to something else")
    if body["payment_id"] in taken:
        wrong.append(f"{where}: the payment was recorded twice")
    taken[body["payment_id"]] = body["amount"]
    receipts[body["drawer_id"], body["drawer_epoch"]].append(body["receipt_number"])
