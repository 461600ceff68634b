"""What a new member of staff, a PIN that somebody chooses and a new drawer have to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.facility.state import DrawerState, FacilityState
from access_desk.domain.money import Money

SHORTEST_PIN: Final = 4
LONGEST_PIN: Final = 12
LONGEST_NAME: Final = 80
_KEY: Final = re.compile(r"[a-z][a-z0-9.-]{1,23}")
_DRAWER_KEY: Final = re.compile(r"[A-Za-z0-9-]{1,8}")


def is_weak(pin: str) -> bool:
    """Tell whether a PIN is too short, or one of those that everybody tries first.

    One digit repeated, a run up or down (also past 9), a pair or a half repeated (``1212``, ``402402``), a year of
    somebody's birth.
    """
    if not (pin.isascii() and pin.isdecimal()) or len(pin) < SHORTEST_PIN:
        return True
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = any(len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1))
    return repeats or steps in ({1}, {9}) or (len(pin) == SHORTEST_PIN and pin[:2] in ("19", "20"))


def check_person(facility: FacilityState, key: str, name: str) -> None:
    """Raises ``bad_value`` unless the sign-in name is free and well made, and the person has a name."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise DeskError(Refusal.BAD_VALUE, f"Enter the person's name, at most {LONGEST_NAME} letters.")
    if not _KEY.fullmatch(key):
        raise DeskError(
            Refusal.BAD_VALUE,
            "A sign-in name has 2 to 24 small letters, digits, dots or dashes and begins with a letter, such as dana.w.",
        )
    if facility.person_by_key(key) is not None:
        raise DeskError(Refusal.BAD_VALUE, f"The sign-in name {key} is taken. It is never given again, choose another.")


def check_pin(pin: str) -> None:
    """Raises ``bad_value`` for a PIN that is no PIN, or one of those that everybody tries first."""
    if not (pin.isascii() and pin.isdecimal()) or not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        raise DeskError(Refusal.BAD_VALUE, f"A PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits.")
    if is_weak(pin):
        raise DeskError(Refusal.BAD_VALUE, "This PIN is one that everybody tries first. Choose digits without a pattern.")


def check_drawer(drawers: Mapping[str, DrawerState], key: str, label: str, imprest: Money) -> None:
    """Raises ``bad_value`` unless the drawer's number is free and well made, its place is named and its float is not negative."""
    if not _DRAWER_KEY.fullmatch(key):
        raise DeskError(Refusal.BAD_VALUE, "A drawer's number has 1 to 8 letters, digits or dashes, such as 03.")
    if any(drawer.key.casefold() == key.casefold() for drawer in drawers.values()):
        raise DeskError(Refusal.BAD_VALUE, f"There is a drawer {key} at this facility already. Choose another number.")
    if not label.strip() or len(label) > LONGEST_NAME:
        raise DeskError(Refusal.BAD_VALUE, "Say where the drawer is, such as Admitting 3.")
    if imprest < Money(0):
        raise DeskError(Refusal.BAD_VALUE, "A float is not negative.")
