"""Judges a file's events and tables from their bytes alone. Shares no code with the program: JSON, SHA-256, sums.

The rules are those of the day-file contract, said a second time. Whoever changes them there has to change them here.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

START = "0" * 64
ZONE, FIRST_SHIFT = ZoneInfo("America/Chicago"), 7
REASON_FROM, APPROVAL_FROM, MEMO_FROM = 1, 201, 2500
DRAWN_BY_STAMP = ("phone", "city")
PIECES = {"1c$": 100, "roll:1c$": 2500, "roll:0.50": 1000, "roll:0.25": 1000, "roll:0.10": 500, "roll:0.05": 200, "roll:0.01": 50}
Event = dict[str, Any]
# Desk, epoch, sequence.
Place = tuple[str, int, int]
OF_CUSTODY = {
    "custody.opened", "cash.dropped", "cash.paid_in", "cash.paid_out", "change.exchanged", "drawer.opened_without_sale",
    "drawer.counted", "drawer.audited", "drawer.expected_revealed", "custody.closed",
}  # fmt: skip
OF_PAYMENT = {"payment.received", "payment.taken_on_paper", "payment.voided", "payment.refunded"}
# What the program adds of itself to what somebody asks of it, also when it refuses.
ADDED = {"session.signed_in", "action.refused"}


@dataclass
class Drawer:
    """A drawer as the events tell it."""

    imprest: int
    desk: str
    custody: str = ""
    left: int | None = None
    receipts: int = 0


@dataclass
class Custody:
    """A custody as the events tell it."""

    holder: str
    drawer: str
    desk: str
    status: str = "open"
    cash: int = 0
    received: Counter[str] = field(default_factory=Counter)
    left: int | None = None
    counted: dict[str, int] = field(default_factory=dict)


@dataclass
class Payment:
    """A payment as the events tell it."""

    custody: str
    amount: int
    postings: list[tuple[str, int]]
    tenders: list[Event]
    voided: bool = False
    refunded: Counter[str] = field(default_factory=Counter)


def business_date(recorded_at: str) -> str:
    """The day at the facility, which goes on until the next one's first shift starts."""
    local = datetime.fromisoformat(recorded_at).astimezone(ZONE)
    return str(local.date() - timedelta(days=local.hour < FIRST_SHIFT))


@lru_cache(20_000)
def read(data: bytes) -> tuple[Event, bytes]:
    """An event and its hash. The same bytes lie in every file, and are read once; nobody changes what was read."""
    return json.loads(data), sha256(data).digest()


