"""Handoff: a closed drawer goes to the next person, who counts it, reads what is open, and signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from access_desk.domain.cash_drawer.commands import HandOver
from access_desk.domain.cash_drawer.events import CustodyOpened
from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.denominations import CashCount
from access_desk.domain.errors import DeskError
from access_desk.domain.events import Recorded
from access_desk.domain.facility.state import DrawerState
from access_desk.domain.money import ZERO, Money
from access_desk.domain.permissions import DrawerStatus
from access_desk.domain.staff import Countersign
from access_desk.presentation.cash_count_boxes import CountBoxes, box_name
from access_desk.presentation.drawer_session import MoneySession, MoneyState, MoneyViewModel
from access_desk.presentation.drawer_words import clock_text
from access_desk.presentation.handoff_items import OpenItem, open_items
from access_desk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class AlsoHanded:
    """Something else that changes hands, such as the drawer's key; ``ticked`` once it did."""

    title: str
    detail: str
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who a typed sign-in name belongs to."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffState(MoneyState):
    """A drawer between two people. ``left_pieces`` is None when only the total that was left is known."""

    found: bool = False
    drawer_id: str = ""
    drawer_key: str = ""
    outgoing: str = ""
    signed_at: str = ""
    shift: str = ""
    left: Money = ZERO
    left_pieces: CashCount | None = None
    over_short: Money = ZERO
    boxes: CountBoxes = field(default_factory=CountBoxes)
    items: tuple[OpenItem, ...] = ()
    new_item: str = ""
    also: tuple[AlsoHanded, ...] = ()
    note: str = ""
    staff: Mapping[str, Receiver] = field(default_factory=dict)
    sign_in_name: str = ""
    receiver: Receiver | None = None
    pin: str = field(default="", repr=False)
    missing: tuple[tuple[str, str], ...] = ()
    taken_custody: str = ""

    @property
    def difference(self) -> Money:
        """The receiver's count less what was left."""
        return self.boxes.total() - self.left

    @property
    def is_counted(self) -> bool:
        """Whether the receiver counted everything and it is what was left."""
        return not self.boxes.blanks() and not self.boxes.unreadable() and not self.difference

    @property
    def items_read(self) -> int:
        """How many open items were read."""
        return sum(item.is_read for item in self.items)

    @property
    def incoming(self) -> str:
        """The receiver's name as far as it is known."""
        return self.receiver.name if self.receiver else ""

    @property
    def step(self) -> int:
        """1 count together, 2 carry over, 3 sign."""
        if not self.is_counted:
            return 1
        return 2 if self.items_read < len(self.items) else 3


class HandoffViewModel(MoneyViewModel[HandoffState]):
    """The handoff of the drawer that the person at the desk closed last."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, HandoffState())

    def load(self) -> None:
        """Find the drawer and what is open."""
        person = self.who
        self.ask(lambda: _handoff(self.session.desk, person), self._loaded)

    def type_box(self, key: str, text: str) -> None:
        """A box of the receiver's own count changed."""
        self.change(boxes=self.state.boxes.typed(key, text), missing=(), problem="")

    def fill_blanks(self) -> None:
        """Ctrl 0: none of what is blank."""
        self.change(boxes=self.state.boxes.filled(), missing=())

    def read_item(self, index: int, *, on: bool) -> None:
        """Space on an open item."""
        items = self.state.items
        self.change(items=(*items[:index], replace(items[index], is_read=on), *items[index + 1 :]), problem="")

    def add_item(self, text: str) -> None:
        """Something else the next person has to know."""
        if text.strip():
            item = OpenItem(text.strip(), "", "Added", is_read=True)
            self.change(items=(*self.state.items, item), new_item="", problem="")

    def tick_also(self, index: int, *, on: bool) -> None:
        """The key, a bag: whether it changed hands."""
        also = self.state.also
        self.change(also=(*also[:index], replace(also[index], ticked=on), *also[index + 1 :]))

    def write_note(self, note: str) -> None:
        """A note for the next person."""
        self.change(note=note)

    def sign(self, sign_in_name: str, pin: str) -> None:
        """The receiver's sign-in name and PIN."""
        receiver = self.state.staff.get(sign_in_name.strip().lower())
        self.change(sign_in_name=sign_in_name, pin=pin, receiver=receiver, problem="", missing=())

    def take(self) -> None:
        """Both sign: the receiver holds the drawer from now."""
        state = self.state
        missing = _missing(state)
        self.change(missing=missing, problem="")
        if missing or not state.found or state.taken_custody or state.receiver is None:
            return
        texts = tuple(item.text_for_paper for item in state.items)
        receiver = Countersign(state.receiver.person_id, state.pin or None)
        command = HandOver(state.drawer_id, receiver, state.boxes.to_count(), texts, state.note.strip())
        drawers = self.session.desk.drawers
        self.write(lambda by: drawers.hand_over(by, command), self._taken)

    def refused(self, error: DeskError) -> None:
        """Show why; the PIN is typed again."""
        self.change(busy=False, problem=error.text, pin="")

    def _taken(self, events: list[Recorded]) -> None:
        opened = next(event.body for event in events if isinstance(event.body, CustodyOpened))
        self.change(taken_custody=opened.custody_id, pin="")

    def _loaded(self, loaded: HandoffState) -> None:
        self.new_form()
        if loaded.found and loaded.drawer_id == self.state.drawer_id and not self.state.taken_custody:
            loaded = replace(
                loaded,
                boxes=self.state.boxes,
                note=self.state.note,
                sign_in_name=self.state.sign_in_name,
                receiver=self.state.receiver,
            )
        self.change(**{name: getattr(loaded, name) for name in loaded.__dataclass_fields__})


