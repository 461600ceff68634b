"""The handoff sheet: what one person gives and the next one takes, with both signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.denominations import CashCount
from access_desk.domain.money import Money
from access_desk.domain.papers.imprint import Imprint, Signed


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Work that is carried over. ``state`` is a short word such as ``parked`` or empty; ``detail`` may be empty."""

    text: str
    detail: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class BagInSafe:
    """A sealed bag that changes hands in the safe. ``bag`` may be empty (loose); ``since`` is local or None."""

    bag: str
    amount: Money
    since: datetime | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class HandoffSheet:
    """A handover. ``outgoing_pieces`` is what was left by piece, None when only its total ``left_in_drawer`` is known.

    ``over_short`` (per tender) is the outgoing custody's and stays with it. ``shift_from`` and ``shift_to`` are names.
    ``also_handed`` are further things, such as ``Drawer key 03``. ``number`` names the sheet.
    """

    imprint: Imprint
    number: str
    business_date: date
    drawer: str
    desk_label: str
    shift_from: str
    shift_to: str
    handed_at: datetime
    outgoing: Signed
    incoming: Signed
    left_in_drawer: Money
    incoming_pieces: CashCount
    outgoing_pieces: CashCount | None = None
    over_short: Mapping[str, Money] | None = None
    open_items: tuple[OpenItem, ...] = ()
    note: str = ""
    bags: tuple[BagInSafe, ...] = ()
    also_handed: tuple[str, ...] = ()
    witness: Signed | None = None
