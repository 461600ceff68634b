"""The drawer cash sheet: one closed custody on Letter paper."""

from __future__ import annotations

from access_desk.documents.amount_words import in_words
from access_desk.documents.cash_sheet_blocks import (
    bank_lines,
    cash_and_count,
    moves_need_a_table,
    tenders_in_use,
    to_the_bank,
    verdict_box,
    verdict_remark,
)
from access_desk.documents.fonts import SEMIBOLD, Style, typeface
from access_desk.documents.letter import (
    BOTTOM,
    LEFT,
    RIGHT,
    ROW,
    SIGNATURES,
    SMALL,
    STRONG,
    TEXT,
    Column,
    Field,
    Letter,
    Row,
    named,
)
from access_desk.documents.moments import clock, clock_on, hours, named_day
from access_desk.documents.printable import visible, wrapped
from access_desk.documents.tables import moves_table, refunds_table, remarks_table
from access_desk.documents.verdict import PLURALS, verdict_of
from access_desk.domain.money import ZERO, total
from access_desk.domain.papers.cash_sheet import CashSheet, SheetReceipt
from access_desk.domain.papers.imprint import Remark, Signed, TenderPart
from access_desk.domain.policy import TENDERS

REASON_END, BANK = 339.6, 360.0
NAMED_COUNTS = 2
PITCH, CLOSEST = 12.02, 10.8
TABLE_FRAME = 50.0
"""Title, header and totals of the receipts table."""


