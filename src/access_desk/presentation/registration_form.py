"""What stands in a registration form, what it still needs, and what it asks the desk to record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from access_desk.domain.full_name import AFTER_GIVEN, full_name
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import DEMOGRAPHIC_FIELDS, UNIDENTIFIED, NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.state import PatientState
from access_desk.domain.registration.person_rules import requires
from access_desk.domain.registration.sheet import KNOWN, NEWBORN, OF_PAPER, OF_VISIT, PLAN_FIELDS, UNKNOWN_PERSON, WHO_PAYS, Sheet
from access_desk.domain.visits.events import Coverage, VisitDetails
from access_desk.presentation.coverage_fields import CLEARING_FORM_SPECS, CLEARING_SPECS
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date
from access_desk.presentation.registration_details import given_of_visit, patient_details, shown_details
from access_desk.presentation.registration_details import visit_details as said_of_visit
from access_desk.presentation.registration_fields import (
    FORM_SPECS,
    PLAN_SPECS,
    FieldSpec,
    settle,
)
from access_desk.presentation.registration_paper import paper_day

_PLAN_SPECS = {**PLAN_SPECS, **CLEARING_SPECS}
_FORM_SPECS = {**FORM_SPECS, **CLEARING_FORM_SPECS}
# Not typed: the id of the expected visit that a form was opened for; it stays with the draft.
EXPECTED = "expected_visit"
MOMENT_ON_PAPER = ("came_on", "came_at")
_CHOSEN_FROM_START = {"who": KNOWN, "type": "outpatient"}


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """What was typed, exactly, and where it belongs.

    ``values`` are by field name, ``plans`` one mapping each in order of benefits. ``patient_id`` is set for a patient on
    file, ``visit_id`` for a visit on file (the visit itself cannot change then), with its plans in ``plans_on_file``.
    ``command_id`` makes filing happen once, however often it is asked for. ``service_on`` is the day of a visit on file, ``met``
    are the rules that failed while the form was typed, each with its fields. ``despite_match`` is why a second record is made,
    ``seen_alike`` are the ids of the likely records that were looked at before. ``begun_at`` is when the form was opened first,
    ``estimated_age`` how old somebody unidentified seems, ``suffix_after`` where the facility writes a suffix.
    """

    draft_id: str
    command_id: str
    values: Mapping[str, str]
    plans: tuple[Mapping[str, str], ...] = ({},)
    plans_on_file: tuple[Mapping[str, str], ...] = ()
    patient_id: str = ""
    mrn: str = ""
    on_file: Mapping[str, str] = field(default_factory=dict)
    was_unidentified: bool = False
    visit_id: str = ""
    account_number: str = ""
    is_released: bool = False
    mother_id: str = ""
    mother_name: str = ""
    despite_match: str = ""
    seen_alike: tuple[str, ...] = ()
    service_on: str = ""
    met: Mapping[str, Sequence[str]] = field(default_factory=dict)
    begun_at: str = ""
    estimated_age: str = ""
    suffix_after: str = AFTER_GIVEN

    @property
    def who(self) -> str:
        """Whether the person is known, unidentified or a newborn."""
        return self.values.get("who", KNOWN)

    @property
    def withholds_coverage(self) -> bool:
        """Whether coverage and payment may not be asked for yet (EMTALA, 42 CFR 489.24(d)(4))."""
        return self.sheet().withholds_coverage

    def sheet(self, today: date = date.min) -> Sheet:
        """The form as the rules read it; without a day only for what does not depend on one."""
        on_file = {plan.get("coverage_id", ""): plan for plan in self.plans_on_file}
        settled = (number for number, plan in enumerate(self.plans, 1) if on_file.get(plan.get("coverage_id", "")) == plan)
        return Sheet(
            self.values,
            self.plans,
            today,
            self.service_day(today),
            has_record=bool(self.patient_id),
            was_unidentified=self.was_unidentified,
            is_visit_on_file=bool(self.visit_id),
            is_released=self.is_released,
            mother_id=self.mother_id,
            settled_plans=frozenset(settled),
        )

    def service_day(self, today: date) -> date:
        """The day of the visit: of one on file, of the paper it is entered from, else today."""
        if self.service_on:
            return date.fromisoformat(self.service_on)
        return paper_day(self.values, today) or today

    def value(self, key: str) -> str:
        """The text of a field; plan fields are named like ``plan2.member_id``."""
        number, name = split_key(key)
        source = self.plans[number - 1] if number else self.values
        return source.get(name, "")

    def with_value(self, key: str, text: str) -> RegistrationForm:
        """The form after something was typed."""
        number, name = split_key(key)
        if not number:
            return replace(self, values={**self.values, name: text})
        plans = list(self.plans)
        plans[number - 1] = {**plans[number - 1], name: text}
        return replace(self, plans=tuple(plans))

    def for_somebody_else(self) -> RegistrationForm:
        """The form after it was said who it is for: the visit of a newborn is one, unless another type was chosen."""
        before, now = ("outpatient", NEWBORN) if self.who == NEWBORN else (NEWBORN, "outpatient")
        return self.with_value("type", now) if self.values.get("type", before) == before else self

    def field_keys(self) -> tuple[str, ...]:
        """The fields that can be typed into, in reading order."""
        sheet = self.sheet()
        own = [name for name in FORM_SPECS if sheet.asks(name)]
        if sheet.withholds_coverage:
            return tuple(own)
        plans = (f"plan{number}.{name}" for number in range(1, len(self.plans) + 1) for name in _PLAN_SPECS)
        return (*own, *plans, *CLEARING_FORM_SPECS)

    def is_fixed(self, key: str) -> bool:
        """Whether a field is shown and cannot change: what kind of visit was registered, and when."""
        return bool(self.visit_id) and key in ("type", "entered", *OF_PAPER)

    def shows(self, name: str) -> bool:
        """Whether a field of the form has a meaning for this person."""
        return self.sheet().asks(name)

    def requires(self, key: str) -> bool:
        """Whether filing waits for this field."""
        number, name = split_key(key)
        if not number:
            return name in MOMENT_ON_PAPER or requires(self.sheet(), name)
        # A plan on file may lack what it was filed without; somebody covered through another says through whom.
        plan = self.plans[number - 1]
        if name == "subscriber":
            return plan.get("relationship", "") not in ("", "self")
        if plan.get("coverage_id"):
            return name == "payer"
        return name in ("payer", "member_id") and self.plan_is_used(number)

    def plan_is_used(self, number: int) -> bool:
        """Whether anything stands in a plan; a blank plan is not filed."""
        return any(self.plans[number - 1].get(name, "").strip() for name in PLAN_FIELDS)


def used_plans(form: RegistrationForm) -> list[tuple[int, Mapping[str, str]]]:
    """The plans that are not blank, with their numbers."""
    return [(number, plan) for number, plan in enumerate(form.plans, 1) if form.plan_is_used(number)]


def blank_form(draft_id: str, command_id: str, values: Mapping[str, str] | None = None) -> RegistrationForm:
    """A form for somebody who is not on file, with what is known from the search."""
    return RegistrationForm(draft_id, command_id, {**_CHOSEN_FROM_START, **(values or {})})


def spec_of(key: str) -> FieldSpec:
    """The field's description."""
    number, name = split_key(key)
    return _PLAN_SPECS[name] if number else _FORM_SPECS[name]


