"""The 80 mm receipt: as tall as its content, black only, for thermal paper."""

from __future__ import annotations

from access_desk.documents.drawing import Box, Labels, Page, pdf
from access_desk.documents.fonts import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style, typeface
from access_desk.documents.moments import day_and_clock
from access_desk.documents.printable import balanced, visible, wrapped
from access_desk.documents.symbols import code128
from access_desk.domain.money import Money
from access_desk.domain.papers.imprint import TenderPart
from access_desk.domain.papers.receipt import Language, Receipt, ReceiptKind
from access_desk.domain.papers.words import (
    PURPOSE_WORDS,
    TENDER_WORDS,
    masked_number,
    patient_on_receipt,
    staff_on_receipt,
)

WIDTH = 226.77
"""80 mm in points."""
LEFT, RIGHT = 12.96, 213.9
MIDDLE = WIDTH / 2
DOT = 72 / 203
"""A dot of a thermal printer: bars are whole dots wide."""
SPACE = RIGHT - LEFT

NAME = Style(BOLD, 12)
TITLE = Style(BOLD, 13)
SUBTITLE = Style(MEDIUM, 9.9)
LABEL = Style(REGULAR, 9)
VALUE = Style(MEDIUM, 9)
DUE = Style(SEMIBOLD, 9)
PAID = Style(BOLD, 12.9)
AMOUNT = Style(BOLD, 16)
NOTE = Style(REGULAR, 8.5)
THANKS = Style(SEMIBOLD, 10)
MARK = Style(BOLD, 12)

TITLES = {
    ReceiptKind.PAYMENT: ("Payment receipt", "Recibo de pago"),
    ReceiptKind.VOID: ("Void receipt", "Recibo anulado"),
    ReceiptKind.REFUND: ("Refund receipt", "Recibo de reembolso"),
}
AMOUNTS = {
    ReceiptKind.PAYMENT: ("Paid", "Pagado"),
    ReceiptKind.VOID: ("Voided", "Anulado"),
    ReceiptKind.REFUND: ("Refunded", "Reembolso"),
}


class _Roll:
    """The slip being laid out; ``y`` is the baseline of the last line."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self.page = Page()
        self.y = 0.0
        self.spanish = receipt.language is Language.ENGLISH_AND_SPANISH

    def words(self, english: str, spanish: str) -> str:
        """Both languages, or English alone."""
        return f"{english} / {spanish}" if self.spanish and spanish else english

    def centered(self, text: str, style: Style, pitch: float, most: int = 3) -> None:
        """Place lines around the middle, of about the same length."""
        for line in balanced(text, style, SPACE, most):
            self.y += pitch
            self.page.center(MIDDLE, self.y, line, style)

    def dashes(self, before: float, after: float) -> None:
        """Draw a dashed rule; ``after`` is the way to the next baseline, less its pitch."""
        self.y += before
        self.page.rule(LEFT, RIGHT, self.y, 0.9, (2.6, 2.6))
        self.y += after

    def row(self, label: str, value: str, style: Style = VALUE, pitch: float = 13.0, label_style: Style = LABEL) -> None:
        """Place a label at the left and its value at the right; a long value gets lines of its own."""
        self.y += pitch
        wide = self.page.left(LEFT, self.y, label, label_style, SPACE)
        if typeface().width(visible(value), style) <= SPACE - wide - 8:
            self.page.right(RIGHT, self.y, value, style)
            return
        for line in wrapped(value.replace(". ", ".\u00a0", 1), style, SPACE, 2):
            self.y += 11.5
            self.page.right(RIGHT, self.y, line, style)

    def sum(self, label: str, amount: Money, *, signed: bool = False, style: Style = VALUE) -> None:
        """Place a label and an amount; a label that is too long is cut, never the amount."""
        self.y += 13.0
        text = amount.signed_figures() if signed else amount.figures()
        wide = self.page.figures(RIGHT, self.y, text, style, SPACE * 0.6)
        self.page.left(LEFT, self.y, label, style if style is DUE else LABEL, SPACE - wide - 8)

    def framed(self, text: str) -> None:
        """Place a mark in a frame across the slip."""
        for line in wrapped(text, MARK, SPACE - 12, 2):
            self.y += 18
            self.page.center(MIDDLE, self.y, line, MARK)
            self.page.boxes.append(Box(LEFT, self.y - 12.6, SPACE, 17, 1.2))


def render_receipt(content: Receipt) -> bytes:
    """Draw a payment, void or refund receipt on one page of 80 mm by as much as it takes.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    roll = _Roll(content)
    _letterhead(roll)
    _who(roll)
    _what(roll)
    _end(roll)
    title = f"{TITLES[content.kind][0]} {content.number}"
    return pdf([roll.page], (WIDTH, roll.y + 16.5), Labels(title, content.imprint.facility_name))


def _letterhead(roll: _Roll) -> None:
    imprint = roll.receipt.imprint
    roll.y = 8.0
    if imprint.practice:
        roll.framed(roll.words("PRACTICE", "PRÁCTICA"))
        roll.y += 7
    if imprint.copy_number > 1:
        roll.framed(roll.words(f"COPY {imprint.copy_number}", f"COPIA {imprint.copy_number}"))
        roll.y += 7
    roll.y -= 1.8
    roll.centered(imprint.facility_name, NAME, 13.9)
    roll.y += 1.6
    for line in (*imprint.address_lines, imprint.phone):
        if line:
            roll.centered(line, LABEL, 12.0)
    roll.dashes(10.2, 2.7)
    english, spanish = TITLES[roll.receipt.kind]
    roll.centered(english, TITLE, 14.1)
    if roll.spanish:
        roll.centered(spanish, SUBTITLE, 13.1)
    if roll.receipt.kind is ReceiptKind.VOID:
        roll.y += 3
        roll.framed(roll.words("VOID", "ANULADO"))
    roll.y += 2.9


