"""Reading day files. What makes a file unreadable is found here, before anything is recorded; a wrong value inside a
step is not: it makes its step refused when the day is played.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import time
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from access_desk.domain.day import Day, DayDrawer, DayFacility, DayPerson, DayStep
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.full_name import SUFFIX_PLACES
from access_desk.domain.money import LARGEST_CENTS, Money
from access_desk.domain.policy import NEEDS, Policy, Shift, Tier
from access_desk.domain.staff import Role

MOST_RECOUNTS = 1000
FORMAT = "access-desk.day/1"
LARGEST_FILE_BYTES = 64 * 1024 * 1024
_PIN = re.compile(r"\d{4,12}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)

# The keys of every verb, besides do, by, at, expect, code and note.
VERBS: Mapping[str, frozenset[str]] = {
    "register": frozenset({"patient", "visit", "coverages", "as", "as_patient", "despite_match"}),
    "amend_patient": frozenset({"patient", "set"}),
    "visit_event": frozenset({"visit", "event"}),
    "open_drawer": frozenset({"drawer", "count", "witness", "witness_pin"}),
    "payment": frozenset(
        {
            "visit", "patient", "drawer", "purpose", "amount", "lines", "tender", "tendered", "check_number",
            "card_last4", "auth_code", "tenders", "as",
        }
    ),
    "void": frozenset({"payment", "reason", "approver", "approver_pin"}),
    "refund": frozenset({"payment", "amount", "reason", "approver", "approver_pin", "drawer", "tender"}),
    "drop": frozenset({"drawer", "count", "amount", "bag", "witness", "witness_pin"}),
    "paid_in": frozenset({"drawer", "amount", "reason", "approver", "approver_pin"}),
    "paid_out": frozenset({"drawer", "amount", "reason", "approver", "approver_pin"}),
    "exchange": frozenset({"drawer", "give", "take"}),
    "no_sale": frozenset({"drawer", "reason"}),
    "count_drawer": frozenset({"drawer", "count"}),
    "close_drawer": frozenset(
        {"drawer", "reason", "memo", "approver", "approver_pin", "witness", "witness_pin", "bag", "to_bank"}
    ),
    "hand_over": frozenset({"drawer", "to", "to_pin", "count", "open_items"}),
    "take_over": frozenset({"drawer", "count", "reason", "memo", "approver", "approver_pin", "bag"}),
    "audit_count": frozenset({"drawer", "count"}),
    "deposit": frozenset({"bags", "witness", "witness_pin"}),
    "confirm_deposit": frozenset({"bag", "amount"}),
}  # fmt: skip
EVERY_STEP = frozenset({"do", "by", "at", "expect", "code", "note"})
# Objects inside a step have fixed keys too.
NESTED: Mapping[str, frozenset[str]] = {
    "patient": frozenset(
        {
            "family", "given", "middle", "suffix", "birth_date", "sex", "ssn", "mrn", "phone", "email", "address",
            "language", "unknown", "newborn_of", "birth_order", "despite_match",
        }
    ),
    "address": frozenset({"line", "city", "state", "zip"}),
    "visit": frozenset({"type", "service", "reason", "location", "attending_npi"}),
    "coverages": frozenset(
        {"payer", "plan", "member_id", "group", "relationship", "subscriber", "copay", "medicare"}
    ),
    "lines": frozenset({"purpose", "amount"}),
    "tenders": frozenset({"tender", "amount", "tendered", "check_number", "card_last4", "auth_code"}),
    "checks": frozenset({"number", "amount", "tender"}),
}  # fmt: skip


class UnreadableFileError(Exception):
    """A file cannot be read; the text says where and why, in one line."""


def read_day(content: bytes) -> Day:
    """A day from a file's bytes.

    Raises:
        UnreadableFileError: for anything but a day file whose keys, verbs and names are all known.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise UnreadableFileError("the file is larger than 64 MiB")
    try:
        top = json.loads(content.decode("utf-8"), object_pairs_hook=_unique_keys, parse_constant=_no_constant)
    except UnicodeDecodeError as wrong:
        raise UnreadableFileError(f"byte {wrong.start}: the file is not UTF-8") from wrong
    except (json.JSONDecodeError, RecursionError) as wrong:
        where = f"line {wrong.lineno}: " if isinstance(wrong, json.JSONDecodeError) else ""
        raise UnreadableFileError(f"{where}the file is not JSON") from wrong
    day = _object(top, "file", {"format", "facility", "staff", "drawers", "steps"})
    if day.get("format") != FORMAT:
        raise UnreadableFileError(f"format: this is not {FORMAT}")
    staff = tuple(_person(one, n) for n, one in enumerate(_list(day, "staff"), 1))
    drawers = tuple(_drawer(one, n) for n, one in enumerate(_list(day, "drawers"), 1))
    _no_twice([person.key for person in staff], "staff")
    _no_twice([drawer.key for drawer in drawers], "drawers")
    names = _Names({person.key for person in staff}, {drawer.key for drawer in drawers})
    steps = tuple(_step(one, n, names) for n, one in enumerate(_list(day, "steps"), 1))
    if steps and steps[0].at is None:
        raise UnreadableFileError("step 1: the first step needs an at")
    return Day(sha256(content).hexdigest(), _facility(day.get("facility")), staff, drawers, steps)


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise UnreadableFileError("the same key stands twice in one object")
    return made


