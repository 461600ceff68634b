"""What the accounting of disclosures says: 45 CFR 164.528."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from access_desk.domain.papers.imprint import Imprint
from access_desk.domain.papers.registration import PatientOnPaper


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """One disclosure as 164.528(b)(2) wants it told: when, to whom and where they are, what, and for what purpose."""

    disclosed_on: date
    recipient: str
    address: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class DisclosureAccounting:
    """The disclosures of a period, the newest first. ``since`` and ``until`` are its first and last day."""

    imprint: Imprint
    number: str
    patient: PatientOnPaper
    since: date
    until: date
    lines: tuple[DisclosureLine, ...]
