"""Rules about the plans that pay."""

from __future__ import annotations

import string

from access_desk.domain.registration.dates import TypedTextError
from access_desk.domain.registration.payer_shapes import fits, shape_of
from access_desk.domain.registration.readings import digits_in, read
from access_desk.domain.registration.rules import Rule, Severity, blank
from access_desk.domain.registration.sheet import Place, Sheet

_ID_LETTERS = frozenset(string.ascii_letters + string.digits + " -")
_SHORTEST, _LONGEST = 2, 29


def _is_medicare(sheet: Sheet, plan: int) -> bool:
    return not sheet.is_blank("medicare", plan)


def _is_new(sheet: Sheet, place: Place) -> bool:
    """A plan on file may lack what it was filed without."""
    return not sheet.text("coverage_id", place.plan)


def _subscriber(sheet: Sheet, place: Place) -> str:
    through = sheet.text("relationship", place.plan) not in ("", "self")
    return "Enter the subscriber." if through and sheet.is_blank(place.name, place.plan) else ""


def _mbi(sheet: Sheet, place: Place) -> str:
    if not _is_medicare(sheet, place.plan):
        return ""
    try:
        read("text", sheet.text(place.name, place.plan), sheet.today, is_mbi=True)
    except TypedTextError as wrong:
        return wrong.text
    return ""


def _medicare_self(sheet: Sheet, place: Place) -> str:
    is_other = _is_medicare(sheet, place.plan) and sheet.text(place.name, place.plan) not in ("", "self")
    return "Medicare covers the patient alone: the relationship is self." if is_other else ""


def _reversed(sheet: Sheet, place: Place) -> str:
    starts, ends = sheet.day("starts", place.plan), sheet.day(place.name, place.plan)
    return "The plan ends before it starts. Check the dates." if starts and ends and ends < starts else ""


def _ended(sheet: Sheet, place: Place) -> str:
    ends = sheet.day(place.name, place.plan)
    is_over = ends is not None and ends < sheet.service_on
    return "The plan ended before this visit. Ask for the plan that holds now." if is_over else ""


def _not_begun(sheet: Sheet, place: Place) -> str:
    starts = sheet.day(place.name, place.plan)
    is_early = starts is not None and starts > sheet.service_on
    return "The plan begins after this visit. Ask for the plan that holds now." if is_early else ""


def _characters(sheet: Sheet, place: Place) -> str:
    wrong = {letter for letter in sheet.text(place.name, place.plan).strip() if letter not in _ID_LETTERS}
    return "A member ID has letters and digits only. Check it against the card." if wrong else ""


def _length(sheet: Sheet, place: Place) -> str:
    stands = sheet.text(place.name, place.plan).strip()
    is_wrong = bool(stands) and not _SHORTEST <= len(stands) <= _LONGEST
    return f"A member ID has {_SHORTEST} to {_LONGEST} characters. {len(stands)} are typed." if is_wrong else ""


def _payer_shape(sheet: Sheet, place: Place) -> str:
    stands = sheet.text(place.name, place.plan).strip()
    shape = shape_of(sheet.text("payer", place.plan))
    if not stands or shape is None or _is_medicare(sheet, place.plan) or fits(shape, stands):
        return ""
    return f"{shape.says} Check the card."


def _twice(sheet: Sheet, place: Place) -> str:
    def key(plan: int) -> tuple[str, str]:
        return sheet.text("payer", plan).strip().casefold(), sheet.text("member_id", plan).strip().casefold()

    stands = not sheet.is_blank(place.name, place.plan)
    is_again = stands and any(one < place.plan and key(one) == key(place.plan) for one in sheet.used_plans())
    return "This plan is entered twice. Remove one." if is_again else ""


def _relationship(sheet: Sheet, place: Place) -> str:
    lacks = sheet.is_blank(place.name, place.plan) and not _is_medicare(sheet, place.plan)
    return "Choose how the patient is covered: self, spouse, child." if lacks else ""


