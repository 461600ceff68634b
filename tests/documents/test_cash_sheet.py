from __future__ import annotations

from dataclasses import replace

import pytest

from access_desk.documents.cash_sheet import render_cash_sheet
from access_desk.domain.denominations import CashCount
from access_desk.domain.money import Money
from access_desk.domain.papers.cash_sheet import CountMoment, SheetReceipt
from access_desk.domain.papers.imprint import CashMove, RefundEntry, Remark, Signed, TenderPart
from tests.documents.paper import colors, ink_outside, read
from tests.documents.samples import (
    PICTURED_PIECES,
    at,
    card,
    cash,
    dollars,
    imprint,
    long_receipts,
    per_tender,
    pictured_cash_sheet,
    pictured_receipts,
)


def test_the_pictured_sheet_says_what_the_picture_says() -> None:
    paper = read(render_cash_sheet(pictured_cash_sheet()))
    assert len(paper.pages) == 1
    for said in (
        "Cedar Hollow Regional Medical Center",
        "Drawer cash sheet",
        "Sheet CS-0716-03-D, original",
        "CS071603D",
        "Short",
        "−$5.00",
        "approved, above $2.00 limit",
        "Thursday 07/16/2026",
        "03, Admitting 3",
        "Dana Whitfield, registrar",
        "Marcus Okafor, shift lead",
        "Day, 7:00 AM–3:30 PM",
        "7:02 AM, float 200.00",
        "2:55 PM and 2:59 PM, equal",
        "Cash receipts (8)",
        "Safe drop, envelope A, 12:05 PM",
        "Paid out PO-118, parking, 1:15 PM",
        "card batch 0716-3",
        "Checks (3)",
        "1,361.00",
        "1,356.00",
        "18 lines, 17 counted, 1 void. Patient names are left off this sheet.",
        "Received 120.00, change 1.40",
        "Void: wrong account",
        "Replaces 318",
        "1,572.75",
        "Change given twice.",
        "Linked to receipt R-240325.",
        "D. Whitfield",
        "bag 0716-03, envelope A",
        "$1,096.00",
        "One thousand ninety-six dollars and 00/100",
        "PIN 3:01 PM",
        "PIN 3:04 PM",
        "Bag received by",
        "Printed 07/16/2026 3:05 PM by Dana Whitfield, Admitting 3, Access Desk",
        "Log 1042 · 9f3a 77c2 41d0 8e15 …",
        "Page 1 of 1",
    ):
        assert said in paper.text, said
    assert "COPY" not in paper.text
    assert "PRACTICE" not in paper.text


def test_what_was_counted_stands_by_piece() -> None:
    text = read(render_cash_sheet(pictured_cash_sheet())).text
    words = " ".join(text.split())
    assert "Quarter 23 1 × 10.00 15.75 0.25 15.50" in words
    assert "$20 bills 9 180.00 100.00 80.00" in words
    assert "Half dollar 0 0 0.00 0.00" in words
    assert "Total 359.25 159.25 200.00" in words


def test_pages_run_on_with_header_number_and_marks() -> None:
    sheet = pictured_cash_sheet(receipts=long_receipts(100), imprint=imprint(2, practice=True))
    paper = read(render_cash_sheet(sheet))
    assert len(paper.pages) == 3
    for index, page in enumerate(paper.pages):
        assert f"Page {index + 1} of 3" in page
        assert "Reference" in page
        assert "Account" in page
        assert "COPY 2" in page
        assert "PRACTICE" in page
        assert "CS-0716-03-D" in page
        assert "Log 1042 · 9f3a" in page
    assert "Receipts, continued" in paper.pages[1]
    assert paper.text.count("R-2500") + paper.text.count("R-2501") == 100
    assert "Total receipts" in paper.pages[2]
    assert "Total receipts" not in paper.pages[1]


