"""Projections of coverages, questionnaire, eligibility, authorizations and estimates: every event is its own row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access_desk.domain.coverage import events as coverage
from access_desk.domain.coverage.secondary_payer import keep_until
from access_desk.domain.estimates import events as estimates
from access_desk.domain.events import Recorded
from access_desk.storage.projections.rows import json_text, utc_text
from access_desk.storage.row_changes import Insert, RowChange

_Values = dict[str, object]


def _of(event: Recorded, body: Any) -> _Values:
    return {
        "facility_id": event.facility_id,
        "event_id": event.event_id,
        "visit_id": body.visit_id,
        "patient_id": body.patient_id,
        "stamp": event.stamp,
    }


def _day(value: object) -> str:
    return "" if value is None else str(value)


def _changed(event: Recorded, body: Any) -> list[RowChange]:
    values = {
        "coverage_id": getattr(body, "coverage_id", ""),
        "kind": event.kind,
        "changed_at": utc_text(event.recorded_at),
        "changed_by": event.actor_id,
        "content": json_text(body),
    }
    return [Insert("coverage_changes", {**_of(event, body), **values})]


def _card(event: Recorded, body: coverage.CardKept) -> list[RowChange]:
    values: _Values = {
        "coverage_id": body.coverage_id,
        "side": body.side,
        "sha256": body.image.sha256,
        "size": body.image.size,
        "media_type": body.media_type,
        "kept_at": utc_text(event.recorded_at),
        "kept_by": event.actor_id,
    }
    return [Insert("coverage_cards", {**_of(event, body), **values})]


def _questionnaire(event: Recorded, body: coverage.SecondaryPayerAnswered) -> list[RowChange]:
    values: _Values = {
        "questionnaire": body.questionnaire,
        "answered_by": body.answered_by,
        "answers": json_text(body.answers),
        "pays_first": body.pays_first,
        "msp_type": body.msp_type,
        "asked_on": event.business_date.isoformat(),
        "keep_until": keep_until(event.business_date).isoformat(),
        "asked_by": event.actor_id,
    }
    return [Insert("secondary_payer_answers", {**_of(event, body), **values})]


def _eligibility(event: Recorded, body: coverage.EligibilityChecked) -> list[RowChange]:
    values: _Values = {
        "coverage_id": body.coverage_id,
        "source": body.source,
        "status": body.answer.status,
        "answer": json_text(body.answer),
        "raw_sha256": body.raw.sha256 if body.raw else "",
        "checked_at": utc_text(body.checked_at),
        "checked_by": event.actor_id,
    }
    return [Insert("eligibility_checks", {**_of(event, body), **values})]


def _authorization(event: Recorded, body: coverage.AuthorizationRecorded) -> list[RowChange]:
    given = body.authorization
    values: _Values = {
        "coverage_id": body.coverage_id,
        "status": given.status,
        "number": given.number,
        "starts": _day(given.starts),
        "ends": _day(given.ends),
        "requested_units": given.requested_units,
        "approved_units": given.approved_units,
        "agreed_with": given.agreed_with,
        "recorded_at": utc_text(event.recorded_at),
        "recorded_by": event.actor_id,
    }
    return [Insert("authorizations", {**_of(event, body), **values})]


def _estimate(event: Recorded, body: estimates.EstimateMade) -> list[RowChange]:
    values: _Values = {
        "facility_id": event.facility_id,
        "estimate_id": body.estimate_id,
        "visit_id": body.visit_id,
        "patient_id": body.patient_id,
        "coverage_id": body.coverage_id,
        "copay_cents": body.share.copay.cents,
        "deductible_cents": body.share.deductible.cents,
        "coinsurance_cents": body.share.coinsurance.cents,
        "uncapped_cents": body.share.uncapped.cents,
        "inputs": json_text(body.inputs),
        "rule": body.rule,
        "made_at": utc_text(event.recorded_at),
        "made_by": event.actor_id,
        "stamp": event.stamp,
    }
    return [Insert("estimates", values)]


def _good_faith(event: Recorded, body: estimates.GoodFaithAsked | estimates.GoodFaithMade) -> list[RowChange]:
    made = body if isinstance(body, estimates.GoodFaithMade) else None
    asked_on = body.estimate.asked_on if isinstance(body, estimates.GoodFaithMade) else body.asked_on
    values: _Values = {
        "estimate_id": made.estimate_id if made else "",
        "asked_on": asked_on.isoformat(),
        "due_on": _day(body.due_on),
        "total_cents": made.estimate.total.cents if made else None,
        "estimate": json_text(made.estimate) if made else "",
        "recorded_at": utc_text(event.recorded_at),
        "recorded_by": event.actor_id,
    }
    return [Insert("good_faith_estimates", {**_of(event, body), **values})]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    coverage.CoverageAdded: _changed,
    coverage.CoverageAmended: _changed,
    coverage.CoverageRemoved: _changed,
    coverage.CoveragesReordered: _changed,
    coverage.CardKept: _card,
    coverage.SecondaryPayerAnswered: _questionnaire,
    coverage.EligibilityChecked: _eligibility,
    coverage.AuthorizationRecorded: _authorization,
    estimates.EstimateMade: _estimate,
    estimates.GoodFaithAsked: _good_faith,
    estimates.GoodFaithMade: _good_faith,
}
