"""Contents of papers for tests: those of the design pictures, and larger ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.denominations import CashCount, CountedCheck
from access_desk.domain.money import Money
from access_desk.domain.papers.cash_sheet import CashSheet, CountMoment, SheetReceipt
from access_desk.domain.papers.handoff import BagInSafe, HandoffSheet, OpenItem
from access_desk.domain.papers.imprint import (
    CashMove,
    Imprint,
    LogHead,
    ReceiptSpan,
    RefundEntry,
    Remark,
    Signed,
    TenderPart,
    VoidEntry,
)
from access_desk.domain.papers.mid_shift import MidShiftSheet
from access_desk.domain.papers.receipt import Receipt, ReceiptCharge
from access_desk.domain.papers.shift_report import BagEntry, ShiftCustody, ShiftReport

ZONE = ZoneInfo("America/New_York")
DAY = date(2026, 7, 16)
HEAD = LogHead(1042, "9f3a77c241d08e15" + "ab" * 24)


def at(hour: int, minute: int, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def dollars(text: str) -> Money:
    return Money.parse(text)


def imprint(copy_number: int = 1, practice: bool = False) -> Imprint:
    return Imprint(
        facility_name="Cedar Hollow Regional Medical Center",
        printed_at=at(15, 5),
        printed_by="Dana Whitfield",
        desk_label="Admitting 3",
        log_head=HEAD,
        copy_number=copy_number,
        practice=practice,
        address_lines=("2400 Millrace Avenue", "Larkin Falls, OH 44990"),
        phone="(216) 555-0110",
    )


def cash(amount: str, tendered: str | None = None, change: str = "0.00") -> TenderPart:
    return TenderPart("cash", dollars(amount), dollars(tendered) if tendered else None, dollars(change))


def card(amount: str, auth: str) -> TenderPart:
    return TenderPart("card", dollars(amount), card_last4="4242", auth_code=auth)


def check(amount: str, number: str) -> TenderPart:
    return TenderPart("check", dollars(amount), number=number)


def pictured_receipts() -> tuple[SheetReceipt, ...]:
    rows = (
        (7, 12, "10452207", "Copay – lab", cash("25.00")),
        (7, 31, "10452215", "Copay – imaging", card("40.00", "71F20A")),
        (7, 58, "10451988", "Surgery deposit", check("350.00", "2214")),
        (8, 20, "10452231", "Coinsurance", cash("62.40", "65.00", "2.60")),
        (8, 44, "10452240", "Copay – specialist", card("75.00", "71F93C")),
        (9, 5, "10447762", "Payment plan 4 of 12", cash("50.00")),
        (9, 27, "10452258", "Copay – therapy", card("30.00", "720B11")),
        (9, 40, "10450137", "Prior balance", cash("45.00")),
        (9, 43, "10452266", "Copay – cardiology", cash("45.00")),
        (10, 18, "10451845", "Deductible deposit", card("250.00", "7218D4")),
        (10, 47, "10452290", "Copay + prior balance", cash("118.60", "120.00", "1.40")),
        (11, 22, "10444910", "Payment plan 2 of 6", check("100.00", "1187")),
        (11, 51, "10452311", "Self-pay deposit", cash("200.00")),
        (12, 36, "10452337", "Copay – imaging", card("20.00", "724E07")),
        (13, 2, "10452345", "Copay – x-ray", cash("35.00", "40.00", "5.00")),
        (13, 28, "10451702", "Coinsurance", check("86.75", "4402")),
        (13, 55, "10452361", "Copay – urgent care", card("45.00", "7259F3")),
        (14, 21, "10446018", "Payment plan 7 of 12", cash("40.00")),
    )
    return tuple(
        SheetReceipt(
            f"R-{240311 + index}",
            at(hour, minute),
            account,
            purpose,
            (part,),
            void_reason="wrong account" if index == 7 else None,
            note="Replaces 318" if index == 8 else "",
        )
        for index, (hour, minute, account, purpose, part) in enumerate(rows)
    )


def per_tender(cash: str, check: str = "0.00", card: str = "0.00", money_order: str = "0.00") -> dict[str, Money]:
    return {
        "cash": dollars(cash),
        "check": dollars(check),
        "card": dollars(card),
        "money_order": dollars(money_order),
    }


PICTURED_PIECES = CashCount(
    {"50": 1, "20": 9, "10": 5, "5": 6, "1": 22, "0.25": 23, "0.10": 21, "0.05": 17, "0.01": 55}
    | {"roll:0.25": 1, "roll:0.10": 1, "roll:0.05": 1, "roll:0.01": 2}
)
PICTURED_TO_BANK = CashCount({"50": 1, "20": 5, "5": 1, "1": 4, "0.25": 1})


def pictured_cash_sheet(**changes: object) -> CashSheet:
    """The sheet of the design picture, with some fields changed."""
    counted = per_tender("359.25", "536.75", "460.00")
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": "CS-0716-03-D",
        "business_date": DAY,
        "shift": "day",
        "shift_hours": (time(7), time(15, 30)),
        "drawer": "03",
        "desk_label": "Admitting 3",
        "holder": Signed("Dana Whitfield", "registrar"),
        "counted_by": Signed("Dana Whitfield", "registrar", at(15, 1)),
        "approver": Signed("Marcus Okafor", "shift lead", at(15, 4)),
        "opened_at": at(7, 2),
        "closed_at": at(15, 4),
        "opening_count": dollars("200.00"),
        "received": per_tender("576.00", "536.75", "460.00"),
        "received_counts": {"cash": 8, "check": 3, "card": 6, "money_order": 0},
        "expected": per_tender("364.25", "536.75", "460.00"),
        "counted": counted,
        "over_short": per_tender("-5.00"),
        "approval_limit": dollars("2.00"),
        "pieces": PICTURED_PIECES,
        "to_bank_pieces": PICTURED_TO_BANK,
        "to_bank": dollars("159.25"),
        "left_in_drawer": dollars("200.00"),
        "receipts": pictured_receipts(),
        "counts": (CountMoment(at(14, 55), counted), CountMoment(at(14, 59), counted)),
        "moves": (
            CashMove("drop", dollars("400.00"), at(12, 5), bag="envelope A"),
            CashMove("paid_out", dollars("11.75"), at(13, 15), text="PO-118, parking"),
        ),
        "card_batch": "0716-3",
        "counted_checks": (
            CountedCheck("2214", dollars("350.00")),
            CountedCheck("1187", dollars("100.00")),
            CountedCheck("4402", dollars("86.75")),
        ),
        "reason": "Change given twice",
        "linked_receipt": "R-240325",
        "memo": "Patient came back and said the $5 change was missing. "
        "I gave a second $5 bill without checking the receipt time.",
        "explained_by": "Dana Whitfield",
        "bag": "0716-03",
    }
    return CashSheet(**(values | changes))  # type: ignore[arg-type]


def long_receipts(number: int) -> tuple[SheetReceipt, ...]:
    start = at(7, 3)
    return tuple(
        SheetReceipt(
            f"R-{250001 + index}",
            start + timedelta(minutes=9 * index),
            f"{10460000 + index}",
            "Copay – lab",
            (card("12.50", f"7A{index:04d}"),),
        )
        for index in range(number)
    )


def pictured_receipt(**changes: object) -> Receipt:
    """The 80 mm receipt of the design picture, with some fields changed."""
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": "R-240321",
        "at": at(10, 47),
        "taken_by": "Dana Whitfield",
        "patient_given": "Marisol",
        "patient_family": "Vega-Trujillo",
        "visit_number": "10452290",
        "amount": dollars("118.60"),
        "charges": (
            ReceiptCharge("copay", dollars("75.00")),
            ReceiptCharge("prior_balance", dollars("43.60"), "04/02/2026"),
        ),
        "tenders": (cash("118.60", "120.00", "1.40"),),
        "still_due": dollars("0.00"),
    }
    return Receipt(**(values | changes))  # type: ignore[arg-type]


def pictured_handoff(**changes: object) -> HandoffSheet:
    """The handoff of the design picture, with account numbers in place of names."""
    left = CashCount(
        {"20": 4, "10": 5, "5": 5, "1": 18, "0.25": 22, "0.10": 21, "0.05": 17, "0.01": 55}
        | {"roll:0.25": 1, "roll:0.10": 1, "roll:0.05": 1, "roll:0.01": 2}
    )
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": "HO-0716-03-D",
        "business_date": DAY,
        "drawer": "03",
        "desk_label": "Admitting 3",
        "shift_from": "day",
        "shift_to": "evening",
        "handed_at": at(15, 12),
        "outgoing": Signed("Dana Whitfield", "registrar", at(15, 11)),
        "incoming": Signed("Priya Raman", "registrar", at(15, 12)),
        "left_in_drawer": dollars("200.00"),
        "incoming_pieces": left,
        "outgoing_pieces": left,
        "over_short": per_tender("-5.00"),
        "open_items": (
            OpenItem("Account 10452270", "Coverage ended 06/30/2026. New card promised by 4:00 PM.", "48 min left"),
            OpenItem("Account 10452301", "Parked 10:21 AM. Secondary plan ID still missing.", "parked"),
            OpenItem("Account 10452318", "Waiting 7 min for a CT at 3:45 PM, ready to file.", "waiting"),
            OpenItem("Account 10450137", "Void of R-240318 done, wants a copy by mail.", "follow up"),
        ),
        "note": "Tablet 3 pen is missing, ticket 88213. Use tablet 1. Receipt paper changed at 2:30 PM.",
        "bags": (
            BagInSafe("0716-03", dollars("696.00"), at(15, 6), "cash and 3 checks"),
            BagInSafe("envelope A", dollars("400.00"), at(12, 5)),
        ),
        "also_handed": ("Drawer key 03",),
    }
    return HandoffSheet(**(values | changes))  # type: ignore[arg-type]


def sample_mid_shift(**changes: object) -> MidShiftSheet:
    """A drawer in the middle of the pictured day."""
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": "MS-0716-03-1",
        "business_date": DAY,
        "shift": "day",
        "drawer": "03",
        "desk_label": "Admitting 3",
        "holder": Signed("Dana Whitfield", "registrar"),
        "opened_at": at(7, 2),
        "at": at(13, 30),
        "blind": True,
        "opening_count": dollars("200.00"),
        "received": per_tender("536.00", "536.75", "415.00"),
        "received_counts": {"cash": 7, "check": 3, "card": 5, "money_order": 0},
        "receipts": ReceiptSpan("R-240311", "R-240326", 16, 1),
        "expected": per_tender("324.25", "536.75", "415.00"),
        "moves": (
            CashMove("drop", dollars("400.00"), at(12, 5), bag="envelope A", by="Dana Whitfield"),
            CashMove("paid_out", dollars("11.75"), at(13, 15), "PO-118, parking", "", "Dana Whitfield", "Marcus Okafor"),
        ),
        "voids": (
            VoidEntry(at(9, 42), "R-240318", per_tender("45.00"), "wrong account", "10450137", "Dana Whitfield", "Marcus Okafor"),
        ),
        "refunds": (
            RefundEntry(
                at(11, 15), "R-238004", "check", dollars("20.00"), "overpaid", "10440021", "Dana Whitfield", "Marcus Okafor"
            ),
        ),
    }
    return MidShiftSheet(**(values | changes))  # type: ignore[arg-type]


def _custody(drawer: str, holder: str, over_short: dict[str, Money], **changes: object) -> ShiftCustody:
    expected = per_tender("364.25", "536.75", "460.00")
    values: dict[str, object] = {
        "drawer": drawer,
        "desk_label": f"Admitting {int(drawer)}",
        "holder": holder,
        "shift": "day",
        "opened_at": at(7, 2),
        "opening_count": dollars("200.00"),
        "received": per_tender("576.00", "536.75", "460.00"),
        "received_counts": {"cash": 8, "check": 3, "card": 6},
        "voided": per_tender("45.00"),
        "refunded": per_tender("0.00"),
        "receipts": ReceiptSpan("R-240311", "R-240328", 18, 1),
        "paid_out": dollars("11.75"),
        "dropped": dollars("400.00"),
        "closed_at": at(15, 4),
        "expected": expected,
        "counted": {tender: expected[tender] + over_short[tender] for tender in expected},
        "over_short": over_short,
        "to_bank": dollars("159.25"),
        "left_in_drawer": dollars("200.00"),
        "count_attempts": 2,
        "approved_by": "Marcus Okafor",
        "bag": "0716-03",
    }
    return ShiftCustody(**(values | changes))  # type: ignore[arg-type]


def sample_shift_report(**changes: object) -> ShiftReport:
    """A shift with one drawer short, one over, one balanced with a gap, and one still open."""
    memo = pictured_cash_sheet().memo
    still_open = replace(
        _custody("04", "Priya Raman", per_tender("0.00"), received=per_tender("8123.45", "10.00")),
        closed_at=None,
        counted=None,
        over_short=None,
        to_bank=None,
        left_in_drawer=None,
    )
    custodies = (
        _custody("03", "Dana Whitfield", per_tender("-5.00"), reason="Change given twice", memo=memo),
        _custody("01", "Theo Lindqvist", per_tender("7.00"), reason="Nothing found", receipts=ReceiptSpan()),
        _custody(
            "02",
            "Anne-Charlotte O’Sullivan-Featherstonehaugh",
            per_tender("0.00"),
            count_attempts=1,
            opening_variance=dollars("-2.00"),
            receipts=ReceiptSpan("R-180001", "R-180022", 20, 0, 2, ("R-180007", "R-180013")),
        ),
        still_open,
    )
    move = sample_mid_shift().moves[0]
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": "SR-0716-D",
        "business_date": DAY,
        "shift": "day",
        "shift_hours": (time(7), time(15)),
        "custodies": custodies,
        "voids": tuple(replace(void, drawer="03") for void in sample_mid_shift().voids),
        "refunds": tuple(replace(refund, drawer="03") for refund in sample_mid_shift().refunds),
        "moves": (
            replace(move, drawer="03"),
            replace(sample_mid_shift().moves[1], drawer="03"),
            CashMove("paid_in", dollars("40.00"), at(9, 0), "change fund", "", "Theo Lindqvist", "Marcus Okafor", "01"),
        ),
        "bags": (
            BagEntry("0716-03", "03", dollars("159.25"), dollars("536.75"), "safe", at(15, 4), "Dana Whitfield"),
            BagEntry(
                "envelope A",
                "03",
                dollars("400.00"),
                dollars("0.00"),
                "bank",
                at(12, 5),
                "Dana Whitfield",
                "Marcus Okafor",
                dollars("400.00"),
            ),
        ),
        "also_recorded": (
            Remark("Drawer 03 opened without a sale: change for the parking machine.", at(8, 12), "Dana Whitfield"),
        ),
        "still_open": ("Drawer 04, Priya Raman: not counted.", "Bag 0716-03: in the safe, not sent to the bank."),
    }
    return ShiftReport(**(values | changes))  # type: ignore[arg-type]
