"""How the money screens write times, dates, names and shifts (US English)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from access_desk.domain.full_name import full_name
from access_desk.domain.money import MINUS, Money
from access_desk.domain.papers.words import PURPOSE_WORDS, TENDER_WORDS
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.views import ReceiptRow
from access_desk.domain.policy import Policy

_NOON = 12


def clock_text(moment: datetime | time) -> str:
    """``7:02 AM``."""
    return f"{moment.hour % _NOON or _NOON}:{moment.minute:02d} {'AM' if moment.hour < _NOON else 'PM'}"


def date_text(day: date) -> str:
    """``07/16/2026``."""
    return f"{day:%m/%d/%Y}"


def span_text(span: timedelta) -> str:
    """``1 h 06 min``, ``48 min``."""
    minutes = max(0, int(span.total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def shift_title(policy: Policy, name: str) -> str:
    """``Day, 7:00 AM–3:00 PM``."""
    hours = policy.shift_hours(name)
    word = name[:1].upper() + name[1:]
    return f"{word}, {clock_text(hours[0])}–{clock_text(hours[1])}" if hours else word


def shift_end(policy: Policy, name: str, now: datetime) -> datetime | None:
    """When the named shift that runs at ``now`` (local) ends; None for a shift without hours or one that runs all day."""
    hours = policy.shift_hours(name)
    if hours is None or hours[0] == hours[1]:
        return None
    end = now.replace(hour=hours[1].hour, minute=hours[1].minute, second=0, microsecond=0)
    return end if end > now else end + timedelta(days=1)


def patient_name(person: Demographics, suffix_after: str) -> str:
    """``Vega-Trujillo, Rafael A. Jr``; a single name stands alone; nobody is ``Unidentified patient``."""
    middle = f"{person.middle[:1]}." if person.middle and person.given else ""
    return full_name(person.family, person.given, middle, person.suffix, suffix_after) or "Unidentified patient"


def payer_name(row: ReceiptRow, suffix_after: str) -> str:
    """The same of whom a payment was taken for."""
    person = Demographics(row.patient_family, row.patient_given, row.patient_middle, row.patient_suffix)
    return patient_name(person, suffix_after)


def purpose_word(purpose: str) -> str:
    """``Prior balance`` for ``prior_balance``."""
    return {"prior_balance": "Prior balance"}.get(purpose) or PURPOSE_WORDS[purpose][0]


def tender_word(tender: str) -> str:
    """``Money order`` for ``money_order``."""
    return TENDER_WORDS[tender][0]


def signed_dollars(amount: Money) -> str:
    """``+$7.00``, ``−$5.00``, ``$0.00``."""
    return ("+" if amount > Money(0) else "") + amount.dollars()


def taken_away(amount: Money) -> str:
    """Money that left: ``−$400.00``; nothing is ``$0.00``."""
    return f"{MINUS}{amount.dollars()}" if amount else amount.dollars()


def verdict_word(difference: Money) -> str:
    """``Short``, ``Over`` or ``Balanced``."""
    if not difference:
        return "Balanced"
    return "Short" if difference < Money(0) else "Over"


def verdict_kind(difference: Money) -> str:
    """The status family of a difference: ``short``, ``over`` or ``balanced``."""
    return verdict_word(difference).lower()


def counted_word(number: int, one: str, many: str = "") -> str:
    """``1 check``, ``3 checks``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
