"""Prior authorization: when a payer wants one, and what has become of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from access_desk.domain.errors import DeskError, Refusal

STATUS_WORDS = MappingProxyType(
    {
        "required": "Required, not asked for yet",
        "requested": "Asked for, no answer yet",
        "approved": "Approved",
        "partial": "Approved in part",
        "denied": "Denied",
        "not_required": "Not required, says the payer",
        "cancelled": "Cancelled",
    }
)
GRANTED = frozenset({"approved", "partial"})
# What a payer wants when it has said nothing else: notice of a stay. Emergency care needs none (45 CFR 149.110(b)(1)),
# and Original Medicare, with few exceptions, has none.
DEFAULT_VISIT_TYPES = frozenset({"inpatient", "observation"})
NEVER_FOR = frozenset({"emergency", "newborn"})
MOST_UNITS = 100_000


@dataclass(frozen=True, slots=True)
class Authorization:
    """The standing of a request. ``agreed_with`` is who said so at the payer; ``units`` are visits, days or services."""

    status: str
    number: str = ""
    starts: date | None = None
    ends: date | None = None
    requested_units: int | None = None
    approved_units: int | None = None
    agreed_with: str = ""

    def check(self) -> None:
        """Raises ``bad_value``."""
        if self.status not in STATUS_WORDS:
            raise DeskError(Refusal.BAD_VALUE, "An authorization is required, asked for, approved, denied or not required.")
        if self.status in GRANTED and not self.number.strip():
            raise DeskError(Refusal.BAD_VALUE, "An approved authorization has a number. Enter it.")
        if self.starts and self.ends and self.ends < self.starts:
            raise DeskError(Refusal.BAD_VALUE, "The authorization ends before it starts. Check the dates.")
        for units in (self.requested_units, self.approved_units):
            if units is not None and not 0 <= units <= MOST_UNITS:
                raise DeskError(Refusal.BAD_VALUE, "Units are a whole number.")

    def allows(self, day: date) -> bool:
        """Whether a service on the day needs nothing more."""
        if self.status == "not_required":
            return True
        in_dates = (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)
        return self.status in GRANTED and in_dates and self.approved_units != 0


def payer_key(payer: str) -> str:
    """A payer's name for comparing."""
    return " ".join(payer.split()).casefold()


def is_required(payer: str, visit_type: str, rules: Mapping[str, Iterable[str]], *, medicare: bool = False) -> bool:
    """Whether the payer wants an authorization for such a visit; ``rules`` are the facility's, by payer key."""
    if visit_type in NEVER_FOR:
        return False
    own = rules.get(payer_key(payer))
    if own is not None:
        return visit_type in own
    return not medicare and visit_type in DEFAULT_VISIT_TYPES
