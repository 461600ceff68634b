"""Projections of custodies, payments and cash moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from access_desk.domain.cash_drawer import events as drawer
from access_desk.domain.events import Recorded
from access_desk.domain.money import Money
from access_desk.domain.payments import events as paid
from access_desk.domain.payments.on_paper import PaymentTakenOnPaper, paper_key
from access_desk.domain.policy import TENDERS
from access_desk.storage.projections.facility import activity
from access_desk.storage.projections.rows import json_text, posting_rows, utc_text
from access_desk.storage.row_changes import Claim, Insert, InsertRows, RowChange, Update

_LINE: Final = ("facility_id", "payment_id", "line", "purpose", "amount_cents")
_TENDER: Final = (
    *("facility_id", "payment_id", "part", "tender", "amount_cents", "taken_cents", "tendered_cents", "change_cents"),
    *("check_number", "card_last4", "auth_code"),
)


def _opened(event: Recorded, body: drawer.CustodyOpened) -> list[RowChange]:
    handed = body.handed_over
    values = {
        "facility_id": event.facility_id,
        "custody_id": body.custody_id,
        "drawer_id": body.drawer_id,
        "drawer_epoch": body.drawer_epoch,
        "holder_id": body.holder_id,
        "status": "open",
        "opened_stamp": event.stamp,
        "opened_at": utc_text(event.recorded_at),
        "business_date": body.business_date.isoformat(),
        "shift": body.shift,
        "opening_pieces": json_text(body.count),
        "opening_count_cents": body.opening_count.cents,
        "should_hold_cents": body.should_hold.cents,
        "opening_variance_cents": body.opening_variance.cents,
        "previous_custody_id": body.previous_custody_id,
        "opening_witness_id": body.witness_id,
        "handed_over_by": handed.from_person_id if handed else None,
        "open_items": json_text(handed.open_items if handed else ()),
        "handoff_note": handed.note if handed else "",
        "reason": "",
        "memo": "",
        "card_batch": "",
        "taken_over": 0,
        "bag": "",
        "bag_cents": 0,
    }
    return [Insert("custodies", values), *posting_rows(event, body.postings)]


def _counted(event: Recorded, body: drawer.DrawerCounted) -> list[RowChange]:
    key = {"facility_id": event.facility_id, "custody_id": event.subject_id}
    return [Update("custodies", key, {"status": "counting"}), _count_row(event, body, "closing", body.attempt)]


def _audited(event: Recorded, body: drawer.DrawerAudited) -> list[RowChange]:
    return [_count_row(event, body, "audit", 0)]


def _count_row(event: Recorded, body: drawer.DrawerCounted | drawer.DrawerAudited, purpose: str, attempt: int) -> Insert:
    values = {
        "facility_id": event.facility_id,
        "count_id": event.event_id,
        "custody_id": event.subject_id,
        "purpose": purpose,
        "attempt": attempt,
        "counted_at": utc_text(event.recorded_at),
        "counted_by": event.actor_id,
        "count": json_text(body.count),
        "counted": json_text(body.counted),
        "expected": json_text(body.expected),
        "over_short": json_text(body.variances),
    }
    return Insert("drawer_counts", values)


def _closed(event: Recorded, body: drawer.CustodyClosed) -> list[RowChange]:
    key = {"facility_id": event.facility_id, "custody_id": body.custody_id}
    values = {
        "status": "closed",
        "closed_at": utc_text(event.recorded_at),
        "closed_by": event.actor_id,
        "approver_id": event.approver_id,
        "witness_id": body.witness_id,
        "reason": body.reason,
        "memo": body.memo,
        "card_batch": body.card_batch,
        "taken_over": int(body.taken_over),
        "to_bank_cents": body.to_bank.cents,
        "to_bank_pieces": json_text(body.to_bank_count) if body.to_bank_count else None,
        "left_cents": body.left_in_drawer.cents,
        "bag": body.bag,
        "bag_cents": body.bag_amount.cents,
    }
    changes: list[RowChange] = [Update("custodies", key, values)]
    for tender in TENDERS:
        figures = {
            "tender": tender,
            "expected_cents": body.expected[tender].cents,
            "counted_cents": body.counted[tender].cents,
            "over_short_cents": body.variances[tender].cents,
        }
        changes.append(Claim("custody_tenders", {**key, **figures}))
    if body.bag:
        changes.append(_bag_row(event, body.bag, "closing", body.bag_amount, body.to_bank))
    return changes + posting_rows(event, body.postings)


def _bag_row(event: Recorded, bag: str, source: str, amount: Money, cash: Money) -> Claim:
    values = {
        "facility_id": event.facility_id,
        "bag": bag,
        "custody_id": event.subject_id,
        "source": source,
        "amount_cents": amount.cents,
        "cash_cents": cash.cents,
        "place": "safe",
        "sealed_at": utc_text(event.recorded_at),
        "sealed_by": event.actor_id,
    }
    return Claim("bags", values)


def _move(event: Recorded, body: Any, kind: str, amount: Money, **values: object) -> Insert:
    row = {
        "facility_id": event.facility_id,
        "move_id": body.move_id,
        "custody_id": event.subject_id,
        "drawer_id": body.drawer_id,
        "kind": kind,
        "amount_cents": amount.cents,
        "reason": "",
        "bag": "",
        "pieces": None,
        "moved_at": utc_text(event.recorded_at),
        "moved_by": event.actor_id,
        "approver_id": event.approver_id,
    }
    return Insert("cash_moves", {**row, **values})


def _dropped(event: Recorded, body: drawer.CashDropped) -> list[RowChange]:
    pieces = json_text(body.count) if body.count else None
    changes: list[RowChange] = [_move(event, body, "drop", body.amount, bag=body.bag, pieces=pieces)]
    if body.bag:
        changes.append(_bag_row(event, body.bag, "drop", body.amount, body.amount))
    return changes + posting_rows(event, body.postings)


def _paid_in(event: Recorded, body: drawer.CashPaidIn) -> list[RowChange]:
    return [_move(event, body, "paid_in", body.amount, reason=body.reason), *posting_rows(event, body.postings)]


def _paid_out(event: Recorded, body: drawer.CashPaidOut) -> list[RowChange]:
    return [_move(event, body, "paid_out", body.amount, reason=body.reason), *posting_rows(event, body.postings)]


def _exchanged(event: Recorded, body: drawer.ChangeExchanged) -> list[RowChange]:
    pieces = json_text({"give": body.give, "take": body.take})
    return [_move(event, body, "exchange", body.amount, pieces=pieces)]


def _no_sale(event: Recorded, body: drawer.OpenedWithoutSale) -> list[RowChange]:
    return [_move(event, body, "no_sale", Money(0), reason=body.reason)]


def _revealed(event: Recorded, body: drawer.ExpectedRevealed) -> list[RowChange]:
    del body
    return [activity(event)]


def _on_paper(event: Recorded, body: PaymentTakenOnPaper) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "payment_id": body.payment_id,
        "taken_at": utc_text(body.taken_at),
        "paper_number": body.paper_number,
        "number_key": paper_key(body.paper_number),
    }
    return [Insert("payment_papers", values)]


def _received(event: Recorded, body: paid.PaymentReceived) -> list[RowChange]:
    of_payment = {"facility_id": event.facility_id, "payment_id": body.payment_id}
    payment = {
        "custody_id": event.subject_id,
        "drawer_id": body.drawer_id,
        "drawer_epoch": body.drawer_epoch,
        "receipt_number": body.receipt_number,
        "receipt": body.receipt,
        "patient_id": body.patient_id,
        "visit_id": body.visit_id,
        "amount_cents": body.amount.cents,
        "received_at": utc_text(event.recorded_at),
        "received_by": event.actor_id,
        "void_reason": "",
    }
    changes: list[RowChange] = [Insert("payments", {**of_payment, **payment})]
    of = tuple(of_payment.values())
    lines = [(*of, number, line.purpose, line.amount.cents) for number, line in enumerate(body.lines, 1)]
    tenders = [(*of, number, *_tender_row(part)) for number, part in enumerate(body.tenders, 1)]
    changes += [InsertRows("payment_lines", _LINE, lines), InsertRows("payment_tenders", _TENDER, tenders)]
    return changes + posting_rows(event, body.postings)


def _tender_row(part: paid.TenderTaken) -> tuple[object, ...]:
    tendered = part.tendered.cents if part.tendered is not None else None
    cents = (part.amount.cents, part.taken.cents, tendered, part.change.cents)
    return (part.tender, *cents, part.check_number, part.card_last4, part.auth_code)


def _voided(event: Recorded, body: paid.PaymentVoided) -> list[RowChange]:
    key = {"facility_id": event.facility_id, "payment_id": body.payment_id}
    values = {
        "voided_at": utc_text(event.recorded_at),
        "voided_by": event.actor_id,
        "void_reason": body.reason,
        "void_approver_id": event.approver_id,
    }
    return [Update("payments", key, values), *posting_rows(event, body.postings)]


def _refunded(event: Recorded, body: paid.PaymentRefunded) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "refund_id": body.refund_id,
        "payment_id": body.payment_id,
        "custody_id": body.custody_id,
        "drawer_id": body.drawer_id,
        "tender": body.tender,
        "amount_cents": body.amount.cents,
        "reason": body.reason,
        "refunded_at": utc_text(event.recorded_at),
        "refunded_by": event.actor_id,
        "approver_id": event.approver_id,
    }
    return [Insert("refunds", values), *posting_rows(event, body.postings)]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    drawer.CustodyOpened: _opened,
    drawer.DrawerCounted: _counted,
    drawer.DrawerAudited: _audited,
    drawer.ExpectedRevealed: _revealed,
    drawer.CustodyClosed: _closed,
    drawer.CashDropped: _dropped,
    drawer.CashPaidIn: _paid_in,
    drawer.CashPaidOut: _paid_out,
    drawer.ChangeExchanged: _exchanged,
    drawer.OpenedWithoutSale: _no_sale,
    paid.PaymentReceived: _received,
    PaymentTakenOnPaper: _on_paper,
    paid.PaymentVoided: _voided,
    paid.PaymentRefunded: _refunded,
}
