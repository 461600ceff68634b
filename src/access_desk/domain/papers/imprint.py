"""What every paper carries: who printed it, when, from which state of the log, and whether it is a copy or practice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class LogHead:
    """The last event of the desk's log when the paper was made; ``hash`` is hexadecimal (its start is printed)."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """The letterhead and the footer of a paper.

    ``copy_number`` is 1 for the original; from 2 on every page says ``COPY n``. ``practice`` puts PRACTICE on every page.
    ``printed_at`` is aware and local. ``address_lines`` and ``phone`` may be empty; only receipts show them.
    ``log_head`` may be None (nothing is printed then).
    """

    facility_name: str
    printed_at: datetime
    printed_by: str
    desk_label: str
    log_head: LogHead | None = None
    copy_number: int = 1
    practice: bool = False
    address_lines: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A person on a paper. ``role`` is a printed word (``registrar``, ``shift lead``, ``supervisor``) or empty.

    ``at`` is the moment of their PIN, aware and local; None leaves the line to be signed with a pen.
    """

    name: str
    role: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TenderPart:
    """How part of a payment was made. ``tender`` is ``cash``, ``check``, ``card`` or ``money_order``.

    ``amount`` is what went in (cash may be rounded). ``tendered`` and ``change`` are of cash; ``tendered`` may be None.
    ``number`` is of a check or money order. Of a card only ``card_last4`` and ``auth_code`` exist. All texts may be empty.
    """

    tender: str
    amount: Money
    tendered: Money | None = None
    change: Money = ZERO
    number: str = ""
    card_last4: str = ""
    auth_code: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptSpan:
    """The receipt numbers of a custody. ``issued`` includes voided ones; ``missing`` lists numbers that are gaps.

    ``first`` and ``last`` are None when no receipt was issued. ``gaps`` counts missing numbers, listed or not.
    """

    first: str | None = None
    last: str | None = None
    issued: int = 0
    voided: int = 0
    gaps: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CashMove:
    """Cash that moved without a payment.

    ``kind`` is ``drop``, ``paid_in`` or ``paid_out``; ``amount`` is positive. ``text`` is the reason of a paid-in or
    paid-out, or empty; ``bag`` is of a drop, or empty. ``at`` is local. ``by``, ``approved_by`` and ``drawer`` may be empty.
    """

    kind: str
    amount: Money
    at: datetime
    text: str = ""
    bag: str = ""
    by: str = ""
    approved_by: str = ""
    drawer: str = ""


@dataclass(frozen=True, slots=True)
class RefundEntry:
    """Money given back. ``receipt`` is the number of the payment's receipt; ``account`` is a visit number or empty.

    ``amount`` is positive. Only cash leaves the drawer; other tenders go back through the business office or the terminal.
    """

    at: datetime
    receipt: str
    tender: str
    amount: Money
    reason: str
    account: str = ""
    by: str = ""
    approved_by: str = ""
    drawer: str = ""


@dataclass(frozen=True, slots=True)
class VoidEntry:
    """A receipt that was taken back. ``amounts`` is per tender and positive; ``at`` is when it was voided, local."""

    at: datetime
    receipt: str
    amounts: Mapping[str, Money]
    reason: str
    account: str = ""
    by: str = ""
    approved_by: str = ""
    drawer: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something else that happened and belongs on the paper; ``at`` may be None."""

    text: str
    at: datetime | None = None
    by: str = ""