@pytest.mark.parametrize("number", range(15, 70))
def test_no_number_of_receipts_loses_a_line_or_a_signature(number: int) -> None:
    paper = read(render_cash_sheet(pictured_cash_sheet(receipts=long_receipts(number))))
    assert paper.text.count("Auth 7A") == number
    assert paper.text.count("Bag received by") == 1
    assert paper.text.count("Total deposit") == 1
    assert len(paper.pages) <= (1 if number <= 18 else 2 if number <= 60 else 3)


def test_a_sheet_is_black_and_stays_inside_its_margins() -> None:
    pdf = render_cash_sheet(pictured_cash_sheet(receipts=long_receipts(40), imprint=imprint(3, practice=True)))
    assert not colors(pdf)
    assert ink_outside(pdf, 0, 38, 575) == 0
    assert ink_outside(pdf, 1, 38, 575) == 0
    assert ink_outside(pdf, 0, 60, 575) > 0  # the measure sees ink
    assert read(pdf).sizes[0] == (612, 792)


def test_a_balanced_drawer_needs_no_reason_and_no_approver() -> None:
    counted = per_tender("364.25", "536.75", "460.00")
    sheet = pictured_cash_sheet(
        over_short=per_tender("0.00"), counted=counted, approver=None, reason="", memo="", linked_receipt=""
    )
    text = read(render_cash_sheet(sheet)).text
    assert "Balanced" in text
    assert "$0.00" in text
    assert "every tender agrees" in text
    assert "what was counted is what was expected" in text
    assert "Closed" in text


def test_over_in_one_tender_and_short_in_another_stand_apart() -> None:
    sheet = pictured_cash_sheet(over_short=per_tender("-5.00", "0.00", "12.00"))
    text = " ".join(read(render_cash_sheet(sheet)).text.split())
    assert "Over +$12.00 Short −$5.00" in text
    assert "Over and short are not set off against each other" in text
    assert "+7.00" not in text


def test_a_difference_outside_the_cash_names_its_tender() -> None:
    sheet = pictured_cash_sheet(over_short=per_tender("0.00", "-350.00"))
    text = read(render_cash_sheet(sheet)).text
    assert "approved, above $2.00 limit (checks)" in text
    assert "Checks and money orders counted" in text


def test_money_orders_get_a_column_only_when_there_are_any() -> None:
    assert "Mon" not in read(render_cash_sheet(pictured_cash_sheet())).text.replace("Monday", "")
    parts = (TenderPart("money_order", dollars("75.00"), number="MO-77"), cash("20.00", "20.00"), card("15.00", "X1"))
    receipts = (SheetReceipt("R-1", at(8, 20), "10452231", "Coinsurance", parts),)
    received = per_tender("20.00", "0.00", "15.00", "75.00")
    sheet = pictured_cash_sheet(receipts=receipts, received=received, counted=received, expected=received)
    text = " ".join(read(render_cash_sheet(sheet)).text.split())
    assert "Mon. order" in text
    assert "Coinsurance No. MO-77; Auth X1 20.00 15.00 75.00" in text
    assert "Money orders" in text


def test_refunds_remarks_and_many_moves_have_their_tables() -> None:
    refund = RefundEntry(at(11, 15), "R-238004", "cash", dollars("20.00"), "overpaid", "10440021", "", "Marcus Okafor")
    moves = tuple(CashMove("drop", dollars("40.00"), at(8, n), bag=f"B{n}") for n in range(9))
    sheet = pictured_cash_sheet(
        refunds=(refund,), moves=moves, also_recorded=(Remark("No sale: change for the meter.", at(9, 1)),)
    )
    text = " ".join(read(render_cash_sheet(sheet)).text.split())
    assert "Safe drops (9, listed below) 360.00" in text
    assert "8:08 AM Safe drop B8" in text
    assert "Cash refunds (1) 20.00" in text
    assert "R-238004 10440021 overpaid Marcus Okafor Cash 20.00" in text
    assert "9:01 AM No sale: change for the meter." in text
    assert "Drops (9) 360.00" in text


