"""Writes resources/demo/demo-day.json: a business day at one facility, from the first drawer to the bank's confirmation.

Run it by hand after changing it: ``python tools/make_demo_day.py``. The same script always writes the same file.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Step = dict[str, Any]
OUT = Path(__file__).resolve().parents[1] / "resources" / "demo" / "demo-day.json"
IMPREST = 20_000
FLOAT = {
    "20": 4, "10": 5, "5": 5, "1": 18, "roll:0.25": 1, "roll:0.10": 1, "roll:0.05": 1, "roll:0.01": 2, "0.25": 21, "0.10": 21,
    "0.05": 17, "0.01": 80,
}  # fmt: skip
BILLS = (("50", 5000), ("20", 2000), ("10", 1000), ("5", 500), ("1", 100), ("0.25", 25), ("0.10", 10), ("0.05", 5), ("0.01", 1))
STAFF = (
    ("dana", "Dana Whitfield", "registrar", "402913"),
    ("priya", "Priya Raman", "registrar", "771135"),
    ("tomas", "Tomás Ibarra-Lindqvist", "registrar", "638204"),
    ("june", "June O’Connell", "registrar", "915377"),
    ("kofi", "Kofi Mensah", "registrar", "260481"),
    ("marcus", "Marcus Okafor", "lead", "551924"),
    ("yuki", "Yuki Tanabe", "lead", "347790"),
    ("ines", "Inés Salcedo", "supervisor", "908172"),
)
PINS = {key: pin for key, _, _, pin in STAFF}
PEOPLE = (
    ("Vega-Trujillo", "Marisol", "A", "1987-03-14", "female"), ("Oyelaran", "Tunde", "", "1969-11-02", "male"),
    ("Kessler", "Joan", "M", "1954-08-21", "female"), ("Park", "Eun-ji", "", "1976-05-30", "female"),
    ("Delacroix", "Rémy", "T", "1991-01-17", "male"), ("Boyd", "Carl", "R", "1961-12-09", "male"),
    ("Ferreira", "Ana", "L", "1998-06-04", "female"), ("Holloway", "Derek", "", "1958-09-26", "male"),
    ("Whitlock", "Grace", "E", "2001-02-11", "female"), ("Ibarra", "Tomás", "J", "1983-10-05", "male"),
    ("Lindgren", "Paul", "", "1947-04-19", "male"), ("Nguyễn", "Linh", "T", "1990-07-07", "female"),
    ("Stavros", "Elena", "", "1972-03-03", "female"), ("Haddad", "Samir", "", "1988-12-30", "male"),
    ("Abernathy", "Ruth", "", "1939-05-16", "female"), ("Pruitt", "Janelle", "", "1995-09-09", "female"),
    ("Farrow", "Dennis", "", "1966-02-28", "male"), ("Castellanos", "Miguel", "Ángel", "1979-08-15", "male"),
    ("Maddox", "Tyrone", "", "1985-04-01", "male"), ("Jimenez", "Rosa", "", "1993-11-20", "female"),
    ("O’Shaughnessy-Featherstonehaugh", "Alexandrina Wilhelmina", "Marie-Claire", "1970-01-01", "female"),
    ("D’Angelo", "Niccolò", "", "1964-06-13", "male"), ("Þórsdóttir", "Guðrún", "", "1982-02-02", "female"),
    ("Šimić", "Željko", "", "1959-07-24", "male"), ("Müller", "Jürgen", "", "1975-10-31", "male"),
    ("St. John", "Oliver", "", "2010-05-05", "male"), ("de la Cruz Villanueva", "José Luis", "", "1968-03-19", "male"),
    ("Ng", "Wei", "", "1999-12-12", "other"), ("Al-Rashid", "Fatima", "", "1986-08-08", "female"),
    ("Kowalczyk", "Agnieszka", "", "1977-04-27", "female"), ("Van der Berg", "Pieter", "", "1952-09-01", "male"),
    ("Trần", "Đức", "", "1948-01-30", "male"), ("Smith", "John", "Q", "1980-01-02", "male"),
    ("Smith", "Joan", "", "1980-01-02", "female"), ("Björk", "Åsa", "", "1994-03-25", "female"),
    ("Quintero", "Luis", "", "1971-06-18", "male"), ("Sandoval", "Irene", "", "1963-10-10", "female"),
    ("McAllister", "Fiona", "", "2003-07-14", "female"), ("Okonkwo", "Chidi", "", "1989-05-22", "male"),
    ("Rosenberg", "Miriam", "", "1944-11-11", "female"), ("Yılmaz", "Ayşe", "", "1992-09-15", "female"),
    ("Petrov", "Ivan", "", "1967-08-03", "male"), ("Kim", "Seo-yeon", "", "2015-02-20", "female"),
    ("Łukasz", "Zofia", "", "1981-12-01", "female"), ("Hernández", "Concepción", "", "1937-12-08", "female"),
    ("Brown", "Tanya", "", "1984-04-14", "female"), ("Fitzgerald", "Sean", "P", "1978-03-17", "male"),
    ("Gupta", "Anil", "", "1957-01-26", "male"), ("Ortiz", "Xiomara", "", "1996-06-30", "female"),
    ("Leroy", "Chloé", "", "2008-10-19", "female"), ("Washington", "Earl", "", "1942-02-22", "male"),
    ("Nakamura", "Haruto", "", "1973-05-03", "male"), ("Dubois", "Anaïs", "", "1987-07-29", "female"),
    ("Ruiz", "Mateo", "", "2019-09-13", "male"), ("Jackson", "Latoya", "", "1974-11-06", "female"),
    ("Bergström", "Lars", "", "1955-04-04", "male"), ("Silva", "João", "", "1990-10-25", "male"),
    ("Tremblay", "Noémie", "", "1997-08-21", "female"), ("Hughes", "Gwen", "", "1949-06-06", "female"),
    ("Mbeki", "Thandiwe", "", "1983-03-08", "female"),
)  # fmt: skip
MEMO = "A patient came back and said the $5 change was missing. I gave a second $5 bill without checking the receipt time."
SERVICES = ("lab", "imaging", "therapy", "cardiology", "specialist", "x-ray", "infusion", "urgent care")
PAYERS = ("Northlake Health PPO", "Ohio Valley Mutual", "State Medicaid", "Blue River HMO", "Lakeshore Advantage")
COPAYS = ("25.00", "40.00", "35.00", "75.00", "20.00", "62.40", "45.00", "30.00")


class Book:
    """What a drawer should hold, so that the counts come out as the day wants them."""

    def __init__(self, key: str) -> None:
        self.key, self.holder, self.cash, self.check, self.card, self.order = key, "", 0, 0, 0, 0
        self.checks: list[Step] = []


class DayWriter:
    """Writes steps with their times, and keeps the drawers' books."""

    def __init__(self) -> None:
        self.random = random.Random(20261123)
        self.now = datetime(2026, 11, 23, 7, 2)
        self.steps: list[Step] = []
        self.books = {key: Book(key) for key in ("D1", "D2", "D3")}
        self.people = iter(PEOPLE)
        self.count = 0

    def at(self, hour: int, minute: int, day: int = 23) -> None:
        """Go on at that time, unless it is later already."""
        self.now = max(self.now, datetime(2026, 11, day, hour, minute))

    def step(self, by: str, do: str, minutes: int = 2, **keys: Any) -> None:
        """One step, a few minutes after the one before."""
        self.steps.append({"at": self.now.isoformat(timespec="minutes"), "by": by, "do": do, **keys})
        self.now += timedelta(minutes=minutes)

    def open(self, key: str, by: str, count: Step | None = None, **keys: Any) -> None:
        count = count or FLOAT
        book = self.books[key]
        self.step(by, "open_drawer", drawer=key, count=count, **keys)
        book.holder, book.cash = by, total(count)
        book.check = book.card = book.order = 0
        book.checks = []

    def register(self, by: str, kind: str = "outpatient", **patient: Any) -> str:
        """Somebody arrives; the name of their visit."""
        self.count += 1
        name = f"v{self.count}"
        if not patient:
            family, given, middle, born, sex = next(self.people)
            patient = {"family": family, "given": given, "birth_date": born, "sex": sex}
            if middle:
                patient["middle"] = middle
            patient["phone"] = f"(216) 555-{100 + self.count:04d}"
            patient["address"] = {
                "line": f"{self.count * 7} Birchmont Avenue",
                "city": "Larkin Falls",
                "state": "OH",
                "zip": "44990",
            }
        visit: Step = {"type": kind, "reason": "Chest pain" if kind == "emergency" else "Scheduled visit"}
        coverages: list[Step] = []
        if kind == "outpatient":
            visit["service"] = SERVICES[self.count % len(SERVICES)]
            copay = COPAYS[self.count % len(COPAYS)]
            coverages = [{"payer": PAYERS[self.count % len(PAYERS)], "member_id": f"NHP{447199000 + self.count}", "copay": copay}]
        self.step(
            by, "register", patient=patient, visit=visit, coverages=coverages, **{"as": name, "as_patient": f"p{self.count}"}
        )
        return name

    def pay(self, by: str, key: str, visit: str, amount: str, tender: str = "cash", purpose: str = "copay", **keys: Any) -> str:
        """A payment; its name."""
        name = f"pay-{visit}-{purpose}"
        self.step(by, "payment", visit=visit, drawer=key, purpose=purpose, amount=amount, tender=tender, **{"as": name}, **keys)
        self.book(key, tender, amount, keys.get("check_number", ""))
        return name

    def book(self, key: str, tender: str, amount: str, number: str = "") -> None:
        book, value = self.books[key], cents(amount)
        if tender == "cash":
            book.cash += value
        elif tender == "card":
            book.card += value
        else:
            kind = {"tender": "money_order"} if tender == "money_order" else {}
            book.checks.append({"number": number, "amount": amount, **kind})

    def copay(self, by: str, key: str) -> str:
        """Somebody arrives and pays the copay, each by another tender."""
        visit = self.register(by)
        owed = COPAYS[self.count % len(COPAYS)]
        turn = self.count % 5
        if turn in (0, 2):
            bill = next(value for value in (20, 40, 50, 60, 80, 100) if value * 100 >= cents(owed))
            return self.pay(by, key, visit, owed, tendered=f"{bill}.00")
        if turn == 1:
            return self.pay(by, key, visit, owed, "check", check_number=str(2200 + self.count))
        if turn == 3:
            return self.pay(by, key, visit, owed, "card", card_last4=f"{4000 + self.count}", auth_code=f"71F{self.count:02d}A")
        return self.pay(by, key, visit, owed)

    def counted(self, key: str, off: int = 0) -> Step:
        """A closing count of what the drawer should hold, off by some cents."""
        book = self.books[key]
        count: Step = plus_float(book.cash + off)
        count["checks"] = list(book.checks)
        count["card_total"] = money(book.card)
        count["card_batch"] = f"1123-{key[-1]}"
        return count