def split_key(key: str) -> tuple[int, str]:
    """Plan number (0 for fields of the form itself) and field name."""
    plan, dot, name = key.partition(".")
    return (int(plan.removeprefix("plan")), name) if dot else (0, key)


def settled(form: RegistrationForm, key: str, today: date) -> str:
    """The text that a field shows once it is left. Raises TypedTextError."""
    number, _ = split_key(key)
    medicare = bool(number and form.plans[number - 1].get("medicare"))
    return settle(spec_of(key), form.value(key), today, medicare=medicare)


def usual_text(form: RegistrationForm, key: str, today: date) -> str:
    """The text of a field in its usual form; as it is typed while it cannot be read."""
    try:
        return settled(form, key, today)
    except TypedTextError:
        return form.value(key)


def demographic_values(person: Demographics) -> dict[str, str]:
    """A person's details as form fields."""
    values = {name: str(value or "") for name, value in asdict(person).items()}
    return {**values, "birth_date": shown_date(person.birth_date)}


def patient_values(patient: PatientState) -> dict[str, str]:
    """What is on file about a person as form fields."""
    return {**demographic_values(patient.demographics), **shown_details(patient.details.values)}


def detail_changes(form: RegistrationForm, today: date) -> dict[str, str]:
    """Details that differ from the record on file, as the desk keeps them."""
    now = patient_details({name: text for name, text in form.values.items() if form.shows(name)}, today)
    before = patient_details(form.on_file, today)
    kept = WHO_PAYS if form.withholds_coverage else ()
    return {name: value for name, value in now.items() if value != before[name] and name not in kept}


