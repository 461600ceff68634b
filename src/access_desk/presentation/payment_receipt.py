"""The receipt as it will be printed, line by line, while the payment is still being typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.money import Money
from access_desk.domain.papers.receipt import Language
from access_desk.domain.papers.words import PURPOSE_WORDS, TENDER_WORDS, masked_number, patient_on_receipt, staff_on_receipt
from access_desk.presentation.drawer_session import typed_money
from access_desk.presentation.drawer_words import clock_text, date_text
from access_desk.presentation.payment import PaymentState
from access_desk.presentation.payment_lines import still_due
from access_desk.presentation.payment_tender import SPLIT_PARTS


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line of the preview. ``kind`` is ``title``, ``center``, ``heading``, ``pair``, ``small``, ``total`` or ``rule``."""

    kind: str
    left: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptHead:
    """What stands on every receipt of this desk today. ``now`` is local."""

    facility: str
    address: tuple[str, ...]
    phone: str
    desk: str
    taken_by: str
    now: datetime


def receipt_lines(head: ReceiptHead, state: PaymentState) -> tuple[ReceiptLine, ...]:
    """The preview; the receipt's number is taken when the payment is recorded, so it is not known yet."""
    say = _Words(state.language)
    subject = state.subject
    lines = [ReceiptLine("title", head.facility)]
    lines += [ReceiptLine("center", text) for text in (*head.address, head.phone) if text]
    lines += [
        ReceiptLine("rule"),
        ReceiptLine("heading", say("Payment receipt", "Recibo de pago")),
        ReceiptLine("small", say("Receipt", "Recibo"), "when recorded"),
        ReceiptLine("small", say("Date", "Fecha"), f"{date_text(head.now.date())} {clock_text(head.now)}"),
        *_on_paper(state, say),
        ReceiptLine("small", say("Desk", "Ventanilla"), head.desk),
        ReceiptLine("small", say("Taken by", "Atendió"), staff_on_receipt(head.taken_by)),
    ]
    if subject:
        number = subject.visit_number or subject.mrn
        lines += [
            ReceiptLine("small", say("Patient", "Paciente"), patient_on_receipt(subject.given, subject.family, subject.suffix)),
            ReceiptLine("small", say("Visit", "Visita"), masked_number(number)),
        ]
    lines.append(ReceiptLine("rule"))
    lines += [ReceiptLine("small", say(*PURPOSE_WORDS[line.purpose]), line.pays.figures()) for line in state.lines if line.pays]
    lines.append(ReceiptLine("total", say("Paid", "Pagado"), state.paying.dollars()))
    lines += _tenders(state, say)
    due = still_due(state.lines)
    lines += [
        ReceiptLine("rule"),
        ReceiptLine("small", say("Still due today", "Pendiente hoy"), due.figures()),
        ReceiptLine("rule"),
        ReceiptLine("center", "Thank you. Keep this receipt."),
    ]
    if state.language is Language.ENGLISH_AND_SPANISH:
        lines.append(ReceiptLine("center", "Gracias. Guarde este recibo."))
    return tuple(lines)


def _on_paper(state: PaymentState, say: _Words) -> list[ReceiptLine]:
    paper = state.paper
    if not paper.is_paper:
        return []
    number = paper.number.strip()
    taken = ReceiptLine("small", say("Taken", "Cobrado"), f"{paper.day.strip()} {paper.at.strip()}".strip())
    return [taken, *([ReceiptLine("small", say("On paper", "En papel"), number)] if number else [])]


@dataclass(frozen=True, slots=True)
class _Words:
    language: Language

    def __call__(self, english: str, spanish: str) -> str:
        return english if self.language is Language.ENGLISH else f"{english} / {spanish}"


def _tenders(state: PaymentState, say: _Words) -> list[ReceiptLine]:
    form = state.tender
    parts: list[tuple[str, Money]] = []
    if form.kind == "split":
        amounts = [(tender, typed_money(form.parts.get(tender, ""))[0]) for tender in SPLIT_PARTS]
        parts = [(tender, amount) for tender, amount in amounts if amount]
    elif state.paying:
        parts = [(form.check_tender if form.kind == "check" else form.kind, state.paying)]
    lines: list[ReceiptLine] = []
    for tender, amount in parts:
        received = typed_money(form.received)[0] if tender == "cash" else None
        lines.append(ReceiptLine("small", say(*TENDER_WORDS[tender]), (received or amount).figures()))
    if state.rounding and form.cash_part(state.paying):
        lines.append(ReceiptLine("small", say("Rounding", "Redondeo"), state.rounding.signed_figures()))
    if state.change_due is not None:
        lines.append(ReceiptLine("small", say("Change", "Cambio"), state.change_due.figures()))
    return lines
