"""Handoff, end-of-shift and mid-shift sheets."""

from __future__ import annotations

from dataclasses import replace

from access_desk.documents.handoff import render_handoff
from access_desk.documents.mid_shift import render_mid_shift
from access_desk.documents.shift_report import render_shift_report
from access_desk.domain.denominations import CashCount
from access_desk.domain.papers.handoff import OpenItem
from access_desk.domain.papers.imprint import Signed
from access_desk.domain.papers.shift_report import ShiftReport
from tests.documents.paper import colors, ink_outside, read
from tests.documents.samples import (
    at,
    dollars,
    imprint,
    per_tender,
    pictured_handoff,
    sample_mid_shift,
    sample_shift_report,
)


def _words(pdf: bytes) -> str:
    return " ".join(read(pdf).text.split())


def test_a_handoff_shows_both_counts_and_both_signatures() -> None:
    words = _words(render_handoff(pictured_handoff()))
    for said in (
        "Handoff sheet",
        "Handed over $200.00",
        "both counts agree",
        "Dana Whitfield, registrar",
        "Priya Raman, registrar",
        "Day to evening",
        "Dana Priya Amount",
        "$20 bills 4 4 80.00",
        "Penny roll 2 2 1.00",
        "Total $200.00 $200.00 $200.00",
        "stays with Dana",
        "Cash Short −5.00",
        "Bag 0716-03, cash and 3 checks, since 3:06 PM 696.00",
        "Drawer key 03",
        "Open items carried over 4 in all",
        "Account 10452301. Parked 10:21 AM. Secondary plan ID still missing.",
        "Note for Priya Raman",
        "I counted $200.00, read 4 open items and take drawer 03",
        "PIN 3:11 PM",
        "PIN 3:12 PM",
        "Page 1 of 1",
    ):
        assert said in words, said


def test_a_handoff_by_amount_alone_says_so() -> None:
    words = _words(render_handoff(pictured_handoff(outgoing_pieces=None, open_items=(), over_short=None, bags=())))
    assert "left by amount, taken by piece" in words
    assert "$20 bills – 4 80.00" in words
    assert "Nothing is carried over." in words
    assert "Cash Balanced 0.00" in words


def test_a_handoff_whose_counts_differ_does_not_look_agreed() -> None:
    words = _words(render_handoff(pictured_handoff(incoming_pieces=CashCount({"20": 9}))))
    assert "the counts do not agree" in words


def test_many_open_items_run_on() -> None:
    items = tuple(OpenItem(f"Account {n}", "Wants a call back about the estimate " * 6, "parked") for n in range(60))
    paper = read(
        render_handoff(pictured_handoff(open_items=items, witness=Signed("Theo Lindqvist"), imprint=imprint(2, practice=True)))
    )
    assert len(paper.pages) > 2
    assert all(f"Account {n}." in paper.text for n in range(60))
    assert all("PRACTICE" in page and "COPY 2" in page for page in paper.pages)
    assert "Signature, date and time" in paper.pages[-1]


def test_a_shift_report_keeps_over_and_short_apart() -> None:
    pdf = render_shift_report(sample_shift_report())
    words = _words(pdf)
    for said in (
        "End-of-shift report",
        "Over +$7.00 Short −$5.00",
        "1 of 4 drawers not counted yet",
        "Drawer 04, Priya Raman: not counted.",
        "56 issued, 2 void, 2 missing",
        "Total +7.00 −5.00 never set off",
        "R-240318 10450137 wrong account Dana Whitfield Marcus Okafor Cash 45.00",
        "R-238004 10440021 overpaid Marcus Okafor Check 20.00",
        "Paid out PO-118, parking Dana Whitfield Marcus Okafor −11.75",
        "0716-03 03 3:04 PM D. Whitfield in the safe 159.25 536.75 696.00 –",
        "at the bank 400.00 0.00 400.00 400.00",
        "2 R-180007, R-180013",
        "opening difference −2.00, of the holder before",
        "Reviewed by",
    ):
        assert said in words, said
    assert "+2.00" not in words
    assert not colors(pdf)
    assert ink_outside(pdf, 0, 38, 575) == 0


def test_a_shift_report_hides_the_cash_of_an_open_drawer() -> None:
    words = _words(render_shift_report(sample_shift_report()))
    assert "8,123.45" not in words
    assert "Priya Raman 7:02 AM, still open hidden 10.00 0.00 0.00 hidden" in words
    assert "Total 1,728.00 1,620.25 1,380.00 0.00 4,728.25" in words
    shown = _words(render_shift_report(replace(sample_shift_report(), blind=False)))
    assert "8,123.45" in shown


def test_a_long_shift_report_repeats_its_headers() -> None:
    report = sample_shift_report()
    many: ShiftReport = replace(report, custodies=report.custodies * 15, voids=report.voids * 50, shift=None)
    paper = read(render_shift_report(many))
    assert len(paper.pages) >= 5
    assert "Voided receipts, continued" in paper.text
    assert "Over and short, continued" in paper.text
    assert "Whole day" in paper.pages[0]
    assert all(f"Page {index + 1} of {len(paper.pages)}" in page for index, page in enumerate(paper.pages))


def test_an_empty_shift_report() -> None:
    words = _words(render_shift_report(replace(sample_shift_report(), custodies=(), still_open=(), voids=(), bags=())))
    assert "Balanced" in words
    assert "0 of 0 with a difference" in words


def test_a_blind_mid_shift_sheet_tells_no_cash() -> None:
    words = _words(render_mid_shift(sample_mid_shift(rounding=dollars("0.03"))))
    for said in (
        "Mid-shift sheet",
        "This sheet closes nothing.",
        "blind: expected cash is not shown",
        "Cash receipts (7) not shown",
        "Expected cash not shown",
        "Total without cash 951.75",
        "R-240311 to R-240326",
        "16, 1 void",
        "As of 1:30 PM",
    ):
        assert said in words, said
    for hidden in ("536.00", "324.25", "0.03", "1,487.75"):
        assert hidden not in words


def test_an_open_mid_shift_sheet_tells_the_expected_cash() -> None:
    words = _words(render_mid_shift(sample_mid_shift(blind=False, received=per_tender("536.00", "536.75", "415.00"))))
    assert "Cash receipts (7) 536.00" in words
    assert "Expected cash 324.25" in words
    assert "Total 1,487.75" in words


def test_a_mid_shift_sheet_at_night_names_the_day_it_is() -> None:
    night = at(2, 5).replace(day=17)
    assert "07/17 2:05 AM" in _words(render_mid_shift(sample_mid_shift(at=night)))
