"""Checks that several verbs share, each at its place in the order of refusals."""

from __future__ import annotations

from tests.oracle import vocabulary as words
from tests.oracle.state import Custody, Day, Drawer, Patient, Payment, Visit
from tests.oracle.values import Json, RefusedError


def check_texts(step: Json) -> None:
    """Values: whatever is a text in this step is one."""
    for key in words.TEXT_KEYS:
        if key in step and not isinstance(step[key], str):
            raise RefusedError("bad_value")


def needed(step: Json, *keys: str) -> None:
    """Values: keys without which the step says nothing."""
    for key in keys:
        if key not in step:
            raise RefusedError("bad_value")


def patient_named(day: Day, name: str) -> Patient:
    """References."""
    if name not in day.named_patients:
        raise RefusedError("unknown_reference")
    return day.named_patients[name]


def visit_named(day: Day, name: str) -> Visit:
    """References."""
    if name not in day.named_visits:
        raise RefusedError("unknown_reference")
    return day.named_visits[name]


def payment_named(day: Day, name: str) -> Payment:
    """References."""
    if name not in day.named_payments:
        raise RefusedError("unknown_reference")
    return day.named_payments[name]


def drawer_of(day: Day, step: Json) -> Drawer:
    """The drawer a step names; every name in a readable file is declared."""
    return day.drawers[step["drawer"]]


def working(drawer: Drawer) -> Custody:
    """Drawer state: open and not counting."""
    custody = drawer.current()
    if custody is None:
        raise RefusedError("drawer_not_open")
    if custody.counts:
        raise RefusedError("drawer_counting")
    return custody


def holds(custody: Custody, step: Json) -> None:
    """Holder."""
    if custody.holder != step["by"]:
        raise RefusedError("not_holder")


def may_audit(day: Day, step: Json) -> None:
    """Holder: verbs that only a lead or a supervisor does."""
    if day.staff[step["by"]].role not in words.APPROVING:
        raise RefusedError("not_permitted")


def bag_is_new(day: Day, step: Json) -> None:
    """Limits: a bag number is used once."""
    if step.get("bag") and step["bag"] in day.bags:
        raise RefusedError("bag_in_use")


def reason_given(step: Json, *, key: str = "reason", code: str = "needs_reason") -> None:
    """Reason, or memo: a text that is more than blanks."""
    if not str(step.get(key, "")).strip():
        raise RefusedError(code)


def approval(day: Day, step: Json, *, must: bool) -> None:
    """Approval: missing, same person, role, PIN."""
    if "approver" not in step:
        if must:
            raise RefusedError("needs_approval")
        return
    if step["approver"] == step["by"]:
        raise RefusedError("same_person")
    approver = day.staff[step["approver"]]
    if approver.role not in words.APPROVING:
        raise RefusedError("not_permitted")
    approver.give_pin(step.get("approver_pin"), day.now)


def witness(day: Day, step: Json, *, must: bool = False) -> None:
    """Witness: anybody else, with their own PIN."""
    if "witness" not in step:
        if must:
            raise RefusedError("needs_witness")
        return
    if step["witness"] == step["by"]:
        raise RefusedError("same_person")
    day.staff[step["witness"]].give_pin(step.get("witness_pin"), day.now)


def cash_there(custody: Custody, cents: int) -> None:
    """Cash: nothing leaves a drawer that it does not hold."""
    if cents > custody.expected()["cash"]:
        raise RefusedError("not_enough_cash")
