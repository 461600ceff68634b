"""Verbs about patients and visits."""

from __future__ import annotations

import unicodedata

from tests.oracle import checks
from tests.oracle import vocabulary as words
from tests.oracle.state import Day, Patient, Visit
from tests.oracle.values import Json, RefusedError, cents_of, check_mbi, check_npi, check_ssn, date_of, one_of

PLAIN_TEXTS = ("family", "given", "middle", "suffix", "mrn", "phone", "email", "language", "despite_match")


def register(day: Day, step: Json) -> None:
    """A visit of a patient who is new or was made by an earlier step."""
    checks.needed(step, "patient")
    given, asked = step["patient"], step.get("visit", {})
    if isinstance(given, dict):
        check_identity(day, given, new=True)
    elif not isinstance(given, str):
        raise RefusedError("bad_value")
    _check_visit(asked)
    _check_coverages(step.get("coverages", []))
    if isinstance(given, str):
        patient = checks.patient_named(day, given)
    else:
        if "newborn_of" in given:
            checks.patient_named(day, given["newborn_of"])
        if is_probable_duplicate(day, given) and not given.get("despite_match", "").strip():
            raise RefusedError("probable_duplicate")
        patient = Patient(dict(given))
        day.patients.append(patient)
    visit = Visit(patient, asked.get("type") == "emergency")
    patient.visits.append(visit)
    day.visits.append(visit)
    if "as" in step:
        day.named_visits[step["as"]] = visit
    if "as_patient" in step:
        day.named_patients[step["as_patient"]] = patient


def amend_patient(day: Day, step: Json) -> None:
    """Corrects or completes who somebody is."""
    checks.needed(step, "patient", "set")
    if not isinstance(step["patient"], str) or not isinstance(step["set"], dict):
        raise RefusedError("bad_value")
    check_identity(day, step["set"], new=False)
    checks.patient_named(day, step["patient"]).identity.update(step["set"])


def visit_event(day: Day, step: Json) -> None:
    """Something happened in a visit."""
    checks.needed(step, "visit", "event")
    if not isinstance(step["visit"], str) or not one_of(step["event"], words.VISIT_EVENTS):
        raise RefusedError("bad_value")
    checks.visit_named(day, step["visit"]).events.add(step["event"])


def check_identity(day: Day, given: Json, *, new: bool) -> None:
    """Values of a patient object. Only an unidentified patient or a newborn may come without a name."""
    for key in PLAIN_TEXTS:
        if not isinstance(given.get(key, ""), str):
            raise RefusedError("bad_value")
    nameless = given.get("unknown") is True or "newborn_of" in given or not new
    if not nameless and not (given.get("family", "").strip() or given.get("given", "").strip()):
        raise RefusedError("bad_value")
    if not isinstance(given.get("unknown", False), bool) or not one_of(given.get("sex", "unknown"), words.SEXES):
        raise RefusedError("bad_value")
    if "birth_date" in given and date_of(given["birth_date"]) > day.now.astimezone(day.zone).date():
        raise RefusedError("bad_value")
    order = given.get("birth_order", 1)
    if type(order) is not int or order < 1 or not isinstance(given.get("newborn_of", ""), str):
        raise RefusedError("bad_value")
    address = given.get("address", {})
    if not isinstance(address, dict) or any(not isinstance(part, str) for part in address.values()):
        raise RefusedError("bad_value")
    if "ssn" in given:
        check_ssn(given["ssn"])


def _check_visit(visit: object) -> None:
    if not isinstance(visit, dict) or not one_of(visit.get("type", "outpatient"), words.VISIT_TYPES):
        raise RefusedError("bad_value")
    if any(not isinstance(text, str) for text in visit.values()):
        raise RefusedError("bad_value")
    if "attending_npi" in visit:
        check_npi(visit["attending_npi"])


def _check_coverages(coverages: object) -> None:
    if not isinstance(coverages, list):
        raise RefusedError("bad_value")
    for coverage in coverages:
        if not isinstance(coverage, dict) or not isinstance(coverage.get("medicare", False), bool):
            raise RefusedError("bad_value")
        for key, value in coverage.items():
            if key == "copay":
                cents_of(value, zero=True)
            elif key != "medicare" and not isinstance(value, str):
                raise RefusedError("bad_value")
        if coverage.get("medicare"):
            check_mbi(coverage.get("member_id", ""))


def normalised(name: object) -> str:
    """Letters and digits alone, without accents and capitals."""
    plain = unicodedata.normalize("NFKD", str(name)).casefold()
    return "".join(mark for mark in plain if mark.isalnum())


def is_probable_duplicate(day: Day, given: Json) -> bool:
    """Whether a new patient very probably exists already; never asked of the unidentified and the newborn."""
    if given.get("unknown") is True or "newborn_of" in given:
        return False
    return any(_same(given, patient.identity) for patient in day.patients)


def _same(new: Json, known: Json) -> bool:
    if new.get("mrn") and new["mrn"] == known.get("mrn"):
        return True
    if new.get("birth_date") is None or new.get("birth_date") != known.get("birth_date"):
        return False
    one = [normalised(new.get(key, "")) for key in ("family", "given")]
    other = [normalised(known.get(key, "")) for key in ("family", "given")]
    if one in (other, other[::-1]):
        return True
    ssn = str(new.get("ssn", "")).replace("-", "")
    same_ssn = bool(ssn) and ssn == str(known.get("ssn", "")).replace("-", "")
    return same_ssn and (one[0] == other[0] or one[1] == other[1])
