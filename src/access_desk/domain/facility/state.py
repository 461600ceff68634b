"""What the rules need to know of a facility: settings, people, drawers and who holds them, bags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from access_desk.domain.cash_drawer.events import CashDropped, CustodyClosed, CustodyOpened, DrawerCounted
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Recorded
from access_desk.domain.facility.events import (
    DepositConfirmed,
    DepositSent,
    DeskEnrolled,
    DeskNumbered,
    DrawerInstalled,
    DrawerLeased,
    FacilityEstablished,
    PolicySet,
    StaffAdded,
    StaffAmended,
)
from access_desk.domain.money import Money
from access_desk.domain.permissions import DrawerStatus
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Person


@dataclass(frozen=True, slots=True)
class DrawerState:
    """A drawer between and during custodies. ``left_in_drawer`` is None until its first custody has closed.

    It is leased to the desk that installed it, ``desk_id``, until a supervisor leases it to another: nobody else writes its
    money, so its numbers have no gaps. ``epochs`` are the series of receipt numbers it was ever in.
    """

    drawer_id: str
    key: str
    desk_label: str
    imprest: Money
    desk_id: str = ""
    epoch: int = 1
    status: DrawerStatus = DrawerStatus.CLOSED
    custody_id: str | None = None
    holder_id: str | None = None
    last_custody_id: str | None = None
    last_holder_id: str | None = None
    left_in_drawer: Money | None = None
    next_receipt: int = 1
    epochs: frozenset[int] = frozenset()

    def should_hold(self) -> Money:
        """The imprest at the first opening ever, afterwards what the last custody left."""
        return self.imprest if self.left_in_drawer is None else self.left_in_drawer


@dataclass(frozen=True, slots=True)
class Bag:
    """A sealed bag; ``place`` is ``safe``, ``in_transit`` or ``bank``."""

    number: str
    amount: Money
    place: str = "safe"


@dataclass(frozen=True, slots=True)
class FacilityState:
    """One facility; mappings are by id (people, drawers) and by number (bags)."""

    facility_id: str = ""
    code: str = ""
    name: str = ""
    timezone: str = "UTC"
    address_lines: tuple[str, ...] = ()
    phone: str = ""
    policy: Policy = field(default_factory=Policy)
    people: Mapping[str, Person] = field(default_factory=dict)
    drawers: Mapping[str, DrawerState] = field(default_factory=dict)
    bags: Mapping[str, Bag] = field(default_factory=dict)
    desk_numbers: Mapping[str, int] = field(default_factory=dict)

    def person(self, person_id: str) -> Person:
        """The person of that id. Raises ``unknown_reference``."""
        if person_id not in self.people:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "This person is not on the staff of this facility.")
        return self.people[person_id]

    def drawer(self, drawer_id: str) -> DrawerState:
        """The drawer of that id. Raises ``unknown_reference``."""
        if drawer_id not in self.drawers:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "This drawer is not installed at this facility.")
        return self.drawers[drawer_id]

    def status_of(self, drawer_id: str, custody_id: str) -> DrawerStatus:
        """How a custody of a drawer stands: as the drawer that is in it, else closed. Raises ``unknown_reference``."""
        drawer = self.drawer(drawer_id)
        return drawer.status if drawer.custody_id == custody_id else DrawerStatus.CLOSED

    def bag(self, number: str) -> Bag:
        """The bag of that number. Raises ``unknown_reference`` when nobody sealed one."""
        if number not in self.bags:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "No bag with this number was sealed here.")
        return self.bags[number]

    def held_by(self, person_id: str) -> DrawerState | None:
        """The drawer a person holds now."""
        return next((drawer for drawer in self.drawers.values() if drawer.holder_id == person_id), None)

    def person_by_key(self, key: str) -> Person | None:
        """The person with that sign-in name."""
        return next((person for person in self.people.values() if person.key == key), None)


def evolve(state: FacilityState, event: Recorded) -> FacilityState:
    """The facility after one more event."""
    match event.body:
        case FacilityEstablished() as made:
            # Desks that were apart may each have made it; the first stands.
            if state.code:
                return state
            return replace(
                state,
                facility_id=event.facility_id,
                code=made.code,
                name=made.name,
                timezone=made.timezone,
                address_lines=made.address_lines,
                phone=made.phone,
            )
        case DeskEnrolled() if event.stream_epoch > 1:
            return _restored(state, event)
        case DeskNumbered(number=number):
            return replace(state, desk_numbers={**state.desk_numbers, event.desk_id: number})
        case PolicySet(policy=policy):
            return replace(state, policy=policy)
        case StaffAdded() as added if added.person_id in state.people:
            return state
        case StaffAdded() as added:
            return _with_person(state, Person(added.person_id, added.key, added.name, added.role))
        case StaffAmended() as amended if amended.person_id in state.people:
            person = state.people[amended.person_id]
            return _with_person(state, replace(person, role=amended.role, active=amended.active))
        case DrawerInstalled() as installed if installed.drawer_id not in state.drawers:
            drawer = DrawerState(installed.drawer_id, installed.key, installed.desk_label, installed.imprest, event.desk_id)
            epoch = _epoch(state, event)
            return _with_drawer(state, replace(drawer, epoch=epoch, epochs=frozenset({epoch})))
        case DrawerLeased() as leased if leased.drawer_id in state.drawers:
            return _leased(state, event, leased)
    drawer_id = getattr(event.body, "drawer_id", None)
    return state if drawer_id is not None and drawer_id not in state.drawers else _evolve_money(state, event)


# A desk is restored less often than this between two re-installs of the program.
_EPOCHS_APART = 10_000
# A drawer that comes back to a desk is in a series of its own again.
_RETURNS_APART = 10_000_000


def _epoch(state: FacilityState, event: Recorded) -> int:
    """The series of receipt numbers that a desk's drawers are in: no two desks' the same, and another after a restore."""
    number = state.desk_numbers.get(event.desk_id)
    return event.stream_epoch if number is None else number + (event.stream_epoch - 1) * _EPOCHS_APART


def _leased(state: FacilityState, event: Recorded, leased: DrawerLeased) -> FacilityState:
    drawer, epoch = state.drawers[leased.drawer_id], _epoch(state, event)
    while epoch in drawer.epochs:
        epoch += _RETURNS_APART
    # What the other desk gave after it was last heard of is unknown; in another series nothing can be given twice. A
    # custody that is open goes on in the new series, and is counted where the drawer is now.
    status = DrawerStatus.OPEN if drawer.custody_id else drawer.status
    moved = replace(
        drawer,
        desk_id=event.desk_id,
        desk_label=leased.desk_label,
        epoch=epoch,
        epochs=drawer.epochs | {epoch},
        status=status,
    )
    return _with_drawer(state, moved)


def _restored(state: FacilityState, event: Recorded) -> FacilityState:
    # After a restore the numbers given since the backup are unknown: every drawer of the desk starts a new series.
    epoch = _epoch(state, event)
    own = [drawer for drawer in state.drawers.values() if drawer.desk_id == event.desk_id]
    begun = {one.drawer_id: replace(one, epoch=epoch, epochs=one.epochs | {epoch}, next_receipt=1) for one in own}
    return replace(state, drawers={**state.drawers, **begun})


_OF_CUSTODY = (CustodyOpened, DrawerCounted, CustodyClosed)


def _evolve_money(state: FacilityState, event: Recorded) -> FacilityState:
    if isinstance(event.body, _OF_CUSTODY) and not _is_of_drawer(state.drawers[event.body.drawer_id], event):
        # A bag that was sealed is there all the same.
        return _with_bag(state, event.body) if isinstance(event.body, CustodyClosed) else state
    match event.body:
        case CustodyOpened() as opened:
            drawer = replace(
                state.drawers[opened.drawer_id],
                status=DrawerStatus.OPEN,
                custody_id=opened.custody_id,
                holder_id=opened.holder_id,
                last_custody_id=opened.custody_id,
                last_holder_id=opened.holder_id,
            )
            return _with_drawer(state, drawer)
        case DrawerCounted(drawer_id=drawer_id):
            return _with_drawer(state, replace(state.drawers[drawer_id], status=DrawerStatus.COUNTING))
        case CustodyClosed() as closed:
            drawer = replace(
                state.drawers[closed.drawer_id],
                status=DrawerStatus.CLOSED,
                custody_id=None,
                holder_id=None,
                left_in_drawer=closed.left_in_drawer,
                next_receipt=closed.next_receipt,
            )
            return _with_bag(_with_drawer(state, drawer), closed)
        case CashDropped(bag=bag, amount=amount) if bag:
            return _with_bags(state, Bag(bag, amount))
        case DepositSent(bags=numbers):
            return _with_bags(state, *(replace(state.bags[one], place="in_transit") for one in numbers if one in state.bags))
        case DepositConfirmed(bag=number) if number in state.bags:
            return _with_bags(state, replace(state.bags[number], place="bank"))
    return state


def _is_of_drawer(drawer: DrawerState, event: Recorded) -> bool:
    """Whether a custody's event changes its drawer: not of a desk that went on without knowing of the lease, nor of another
    custody than it is in, whose event came late.
    """
    if drawer.desk_id != event.desk_id:
        return False
    match event.body:
        case DrawerCounted():
            return drawer.custody_id == event.subject_id
        case CustodyClosed():
            return drawer.custody_id in (None, event.subject_id)
    return True


def _with_bag(state: FacilityState, closed: CustodyClosed) -> FacilityState:
    return _with_bags(state, Bag(closed.bag, closed.bag_amount)) if closed.bag else state


def _with_person(state: FacilityState, person: Person) -> FacilityState:
    return replace(state, people={**state.people, person.person_id: person})


def _with_drawer(state: FacilityState, drawer: DrawerState) -> FacilityState:
    return replace(state, drawers={**state.drawers, drawer.drawer_id: drawer})


def _with_bags(state: FacilityState, *bags: Bag) -> FacilityState:
    return replace(state, bags={**state.bags, **{bag.number: bag for bag in bags}})
