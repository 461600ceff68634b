"""Bugs in the rules of money, drawers and payments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from access_desk.domain.cash_drawer import close
from access_desk.domain.cash_drawer import decide as drawer_rules
from access_desk.domain.cash_drawer import state as custody_state
from access_desk.domain.cash_drawer.events import CashPaidOut, DrawerCounted
from access_desk.domain.cash_drawer.state import CustodyState
from access_desk.domain.events import Fact
from access_desk.domain.facility.state import DrawerState
from access_desk.domain.ledger import Account
from access_desk.domain.money import Money
from access_desk.domain.payments import decide as payment_rules
from access_desk.domain.payments.events import PaymentReceived, PaymentVoided
from access_desk.domain.payments.state import PaymentState
from access_desk.domain.permissions import DrawerStatus
from access_desk.domain.policy import Policy
from access_desk.services.states import _EVOLVE
from tests.simulation.planted.planting import planted


@planted("a custody begins with receipt 1 again", (drawer_rules, "opening"), (close, "opening"))
def receipts_begin_again(real: Any) -> Any:
    return lambda *given, **named: replace(real(*given, **named), next_receipt=1)


@planted("checks count as cash in what is expected", (custody_state, "cash_moved"))
def cash_of_every_account(real: Any) -> Any:
    del real
    held = (Account.DRAWER_CASH, Account.DRAWER_CHECKS)
    return lambda postings, custody_id: Money(
        sum(one.amount.cents for one in postings if one.account in held and one.custody_id == custody_id)
    )


@planted("a void leaves its payment in what was received", (custody_state, "_received"))
def voids_are_still_received(real: Any) -> Any:
    return lambda state, tenders, sign: real(state, tenders, 1) if sign > 0 else dict(state.received)


@planted("only the first part of a split payment is received", (custody_state, "_received"))
def only_the_first_tender(real: Any) -> Any:
    return lambda state, tenders, sign: real(state, tenders[:1], sign)


@planted("money paid out is still expected", (_EVOLVE, CustodyState))
def paid_out_is_forgotten(real: Any) -> Any:
    return lambda state, event: state if isinstance(event.body, CashPaidOut) else real(state, event)


@planted("the change stays in the figures", (payment_rules, "_taken"))
def change_is_kept(real: Any) -> Any:
    def wrong(part: Any, policy: Any) -> Any:
        taken = real(part, policy)
        return taken if taken.tendered is None else replace(taken, taken=taken.tendered)

    return wrong


@planted("cash is rounded half to even instead of to the nearest five cents", (Policy, "cash_asked"))
def rounds_otherwise(real: Any) -> Any:
    def wrong(self: Policy, amount: Money) -> Money:
        return real(self, amount) if self.cash_rounding == "none" else Money(max(5, round(amount.cents / 10) * 10))

    return wrong


@planted("amounts go through floating point and lose a cent", (payment_rules, "_taken"))
def float_cents(real: Any) -> Any:
    def wrong(part: Any, policy: Any) -> Any:
        cents = int(part.amount.cents / 100.0 * 100)
        return real(replace(part, amount=Money(max(cents, 1))), policy)

    return wrong


@planted("a void is possible after its custody was closed", (payment_rules, "decide_void"), hours=12.0)
def void_after_closing(real: Any) -> Any:
    def wrong(facility: Any, custody: Any, *given: Any) -> Any:
        return real(facility, replace(custody, status=DrawerStatus.OPEN), *given)

    return wrong


@planted("a payment can be voided twice", (payment_rules, "decide_void"))
def voided_twice(real: Any) -> Any:
    def wrong(facility: Any, custody: Any, payment: Any, *given: Any) -> Any:
        return real(facility, custody, replace(payment, voided=False), *given)

    return wrong


@planted("a void gives back what was credited, not what was taken", (payment_rules, "decide_void"))
def void_without_its_rounding(real: Any) -> Any:
    def wrong(facility: Any, custody: Any, payment: Any, *given: Any) -> Any:
        exact = tuple(replace(one, taken=one.amount) for one in payment.tenders)
        return real(facility, custody, replace(payment, tenders=exact), *given)

    return wrong


@planted("every refund may be as large as the payment", (PaymentState, "refunded_by"))
def refunds_are_forgotten(real: Any) -> Any:
    del real
    return lambda self, tender: Money(0)


@planted("a second person is asked for on the screen only", (payment_rules, "check_approval"), (close, "check_approval"))
def approval_on_the_screen_only(real: Any) -> Any:
    del real
    return lambda facility, approval, acting, needed: None


@planted("anybody may use any drawer", (drawer_rules, "check_holder"), (payment_rules, "check_holder"))
def anybody_holds_it(real: Any) -> Any:
    del real
    return lambda holder_id, acting: None


@planted("a drawer gives more cash than it has", (drawer_rules, "check_cash"), (payment_rules, "check_cash"))
def drawers_without_a_bottom(real: Any) -> Any:
    del real
    return lambda custody, amount: None


@planted("a person may open a second drawer", (drawer_rules, "check_holds_none"), (close, "check_holds_none"))
def two_drawers_at_once(real: Any) -> Any:
    del real
    return lambda facility, person: None


@planted("a drawer should always hold its imprest", (DrawerState, "should_hold"))
def float_is_the_imprest(real: Any) -> Any:
    del real
    return lambda self: self.imprest


@planted("differences have the wrong sign", (drawer_rules, "counted_fact"), (close, "counted_fact"))
def over_is_short(real: Any) -> Any:
    def wrong(*given: Any) -> Any:
        fact = real(*given)
        turned = {tender: -one for tender, one in fact.body.variances.items()}
        return replace(fact, body=replace(fact.body, variances=turned))

    return wrong


@planted("what goes to the bank is left in the drawer too", (close, "_closed"))
def money_in_two_places(real: Any) -> Any:
    def wrong(*given: Any) -> Any:
        fact = real(*given)
        return replace(fact, body=replace(fact.body, left_in_drawer=fact.body.counted["cash"]))

    return wrong


@planted("a closing is explained by the sum of the differences, not the worst", (Policy, "needs_for"))
def differences_are_netted(real: Any) -> Any:
    def wrong(self: Policy, variances: Any) -> Any:
        return real(self, {"cash": Money(sum(one.cents for one in variances.values()))})

    return wrong


@planted("postings are not added up, and rounding is left out", (payment_rules, "balanced"))
def unbalanced_postings(real: Any) -> Any:
    def wrong(*postings: Any) -> Any:
        return tuple(one for one in real(*postings) if one.account is not Account.ROUNDING)

    return wrong


@planted("payments go on while the drawer is counted", (payment_rules, "drawer_in"))
def payments_while_counting(real: Any) -> Any:
    def wrong(facility: Any, action: Any, drawer_id: str, acting: Any) -> Any:
        drawer = facility.drawer(drawer_id)
        if drawer.status is not DrawerStatus.COUNTING:
            return real(facility, action, drawer_id, acting)
        return drawer

    return wrong


@planted("the last count is not the one that decides", (close, "last_count"))
def closed_by_another_count(real: Any) -> Any:
    def wrong(facility: Any, custody: Any) -> DrawerCounted | None:
        counted: DrawerCounted | None = real(facility, custody)
        return counted and replace(counted, counted={**counted.counted, "cash": counted.expected["cash"]})

    return wrong


@planted("a receipt number is left out after a void", (_EVOLVE, CustodyState))
def void_takes_a_number(real: Any) -> Any:
    def wrong(state: Any, event: Any) -> Any:
        after = real(state, event)
        return replace(after, next_receipt=after.next_receipt + 1) if isinstance(event.body, PaymentVoided) else after

    return wrong


@planted("a payment says the amount of its first part", (payment_rules, "decide_payment"))
def amount_of_the_first_part(real: Any) -> Any:
    def wrong(*given: Any) -> list[Fact]:
        facts = real(*given)
        return [
            replace(fact, body=replace(fact.body, amount=fact.body.tenders[0].amount))
            if isinstance(fact.body, PaymentReceived)
            else fact
            for fact in facts
        ]

    return wrong
