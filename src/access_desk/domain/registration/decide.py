"""What a check of a registration records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from access_desk.domain.events import Fact, Recorded
from access_desk.domain.registration.events import FailedRule, RegistrationChecked
from access_desk.domain.registration.rule_table import RULES, TABLE_VERSION, check, count_of_checks
from access_desk.domain.registration.rules import Finding
from access_desk.domain.registration.sheet import Sheet


@dataclass(frozen=True, slots=True)
class CheckState:
    """What a visit's registration failed when it was last checked, and whether it ever failed anything.

    The latest clock stamp counts, however it arrives.
    """

    stamp: str = ""
    failed: frozenset[FailedRule] = frozenset()
    has_failed: bool = False


def evolve(state: CheckState | None, event: Recorded) -> CheckState | None:
    """The last check after one more event of the visit's history."""
    if not isinstance(event.body, RegistrationChecked):
        return state
    before = state or CheckState()
    has_failed = before.has_failed or bool(event.body.failed)
    if event.stamp > before.stamp:
        return CheckState(event.stamp, frozenset(event.body.failed), has_failed)
    return replace(before, has_failed=has_failed)


def failed_rules(findings: Sequence[Finding]) -> tuple[FailedRule, ...]:
    """Findings as an event tells them."""
    return tuple(FailedRule(one.rule_id, one.key, one.severity.value) for one in findings)


def decide_filing_check(visit_id: str, patient_id: str, sheet: Sheet, met: Mapping[str, Sequence[str]]) -> Fact:
    """The check of a registration that is filed; ``met`` are the rules that failed while it was typed, with their fields."""
    found = failed_rules(check(sheet))
    stands = {(one.rule, one.field) for one in found}
    severities = _severities()
    caught = tuple(
        FailedRule(rule, field, severities[rule])
        for rule, fields in sorted(met.items())
        for field in sorted(fields)
        if rule in severities and (rule, field) not in stands
    )
    body = RegistrationChecked(
        visit_id, patient_id, TABLE_VERSION, is_filing=True, checks=count_of_checks(sheet), failed=found, caught=caught
    )
    return Fact(visit_id, body, None, (patient_id,))


def decide_recheck(visit_id: str, patient_id: str, sheet: Sheet, before: CheckState) -> list[Fact]:
    """The check after a change; nothing when it finds what was found before."""
    found = failed_rules(check(sheet))
    if frozenset(found) == before.failed:
        return []
    body = RegistrationChecked(visit_id, patient_id, TABLE_VERSION, is_filing=False, checks=count_of_checks(sheet), failed=found)
    return [Fact(visit_id, body, None, (patient_id,))]


def _severities() -> dict[str, str]:
    return {rule.rule_id: rule.severity.value for rule in RULES}
