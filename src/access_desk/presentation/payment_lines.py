"""What is owed, and which part of it is paid now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import Money, total
from access_desk.domain.payments.events import PURPOSES, PaymentLine
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.drawer_session import typed_money
from access_desk.presentation.drawer_words import purpose_word


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One line of what is owed. ``owed`` is None for a line the clerk added; ``text`` is what is typed as paid now.

    ``later``: an estimate of what is billed once the plan has paid; nobody has to pay it today.
    """

    purpose: str
    title: str
    detail: str = ""
    owed: Money | None = None
    ticked: bool = True
    text: str = ""
    later: bool = False

    @property
    def error(self) -> str:
        """Why the amount cannot be paid; blank when it can, or when the line is not ticked."""
        if not self.ticked:
            return ""
        amount, wrong = typed_money(self.text)
        return wrong or ("" if amount else f"{self.title}: enter an amount, or take the tick away.")

    @property
    def pays(self) -> Money:
        """What is paid now; an unreadable amount is nothing yet."""
        return (typed_money(self.text)[0] or Money(0)) if self.ticked else Money(0)


def owed_lines(visit: VisitRow) -> tuple[OwedLine, ...]:
    """A line per plan with a copay, less what was paid for the visit, first plans first; then what is billed later."""
    copays = visit.copays()
    paid = total(copay for _, copay in copays) - visit.copay_owed
    lines = []
    for coverage, copay in copays:
        settled = min(paid, copay)
        paid -= settled
        owed = copay - settled
        plan = " ".join(part for part in (coverage.payer, coverage.plan) if part)
        lines.append(OwedLine("copay", "Copay today", plan, owed, bool(owed), str(owed) if owed else ""))
    return (*lines, *_billed_later(visit))


def _billed_later(visit: VisitRow) -> Iterator[OwedLine]:
    """What estimates say of deductible and coinsurance, less what was paid ahead for them."""
    for purpose, title in (("deductible", "Estimated deductible"), ("coinsurance", "Estimated coinsurance")):
        estimated = total(getattr(share, purpose) for share in visit.shares.values())
        left = estimated - visit.paid_for.get(purpose, Money(0))
        if left > Money(0):
            yield OwedLine(purpose, title, "Billed after insurance pays", left, ticked=False, later=True)


def added_line(purpose: str) -> OwedLine:
    """A line for another purpose. Raises ``bad_value`` for an unknown one."""
    if purpose not in PURPOSES:
        raise DeskError(Refusal.BAD_VALUE, "A payment is for a known purpose, such as a copay.")
    return OwedLine(purpose, purpose_word(purpose), "Added here")


def paying_now(lines: tuple[OwedLine, ...]) -> Money:
    """The sum of what is ticked."""
    return total(line.pays for line in lines)


def payment_lines(lines: tuple[OwedLine, ...]) -> tuple[PaymentLine, ...]:
    """What the payment is for.

    Raises:
        DeskError: ``bad_amount`` for a ticked line without a readable amount, or when nothing is ticked.
    """
    wrong = next((line.error for line in lines if line.error), "")
    if wrong:
        raise DeskError(Refusal.BAD_AMOUNT, wrong)
    paid = tuple(PaymentLine(line.purpose, line.pays) for line in lines if line.ticked)
    if not paid:
        raise DeskError(Refusal.BAD_AMOUNT, "Tick what is paid for, or add a line.")
    return paid


def still_due(lines: tuple[OwedLine, ...]) -> Money:
    """What is owed today and not paid with this payment."""
    return total(max(line.owed - line.pays, Money(0)) for line in lines if line.owed is not None and not line.later)


def ticked(line: OwedLine, *, on: bool) -> OwedLine:
    """The line after a tick: a fresh tick pays all that is owed."""
    text = line.text or (str(line.owed) if line.owed else "")
    return replace(line, ticked=on, text=text)