def visit_changes(form: RegistrationForm, today: date) -> dict[str, str]:
    """Details of a visit on file that differ from what is on file, as the desk keeps them."""
    now = said_of_visit({name: text for name, text in form.values.items() if form.shows(name)}, today)
    before = said_of_visit(form.on_file, today)
    return {name: value for name, value in now.items() if value != before[name]}


def details_of_visit(form: RegistrationForm, today: date) -> dict[str, str]:
    """The details of the visit to register."""
    return given_of_visit({name: text for name, text in form.values.items() if form.shows(name)}, today)


def demographics(form: RegistrationForm, today: date) -> Demographics:
    """The person as the form describes them."""
    texts = {name: form.values.get(name, "") for name in DEMOGRAPHIC_FIELDS if name != "birth_date"}
    return Demographics(
        **{**texts, "sex": texts["sex"] or "unknown"}, birth_date=_date(form.values.get("birth_date", ""), today, birth=True)
    )


def person_so_far(form: RegistrationForm, today: date) -> Demographics:
    """The person as far as what is typed can be read."""
    try:
        return demographics(form, today)
    except TypedTextError:
        return demographics(form.with_value("birth_date", ""), today)


def new_patient(form: RegistrationForm, today: date) -> NewPatient:
    """The record to make."""
    order = form.values.get("birth_order", "").strip()
    newborn = form.who == NEWBORN
    return NewPatient(
        demographics=demographics(form, today),
        unidentified=form.who == UNKNOWN_PERSON,
        newborn_of=form.mother_id or None if newborn else None,
        birth_order=int(order) if newborn and order else None,
        despite_match=form.despite_match,
    )


def changes(form: RegistrationForm, today: date) -> dict[str, str]:
    """What differs from the record on file, as the desk records it; a birth date is in ISO form."""
    person = demographics(form, today)
    changed = {
        name: str(value or "")
        for name, value in asdict(person).items()
        if form.values.get(name, "") != form.on_file.get(name, "")
    }
    if "birth_date" in changed:
        changed["birth_date"] = person.birth_date.isoformat() if person.birth_date else ""
    if form.was_unidentified and form.who == KNOWN:
        changed[UNIDENTIFIED] = ""
    return changed


def on_file(form: RegistrationForm, today: date) -> dict[str, str]:
    """The record as it stood when the form was opened, as the desk records it."""
    person = demographics(replace(form, values={**form.values, **form.on_file}), today)
    return {name: str(value or "") for name, value in asdict(person).items()}


def visit_details(form: RegistrationForm) -> VisitDetails:
    """The visit to register."""
    return VisitDetails(*(form.values.get(name, "") for name in OF_VISIT))


def coverages(form: RegistrationForm, today: date) -> tuple[Coverage, ...]:
    """The plans to register; none while they may not be asked for, and no blank ones."""
    if form.withholds_coverage:
        return ()
    return tuple(coverage_of_plan(plan, today) for _, plan in used_plans(form))