def _subscriber_born(sheet: Sheet, place: Place) -> str:
    through = sheet.text("relationship", place.plan) not in ("", "self")
    return "Enter the subscriber's birth date." if through and sheet.is_blank(place.name, place.plan) else ""


def _own_birth(sheet: Sheet, place: Place) -> str:
    own, told = sheet.day("birth_date", birth=True), sheet.day(place.name, place.plan, birth=True)
    differs = sheet.text("relationship", place.plan) == "self" and own is not None and told is not None and own != told
    return "The patient is the subscriber, but the birth dates differ. Check both." if differs else ""


def _younger_parent(sheet: Sheet, place: Place) -> str:
    own, told = sheet.day("birth_date", birth=True), sheet.day(place.name, place.plan, birth=True)
    is_younger = sheet.text("relationship", place.plan) == "child" and own is not None and told is not None and told >= own
    return "A child is covered through somebody older. Check the relationship." if is_younger else ""


def _ssn_as_id(sheet: Sheet, place: Place) -> str:
    ssn = digits_in(sheet.text("ssn"))
    is_same = len(ssn) == len("123456789") and digits_in(sheet.text(place.name, place.plan)) == ssn
    return "This is the patient's SSN. Take the member ID from the card." if is_same else ""


_E, _W = Severity.ERROR, Severity.WARNING
_SBR = "X12 837I loop 2000B SBR, 2010BA NM1"
_DATES = "X12 271 DTP*346 and DTP*347"
PLAN_RULES: tuple[Rule, ...] = (
    Rule(
        "plan.payer", "A plan has its payer.", "UB-04 FL 50", ("payer",),
        blank("Enter the payer.", lambda *_: True), _E, gates=True,
    ),
    Rule(
        "plan.member_id", "A plan has a member ID.", "UB-04 FL 60",
        ("member_id",), blank("Enter the member ID.", _is_new), _E, gates=True,
    ),
    Rule(
        "mbi.format", "A Medicare number has the CMS format.", "CMS, Understanding the Medicare Beneficiary Identifier",
        ("member_id",), _mbi, _E, gates=True,
    ),
    Rule("member_id.characters", "A member ID has letters and digits.", "X12 837I NM109", ("member_id",), _characters, _E),
    Rule("member_id.length", "A member ID has its length.", "CMS-1500 item 1a, 29 positions", ("member_id",), _length, _E),
    Rule(
        "member_id.payer_shape", "A member ID looks like its payer's.", "The payers' own cards",
        ("member_id",), _payer_shape, _E,
    ),
    Rule("member_id.ssn", "A member ID is not the SSN.", "Public Law 114-10, section 501", ("member_id",), _ssn_as_id, _W),
    Rule("plan.twice", "A plan is entered once.", "UB-04 FL 50", ("member_id",), _twice, _E),
    Rule(
        "subscriber.name", "Who is covered through another says through whom.", _SBR,
        ("subscriber",), _subscriber, _E, gates=True,
    ),
    Rule(
        "medicare.self", "A Medicare beneficiary is their own subscriber.", _SBR,
        ("relationship",), _medicare_self, _E, gates=True,
    ),
    Rule(
        "relationship.missing", "The relationship to the subscriber is known.", "UB-04 FL 59",
        ("relationship",), _relationship, _W,
    ),
    Rule(
        "subscriber.birth_date", "A subscriber's birth date is known.", _SBR,
        ("subscriber_birth_date",), _subscriber_born, _E,
    ),
    Rule("subscriber.self_birth", "Self has the patient's birth date.", _SBR, ("subscriber_birth_date",), _own_birth, _E),
    Rule("subscriber.younger", "A child's subscriber is older.", _SBR, ("subscriber_birth_date",), _younger_parent, _E),
    Rule("coverage.reversed", "A plan ends after it starts.", _DATES, ("ends",), _reversed, _E, gates=True),
    Rule("coverage.ended", "A plan holds on the day of the visit.", _DATES, ("ends",), _ended, _E),
    Rule("coverage.not_begun", "A plan holds on the day of the visit.", _DATES, ("starts",), _not_begun, _E),
)  # fmt: skip
