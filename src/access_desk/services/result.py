"""The result of a day (contract ``access-desk.result/1``): read from the projections, never from what was played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.day import StepOutcome
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.ledger import presented
from access_desk.domain.money import Money, total
from access_desk.services.journal import Journal
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.queries import custodies, overview
from access_desk.storage.verify import Kept, Verdict, verify_all

RESULT_FORMAT = "access-desk.result/1"


def verify(journal: Journal, trusted_keys: dict[str, str], kept: tuple[Kept, ...] = ()) -> Verdict:
    """Walk the log of this desk's file and compare a replay of it with the projections."""
    empty = open_memory_database()
    with read_transaction(journal.engine) as connection, write_transaction(empty) as target:
        verdict = verify_all(connection, target, trusted_keys, kept, journal.stream.desk_id)
    empty.dispose()
    return verdict


def day_result(
    journal: Journal, outcomes: Sequence[StepOutcome], verdict: Verdict, documents: Sequence[str]
) -> dict[str, object]:
    """Everything the contract lists, amounts as text with two decimals."""
    facility = journal.read(lambda states: states.facility())
    with read_transaction(journal.engine) as connection:
        figures = custodies.every_custody(connection, journal.facility_id)
        balances = custodies.balances(connection, journal.facility_id)
        patients = overview.count_rows(connection, "patients", journal.facility_id)
        visits = overview.count_rows(connection, "visits", journal.facility_id)
    return {
        "format": RESULT_FORMAT,
        "steps": [_step(outcome) for outcome in outcomes],
        "custodies": [_custody(one, facility) for one in figures],
        "ledger": {"sum": str(total(balances.values())), "accounts": _amounts(presented(balances))},
        "log": {
            "events": verdict.events,
            "chain": "broken" if verdict.faults else "intact",
            "replay": "differs" if verdict.differing or verdict.faults else "equal",
        },
        "patients": patients,
        "visits": visits,
        "documents": list(documents),
    }


def _step(outcome: StepOutcome) -> dict[str, object]:
    ended: dict[str, object] = {"n": outcome.n, "do": outcome.do, "ended": "refused" if outcome.refused else "ok"}
    return {**ended, "code": outcome.code, "text": outcome.text} if outcome.refused else ended


def _amounts(amounts: Mapping[str, Money]) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items()}


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z" if moment else None


def _custody(one: CustodyFigures, facility: FacilityState) -> dict[str, object]:
    shown: dict[str, object] = {
        "drawer": one.drawer_key,
        "holder": facility.people[one.holder_id].key,
        "opened_at": _moment(one.opened_at),
        "closed_at": _moment(one.closed_at),
        "business_date": one.business_date.isoformat(),
        "shift": one.shift,
        "opening_count": str(one.opening_count),
        "opening_variance": str(one.opening_variance),
        "received": _amounts(one.received),
        "voided": _amounts(one.voided),
        "refunded": _amounts(one.refunded),
        "paid_in": str(one.paid_in),
        "paid_out": str(one.paid_out),
        "dropped": str(one.dropped),
        "rounding": str(one.rounding),
        "expected": _amounts(one.expected),
    }
    if one.counted is not None and one.over_short is not None:
        shown |= {"counted": _amounts(one.counted), "over_short": _amounts(one.over_short)}
    shown["counts"] = len(one.closing_counts)
    if one.left_in_drawer is not None and one.to_bank is not None:
        shown |= {"left_in_drawer": str(one.left_in_drawer), "to_bank": str(one.to_bank)}
    shown["receipts"] = {
        "first": one.receipts.first,
        "last": one.receipts.last,
        "issued": one.receipts.issued,
        "voided": one.receipts.voided,
        "gaps": one.receipts.gaps,
    }
    return shown
