"""The good-faith estimate for somebody without a plan, or who will not use it: 45 CFR 149.610."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from access_desk.domain.cash_drawer.commands import check_amount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.business_days import add_business_days, business_days_between
from access_desk.domain.identifiers import check_npi
from access_desk.domain.money import Money, total

TRIGGERS = ("scheduled", "requested")
# 149.610(c)(1)(viii) to (xi): what the paper has to say, by key; the words in each language are the paper's.
DISCLAIMERS = ("other_items_possible", "estimate_only", "dispute_from_400", "not_a_contract")
# 149.620(b)(2)(iii): billed charges of a provider this much above the estimate can be disputed.
DISPUTE_FROM = Money(40_000)
MOST_ITEMS, MOST_QUANTITY = 50, 9_999
EARLY, VERY_EARLY = 3, 10
_TIN = re.compile(r"(\d{2})-?(\d{7})", re.ASCII)
_CODE = re.compile(r"[A-Z0-9]{3,7}(\.[A-Z0-9]{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class GoodFaithItem:
    """One item or service: what, its service code (CPT, HCPCS, DRG), how many, and the expected charge for all of them."""

    service: str
    code: str
    charge: Money
    quantity: int = 1
    diagnosis: str = ""


@dataclass(frozen=True, slots=True)
class GoodFaithEstimate:
    """The figures and words that the estimate owes the patient, by provider; frozen when it is made."""

    service: str
    items: tuple[GoodFaithItem, ...]
    provider: str
    npi: str
    tin: str
    trigger: str
    asked_on: date
    service_on: date | None
    disclaimers: tuple[str, ...] = DISCLAIMERS

    @property
    def total(self) -> Money:
        """All expected charges."""
        return total(item.charge for item in self.items)

    def check(self) -> None:
        """Raises ``bad_value``, ``bad_amount`` or ``bad_identifier``."""
        if self.trigger not in TRIGGERS:
            raise DeskError(
                Refusal.BAD_VALUE, "An estimate is made because a service was scheduled, or because it was asked for."
            )
        if not self.service.strip() or not self.provider.strip():
            raise DeskError(Refusal.BAD_VALUE, "A good-faith estimate names the service and who provides it.")
        if not 1 <= len(self.items) <= MOST_ITEMS:
            raise DeskError(Refusal.BAD_VALUE, "A good-faith estimate lists every expected item with its charge.")
        for item in self.items:
            if not item.service.strip() or not _CODE.fullmatch(item.code):
                raise DeskError(Refusal.BAD_VALUE, "Every item has a description and a service code, like 72148.")
            if item.diagnosis and not _CODE.fullmatch(item.diagnosis):
                raise DeskError(Refusal.BAD_VALUE, "A diagnosis code is like M54.50. Check it, or leave it out.")
            if not 1 <= item.quantity <= MOST_QUANTITY:
                raise DeskError(Refusal.BAD_VALUE, "A quantity is a whole number from 1.")
            check_amount(item.charge)
        if set(DISCLAIMERS) - set(self.disclaimers):
            raise DeskError(Refusal.BAD_VALUE, "A good-faith estimate carries all of its disclaimers.")
        check_npi(self.npi)
        check_tin(self.tin)


def check_tin(text: str) -> str:
    """An employer identification number as ``12-3456789``. Raises ``bad_identifier``."""
    match = _TIN.fullmatch(text.strip())
    if match is None:
        raise DeskError(Refusal.BAD_IDENTIFIER, "A tax identification number has nine digits, like 12-3456789.")
    return f"{match[1]}-{match[2]}"


def due_on(trigger: str, asked_on: date, service_on: date | None) -> date | None:
    """The last day on which the estimate can be given: 45 CFR 149.610(b)(1)(vi).

    Scheduled ten or more business days ahead: within 3 business days of scheduling; three to nine: within 1. On request:
    within 3 business days. Scheduled later than that: none is due unless it is asked for.
    """
    if trigger == "requested":
        return add_business_days(asked_on, 3)
    ahead = business_days_between(asked_on, service_on) if service_on else VERY_EARLY
    if ahead >= VERY_EARLY:
        return add_business_days(asked_on, 3)
    return add_business_days(asked_on, 1) if ahead >= EARLY else None
