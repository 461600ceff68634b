"""The supervisor's end-of-shift report: all custodies, over and short apart, and what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from access_desk.documents.cash_sheet_blocks import framed_answer
from access_desk.documents.letter import LEFT, RIGHT, Column, Field, Letter, Row
from access_desk.documents.moments import clock, clock_on, hours, named_day
from access_desk.documents.tables import moves_table, refunds_table, remarks_table, voids_table
from access_desk.documents.verdict import PLURALS, Verdict, verdict_of
from access_desk.domain.money import ZERO, Money, total
from access_desk.domain.papers.imprint import Remark
from access_desk.domain.papers.shift_report import BagEntry, ShiftCustody, ShiftReport
from access_desk.domain.policy import TENDERS

HIDDEN = "hidden"
MISSING_SHOWN = 24
"""A longer list of missing numbers, in characters, is said again in full below."""
STATES = {"safe": "in the safe", "in_transit": "in transit", "bank": "at the bank"}


def render_shift_report(content: ShiftReport) -> bytes:
    """Draw the report over as many pages as it takes.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = Letter(content.imprint, "End-of-shift report", content.number)
    letter.top()
    verdict = _verdict(content.custodies)
    framed_answer(letter.page, verdict.sign, verdict.lines, _remark(content))
    letter.fields(_fields(content))
    _still_open(letter, content)
    _received(letter, content)
    _cash(letter, content)
    _differences(letter, content)
    if content.voids:
        voids_table(letter, content.voids)
    if content.refunds:
        refunds_table(letter, content.refunds)
    if content.moves:
        moves_table(letter, content.moves)
    if content.bags:
        _bags(letter, content.bags)
    _receipt_numbers(letter, content)
    remarks = [*_explanations(content), *content.also_recorded]
    if remarks:
        remarks_table(letter, "Explanations and other records", remarks)
    letter.signatures([("Reviewed by", None), ("Deposit checked by", None)])
    return letter.finish()


def _verdict(custodies: Iterable[ShiftCustody]) -> Verdict:
    """All that was over and all that was short, each added up by itself over custodies and tenders."""
    each = [verdict_of(custody.over_short) for custody in custodies if custody.over_short is not None]
    tenders = {tender for verdict in each for tender in verdict.tenders}
    over, short = total(verdict.over for verdict in each), total(verdict.short for verdict in each)
    return Verdict(over, short, tuple(sorted(tenders)))


def _remark(report: ShiftReport) -> str:
    still = sum(1 for custody in report.custodies if custody.closed_at is None)
    if still:
        return f"{still} of {len(report.custodies)} drawers not counted yet"
    differing = sum(1 for custody in report.custodies if any((custody.over_short or {}).values()))
    return f"{differing} of {len(report.custodies)} with a difference"


def _fields(report: ShiftReport) -> list[list[Field]]:
    custodies = report.custodies
    shift = "Whole day" if report.shift is None else report.shift[:1].upper() + report.shift[1:]
    span = hours(report.shift_hours)
    issued = sum(custody.receipts.issued for custody in custodies)
    voided = sum(custody.receipts.voided for custody in custodies)
    gaps = sum(custody.receipts.gaps for custody in custodies)
    closed = sum(1 for custody in custodies if custody.closed_at is not None)
    to_bank = total(custody.to_bank for custody in custodies if custody.to_bank is not None)
    dropped = total(custody.dropped for custody in custodies)
    return [
        [
            Field("Date", named_day(report.business_date)),
            Field("Custodies", f"{len(custodies)}, {closed} closed"),
            Field("Receipts", f"{issued} issued, {voided} void, {gaps} missing"),
            Field("Closing cash to the bank", to_bank.dollars()),
        ],
        [
            Field("Shift", f"{shift}, {span}" if span else shift),
            Field("Still to do", f"{len(report.still_open)} listed below" if report.still_open else "nothing"),
            Field("Voids and refunds", f"{len(report.voids)} and {len(report.refunds)}"),
            Field("Dropped to the safe", dropped.dollars()),
        ],
    ]


def _still_open(letter: Letter, report: ShiftReport) -> None:
    if not report.still_open:
        return
    letter.need(60)
    letter.heading("Still open", f"{len(report.still_open)} to do")
    letter.y += 2
    for index, text in enumerate(report.still_open):
        letter.entry(f"{index + 1}.", text, indent=16)
    letter.y += 2


def _short_name(name: str) -> str:
    words = name.split()
    return f"{words[0][0]}. {words[-1]}" if len(words) > 1 else name


