"""The one table of registration edits, as the form, the filing and the quality report read it.

Change a rule, add one or take one away: raise the version. Filed registrations keep the version they were checked by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from access_desk.domain.registration.person_rules import PERSON_RULES
from access_desk.domain.registration.plan_rules import PLAN_RULES
from access_desk.domain.registration.rules import Finding, Rule, is_of_plan
from access_desk.domain.registration.shape_rules import SHAPE_RULES
from access_desk.domain.registration.sheet import Place, Sheet
from access_desk.domain.registration.visit_rules import VISIT_RULES

TABLE_VERSION = 2
RULES: tuple[Rule, ...] = (*SHAPE_RULES, *PERSON_RULES, *VISIT_RULES, *PLAN_RULES)


def _by_field() -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in RULES:
        for name in rule.fields:
            found.setdefault(name, []).append(rule)
    return {name: tuple(rules) for name, rules in found.items()}


BY_FIELD: Mapping[str, tuple[Rule, ...]] = _by_field()


def places_of(sheet: Sheet) -> Iterator[Place]:
    """The fields of a sheet that rules look at: of the questions that are asked, and of the plans that are used."""
    for name in BY_FIELD:
        if not is_of_plan(name) and sheet.asks(name) and not (name.startswith("gf_") and sheet.withholds_coverage):
            yield Place(name)
    for plan in sheet.used_plans():
        yield from (Place(name, plan) for name in BY_FIELD if is_of_plan(name))


def findings_at(sheet: Sheet, place: Place) -> tuple[Finding, ...]:
    """What the rules of one field find, what filing waits for first."""
    found: list[Finding] = []
    for rule in BY_FIELD.get(place.name, ()):
        if text := rule.check(sheet, place):
            gates = rule.gates and place.plan not in sheet.settled_plans
            found.append(Finding(rule.rule_id, place, rule.severity, gates, text))
    return tuple(sorted(found, key=lambda one: (not one.gates, one.severity)))


def check(sheet: Sheet) -> tuple[Finding, ...]:
    """Everything that the rules find in a registration."""
    return tuple(one for place in places_of(sheet) for one in findings_at(sheet, place))


def count_of_checks(sheet: Sheet) -> int:
    """How many times a rule looked at a field of this registration."""
    return sum(len(BY_FIELD[place.name]) for place in places_of(sheet))