# ---------------------------------------------------------------- money in words and pieces


def cents(amount: str) -> int:
    return int(amount.replace(".", ""))


def money(value: int) -> str:
    return f"{value // 100}.{value % 100:02d}"


def pieces(value: int) -> dict[str, Any]:
    """Bills and coins that make up a value, small ones first kept for change."""
    count: dict[str, Any] = {}
    for key, worth in BILLS:
        number = value // worth
        if number:
            count[key] = number
            value -= number * worth
    return count


def plus_float(value: int) -> dict[str, Any]:
    """A count in which the float's own pieces are still there."""
    if value < IMPREST:
        return pieces(value)
    count: dict[str, Any] = dict(FLOAT)
    for key, number in pieces(value - IMPREST).items():
        count[key] = count.get(key, 0) + number
    return count


def total(count: Step) -> int:
    worth = dict(BILLS) | {"100": 10000, "roll:0.25": 1000, "roll:0.10": 500, "roll:0.05": 200, "roll:0.01": 50}
    return sum(worth[key] * number for key, number in count.items())


def approved(by: str) -> Step:
    return {"approver": by, "approver_pin": PINS[by]}


def morning(day: DayWriter) -> None:
    """Three drawers open, the waiting room fills, an emergency is not asked for money before its exam."""
    day.open("D1", "dana")
    day.step("dana", "open_drawer", drawer="D2", count=FLOAT, expect="refused", code="holds_another_drawer")
    day.open("D2", "priya", witness="marcus", witness_pin=PINS["marcus"])
    day.open("D3", "tomas", pieces(IMPREST - 100) | {})
    for _ in range(4):
        day.copay("dana", "D1")
        day.copay("priya", "D2")
    hurt = day.register("tomas", "emergency")
    day.step(
        "tomas",
        "payment",
        visit=hurt,
        drawer="D3",
        purpose="copay",
        amount="150.00",
        tender="card",
        expect="refused",
        code="emtala_hold",
    )
    day.step("tomas", "visit_event", visit=hurt, event="triaged")
    wrong = day.copay("dana", "D1")
    day.step("dana", "void", payment=wrong, reason="wrong account", expect="refused", code="needs_approval")
    day.step("dana", "void", payment=wrong, reason="wrong account", **approved("marcus"))
    unvoid(day, "D1", day.steps)
    day.step("tomas", "visit_event", visit=hurt, event="mse_completed", minutes=6)
    day.pay("tomas", "D3", hurt, "150.00", "card", card_last4="7781", auth_code="90C1E2")
    nobody = day.register("tomas", "emergency", unknown=True, sex="male")
    day.step("tomas", "visit_event", visit=nobody, event="triaged")
    day.step("tomas", "visit_event", visit=nobody, event="stabilized")
    day.step("tomas", "visit_event", visit=nobody, event="admitted")
    known = nobody.replace("v", "p")
    day.step(
        "tomas",
        "amend_patient",
        patient=known,
        set={"family": "Grimaldi", "given": "Pietro", "birth_date": "1962-04-09", "unknown": False},
    )