def _received(letter: Letter, report: ShiftReport) -> None:
    edges = (357.0, 411.0, 465.0, 519.0, RIGHT)
    columns = [
        Column("Drawer", LEFT, 70),
        Column("Held by", 72, 196),
        Column("Open", 200, 302),
        *(
            Column(title, edge - 52, edge, "right")
            for title, edge in zip(("Cash", "Checks", "Cards", "Mon. orders", "Total"), edges, strict=True)
        ),
    ]
    rows = []
    for custody in report.custodies:
        shown = _tenders_shown(report, custody)
        sums = [custody.received.get(tender, ZERO).figures() if tender in shown else HIDDEN for tender in TENDERS]
        whole = total(custody.received.get(tender, ZERO) for tender in TENDERS).figures() if shown == TENDERS else HIDDEN
        rows.append(Row((custody.drawer, custody.holder, _open_span(report, custody), *sums, whole), frozenset({0})))
    columns_shown = [
        total(custody.received.get(tender, ZERO) for custody in report.custodies if tender in _tenders_shown(report, custody))
        for tender in TENDERS
    ]
    hidden = any(len(_tenders_shown(report, custody)) < len(TENDERS) for custody in report.custodies)
    caption = "voided receipts left out" + ("; the cash of open drawers is hidden and in no total" if hidden else "")
    sums = [amount.figures() for amount in columns_shown]
    everything = total(columns_shown).figures()
    totals = Row(("Total", "", "", *sums, everything))
    letter.table("Received", columns, rows, caption=caption, totals=totals)


def _tenders_shown(report: ShiftReport, custody: ShiftCustody) -> tuple[str, ...]:
    """All tenders, or all but cash of a blind custody that was not counted yet."""
    if report.blind and custody.closed_at is None:
        return TENDERS[1:]
    return TENDERS


def _open_span(report: ShiftReport, custody: ShiftCustody) -> str:
    opened = clock_on(custody.opened_at, report.business_date)
    if custody.closed_at is None:
        return f"{opened}, still open"
    return f"{opened}–{clock(custody.closed_at)}"


_CASH = ("Opening", "Received", "Refunds", "Paid in", "Paid out", "Dropped", "Expected", "Counted", "To bank", "Left")


def _cash(letter: Letter, report: ShiftReport) -> None:
    first, step = 176.0, (RIGHT - 176.0) / 9
    columns = [
        Column("Drawer", LEFT, 70),
        Column("Held by", 72, 132),
        *(Column(title, first + step * i - 41, first + step * i, "right") for i, title in enumerate(_CASH)),
    ]
    rows = [
        Row((custody.drawer, _short_name(custody.holder), *_cash_figures(report, custody)), frozenset({0}))
        for custody in report.custodies
    ]
    letter.table("Cash in the drawers", columns, rows, caption="opening, plus and minus, is what was expected")


def _cash_figures(report: ShiftReport, custody: ShiftCustody) -> list[str]:
    hidden = "cash" not in _tenders_shown(report, custody)
    expected = _of(custody.expected, "cash")
    received = HIDDEN if hidden else custody.received.get("cash", ZERO).figures()
    return [
        custody.opening_count.figures(),
        received,
        _less(custody.refunded.get("cash", ZERO)),
        custody.paid_in.figures(),
        _less(custody.paid_out),
        _less(custody.dropped),
        HIDDEN if hidden else expected,
        _of(custody.counted, "cash"),
        custody.to_bank.figures() if custody.to_bank is not None else "–",
        custody.left_in_drawer.figures() if custody.left_in_drawer is not None else "–",
    ]


def _of(amounts: Mapping[str, Money] | None, tender: str) -> str:
    return "–" if amounts is None else amounts.get(tender, ZERO).figures()


def _less(amount: Money) -> str:
    return (ZERO - amount).figures() if amount else amount.figures()


def _differences(letter: Letter, report: ShiftReport) -> None:
    """Every counted custody with its cash, and each other tender that was used or differs."""
    columns = [
        Column("Drawer", LEFT, 70),
        Column("Held by", 72, 132),
        Column("Tender", 136, 190),
        Column("Expected", 192, 242, "right"),
        Column("Counted", 246, 296, "right"),
        Column("Over", 300, 340, "right"),
        Column("Short", 344, 386, "right"),
        Column("Reason", 394, 496, wraps=True),
        Column("Approved by", 500, RIGHT),
    ]
    rows = []
    for custody in report.custodies:
        rows.extend(_difference_rows(custody))
    verdict = _verdict(report.custodies)
    over = verdict.over.signed_figures()
    totals = Row(("Total", "", "", "", "", over, verdict.short.figures(), "never set off", ""))
    if rows:
        letter.table("Over and short", columns, rows, caption="counted less expected, per tender", totals=totals)


