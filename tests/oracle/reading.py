"""Whether a day file can be read at all: its keys, verbs and names, and every value outside the steps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.oracle import vocabulary as words
from tests.oracle.state import Day, Drawer, Person, Policy
from tests.oracle.values import Json, RefusedError, UnreadableError, cents_of, one_of

NEEDS = {"reason", "approval", "memo"}


def read_file(path: Path) -> Json:
    """The object of a file; keys may not repeat."""
    try:
        day = json.loads(path.read_bytes().decode("utf-8"), object_pairs_hook=_without_repeats)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableError(f"not JSON: {error}") from error
    if not isinstance(day, dict):
        raise UnreadableError("not an object")
    return day


def _without_repeats(pairs: list[tuple[str, Any]]) -> Json:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise UnreadableError("a key stands twice")
    return result


def only(value: object, allowed: Iterable[str], where: str) -> Json:
    """The object at ``where``, when all its keys are known."""
    if not isinstance(value, dict):
        raise UnreadableError(f"{where} is not an object")
    for key in value:
        if key not in allowed:
            raise UnreadableError(f"{where}: unknown key {key!r}")
    return value


def _need(found: Json, keys: Iterable[str], where: str) -> None:
    for key in keys:
        if not isinstance(found.get(key), str) or not found[key]:
            raise UnreadableError(f"{where}: {key} is missing or no text")


def day_of(file: Json) -> tuple[Day, list[Json]]:
    """The day before its first step, and its steps; raises UnreadableError."""
    only(file, ("format", "facility", "staff", "drawers", "steps"), "the file")
    if file.get("format") != "access-desk.day/1":
        raise UnreadableError("not a day file")
    facility = only(file.get("facility"), ("code", "name", "timezone", "policy"), "facility")
    _need(facility, ("code", "name", "timezone"), "facility")
    try:
        zone = ZoneInfo(facility["timezone"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnreadableError("facility: unknown timezone") from error
    try:
        policy = policy_of(only(facility.get("policy", {}), words.POLICY, "policy"))
        day = Day(zone, policy, _staff(file.get("staff")), _drawers(file.get("drawers")))
    except RefusedError as error:
        raise UnreadableError("an amount outside the steps cannot be read") from error
    steps = file.get("steps")
    if not isinstance(steps, list):
        raise UnreadableError("steps is not a list")
    _check_steps(steps, day)
    return day, steps


def _staff(listed: object) -> dict[str, Person]:
    people: dict[str, Person] = {}
    if not isinstance(listed, list):
        raise UnreadableError("staff is not a list")
    for entry in listed:
        person = only(entry, ("key", "name", "role", "pin"), "staff")
        _need(person, ("key", "name", "role", "pin"), "staff")
        if not one_of(person["role"], words.ROLES) or not re.fullmatch(r"[0-9]{4,12}", person["pin"]):
            raise UnreadableError("staff: role or PIN")
        if person["key"] in people:
            raise UnreadableError("staff: a key stands twice")
        people[person["key"]] = Person(person["key"], person["role"], person["pin"])
    return people


def _drawers(listed: object) -> dict[str, Drawer]:
    drawers: dict[str, Drawer] = {}
    if not isinstance(listed, list):
        raise UnreadableError("drawers is not a list")
    for entry in listed:
        drawer = only(entry, ("key", "desk", "imprest"), "drawers")
        _need(drawer, ("key", "desk"), "drawers")
        if drawer["key"] in drawers:
            raise UnreadableError("drawers: a key stands twice")
        drawers[drawer["key"]] = Drawer(drawer["key"], cents_of(drawer.get("imprest"), zero=True))
    return drawers


def policy_of(given: Json) -> Policy:
    """Facility settings with the defaults filled in."""
    policy = Policy()
    if "over_short" in given:
        policy.tiers = _tiers(given["over_short"])
    if "recounts" in given:
        if type(given["recounts"]) is not int or given["recounts"] < 0:
            raise UnreadableError("policy: recounts")
        policy.recounts = given["recounts"]
    if "shifts" in given:
        policy.shifts = _shifts(given["shifts"])
    if "drop_at" in given:
        cents_of(given["drop_at"])
    for key in ("void_approval", "refund_approval", "paid_out", "two_person_open", "two_person_close"):
        if key in given:
            if type(given[key]) is not bool:
                raise UnreadableError(f"policy: {key}")
            setattr(policy, key, given[key])
    if given.get("cash_rounding", "none") not in ("none", "nearest_5"):
        raise UnreadableError("policy: cash_rounding")
    policy.nearest_5 = given.get("cash_rounding") == "nearest_5"
    if given.get("emtala_release", "mse") not in ("mse", "stabilized"):
        raise UnreadableError("policy: emtala_release")
    policy.emtala_release = given.get("emtala_release", "mse")
    return policy


def _tiers(listed: object) -> list[tuple[int, set[str]]]:
    if not isinstance(listed, list):
        raise UnreadableError("policy: over_short")
    tiers: list[tuple[int, set[str]]] = []
    for entry in listed:
        tier = only(entry, ("from", "needs"), "policy: over_short")
        needs = tier.get("needs")
        if not isinstance(needs, list) or any(not one_of(need, NEEDS) for need in needs):
            raise UnreadableError("policy: over_short needs")
        tiers.append((cents_of(tier.get("from")), set(needs)))
    if [start for start, _ in tiers] != sorted({start for start, _ in tiers}):
        raise UnreadableError("policy: over_short is not lowest first")
    return tiers


def _shifts(listed: object) -> list[tuple[str, time]]:
    if not isinstance(listed, list) or not listed:
        raise UnreadableError("policy: shifts")
    shifts: list[tuple[str, time]] = []
    for entry in listed:
        shift = only(entry, ("name", "from"), "policy: shifts")
        _need(shift, ("name", "from"), "policy: shifts")
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", shift["from"], re.ASCII):
            raise UnreadableError("policy: shift start")
        shifts.append((shift["name"], time.fromisoformat(shift["from"])))
    return sorted(shifts, key=lambda shift: shift[1])


def _check_steps(steps: list[object], day: Day) -> None:
    """Keys, verbs and names of all steps; what a value means is judged when its step is performed."""
    made: dict[str, set[str]] = {"patient": set(), "visit": set(), "payment": set()}
    for number, entry in enumerate(steps, 1):
        where = f"step {number}"
        if not isinstance(entry, dict) or not one_of(entry.get("do"), words.VERBS):
            raise UnreadableError(f"{where}: unknown verb")
        step = only(entry, words.ALWAYS | words.VERBS[entry["do"]], where)
        if not isinstance(step.get("by"), str) or step.get("expect", "refused") not in ("ok", "refused"):
            raise UnreadableError(f"{where}: by or expect")
        if not one_of(step.get("code", "bad_value"), words.REFUSALS):
            raise UnreadableError(f"{where}: unknown refusal code")
        if number == 1 and "at" not in step:
            raise UnreadableError(f"{where}: the first step has a time")
        _check_parts(step, where)
        _check_names(step, where, day, made)
        _declare(step, made)


def _check_parts(step: Json, where: str) -> None:
    """The keys of the objects inside a step."""
    patient = step.get("patient") if step["do"] == "register" else step.get("set")
    if isinstance(patient, dict):
        only(patient, words.PATIENT, f"{where}: patient")
        if isinstance(patient.get("address"), dict):
            only(patient["address"], words.ADDRESS, f"{where}: address")
    if step["do"] == "register" and isinstance(step.get("visit"), dict):
        only(step["visit"], words.VISIT, f"{where}: visit")
    lists = (("coverages", words.COVERAGE), ("lines", words.LINE), ("tenders", words.TENDER))
    for key, allowed in lists:
        _check_list(step.get(key), allowed, f"{where}: {key}")
    if isinstance(step.get("count"), dict):
        _check_list(step["count"].get("checks"), words.CHECK, f"{where}: checks")


def _check_list(listed: object, allowed: frozenset[str], where: str) -> None:
    for part in listed if isinstance(listed, list) else ():
        if isinstance(part, dict):
            only(part, allowed, where)


def _check_names(step: Json, where: str, day: Day, made: dict[str, set[str]]) -> None:
    known: list[tuple[object, Iterable[str]]] = [(step.get(key), day.staff) for key in words.STAFF_KEYS]
    known.append((step.get("drawer"), day.drawers))
    known += [(step.get(key), made[key]) for key in ("patient", "payment")]
    if step["do"] != "register":
        known.append((step.get("visit"), made["visit"]))
    for key in ("patient", "set"):
        if isinstance(step.get(key), dict):
            known.append((step[key].get("newborn_of"), made["patient"]))
    for name, declared in known:
        if isinstance(name, str) and name not in declared:
            raise UnreadableError(f"{where}: {name!r} is declared nowhere before")


def _declare(step: Json, made: dict[str, set[str]]) -> None:
    if isinstance(step.get("as"), str):
        made["payment" if step["do"] == "payment" else "visit"].add(step["as"])
    if isinstance(step.get("as_patient"), str):
        made["patient"].add(step["as_patient"])
