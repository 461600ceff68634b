"""Bank deposit: sealed bags leave the safe with a carrier; the bank confirms what it counted in each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.facility.deposit import ConfirmDeposit, SendDeposit
from access_desk.domain.money import Money, total
from access_desk.presentation.drawer_session import (
    MoneySession,
    MoneyState,
    MoneyViewModel,
    SecondPerson,
    needed_money,
    signed_by,
    who_may_witness,
)
from access_desk.presentation.drawer_words import clock_text, date_text, verdict_word
from access_desk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class BagLine:
    """A sealed bag. ``ticked`` only in the safe; ``confirmed`` is what is typed as the bank's count on its way there."""

    bag: str
    amount: Money
    cash: Money
    source: str
    sealed: str
    place: str
    ticked: bool = False
    confirmed: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositState(MoneyState):
    """Bags by place. ``done`` says what was recorded last."""

    bags: tuple[BagLine, ...] = ()
    carrier: str = ""
    witnesses: tuple[SecondPerson, ...] = ()
    witness: str = ""
    pin: str = field(default="", repr=False)
    done: str = ""

    def at(self, place: str) -> tuple[BagLine, ...]:
        """The bags in the ``safe``, ``in_transit`` or at the ``bank``."""
        return tuple(one for one in self.bags if one.place == place)

    @property
    def leaving(self) -> tuple[BagLine, ...]:
        """The bags ticked to leave the safe."""
        return tuple(one for one in self.bags if one.ticked and one.place == "safe")

    @property
    def leaving_amount(self) -> Money:
        """What leaves the safe."""
        return total(one.amount for one in self.leaving)


class DepositViewModel(MoneyViewModel[DepositState]):
    """Deposits."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, DepositState())

    def load(self) -> None:
        """Read the bags; those in the safe start ticked, since a deposit is of everything there."""
        person = self.who
        self.ask(lambda: _bags(self.session.desk, person), self._loaded)

    def tick(self, bag: str, *, on: bool) -> None:
        """Whether a bag leaves the safe now."""
        self._bag(bag, ticked=on)

    def enter(self, **fields: str) -> None:
        """``carrier``, ``witness`` or ``pin`` changed."""
        self.change(problem="", **fields)

    def type_confirmed(self, bag: str, text: str) -> None:
        """What the bank counted."""
        self._bag(bag, confirmed=text)

    def send(self) -> None:
        """Give the ticked bags to the carrier."""
        state, drawers = self.state, self.session.desk.drawers
        if not state.leaving:
            self.change(problem="Tick the bags that leave the safe.")
            return
        command = SendDeposit(tuple(one.bag for one in state.leaving), signed_by(state.witness, state.pin))
        note = f"Carrier: {state.carrier.strip()}" if state.carrier.strip() else ""
        said = f"{state.leaving_amount.dollars()} in {len(state.leaving)} bags given to the carrier"
        self.write(lambda by: drawers.send_deposit(replace(by, note=note), command), lambda _: self._recorded(said))

    def confirm(self, bag: str) -> None:
        """Record what the bank counted in a bag."""
        line = next((one for one in self.state.bags if one.bag == bag), None)
        if line is None:
            return
        try:
            command = ConfirmDeposit(bag, needed_money(line.confirmed, f"Bag {bag}: enter what the bank counted."))
            command.check()
        except DeskError as wrong:
            self.change(problem=wrong.text)
            return
        difference = command.amount - line.amount
        verdict = f", {verdict_word(difference).lower()} {difference.signed_figures()}" if difference else ", as sealed"
        drawers = self.session.desk.drawers
        said = f"Bag {bag} confirmed{verdict}"
        self.write(lambda by: drawers.confirm_deposit(by, command), lambda _: self._recorded(said))

    def refused(self, error: DeskError) -> None:
        """Show why; a PIN is typed again."""
        again = error.code in (Refusal.PIN_WRONG, Refusal.SAME_PERSON)
        self.change(busy=False, problem=error.text, pin="" if again else self.state.pin)

    def _bag(self, bag: str, **changes: object) -> None:
        self.change(problem="", bags=tuple(replace(one, **changes) if one.bag == bag else one for one in self.state.bags))  # type: ignore[arg-type]

    def _recorded(self, said: str) -> None:
        left = tuple(replace(one, ticked=False, confirmed="") for one in self.state.bags)
        self.change(done=said, pin="", witness="", carrier="", bags=left)
        self.load()

    def _loaded(self, loaded: tuple[tuple[BagLine, ...], tuple[SecondPerson, ...]]) -> None:
        bags, witnesses = loaded
        self.change(bags=bags, witnesses=witnesses)


def _bags(desk: Desk, person_id: str) -> tuple[tuple[BagLine, ...], tuple[SecondPerson, ...]]:
    facility = desk.view.facility()
    lines = []
    for row in desk.view.bags():
        at = desk.view.local(row.sealed_at)
        difference = row.confirmed - row.amount if row.confirmed is not None else None
        result = "" if difference is None else f"{verdict_word(difference)} {difference.signed_figures()}"
        lines.append(
            BagLine(
                row.bag,
                row.amount,
                row.cash,
                "Safe drop" if row.source == "drop" else "Closing",
                f"{date_text(at.date())} {clock_text(at)}, {facility.person(row.sealed_by).name}",
                row.place,
                row.place == "safe",
                result=result,
            )
        )
    return tuple(lines), who_may_witness(desk, person_id)
