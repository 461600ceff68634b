"""Keys of a day file: which verb takes which, and which of them name people, drawers or earlier steps."""

from __future__ import annotations

from collections.abc import Mapping

ALWAYS = frozenset({"at", "by", "do", "note", "expect", "code"})
APPROVER = frozenset({"approver", "approver_pin"})
WITNESS = frozenset({"witness", "witness_pin"})

VERBS: Mapping[str, frozenset[str]] = {
    "register": frozenset({"patient", "visit", "coverages", "as", "as_patient"}),
    "amend_patient": frozenset({"patient", "set"}),
    "visit_event": frozenset({"visit", "event"}),
    "open_drawer": frozenset({"drawer", "count"}) | WITNESS,
    "payment": frozenset(
        {"visit", "patient", "drawer", "purpose", "amount", "lines", "tender", "tendered", "check_number"}
        | {"card_last4", "auth_code", "tenders", "as"}
    ),
    "void": frozenset({"payment", "reason"}) | APPROVER,
    "refund": frozenset({"payment", "amount", "reason", "drawer", "tender"}) | APPROVER,
    "drop": frozenset({"drawer", "count", "amount", "bag"}) | WITNESS,
    "paid_in": frozenset({"drawer", "amount", "reason"}) | APPROVER,
    "paid_out": frozenset({"drawer", "amount", "reason"}) | APPROVER,
    "exchange": frozenset({"drawer", "give", "take"}),
    "no_sale": frozenset({"drawer", "reason"}),
    "count_drawer": frozenset({"drawer", "count"}),
    "close_drawer": frozenset({"drawer", "reason", "memo", "bag", "to_bank"}) | APPROVER | WITNESS,
    "hand_over": frozenset({"drawer", "to", "to_pin", "count", "open_items"}),
    "take_over": frozenset({"drawer", "count", "reason", "memo", "bag"}) | APPROVER,
    "audit_count": frozenset({"drawer", "count"}),
    "deposit": frozenset({"bags"}) | WITNESS,
    "confirm_deposit": frozenset({"bag", "amount"}),
}

PATIENT = frozenset(
    {"family", "given", "middle", "suffix", "birth_date", "sex", "ssn", "mrn", "phone", "email", "address", "language"}
    | {"unknown", "newborn_of", "birth_order", "despite_match"}
)
ADDRESS = frozenset({"line", "city", "state", "zip"})
VISIT = frozenset({"type", "service", "reason", "location", "attending_npi"})
COVERAGE = frozenset({"payer", "plan", "member_id", "group", "relationship", "subscriber", "copay", "medicare"})
LINE = frozenset({"purpose", "amount"})
TENDER = frozenset({"tender", "amount", "tendered", "check_number", "card_last4", "auth_code"})
CHECK = frozenset({"number", "amount", "tender"})
POLICY = frozenset(
    {"over_short", "recounts", "shifts", "drop_at", "void_approval", "refund_approval", "paid_out"}
    | {"two_person_open", "two_person_close", "cash_rounding", "emtala_release"}
)

PURPOSES = frozenset({"copay", "coinsurance", "deductible", "prepayment", "deposit", "prior_balance", "payment_plan", "other"})
VISIT_TYPES = frozenset({"outpatient", "emergency", "inpatient", "observation", "newborn"})
VISIT_EVENTS = frozenset({"triaged", "mse_completed", "stabilized", "admitted", "departed", "left_without_being_seen"})
SEXES = frozenset({"female", "male", "unknown", "other"})
ROLES = frozenset({"registrar", "lead", "supervisor"})
APPROVING = frozenset({"lead", "supervisor"})

REFUSALS = frozenset(
    [
        "bad_amount",
        "bad_count",
        "bad_value",
        "bad_identifier",
        "unknown_reference",
        "not_permitted",
        "needs_approval",
        "needs_reason",
        "needs_memo",
        "needs_witness",
        "same_person",
        "pin_wrong",
        "drawer_in_use",
        "holds_another_drawer",
        "drawer_not_open",
        "not_holder",
        "drawer_counting",
        "not_enough_cash",
        "void_window_closed",
        "already_voided",
        "more_than_paid",
        "emtala_hold",
        "recount_limit",
        "bag_in_use",
        "receiver_count_differs",
        "probable_duplicate",
    ]
)

STAFF_KEYS = ("by", "approver", "witness", "to")
TEXT_KEYS = (
    *("by", "note", "as", "as_patient", "reason", "memo", "approver", "approver_pin", "witness", "witness_pin"),
    *("to", "to_pin", "bag", "drawer", "payment", "check_number", "card_last4", "auth_code"),
)
