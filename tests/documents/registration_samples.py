"""Contents of the papers of a registration, for tests and to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from math import cos, pi, sin

from access_desk.domain.forms.catalogue import CATALOGUE
from access_desk.domain.forms.strokes import Point, Strokes
from access_desk.domain.forms.wording import wording_of
from access_desk.domain.papers.privacy import DisclosureAccounting, DisclosureLine
from access_desk.domain.papers.registration import (
    Band,
    EstimateLetter,
    EstimateLine,
    FaceSheet,
    FormOnPaper,
    FormPaper,
    FormSigned,
    GoodFaithLine,
    GoodFaithPaper,
    PatientOnPaper,
    PlanOnPaper,
)
from tests.documents.samples import at, dollars, imprint

PATIENT = PatientOnPaper("Vega-Trujillo", "Marisol", "A", "", "00480001", "10452290", date(1987, 3, 14), "female", "39 y")
HASH = "881c7b4c97f4c696102c3dc1b46ac917c4b6e25729c29316650d2e1bc35db114"
MOMENT: datetime = at(10, 48)


def pen() -> Strokes:
    """Something like a signature."""
    loops = tuple(Point(int(30 + 9 * n), int(60 + 42 * sin(n / 1.7) * cos(n / 9)), 16 * n) for n in range(40))
    dash = tuple(Point(int(40 + 11 * n), int(100 - 6 * sin(n * pi / 20)), 800 + 16 * n) for n in range(25))
    return Strokes(420, 120, (loops, dash))


def form(code: str = "consent", language: str = "en", patient: PatientOnPaper = PATIENT, **said: object) -> FormPaper:
    entry, words = CATALOGUE[code], wording_of(code, language, "initial")
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": f"{code}-10452290",
        "form": code,
        "version": entry.version,
        "language": language,
        "title": words.title,
        "paragraphs": words.paragraphs,
        "wording_sha256": words.sha256,
        "patient": patient,
        "visit_date": MOMENT.date(),
        "official": entry.official,
        "aloud": entry.aloud,
    }
    return FormPaper(**(values | said))  # type: ignore[arg-type]


SIGNED = FormSigned("signed", MOMENT, "drawn", seen_by="Dana Whitfield", strokes=pen(), strokes_sha256=HASH)
BY_OTHER = replace(SIGNED, signer="Rafael Trujillo", relationship="husband", explained=True)
UNABLE = FormSigned(
    "unable", MOMENT, reason="Sedated after surgery, no relative here", seen_by="Dana Whitfield", witness="Priya Raman"
)


def face_sheet(patient: PatientOnPaper = PATIENT, **said: object) -> FaceSheet:
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": patient.account,
        "patient": patient,
        "visit_type": "outpatient",
        "arrived_at": at(10, 31),
        "registered_by": "Dana Whitfield",
        "sections": (
            (
                "Contact",
                (
                    ("Address", "118 Larkspur Lane, Larkin Falls, OH 44990"),
                    ("Phone", "(216) 555-0147"),
                    ("E-mail", ""),
                    ("Language", "Spanish, interpreter"),
                ),
            ),
            ("Emergency contact", (("Name", "Rafael Trujillo"), ("Relationship", "husband"), ("Phone", "(216) 555-0148"))),
            ("Visit", (("Service", "Cardiology"), ("Reason", "Echocardiogram"), ("Location", "Suite 210"), ("Attending", ""))),
        ),
        "plans": (
            PlanOnPaper(
                "Northlake Health", "PPO Choice", "NHP447199203", "80-2217", "Trujillo, Rafael", "spouse", dollars("75.00")
            ),
            PlanOnPaper("Medicare", "Part B", "1EG4TE5MK73", "", "", "self"),
        ),
        "forms": (
            FormOnPaper("Consent to treatment", "Signed 07/16/2026 10:48 AM"),
            FormOnPaper("Financial policy", "Not offered"),
        ),
    }
    return FaceSheet(**(values | said))  # type: ignore[arg-type]


def band(patient: PatientOnPaper = PATIENT, **said: object) -> Band:
    values: dict[str, object] = {"imprint": imprint(), "patient": patient, "visit_type": "inpatient", "arrived_at": at(10, 31)}
    return Band(**(values | said))  # type: ignore[arg-type]


def estimate(language: str = "en", patient: PatientOnPaper = PATIENT, **said: object) -> EstimateLetter:
    line = EstimateLine(
        *("Northlake Health, PPO Choice", dollars("930.00"), dollars("250.00"), "20 %", dollars("400.00")),
        *(dollars("75.00"), dollars("250.00"), dollars("75.00"), dollars("400.00"), True),
    )
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": patient.account,
        "patient": patient,
        "language": language,
        "made_at": at(10, 40),
        "service": "Cardiology, echocardiogram",
        "lines": (line,),
    }
    return EstimateLetter(**(values | said))  # type: ignore[arg-type]


def disclosures(patient: PatientOnPaper = PATIENT, lines: int = 2, **said: object) -> DisclosureAccounting:
    told = tuple(
        DisclosureLine(
            date(2026, 7, 10), "County health department", "1 Main Street, Larkin Falls", f"Immunizations {n}", "Outbreak"
        )
        for n in range(lines)
    )
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": patient.mrn,
        "patient": patient,
        "since": date(2020, 7, 17),
        "until": MOMENT.date(),
        "lines": told,
    }
    return DisclosureAccounting(**(values | said))  # type: ignore[arg-type]


def good_faith(language: str = "en", patient: PatientOnPaper = PATIENT, items: int = 2, **said: object) -> GoodFaithPaper:
    lines = tuple(
        GoodFaithLine(f"MRI lumbar spine without contrast {n}", "72148", "M54.50", 1, dollars("930.00")) for n in range(items)
    )
    values: dict[str, object] = {
        "imprint": imprint(),
        "number": patient.account,
        "patient": patient,
        "language": language,
        "made_at": at(10, 40),
        "service": "MRI of the lower back",
        "service_on": date(2026, 7, 30),
        "provider": "Cedar Hollow Regional Medical Center",
        "npi": "1234567893",
        "tin": "12-3456789",
        "items": lines,
        "total": dollars("930.00") + dollars("930.00"),
    }
    return GoodFaithPaper(**(values | said))  # type: ignore[arg-type]