def coverage_of_plan(plan: Mapping[str, str], today: date) -> Coverage:
    """A plan as it is typed. Raises TypedTextError or DeskError for a text that cannot be read."""
    copay = plan.get("copay", "").strip()
    return Coverage(
        payer=plan.get("payer", ""),
        plan=plan.get("plan", ""),
        member_id=plan.get("member_id", ""),
        group=plan.get("group", ""),
        relationship=plan.get("relationship", ""),
        subscriber=plan.get("subscriber", ""),
        copay=Money.typed(copay) if copay else None,
        medicare=bool(plan.get("medicare")),
        subscriber_birth_date=_date(plan.get("subscriber_birth_date", ""), today, birth=True),
        starts=_date(plan.get("starts", ""), today),
        ends=_date(plan.get("ends", ""), today),
    )


def plan_values(coverage: Coverage) -> dict[str, str]:
    """A plan on file as form fields."""
    return {
        "payer": coverage.payer,
        "plan": coverage.plan,
        "member_id": coverage.member_id,
        "group": coverage.group,
        "relationship": coverage.relationship,
        "subscriber": coverage.subscriber,
        "copay": str(coverage.copay) if coverage.copay is not None else "",
        "medicare": "1" if coverage.medicare else "",
        "subscriber_birth_date": shown_date(coverage.subscriber_birth_date),
        "starts": shown_date(coverage.starts),
        "ends": shown_date(coverage.ends),
    }


def _date(typed: str, today: date, *, birth: bool = False) -> date | None:
    return read_date(typed, today, birth=birth) if typed.strip() else None


def title_of(form: RegistrationForm) -> str:
    """The person's name as banners and drafts show it."""
    return shown_name(form.values, form.suffix_after, form.who)


def shown_person(person: Demographics, suffix_after: str, *, unidentified: bool = False) -> str:
    """The name of somebody on file."""
    return shown_name(demographic_values(person), suffix_after, UNKNOWN_PERSON if unidentified else KNOWN)


def shown_name(values: Mapping[str, str], suffix_after: str, who: str = KNOWN) -> str:
    """``Vega-Trujillo, Marisol A``; what the form is for while there is no name."""
    family, given, middle, suffix = (values.get(name, "") for name in ("family", "given", "middle", "suffix"))
    name = full_name(family, given, middle, suffix, suffix_after)
    if name:
        return name
    return {UNKNOWN_PERSON: "Unidentified patient", NEWBORN: "Newborn"}.get(who, "New patient")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where in a form somebody stands: the section, plan and panel that are unfolded, and the field typed into last."""

    section: int = 1
    open_plan: int = 1
    panel: str = ""
    focus: str = ""


def content_of(form: RegistrationForm, missing: tuple[str, ...], standing: Standing | None = None) -> str:
    """The form as a draft keeps it: JSON text, every character as typed."""
    kept = {**asdict(form), "missing": list(missing), "standing": asdict(standing) if standing else None}
    return json.dumps(kept, ensure_ascii=True)


def standing_in(content: str) -> Standing | None:
    """Where its writer stood in a draft; None when it does not say."""
    kept = json.loads(content).get("standing")
    return Standing(**kept) if kept else None


def form_of(content: str) -> RegistrationForm:
    """The form that a draft kept."""
    kept: dict[str, Any] = json.loads(content)
    kept.pop("missing", None)
    kept.pop("standing", None)
    kept |= {name: tuple(kept.get(name, ())) for name in ("plans", "plans_on_file", "seen_alike")}
    kept["met"] = {rule: tuple(keys) for rule, keys in kept.get("met", {}).items()}
    return RegistrationForm(**kept)


def missing_in(content: str) -> tuple[str, ...]:
    """What a parked form still needed."""
    kept: dict[str, Any] = json.loads(content)
    return tuple(kept.get("missing", ()))
