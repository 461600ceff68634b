"""Identifiers that cannot exist are refused: SSN, NPI, Medicare beneficiary identifier."""

from __future__ import annotations

import re

from access_desk.domain.errors import DeskError, Refusal

_SSN = re.compile(r"(\d{3})-?(\d{2})-?(\d{4})", re.ASCII)
# Published in advertisements or forms and issued to nobody since (SSA, RM 10201.035).
_NEVER_AN_SSN = frozenset({"078051120", "219099999", "457555462"})
_NPI = re.compile(r"[12]\d{9}", re.ASCII)
# CMS, "Understanding the Medicare Beneficiary Identifier": 11 positions, letters without S, L, O, I, B, Z.
_L = "[AC-HJKMNP-RT-Y]"
_LN = "[AC-HJKMNP-RT-Y0-9]"
_MBI = re.compile(rf"[1-9]{_L}{_LN}\d{_L}{_LN}\d{_L}{{2}}\d{{2}}", re.ASCII)


def check_ssn(text: str) -> str:
    """The nine digits of a possible SSN.

    Area 000, 666 and 900-999, group 00 and serial 0000 were never issued (SSA, RM 10201.035).

    Raises:
        DeskError: ``bad_identifier``.
    """
    match = _SSN.fullmatch(text.strip())
    digits = "".join(match.groups()) if match else ""
    if (
        match is None
        or match[1] in ("000", "666")
        or match[1] >= "900"
        or match[2] == "00"
        or match[3] == "0000"
        or digits in _NEVER_AN_SSN
    ):
        raise DeskError(Refusal.BAD_IDENTIFIER, "This Social Security number cannot exist. Check it, or leave it out.")
    return digits


def check_npi(text: str) -> str:
    """A National Provider Identifier: ten digits, Luhn check over ``80840`` + NPI (45 CFR 162.406, ISO/IEC 7812).

    Raises:
        DeskError: ``bad_identifier``.
    """
    if not _NPI.fullmatch(text) or not _luhn("80840" + text):
        raise DeskError(Refusal.BAD_IDENTIFIER, "This NPI cannot exist. Check its ten digits.")
    return text


def check_mbi(text: str) -> str:
    """A Medicare beneficiary identifier, without dashes, in capitals.

    Raises:
        DeskError: ``bad_identifier``.
    """
    plain = text.replace("-", "").replace(" ", "").upper()
    if not _MBI.fullmatch(plain):
        raise DeskError(Refusal.BAD_IDENTIFIER, "This Medicare number cannot exist. Check its eleven characters.")
    return plain


def _luhn(digits: str) -> bool:
    odd = sum(int(digit) for digit in digits[-1::-2])
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0