def _handoff(desk: Desk, person_id: str) -> HandoffState:
    facility = desk.view.facility()
    mine = [
        one
        for one in facility.drawers.values()
        if one.status is DrawerStatus.CLOSED and one.last_holder_id == person_id and one.last_custody_id
    ]
    closed = [(drawer, desk.papers.custody(drawer.last_custody_id or "")) for drawer in mine]
    closed.sort(key=lambda pair: pair[1].opened_at)
    if not closed:
        return HandoffState()
    drawer, custody = closed[-1]
    left = drawer.should_hold()
    return HandoffState(
        found=True,
        drawer_id=drawer.drawer_id,
        drawer_key=drawer.key,
        outgoing=facility.person(person_id).name,
        signed_at=clock_text(desk.view.local(custody.closed_at)) if custody.closed_at else "",
        shift=custody.shift,
        left=left,
        left_pieces=_left_pieces(custody),
        over_short=custody.over_short["cash"] if custody.over_short else Money(0),
        items=open_items(desk, person_id),
        staff={one.key.lower(): Receiver(one.person_id, one.name) for one in desk.people.staff()},
        also=_also(desk, drawer, custody),
    )


def _left_pieces(custody: CustodyFigures) -> CashCount | None:
    if not custody.closing_counts or custody.to_bank is None:
        return None
    counted = custody.closing_counts[-1].count.cash
    # The clerk may have given an amount only; which pieces that were is then not known, and not guessed.
    banked = custody.to_bank_pieces or (None if custody.to_bank else CashCount({}))
    if banked is None:
        return None
    left = {key: pieces - banked.pieces.get(key, 0) for key, pieces in counted.pieces.items()}
    return CashCount({key: pieces for key, pieces in left.items() if pieces > 0}, counted.mutilated)


def _also(desk: Desk, drawer: DrawerState, custody: CustodyFigures) -> tuple[AlsoHanded, ...]:
    book = desk.view.book(custody.custody_id)
    bags = [bag for bag in book.bags if bag.place == "safe"] if book else []
    return (
        AlsoHanded(f"Drawer key {drawer.key}", "To the next person"),
        *(
            AlsoHanded(
                f"{'Drop' if bag.source == 'drop' else 'Deposit'} bag {bag.bag}",
                f"{bag.amount.dollars()} in the safe {clock_text(desk.view.local(bag.sealed_at))}",
            )
            for bag in bags
        ),
    )


def _missing(state: HandoffState) -> tuple[tuple[str, str], ...]:
    boxes = state.boxes
    found = [(key, f"{box_name(key)}: {boxes.error(key)}") for key in boxes.unreadable()]
    found += [(key, f"{box_name(key)}: count them, or enter 0 for none.") for key in boxes.blanks()]
    if unread := len(state.items) - state.items_read:
        found.append(("items", f"Open items: read {unread} more, Space ticks one."))
    if unticked := [one.title for one in state.also if not one.ticked]:
        found.append(("also", f"Also changing hands: {', '.join(unticked)}."))
    if state.receiver is None:
        name = "enter the receiver’s sign-in name." if not state.sign_in_name.strip() else "nobody here has this sign-in name."
        found.append(("name", f"Sign: {name}"))
    elif not state.pin:
        found.append(("pin", "Sign: enter the receiver’s PIN."))
    return tuple(found)
