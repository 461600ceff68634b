"""What people do at a desk: mostly what is allowed, sometimes what is not, sometimes twice."""

from __future__ import annotations

import random
from dataclasses import replace

from access_desk.domain.cash_drawer.commands import (
    CloseDrawer,
    CountDrawer,
    DropCash,
    ExchangeChange,
    HandOver,
    OpenDrawer,
    OpenWithoutSale,
    PayIn,
    PayOut,
    TakeOver,
)
from access_desk.domain.denominations import CashCount, ClosingCount, CountedCheck
from access_desk.domain.facility.state import DrawerState
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.commands import RefundPayment, TakePayment, TenderOffered, VoidPayment
from access_desk.domain.payments.events import PaymentLine
from access_desk.domain.visits.events import VisitDetails, VisitRegistered
from access_desk.services.desk import Desk
from access_desk.services.registration import Registration
from access_desk.storage.engine import read_transaction
from tests.simulation.places import REGISTRARS, Act, Place, name_here

CHECKS = ("check", "money_order")
TOWNS = ("Akron", "Vega", "Lima", "Mantua")


class Person:
    """Somebody at a desk, for one moment."""

    def __init__(self, place: Place, chance: random.Random) -> None:
        self.place = place
        self.chance = chance
        self.who = name_here(chance.choice(REGISTRARS), place.number)

    @property
    def desk(self) -> Desk:
        """The use cases of the process that runs now."""
        return self.place.desk

    def act(self) -> str:
        """Do something; what it was."""
        held = self._held()
        if held is None:
            doing = self.chance.choices(("open", "amend", "register", "wander", "foreign"), (60, 15, 12, 8, 5))[0]
        elif held.status.value == "counting":
            doing = self.chance.choices(("close", "count", "pay", "amend"), (70, 15, 8, 7))[0]
        else:
            doing = self.chance.choices(
                ("pay", "split", "void", "refund", "drop", "move", "amend", "count", "wander", "foreign", "absent"),
                (36, 12, 8, 8, 7, 6, 10, 6, 3, 3, 1),
            )[0]
        getattr(self, "_" + doing)(held)
        return f"{self.place.name} {self.who} {doing}"

    def _held(self) -> DrawerState | None:
        return self.desk.view.facility().held_by(self.place.test.people[self.who])

    def _do(self, act: Act, who: str = "") -> None:
        if self.chance.random() < 0.1:
            self.place.again(who or self.who, act, self.chance.choice((2, 2, 3)))
        else:
            self.place.carry_out(who or self.who, act)

    def _any_drawer(self) -> str:
        return self.place.test.drawer(self.chance.choice(("D1", "D2")))

    def _open(self, held: DrawerState | None) -> None:
        drawer = held.drawer_id if held else self._any_drawer()
        should = self.desk.view.facility().drawers[drawer].should_hold().cents
        off = self.chance.choice((0, 0, 0, 0, -100, 25))
        self._do(lambda by: self.desk.drawers.open_drawer(by, OpenDrawer(drawer, in_pieces(max(should + off, 0)))))

    def _wander(self, held: DrawerState | None) -> None:
        """Walks away; or opens the drawer without reason."""
        if held is not None:
            reason = self.chance.choice(("", "change for a visitor"))
            self._do(lambda by: self.desk.drawers.open_without_sale(by, OpenWithoutSale(held.drawer_id, reason)))

    def _register(self, held: DrawerState | None) -> VisitRegistered | None:
        del held
        number = self.chance.randint(1, 10**9)
        who = Demographics(family=f"Family{number}", given="Pat", phone=self._phone(), city=self.chance.choice(TOWNS))
        registration = Registration(VisitDetails("outpatient"), (), NewPatient(who))
        events = self.place.carry_out(self.who, lambda by: self.desk.registration.register(by, registration))
        return next((one.body for one in events or () if isinstance(one.body, VisitRegistered)), None)

    def _phone(self) -> str:
        """Mostly a number of one's own; families share theirs."""
        return f"216-555-{self.chance.choice((self.chance.randint(200, 9_999), 100)):04d}"

    def _pay(self, held: DrawerState | None, tenders: tuple[TenderOffered, ...] = ()) -> None:
        visit = self._register(held)
        if visit is None:
            return
        drawer = held.drawer_id if held else self._any_drawer()
        if not tenders:
            amount, tender = (
                Money(self.chance.randint(1, 30_000)),
                self.chance.choice(("cash", "cash", "check", "card", "money_order")),
            )
            given = Money((amount.cents // 2_000 + 1) * 2_000) if tender == "cash" and self.chance.random() < 0.5 else None
            tenders = (TenderOffered(tender, amount, given),)
        total = Money(sum(one.amount.cents for one in tenders))
        command = TakePayment(drawer, (PaymentLine("copay", total),), tenders, visit.visit_id)
        self._do(lambda by: self.desk.payments.take(by, command))

    def _split(self, held: DrawerState | None) -> None:
        parts = [
            TenderOffered("cash", Money(self.chance.randint(1, 9_000))),
            TenderOffered("card", Money(self.chance.randint(1, 9_000))),
        ]
        if self.chance.random() < 0.4:
            parts.append(TenderOffered("check", Money(self.chance.randint(1, 9_000))))
        self._pay(held, tuple(parts))

    def _some_payment(self) -> str:
        mine = list(self.place.paid)
        return self.chance.choice(mine[-12:]) if mine else "nothing"

    def _void(self, held: DrawerState | None) -> None:
        del held
        approver = self.chance.choice(("lea", "lea", "sue", self.who))
        command = VoidPayment(self._some_payment(), self.chance.choice(("wrong patient", "wrong patient", "")))
        if self.chance.random() < 0.85:
            command = replace(command, approval=self.place.test.sign(approver))
        self._do(lambda by: self.desk.payments.void(by, command))

    def _refund(self, held: DrawerState | None) -> None:
        """Mostly of a tender that the payment has, and no more than came; the visitor may come back and ask again."""
        payment = self._some_payment()
        known = self.place.watched.checker.payments.get(payment)
        parts = {one["tender"]: int(one["amount"]) for one in known.tenders} if known else {}
        tender = self.chance.choice((*sorted(parts) * 3, "cash", "check"))
        all_of_it = parts.get(tender, 100)
        amount = self.chance.choice((100, 500, all_of_it, all_of_it, max(all_of_it - 700, 1), self.chance.randint(1, 20_000)))
        drawer = held.drawer_id if held and tender == "cash" else None
        sign = self.place.test.sign(self.chance.choice(("lea", "lea", "sue", self.who)))
        command = RefundPayment(payment, Money(amount), "overpaid", sign, drawer, tender)
        for _ in range(self.chance.choice((1, 1, 2))):
            self._do(lambda by: self.desk.payments.refund(by, command))

    def _drop(self, held: DrawerState | None) -> None:
        drawer = held.drawer_id if held else self._any_drawer()
        bag = f"B{self.chance.randint(1, 999)}" if self.chance.random() < 0.5 else ""
        amount = Money(self.chance.randint(1, 40) * 1_000)
        self._do(lambda by: self.desk.drawers.drop(by, DropCash(drawer, amount, None, bag)))

    def _move(self, held: DrawerState | None) -> None:
        drawer = held.drawer_id if held else self._any_drawer()
        amount, sign = Money(self.chance.randint(1, 5_000)), self.place.test.sign(self.chance.choice(("lea", self.who)))
        match self.chance.randint(0, 2):
            case 0:
                self._do(lambda by: self.desk.drawers.pay_in(by, PayIn(drawer, amount, "found", sign)))
            case 1:
                self._do(lambda by: self.desk.drawers.pay_out(by, PayOut(drawer, amount, "stamps", sign)))
            case _:
                swap = ExchangeChange(drawer, CashCount({"20": 1}), CashCount({"5": 4}))
                self._do(lambda by: self.desk.drawers.exchange(by, swap))

    def _amend(self, held: DrawerState | None) -> None:
        del held
        with read_transaction(self.desk.journal.engine) as connection:
            known = [row[0] for row in connection.exec_driver_sql("SELECT patient_id FROM patients ORDER BY 1 LIMIT 4").all()]
        if not known:
            return
        patient, number = self.chance.choice(known), self.chance.randint(100, 199)
        changes = self.chance.choice(
            ({"phone": f"216-555-0{number}"}, {"city": self.chance.choice(TOWNS)}, {"family": f"V{number}"})
        )
        if self._do_amend(patient, changes):
            shown = self._shown(patient, next(iter(changes)))
            if shown != next(iter(changes.values())):
                self.place.watched.checker.wrong.append(f"what {self.who} just wrote is not what the desk shows")
            self.place.watched.look()

    def _do_amend(self, patient: str, changes: dict[str, str]) -> bool:
        return self.place.carry_out(self.who, lambda by: self.desk.registration.amend(by, patient, changes)) is not None

    def _shown(self, patient: str, name: str) -> str:
        sql = f"SELECT {name} FROM patients WHERE patient_id = ?"  # noqa: S608 - a column of this module's own
        with read_transaction(self.desk.journal.engine) as connection:
            return str(connection.exec_driver_sql(sql, (patient,)).scalar_one())

    def _closing(self, drawer: str) -> ClosingCount:
        """Mostly what should be there; sometimes a little else, sometimes nonsense, sometimes one for another."""
        checker = self.place.watched.checker
        custody = checker.custodies[checker.drawers[drawer].custody]
        off = self.chance.choice((0, 0, 0, 100, -500, -3_000))
        cash, received = custody.cash + off, custody.received
        # What lies in the wrong pile is missing in one and too much in the other.
        card = received["card"] - self.chance.choice((0, 0, 0, off))
        found = [CountedCheck(str(received[one]), Money(received[one]), one) for one in CHECKS if received[one] > 0]
        checks = () if self.chance.random() < 0.1 else tuple(found)
        return ClosingCount(in_pieces(max(cash, 0)), checks, Money(max(card, 0)))

    def _count(self, held: DrawerState | None) -> None:
        if held is not None:
            count = self._closing(held.drawer_id)
            self._do(lambda by: self.desk.drawers.count(by, CountDrawer(held.drawer_id, count)))

    def _close(self, held: DrawerState | None) -> None:
        if held is None:
            return
        reason, memo = self.chance.choice(("miscounted", "")), self.chance.choice(("counted twice", ""))
        command = CloseDrawer(held.drawer_id, reason, memo)
        if self.chance.random() < 0.7:
            command = replace(command, approval=self.place.test.sign(self.chance.choice(("lea", "lea", "sue", self.who))))
        if self.chance.random() < 0.2:
            command = replace(command, to_bank=Money(self.chance.randint(0, 30_000)))
        self._do(lambda by: self.desk.drawers.close(by, command))
        drawer = self.desk.view.facility().drawers[held.drawer_id]
        if drawer.holder_id is None and self.chance.random() < 0.4:
            other = next(name for one in REGISTRARS if (name := name_here(one, self.place.number)) != self.who)
            count = in_pieces(drawer.should_hold().cents + self.chance.choice((0, 0, 0, 100)))
            handing = HandOver(held.drawer_id, self.place.test.sign(other), count)
            self._do(lambda by: self.desk.drawers.hand_over(by, handing))

    def _absent(self, held: DrawerState | None) -> None:
        """A lead closes the drawer of somebody who went home."""
        if held is not None:
            count = self._closing(held.drawer_id)
            taking = TakeOver(held.drawer_id, count, "went home", "absent", self.place.test.sign("leo"))
            self._do(lambda by: self.desk.drawers.take_over(by, taking), "lea")

    def _foreign(self, held: DrawerState | None) -> None:
        """Tries a drawer that is not theirs: another desk's, or a colleague's."""
        del held
        drawers = self.desk.view.facility().drawers
        drawer = drawers[self.chance.choice(sorted(drawers))]
        match self.chance.randint(0, 2):
            case 0:
                count = in_pieces(drawer.should_hold().cents)
                self._do(lambda by: self.desk.drawers.open_drawer(by, OpenDrawer(drawer.drawer_id, count)))
            case 1:
                self._do(lambda by: self.desk.drawers.drop(by, DropCash(drawer.drawer_id, Money(1_000))))
            case _:
                taking = TakeOver(
                    drawer.drawer_id, ClosingCount(in_pieces(20_000)), "not mine", "absent", self.place.test.sign("leo")
                )
                self._do(lambda by: self.desk.drawers.take_over(by, taking), "lea")


def in_pieces(cents: int) -> CashCount:
    """That much in dollar bills and pennies."""
    return CashCount({"1": cents // 100, "0.01": cents % 100})