def _no_constant(name: str) -> object:
    raise UnreadableFileError(f"{name} is not JSON")


def _object(value: object, where: str, keys: set[str] | frozenset[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise UnreadableFileError(f"{where}: an object is needed")
    for key in value:
        if key not in keys:
            raise UnreadableFileError(f"{where}: unknown key {_shown(key)}")
    return value


def _list(top: Mapping[str, object], key: str) -> list[object]:
    value = top.get(key, [])
    if not isinstance(value, list):
        raise UnreadableFileError(f"{key}: a list is needed")
    return value


def _shown(text: object) -> str:
    """A key for an error line: short, and without control characters."""
    return json.dumps(str(text)[:40])


def _text(value: Mapping[str, object], key: str, where: str) -> str:
    text = value.get(key)
    if not isinstance(text, str) or not text.strip():
        raise UnreadableFileError(f"{where}: {key} has to be a text")
    return text


def _no_twice(keys: list[str], where: str) -> None:
    if len(set(keys)) < len(keys):
        raise UnreadableFileError(f"{where}: the same key stands twice")


def _facility(value: object) -> DayFacility:
    facility = _object(value, "facility", {"code", "name", "timezone", "policy"})
    zone = _text(facility, "timezone", "facility")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise UnreadableFileError("facility: timezone is not a known time zone") from wrong
    policy = _policy(facility.get("policy", {}))
    return DayFacility(_text(facility, "code", "facility"), _text(facility, "name", "facility"), zone, policy)


def _person(value: object, n: int) -> DayPerson:
    where = f"staff {n}"
    person = _object(value, where, {"key", "name", "role", "pin"})
    role, pin = person.get("role"), person.get("pin")
    if role not in tuple(Role):
        raise UnreadableFileError(f"{where}: role has to be registrar, lead or supervisor")
    if not isinstance(pin, str) or not _PIN.fullmatch(pin):
        raise UnreadableFileError(f"{where}: pin has to be 4 to 12 digits")
    return DayPerson(_text(person, "key", where), _text(person, "name", where), Role(str(role)), pin)


def _drawer(value: object, n: int) -> DayDrawer:
    where = f"drawers {n}"
    drawer = _object(value, where, {"key", "desk", "imprest"})
    return DayDrawer(_text(drawer, "key", where), _text(drawer, "desk", where), _money(drawer.get("imprest"), where, "imprest"))


def _money(value: object, where: str, key: str) -> Money:
    try:
        amount = Money.parse(value)
    except DeskError as wrong:
        raise UnreadableFileError(f'{where}: {key} has to be an amount like "25.00"') from wrong
    if not 0 <= amount.cents <= LARGEST_CENTS:
        raise UnreadableFileError(f"{where}: {key} has to be from 0.00 to 9,999,999.99")
    return amount


_POLICY_CHOICES = {
    "cash_rounding": ("none", "nearest_5"),
    "emtala_release": ("mse", "stabilized"),
    "suffix_after": SUFFIX_PLACES,
}


def _policy(value: object) -> Policy:
    keys = Policy.__dataclass_fields__.keys()
    policy = _object(value, "policy", frozenset(keys))
    made: dict[str, object] = {}
    for key, setting in policy.items():
        if key == "over_short":
            made[key] = _tiers(setting)
        elif key == "shifts":
            made[key] = _shifts(setting)
        elif key == "recounts":
            if type(setting) is not int or not 0 <= setting <= MOST_RECOUNTS:
                raise UnreadableFileError("policy: recounts has to be a whole number from 0")
            made[key] = setting
        elif key == "drop_at":
            made[key] = _money(setting, "policy", key)
        elif key in _POLICY_CHOICES:
            made[key] = _choice(setting, key)
        else:
            if type(setting) is not bool:
                raise UnreadableFileError(f"policy: {key} has to be true or false")
            made[key] = setting
    return Policy(**made)  # type: ignore[arg-type]


def _choice(setting: object, key: str) -> str:
    choices = _POLICY_CHOICES[key]
    if setting not in choices:
        raise UnreadableFileError(f"policy: {key} has to be {' or '.join(choices)}")
    return str(setting)


def _tiers(value: object) -> tuple[Tier, ...]:
    if not isinstance(value, list):
        raise UnreadableFileError("policy: over_short has to be a list")
    tiers: list[Tier] = []
    for n, one in enumerate(value, 1):
        where = f"policy: over_short {n}"
        tier = _object(one, where, {"from", "needs"})
        needs = tier.get("needs", [])
        if not isinstance(needs, list) or any(need not in NEEDS for need in needs):
            raise UnreadableFileError(f"{where}: needs are of {', '.join(NEEDS)}")
        tiers.append(Tier(_money(tier.get("from"), where, "from"), tuple(needs)))
    if any(later.start <= earlier.start for earlier, later in pairwise(tiers)):
        raise UnreadableFileError("policy: over_short goes from the lowest tier to the highest")
    return tuple(tiers)


def _shifts(value: object) -> tuple[Shift, ...]:
    if not isinstance(value, list) or not value:
        raise UnreadableFileError("policy: shifts has to be a list of shifts")
    shifts: list[Shift] = []
    for n, one in enumerate(value, 1):
        where = f"policy: shifts {n}"
        shift = _object(one, where, {"name", "from"})
        match = _TIME.fullmatch(str(shift.get("from")))
        if match is None:
            raise UnreadableFileError(f'{where}: from has to be a time like "07:00"')
        shifts.append(Shift(_text(shift, "name", where), time(int(match[1]), int(match[2]))))
    _no_twice([shift.name for shift in shifts], "policy: shifts")
    if len({shift.start for shift in shifts}) < len(shifts):
        raise UnreadableFileError("policy: shifts: two shifts start at the same time")
    return tuple(shifts)


class _Names:
    """The names declared so far."""

    def __init__(self, staff: set[str], drawers: set[str]) -> None:
        self.known: dict[str, set[str]] = {
            "staff": staff, "drawer": drawers, "visit": set(), "patient": set(), "payment": set(),
        }  # fmt: skip

    def check(self, kind: str, name: object, where: str) -> None:
        """A text has to be a declared name; anything else is a wrong value, which is the step's own affair."""
        if isinstance(name, str) and name not in self.known[kind]:
            raise UnreadableFileError(f"{where}: nobody declared the {kind} {_shown(name)}")


_REFERENCES = {"approver": "staff", "witness": "staff", "to": "staff", "drawer": "drawer", "payment": "payment"}


def _step(value: object, n: int, names: _Names) -> DayStep:
    where = f"step {n}"
    if not isinstance(value, dict):
        raise UnreadableFileError(f"{where}: an object is needed")
    do = value.get("do")
    if not isinstance(do, str) or do not in VERBS:
        raise UnreadableFileError(f"{where}: unknown verb {_shown(do)}")
    step = _object(value, where, EVERY_STEP | VERBS[do])
    by = _text(step, "by", where)
    names.check("staff", by, where)
    _check_expectation(step, where)
    _check_names(do, step, names, where)
    _check_nested(do, step, where)
    for key, kind in (("as", "payment" if do == "payment" else "visit"), ("as_patient", "patient")):
        name = step.get(key)
        if name is not None and not isinstance(name, str):
            raise UnreadableFileError(f"{where}: {key} has to be a name")
        if isinstance(name, str):
            names.known[kind].add(name)
    values = {key: item for key, item in step.items() if key in VERBS[do] or key == "note"}
    code = step.get("code")
    return DayStep(n, do, by, step.get("at"), step.get("expect") == "refused", str(code) if code else None, values)


def _check_expectation(step: Mapping[str, object], where: str) -> None:
    if step.get("expect", "refused") not in ("refused", "ok"):
        raise UnreadableFileError(f'{where}: expect has to be "refused"')
    if step.get("code", Refusal.BAD_VALUE) not in tuple(Refusal):
        raise UnreadableFileError(f"{where}: unknown refusal code {_shown(step.get('code'))}")


def _check_names(do: str, step: Mapping[str, object], names: _Names, where: str) -> None:
    for key, kind in _REFERENCES.items():
        if key in step:
            names.check(kind, step[key], where)
    if "patient" in step:
        names.check("patient", step["patient"], where)
    if do != "register" and "visit" in step:
        names.check("visit", step["visit"], where)
    patient = step.get("patient")
    if isinstance(patient, dict) and "newborn_of" in patient:
        names.check("patient", patient["newborn_of"], where)


def _check_nested(do: str, step: Mapping[str, object], where: str) -> None:
    objects: list[tuple[str, object]] = []
    if do == "register":
        objects += [("patient", step.get("patient")), ("visit", step.get("visit"))]
        objects += [("coverages", one) for one in _items(step.get("coverages"))]
    if do == "amend_patient":
        objects.append(("patient", step.get("set")))
    if do == "payment":
        objects += [(key, one) for key in ("lines", "tenders") for one in _items(step.get(key))]
    count = step.get("count")
    if isinstance(count, dict):
        objects += [("checks", one) for one in _items(count.get("checks"))]
    for kind, value in objects:
        if isinstance(value, dict):
            _object(value, f"{where}: {kind}", NESTED[kind])
            if isinstance(value.get("address"), dict):
                _object(value["address"], f"{where}: address", NESTED["address"])


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []
