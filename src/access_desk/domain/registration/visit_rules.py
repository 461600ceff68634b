"""Rules about the visit: what each type of it has to say."""

from __future__ import annotations

from access_desk.domain.registration.person_rules import requires
from access_desk.domain.registration.rules import Rule, Severity, blank
from access_desk.domain.registration.sheet import ON_PAPER, Place, Sheet
from access_desk.domain.visits.on_paper import MOST_DAYS

_E, _W = Severity.ERROR, Severity.WARNING
_INPATIENT = {
    "admission_type": "Choose the admission type.",
    "admission_source": "Choose where the patient came from.",
    "attending_npi": "Enter the attending provider's NPI.",
    "reason": "Enter the reason for the admission.",
}


def _is(sheet: Sheet, *types: str) -> bool:
    return sheet.values.get("type", "") in types


def _inpatient(sheet: Sheet, place: Place) -> str:
    return _INPATIENT[place.name] if _is(sheet, "inpatient") and sheet.is_blank(place.name) else ""


def _observation_order(sheet: Sheet, place: Place) -> str:
    lacks = _is(sheet, "observation") and sheet.is_blank(place.name) and sheet.is_blank("attending_npi")
    return "Enter the NPI of the provider who ordered the observation." if lacks else ""


def _admitted_as_newborn(sheet: Sheet, place: Place) -> str:
    is_wrong = sheet.text(place.name) == "N" and not _is(sheet, "newborn")
    return "Admission type Newborn is for a newborn visit. Choose another." if is_wrong else ""


def _has_accident(sheet: Sheet) -> bool:
    return sheet.text("accident") not in ("", "none")


def _accident_day(sheet: Sheet, place: Place) -> str:
    lacks = _has_accident(sheet) and sheet.is_blank(place.name)
    return "Enter the date of the accident." if lacks else ""


def _accident_state(sheet: Sheet, place: Place) -> str:
    lacks = sheet.text("accident") == "auto" and sheet.is_blank(place.name)
    return "Enter the state of the auto accident." if lacks else ""


def _before_birth(sheet: Sheet, place: Place) -> str:
    born, day = sheet.day("birth_date", birth=True), sheet.day(place.name)
    return "The accident lies before the birth date. Check both." if born and day and day < born else ""


def _not_scheduled(sheet: Sheet, place: Place) -> str:
    lacks = sheet.text("arrival") == "scheduled" and sheet.is_blank(place.name)
    return "Enter the time that was scheduled." if lacks else ""


def _no_moment(sheet: Sheet, place: Place) -> str:
    lacks = sheet.text("entered") == ON_PAPER and sheet.is_blank(place.name) and not sheet.is_visit_on_file
    return f"Enter the {'date' if place.name == 'came_on' else 'time'} on the paper." if lacks else ""


def _long_ago(sheet: Sheet, place: Place) -> str:
    came = sheet.day(place.name)
    is_wrong = came is not None and (sheet.today - came).days > MOST_DAYS and not sheet.is_visit_on_file
    return f"This is more than {MOST_DAYS} days ago. Check the date on the paper." if is_wrong else ""


_UB = "UB-04 (NUBC)"
_DOWNTIME = "42 CFR 482.24(c)(1) (entries are dated and timed); SAFER Guides, Contingency Planning"
VISIT_RULES: tuple[Rule, ...] = (
    Rule(
        "missing.service", "Service is known.", f"{_UB} FL 42", ("service",),
        blank("Enter the service.", lambda sheet, place: requires(sheet, place.name)), _E, gates=True,
    ),
    Rule(
        "inpatient.missing", "An admission says type, source, reason and provider.", f"{_UB} FL 14, 15, 69, 76",
        tuple(_INPATIENT), _inpatient, _E,
    ),
    Rule(
        "observation.order", "An observation was ordered.", "Medicare Benefit Policy Manual, chapter 6, section 20.6",
        ("ordering_npi",), _observation_order, _E,
    ),
    Rule(
        "emergency.complaint", "The central log says why somebody came.", "42 CFR 489.20(r)(3)", ("reason",),
        blank("Enter the chief complaint.", lambda sheet, _: _is(sheet, "emergency")), _E,
    ),
    Rule(
        "outpatient.reason", "An outpatient's reason is known.", f"{_UB} FL 70", ("reason",),
        blank("Enter the reason for the visit.", lambda sheet, _: _is(sheet, "outpatient", "observation")), _W,
    ),
    Rule(
        "admission_type.newborn", "Type Newborn is for newborns.", f"{_UB} FL 14",
        ("admission_type",), _admitted_as_newborn, _E,
    ),
    Rule("accident.date", "An accident has its date.", f"{_UB} FL 31 to 34", ("accident_on",), _accident_day, _E),
    Rule("accident.state", "An auto accident has its state.", f"{_UB} FL 29", ("accident_state",), _accident_state, _E),
    Rule("accident.before_birth", "An accident is after the birth.", f"{_UB} FL 31 to 34", ("accident_on",), _before_birth, _E),
    Rule(
        "paper.moment", "What is entered from paper says when it happened.", _DOWNTIME, ("came_on", "came_at"), _no_moment, _E,
        gates=True,
    ),
    Rule(
        "paper.recent", "What is entered from paper is of the last downtime.", _DOWNTIME, ("came_on",), _long_ago, _E, gates=True,
    ),
    Rule("arrival.time", "A scheduled visit has its time.", "HL7 v2 SCH-11", ("scheduled_at",), _not_scheduled, _W),
)  # fmt: skip
