"""What is recorded about the facility as a whole, its staff and its desks."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import event_kind
from access_desk.domain.ledger import Posting
from access_desk.domain.money import Money
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Role


@event_kind("desk.enrolled")
@dataclass(frozen=True, slots=True)
class DeskEnrolled:
    """Genesis of a stream: who the desk is, its public key (hex), and whether it only practices."""

    desk_label: str
    public_key: str
    practice: bool


@event_kind("desk.numbered")
@dataclass(frozen=True, slots=True)
class DeskNumbered:
    """Central gave the desk a number that no other desk of the facility has: its receipts and records are numbered by it."""

    number: int


@event_kind("facility.established")
@dataclass(frozen=True, slots=True)
class FacilityEstablished:
    """A facility with its IANA time zone and the letterhead of its papers."""

    code: str
    name: str
    timezone: str
    address_lines: tuple[str, ...] = ()
    phone: str = ""


@event_kind("facility.policy_set", version=2)
@dataclass(frozen=True, slots=True)
class PolicySet:
    """The facility's settings from now on."""

    policy: Policy


@event_kind("staff.added")
@dataclass(frozen=True, slots=True)
class StaffAdded:
    """Somebody may work here from now on. Their PIN verifier is kept beside the log, not in it."""

    person_id: str
    key: str
    name: str
    role: Role


@event_kind("staff.amended")
@dataclass(frozen=True, slots=True)
class StaffAmended:
    """A person's role, or whether they still work here, as it is from now on."""

    person_id: str
    role: Role
    active: bool


@event_kind("staff.pin_set", version=2)
@dataclass(frozen=True, slots=True)
class PinSet:
    """That a PIN was set or changed; never the PIN.

    ``verifier_sha256`` (hex) is of the verifier, which is kept and travels beside the log: nobody can give a person another
    PIN without an event that says so. Blank in what was recorded before verifiers travelled.
    """

    person_id: str
    verifier_sha256: str = ""


@event_kind("drawer.installed")
@dataclass(frozen=True, slots=True)
class DrawerInstalled:
    """A cash drawer at a desk, with the imprest it starts from."""

    drawer_id: str
    key: str
    desk_label: str
    imprest: Money


@event_kind("drawer.leased")
@dataclass(frozen=True, slots=True)
class DrawerLeased:
    """A drawer belongs to the desk that records this, from now on: the desk that had it is lost or was replaced.

    Its receipts begin a series of their own, so that no number is given twice whatever the other desk still gave.
    """

    drawer_id: str
    desk_label: str
    from_desk_id: str
    reason: str


@event_kind("desk.clock_off")
@dataclass(frozen=True, slots=True)
class DeskClockOff:
    """How far the clock was from central's at a contact, in seconds, positive when it was ahead; 0 once it is right again."""

    offset_seconds: int


@event_kind("session.signed_in")
@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person took the desk."""

    person_id: str


@event_kind("session.signed_out")
@dataclass(frozen=True, slots=True)
class SignedOut:
    """A person left the desk."""

    person_id: str


@event_kind("session.locked")
@dataclass(frozen=True, slots=True)
class Locked:
    """The desk was locked; ``idle`` when by its timer."""

    person_id: str
    idle: bool


@event_kind("session.unlocked")
@dataclass(frozen=True, slots=True)
class Unlocked:
    """The person who locked the desk came back."""

    person_id: str


@event_kind("action.refused")
@dataclass(frozen=True, slots=True)
class ActionRefused:
    """What somebody tried and the program refused; part of the audit trail."""

    action: str
    code: str
    text: str

    def as_error(self) -> DeskError:
        """The refusal as it was raised."""
        return DeskError(Refusal(self.code), self.text)


@event_kind("note.added")
@dataclass(frozen=True, slots=True)
class NoteAdded:
    """A remark to what was recorded just before it."""

    text: str


@event_kind("record.viewed")
@dataclass(frozen=True, slots=True)
class RecordViewed:
    """A person opened a patient's record."""

    patient_id: str
    reason: str = ""


@event_kind("document.printed")
@dataclass(frozen=True, slots=True)
class DocumentPrinted:
    """A paper left the desk: which, its copy number (1 is the original), and the log head printed on it."""

    document: str
    about: str
    copy_number: int
    head_seq: int
    head_hash: str


@event_kind("deposit.sent")
@dataclass(frozen=True, slots=True)
class DepositSent:
    """Sealed bags left the safe for the bank."""

    bags: tuple[str, ...]
    amount: Money
    witness_id: str | None
    postings: tuple[Posting, ...]


@event_kind("deposit.confirmed")
@dataclass(frozen=True, slots=True)
class DepositConfirmed:
    """The bank counted a bag; what it found differently is over/short."""

    bag: str
    amount: Money
    difference: Money
    postings: tuple[Posting, ...]
