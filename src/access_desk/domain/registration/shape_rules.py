"""Rules about the text of one field: what it has to look like to be what its field holds."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from access_desk.domain.registration.dates import TypedTextError
from access_desk.domain.registration.readings import KINDS, read
from access_desk.domain.registration.rules import Check, Rule
from access_desk.domain.registration.sheet import Place, Sheet

_BIRTH, _DATES = ("birth_date",), ("birth_date", "date", "past")
_US_DATE = "One way to write a date; X12 837I DTP wants a calendar date"
_ADVICE = "A date without its century is asked, never guessed (ONC, Patient Demographic Data Quality Framework)"
_UB_AMOUNTS = "UB-04 amounts are dollars and cents"
_SSA = "Social Security Administration, POMS RM 10201.035"


@lru_cache(maxsize=4_096)
def _outcome(kind: str, typed: str, today: date) -> tuple[str, str]:
    """What is wrong with a text as its kind, and what to do; blank for nothing."""
    try:
        read(kind, typed, today)
    except TypedTextError as wrong:
        return wrong.code, wrong.text
    return "", ""


def _read(code: str) -> Check:
    def check(sheet: Sheet, place: Place) -> str:
        typed = sheet.text(place.name, place.plan)
        found, text = _outcome(KINDS[place.name], typed, sheet.today) if typed.strip() else ("", "")
        return text if found == code else ""

    return check


def _shape(rule_id: str, demands: str, source: str, kinds: tuple[str, ...], code: str = "shape") -> Rule:
    fields = tuple(name for name, kind in KINDS.items() if kind in kinds)
    return Rule(rule_id, demands, source, fields, _read(code), gates=True)


SHAPE_RULES: tuple[Rule, ...] = (
    _shape("date.unreadable", "A date is month, day and year.", _US_DATE, _DATES),
    _shape("date.impossible", "A date is a day of the calendar.", _US_DATE, _DATES, "impossible"),
    _shape("date.two_years", "A date has one meaning.", _ADVICE, _DATES, "two_years"),
    _shape("birth_date.future", "Nobody is born in the future.", "UB-04 FL 10", _BIRTH, "future"),
    _shape("birth_date.too_old", "A birth date is not before 1850.", "UB-04 FL 10", _BIRTH, "too_old"),
    _shape("accident_date.future", "An accident has happened.", "UB-04 FL 31 to 34, codes 01 to 06", ("past",), "future"),
    _shape("ssn.length", "A Social Security number has nine digits.", _SSA, ("ssn",)),
    _shape("ssn.never_issued", "The Social Security number can have been issued.", _SSA, ("ssn",), "impossible"),
    _shape("phone.length", "A telephone number has ten digits.", "North American Numbering Plan, ATIS-0300051", ("phone",)),
    _shape("zip.shape", "A ZIP code has five or nine digits.", "USPS Publication 28, section 224", ("zip",)),
    _shape("email.shape", "An email address has one @.", "RFC 5321, section 4.1.2", ("email",)),
    _shape("birth_order.shape", "A birth order counts from 1.", "HL7 v2 PID-25", ("order",)),
    _shape("race.category", "Race and ethnicity are of the categories offered.", "OMB SPD 15, 28 March 2024", ("race",)),
    _shape("time.shape", "A time is a time of day.", "HL7 v2 SCH-11", ("time",)),
    _shape(
        "npi.check_digit", "A provider number passes its check digit.", "45 CFR 162.406; ISO/IEC 7812", ("npi",), "impossible"
    ),
    _shape("tin.shape", "A tax number has nine digits.", "26 CFR 301.6109-1", ("tin",), "impossible"),
    _shape(
        "accident_state.code", "An accident state is two letters.", "UB-04 FL 29; USPS Publication 28, appendix B", ("state",)
    ),
    _shape("amount.unreadable", "An amount is dollars and cents.", _UB_AMOUNTS, ("money",), "impossible"),
    _shape("percent.unreadable", "A coinsurance is a number.", "X12 271 EB08", ("percent",), "impossible"),
    _shape("percent.range", "A coinsurance is from 0 to 100 percent.", "X12 271 EB08", ("percent",)),
    _shape("units.whole", "Units are counted.", "X12 278 HSD02", ("units",)),
)
