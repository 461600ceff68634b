"""The table of registration edits: every rule is kept by a right registration, and found where it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.registration.decide import CheckState, decide_filing_check, decide_recheck
from access_desk.domain.registration.events import RegistrationChecked
from access_desk.domain.registration.readings import KINDS
from access_desk.domain.registration.rule_table import BY_FIELD, RULES, TABLE_VERSION, check, count_of_checks
from access_desk.domain.registration.rules import Severity
from access_desk.domain.registration.sheet import Sheet
from access_desk.presentation.coverage_fields import CLEARING_FORM_SPECS, CLEARING_SPECS
from access_desk.presentation.registration_fields import FORM_SPECS, PLAN_SPECS

TODAY = date(2026, 11, 23)
PERSON = {
    "family": "Vega-Trujillo", "given": "Marisol", "birth_date": "03/14/1987", "sex": "female", "ssn": "219-09-6613",
    "photo_id": "driver_license", "line": "418 Birchmont Avenue", "city": "Larkin Falls", "state": "OH", "zip": "44990",
    "phone": "(216) 555-0148", "emergency_contact": "Trujillo, Rafael", "emergency_phone": "(216) 555-0192", "guarantor": "self",
}  # fmt: skip
VISIT = {"type": "outpatient", "service": "MRI", "reason": "Low back pain"}
PLAN = {"payer": "Northlake Health", "member_id": "NHP447199203", "relationship": "self", "starts": "01/01/2026"}
RIGHT = Sheet({**PERSON, **VISIT}, (PLAN,), TODAY, TODAY)
CHILD = {"birth_date": "05/01/2015"}

# What is typed instead, and the rule that says so at which field.
CASES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("date.unreadable", "birth_date", {"birth_date": "tomorrow"}),
    ("date.impossible", "birth_date", {"birth_date": "02/30/1987"}),
    ("date.two_years", "birth_date", {"birth_date": "3/14/14"}),
    ("birth_date.future", "birth_date", {"birth_date": "11/24/2026"}),
    ("birth_date.too_old", "birth_date", {"birth_date": "01/01/1849"}),
    ("accident_date.future", "accident_on", {"accident": "home", "accident_on": "11/24/2026"}),
    ("ssn.length", "ssn", {"ssn": "219-09-661"}),
    ("ssn.never_issued", "ssn", {"ssn": "666-09-6613"}),
    ("phone.length", "phone", {"phone": "216 555-014"}),
    ("zip.shape", "zip", {"zip": "4499"}),
    ("email.shape", "email", {"email": "nobody"}),
    ("birth_order.shape", "birth_order", {"who": "newborn", "birth_order": "0"}),
    ("race.category", "race_ethnicity", {"race_ethnicity": "martian"}),
    ("time.shape", "scheduled_at", {"arrival": "scheduled", "scheduled_at": "25"}),
    ("npi.check_digit", "attending_npi", {"attending_npi": "1234567890"}),
    ("tin.shape", "gf_tin", {"gf_tin": "12"}),
    ("accident_state.code", "accident_state", {"accident": "auto", "accident_state": "Ohio", "accident_on": "11/01/2026"}),
    ("amount.unreadable", "plan1.copay", {"plan1.copay": "a lot"}),
    ("percent.unreadable", "plan1.eb_coinsurance", {"plan1.eb_coinsurance": "much"}),
    ("percent.range", "plan1.eb_coinsurance", {"plan1.eb_coinsurance": "101"}),
    ("units.whole", "plan1.au_requested", {"plan1.au_requested": "1.5"}),
    ("missing.family", "family", {"family": " "}),
    ("missing.given", "given", {"given": ""}),
    ("missing.birth_date", "birth_date", {"birth_date": ""}),
    ("missing.sex", "sex", {"sex": ""}),
    ("missing.phone", "phone", {"phone": ""}),
    ("missing.mother_mrn", "mother_mrn", {"who": "newborn"}),
    ("missing.service", "service", {"service": ""}),
    ("mother.unknown", "mother_mrn", {"who": "newborn", "mother_mrn": "00480001"}),
    ("name.digits", "given", {"given": "Mar1sol"}),
    ("name.placeholder", "given", {"given": "Babygirl"}),
    ("name.suffix", "family", {"family": "Vega Jr."}),
    ("ssn.and_reason", "ssn_absent", {"ssn_absent": "declined"}),
    ("ssn.no_reason", "ssn_absent", {"ssn": ""}),
    ("photo_id.not_asked", "photo_id", {"photo_id": ""}),
    ("birth_date.newborn", "birth_date", {"type": "newborn"}),
    ("address.missing", "line", {"line": "", "city": "", "state": "", "zip": ""}),
    ("address.incomplete", "city", {"city": ""}),
    ("address.state", "state", {"state": "Ohio"}),
    ("address.zip_state", "zip", {"zip": "10001"}),
    ("phone.impossible", "phone", {"phone": "(216) 155-0148"}),
    ("interpreter.language", "language", {"interpreter": "phone"}),
    ("emergency_contact.missing", "emergency_contact", {"emergency_contact": "", "emergency_phone": ""}),
    ("emergency_contact.phone", "emergency_phone", {"emergency_phone": ""}),
    ("guarantor.minor_self", "guarantor", CHILD),
    ("guarantor.minor_without", "guarantor", {**CHILD, "guarantor": ""}),
    ("guarantor.missing", "guarantor", {"guarantor": ""}),
    ("guarantor.name", "guarantor_name", {"guarantor": "spouse"}),
    ("guarantor.minor", "guarantor_birth_date", {"guarantor": "parent", "guarantor_birth_date": "01/01/2010"}),
    ("employer.missing", "employer", {"employment": "full_time"}),
    ("inpatient.missing", "admission_type", {"type": "inpatient"}),
    ("observation.order", "ordering_npi", {"type": "observation"}),
    ("emergency.complaint", "reason", {"type": "emergency", "reason": ""}),
    ("outpatient.reason", "reason", {"reason": ""}),
    ("admission_type.newborn", "admission_type", {"admission_type": "N"}),
    ("accident.date", "accident_on", {"accident": "home"}),
    ("accident.state", "accident_state", {"accident": "auto", "accident_on": "11/01/2026"}),
    ("accident.before_birth", "accident_on", {"accident": "home", "accident_on": "03/13/1987"}),
    ("arrival.time", "scheduled_at", {"arrival": "scheduled"}),
    ("paper.moment", "came_at", {"entered": "paper", "came_on": "11/22/2026"}),
    ("paper.moment", "came_on", {"entered": "paper", "came_at": "2:10 AM"}),
    ("paper.recent", "came_on", {"entered": "paper", "came_on": "09/20/2026", "came_at": "2:10 AM"}),
    ("accident_date.future", "came_on", {"entered": "paper", "came_on": "11/24/2026", "came_at": "2:10 AM"}),
    ("time.shape", "came_at", {"entered": "paper", "came_on": "11/22/2026", "came_at": "25"}),
    ("plan.payer", "plan1.payer", {"plan1.payer": ""}),
    ("plan.member_id", "plan1.member_id", {"plan1.member_id": ""}),
    ("mbi.format", "plan1.member_id", {"plan1.medicare": "1", "plan1.member_id": "1EG4TE5MK7"}),
    ("member_id.characters", "plan1.member_id", {"plan1.member_id": "NHP/4471"}),
    ("member_id.length", "plan1.member_id", {"plan1.member_id": "7"}),
    ("member_id.payer_shape", "plan1.member_id", {"plan1.payer": "Aetna", "plan1.member_id": "W1234"}),
    ("member_id.ssn", "plan1.member_id", {"plan1.member_id": "219096613"}),
    ("plan.twice", "plan2.member_id", {"plan2.payer": "northlake health ", "plan2.member_id": "nhp447199203"}),
    ("subscriber.name", "plan1.subscriber", {"plan1.relationship": "spouse"}),
    ("medicare.self", "plan1.relationship", {"plan1.medicare": "1", "plan1.relationship": "spouse"}),
    ("relationship.missing", "plan1.relationship", {"plan1.relationship": ""}),
    ("subscriber.birth_date", "plan1.subscriber_birth_date", {"plan1.relationship": "spouse"}),
    ("subscriber.self_birth", "plan1.subscriber_birth_date", {"plan1.subscriber_birth_date": "03/14/1986"}),
    (
        "subscriber.younger",
        "plan1.subscriber_birth_date",
        {"plan1.relationship": "child", "plan1.subscriber_birth_date": "01/01/1990"},
    ),
    ("coverage.reversed", "plan1.ends", {"plan1.ends": "12/31/2025"}),
    ("coverage.ended", "plan1.ends", {"plan1.starts": "01/01/2025", "plan1.ends": "12/31/2025"}),
    ("coverage.not_begun", "plan1.starts", {"plan1.starts": "12/01/2026"}),
)


def typed(changes: dict[str, str], sheet: Sheet = RIGHT) -> Sheet:
    """The sheet after this was typed instead."""
    values = {**sheet.values, **{key: text for key, text in changes.items() if "." not in key}}
    plans: dict[int, dict[str, str]] = {number: dict(plan) for number, plan in enumerate(sheet.plans, 1)}
    for key, text in changes.items():
        plan, dot, name = key.partition(".")
        if dot:
            plans.setdefault(int(plan.removeprefix("plan")), {})[name] = text
    return replace(sheet, values=values, plans=tuple(plans[number] for number in sorted(plans)))


def test_a_right_registration_fails_nothing() -> None:
    assert check(RIGHT) == ()
    assert count_of_checks(RIGHT) > len(RIGHT.values)


@pytest.mark.parametrize(("rule", "key", "changes"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES])
def test_a_rule_is_found_where_it_is_not_kept(rule: str, key: str, changes: dict[str, str]) -> None:
    found = [one for one in check(typed(changes)) if one.rule_id == rule]
    assert [one.key for one in found if one.key == key] == [key]
    assert all(one.text.endswith((".", "?")) for one in found)


def test_every_rule_of_the_table_has_its_case() -> None:
    assert {case[0] for case in CASES} == {rule.rule_id for rule in RULES}
    assert len({rule.rule_id for rule in RULES}) == len(RULES)
    assert all(rule.source and rule.demands.endswith(".") for rule in RULES)
    assert TABLE_VERSION >= 1


def test_fields_are_read_alike_by_the_form_and_by_the_rules() -> None:
    specs = {**FORM_SPECS, **PLAN_SPECS, **CLEARING_SPECS, **CLEARING_FORM_SPECS}
    read = {name: spec.kind for name, spec in specs.items() if spec.kind not in ("text", "choice", "mother")}
    asked = {name: kind for name, kind in read.items() if not name.startswith("msp_")}
    assert asked == dict(KINDS)
    assert set(BY_FIELD) <= set(specs)


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "none", "line": "none", "city": "", "state": "", "zip": ""},
        {"phone": "+49 30 1234567"},
        {"zip": "K1A 0B6", "state": "Ontario"},
        {"state": "AE", "zip": "09012"},
        {"plan1.payer": "Blue Cross of Ohio", "plan1.member_id": "xyz 123 456 789"},
        {"plan1.payer": "Medicare", "plan1.medicare": "1", "plan1.member_id": "1EG4-TE5-MK73", "plan1.relationship": ""},
        {**CHILD, "guarantor": "parent", "guarantor_name": "Vega, Rosa", "guarantor_birth_date": "02/01/1985"},
        {"birth_date": "11/20/2026", "type": "newborn", "guarantor": "parent", "guarantor_name": "Vega, Rosa"},
    ],
)
def test_what_is_unusual_is_right_too(changes: dict[str, str]) -> None:
    assert [one.rule_id for one in check(typed(changes))] == []


def test_an_emergency_is_asked_nothing_about_money_before_its_exam() -> None:
    bare = Sheet(
        {"type": "emergency", "family": "Vega", "given": "M", "reason": "Chest pain"},
        (PLAN | {"ends": "1/1/2020"},),
        TODAY,
        TODAY,
    )
    assert check(bare) == ()
    released = {one.rule_id for one in check(replace(bare, is_released=True))}
    assert {"coverage.ended", "address.missing", "guarantor.missing"} <= released


def test_somebody_unidentified_lacks_nothing() -> None:
    assert [
        one.rule_id for one in check(Sheet({"who": "unidentified", "type": "outpatient", "reason": "Found"}, (), TODAY, TODAY))
    ] == []


def test_a_plan_on_file_that_did_not_change_stops_nothing() -> None:
    wrong = typed({"plan1.ends": "12/31/2025"})
    assert any(one.gates for one in check(wrong))
    assert not any(one.gates for one in check(replace(wrong, settled_plans=frozenset({1}))))


def test_a_filing_keeps_what_failed_and_what_was_caught() -> None:
    sheet = typed({"plan1.starts": "12/01/2026", "photo_id": ""})
    body = decide_filing_check(
        "v", "p", sheet, {"ssn.length": ["ssn"], "coverage.not_begun": ["plan1.starts"], "no.rule": ["x"]}
    ).body
    assert isinstance(body, RegistrationChecked)
    assert [(one.rule, one.field, one.severity) for one in body.failed] == [
        ("photo_id.not_asked", "photo_id", "warning"),
        ("coverage.not_begun", "plan1.starts", "error"),
    ]
    assert [(one.rule, one.field) for one in body.caught] == [("ssn.length", "ssn")]
    assert body.is_filing
    assert body.table_version == TABLE_VERSION


@given(st.dictionaries(st.sampled_from(sorted(set(FORM_SPECS) | {f"plan1.{name}" for name in PLAN_SPECS})), st.text(max_size=30)))
def test_no_text_breaks_the_table(changes: dict[str, str]) -> None:
    sheet = typed(changes)
    found = check(sheet)
    assert found == check(sheet)
    assert all(one.severity in Severity and one.text for one in found)
    body = decide_filing_check("v", "p", sheet, {}).body
    assert isinstance(body, RegistrationChecked)
    assert decide_recheck("v", "p", sheet, CheckState("1", frozenset(body.failed))) == []
