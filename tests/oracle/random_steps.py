"""Proposes the next step of a random day, mostly one that makes sense where the model stands."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.oracle import vocabulary as words
from tests.oracle.state import Custody, Day
from tests.oracle.values import PIECE_CENTS, TENDERS, Json, money_text

BAD_AMOUNTS: tuple[object, ...] = ("25", "25.0", "25.001", "", "abc", "-5.00", "0.00", 25, 25.5, None, "10000000.00", "NaN")
BAD_COUNTS: tuple[object, ...] = (
    {"3": 1},
    {"20": -1},
    {"20": 1.5},
    {"20": "2"},
    {"20": True},
    [],
    "200.00",
    {"mutilated": "5.00"},
    {"1": 1_000_001},
)
FAMILIES = ("Nguyễn", "O'Brien-Sánchez", "Whitfield", "García", "Müller", "Ibarra", "Boyd", "GARCIA")
GIVENS = ("Linh", "Ana", "Zoë", "García", "Boyd", "Zoe")
AMOUNTS = ("25.00", "40.00", "0.01", "0.03", "12.37", "118.60", "350.00", "62.42", "1000.00", "15.98")


class Desk:
    """Names made so far, and the way to a next step. ``day`` is the model that performs the steps."""

    def __init__(self, chance: random.Random, day: Day, file: Json) -> None:
        self.chance, self.day = chance, day
        self.pins: dict[str, str] = {person["key"]: person["pin"] for person in file["staff"]}
        self.made: dict[str, list[str]] = {"patient": [], "visit": [], "payment": []}
        self.bags: list[str] = []
        self.serial = 0
        self.verbs: list[tuple[Callable[[], Json], int]] = [
            (self.register, 8),
            (self.amend, 2),
            (self.visit_event, 6),
            (self.open_drawer, 6),
            (self.payment, 26),
            (self.void, 5),
            (self.refund, 6),
            (self.drop, 4),
            (self.paid, 5),
            (self.exchange, 2),
            (self.no_sale, 2),
            (self.count_drawer, 2),
            (self.close_drawer, 11),
            (self.hand_over, 4),
            (self.take_over, 2),
            (self.audit_count, 2),
            (self.deposit, 3),
            (self.confirm, 3),
        ]

    def next_step(self) -> Json:
        """A step; one in twelve has one value spoilt."""
        if not self.day.custodies and self.chance.random() < 0.5:
            return self.open_drawer()
        makers, weights = zip(*self.verbs, strict=True)
        step: Json = self.chance.choices(makers, weights)[0]()
        if self.chance.random() < 1 / 12:
            self._spoil(step)
        return step

    def note_names(self, step: Json) -> None:
        """Remembers what the step declares."""
        if "as" in step:
            self.made["payment" if step["do"] == "payment" else "visit"].append(step["as"])
        if "as_patient" in step:
            self.made["patient"].append(step["as_patient"])
        if "bag" in step and step["bag"] not in self.bags:
            self.bags.append(step["bag"])

    def _spoil(self, step: Json) -> None:
        pick = self.chance.choice
        if isinstance(step.get("count"), dict):
            step["count"] = pick(BAD_COUNTS)
            step.pop("note", None)
        elif "amount" in step:
            step["amount"] = pick(BAD_AMOUNTS)
        elif step["do"] == "register" and isinstance(step["patient"], dict):
            key, value = pick([("birth_date", "1987-02-30"), ("ssn", "000-12-3456"), ("sex", "F"), ("ssn", "666-12-3456")])
            step["patient"][key] = value
        elif "event" in step:
            step["event"] = "healed"

    def _name(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}{self.serial}"

    def _known(self, kind: str) -> str:
        """A name that was made, mostly one whose step was not refused."""
        done = {
            "patient": list(self.day.named_patients),
            "visit": list(self.day.named_visits),
            "payment": list(self.day.named_payments),
        }[kind]
        if done and self.chance.random() < 0.93:
            return self.chance.choice(done[-8:])
        return self.chance.choice(self.made[kind])

    def _somebody(self) -> str:
        return self.chance.choice(list(self.pins))

    def _second(self, step: Json, role: str, likely: float) -> None:
        """An approver or a witness, mostly with the right PIN."""
        if self.chance.random() > likely:
            return
        step[role] = self.chance.choice(["marcus", "teresa", "marcus", "teresa", self._somebody()])
        if self.chance.random() < 0.95:
            step[role + "_pin"] = self.pins[step[role]] if self.chance.random() < 0.8 else "9999"

    def _open(self) -> Custody | None:
        return self.chance.choice(self._all_open()) if self._all_open() else None

    def _all_open(self) -> list[Custody]:
        return [custody for custody in self.day.custodies if custody.closed_at is None]

    def _at_drawer(self, do: str) -> Json:
        """A step at an open drawer by its holder, now and then by somebody else or at another drawer."""
        custody = self._open()
        step: Json = {"do": do, "by": self._somebody(), "drawer": self.chance.choice(list(self.day.drawers))}
        if custody is not None and self.chance.random() < 0.95:
            step["drawer"] = custody.drawer.key
            if self.chance.random() < 0.95:
                step["by"] = custody.holder
        return step

    def _custody(self, step: Json) -> Custody | None:
        return self.day.drawers[step["drawer"]].current()

    def pieces(self, cents: int) -> Json:
        """A count of ``cents`` in some mixture of pieces."""
        count: Json = {}
        for key in self.chance.sample(list(PIECE_CENTS), len(PIECE_CENTS)):
            most = min(cents // PIECE_CENTS[key], 12)
            number = self.chance.randint(0, most)
            if number:
                count[key] = number
                cents -= number * PIECE_CENTS[key]
        for key in sorted(PIECE_CENTS, key=lambda piece: -PIECE_CENTS[piece]):
            if cents >= PIECE_CENTS[key]:
                count[key] = count.get(key, 0) + cents // PIECE_CENTS[key]
                cents %= PIECE_CENTS[key]
        return count

    def closing(self, step: Json) -> Json:
        """A closing count near what the drawer should hold."""
        custody = self._custody(step)
        if custody is None:
            return {"20": 3}
        expected = custody.expected()
        off = self.chance.choice([0, 0, 0, 1, -1, 200, 201, -500, 2500, -2600])
        count = self.pieces(max(0, expected["cash"] + off))
        checks: list[Json] = []
        for tender in ("check", "money_order"):
            if expected[tender]:
                extra = self.chance.choice([0, 0, 0, 500])
                check = {"number": str(self.chance.randint(100, 9999)), "amount": money_text(expected[tender] + extra)}
                checks.append(check if tender == "check" else check | {"tender": tender})
        if checks:
            count["checks"] = checks
        if expected["card"] and self.chance.random() < 0.95:
            count |= {"card_total": money_text(expected["card"]), "card_batch": "1123-1"}
        return count

    def register(self) -> Json:
        """A new patient or one already made, in some kind of visit."""
        step: Json = {"do": "register", "by": self._somebody(), "as": self._name("v")}
        step["visit"] = {"type": self.chance.choice(["outpatient", "emergency", "inpatient", "observation"])}
        if self.chance.random() < 0.3:
            step["visit"]["attending_npi"] = self.chance.choice(["1234567893", "1234567893", "1234567890"])
        if self.made["patient"] and self.chance.random() < 0.3:
            step["patient"] = self._known("patient")
            return step
        step["as_patient"] = self._name("p")
        step["patient"] = {
            "family": self.chance.choice(FAMILIES),
            "given": self.chance.choice(GIVENS),
            "birth_date": f"1940-01-1{self.chance.randint(0, 1)}",
            "sex": self.chance.choice(sorted(words.SEXES)),
        }
        if self.chance.random() < 0.1:
            step["patient"] = {"unknown": True, "sex": "male"}
        elif self.made["patient"] and self.chance.random() < 0.1:
            step["patient"] = {"newborn_of": self._known("patient"), "sex": "female", "birth_order": 1}
            step["visit"]["type"] = "newborn"
        elif self.chance.random() < 0.2:
            step["patient"]["despite_match"] = "A twin"
        return step

    def amend(self) -> Json:
        """Somebody's details change."""
        if not self.made["patient"]:
            return self.register()
        patient = self._known("patient")
        change = self.chance.choice([{"phone": "5125550147"}, {"family": "Boyd"}, {"birth_date": "1940-01-10"}, {"middle": "J."}])
        return {"do": "amend_patient", "by": self._somebody(), "patient": patient, "set": dict(change)}

    def visit_event(self) -> Json:
        """Something happens in a visit."""
        if not self.made["visit"]:
            return self.register()
        visit, event = self._known("visit"), self.chance.choice(sorted(words.VISIT_EVENTS))
        return {"do": "visit_event", "by": self._somebody(), "visit": visit, "event": event}

    def open_drawer(self) -> Json:
        """A drawer is opened, mostly with what it should hold."""
        closed = [drawer for drawer in self.day.drawers.values() if drawer.current() is None]
        drawer = self.chance.choice(closed if closed and self.chance.random() < 0.8 else list(self.day.drawers.values()))
        should = drawer.imprest if drawer.last is None else drawer.last.left
        off = self.chance.choice([0, 0, 0, -100, 25])
        step: Json = {"do": "open_drawer", "by": self._somebody(), "drawer": drawer.key}
        step["count"] = self.pieces(max(0, should + off))
        if self.chance.random() < 0.05:
            step |= {"note": "a torn bill"}
            step["count"]["mutilated"] = "10.00"
        self._second(step, "witness", 0.6)
        return step

    def payment(self) -> Json:
        """A payment of any kind."""
        if not self.made["visit"]:
            return self.register()
        step = self._at_drawer("payment")
        kind = "patient" if self.made["patient"] and self.chance.random() < 0.25 else "visit"
        step[kind] = self._known(kind)
        step["as"] = self._name("m")
        amounts = [self.chance.choice(AMOUNTS)]
        if self.chance.random() < 0.25:
            amounts.append(self.chance.choice(AMOUNTS))
            purposes = sorted(words.PURPOSES)
            step["lines"] = [{"purpose": self.chance.choice(purposes), "amount": amount} for amount in amounts]
        else:
            step |= {"purpose": "copay", "amount": amounts[0]}
        total = sum(int(amount.replace(".", "")) for amount in amounts)
        if self.chance.random() < 0.25 and total > 1000:
            self._split(step, total)
        else:
            step["tender"] = self.chance.choice(("cash", "cash", *TENDERS))
            if step["tender"] == "cash" and self.chance.random() < 0.5:
                step["tendered"] = money_text(total + self.chance.choice([2, 5, 100, 2000, 0, -500]))
                if step["tendered"].startswith("-"):
                    del step["tendered"]
        return step

    def _split(self, step: Json, total: int) -> None:
        first = self.chance.randint(10, total - 1)
        other = self.chance.choice(["check", "card", "money_order"])
        rest = total - first + self.chance.choice([0, 0, 0, 0, 1])
        step["tenders"] = [{"tender": "cash", "amount": money_text(first)}, {"tender": other, "amount": money_text(rest)}]
        if other == "card":
            step["tenders"][1] |= {"card_last4": "4242", "auth_code": "71F20A"}

    def void(self) -> Json:
        """A payment is taken back."""
        if not self.made["payment"]:
            return self.payment()
        name = self._known("payment")
        made = self.day.named_payments.get(name)
        step: Json = {"do": "void", "by": self._somebody(), "payment": name}
        if made is not None and self.chance.random() < 0.9:
            step["by"] = made.custody.holder
        return self._explain(step, 0.85)

    def _explain(self, step: Json, likely: float) -> Json:
        if self.chance.random() < 0.9:
            step["reason"] = self.chance.choice(["Wrong account", "Change given twice", "Wrong account", "  "])
        self._second(step, "approver", likely)
        return step

    def refund(self) -> Json:
        """Money is given back."""
        if not self.made["payment"]:
            return self.payment()
        step = self._at_drawer("refund")
        step["payment"] = self._known("payment")
        made = self.day.named_payments.get(step["payment"])
        step["amount"] = self.chance.choice(AMOUNTS)
        if made is not None:
            used = [tender for tender in TENDERS if made.credited[tender]]
            tender = self.chance.choice(used)
            if len(used) > 1 or self.chance.random() < 0.2:
                step["tender"] = tender if self.chance.random() < 0.9 else self.chance.choice(TENDERS)
            if self.chance.random() < 0.7:
                step["amount"] = money_text(max(1, made.credited[tender] - self.chance.choice([0, 0, 100])))
            if tender != "cash" and self.chance.random() < 0.7:
                del step["drawer"]
        return self._explain(step, 0.85)

    def drop(self) -> Json:
        """Cash goes to the safe."""
        step = self._at_drawer("drop")
        custody = self._custody(step)
        cents = 5000 if custody is None else max(1, custody.expected()["cash"] // self.chance.choice([1, 2, 3]))
        cents += self.chance.choice([0, 0, 0, 0, 100_000])
        if self.chance.random() < 0.5:
            step["amount"] = money_text(cents)
        else:
            step["count"] = self.pieces(cents)
        self._bag(step, 0.7)
        self._second(step, "witness", 0.3)
        return step

    def _bag(self, step: Json, likely: float) -> None:
        if self.chance.random() < likely:
            step["bag"] = self._name("B-")
            if self.bags and self.chance.random() < 0.1:
                step["bag"] = self.chance.choice(self.bags)

    def paid(self) -> Json:
        """Paid in or paid out."""
        step = self._at_drawer(self.chance.choice(["paid_in", "paid_out"]))
        step["amount"] = self.chance.choice(AMOUNTS)
        return self._explain(step, 0.9)

    def exchange(self) -> Json:
        """Change from the safe."""
        step = self._at_drawer("exchange")
        cents = self.chance.choice([2000, 10_000, 500])
        step["give"], step["take"] = self.pieces(cents), self.pieces(cents + self.chance.choice([0, 0, 0, 100]))
        return step

    def no_sale(self) -> Json:
        """The drawer opens for nothing."""
        step = self._at_drawer("no_sale")
        if self.chance.random() < 0.8:
            step["reason"] = "Change for a visitor"
        return step

    def count_drawer(self) -> Json:
        """A closing count."""
        step = self._at_drawer("count_drawer")
        return step | {"count": self.closing(step)}

    def close_drawer(self) -> Json:
        """Whoever counts closes; who has not counted counts first, mostly."""
        counting = [custody for custody in self._all_open() if custody.counts]
        if not counting:
            return self.payment()
        custody = self.chance.choice(counting)
        step: Json = {"do": "close_drawer", "by": custody.holder, "drawer": custody.drawer.key}
        if self.chance.random() < 0.5:
            cents = self.chance.choice([0, custody.counts[-1]["cash"], custody.counts[-1]["cash"] // 2, 400_000])
            step["to_bank"] = money_text(cents) if self.chance.random() < 0.5 else self.pieces(cents)
        if self.chance.random() < 0.4:
            step["memo"] = "Counted twice with the lead; the twenty was found under the tray."
        self._bag(step, 0.7)
        self._second(step, "witness", 0.6)
        return self._explain(step, 0.7)

    def hand_over(self) -> Json:
        """A closed drawer goes to a receiver."""
        closed = [drawer for drawer in self.day.drawers.values() if drawer.last is not None and drawer.current() is None]
        drawer = self.chance.choice(closed if closed and self.chance.random() < 0.9 else list(self.day.drawers.values()))
        step: Json = {"do": "hand_over", "by": self._somebody(), "drawer": drawer.key, "to": self._somebody()}
        left = 20_000
        if drawer.last is not None:
            step["by"], left = drawer.last.holder if self.chance.random() < 0.9 else step["by"], drawer.last.left
        step["count"] = self.pieces(left + self.chance.choice([0, 0, 0, 0, 5]))
        if self.chance.random() < 0.97:
            step["to_pin"] = self.pins[step["to"]] if self.chance.random() < 0.9 else "0000"
        if self.chance.random() < 0.3:
            step["open_items"] = ["Insurance card of bed 4 is still missing"]
        return step

    def take_over(self) -> Json:
        """A lead closes for somebody absent."""
        step = self._at_drawer("take_over")
        step["by"] = self.chance.choice(["marcus", "teresa", "marcus", "dana"])
        step["count"] = self.closing(step)
        if self.chance.random() < 0.5:
            step["memo"] = "The holder went home ill."
        self._bag(step, 0.6)
        return self._explain(step, 0.8)

    def audit_count(self) -> Json:
        """A surprise count."""
        step = self._at_drawer("audit_count")
        step["by"] = self.chance.choice(["marcus", "teresa", "dana"])
        return step | {"count": self.pieces(20_000)}

    def deposit(self) -> Json:
        """Bags go to the bank."""
        if not self.bags:
            return self.drop()
        sealed = [number for number, bag in self.day.bags.items() if bag.where == "safe"]
        among = sealed if sealed and self.chance.random() < 0.85 else self.bags
        numbers = self.chance.sample(among, self.chance.randint(1, min(3, len(among))))
        step: Json = {"do": "deposit", "by": self._somebody(), "bags": numbers}
        self._second(step, "witness", 0.3)
        return step

    def confirm(self) -> Json:
        """The bank confirms a bag."""
        moving = [number for number, bag in self.day.bags.items() if bag.where == "transit"]
        if not moving:
            return self.deposit()
        number = self.chance.choice(moving if self.chance.random() < 0.9 else self.bags)
        cents = self.day.bags[number].amount if number in self.day.bags else 100
        cents = max(1, cents + self.chance.choice([0, 0, -100, 500]))
        return {"do": "confirm_deposit", "by": self._somebody(), "bag": number, "amount": money_text(cents)}