def _who(roll: _Roll) -> None:
    receipt = roll.receipt
    roll.row(roll.words("Receipt", "Recibo"), receipt.number)
    if receipt.original:
        roll.row(roll.words("For receipt", "Del recibo"), receipt.original)
    roll.row(roll.words("Date", "Fecha"), day_and_clock(receipt.at))
    if receipt.taken_on_paper_at is not None:
        roll.row(roll.words("Taken", "Cobrado"), day_and_clock(receipt.taken_on_paper_at))
        if receipt.paper_number:
            roll.row(roll.words("On paper", "En papel"), receipt.paper_number)
    if receipt.voided_at is not None:
        roll.row(roll.words("Voided", "Anulado"), day_and_clock(receipt.voided_at))
    roll.row(roll.words("Desk", "Ventanilla"), receipt.imprint.desk_label)
    roll.row(roll.words("Taken by", "Atendió"), staff_on_receipt(receipt.taken_by))
    roll.row(
        roll.words("Patient", "Paciente"),
        patient_on_receipt(receipt.patient_given, receipt.patient_family, receipt.patient_suffix),
    )
    if receipt.visit_number.strip():
        roll.row(roll.words("Visit", "Visita"), masked_number(receipt.visit_number))
    if receipt.reason.strip():
        roll.row(roll.words("Reason", "Motivo"), receipt.reason)
    if receipt.approved_by:
        roll.row(roll.words("Approved by", "Aprobó"), staff_on_receipt(receipt.approved_by))
    roll.dashes(11.1, 1.2)


def _what(roll: _Roll) -> None:
    receipt = roll.receipt
    for charge in receipt.charges:
        label = roll.words(*PURPOSE_WORDS.get(charge.purpose, (charge.purpose, "")))
        roll.sum(f"{label} {charge.detail}".rstrip(), charge.amount)
    roll.y += 6.7
    roll.page.rule(LEFT, RIGHT, roll.y, 1.2)
    roll.y += 16.2
    wide = roll.page.left(LEFT, roll.y, roll.words(*AMOUNTS[receipt.kind]), PAID)
    roll.page.figures(RIGHT, roll.y, receipt.amount.dollars(), AMOUNT, SPACE - wide - 8)
    roll.y += 5.1
    for part in receipt.tenders:
        _tender(roll, part)
    if receipt.rounding:
        roll.sum(roll.words("Rounding", "Redondeo"), receipt.rounding, signed=True)
    roll.dashes(10.9, 0.7)
    if receipt.still_due is not None:
        roll.sum(roll.words("Still due today", "Pendiente hoy"), receipt.still_due, style=DUE)
        roll.dashes(11.1, 0.9)


def _tender(roll: _Roll, part: TenderPart) -> None:
    """Place what went in by one tender. Of a card only its last four digits and the authorization are ever shown."""
    label = roll.words(*TENDER_WORDS.get(part.tender, (part.tender, "")))
    if part.tender == "card" and part.card_last4:
        label += f" ••••{part.card_last4[-4:]}"
    elif part.number:
        label += f" {part.number}"
    changed = part.tender == "cash" and roll.receipt.kind is ReceiptKind.PAYMENT and part.tendered is not None
    roll.sum(label, part.tendered if changed and part.tendered is not None else part.amount)
    if part.tender == "card" and part.auth_code:
        roll.row(roll.words("Auth", "Autorización"), part.auth_code)
    if changed:
        roll.sum(roll.words("Change", "Cambio"), part.change)


def _end(roll: _Roll) -> None:
    receipt = roll.receipt
    notes = {
        ReceiptKind.PAYMENT: (
            "This is a receipt, not a bill. Insurance may change what you owe later.",
            "Este es un recibo, no una factura.",
        ),
        ReceiptKind.VOID: ("This payment was taken back. The money was returned.", "Este pago fue anulado y devuelto."),
        ReceiptKind.REFUND: ("This amount was given back.", "Este importe fue devuelto."),
    }
    english, spanish = notes[receipt.kind]
    roll.y += 1.6
    for text in (english, spanish) if roll.spanish else (english,):
        for line in wrapped(text, NOTE, SPACE - 50, 4):
            roll.y += 11.5
            roll.page.center(MIDDLE, roll.y, line, NOTE)
    if receipt.kind is not ReceiptKind.PAYMENT:
        roll.y += 34
        roll.page.rule(LEFT, RIGHT, roll.y, 0.8)
        roll.y += 10
        roll.page.left(LEFT, roll.y, roll.words("Received by, signature", "Recibido por, firma"), NOTE, SPACE)
    roll.y += 15.3
    roll.page.center(MIDDLE, roll.y, roll.words("Thank you", "Gracias"), THANKS)
    roll.y += 6
    said = code128(roll.page, MIDDLE, roll.y, 25.9, SPACE - 20, receipt.number, (3 * DOT, 2 * DOT))
    roll.y += 25.9 + 11
    roll.page.center(MIDDLE, roll.y, said, NOTE, SPACE)
    roll.y += 12.1
    roll.page.center(MIDDLE, roll.y, roll.words("Customer copy", "Copia del cliente"), NOTE)
    head = receipt.imprint.log_head
    if head is not None and receipt.kind is not ReceiptKind.PAYMENT:
        roll.y += 11
        roll.page.center(MIDDLE, roll.y, f"Log {head.seq} · {head.hash[:4]} {head.hash[4:8]} …", NOTE, SPACE)
