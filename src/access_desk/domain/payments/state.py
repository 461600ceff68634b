"""What the rules need to know of one payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from access_desk.domain.events import Recorded
from access_desk.domain.money import Money, total
from access_desk.domain.payments.events import PaymentReceived, PaymentRefunded, PaymentVoided, TenderTaken


@dataclass(frozen=True, slots=True)
class PaymentState:
    """One payment; ``refunded`` is per tender, in what was credited to the patient."""

    payment_id: str
    custody_id: str
    drawer_id: str
    patient_id: str
    visit_id: str | None
    amount: Money
    tenders: tuple[TenderTaken, ...]
    receipt: str
    voided: bool = False
    refunded: Mapping[str, Money] | None = None

    def paid_by(self, tender: str) -> Money:
        """What was credited by one tender."""
        return total(part.amount for part in self.tenders if part.tender == tender)

    def refunded_by(self, tender: str) -> Money:
        """What was given back of one tender."""
        return (self.refunded or {}).get(tender, Money(0))

    def cash_taken(self) -> Money:
        """The cash that went into the drawer, rounding included."""
        return total(part.taken for part in self.tenders if part.tender == "cash")


def evolve(state: PaymentState | None, event: Recorded) -> PaymentState | None:
    """The payment after one more event; None before it was received."""
    match event.body:
        case PaymentReceived() as paid:
            return PaymentState(
                paid.payment_id,
                event.subject_id,
                paid.drawer_id,
                paid.patient_id,
                paid.visit_id,
                paid.amount,
                paid.tenders,
                paid.receipt,
            )
        case PaymentVoided() if state is not None:
            return replace(state, voided=True)
        case PaymentRefunded(tender=tender, amount=amount) if state is not None:
            return replace(state, refunded={**(state.refunded or {}), tender: state.refunded_by(tender) + amount})
    return state
