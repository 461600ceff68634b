"""The permission matrix: role x action x state of the drawer. What is not listed is denied."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.staff import Person, Role


class Action(StrEnum):
    """Everything a person can do that is recorded; values are the verbs of day files where there is one."""

    REGISTER = "register"
    AMEND_PATIENT = "amend_patient"
    VISIT_EVENT = "visit_event"
    AMEND_VISIT = "amend_visit"
    OPEN_DRAWER = "open_drawer"
    PAYMENT = "payment"
    VOID = "void"
    REFUND = "refund"
    DROP = "drop"
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    EXCHANGE = "exchange"
    NO_SALE = "no_sale"
    COUNT_DRAWER = "count_drawer"
    CLOSE_DRAWER = "close_drawer"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    AUDIT_COUNT = "audit_count"
    DEPOSIT = "deposit"
    CONFIRM_DEPOSIT = "confirm_deposit"
    REVEAL_EXPECTED = "reveal_expected"
    PRINT_DOCUMENT = "print_document"
    END_OF_SHIFT_REPORT = "end_of_shift_report"
    MANAGE_STAFF = "manage_staff"
    MANAGE_FACILITY = "manage_facility"
    VIEW_RECORD = "view_record"
    SCREENING = "screening"
    STABILIZATION = "stabilization"
    EMERGENCY_END = "emergency_end"
    EMTALA_REPORT = "emtala_report"
    IDENTIFY_PATIENT = "identify_patient"
    NAMING = "naming"
    COVERAGE = "coverage"
    CARD_IMAGE = "card_image"
    MSPQ = "mspq"
    ELIGIBILITY = "eligibility"
    AUTHORIZATION = "authorization"
    ESTIMATE = "estimate"
    GOOD_FAITH_ESTIMATE = "good_faith_estimate"
    AUTHORIZATION_RULE = "authorization_rule"
    ASK_FOR_FORM = "ask_for_form"
    OFFER_FORM = "offer_form"
    COMPLETE_FORM = "complete_form"
    NOTE_STAY = "note_stay"
    FLAG_DUPLICATE = "flag_duplicate"
    LINK_PATIENTS = "link_patients"
    MERGE_PATIENTS = "merge_patients"
    UNMERGE_PATIENTS = "unmerge_patients"
    RESOLVE_DUPLICATE = "resolve_duplicate"
    SETTLE_DISPUTE = "settle_dispute"
    MOVE_QUEUE = "move_queue"
    SCHEDULE = "schedule"
    BLOCK_ACCOUNT = "block_account"
    ESCALATE_ACCOUNT = "escalate_account"
    UNBLOCK_ACCOUNT = "unblock_account"
    SET_SERVICE_LEVELS = "set_service_levels"
    FLAG_PATIENT = "flag_patient"
    LIFT_PROTECTION = "lift_protection"
    BREAK_GLASS = "break_glass"
    CHANGE_PROTECTED = "change_protected"
    REVIEW_GLASS = "review_glass"
    RECORD_DISCLOSURE = "record_disclosure"
    QUALITY_REPORT = "quality_report"
    REVIEW_FLAG = "review_flag"
    LEASE_DRAWER = "lease_drawer"


class DrawerStatus(StrEnum):
    """Where a drawer is in its day."""

    CLOSED = "closed"
    OPEN = "open"
    COUNTING = "counting"


_ANY_STATE = frozenset(DrawerStatus)
_OPEN = frozenset({DrawerStatus.OPEN})
_COUNTING = frozenset({DrawerStatus.COUNTING})
_CLOSED = frozenset({DrawerStatus.CLOSED})
_HELD = frozenset({DrawerStatus.OPEN, DrawerStatus.COUNTING})
_EVERYBODY = frozenset(Role)
_LEADS = frozenset({Role.LEAD, Role.SUPERVISOR})

# A refund of a check or card names no drawer, and confirming a deposit has none: their states do not restrict.
MATRIX: Mapping[Action, tuple[frozenset[Role], frozenset[DrawerStatus]]] = MappingProxyType(
    {
        Action.REGISTER: (_EVERYBODY, _ANY_STATE),
        Action.AMEND_PATIENT: (_EVERYBODY, _ANY_STATE),
        Action.VISIT_EVENT: (_EVERYBODY, _ANY_STATE),
        Action.AMEND_VISIT: (_EVERYBODY, _ANY_STATE),
        Action.OPEN_DRAWER: (_EVERYBODY, _CLOSED),
        Action.PAYMENT: (_EVERYBODY, _OPEN),
        Action.VOID: (_EVERYBODY, _OPEN),
        Action.REFUND: (_EVERYBODY, _OPEN),
        Action.DROP: (_EVERYBODY, _OPEN),
        Action.PAID_IN: (_EVERYBODY, _OPEN),
        Action.PAID_OUT: (_EVERYBODY, _OPEN),
        Action.EXCHANGE: (_EVERYBODY, _OPEN),
        Action.NO_SALE: (_EVERYBODY, _OPEN),
        Action.COUNT_DRAWER: (_EVERYBODY, _HELD),
        Action.CLOSE_DRAWER: (_EVERYBODY, _COUNTING),
        Action.HAND_OVER: (_EVERYBODY, _CLOSED),
        Action.TAKE_OVER: (_LEADS, _HELD),
        Action.AUDIT_COUNT: (_LEADS, _HELD),
        Action.DEPOSIT: (_EVERYBODY, _ANY_STATE),
        Action.CONFIRM_DEPOSIT: (_EVERYBODY, _ANY_STATE),
        Action.REVEAL_EXPECTED: (_LEADS, _HELD),
        Action.PRINT_DOCUMENT: (_EVERYBODY, _ANY_STATE),
        Action.END_OF_SHIFT_REPORT: (_LEADS, _ANY_STATE),
        Action.MANAGE_STAFF: (frozenset({Role.SUPERVISOR}), _ANY_STATE),
        Action.MANAGE_FACILITY: (frozenset({Role.SUPERVISOR}), _ANY_STATE),
        Action.VIEW_RECORD: (_EVERYBODY, _ANY_STATE),
        Action.SCREENING: (_EVERYBODY, _ANY_STATE),
        Action.STABILIZATION: (_EVERYBODY, _ANY_STATE),
        Action.EMERGENCY_END: (_EVERYBODY, _ANY_STATE),
        Action.EMTALA_REPORT: (_LEADS, _ANY_STATE),
        Action.IDENTIFY_PATIENT: (_EVERYBODY, _ANY_STATE),
        Action.NAMING: (frozenset({Role.SUPERVISOR}), _ANY_STATE),
        Action.COVERAGE: (_EVERYBODY, _ANY_STATE),
        Action.CARD_IMAGE: (_EVERYBODY, _ANY_STATE),
        Action.MSPQ: (_EVERYBODY, _ANY_STATE),
        Action.ELIGIBILITY: (_EVERYBODY, _ANY_STATE),
        Action.AUTHORIZATION: (_EVERYBODY, _ANY_STATE),
        Action.ESTIMATE: (_EVERYBODY, _ANY_STATE),
        Action.GOOD_FAITH_ESTIMATE: (_EVERYBODY, _ANY_STATE),
        Action.AUTHORIZATION_RULE: (frozenset({Role.SUPERVISOR}), _ANY_STATE),
        Action.ASK_FOR_FORM: (_EVERYBODY, _ANY_STATE),
        Action.OFFER_FORM: (_EVERYBODY, _ANY_STATE),
        Action.COMPLETE_FORM: (_EVERYBODY, _ANY_STATE),
        Action.NOTE_STAY: (_EVERYBODY, _ANY_STATE),
        Action.FLAG_DUPLICATE: (_EVERYBODY, _ANY_STATE),
        Action.LINK_PATIENTS: (_EVERYBODY, _ANY_STATE),
        Action.MERGE_PATIENTS: (_LEADS, _ANY_STATE),
        Action.UNMERGE_PATIENTS: (_LEADS, _ANY_STATE),
        Action.RESOLVE_DUPLICATE: (_LEADS, _ANY_STATE),
        Action.SETTLE_DISPUTE: (_LEADS, _ANY_STATE),
        Action.MOVE_QUEUE: (_EVERYBODY, _ANY_STATE),
        Action.SCHEDULE: (_EVERYBODY, _ANY_STATE),
        Action.BLOCK_ACCOUNT: (_EVERYBODY, _ANY_STATE),
        Action.ESCALATE_ACCOUNT: (_EVERYBODY, _ANY_STATE),
        Action.UNBLOCK_ACCOUNT: (_EVERYBODY, _ANY_STATE),
        Action.SET_SERVICE_LEVELS: (frozenset({Role.SUPERVISOR}), _ANY_STATE),
        Action.FLAG_PATIENT: (_EVERYBODY, _ANY_STATE),
        Action.LIFT_PROTECTION: (_LEADS, _ANY_STATE),
        Action.BREAK_GLASS: (_EVERYBODY, _ANY_STATE),
        Action.CHANGE_PROTECTED: (_LEADS, _ANY_STATE),
        Action.REVIEW_GLASS: (frozenset({Role.SUPERVISOR}), _ANY_STATE),
        Action.RECORD_DISCLOSURE: (_EVERYBODY, _ANY_STATE),
        Action.QUALITY_REPORT: (_LEADS, _ANY_STATE),
        Action.REVIEW_FLAG: (frozenset({Role.SUPERVISOR}), _ANY_STATE),
        Action.LEASE_DRAWER: (frozenset({Role.SUPERVISOR}), _ANY_STATE),
    }
)


def may(role: Role, action: Action) -> bool:
    """Whether the role may ever do the action."""
    roles, _ = MATRIX.get(action, (frozenset(), frozenset()))
    return role in roles


def check_role(person: Person, action: Action) -> None:
    """Raises ``not_permitted`` unless this person's role may do the action and the person is still active."""
    if not person.active or not may(person.role, action):
        raise DeskError(Refusal.NOT_PERMITTED, "Your role may not do this. Ask a shift lead or a supervisor.")


def check_drawer_state(action: Action, status: DrawerStatus) -> None:
    """Raises the refusal that fits when the drawer's state does not allow the action.

    Raises:
        DeskError: ``drawer_in_use``, ``drawer_not_open`` or ``drawer_counting``.
    """
    _, states = MATRIX.get(action, (frozenset(), frozenset()))
    if status in states:
        return
    if action in (Action.OPEN_DRAWER, Action.HAND_OVER):
        raise DeskError(Refusal.DRAWER_IN_USE, "This drawer is open. It has to be counted and closed first.")
    if status is DrawerStatus.COUNTING:
        raise DeskError(Refusal.DRAWER_COUNTING, "This drawer is being counted. Close it before anything else is done with it.")
    if action is Action.CLOSE_DRAWER and status is DrawerStatus.OPEN:
        raise DeskError(Refusal.DRAWER_NOT_OPEN, "Count the drawer before you close it.")
    raise DeskError(Refusal.DRAWER_NOT_OPEN, "This drawer is not open. Open it with a count first.")