def unvoid(day: DayWriter, key: str, steps: list[Step]) -> None:
    """Take the payment that was just voided out of the drawer's book."""
    voided = next(step for step in reversed(steps) if step["do"] == "void" and "expect" not in step)
    paid = next(step for step in steps if step.get("as") == voided["payment"])
    book, value = day.books[key], cents(paid["amount"])
    if paid["tender"] == "cash":
        book.cash -= value
    elif paid["tender"] == "card":
        book.card -= value
    else:
        book.checks.pop()


def midday(day: DayWriter) -> None:
    """Drops, change from the safe, a paid-out, a split payment, a baby, a refund, a surprise count."""
    for _ in range(9):
        day.copay("dana", "D1")
        day.copay("priya", "D2")
    day.step("priya", "drop", drawer="D2", count={"20": 5}, bag="1123-A", witness="marcus", witness_pin=PINS["marcus"])
    day.books["D2"].cash -= 10_000
    day.step("dana", "exchange", drawer="D1", give={"20": 1}, take={"5": 2, "1": 10})
    day.step("dana", "paid_out", drawer="D1", amount="11.75", reason="Patient parking, slip PO-118", **approved("marcus"))
    day.books["D1"].cash -= 1_175
    day.step("dana", "no_sale", drawer="D1", reason="Change for the visitor telephone")
    mother = day.register("priya", "inpatient")
    day.register("priya", "newborn", newborn_of=mother.replace("v", "p"), sex="female", birth_order=1)
    split = day.register("priya")
    day.step("priya", "payment", visit=split, drawer="D2", **{"as": "pay-split"},
             lines=[{"purpose": "copay", "amount": "40.00"}, {"purpose": "prior_balance", "amount": "78.60"}],
             tenders=[{"tender": "cash", "amount": "38.60", "tendered": "40.00"},
                      {"tender": "card", "amount": "80.00", "card_last4": "0007", "auth_code": "7218D4"}])  # fmt: skip
    day.book("D2", "cash", "38.60")
    day.book("D2", "card", "80.00")
    day.step("priya", "refund", payment="pay-split", amount="20.00", tender="cash", reason="Balance was already paid",
             drawer="D2", **approved("marcus"))  # fmt: skip
    day.books["D2"].cash -= 2_000
    day.step("priya", "refund", payment="pay-split", amount="900.00", tender="card", reason="typed wrong", expect="refused",
             code="more_than_paid", **approved("marcus"))  # fmt: skip
    order = day.register("priya")
    day.pay("priya", "D2", order, "86.75", "money_order", "coinsurance", check_number="900417")
    day.step("marcus", "audit_count", drawer="D2", count=day.counted("D2"))
    day.step("dana", "register", patient={"family": "vega trujillo", "given": "MARISOL", "birth_date": "1987-03-14"},
             visit={"type": "outpatient"}, coverages=[], expect="refused", code="probable_duplicate")  # fmt: skip
    plan = day.register("dana")
    day.pay("dana", "D1", plan, "50.00", purpose="payment_plan", tendered="50.00")
    deposit = day.register("dana")
    day.pay("dana", "D1", deposit, "200.00", purpose="deposit", tendered="200.00")
    day.step("dana", "payment", patient="p1", drawer="D1", purpose="other", amount="8.25", tender="cash", tendered="10.00")
    day.book("D1", "cash", "8.25")
    day.step("dana", "paid_in", drawer="D1", amount="2.00", reason="Found under the counter tray", **approved("marcus"))
    day.books["D1"].cash += 200