def _difference_rows(custody: ShiftCustody) -> list[Row]:
    if custody.over_short is None:
        return []
    rows = []
    for tender in TENDERS:
        difference = custody.over_short.get(tender, ZERO)
        expected, counted = (custody.expected or {}).get(tender, ZERO), (custody.counted or {}).get(tender, ZERO)
        if tender != "cash" and not (difference or expected or counted):
            continue
        over = difference.signed_figures() if difference > ZERO else ""
        short = difference.figures() if difference < ZERO else ""
        said = (custody.reason, custody.approved_by) if difference else ("", "")
        cells = (PLURALS[tender], expected.figures(), counted.figures(), over, short, *said)
        rows.append(Row((custody.drawer, _short_name(custody.holder), *cells), frozenset({0, 5, 6})))
    return rows


def _bags(letter: Letter, bags: Iterable[BagEntry]) -> None:
    columns = [
        Column("Bag", LEFT, 104),
        Column("Drawer", 108, 140),
        Column("Sealed", 144, 186),
        Column("By", 190, 248),
        Column("Witness", 252, 310),
        Column("Where", 314, 362),
        Column("Cash", 362, 408, "right"),
        Column("Checks", 412, 458, "right"),
        Column("In all", 462, 510, "right"),
        Column("Bank counted", 516, RIGHT, "right"),
    ]
    entries = list(bags)
    rows = []
    for bag in entries:
        where = STATES.get(bag.state, bag.state)
        people = (bag.bag or "loose", bag.drawer, clock(bag.sealed_at), _short_name(bag.sealed_by), _short_name(bag.witness))
        counted = bag.confirmed.figures() if bag.confirmed is not None else "–"
        sums = (bag.cash.figures(), bag.checks.figures(), bag.amount.figures(), counted)
        rows.append(Row((*people, where, *sums), frozenset({0})))
    cash, checks = total(bag.cash for bag in entries).figures(), total(bag.checks for bag in entries).figures()
    amount = total(bag.amount for bag in entries).figures()
    totals = Row(("Total", "", "", "", "", "", cash, checks, amount, ""))
    letter.table("Bags", columns, rows, totals=totals)


def _receipt_numbers(letter: Letter, report: ShiftReport) -> None:
    columns = [
        Column("Drawer", LEFT, 70),
        Column("Held by", 72, 160),
        Column("First", 164, 234),
        Column("Last", 238, 308),
        Column("Issued", 310, 346, "right"),
        Column("Void", 350, 380, "right"),
        Column("Missing", 384, 420, "right"),
        Column("Missing numbers", 430, RIGHT),
    ]
    rows = []
    for custody in report.custodies:
        span = custody.receipts
        numbers = (f"{span.issued:,}", f"{span.voided:,}", f"{span.gaps:,}")
        missing = ", ".join(span.missing) if span.gaps else "none"
        cells = (custody.drawer, custody.holder, span.first or "–", span.last or "–", *numbers, missing)
        rows.append(Row(cells, frozenset({0})))
    letter.table("Receipt numbers", columns, rows)


def _explanations(report: ShiftReport) -> list[Remark]:
    """List what people wrote, in full: reasons with their memos, opening differences, take-overs, missing numbers."""
    remarks = []
    for custody in report.custodies:
        who = f"Drawer {custody.drawer}, {custody.holder}"
        if custody.opening_variance:
            opening = custody.opening_variance.signed_figures()
            remarks.append(Remark(f"{who}: opening difference {opening}, of the holder before.", custody.opened_at))
        if custody.taken_over_by:
            remarks.append(Remark(f"{who}: counted and closed by {custody.taken_over_by}.", custody.closed_at))
        if custody.rounding and (custody.closed_at is not None or not report.blind):
            remarks.append(Remark(f"{who}: cash rounding {custody.rounding.signed_figures()}.", custody.closed_at))
        if custody.count_attempts > 1:
            remarks.append(Remark(f"{who}: {custody.count_attempts} closing counts.", custody.closed_at))
        written = [part for part in (custody.reason, custody.memo) if part.strip()]
        if written:
            remarks.append(Remark(f"{who}: {' – '.join(written)}", custody.closed_at))
        if len(", ".join(custody.receipts.missing)) > MISSING_SHOWN:
            remarks.append(Remark(f"{who}: missing receipts {', '.join(custody.receipts.missing)}."))
    return remarks
