"""Verbs that move money while a custody is open: payment, void, refund, drop, paid-in, paid-out, exchange, no sale."""

from __future__ import annotations

from tests.oracle import checks
from tests.oracle import vocabulary as words
from tests.oracle.state import Bag, Custody, Day, Payment, no_money
from tests.oracle.values import MOST_CENTS, TENDERS, Json, RefusedError, cash_count, cents_of, one_of


def payment(day: Day, step: Json) -> None:
    """Money from a patient; with penny rounding the cash taken may differ from the amount credited."""
    _one_subject(step)
    checks.needed(step, "drawer")
    credited, taken = _tenders(day, step, _asked(step))
    named = "visit" in step
    visits = [checks.visit_named(day, step["visit"])] if named else checks.patient_named(day, step["patient"]).visits
    custody = checks.working(checks.drawer_of(day, step))
    checks.holds(custody, step)
    if any(visit.held(day.policy.emtala_release) for visit in visits):
        raise RefusedError("emtala_hold")
    made = Payment(custody, credited, taken)
    _post_payment(day, made, 1)
    for tender in TENDERS:
        custody.received[tender] += taken[tender]
    custody.receipts_issued += 1
    if "as" in step:
        day.named_payments[step["as"]] = made


def _one_subject(step: Json) -> None:
    if ("visit" in step) == ("patient" in step):
        raise RefusedError("bad_value")
    if not isinstance(step.get("visit", step.get("patient")), str):
        raise RefusedError("bad_value")


def _asked(step: Json) -> int:
    """The amount of a payment, from ``purpose`` and ``amount`` or from ``lines``."""
    if "lines" not in step:
        lines: object = [{key: step[key] for key in ("purpose", "amount") if key in step}]
    elif "purpose" in step or "amount" in step:
        raise RefusedError("bad_value")
    else:
        lines = step["lines"]
    if not isinstance(lines, list) or not lines:
        raise RefusedError("bad_value")
    total = 0
    for line in lines:
        if not isinstance(line, dict):
            raise RefusedError("bad_value")
        if "amount" not in line:
            raise RefusedError("bad_amount")
        if not one_of(line.get("purpose"), words.PURPOSES):
            raise RefusedError("bad_value")
        total += cents_of(line["amount"])
    if total > MOST_CENTS:
        raise RefusedError("bad_amount")
    return total


def _tenders(day: Day, step: Json, asked: int) -> tuple[dict[str, int], dict[str, int]]:
    """What is credited and what is taken, per tender."""
    if "tenders" in step:
        if "tender" in step or "tendered" in step:
            raise RefusedError("bad_value")
        parts = step["tenders"]
    else:
        parts = [{key: step[key] for key in words.TENDER - {"amount"} if key in step}]
    if not isinstance(parts, list) or not parts:
        raise RefusedError("bad_value")
    credited, taken = no_money(), no_money()
    for part in parts:
        if not isinstance(part, dict) or not one_of(part.get("tender"), TENDERS):
            raise RefusedError("bad_value")
        tender = part["tender"]
        amount = asked if "tenders" not in step else cents_of(part.get("amount"))
        cash_asked = rounded(amount) if tender == "cash" and day.policy.nearest_5 else amount
        _check_details(part, cash_asked)
        credited[tender] += amount
        taken[tender] += cash_asked
    if sum(credited.values()) != asked:
        raise RefusedError("bad_amount")
    return credited, taken


def _check_details(part: Json, cash_asked: int) -> None:
    for key in ("check_number", "card_last4", "auth_code"):
        if not isinstance(part.get(key, ""), str):
            raise RefusedError("bad_value")
    last4 = part.get("card_last4", "0000")
    if len(last4) != 4 or not (last4.isascii() and last4.isdigit()):
        raise RefusedError("bad_value")
    if "tendered" in part:
        if part["tender"] != "cash":
            raise RefusedError("bad_value")
        if cents_of(part["tendered"]) < cash_asked:
            raise RefusedError("bad_amount")