def afternoon(day: DayWriter) -> None:
    """The day shift counts: one drawer short and counted twice, one balanced, one over; drawers change hands."""
    day.at(14, 40)
    day.step("dana", "count_drawer", drawer="D1", count=day.counted("D1", -500), minutes=4)
    day.step("dana", "count_drawer", drawer="D1", count=day.counted("D1", -500), minutes=2)
    day.step("dana", "count_drawer", drawer="D1", count=day.counted("D1"), expect="refused", code="recount_limit")
    day.step("dana", "close_drawer", drawer="D1", reason="Change given twice", expect="refused", code="needs_approval")
    day.step("dana", "close_drawer", drawer="D1", reason="Change given twice", memo=MEMO, bag="1123-01", approver="marcus",
             approver_pin="111111", expect="refused", code="pin_wrong")  # fmt: skip
    day.step("dana", "close_drawer", drawer="D1", reason="Change given twice", memo=MEMO, bag="1123-01", **approved("marcus"))
    day.step("dana", "hand_over", drawer="D1", to="june", to_pin=PINS["june"], count=pieces(IMPREST - 500), expect="refused",
             code="receiver_count_differs")  # fmt: skip
    day.step("dana", "hand_over", drawer="D1", to="june", to_pin=PINS["june"], count=FLOAT,
             open_items=["Sandoval: coverage ended 06/30/2026, new card by 4:00 PM", "Haddad wants a copy by mail"])  # fmt: skip
    hold(day, "D1", "june")
    day.step("priya", "count_drawer", drawer="D2", count=day.counted("D2"))
    day.step("priya", "payment", visit="v2", drawer="D2", purpose="copay", amount="5.00", tender="cash", expect="refused",
             code="drawer_counting")  # fmt: skip
    day.step("priya", "close_drawer", drawer="D2", bag="1123-02")
    day.open("D2", "kofi")
    day.step("yuki", "take_over", drawer="D3", count=day.counted("D3", 300), reason="Holder called away to the trauma room",
             memo="Counted with the charge nurse watching.", bag="1123-03", **approved("ines"))  # fmt: skip
    day.open("D3", "tomas", pieces(IMPREST))