def test_long_reasons_wrap_in_their_tables() -> None:
    reason = "change fund from the cafeteria, because the bank had no quarters until noon"
    moves = tuple(CashMove("paid_in", dollars("40.00"), at(8, n), text=reason) for n in range(9))
    words = " ".join(read(render_cash_sheet(pictured_cash_sheet(moves=moves))).text.split())
    assert "quarters until noon" in words
    assert words.count("change fund from the cafeteria,") == 9
    words = " ".join(read(render_cash_sheet(pictured_cash_sheet(moves=moves[:1]))).text.split())
    assert "quarters until noon" in words


def test_differing_counts_are_all_listed() -> None:
    counts = (CountMoment(at(14, 55), per_tender("350.00")), CountMoment(at(14, 59), per_tender("359.25")))
    text = read(render_cash_sheet(pictured_cash_sheet(counts=counts))).text
    assert "2:55 PM and 2:59 PM, not equal" in text
    assert "Count 1: cash 350.00" in text
    assert "Count 2: cash 359.25" in text


def test_a_void_says_who_approved_and_strikes_only_the_amount() -> None:
    receipts = tuple(
        replace(receipt, void_approved_by="Marcus Okafor") if receipt.void_reason else receipt for receipt in pictured_receipts()
    )
    assert "Void: wrong account (M. Okafor)" in read(render_cash_sheet(pictured_cash_sheet(receipts=receipts))).text
    long = tuple(
        replace(receipt, void_reason="the patient has two visits today and this was taken for the other of them")
        if receipt.void_reason
        else receipt
        for receipt in receipts
    )
    text = " ".join(read(render_cash_sheet(pictured_cash_sheet(receipts=long))).text.split())
    assert "this was taken for the other of them. Approved by Marcus Okafor." in text


def test_who_else_had_a_part_is_named() -> None:
    sheet = pictured_cash_sheet(
        holder=Signed("Priya Raman", "registrar"),
        counted_by=Signed("Marcus Okafor", "shift lead", at(15, 1)),
        witness=Signed("Theo Lindqvist", "registrar", at(15, 3)),
        opening_witness="Joan Baptiste",
        opening_variance=dollars("-1.00"),
        previous_holder="Lou Reyes",
    )
    text = read(render_cash_sheet(sheet)).text
    for said in (
        "Custody of",
        "Priya Raman, registrar",
        "Witness at closing",
        "Joan Baptiste",
        "−1.00, Lou Reyes's",
        "PIN 3:03 PM",
    ):
        assert said in text


def test_a_bank_amount_without_pieces_leaves_the_piece_columns_empty() -> None:
    sheet = pictured_cash_sheet(
        to_bank_pieces=None,
        pieces=CashCount(PICTURED_PIECES.pieces, dollars("20.00")),
        mutilated_note="torn $20 bill",
    )
    words = " ".join(read(render_cash_sheet(sheet)).text.split())
    assert "Quarter 23 1 × 10.00 15.75 Dime" in words
    assert "Mutilated 20.00" in words
    assert "Mutilated money: torn $20 bill" in words
    assert sheet.left_pieces is None


def test_the_largest_amounts_are_never_cut() -> None:
    big = Money(999_999_999)
    receipts = (SheetReceipt("R-1", at(8, 20), "10452231", "Deposit", (TenderPart("cash", big),)),)
    amounts = dict.fromkeys(("cash", "check", "card", "money_order"), big)
    sheet = pictured_cash_sheet(
        receipts=receipts,
        received=amounts,
        expected=amounts,
        counted=amounts,
        over_short=dict.fromkeys(amounts, Money(-999_999_999)),
        to_bank=big,
        left_in_drawer=big,
        opening_count=big,
        to_bank_pieces=None,
    )
    pdf = render_cash_sheet(sheet)
    assert read(pdf).text.count("9,999,999.99") >= 15
    assert "−$39,999,999.96" in read(pdf).text
    assert ink_outside(pdf, 0, 38, 575) == 0


def test_no_receipts_at_all() -> None:
    text = read(render_cash_sheet(pictured_cash_sheet(receipts=(), moves=()))).text
    assert "0 lines, 0 counted, 0 void." in text
    assert "Page 1 of 1" in text
