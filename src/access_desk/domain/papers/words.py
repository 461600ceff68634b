"""Printed words of purposes, tenders and roles, in English and Spanish, and the masks that keep names off papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

PURPOSE_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "copay": ("Copay", "Copago"),
        "coinsurance": ("Coinsurance", "Coaseguro"),
        "deductible": ("Deductible", "Deducible"),
        "prepayment": ("Prepayment", "Pago anticipado"),
        "deposit": ("Deposit", "Depósito"),
        "prior_balance": ("Balance", "Saldo"),
        "payment_plan": ("Payment plan", "Plan de pagos"),
        "other": ("Other", "Otro"),
    }
)
TENDER_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "cash": ("Cash", "Efectivo"),
        "check": ("Check", "Cheque"),
        "card": ("Card", "Tarjeta"),
        "money_order": ("Money order", "Giro"),
    }
)
ROLE_WORDS: Mapping[str, str] = MappingProxyType({"registrar": "registrar", "lead": "shift lead", "supervisor": "supervisor"})
_ON_SHEETS = {"prior_balance": "Prior balance"}


def purposes_text(purposes: Iterable[str], detail: str = "") -> str:
    """Write the ``For`` column of a sheet: ``Copay – lab``, ``Copay + prior balance``; unknown purposes stand as they are."""
    words = [_ON_SHEETS.get(purpose) or PURPOSE_WORDS.get(purpose, (purpose, ""))[0] for purpose in purposes]
    joined = " + ".join(word if index == 0 else word[:1].lower() + word[1:] for index, word in enumerate(words))
    return f"{joined} – {detail}" if detail else joined


def patient_on_receipt(given: str, family: str, suffix: str = "") -> str:
    """``M. Vega-Trujillo``, ``R. Vega-Trujillo Jr``; a single name stands alone; no name at all is a dash."""
    given, family, suffix = given.strip(), family.strip(), suffix.strip()
    if not family:
        return given or "–"
    whole = f"{family} {suffix}" if suffix else family
    return f"{given[0]}. {whole}" if given else whole


def masked_number(number: str) -> str:
    """Keep the last four characters behind dots: ``••••2290``; a short number stays short; none is a dash."""
    number = number.strip()
    return "••••" + number[-4:] if number else "–"


def staff_on_receipt(name: str) -> str:
    """``Dana W.`` for Dana Whitfield: what a payer needs to know of who served them."""
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name.strip()