def hold(day: DayWriter, key: str, holder: str) -> None:
    book = day.books[key]
    book.holder, book.cash, book.card, book.checks = holder, IMPREST, 0, []


def evening(day: DayWriter) -> None:
    """The evening shift, up to its end at eleven."""
    day.at(15, 30)
    for _ in range(10):
        day.copay("june", "D1")
        day.copay("kofi", "D2")
        day.now += timedelta(minutes=17)
    late = day.register("june", "emergency")
    day.step("june", "visit_event", visit=late, event="left_without_being_seen")
    day.at(22, 30)
    day.step("june", "count_drawer", drawer="D1", count=day.counted("D1"))
    day.step("june", "close_drawer", drawer="D1", bag="1123-04")
    day.step("kofi", "count_drawer", drawer="D2", count=day.counted("D2", 2))
    day.step("kofi", "close_drawer", drawer="D2", expect="refused", code="needs_reason")
    day.step("kofi", "close_drawer", drawer="D2", reason="Two cents over, not found", bag="1123-05")


def night(day: DayWriter) -> None:
    """Across midnight, and the morning after: the bags go to the bank."""
    day.at(23, 10)
    day.open("D1", "kofi")
    day.copay("kofi", "D1")
    day.at(0, 20, day=24)
    for _ in range(4):
        day.copay("kofi", "D1")
    walk_in = day.register("kofi", "emergency")
    day.step("kofi", "visit_event", visit=walk_in, event="triaged")
    day.step("kofi", "visit_event", visit=walk_in, event="mse_completed")
    day.pay("kofi", "D1", walk_in, "100.00", purpose="prepayment", tendered="100.00")
    day.step("kofi", "visit_event", visit=walk_in, event="departed")
    day.at(6, 35, day=24)
    day.step("kofi", "count_drawer", drawer="D1", count=day.counted("D1"))
    day.step("kofi", "close_drawer", drawer="D1", bag="1124-01")
    bags = ["1123-A", "1123-01", "1123-02", "1123-03", "1123-04", "1123-05"]
    day.step("ines", "deposit", bags=bags, witness="yuki", witness_pin=PINS["yuki"])
    day.step("ines", "deposit", bags=["1123-A"], expect="refused", code="bag_in_use")
    day.at(10, 15, day=24)
    day.step("ines", "confirm_deposit", bag="1123-A", amount="100.00")


def main() -> None:
    """Write the file."""
    day = DayWriter()
    for part in (morning, midday, afternoon, evening, night):
        part(day)
    content = {
        "format": "access-desk.day/1",
        "facility": {"code": "CHR", "name": "Cedar Hollow Regional", "timezone": "America/Chicago", "policy": {}},
        "staff": [{"key": key, "name": name, "role": role, "pin": pin} for key, name, role, pin in STAFF],
        "drawers": [
            {"key": "D1", "desk": "Admitting 1", "imprest": "200.00"},
            {"key": "D2", "desk": "Admitting 2", "imprest": "200.00"},
            {"key": "D3", "desk": "ED Registration", "imprest": "200.00"},
        ],
        "steps": day.steps,
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
