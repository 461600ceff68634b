"""Verbs about who holds a drawer, what was counted in it, and the bags that leave it."""

from __future__ import annotations

from tests.oracle import checks
from tests.oracle.state import Bag, Custody, Day, Drawer
from tests.oracle.values import Json, RefusedError, cash_count, cents_of, closing_count


def open_drawer(day: Day, step: Json) -> None:
    """A custody begins."""
    checks.needed(step, "drawer")
    opening = cash_count(step.get("count"), step.get("note"))
    drawer = checks.drawer_of(day, step)
    if drawer.current() is not None:
        raise RefusedError("drawer_in_use")
    if day.held_by(step["by"]) is not None:
        raise RefusedError("holds_another_drawer")
    checks.witness(day, step, must=day.policy.two_person_open)
    _begin(day, drawer, step["by"], opening)


def _begin(day: Day, drawer: Drawer, holder: str, opening: int) -> None:
    """The opening variance is no part of the new custody's own over and short."""
    if drawer.last is None:
        day.provided += drawer.imprest
        should = drawer.imprest
    else:
        should = drawer.last.left
    business_date, shift = day.shift_at(day.now)
    drawer.last = Custody(drawer, holder, day.now, business_date, shift, opening, opening - should)
    day.over_short += opening - should
    day.custodies.append(drawer.last)


def count_drawer(day: Day, step: Json) -> None:
    """A closing count, or a recount after a variance."""
    checks.needed(step, "drawer")
    counted = closing_count(step.get("count"), step.get("note"))
    custody = checks.drawer_of(day, step).current()
    if custody is None:
        raise RefusedError("drawer_not_open")
    checks.holds(custody, step)
    if custody.counts and (not any(custody.variance().values()) or len(custody.counts) > day.policy.recounts):
        raise RefusedError("recount_limit")
    custody.counts.append(counted)


def close_drawer(day: Day, step: Json) -> None:
    """The custody ends with its last count."""
    checks.needed(step, "drawer")
    to_bank = _to_bank(step)
    custody = checks.drawer_of(day, step).current()
    if custody is None or not custody.counts:
        raise RefusedError("drawer_not_open")
    checks.holds(custody, step)
    _explained(day, step, custody)
    checks.witness(day, step, must=day.policy.two_person_close)
    if to_bank is not None and to_bank > custody.counts[-1]["cash"]:
        raise RefusedError("not_enough_cash")
    _end(day, step, custody, to_bank)


def _to_bank(step: Json) -> int | None:
    if "to_bank" not in step:
        return None
    if isinstance(step["to_bank"], dict):
        return cash_count(step["to_bank"], step.get("note"))
    return cents_of(step["to_bank"], zero=True)


def _explained(day: Day, step: Json, custody: Custody) -> None:
    """Bag, then what the worst tender's tier needs."""
    checks.bag_is_new(day, step)
    worst = max(abs(cents) for cents in custody.variance().values())
    reached = [needs for start, needs in day.policy.tiers if start <= worst]
    needs = reached[-1] if reached else set()
    if "reason" in needs:
        checks.reason_given(step)
    checks.approval(day, step, must="approval" in needs)
    if "memo" in needs:
        checks.reason_given(step, key="memo", code="needs_memo")


def _end(day: Day, step: Json, custody: Custody, to_bank: int | None) -> None:
    counted, variance = custody.counts[-1], custody.variance()
    custody.to_bank = max(0, counted["cash"] - custody.drawer.imprest) if to_bank is None else to_bank
    custody.left = counted["cash"] - custody.to_bank
    custody.closed_at = day.now
    sealed = custody.to_bank + counted["check"] + counted["money_order"]
    day.safe += sealed
    day.card_clearing += variance["card"]
    day.over_short += sum(variance.values())
    if step.get("bag"):
        day.bags[step["bag"]] = Bag(sealed)


def hand_over(day: Day, step: Json) -> None:
    """The last holder gives the closed drawer to a receiver, who counts what is in it."""
    checks.needed(step, "drawer", "to")
    counted = cash_count(step.get("count"), step.get("note"))
    items = step.get("open_items", [])
    if not isinstance(items, list) or any(not isinstance(item, str) for item in items):
        raise RefusedError("bad_value")
    drawer = checks.drawer_of(day, step)
    if drawer.current() is not None:
        raise RefusedError("drawer_in_use")
    if drawer.last is None:
        raise RefusedError("drawer_not_open")
    checks.holds(drawer.last, step)
    if day.held_by(step["to"]) is not None:
        raise RefusedError("holds_another_drawer")
    if step["to"] == step["by"]:
        raise RefusedError("same_person")
    day.staff[step["to"]].give_pin(step.get("to_pin"), day.now)
    if counted != drawer.last.left:
        raise RefusedError("receiver_count_differs")
    _begin(day, drawer, step["to"], counted)


def take_over(day: Day, step: Json) -> None:
    """A lead counts and closes for an absent holder."""
    checks.needed(step, "drawer")
    counted = closing_count(step.get("count"), step.get("note"))
    custody = checks.drawer_of(day, step).current()
    if custody is None:
        raise RefusedError("drawer_not_open")
    checks.may_audit(day, step)
    if custody.holder == step["by"]:
        raise RefusedError("same_person")
    custody.counts.append(counted)
    try:
        _explained(day, step, custody)
    except RefusedError:
        custody.counts.pop()
        raise
    _end(day, step, custody, None)


def audit_count(day: Day, step: Json) -> None:
    """A surprise count changes nothing."""
    checks.needed(step, "drawer")
    closing_count(step.get("count"), step.get("note"))
    if checks.drawer_of(day, step).current() is None:
        raise RefusedError("drawer_not_open")
    checks.may_audit(day, step)


def deposit(day: Day, step: Json) -> None:
    """Bags leave the safe."""
    numbers = step.get("bags")
    if not isinstance(numbers, list) or not numbers or any(not isinstance(number, str) for number in numbers):
        raise RefusedError("bad_value")
    if any(number not in day.bags for number in numbers):
        raise RefusedError("unknown_reference")
    twice = len(set(numbers)) != len(numbers)
    if twice or any(day.bags[number].where != "safe" for number in numbers):
        raise RefusedError("bag_in_use")
    checks.witness(day, step)
    for number in numbers:
        day.bags[number].where = "transit"
        day.safe -= day.bags[number].amount
        day.in_transit += day.bags[number].amount


def confirm_deposit(day: Day, step: Json) -> None:
    """The bank says what it found in a bag; a difference is over or short."""
    checks.needed(step, "bag")
    amount = cents_of(step.get("amount"))
    if step["bag"] not in day.bags:
        raise RefusedError("unknown_reference")
    bag = day.bags[step["bag"]]
    if bag.where != "transit":
        raise RefusedError("bag_in_use")
    bag.where = "bank"
    day.in_transit -= bag.amount
    day.bank += amount
    day.over_short += amount - bag.amount
