"""Rules that a filed registration failed, when each was kept again and by whom, and the rates that come of it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from access_desk.cli import DONE, main
from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.link_events import PatientMerged
from access_desk.domain.registration.events import RegistrationChecked
from access_desk.domain.registration.quality import QualityReport
from access_desk.domain.registration.rule_table import TABLE_VERSION
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.services.registration import Registration
from tests.desks import TestDesk

TODAY = date(2026, 11, 23)
WHOLE = Demographics(
    "Vega", "Marisol", birth_date=date(1987, 3, 14), sex="female", ssn="219-09-6613", phone="(216) 555-0148",
    line="418 Birchmont Avenue", city="Larkin Falls", state="OH", zip="44990", emergency_contact="none", emergency_phone="none",
)  # fmt: skip
ASKED = {"photo_id": "passport", "guarantor": "self"}
PPO = Coverage("Northlake Health", member_id="NHP447199203", relationship="self", starts=date(2026, 1, 1))


def register(desk: TestDesk, who: str, coverage: Coverage = PPO, family: str = "Vega", **changes: str) -> str:
    person = Demographics(**{**{name: getattr(WHOLE, name) for name in WHOLE.__dataclass_fields__}, "family": family, **changes})
    new = NewPatient(person, despite_match="a twin")
    said = Registration(VisitDetails("outpatient", "MRI", "Back pain"), (coverage,), new, patient_details=ASKED)
    events = desk.desk.registration.register(desk.desk.by(desk.people[who]), said)
    return next(event.body.visit_id for event in events if isinstance(event.body, VisitRegistered))


def report(desk: TestDesk, who: str = "lea") -> QualityReport:
    return desk.desk.quality.report(desk.desk.by(desk.people[who]), TODAY, TODAY + timedelta(days=9))


def patient_of(desk: TestDesk, visit_id: str) -> str:
    row = desk.desk.view.visit(visit_id)
    assert row is not None
    return row.patient_id


def failing(desk: TestDesk, visit_id: str) -> set[str]:
    """What the last check of a visit found."""
    check = desk.desk.journal.read(lambda states: states.check(visit_id))
    assert check is not None
    return {one.rule for one in check.failed}


def test_a_right_registration_counts_as_one_without_an_error(desk: TestDesk) -> None:
    register(desk, "ann")
    found = report(desk)
    assert (found.total.registrations, found.total.error_free, found.total.found, found.total.warnings) == (1, 1, 0, 0)
    assert (found.total.error_rate, found.total.accuracy_rate) == (0.0, 100.0)
    assert found.registrations[0].table_version == TABLE_VERSION


def test_error_rate_and_accuracy_rate_are_two_figures(desk: TestDesk) -> None:
    """One registration of five has both errors: 40 errors a hundred, and still four of five without one."""
    ended = Coverage("Northlake Health", member_id="NHP/1", relationship="self", ends=date(2025, 12, 31))
    register(desk, "ann", ended)
    for number in range(4):
        register(desk, "ann", family=f"Vega {'ABCD'[number]}")
    line = report(desk).by_registrar[desk.people["ann"]]
    assert (line.registrations, line.error_free, line.counted) == (5, 4, 2)
    assert (line.error_rate, line.accuracy_rate) == (40.0, 80.0)
    assert dict(report(desk).by_rule) == {"coverage.ended": 1, "member_id.characters": 1}


def test_what_is_corrected_on_the_same_business_date_is_found_and_not_counted(desk: TestDesk) -> None:
    visit = register(desk, "ann", city="")
    assert report(desk).total.counted == 1
    desk.desk.registration.amend(desk.desk.by(desk.people["bob"]), patient_of(desk, visit), {"city": "Larkin Falls"})
    found = report(desk)
    (failure,) = found.registrations[0].failures
    assert (failure.failed.rule, failure.failed.field) == ("address.incomplete", "city")
    assert failure.corrected is not None
    assert failure.corrected.by == desk.people["bob"]
    assert (found.total.found, found.total.corrected_in_time, found.total.counted, found.total.error_free) == (1, 1, 0, 1)


def test_what_is_corrected_later_is_corrected_and_counts(desk: TestDesk) -> None:
    visit = register(desk, "ann", Coverage("Northlake Health", member_id="NHP/1", relationship="self"))
    desk.clock.forward(days=3)
    coverage_id = f"{visit}.1"
    filing = CoverageFiling((PlanFiling(coverage_id, changes={"member_id": "NHP447199203"}),))
    desk.desk.coverage.file(desk.desk.by(desk.people["ann"]), visit, filing)
    found = report(desk)
    (failure,) = found.registrations[0].failures
    assert failure.corrected is not None
    assert failure.corrected.business_date == TODAY + timedelta(days=3)
    assert (found.total.found, found.total.corrected_in_time, found.total.counted) == (1, 0, 1)


def test_what_fails_again_is_not_corrected(desk: TestDesk) -> None:
    visit = register(desk, "ann", city="")
    for city in ("Larkin Falls", ""):
        desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), patient_of(desk, visit), {"city": city})
    assert report(desk).registrations[0].failures[0].corrected is None


def test_a_merge_that_fills_a_blank_corrects_what_failed_for_it(desk: TestDesk) -> None:
    """The visits of both records stand under the survivor and are held against it; taking the merge back tells them apart."""
    incomplete = register(desk, "ann", line="", city="", state="", zip="")
    uncalled = register(desk, "ann", family="Vegga", phone="")
    kept, gone = patient_of(desk, incomplete), patient_of(desk, uncalled)
    ann, lea = desk.people["ann"], desk.people["lea"]
    assert failing(desk, incomplete) == {"address.missing"}
    assert failing(desk, uncalled) == {"missing.phone"}
    merged = desk.desk.links.merge(desk.desk.by(lea), kept, gone, "same passport")
    (merge_id,) = [event.body.merge_id for event in merged if isinstance(event.body, PatientMerged)]
    assert desk.desk.view.patient(kept).demographics.city == "Larkin Falls"
    assert failing(desk, incomplete) == failing(desk, uncalled) == set()
    (failure,) = report(desk).registrations[0].failures
    assert failure.corrected is not None
    assert failure.corrected.by == lea
    # What is said of the survivor from now on is said of everything that stands under it.
    desk.desk.registration.amend(desk.desk.by(ann), kept, {"phone": ""})
    assert failing(desk, incomplete) == failing(desk, uncalled) == {"missing.phone"}
    desk.desk.registration.amend(desk.desk.by(ann), kept, {"phone": "2165550148"})
    desk.desk.links.unmerge(desk.desk.by(lea), kept, merge_id, "two passports")
    assert failing(desk, incomplete) == {"address.missing"}
    assert failing(desk, uncalled) == {"missing.phone"}


def test_a_change_that_makes_no_difference_records_no_check(desk: TestDesk) -> None:
    visit = register(desk, "ann", city="")
    events = desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), patient_of(desk, visit), {"email": "m@example.com"})
    assert not any(isinstance(event.body, RegistrationChecked) for event in events)


@pytest.mark.parametrize("details", [{"accident": "home", "accident_on": ""}, {"admission_type": "N"}])
def test_a_later_answer_that_is_wrong_is_found_too(desk: TestDesk, details: dict[str, str]) -> None:
    visit = register(desk, "ann")
    events = desk.desk.registration.give_visit_details(desk.desk.by(desk.people["ann"]), visit, details)
    (checked,) = [event.body for event in events if isinstance(event.body, RegistrationChecked)]
    assert len(checked.failed) == 1
    assert not checked.is_filing
    assert report(desk).total.found == 0, "the rates are about what was filed"


def test_the_report_from_the_command_line_names_no_patient(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = Path(__file__).resolve().parents[1] / "days" / "a-whole-shift-five-dollars-short.json"
    home = str(tmp_path / "desk")
    assert main(["play", str(day), "--home", home, "--json", str(tmp_path / "result.json")]) == DONE
    capsys.readouterr()
    period = ["--from", "2026-11-01", "--to", "2026-11-30", "--home", home]
    assert main(["report", "quality", *period, "--json"]) == DONE
    said = capsys.readouterr().out
    found = json.loads(said)
    assert found["total"]["registrations"] == len(found["registrations"]) > 0
    steps = [step["patient"] for step in json.loads(day.read_text())["steps"] if step["do"] == "register"]
    names = {patient[key] for patient in steps for key in ("family", "given")}
    assert names
    assert not [name for name in names if name in said]
    assert main(["report", "quality", *period]) == DONE
    assert "error rate" in capsys.readouterr().out
    assert main(["report", "rules", "--json", "--home", home]) == DONE
    assert json.loads(capsys.readouterr().out)["version"] == TABLE_VERSION
