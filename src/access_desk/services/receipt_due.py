"""What was still due today when a payment was taken, so that a receipt says the same whenever it is printed."""

from __future__ import annotations

from access_desk.domain.coverage.state import PlanState, evolve
from access_desk.domain.money import ZERO, Money, total
from access_desk.domain.payments.events import PaymentLine, PaymentReceived, PaymentRefunded, PaymentVoided
from access_desk.domain.payments.views import paid_by_purpose
from access_desk.storage.event_log import events_about
from access_desk.storage.handles import Connection
from access_desk.storage.queries import payments
from access_desk.storage.queries.let_go import copays_gone


def still_due(connection: Connection, facility_id: str, visit_id: str, payment_id: str) -> Money:
    """The plans' copays as they were known at the payment, less what had been paid for them by then, it included.

    What was filed, paid or voided later does not count: a copy of a receipt says what the receipt said.
    """
    taken = [one for one in events_about(connection, facility_id, payment_id) if isinstance(one.body, PaymentReceived)]
    moment = taken[0].stamp
    state = None
    for event in events_about(connection, facility_id, visit_id):
        if event.stamp <= moment:
            state = evolve(state, event)
    owed = total(_copay(plan) for plan in state.in_order()) if state else ZERO
    paid = total(
        _copay_paid(connection, facility_id, one, moment) for one in payments.ids_of_visit(connection, facility_id, visit_id)
    )
    gone = copays_gone(connection, facility_id, visit_id, moment)
    return max(owed - paid - gone, ZERO)


def _copay(plan: PlanState) -> Money:
    """What an estimate worked out, else what the plan says."""
    if plan.estimate is not None:
        worked_out: Money = plan.estimate.body.share.copay
        return worked_out
    return plan.coverage.copay or ZERO


def _copay_paid(connection: Connection, facility_id: str, payment_id: str, moment: str) -> Money:
    lines: tuple[PaymentLine, ...] = ()
    refunded = ZERO
    for event in events_about(connection, facility_id, payment_id):
        if event.stamp > moment:
            continue
        match event.body:
            case PaymentVoided():
                return ZERO
            case PaymentReceived() as taken:
                lines = taken.lines
            case PaymentRefunded(amount=amount):
                refunded += amount
    return paid_by_purpose(lines, refunded).get("copay", ZERO)
