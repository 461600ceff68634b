"""`access-desk report emtala`: arrivals at the emergency department, and payments before the exam, which must be none."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, datetime

from access_desk import app
from access_desk.cli import DONE, NO, WrongUseError
from access_desk.domain.visits.emergency_views import EarlyPayment, EmtalaReport
from access_desk.services.journal import SYSTEM_ACTOR, By

FORMAT = "access-desk.emtala/1"


def run(arguments: argparse.Namespace) -> int:
    """Say it; 1 when a payment came before its exam."""
    first, last = _day("--from", arguments.first), _day("--to", arguments.last)
    if last < first:
        raise WrongUseError(f"--to {last} lies before --from {first}")
    with app.open_to_read(arguments.home, asked_for=arguments.facility) as opened:
        desk = opened.desk
        report = desk.emergency.report(By(SYSTEM_ACTOR, ""), first, last)
        local = desk.view.local
        if arguments.json:
            text = json.dumps(_as_json(report, first, last), indent=1) + "\n"
        else:
            counts = f"{len(report.arrivals)} arrivals, {len(report.without_end)} without an end"
            late = f"{len(report.entered_late)} entered late"
            lines = [f"{first} to {last}: {counts}, {late}, {len(report.early)} payments before the exam."]
            lines += [
                f"account {one.account_number}: receipt {one.receipt}, {one.amount.dollars()}, "
                f"paid {local(one.paid_at):%Y-%m-%d %H:%M}, {_released(local(one.released_at) if one.released_at else None)}"
                for one in report.early
            ]
            text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    return NO if report.early else DONE


def _released(moment: datetime | None) -> str:
    return f"released {moment:%Y-%m-%d %H:%M}" if moment else "not released"


def _day(option: str, text: str | None) -> date:
    if text is None:
        raise WrongUseError(f"emtala needs {option}")
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise WrongUseError(f"{option} {text}: a date like 2026-11-23 is needed") from wrong


def _utc(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _early(one: EarlyPayment) -> dict[str, object]:
    return {
        "receipt": one.receipt,
        "account": one.account_number,
        "amount": str(one.amount),
        "paid_at": _utc(one.paid_at),
        "arrived_at": _utc(one.arrived_at),
        "released_at": _utc(one.released_at),
        "voided": one.voided,
    }


def _as_json(report: EmtalaReport, first: date, last: date) -> dict[str, object]:
    """By account number, without names: the report leaves the desk."""
    arrivals = [
        {
            "account": one.account_number,
            "mrn": one.mrn,
            "logged_mrn": one.logged_mrn,
            "arrived_at": _utc(one.arrived_at),
            "entered_at": _utc(one.entered_at),
            "entered_late": one.was_entered_late,
            "phase": one.phase.value,
            "examined_at": _utc(one.examined_at),
            "examiner_role": one.examiner_role,
            "source": one.exam_source,
            "emergency_condition": one.has_condition,
            "stabilized_at": _utc(one.stabilized_at),
            "disposition": one.disposition,
            "ended_at": _utc(one.ended_at),
        }
        for one in report.arrivals
    ]
    return {
        "format": FORMAT,
        "from": str(first),
        "to": str(last),
        "arrivals": arrivals,
        "payments_before_exam": [_early(one) for one in report.early],
    }
