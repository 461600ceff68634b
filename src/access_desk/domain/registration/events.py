"""What is recorded of the rules that a registration failed."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.events import event_kind


@dataclass(frozen=True, slots=True)
class FailedRule:
    """A rule of the table that a field did not keep; ``severity`` is that of the table's version."""

    rule: str
    field: str
    severity: str


@event_kind("registration.checked")
@dataclass(frozen=True, slots=True)
class RegistrationChecked:
    """A registration held against the rules, when it was filed and after every later change that made a difference.

    ``checks`` is how often a rule looked at a field. ``caught`` are rules that failed while the registration was typed and
    were put right before it was filed. A rule that failed and fails no more in a later event was corrected by its actor.
    """

    visit_id: str
    patient_id: str
    table_version: int
    is_filing: bool
    checks: int
    failed: tuple[FailedRule, ...]
    caught: tuple[FailedRule, ...] = ()
