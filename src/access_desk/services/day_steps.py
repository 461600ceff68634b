"""From a day file's step to the use case it performs: values are read first, names become ids, nothing is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from access_desk.domain.cash_drawer import commands as drawer
from access_desk.domain.day import DayStep
from access_desk.domain.denominations import CashCount
from access_desk.domain.events import Recorded
from access_desk.domain.facility.deposit import ConfirmDeposit, SendDeposit
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import SEXES, Demographics
from access_desk.domain.payments.commands import RefundPayment, TakePayment, TenderOffered, VoidPayment
from access_desk.domain.payments.events import PURPOSES, PaymentLine
from access_desk.domain.policy import TENDERS
from access_desk.domain.staff import Countersign
from access_desk.domain.visits.events import VISIT_TYPES, Coverage, VisitDetails
from access_desk.services.cash_drawer import CashDrawerService
from access_desk.services.day_values import Values, bad_value, countersign
from access_desk.services.journal import By
from access_desk.services.payments import PaymentService
from access_desk.services.registration import Registration, RegistrationService

# An id that nothing has: what a name stands for when the step that declared it was refused.
NOTHING = "never made"


@dataclass(slots=True)
class Names:
    """What the names of a day file stand for here."""

    staff: dict[str, str] = field(default_factory=dict)
    drawers: dict[str, str] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    patients: dict[str, str] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeskServices:
    """The use cases a day is played through, the same that the screens call."""

    drawers: CashDrawerService
    payments: PaymentService
    registration: RegistrationService


Perform = Callable[[By], list[Recorded]]


def prepare(step: DayStep, names: Names, services: DeskServices) -> Perform:
    """What the step does once somebody acts. Raises DeskError for a value that cannot be."""
    note = step.values.get("note", "")
    if not isinstance(note, str):
        raise bad_value("note")
    return _PREPARE[step.do](Values(step.values, note), names, services)


def _drawer(values: Values, names: Names) -> str:
    return names.drawers.get(values.needed_text("drawer"), NOTHING)


def _second(values: Values, names: Names, who: str, pin: str) -> Countersign | None:
    person_id = names.staff.get(values.text(who)) if who in values else None
    return countersign(values, who, pin, person_id)


def _approval(values: Values, names: Names) -> Countersign | None:
    return _second(values, names, "approver", "approver_pin")


def _witness(values: Values, names: Names) -> Countersign | None:
    return _second(values, names, "witness", "witness_pin")


def _register(values: Values, names: Names, services: DeskServices) -> Perform:
    new: NewPatient | None = None
    patient_id: str | None = None
    if values.is_object("patient"):
        new = _new_patient(values.inside("patient"), names, values.text("despite_match"))
    else:
        patient_id = names.patients.get(values.needed_text("patient"), NOTHING)
    visit = _visit(values.inside("visit"))
    coverages = tuple(_coverage(one) for one in values.each("coverages"))
    registration = Registration(visit, coverages, new, patient_id)
    return lambda by: services.registration.register(by, registration)


def _visit(values: Values) -> VisitDetails:
    kind = values.text("type", "outpatient")
    if kind not in VISIT_TYPES:
        raise bad_value("type")
    return VisitDetails(
        kind, values.text("service"), values.text("reason"), values.text("location"), values.text("attending_npi")
    )


def _coverage(values: Values) -> Coverage:
    return Coverage(
        payer=values.text("payer"),
        plan=values.text("plan"),
        member_id=values.text("member_id"),
        group=values.text("group"),
        relationship=values.text("relationship"),
        subscriber=values.text("subscriber"),
        copay=values.amount_or_zero("copay") if "copay" in values else None,
        medicare=values.flag("medicare"),
    )


def _new_patient(values: Values, names: Names, despite_match: str) -> NewPatient:
    newborn_of = None
    if "newborn_of" in values:
        newborn_of = names.patients.get(values.needed_text("newborn_of"), NOTHING)
    return NewPatient(
        demographics=_demographics(values),
        mrn=values.text("mrn"),
        unidentified=values.flag("unknown"),
        newborn_of=newborn_of,
        birth_order=values.number("birth_order"),
        despite_match=despite_match or values.text("despite_match"),
    )


def _demographics(values: Values) -> Demographics:
    address = values.inside("address")
    sex = values.text("sex", "unknown")
    if sex not in SEXES:
        raise bad_value("sex")
    texts = {key: values.text(key) for key in _PLAIN}
    places = {key: address.text(key) for key in _ADDRESS}
    return Demographics(birth_date=values.day("birth_date"), sex=sex, **texts, **places)


# Of the day file's contract; a visit has more.
_VISIT_EVENTS = ("triaged", "mse_completed", "stabilized", "admitted", "departed", "left_without_being_seen")
_PLAIN = ("family", "given", "middle", "suffix", "ssn", "phone", "email", "language")
_ADDRESS = ("line", "city", "state", "zip")


def _amend(values: Values, names: Names, services: DeskServices) -> Perform:
    changed = values.inside("set")
    changes = {key: changed.text(key) for key in _PLAIN if key in changed}
    if "sex" in changed:
        changes["sex"] = changed.text("sex")
    if "birth_date" in changed:
        changes["birth_date"] = str(changed.day("birth_date"))
    if "unknown" in changed:
        changes["unidentified"] = "1" if changed.flag("unknown") else ""
    address = changed.inside("address")
    changes |= {key: address.text(key) for key in _ADDRESS if key in address}
    if {"mrn", "newborn_of", "birth_order", "despite_match"} & set(changed.keys()):
        raise bad_value("set")
    patient_id = names.patients.get(values.needed_text("patient"), NOTHING)
    return lambda by: services.registration.amend(by, patient_id, changes)


def _visit_event(values: Values, names: Names, services: DeskServices) -> Perform:
    milestone = values.needed_text("event")
    if milestone not in _VISIT_EVENTS:
        raise bad_value("event")
    visit_id = names.visits.get(values.needed_text("visit"), NOTHING)
    return lambda by: services.registration.reach_milestone(by, visit_id, milestone)


def _open_drawer(values: Values, names: Names, services: DeskServices) -> Perform:
    command = drawer.OpenDrawer(_drawer(values, names), values.count("count"), _witness(values, names))
    return lambda by: services.drawers.open_drawer(by, command)


def _payment(values: Values, names: Names, services: DeskServices) -> Perform:
    if ("visit" in values) == ("patient" in values):
        raise bad_value("visit")
    lines = _lines(values)
    command = TakePayment(
        drawer_id=_drawer(values, names),
        lines=lines,
        tenders=_tenders(values, lines),
        visit_id=names.visits.get(values.needed_text("visit"), NOTHING) if "visit" in values else None,
        patient_id=names.patients.get(values.needed_text("patient"), NOTHING) if "patient" in values else None,
    )
    return lambda by: services.payments.take(by, command)


def _lines(values: Values) -> tuple[PaymentLine, ...]:
    if "lines" in values:
        if "purpose" in values or "amount" in values:
            raise bad_value("lines")
        lines = tuple(PaymentLine(_purpose(one), one.amount("amount")) for one in values.each("lines"))
        if not lines:
            raise bad_value("lines")
        return lines
    return (PaymentLine(_purpose(values), values.amount("amount")),)


def _purpose(values: Values) -> str:
    purpose = values.needed_text("purpose")
    if purpose not in PURPOSES:
        raise bad_value("purpose")
    return purpose


_ONE_TENDER = ("tender", "tendered", "check_number", "card_last4", "auth_code")


def _tenders(values: Values, lines: tuple[PaymentLine, ...]) -> tuple[TenderOffered, ...]:
    if "tenders" in values:
        if any(key in values for key in _ONE_TENDER):
            raise bad_value("tenders")
        tenders = tuple(_tender(one, one.amount("amount")) for one in values.each("tenders"))
        if not tenders:
            raise bad_value("tenders")
        return tenders
    return (_tender(values, Money(sum(line.amount.cents for line in lines))),)


def _tender(values: Values, amount: Money) -> TenderOffered:
    tender = values.needed_text("tender")
    if tender not in TENDERS:
        raise bad_value("tender")
    return TenderOffered(
        tender,
        amount,
        values.amount("tendered") if "tendered" in values else None,
        values.text("check_number"),
        values.text("card_last4"),
        values.text("auth_code"),
    )


def _void(values: Values, names: Names, services: DeskServices) -> Perform:
    payment_id = names.payments.get(values.needed_text("payment"), NOTHING)
    command = VoidPayment(payment_id, values.text("reason"), _approval(values, names))
    return lambda by: services.payments.void(by, command)


def _refund(values: Values, names: Names, services: DeskServices) -> Perform:
    command = RefundPayment(
        payment_id=names.payments.get(values.needed_text("payment"), NOTHING),
        amount=values.amount("amount"),
        reason=values.text("reason"),
        approval=_approval(values, names),
        drawer_id=_drawer(values, names) if "drawer" in values else None,
        tender=values.needed_text("tender") if "tender" in values else None,
    )
    command.check()
    return lambda by: services.payments.refund(by, command)


def _drop(values: Values, names: Names, services: DeskServices) -> Perform:
    if "count" in values and "amount" in values:
        raise bad_value("count")
    pieces = values.count("count") if "count" in values else None
    amount = pieces.total() if pieces else values.amount("amount")
    command = drawer.DropCash(_drawer(values, names), amount, pieces, values.text("bag"), _witness(values, names))
    return lambda by: services.drawers.drop(by, command)


def _paid_in(values: Values, names: Names, services: DeskServices) -> Perform:
    approval = _approval(values, names)
    command = drawer.PayIn(_drawer(values, names), values.amount("amount"), values.text("reason"), approval)
    return lambda by: services.drawers.pay_in(by, command)


def _paid_out(values: Values, names: Names, services: DeskServices) -> Perform:
    approval = _approval(values, names)
    command = drawer.PayOut(_drawer(values, names), values.amount("amount"), values.text("reason"), approval)
    return lambda by: services.drawers.pay_out(by, command)


def _exchange(values: Values, names: Names, services: DeskServices) -> Perform:
    command = drawer.ExchangeChange(_drawer(values, names), values.count("give"), values.count("take"))
    return lambda by: services.drawers.exchange(by, command)


def _no_sale(values: Values, names: Names, services: DeskServices) -> Perform:
    command = drawer.OpenWithoutSale(_drawer(values, names), values.text("reason"))
    return lambda by: services.drawers.open_without_sale(by, command)


def _count_drawer(values: Values, names: Names, services: DeskServices) -> Perform:
    command = drawer.CountDrawer(_drawer(values, names), values.closing_count("count"))
    return lambda by: services.drawers.count(by, command)


def _close_drawer(values: Values, names: Names, services: DeskServices) -> Perform:
    pieces: CashCount | None = values.count("to_bank") if values.is_object("to_bank") else None
    amount = values.amount_or_zero("to_bank") if "to_bank" in values and pieces is None else None
    command = drawer.CloseDrawer(
        drawer_id=_drawer(values, names),
        reason=values.text("reason"),
        memo=values.text("memo"),
        approval=_approval(values, names),
        witness=_witness(values, names),
        bag=values.text("bag"),
        to_bank=amount,
        to_bank_count=pieces,
    )
    return lambda by: services.drawers.close(by, command)


def _hand_over(values: Values, names: Names, services: DeskServices) -> Perform:
    receiver = _second(values, names, "to", "to_pin")
    if receiver is None:
        raise bad_value("to")
    count = values.count("count")
    command = drawer.HandOver(_drawer(values, names), receiver, count, values.texts("open_items"))
    return lambda by: services.drawers.hand_over(by, command)


def _take_over(values: Values, names: Names, services: DeskServices) -> Perform:
    command = drawer.TakeOver(
        _drawer(values, names),
        values.closing_count("count"),
        values.text("reason"),
        values.text("memo"),
        _approval(values, names),
        values.text("bag"),
    )
    return lambda by: services.drawers.take_over(by, command)


def _audit_count(values: Values, names: Names, services: DeskServices) -> Perform:
    command = drawer.AuditCount(_drawer(values, names), values.closing_count("count"))
    return lambda by: services.drawers.audit(by, command)


def _deposit(values: Values, names: Names, services: DeskServices) -> Perform:
    command = SendDeposit(values.texts("bags"), _witness(values, names))
    command.check()
    return lambda by: services.drawers.send_deposit(by, command)


def _confirm_deposit(values: Values, names: Names, services: DeskServices) -> Perform:
    del names
    command = ConfirmDeposit(values.needed_text("bag"), values.amount("amount"))
    return lambda by: services.drawers.confirm_deposit(by, command)


_PREPARE: Mapping[str, Callable[[Values, Names, DeskServices], Perform]] = {
    "register": _register,
    "amend_patient": _amend,
    "visit_event": _visit_event,
    "open_drawer": _open_drawer,
    "payment": _payment,
    "void": _void,
    "refund": _refund,
    "drop": _drop,
    "paid_in": _paid_in,
    "paid_out": _paid_out,
    "exchange": _exchange,
    "no_sale": _no_sale,
    "count_drawer": _count_drawer,
    "close_drawer": _close_drawer,
    "hand_over": _hand_over,
    "take_over": _take_over,
    "audit_count": _audit_count,
    "deposit": _deposit,
    "confirm_deposit": _confirm_deposit,
}
