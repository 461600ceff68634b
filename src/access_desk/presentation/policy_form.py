"""A facility's rules as a form: what is typed, and the policy that comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from itertools import pairwise
from typing import Final

from access_desk.domain.errors import DeskError
from access_desk.domain.full_name import AFTER_FAMILY, AFTER_GIVEN
from access_desk.domain.money import Money
from access_desk.domain.policy import LEAST_DETAILS_DAYS, Policy, Shift, Tier

MOST_RECOUNTS: Final = 5
# Ten years, as long as records of money are kept anywhere.
MOST_DETAILS_DAYS: Final = 3_650
MOST_SHIFTS: Final = 6
SWITCHES: Final = (
    ("void_approval", "A void needs a lead's PIN"),
    ("refund_approval", "A refund needs a lead's PIN"),
    ("paid_out", "Cash may be paid out of a drawer"),
    ("two_person_open", "Two people open a drawer"),
    ("two_person_close", "Two people close a drawer"),
)
CHOICES: Final = {
    "cash_rounding": (("none", "To the cent"), ("nearest_5", "Cash to the nearest 5 cents")),
    "emtala_release": (("mse", "After the screening exam"), ("stabilized", "When the patient is stabilized")),
    "suffix_after": ((AFTER_GIVEN, "Vega-Trujillo, Rafael A Jr"), (AFTER_FAMILY, "Vega-Trujillo Jr, Rafael A")),
}
# What each step of a variance needs, on top of the step below it.
_STEPS: Final = (("reason_from", "reason"), ("approval_from", "approval"), ("memo_from", "memo"))
_SHIFT: Final = re.compile(r"([A-Za-z][A-Za-z -]{0,19}?)\s+(\d{1,2}):(\d{2})")


class PolicyProblemError(Exception):
    """A field that cannot be read, and what to do about it."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.text = text


def policy_values(policy: Policy) -> dict[str, str]:
    """A policy as its fields show it."""
    values = {name: _tier_start(policy, need) for name, need in _STEPS}
    values["recounts"] = str(policy.recounts)
    values["details_days"] = str(policy.details_days or "")
    values["drop_at"] = policy.drop_at.figures()
    values["shifts"] = ", ".join(f"{one.name} {one.start.hour}:{one.start.minute:02d}" for one in policy.shifts)
    values |= {name: getattr(policy, name) for name in CHOICES}
    return values | {name: "yes" if getattr(policy, name) else "" for name, _ in SWITCHES}


def read_policy(values: Mapping[str, str], before: Policy) -> Policy:
    """The policy that a form says; what the form does not show stays as it was. Raises PolicyProblemError."""
    recounts = values["recounts"].strip()
    if not (recounts.isascii() and recounts.isdecimal()) or int(recounts) > MOST_RECOUNTS:
        raise PolicyProblemError("recounts", f"Enter a number from 0 to {MOST_RECOUNTS}.")
    return replace(
        before,
        over_short=_tiers(values),
        recounts=int(recounts),
        details_days=_days(values["details_days"].strip()),
        drop_at=_money(values, "drop_at"),
        shifts=_shifts(values["shifts"]),
        cash_rounding=values["cash_rounding"],
        emtala_release=values["emtala_release"],
        suffix_after=values["suffix_after"],
        void_approval=bool(values["void_approval"]),
        refund_approval=bool(values["refund_approval"]),
        paid_out=bool(values["paid_out"]),
        two_person_open=bool(values["two_person_open"]),
        two_person_close=bool(values["two_person_close"]),
    )


def _tier_start(policy: Policy, need: str) -> str:
    return next((tier.start.figures() for tier in policy.over_short if need in tier.needs), "")


def _tiers(values: Mapping[str, str]) -> tuple[Tier, ...]:
    starts = {need: _money(values, name) for name, need in _STEPS if values[name].strip()}
    for (lower_name, lower), (name, need) in pairwise(_STEPS):
        if need in starts and lower in starts and starts[need] < starts[lower]:
            raise PolicyProblemError(name, f"Enter at least {values[lower_name].strip()}, where the step before it begins.")
    return tuple(
        Tier(start, tuple(need for _, need in _STEPS if need in starts and starts[need] <= start))
        for start in sorted(set(starts.values()))
    )


def _money(values: Mapping[str, str], name: str) -> Money:
    try:
        return Money.typed(values[name])
    except DeskError as wrong:
        raise PolicyProblemError(name, wrong.text) from wrong


def _days(text: str) -> int:
    """For how long other desks' details are kept; blank for ever."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_DETAILS_DAYS))
    if text and not (is_number and LEAST_DETAILS_DAYS <= int(text) <= MOST_DETAILS_DAYS):
        said = f"Enter {LEAST_DETAILS_DAYS} to {MOST_DETAILS_DAYS} days, or nothing to keep everything."
        raise PolicyProblemError("details_days", said)
    return int(text or 0)


def _shifts(text: str) -> tuple[Shift, ...]:
    shifts: list[Shift] = []
    for part in text.split(","):
        found = _SHIFT.fullmatch(part.strip())
        try:
            if found is None:
                raise ValueError(part)
            shifts.append(Shift(found[1].strip(), time(int(found[2]), int(found[3]))))
        except ValueError as wrong:
            said = "Name each shift with its start by a 24-hour clock: day 7:00, night 19:00."
            raise PolicyProblemError("shifts", said) from wrong
    if len(shifts) > MOST_SHIFTS or len({one.name for one in shifts}) < len(shifts):
        raise PolicyProblemError("shifts", f"Enter 1 to {MOST_SHIFTS} shifts, each with a name of its own.")
    if len({one.start for one in shifts}) < len(shifts):
        raise PolicyProblemError("shifts", "Two shifts begin at the same time. Give each its own.")
    return tuple(shifts)
