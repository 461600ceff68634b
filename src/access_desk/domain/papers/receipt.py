"""The 80 mm receipt that a payer takes home: payment, void or refund."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from access_desk.domain.money import ZERO, Money
from access_desk.domain.papers.imprint import Imprint, TenderPart


class ReceiptKind(StrEnum):
    """What the slip proves."""

    PAYMENT = "payment"
    VOID = "void"
    REFUND = "refund"


class Language(StrEnum):
    """The words of a receipt."""

    ENGLISH = "en"
    ENGLISH_AND_SPANISH = "en_es"


@dataclass(frozen=True, slots=True)
class ReceiptCharge:
    """A part of what was paid. ``purpose`` is a payment purpose (``copay``, …); ``detail`` is printed after it, or empty."""

    purpose: str
    amount: Money
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt. Names and the visit number come whole; the paper shows an initial, the last name and four digits.

    ``number`` is the receipt's (of a refund its own reference, such as ``RF-240321-1``). ``amount`` is what was paid,
    voided or refunded. ``rounding`` is cash taken minus amount credited. ``still_due`` is None when it is not known.
    ``original`` is the receipt number that a refund gives back, else empty. A void has ``at`` = the moment of the payment
    and ``voided_at``; a payment that was entered after the fact has ``taken_on_paper_at`` and its paper's number.
    ``visit_number`` may be empty. ``patient_family`` empty means that the patient is not identified.
    """

    imprint: Imprint
    number: str
    at: datetime
    taken_by: str
    patient_given: str
    patient_family: str
    visit_number: str
    amount: Money
    charges: tuple[ReceiptCharge, ...]
    tenders: tuple[TenderPart, ...]
    kind: ReceiptKind = ReceiptKind.PAYMENT
    language: Language = Language.ENGLISH_AND_SPANISH
    rounding: Money = ZERO
    still_due: Money | None = None
    original: str = ""
    voided_at: datetime | None = None
    reason: str = ""
    approved_by: str = ""
    taken_on_paper_at: datetime | None = None
    paper_number: str = ""
    patient_suffix: str = ""