class Checker:
    """Is given the events of one file as they came into it, each stream in its order; keeps what is wrong.

    ``own`` is the desk whose file it is: what it records comes after everything that it knows.
    """

    def __init__(self, rounding: str = "none", own: str = "") -> None:
        self.wrong: list[str] = []
        self.drawers: dict[str, Drawer] = {}
        self.custodies: dict[str, Custody] = {}
        self.payments: dict[str, Payment] = {}
        # What was done at this desk because somebody asked for it: the kinds of events by their ids.
        self.done: dict[str, str] = {}
        self.events = 0
        self._rounding = rounding
        self._heads: dict[tuple[str, int], tuple[int, str, str]] = {}
        self._ids: set[str] = set()
        self._numbers: set[str] = set()
        self._receipts: set[tuple[str, str]] = set()
        self._registered: set[str] = set()
        self._established: set[str] = set()
        self._fields: dict[tuple[str, str], list[tuple[tuple[str, int, int], str, str]]] = defaultdict(list)
        self._filed: dict[Place, Event] = {}
        self._where = ""
        self._own, self._latest = own, ""

    def say(self, what: str) -> None:
        """Something is wrong with the event at hand."""
        self.wrong.append(f"{self._where}: {what}")

    def must(self, holds: bool, what: str) -> None:
        """Say it unless it holds."""
        if not holds:
            self.say(what)

    def head(self, desk: str) -> tuple[int, str]:
        """Sequence and hash of a desk's last event."""
        return self._heads.get((desk, 1), (0, START, ""))[:2]

    def has(self, event_id: str) -> bool:
        """Whether the file has that event."""
        return event_id in self._ids

    def add(self, desk: str, epoch: int, seq: int, data: bytes, stored_hash: bytes, cap: str = "") -> Event:
        """One more event as it lies in the file; ``cap`` is what its stamp counts as when that lay in the future."""
        event, digest = read(data)
        self._where = f"{desk} {seq} {event['kind']}"
        self.events += 1
        before = self._heads.get((desk, epoch), (0, START, ""))
        self.must((event["desk_id"], event["stream_epoch"], event["desk_seq"]) == (desk, epoch, seq), "is filed as another")
        self.must(seq == before[0] + 1, "is not the next of its stream")
        self.must(event["prev_hash"] == before[1], "does not follow the event before it")
        self.must(event["stamp"] > before[2], "is stamped before its predecessor")
        self.must(desk != self._own or event["stamp"] > self._latest, "is stamped before what its desk had from others")
        self._latest = max(self._latest, cap or event["stamp"])
        self.must(event["event_id"] not in self._ids, "has the id of another")
        self.must(digest == stored_hash, "is filed under another hash")
        self.must(event["recorded_at"].endswith("Z"), "has no universal time")
        if desk in self._established:
            self.must(event["business_date"] == business_date(event["recorded_at"]), "has another business date")
        self._heads[desk, epoch] = (seq, digest.hex(), event["stamp"])
        self._ids.add(event["event_id"])
        self._filed[desk, epoch, seq] = event
        if desk == self._own and event.get("command_id") and event["kind"] not in ADDED:
            self.done[event["event_id"]] = event["kind"]
        judge = getattr(self, "_" + event["kind"].replace(".", "_"), None)
        if judge:
            judge(event, event["body"])
        elif event["body"].get("postings"):
            self.say("moves money and no rule knows it")
        return event

    def _move(self, event: Event, *, closed: str = "") -> list[tuple[str, int]]:
        postings = event["body"]["postings"]
        self.must(sum(one["amount"] for one in postings) == 0, "has postings that do not add up to zero")
        for one in postings:
            if one["account"] != "drawer_cash":
                continue
            custody = self.custodies[one["custody_id"]]
            self.must(custody.status != "closed" or one["custody_id"] == closed, "moves money of a closed custody")
            custody.cash += one["amount"]
            self.must(custody.cash >= 0, "leaves less than nothing in the drawer")
        return sorted((one["account"], one["amount"]) for one in postings)

    def _working(self, event: Event) -> Custody:
        custody = self.custodies[event["subject_id"]]
        self.must(custody.status == "open", f"is recorded in a custody that is {custody.status}")
        self.must(event["actor_id"] == custody.holder, "is by somebody who does not hold the drawer")
        self.must(event["desk_id"] == custody.desk, "is written by a desk that does not own the drawer")
        return custody

    def _approved(self, event: Event) -> None:
        self.must(event["approver_id"] not in (None, event["actor_id"]), "is approved by nobody else")

    def _facility_established(self, event: Event, body: Event) -> None:
        self.must(body["timezone"] == ZONE.key, "is somewhere else")
        self._established.add(event["desk_id"])

    def _drawer_installed(self, event: Event, body: Event) -> None:
        self.drawers[body["drawer_id"]] = Drawer(body["imprest"], event["desk_id"])

    def _custody_opened(self, event: Event, body: Event) -> None:
        drawer = self.drawers[body["drawer_id"]]
        last = drawer.custody
        self.must(not last or self.custodies[last].status == "closed", "opens a drawer that is open")
        self.must(drawer.desk == event["desk_id"], "opens another desk's drawer")
        mine = [one for one in self.custodies.values() if (one.desk, one.holder) == (event["desk_id"], body["holder_id"])]
        self.must(all(one.status == "closed" for one in mine), "gives a second drawer to one person")
        should = drawer.imprest if drawer.left is None else drawer.left
        self.must(body["should_hold"] == should, f"should hold {should}")
        self.must(body["opening_count"] == pieces(body["count"]), "counts other pieces than it says")
        self.must(body["opening_variance"] == body["opening_count"] - should, "has another opening variance")
        self.must(body["next_receipt"] == drawer.receipts + 1, "goes on with another receipt number")
        self.must((body["previous_custody_id"] or "") == last, "follows another custody")
        self.custodies[body["custody_id"]] = Custody(body["holder_id"], body["drawer_id"], event["desk_id"])
        drawer.custody = body["custody_id"]
        self._move(event, closed=last)
        self.must(self.custodies[body["custody_id"]].cash == body["opening_count"], "does not post what was counted")

    def _payment_received(self, event: Event, body: Event) -> None:
        custody, drawer = self._working(event), self.drawers[body["drawer_id"]]
        drawer.receipts += 1
        self.must(body["receipt_number"] == drawer.receipts, f"should have receipt {drawer.receipts}")
        self.must((body["drawer_id"], body["receipt"]) not in self._receipts, "has the receipt of another payment")
        self._receipts.add((body["drawer_id"], body["receipt"]))
        self.must(body["payment_id"] not in self.payments, "is recorded twice")
        parts = body["tenders"]
        self.must(sum(one["amount"] for one in parts) == body["amount"], "has tenders of another amount")
        self.must(sum(one["amount"] for one in body["lines"]) == body["amount"], "has lines of another amount")
        for one in parts:
            asked = self._asked(one["amount"]) if one["tender"] == "cash" else one["amount"]
            self.must(one["taken"] == asked, f"should take {asked}")
            change = 0 if one["tendered"] is None else one["tendered"] - one["taken"]
            self.must(one["change"] == change, f"should give {change} change")
            custody.received[one["tender"]] += one["taken"]
        before = custody.cash
        moved = self._move(event)
        in_cash = sum(one["taken"] for one in parts if one["tender"] == "cash")
        self.must(custody.cash == before + in_cash, "posts other cash than it took")
        self.payments[body["payment_id"]] = Payment(event["subject_id"], body["amount"], moved, parts)

    def _asked(self, amount: int) -> int:
        if self._rounding != "nearest_5":
            return amount
        below = amount % 5
        return max(5, amount - below if below <= 2 else amount - below + 5)

    def _payment_voided(self, event: Event, body: Event) -> None:
        custody, payment = self._working(event), self.payments[body["payment_id"]]
        self._approved(event)
        self.must(not payment.voided, "is voided before")
        self.must(not payment.refunded, "is refunded before")
        self.must(bool(body["reason"].strip()), "has no reason")
        back = self._move(event)
        self.must(back == sorted((account, -cents) for account, cents in payment.postings), "does not give back what came")
        payment.voided = True
        for one in payment.tenders:
            custody.received[one["tender"]] -= one["taken"]

    def _payment_refunded(self, event: Event, body: Event) -> None:
        payment, tender = self.payments[body["payment_id"]], body["tender"]
        self._approved(event)
        if body["custody_id"]:
            self._working(event)
        payment.refunded[tender] += body["amount"]
        paid = sum(one["amount"] for one in payment.tenders if one["tender"] == tender)
        self.must(payment.refunded[tender] <= paid, "gives back more than came")
        self.must(not payment.voided, "gives back what was voided")
        before = self.custodies[body["custody_id"]].cash if body["custody_id"] else 0
        self._move(event)
        if tender == "cash":
            self.must(self.custodies[body["custody_id"]].cash == before - body["amount"], "takes other cash than it says")

    def _cash_dropped(self, event: Event, body: Event) -> None:
        self._moved_cash(event, -body["amount"])

    def _cash_paid_in(self, event: Event, body: Event) -> None:
        self._approved(event)
        self._moved_cash(event, body["amount"])

    def _cash_paid_out(self, event: Event, body: Event) -> None:
        self._approved(event)
        self._moved_cash(event, -body["amount"])

    def _moved_cash(self, event: Event, cents: int) -> None:
        custody = self._working(event)
        before = custody.cash
        self._move(event)
        self.must(custody.cash == before + cents, "moves another amount than it says")

    def _drawer_counted(self, event: Event, body: Event) -> None:
        custody = self.custodies[event["subject_id"]]
        self.must(custody.status != "closed", "counts a closed custody")
        custody.status = "counting"
        expected = {**{one: custody.received[one] for one in ("check", "card", "money_order")}, "cash": custody.cash}
        self.must(body["expected"] == expected, f"should expect {expected}")
        counted = body["counted"]
        self.must(counted["cash"] == pieces(body["count"]["cash"]), "counts other pieces than it says")
        differences = {tender: counted[tender] - expected[tender] for tender in expected}
        self.must(body["variances"] == differences, f"should differ by {differences}")
        custody.counted = counted

    def _custody_closed(self, event: Event, body: Event) -> None:
        custody = self.custodies[body["custody_id"]]
        self.must(custody.status == "counting", "closes a custody that was not counted")
        worst = max(abs(one) for one in body["variances"].values())
        self.must(worst < REASON_FROM or bool(body["reason"].strip()), "lacks a reason")
        self.must(worst < MEMO_FROM or bool(body["memo"].strip()), "lacks a memo")
        if worst >= APPROVAL_FROM:
            self._approved(event)
        cash = custody.counted["cash"]
        self.must(body["counted"] == custody.counted, "closes with another count")
        self.must(body["left_in_drawer"] == cash - body["to_bank"], "leaves another amount than it says")
        self._move(event)
        self.must(custody.cash == body["left_in_drawer"], "books another amount than it leaves")
        custody.status, custody.left = "closed", body["left_in_drawer"]
        self.drawers[body["drawer_id"]].left = body["left_in_drawer"]

    def _patient_registered(self, event: Event, body: Event) -> None:
        self.must(body["mrn"] not in self._numbers, "has the record number of another patient")
        self._numbers.add(body["mrn"])
        self._registered.add(body["patient_id"])
        for name in DRAWN_BY_STAMP:
            # Whatever amends a record was said after it, also when central received the record a second time, after it was
            # put back, and lets its stamp count as a later one than before.
            self._fields[body["patient_id"], name].append((("", 0, 0), "", body["demographics"][name]))

    def _patient_amended(self, event: Event, body: Event) -> None:
        for name in DRAWN_BY_STAMP:
            if name in body["changes"]:
                self._say_field(event, body["patient_id"], name, body["changes"][name])

    def _say_field(self, event: Event, patient: str, name: str, value: str) -> None:
        place = (event["desk_id"], event["stream_epoch"], event["desk_seq"])
        self._fields[patient, name].append((place, event["stamp"], value))

    def judge_let_go(self, places: Iterable[Place], before: str) -> list[Event]:
        """Events that are in the file without their bytes, which were recorded before then: whether they may be.

        Args:
            places: where they are.
            before: UTC text; nothing younger may be let go.
        """
        gone = [self._filed[place] for place in places]
        for event in gone:
            desk, epoch, seq = event["desk_id"], event["stream_epoch"], event["desk_seq"]
            self._where = f"{desk} {seq} {event['kind']} let go"
            self.must(bool(self._own) and desk != self._own, "is its own desk's")
            self.must(event["kind"] in OF_CUSTODY | OF_PAYMENT, "is of nothing that may be")
            self.must(1 < seq < self._heads[desk, epoch][0], "is an end of its stream")
            self.must(event["recorded_at"] < before, "is too young")
            custody = event["subject_id"] if event["subject_id"] in self.custodies else ""
            self.must(not custody or self.custodies[custody].status == "closed", "is of a custody that is not closed")
            if event["kind"] in OF_CUSTODY:
                drawer = self.custodies[custody].drawer
                self.must(self.drawers[drawer].custody != custody, "is of the last custody of its drawer")
        # A refund may come later; when all is fetched again, what was taken comes before what took it back.
        taken = {event["body"]["payment_id"] for event in gone if event["kind"] == "payment.received"}
        voided = {event["body"]["payment_id"] for event in gone if event["kind"] == "payment.voided"}
        self._where = "payments let go"
        self.must(all(one in voided for one in taken if self.payments[one].voided), "leave their voids behind")
        return gone

    def compare(self, tables: Mapping[str, list[tuple[Any, ...]]], let_go: Sequence[Event] = ()) -> None:
        """The tables against what the events say; see ``TABLES``. Of what was let go only the sums are there."""
        self._where = "tables"
        gone = {(event["kind"], event["body"].get("payment_id") or event["subject_id"]) for event in let_go}
        custodies = {key: one for key, one in self.custodies.items() if ("custody.opened", key) not in gone}
        payments = {key: one for key, one in self.payments.items() if ("payment.received", key) not in gone}
        cash = {one[0]: one[1] for one in tables["cash"]}
        self.must({key: one.cash for key, one in self.custodies.items() if one.cash} == cash, "have other cash in the drawers")
        statuses = {one[0]: (one[1], one[2]) for one in tables["custodies"]}
        self.must(statuses == {key: (one.status, one.left) for key, one in custodies.items()}, "have other custodies")
        paid = {one[0]: (one[1], bool(one[2])) for one in tables["payments"]}
        self.must(paid == {key: (one.amount, one.voided) for key, one in payments.items()}, "have other payments")
        taken: Counter[str] = Counter()
        for payment_id, cents in tables["tenders"]:
            taken[payment_id] += cents
        own = {key: sum(part["taken"] for part in one.tenders) for key, one in payments.items()}
        self.must(dict(taken) == own, "have other tenders")
        back = {one[0]: one[1] for one in tables["refunds"]}
        # A refund may have come after the payment was let go.
        given_back = {key: sum(one.refunded.values()) for key, one in self.payments.items()}
        for event in let_go:
            if event["kind"] == "payment.refunded":
                given_back[event["body"]["payment_id"]] -= event["body"]["amount"]
        refunded = {key: cents for key, cents in given_back.items() if cents}
        self.must(back == refunded, "have other refunds")
        self.must(sum(one[0] or 0 for one in tables["ledger"]) == 0, "have a ledger that does not add up to zero")
        said: dict[str, dict[str, str]] = defaultdict(dict)
        # A stamp that lay in the future when central received it counts as less, on every side the same.
        caps = {(one[0], one[1], one[2]): one[3] for one in tables["caps"]}
        for (patient, name), sayings in self._fields.items():
            _, value = max((caps.get(place, stamp), value) for place, stamp, value in sayings)
            # After central lost something, an amendment may be offered again before the record that it is about.
            if patient in self._registered:
                said[patient][name] = value
        shown = {one[0]: dict(zip(DRAWN_BY_STAMP, one[1:], strict=True)) for one in tables["patients"]}
        self.must(shown == dict(said), "show another phone or city than was said last")