def render_cash_sheet(content: CashSheet) -> bytes:
    """Draw the sheet. One page holds eighteen receipts; more run on with repeated headers.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = Letter(content.imprint, "Drawer cash sheet", content.number)
    letter.top()
    verdict_box(letter.page, verdict_of(content.over_short), verdict_remark(content))
    letter.fields(_fields(content))
    cash_and_count(letter, content)
    _receipts(letter, content)
    if moves_need_a_table(content.moves):
        moves_table(letter, content.moves)
    if content.refunds:
        refunds_table(letter, content.refunds)
    remarks = _remarks(content)
    if remarks:
        remarks_table(letter, "Also recorded", remarks)
    _checks(letter, content)
    _reason_and_bank(letter, content)
    letter.signatures(
        _signature_slots(content),
        "I confirm that these are all the funds for which I am responsible.",
    )
    return letter.finish()


def _fields(sheet: CashSheet) -> list[list[Field]]:
    shift = ", ".join(text for text in (sheet.shift[:1].upper() + sheet.shift[1:], hours(sheet.shift_hours)) if text)
    opened = f"{clock_on(sheet.opened_at, sheet.business_date)}, float {sheet.opening_count.figures()}"
    approved_at = sheet.approver.at if sheet.approver is not None else None
    closed_at = approved_at or sheet.closed_at
    rows = [
        [
            Field("Date", named_day(sheet.business_date)),
            Field("Drawer and desk", f"{sheet.drawer}, {sheet.desk_label}"),
            Field("Counted by", named(sheet.counted_by)),
            Field("Approved by", named(sheet.approver) if sheet.approver else _unapproved(sheet)),
        ],
        [
            Field("Shift", shift),
            Field("Opened", opened),
            Field("Counts", _counts(sheet)),
            Field("Approved" if approved_at else "Closed", clock(closed_at) if closed_at else "–"),
        ],
    ]
    further = _further_fields(sheet)
    return [*rows, further] if further else rows


def _unapproved(sheet: CashSheet) -> str:
    limit = sheet.approval_limit
    above = limit is not None and any(abs(amount) > limit for amount in sheet.over_short.values())
    return "nobody" if above else "not needed"


def _further_fields(sheet: CashSheet) -> list[Field]:
    """List what is only said when there is something to say: another holder, witnesses, an opening difference."""
    fields = []
    if sheet.holder.name != sheet.counted_by.name:
        fields.append(Field("Custody of", named(sheet.holder)))
    if sheet.opening_variance:
        whose = f", {sheet.previous_holder}'s" if sheet.previous_holder else ""
        fields.append(Field("Opening difference", f"{sheet.opening_variance.signed_figures()}{whose}"))
    if sheet.witness is not None:
        fields.append(Field("Witness at closing", named(sheet.witness)))
    if sheet.opening_witness:
        fields.append(Field("Witness at opening", sheet.opening_witness))
    return fields


def _counts(sheet: CashSheet) -> str:
    moments = [clock(count.at) for count in sheet.counts]
    if not moments:
        return "–"
    if len(moments) == 1:
        return moments[0]
    same = "equal" if _counts_agree(sheet) else "not equal"
    listed = " and ".join(moments) if len(moments) <= NAMED_COUNTS else f"{len(moments)}, the last {moments[-1]}"
    return f"{listed}, {same}"


def _counts_agree(sheet: CashSheet) -> bool:
    found = [tuple(count.counted.get(tender, ZERO) for tender in TENDERS) for count in sheet.counts]
    return len(set(found)) <= 1


# ------------------------------------------------------------------ receipts


def _receipt_columns(tenders: list[str]) -> list[Column]:
    names = {"cash": "Cash", "check": "Check", "card": "Card", "money_order": "Mon. order"}
    wide = len(tenders) == len(TENDERS) - 1
    edges = (463.8, 517.7, RIGHT) if wide else (443.0, 486.0, 529.0, RIGHT)
    purpose_end, width = (295, 50.0) if wide else (285, 40.0)
    return [
        Column("Receipt", LEFT, 95),
        Column("Time", 98.1, 144),
        Column("Account", 146, 199),
        Column("For", 202, purpose_end),
        Column("Reference", purpose_end + 3, edges[0] - width + (10 if wide else 0)),
        *(Column(names[tender], edge - width, edge, "right") for tender, edge in zip(tenders, edges, strict=True)),
    ]


def _receipts(letter: Letter, sheet: CashSheet) -> None:
    tenders = tenders_in_use(sheet)
    columns = _receipt_columns(tenders)
    voided = sum(1 for receipt in sheet.receipts if receipt.void_reason is not None)
    lines = len(sheet.receipts)
    caption = f"{lines} {'line' if lines == 1 else 'lines'}, {lines - voided} counted, {voided} void. "
    sums = (sheet.received.get(tender, ZERO).figures() for tender in tenders)
    totals = Row(("Total receipts", "", "", "", "", *sums))
    rows = [_receipt_row(receipt, tenders) for receipt in sheet.receipts]
    caption += "Patient names are left off this sheet."
    pitch = _pitch(letter.y, len(rows), _end_height(sheet, len(_reason_lines(sheet))))
    letter.table("Receipts", columns, rows, caption=caption, totals=totals, pitch=pitch)
    letter.page.left(146.2, letter.y - 1, sheet.total_received.figures(), Style(SEMIBOLD, 9.5))


def _pitch(y: float, rows: int, end: float) -> float:
    """Set the rows a little closer when that keeps the whole sheet on one page."""
    if not rows:
        return PITCH
    fitting = (BOTTOM - end - y - TABLE_FRAME) / rows
    return min(fitting, PITCH) if fitting >= CLOSEST else PITCH


def _receipt_row(receipt: SheetReceipt, tenders: list[str]) -> Row:
    amounts = [receipt.amount_in(tender) for tender in tenders]
    used = [any(part.tender == tender for part in receipt.tenders) for tender in tenders]
    figures = (amount.figures() if here else "" for amount, here in zip(amounts, used, strict=True))
    cells = (receipt.number, clock(receipt.at), receipt.account, receipt.purpose, reference(receipt), *figures)
    voided = receipt.void_reason is not None
    return Row(cells, frozenset() if voided else frozenset({0}), struck=voided)


def reference(receipt: SheetReceipt) -> str:
    """``Auth 71F20A``, ``No. 2214``, ``Received 65.00, change 2.60``, ``Void: wrong account``."""
    if receipt.void_reason is not None:
        approved = f" ({_initialed(receipt.void_approved_by)})" if receipt.void_approved_by else ""
        return f"Void: {receipt.void_reason}{approved}"
    parts = [_part_text(part) for part in receipt.tenders]
    return "; ".join(text for text in (*parts, receipt.note) if text)


def _part_text(part: TenderPart) -> str:
    if part.tender == "cash" and part.tendered is not None and part.change:
        return f"Received {part.tendered.figures()}, change {part.change.figures()}"
    if part.tender == "card" and part.auth_code:
        return f"Auth {part.auth_code}"
    if part.tender == "card" and part.card_last4:
        return f"Card ends {part.card_last4}"
    return f"No. {part.number}" if part.number else ""


def _initialed(name: str) -> str:
    """``M. Okafor``."""
    words = name.split()
    return f"{words[0][0]}. {words[-1]}" if len(words) > 1 else name.strip()


# ------------------------------------------------------------------ what else there is to say


def _remarks(sheet: CashSheet) -> list[Remark]:
    """List counts that differed, references that did not fit their column, and what the content says itself."""
    remarks = []
    if len(sheet.counts) > 1 and not _counts_agree(sheet):
        for index, count in enumerate(sheet.counts):
            found = ", ".join(
                f"{PLURALS[tender].lower()} {count.counted.get(tender, ZERO).figures()}" for tender in tenders_in_use(sheet)
            )
            remarks.append(Remark(f"Count {index + 1}: {found}", count.at))
    room = _receipt_columns(tenders_in_use(sheet))[4]
    for receipt in sheet.receipts:
        text = visible(_full_reference(receipt))
        if typeface().width(visible(reference(receipt)), ROW) > room.x1 - room.x0:
            remarks.append(Remark(f"{receipt.number}: {text}", receipt.at))
    if sheet.pieces.mutilated and sheet.mutilated_note:
        remarks.append(Remark(f"Mutilated money: {sheet.mutilated_note}"))
    return [*remarks, *sheet.also_recorded]


def _full_reference(receipt: SheetReceipt) -> str:
    if receipt.void_reason is None:
        return reference(receipt)
    approved = f" Approved by {receipt.void_approved_by}." if receipt.void_approved_by else ""
    return f"Void: {receipt.void_reason}.{approved}"


def _checks(letter: Letter, sheet: CashSheet) -> None:
    """Place the checks that were counted, one by one, when they are not those of the receipts."""
    if not any(sheet.over_short.get(tender, ZERO) for tender in ("check", "money_order")):
        return
    columns = [Column("Number", LEFT, 300), Column("Kind", 310, 460), Column("Amount", 470, RIGHT, "right")]
    kinds = {"check": "Check", "money_order": "Money order"}
    rows = [
        Row((check.number or "–", kinds.get(check.tender, check.tender), check.amount.figures()))
        for check in sheet.counted_checks
    ]
    amount = total(check.amount for check in sheet.counted_checks)
    letter.table("Checks and money orders counted", columns, rows, totals=Row(("Total", "", amount.figures())))


def _deposit_words(sheet: CashSheet) -> list[str]:
    return wrapped(in_words(sheet.total_deposit), SMALL, RIGHT - BANK, 3)


def _end_height(sheet: CashSheet, reasons: int) -> float:
    """How much room reason, deposit and signatures take; the statement above the signatures is at the left only."""
    bank = 40 + 11.3 * len(bank_lines(sheet)) + 9.6 * len(_deposit_words(sheet))
    return max(26 + 11.6 * reasons + SIGNATURES, bank + SIGNATURES - 12)


def _reason_and_bank(letter: Letter, sheet: CashSheet) -> None:
    reasons = _reason_lines(sheet)
    letter.need(_end_height(sheet, len(reasons)))
    top, page = letter.y, letter.page
    differs = verdict_of(sheet.over_short).sign != "="
    letter.heading("Reason for the difference" if differs else "Difference", x1=REASON_END, gap=20)
    y = letter.y - 2.1
    for strong, rest in reasons:
        y += 11.6
        wide = page.left(LEFT, y, strong, STRONG) if strong else 0.0
        page.left(LEFT + wide + (5 if strong and rest else 0), y, rest, TEXT)
    left_end = y + 3
    letter.y = top
    to_the_bank(letter, sheet, BANK)
    for line in _deposit_words(sheet):
        letter.y += 9.6
        letter.page.left(BANK, letter.y, line, SMALL)
    letter.y = max(left_end, letter.y - 10)


def _reason_lines(sheet: CashSheet) -> list[tuple[str, str]]:
    """Lines of a bold and a plain part: the reason, the receipt it is linked to, the memo in quotes and its writer."""
    width = REASON_END - LEFT
    lines: list[tuple[str, str]] = []
    reason = sheet.reason.strip()
    if reason:
        ended = reason if reason[-1] in ".!?" else f"{reason}."
        lines.extend((line, "") for line in wrapped(ended, STRONG, width, 8))
    if sheet.linked_receipt:
        linked = f"Linked to receipt {sheet.linked_receipt}."
        room = width - typeface().width(visible(lines[-1][0]), STRONG) - 5 if lines else 0.0
        if lines and typeface().width(visible(linked), TEXT) <= room:
            lines[-1] = (lines[-1][0], linked)
        else:
            lines.extend(("", line) for line in wrapped(linked, TEXT, width, 2))
    if sheet.memo.strip():
        writer = f"  {_initialed(sheet.explained_by)}" if sheet.explained_by else ""
        lines.extend(("", line) for line in wrapped(f"“{sheet.memo.strip()}”{writer}", TEXT, width, 30))
    if lines:
        return lines
    agreed = verdict_of(sheet.over_short).sign == "="
    return [("", "None: what was counted is what was expected." if agreed else "No reason was recorded.")]


def _signature_slots(sheet: CashSheet) -> list[tuple[str, Signed | None]]:
    slots: list[tuple[str, Signed | None]] = [("Counted by", sheet.counted_by)]
    if sheet.approver is not None or verdict_of(sheet.over_short).sign != "=":
        slots.append(("Approved by", sheet.approver))
    if sheet.witness is not None:
        slots.append(("Witness", sheet.witness))
    slots.append(("Bag received by", None))
    return slots
