"""`access-desk report quality` and `report rules`: error rate and accuracy rate of registrations, and what they are held to."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, datetime

from access_desk import app
from access_desk.cli import DONE, WrongUseError
from access_desk.domain.registration.quality import CheckedRegistration, Failure, QualityLine, QualityReport
from access_desk.domain.registration.rule_table import RULES, TABLE_VERSION
from access_desk.services.journal import SYSTEM_ACTOR, By

FORMAT, RULES_FORMAT = "access-desk.quality/1", "access-desk.rules/1"


def run(arguments: argparse.Namespace) -> int:
    """Say it by registrar; by account number and without names of patients, because it leaves the desk."""
    first, last = _day("--from", arguments.first), _day("--to", arguments.last)
    if last < first:
        raise WrongUseError(f"--to {last} lies before --from {first}")
    with app.open_to_read(arguments.home, asked_for=arguments.facility) as opened:
        desk = opened.desk
        report = desk.quality.report(By(SYSTEM_ACTOR, ""), first, last)
        people = {person.person_id: person.name for person in desk.view.facility().people.values()}

        def name(person_id: str) -> str:
            return people.get(person_id, person_id)

        if arguments.json:
            text = json.dumps(_as_json(report, first, last, name), indent=1) + "\n"
        else:
            lines = [f"{first} to {last}", _line("All", report.total)]
            lines += [_line(name(person), line) for person, line in report.by_registrar.items()]
            lines += [f"  {count} times {rule}" for rule, count in report.by_rule.items()]
            text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    return DONE


def rules(arguments: argparse.Namespace) -> int:
    """List the table."""
    if arguments.json:
        table = [
            {
                "id": rule.rule_id,
                "severity": rule.severity.value,
                "stops_filing": rule.gates,
                "fields": list(rule.fields),
                "demands": rule.demands,
                "source": rule.source,
            }
            for rule in RULES
        ]
        text = json.dumps({"format": RULES_FORMAT, "version": TABLE_VERSION, "rules": table}, indent=1) + "\n"
    else:
        lines = [f"Rules of registration, version {TABLE_VERSION}"]
        lines += [
            f"{rule.rule_id}: {'filing waits, ' if rule.gates else ''}{rule.severity}. {rule.demands} {rule.source}"
            for rule in RULES
        ]
        text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    return DONE


def _line(who: str, line: QualityLine) -> str:
    if line.error_rate is None or line.accuracy_rate is None:
        return f"{who}: no registrations"
    return (
        f"{who}: {line.registrations} registrations, {line.found} errors found, {line.corrected_in_time} corrected the same day, "
        f"{line.counted} counted: error rate {line.error_rate:.1f} %, accuracy rate {line.accuracy_rate:.1f} %; "
        f"{line.warnings} warnings, {line.caught} caught while typing"
    )


def _day(option: str, text: str | None) -> date:
    if text is None:
        raise WrongUseError(f"quality needs {option}")
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise WrongUseError(f"{option} {text}: a date like 2026-11-23 is needed") from wrong


def _utc(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _figures(line: QualityLine) -> dict[str, object]:
    return {
        "registrations": line.registrations,
        "error_free": line.error_free,
        "errors_found": line.found,
        "corrected_same_day": line.corrected_in_time,
        "errors_counted": line.counted,
        "error_rate_percent": line.error_rate,
        "accuracy_rate_percent": line.accuracy_rate,
        "warnings": line.warnings,
        "caught_while_typing": line.caught,
    }


def _registration(one: CheckedRegistration, name: Callable[[str], str]) -> dict[str, object]:
    def failure(failed: Failure) -> dict[str, object]:
        fixed = failed.corrected
        return {
            "rule": failed.failed.rule,
            "field": failed.failed.field,
            "severity": failed.failed.severity,
            "corrected_at": _utc(fixed.at) if fixed else None,
            "corrected_by": name(fixed.by) if fixed else None,
            "counts": failed in one.counted(),
        }

    return {
        "account": one.account_number,
        "filed_by": name(one.filed_by),
        "begun_at": _utc(one.begun_at),
        "filed_at": _utc(one.filed_at),
        "table_version": one.table_version,
        "failed": [failure(failed) for failed in one.failures],
        "caught": [{"rule": rule.rule, "field": rule.field} for rule in one.caught],
    }


def _as_json(report: QualityReport, first: date, last: date, name: Callable[[str], str]) -> dict[str, object]:
    return {
        "format": FORMAT,
        "from": str(first),
        "to": str(last),
        "definition": "error rate = errors / registrations; accuracy rate = registrations without an error / registrations; "
        "errors corrected on the business date of the filing are not counted",
        "total": _figures(report.total),
        "by_registrar": {name(person): _figures(line) for person, line in report.by_registrar.items()},
        "by_rule": dict(report.by_rule),
        "registrations": [_registration(one, name) for one in report.registrations],
    }
