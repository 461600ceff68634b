"""Opening a drawer: which one, what is in it, and who watched."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from access_desk.domain.cash_drawer.commands import OpenDrawer
from access_desk.domain.errors import DeskError
from access_desk.domain.money import Money
from access_desk.domain.permissions import DrawerStatus
from access_desk.presentation.cash_count_boxes import CountBoxes, box_name
from access_desk.presentation.drawer_session import (
    MoneySession,
    MoneyState,
    MoneyViewModel,
    SecondPerson,
    signed_by,
    who_may_witness,
)
from access_desk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class ClosedDrawer:
    """A drawer that can be opened; ``should_hold`` is its float, or what the last custody left in it."""

    drawer_id: str
    key: str
    desk_label: str
    imprest: Money
    should_hold: Money
    last_holder: str

    @property
    def label(self) -> str:
        """``03, Admitting 3``."""
        return f"{self.key}, {self.desk_label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDrawerState(MoneyState):
    """The drawer chosen and what was counted in it. ``opened`` is its key once it is open, ``held`` one already held."""

    drawers: tuple[ClosedDrawer, ...] = ()
    chosen: ClosedDrawer | None = None
    boxes: CountBoxes = field(default_factory=CountBoxes)
    needs_witness: bool = False
    witnesses: tuple[SecondPerson, ...] = ()
    witness: str = ""
    pin: str = field(default="", repr=False)
    missing: tuple[tuple[str, str], ...] = ()
    held: str = ""
    opened: str = ""

    @property
    def difference(self) -> Money:
        """Counted so far less what the drawer should hold."""
        return self.boxes.total() - (self.chosen.should_hold if self.chosen else Money(0))

    @property
    def is_complete(self) -> bool:
        """Whether every box was counted."""
        return not self.boxes.blanks() and not self.boxes.unreadable()


class OpenDrawerViewModel(MoneyViewModel[OpenDrawerState]):
    """Open drawer: the float is shown, since it is no secret; the count is still piece by piece."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, OpenDrawerState())

    def load(self) -> None:
        """Find the closed drawers, the desk's own first."""
        person = self.who
        self.ask(lambda: _loaded(self.session.desk, person), self._loaded)

    def choose(self, drawer_id: str) -> None:
        """Take another drawer; what was typed was counted in another one."""
        chosen = next((one for one in self.state.drawers if one.drawer_id == drawer_id), None)
        if chosen and chosen != self.state.chosen:
            self.change(chosen=chosen, boxes=CountBoxes(), missing=(), problem="")

    def type_box(self, key: str, text: str) -> None:
        """A count box changed."""
        self.change(boxes=self.state.boxes.typed(key, text), missing=(), problem="")

    def fill_blanks(self) -> None:
        """Ctrl 0: none of what is blank."""
        self.change(boxes=self.state.boxes.filled(), missing=())

    def sign(self, witness: str, pin: str) -> None:
        """Who watched the count, with their PIN."""
        self.change(witness=witness, pin=pin)

    def open(self) -> None:
        """Open the drawer with this count; a difference is recorded with the person who had it last."""
        state, chosen = self.state, self.state.chosen
        unread = [(key, f"{box_name(key)}: {state.boxes.error(key)}") for key in state.boxes.unreadable()]
        blank = [(key, f"{box_name(key)}: count them, or enter 0 for none.") for key in state.boxes.blanks()]
        self.change(missing=(*unread, *blank), problem="")
        if unread or blank or chosen is None or state.opened:
            return
        command = OpenDrawer(chosen.drawer_id, state.boxes.to_count(), signed_by(state.witness, state.pin))
        drawers = self.session.desk.drawers
        self.write(lambda by: drawers.open_drawer(by, command), lambda _: self.change(opened=chosen.key))

    def refused(self, error: DeskError) -> None:
        """Show why; a PIN is typed again."""
        self.change(busy=False, problem=error.text, pin="")

    def _loaded(self, loaded: OpenDrawerState) -> None:
        self.new_form()
        chosen = self.state.chosen
        again = next((one for one in loaded.drawers if chosen and one.drawer_id == chosen.drawer_id), None)
        kept = replace(loaded, chosen=again, boxes=self.state.boxes) if again and not self.state.opened else loaded
        self.change(**{name: getattr(kept, name) for name in kept.__dataclass_fields__})


def _loaded(desk: Desk, person_id: str) -> OpenDrawerState:
    facility = desk.view.facility()
    closed = [
        ClosedDrawer(
            one.drawer_id,
            one.key,
            one.desk_label,
            one.imprest,
            one.should_hold(),
            facility.person(one.last_holder_id).name if one.last_holder_id else "",
        )
        for one in facility.drawers.values()
        if one.status is DrawerStatus.CLOSED
    ]
    closed.sort(key=lambda one: (one.desk_label != desk.label, one.key))
    held = facility.held_by(person_id)
    return OpenDrawerState(
        drawers=tuple(closed),
        chosen=closed[0] if closed else None,
        needs_witness=facility.policy.two_person_open,
        witnesses=who_may_witness(desk, person_id),
        held=held.key if held else "",
    )
