"""Values of a day file: money, counts, identifiers, dates, local times. Money is integer cents everywhere."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

TENDERS = ("cash", "check", "card", "money_order")
PIECE_CENTS: Mapping[str, int] = {
    "100": 10000,
    "50": 5000,
    "20": 2000,
    "10": 1000,
    "5": 500,
    "2": 200,
    "1": 100,
    "1c$": 100,
    "0.50": 50,
    "0.25": 25,
    "0.10": 10,
    "0.05": 5,
    "0.01": 1,
    "roll:1c$": 25 * 100,
    "roll:0.50": 20 * 50,
    "roll:0.25": 40 * 25,
    "roll:0.10": 50 * 10,
    "roll:0.05": 40 * 5,
    "roll:0.01": 50 * 1,
}
MOST_CENTS = 999_999_999
MOST_PIECES = 1_000_000
_MONEY = re.compile(r"[0-9]+\.[0-9]{2}", re.ASCII)
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class RefusedError(Exception):
    """The step is refused with ``code``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnreadableError(Exception):
    """The file as a whole cannot be read; the text says where and why."""


def one_of(value: object, words: Container[str]) -> bool:
    """Whether the value is a text and one of the words."""
    return isinstance(value, str) and value in words


def cents_of(value: object, *, zero: bool = False, code: str = "bad_amount") -> int:
    """Cents of an amount such as ``"25.00"``; refuses everything else with ``code``."""
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise RefusedError(code)
    cents = int(value.replace(".", ""))
    if not (0 if zero else 1) <= cents <= MOST_CENTS:
        raise RefusedError(code)
    return cents


def money_text(cents: int) -> str:
    """``-5.00`` for -500."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def cash_count(value: object, note: object) -> int:
    """Cents of a count of pieces; ``note`` is the step's, needed beside mutilated money."""
    if not isinstance(value, dict):
        raise RefusedError("bad_count")
    total = 0
    for key, pieces in value.items():
        if key == "mutilated":
            if not isinstance(note, str) or not note.strip():
                raise RefusedError("bad_count")
            total += cents_of(pieces, code="bad_count")
            continue
        if key not in PIECE_CENTS or type(pieces) is not int or not 0 <= pieces <= MOST_PIECES:
            raise RefusedError("bad_count")
        total += PIECE_CENTS[key] * pieces
    return total


def closing_count(value: object, note: object) -> dict[str, int]:
    """Cents per tender of a closing count; what is absent is none."""
    if not isinstance(value, dict):
        raise RefusedError("bad_count")
    pieces = {key: number for key, number in value.items() if key not in ("checks", "card_total", "card_batch")}
    counted = {"cash": cash_count(pieces, note), "check": 0, "card": 0, "money_order": 0}
    checks = value.get("checks", [])
    if not isinstance(checks, list):
        raise RefusedError("bad_count")
    for check in checks:
        if not isinstance(check, dict) or not isinstance(check.get("number", ""), str):
            raise RefusedError("bad_count")
        tender = check.get("tender", "check")
        if not one_of(tender, ("check", "money_order")):
            raise RefusedError("bad_count")
        counted[tender] += cents_of(check.get("amount"), code="bad_count")
    if "card_total" in value:
        counted["card"] = cents_of(value["card_total"], zero=True, code="bad_count")
    if not isinstance(value.get("card_batch", ""), str):
        raise RefusedError("bad_count")
    return counted


def date_of(value: object) -> date:
    """A calendar date, ISO 8601."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise RefusedError("bad_value")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise RefusedError("bad_value") from None


def instant_of(value: object, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time: its first occurrence; a time that daylight saving skips does not exist."""
    if not isinstance(value, str) or not _LOCAL.fullmatch(value):
        raise RefusedError("bad_value")
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        raise RefusedError("bad_value") from None
    if not 1900 <= local.year <= 2200:
        raise RefusedError("bad_value")
    instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise RefusedError("bad_value")
    return instant


def instant_text(instant: datetime | None) -> str | None:
    """``2026-11-23T13:02:00Z``."""
    return None if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def check_ssn(value: object) -> None:
    """Area, group and serial were never issued as 000, 666, 9xx; 00; 0000. Three published numbers are nobody's."""
    if not isinstance(value, str):
        raise RefusedError("bad_value")
    match = re.fullmatch(r"(\d{3})-?(\d{2})-?(\d{4})", value, re.ASCII)
    if match is None:
        raise RefusedError("bad_identifier")
    area, group, serial = match.groups()
    never = area in ("000", "666") or area[0] == "9" or group == "00" or serial == "0000"
    if never or area + group + serial == "078051120":
        raise RefusedError("bad_identifier")


def check_npi(value: object) -> None:
    """Ten digits starting with 1 or 2 whose Luhn sum with the prefix 80840 ends in 0."""
    if not isinstance(value, str):
        raise RefusedError("bad_value")
    if not re.fullmatch(r"[12]\d{9}", value, re.ASCII):
        raise RefusedError("bad_identifier")
    total = 24  # what the prefix 80840 adds
    for place, digit in enumerate(reversed(value)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    if total % 10:
        raise RefusedError("bad_identifier")


def check_mbi(value: object) -> None:
    """The eleven places C A AN N A AN N A A N N of a Medicare beneficiary identifier; dashes are left out."""
    if not isinstance(value, str):
        raise RefusedError("bad_value")
    plain = value.replace("-", "").upper()
    letters, digits = "ACDEFGHJKMNPQRTUVWXY", "0123456789"
    places = ["123456789", letters, letters + digits, digits, letters, letters + digits, digits]
    places += [letters, letters, digits, digits]
    if len(plain) != len(places) or any(mark not in allowed for mark, allowed in zip(plain, places, strict=True)):
        raise RefusedError("bad_identifier")
