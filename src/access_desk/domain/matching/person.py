"""A person as matching sees them: every field in the form in which it is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from access_desk.domain.errors import DeskError
from access_desk.domain.identifiers import check_ssn
from access_desk.domain.matching.names import known_parts, name_key, parts_of, stands_for_nobody, suffix_of
from access_desk.domain.patients.events import Demographics

_STREET_WORDS: Final = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct", "place": "pl",
    "boulevard": "blvd", "parkway": "pkwy", "circle": "cir", "terrace": "ter", "highway": "hwy", "square": "sq", "way": "wy",
    "apartment": "apt", "suite": "ste", "unit": "apt", "north": "n", "south": "s", "east": "e", "west": "w", "circuit": "cct",
    "crescent": "cres", "close": "cl", "trail": "trl", "motorway": "mwy",
}  # fmt: skip
_NUMBERING: Final = frozenset(("apt", "ste", "no", "number"))
_NO_DIGITS: Final = bytes(set(range(256)) - set(b"0123456789"))
# Typed where a number is asked for and none is known; the last two were printed in advertisements (SSA, "Social Security
# Cards Issued by Woolworth").
_WORTHLESS_SSNS: Final = frozenset(("123456789", "987654321", "012345678", "078051120", "219099999"))
_SSN_DIGITS, _LAST_FOUR = 9, 4
WHOLE_PHONE, LOCAL_PHONE = 10, 7
AREA_CODE: Final = WHOLE_PHONE - LOCAL_PHONE


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of one record. ``born`` is ISO, or as typed where it could not be read; blank is not known."""

    key: str
    family: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    family_key: str = ""
    given_key: str = ""
    suffix: str = ""
    middle: str = ""
    born: str = ""
    sex: str = ""
    ssn: str = ""
    ssn_is_possible: bool = False
    phone: str = ""
    email: str = ""
    line: str = ""
    numbers: str = ""
    city: str = ""
    zip: str = ""
    mrn: str = ""
    nobody: bool = False


def person_of(key: str, fields: Mapping[str, str], *, mrn: str = "", nobody: bool = False) -> Person:
    """A record's fields, named as in ``Demographics``, in the form in which they are compared.

    Args:
        key: what the record is called in answers.
        fields: the texts of the record.
        mrn: its medical record number.
        nobody: it is of somebody unidentified, or a newborn without a name.
    """
    read = fields.get
    family, given = known_parts(read("family", "")), known_parts(read("given", ""))
    middle = "".join(parts_of(read("middle", "")))
    if len(given) > 1 and not middle:
        middle = "".join(given[1:])
    ssn = digits_of(read("ssn", ""))
    line = _street(read("line", ""))
    sex = read("sex", "")[:1].lower()
    return Person(
        key=key,
        family=family,
        given=given,
        family_key="".join(family),
        given_key="".join(given),
        suffix=suffix_of(read("suffix", ""), read("family", ""), read("given", "")),
        middle=middle,
        born=read("birth_date", ""),
        sex=sex if sex in ("f", "m") else "",
        ssn=ssn if len(ssn) >= _LAST_FOUR and len(set(ssn)) > 1 and ssn not in _WORTHLESS_SSNS else "",
        ssn_is_possible=_is_possible(ssn),
        phone=phone_key(read("phone", "")),
        email=read("email", "").strip().lower(),
        line="".join(line),
        numbers=" ".join(part for part in line if part[0].isdigit()),
        city=name_key(read("city", "")),
        zip="".join(parts_of(read("zip", "")))[:5].rjust(5, "0") if read("zip", "").strip() else "",
        mrn=mrn.strip().lstrip("0"),
        nobody=nobody or stands_for_nobody(read("family", ""), read("given", "")),
    )


def person_of_demographics(key: str, known: Demographics, *, mrn: str = "", nobody: bool = False) -> Person:
    """A registered person's demographics in the form in which they are compared."""
    fields = {
        name: getattr(known, name)
        for name in ("family", "given", "middle", "suffix", "sex", "ssn", "phone", "email", "line", "city", "state", "zip")
    }
    fields["birth_date"] = known.birth_date.isoformat() if known.birth_date else ""
    return person_of(key, fields, mrn=mrn, nobody=nobody)


def digits_of(text: str) -> str:
    """The digits of a number however it was typed."""
    # Twice as fast as an expression, and every desk asks it twice for each record of an index.
    return text.encode("ascii", "ignore").translate(None, _NO_DIGITS).decode("ascii")


def phone_key(text: str) -> str:
    """A telephone number's last ten digits; blank when it is none that tells anything."""
    digits = digits_of(text)[-WHOLE_PHONE:]
    # One digit over and over is typed where no number is known.
    return digits if len(digits) >= LOCAL_PHONE and digits.count(digits[0]) < len(digits) else ""


def typed_phones(text: str) -> tuple[str, ...]:
    """What the digits of a telephone number typed so far may be the beginning of: a first 1 may be the country code."""
    digits = digits_of(text)[-WHOLE_PHONE:]
    ways = (digits, digits[1:]) if digits.startswith("1") else (digits,)
    return tuple(way for way in ways if way)


def same_phone(one: str, other: str) -> bool:
    """Whether two telephone numbers, as :func:`phone_key` has them, are one, or may be because one lacks its area code."""
    return one == other or (LOCAL_PHONE in (len(one), len(other)) and one[-LOCAL_PHONE:] == other[-LOCAL_PHONE:])


def phone_begins(known: str, text: str) -> bool:
    """Whether a number, as :func:`phone_key` has it, begins with the digits typed; either may be without its area code."""
    return any(_begins(known, typed) for typed in typed_phones(text))


def _begins(known: str, typed: str) -> bool:
    if known.startswith(typed):
        return True
    if len(known) == WHOLE_PHONE and AREA_CODE < len(typed) <= LOCAL_PHONE:
        return known[AREA_CODE:].startswith(typed)
    return len(known) == LOCAL_PHONE < len(typed) and known.startswith(typed[AREA_CODE:])


def _is_possible(ssn: str) -> bool:
    if len(ssn) != _SSN_DIGITS:
        return False
    try:
        check_ssn(ssn)
    except DeskError:
        return False
    return True


def _street(line: str) -> list[str]:
    words = [_STREET_WORDS.get(part, part) for part in parts_of(line)]
    return [part.lstrip("0") or part for part in words if part not in _NUMBERING]