def rounded(cents: int) -> int:
    """To the nearest 5 cents; one and two cents become five, since nothing is paid with nothing."""
    return max(5, (cents + 2) // 5 * 5)


def _post_payment(day: Day, made: Payment, sign: int) -> None:
    """Accounts besides the drawers, which are read off the custodies."""
    day.card_clearing += sign * made.taken["card"]
    day.patients_account -= sign * sum(made.credited.values())
    rounding = sum(made.taken.values()) - sum(made.credited.values())
    made.custody.rounding += sign * rounding
    day.rounding -= sign * rounding


def void(day: Day, step: Json) -> None:
    """Takes a payment back while its custody is open; the original tenders go back."""
    checks.needed(step, "payment")
    made = checks.payment_named(day, step["payment"])
    custody = made.custody
    if made.voided:
        raise RefusedError("already_voided")
    if custody.closed_at is not None:
        raise RefusedError("void_window_closed")
    if custody.counts:
        raise RefusedError("drawer_counting")
    checks.holds(custody, step)
    if any(made.refunded.values()):
        raise RefusedError("more_than_paid")
    checks.reason_given(step)
    checks.approval(day, step, must=day.policy.void_approval)
    checks.cash_there(custody, made.taken["cash"])
    made.voided = True
    _post_payment(day, made, -1)
    for tender in TENDERS:
        custody.received[tender] -= made.taken[tender]
        custody.voided[tender] += made.taken[tender]
    custody.receipts_voided += 1


def refund(day: Day, step: Json) -> None:
    """Gives money back: cash from the drawer named, the rest through the business office and the terminal."""
    checks.needed(step, "payment")
    amount = cents_of(step.get("amount"))
    if not one_of(step.get("tender", "cash"), TENDERS):
        raise RefusedError("bad_value")
    made = checks.payment_named(day, step["payment"])
    tender = _refunded_tender(step, made)
    custody = None
    if "drawer" in step:
        custody = checks.working(checks.drawer_of(day, step))
        checks.holds(custody, step)
    if made.voided:
        raise RefusedError("already_voided")
    if amount > made.credited[tender] - made.refunded[tender]:
        raise RefusedError("more_than_paid")
    checks.reason_given(step)
    checks.approval(day, step, must=day.policy.refund_approval)
    if custody is not None:
        if tender == "cash":
            checks.cash_there(custody, amount)
        custody.refunded[tender] += amount
    made.refunded[tender] += amount
    day.patients_account += amount
    if tender == "card":
        day.card_clearing -= amount
    elif tender != "cash":
        day.bank -= amount


def _refunded_tender(step: Json, made: Payment) -> str:
    used = [tender for tender in TENDERS if made.credited[tender]]
    if "tender" not in step and len(used) > 1:
        raise RefusedError("bad_value")
    tender = str(step.get("tender", used[0]))
    if tender not in used or (tender == "cash" and "drawer" not in step):
        raise RefusedError("bad_value")
    return tender


def drop(day: Day, step: Json) -> None:
    """Cash from the drawer to the safe."""
    checks.needed(step, "drawer")
    if "count" in step and "amount" in step:
        raise RefusedError("bad_value")
    amount = cash_count(step["count"], step.get("note")) if "count" in step else cents_of(step.get("amount"))
    if amount == 0:
        raise RefusedError("bad_amount")
    custody = checks.working(checks.drawer_of(day, step))
    checks.holds(custody, step)
    checks.bag_is_new(day, step)
    checks.witness(day, step)
    checks.cash_there(custody, amount)
    custody.dropped += amount
    day.safe += amount
    if step.get("bag"):
        day.bags[step["bag"]] = Bag(amount)


def paid_in(day: Day, step: Json) -> None:
    """Cash from outside into the drawer."""
    custody, amount = _paid(day, step)
    custody.paid_in += amount
    day.provided += amount


def paid_out(day: Day, step: Json) -> None:
    """Cash out of the drawer for an expense."""
    custody, amount = _paid(day, step)
    checks.cash_there(custody, amount)
    custody.paid_out += amount
    day.paid_out += amount


def _paid(day: Day, step: Json) -> tuple[Custody, int]:
    checks.needed(step, "drawer")
    amount = cents_of(step.get("amount"))
    custody = checks.working(checks.drawer_of(day, step))
    if step["do"] == "paid_out" and not day.policy.paid_out:
        raise RefusedError("not_permitted")
    checks.holds(custody, step)
    checks.reason_given(step)
    checks.approval(day, step, must=True)
    return custody, amount


def exchange(day: Day, step: Json) -> None:
    """Change from the safe: as much comes as goes."""
    checks.needed(step, "drawer")
    give = cash_count(step.get("give"), step.get("note"))
    if give != cash_count(step.get("take"), step.get("note")) or not give:
        raise RefusedError("bad_count")
    custody = checks.working(checks.drawer_of(day, step))
    checks.holds(custody, step)
    checks.cash_there(custody, give)


def no_sale(day: Day, step: Json) -> None:
    """The drawer is opened without money moving."""
    checks.needed(step, "drawer")
    custody = checks.working(checks.drawer_of(day, step))
    checks.holds(custody, step)
    checks.reason_given(step)