# Of what was let go the sums are there: they count with the lines of the ledger.
TABLES = {
    "caps": "SELECT desk_id, stream_epoch, desk_seq, stamp FROM local_caps",
    "cash": "SELECT custody_id, sum(cents) FROM ("
    "SELECT custody_id, amount_cents AS cents FROM postings WHERE account = 'drawer_cash' UNION ALL "
    "SELECT custody_id, amount_cents FROM local_let_go WHERE account = 'drawer_cash') GROUP BY 1 HAVING sum(cents) <> 0",
    "custodies": "SELECT custody_id, status, left_cents FROM custodies",
    "payments": "SELECT payment_id, amount_cents, voided_at FROM payments",
    "tenders": "SELECT payment_id, taken_cents FROM payment_tenders",
    "refunds": "SELECT payment_id, sum(amount_cents) FROM refunds GROUP BY 1",
    "ledger": "SELECT sum(cents) FROM ("
    "SELECT amount_cents AS cents FROM postings UNION ALL SELECT amount_cents FROM local_let_go)",
    "patients": "SELECT patient_id, phone, city FROM patients",
}


def pieces(count: Event) -> int:
    """What a count of pieces comes to, in cents."""
    total = int(count.get("mutilated") or 0)
    for name, number in count["pieces"].items():
        cents = PIECES.get(name) or (int(name) * 100 if "." not in name else int(name.replace(".", "")))
        total += cents * number
    return total
