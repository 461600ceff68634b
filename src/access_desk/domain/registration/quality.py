"""Error rate and accuracy rate of registrations.

They are two figures, and a clerk can have 20 percent of one and 90 of the other: error rate = errors / registrations,
accuracy rate = registrations without an error / registrations (HFMA, quoted in Relias Media, Hospital Access Management).
What is corrected on the business date of the filing is found, but not counted against anybody, as departments treat the
errors that are put right on the same shift's edit report. Warnings are kept apart and count in neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from access_desk.domain.registration.events import FailedRule
from access_desk.domain.registration.rules import Severity

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Correction:
    """When a failed rule was kept again, and who saw to it."""

    at: datetime
    by: str
    business_date: date


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that a filed registration failed, and its correction; None while it stands."""

    failed: FailedRule
    corrected: Correction | None

    @property
    def is_error(self) -> bool:
        """Whether it is an error, not a warning."""
        return self.failed.severity == Severity.ERROR.value


@dataclass(frozen=True, slots=True)
class CheckedRegistration:
    """A filed registration with the rules it failed; ``caught`` were put right while it was typed, since ``begun_at``."""

    visit_id: str
    account_number: str
    filed_by: str
    filed_at: datetime
    business_date: date
    table_version: int
    failures: tuple[Failure, ...] = ()
    caught: tuple[FailedRule, ...] = ()
    begun_at: datetime | None = None

    def counted(self) -> tuple[Failure, ...]:
        """The errors that count: those not corrected on the business date of the filing."""
        return tuple(one for one in self.failures if one.is_error and not self.was_in_time(one))

    def was_in_time(self, one: Failure) -> bool:
        """Whether a failure was corrected on the business date of the filing."""
        return one.corrected is not None and one.corrected.business_date <= self.business_date


@dataclass(frozen=True, slots=True)
class QualityLine:
    """The figures of one registrar, or of all."""

    registrations: int = 0
    error_free: int = 0
    found: int = 0
    corrected_in_time: int = 0
    counted: int = 0
    warnings: int = 0
    caught: int = 0

    @property
    def error_rate(self) -> float | None:
        """Errors per hundred registrations; None without registrations."""
        return PERCENT * self.counted / self.registrations if self.registrations else None

    @property
    def accuracy_rate(self) -> float | None:
        """Registrations without an error, in percent; None without registrations."""
        return PERCENT * self.error_free / self.registrations if self.registrations else None


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Registrations of a period: the figures of all, by registrar, and how often each rule failed."""

    registrations: tuple[CheckedRegistration, ...]
    total: QualityLine
    by_registrar: Mapping[str, QualityLine] = field(default_factory=dict)
    by_rule: Mapping[str, int] = field(default_factory=dict)


def line_of(registrations: Sequence[CheckedRegistration]) -> QualityLine:
    """The figures of some registrations."""
    errors = [(one, failure) for one in registrations for failure in one.failures if failure.is_error]
    in_time = sum(1 for one, failure in errors if one.was_in_time(failure))
    return QualityLine(
        registrations=len(registrations),
        error_free=sum(1 for one in registrations if not one.counted()),
        found=len(errors),
        corrected_in_time=in_time,
        counted=len(errors) - in_time,
        warnings=sum(1 for one in registrations for failure in one.failures if not failure.is_error),
        caught=sum(len(one.caught) for one in registrations),
    )


def report_of(registrations: Sequence[CheckedRegistration]) -> QualityReport:
    """The report of a period's registrations."""
    people = dict.fromkeys(one.filed_by for one in registrations)
    by_registrar = {person: line_of([one for one in registrations if one.filed_by == person]) for person in people}
    rules = Counter(failure.failed.rule for one in registrations for failure in one.failures)
    ordered = dict(sorted(rules.items(), key=lambda item: (-item[1], item[0])))
    return QualityReport(tuple(registrations), line_of(registrations), by_registrar, ordered)
