"""Questions about custodies: their figures, added up from the rows each time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from access_desk.domain.cash_drawer.figures import CountTaken, CustodyFigures, ReceiptRange
from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.ledger import Account
from access_desk.domain.money import Money
from access_desk.domain.policy import TENDERS
from access_desk.protocol.encoding import decode_value

_CUSTODIES = (
    "SELECT c.*, d.key AS drawer_key, d.desk_label, d.imprest_cents FROM custodies c "
    "JOIN drawers d ON d.facility_id = c.facility_id AND d.drawer_id = c.drawer_id WHERE c.facility_id = ? "
)
_IN_ORDER = " ORDER BY c.opened_stamp"


def every_custody(connection: Connection, facility_id: str) -> list[CustodyFigures]:
    """All custodies of the facility in the order in which they opened."""
    rows = connection.exec_driver_sql(_CUSTODIES + _IN_ORDER, (facility_id,)).mappings().all()
    return [_figures(connection, row) for row in rows]


def custody(connection: Connection, facility_id: str, custody_id: str) -> CustodyFigures | None:
    """One custody."""
    row = connection.exec_driver_sql(_CUSTODIES + "AND c.custody_id = ?", (facility_id, custody_id)).mappings().first()
    return _figures(connection, row) if row else None


def custodies_of_shift(connection: Connection, facility_id: str, day: date, shift: str | None) -> list[CustodyFigures]:
    """The custodies of a business date, of one shift or of all."""
    asked = "AND c.business_date = ? AND (? IS NULL OR c.shift = ?)" + _IN_ORDER
    values = (facility_id, day.isoformat(), shift, shift)
    rows = connection.exec_driver_sql(_CUSTODIES + asked, values).mappings().all()
    return [_figures(connection, row) for row in rows]


def last_custodies(connection: Connection, facility_id: str, most: int) -> list[CustodyFigures]:
    """The custodies opened last, the newest first."""
    asked = _CUSTODIES + "ORDER BY c.opened_stamp DESC LIMIT ?"
    rows = connection.exec_driver_sql(asked, (facility_id, most)).mappings().all()
    return [_figures(connection, row) for row in rows]


def place_in_shift(connection: Connection, facility_id: str, custody_id: str) -> int:
    """Which of its drawer's custodies of its shift a custody is, from 1; those whose details were let go count."""
    before = connection.exec_driver_sql(
        "SELECT count(*) FROM custodies c JOIN (SELECT drawer_id, business_date, shift, opened_stamp FROM custodies "
        "WHERE facility_id = ? UNION ALL SELECT drawer_id, business_date, shift, opened_stamp FROM local_let_go_custodies "
        "WHERE facility_id = ?) AS o ON o.drawer_id = c.drawer_id AND o.business_date = c.business_date AND o.shift = c.shift "
        "AND o.opened_stamp < c.opened_stamp WHERE c.facility_id = ? AND c.custody_id = ?",
        (facility_id, facility_id, facility_id, custody_id),
    ).scalar_one()
    return int(before) + 1


def balances(connection: Connection, facility_id: str) -> dict[Account, Money]:
    """The facility's ledger: the sum of all postings per account."""
    rows = connection.exec_driver_sql(
        "SELECT account, sum(amount_cents) FROM (SELECT account, amount_cents FROM postings WHERE facility_id = ? UNION ALL "
        "SELECT account, amount_cents FROM local_let_go WHERE facility_id = ?) AS summed GROUP BY account",
        (facility_id, facility_id),
    ).all()
    return {Account(account): Money(int(cents)) for account, cents in rows}


def _figures(connection: Connection, row: RowMapping) -> CustodyFigures:
    facility_id, custody_id = row["facility_id"], row["custody_id"]
    key = (facility_id, custody_id)
    received, voided, numbers, rounding = _payments(connection, key)
    moves = _moves(connection, key)
    closed = _closing_figures(connection, key)
    expected = closed[0] if closed else {**received, "cash": _cash(connection, key)}
    return CustodyFigures(
        custody_id=custody_id,
        drawer_id=row["drawer_id"],
        drawer_key=row["drawer_key"],
        desk_label=row["desk_label"],
        imprest=Money(row["imprest_cents"]),
        holder_id=row["holder_id"],
        status=row["status"],
        opened_at=datetime.fromisoformat(row["opened_at"]),
        business_date=date.fromisoformat(row["business_date"]),
        shift=row["shift"],
        opening_pieces=decode_value(row["opening_pieces"].encode(), CashCount),
        opening_count=Money(row["opening_count_cents"]),
        should_hold=Money(row["should_hold_cents"]),
        opening_variance=Money(row["opening_variance_cents"]),
        received=received,
        received_counts=numbers,
        voided=voided,
        refunded=_refunds(connection, key),
        paid_in=moves.get("paid_in", Money(0)),
        paid_out=moves.get("paid_out", Money(0)),
        dropped=moves.get("drop", Money(0)),
        rounding=rounding,
        expected=expected,
        receipts=_receipts(connection, key),
        counts=counts_of(connection, facility_id, custody_id),
        previous_custody_id=row["previous_custody_id"],
        opening_witness_id=row["opening_witness_id"],
        handed_over_by=row["handed_over_by"],
        open_items=decode_value(row["open_items"].encode(), tuple[str, ...]),
        handoff_note=row["handoff_note"],
        **(_closing(row, closed) if closed else {}),
    )


def _closing(row: RowMapping, closed: tuple[dict[str, Money], ...]) -> dict[str, Any]:
    pieces = row["to_bank_pieces"]
    return {
        "closed_at": datetime.fromisoformat(row["closed_at"]),
        "closed_by": row["closed_by"],
        "approver_id": row["approver_id"],
        "witness_id": row["witness_id"],
        "reason": row["reason"],
        "memo": row["memo"],
        "card_batch": row["card_batch"],
        "taken_over": bool(row["taken_over"]),
        "counted": closed[1],
        "over_short": closed[2],
        "to_bank": Money(row["to_bank_cents"]),
        "to_bank_pieces": decode_value(pieces.encode(), CashCount) if pieces else None,
        "left_in_drawer": Money(row["left_cents"]),
        "bag": row["bag"],
        "bag_amount": Money(row["bag_cents"]),
    }


def _payments(connection: Connection, key: tuple[str, str]) -> tuple[dict[str, Money], dict[str, Money], dict[str, int], Money]:
    """What stayed and what was voided per tender, how many payments used each, and the cash rounding."""
    rows = connection.exec_driver_sql(
        "SELECT t.tender, p.voided_at IS NOT NULL, sum(t.taken_cents), sum(t.taken_cents - t.amount_cents), count(*) "
        "FROM payments p JOIN payment_tenders t ON t.facility_id = p.facility_id AND t.payment_id = p.payment_id "
        "WHERE p.facility_id = ? AND p.custody_id = ? GROUP BY 1, 2",
        key,
    ).all()
    received, voided = dict.fromkeys(TENDERS, Money(0)), dict.fromkeys(TENDERS, Money(0))
    numbers = dict.fromkeys(TENDERS, 0)
    rounding = Money(0)
    for tender, is_voided, taken, rounded, number in rows:
        if is_voided:
            voided[tender] = Money(int(taken))
        else:
            received[tender], numbers[tender] = Money(int(taken)), number
            rounding += Money(int(rounded))
    return received, voided, numbers, rounding


def _refunds(connection: Connection, key: tuple[str, str]) -> dict[str, Money]:
    rows = connection.exec_driver_sql(
        "SELECT tender, sum(amount_cents) FROM refunds WHERE facility_id = ? AND custody_id = ? GROUP BY tender", key
    ).all()
    return {**dict.fromkeys(TENDERS, Money(0)), **{tender: Money(int(cents)) for tender, cents in rows}}


def _moves(connection: Connection, key: tuple[str, str]) -> dict[str, Money]:
    rows = connection.exec_driver_sql(
        "SELECT kind, sum(amount_cents) FROM cash_moves WHERE facility_id = ? AND custody_id = ? GROUP BY kind", key
    ).all()
    return {kind: Money(int(cents)) for kind, cents in rows}


def _cash(connection: Connection, key: tuple[str, str]) -> Money:
    """Expected cash: the sum of the custody's drawer-cash postings."""
    cents = connection.exec_driver_sql(
        "SELECT coalesce(sum(amount_cents), 0) FROM postings "
        "WHERE facility_id = ? AND custody_id = ? AND account = 'drawer_cash'",
        key,
    ).scalar_one()
    return Money(int(cents))


def _closing_figures(connection: Connection, key: tuple[str, str]) -> tuple[dict[str, Money], ...]:
    """Expected, counted and over/short per tender; empty while the custody is open."""
    rows = connection.exec_driver_sql(
        "SELECT tender, expected_cents, counted_cents, over_short_cents FROM custody_tenders "
        "WHERE facility_id = ? AND custody_id = ?",
        key,
    ).all()
    by_tender = {row[0]: row for row in rows}
    if not by_tender:
        return ()
    return tuple({tender: Money(by_tender[tender][column]) for tender in TENDERS} for column in (1, 2, 3))


def _receipts(connection: Connection, key: tuple[str, str]) -> ReceiptRange:
    rows = connection.exec_driver_sql(
        "SELECT receipt, receipt_number, voided_at FROM payments WHERE facility_id = ? AND custody_id = ? "
        "ORDER BY receipt_number",
        key,
    ).all()
    if not rows:
        return ReceiptRange(None, None, 0, 0, 0)
    gaps = rows[-1][1] - rows[0][1] + 1 - len(rows)
    return ReceiptRange(rows[0][0], rows[-1][0], len(rows), sum(1 for row in rows if row[2]), gaps)


def counts_of(connection: Connection, facility_id: str, custody_id: str) -> tuple[CountTaken, ...]:
    """The counts of a custody in the order they were submitted."""
    rows = connection.exec_driver_sql(
        "SELECT count, counted_at, counted_by, purpose, attempt, counted, expected, over_short FROM drawer_counts "
        "WHERE facility_id = ? AND custody_id = ? ORDER BY count_id",
        (facility_id, custody_id),
    ).all()
    return tuple(
        CountTaken(
            decode_value(row[0].encode(), ClosingCount),
            datetime.fromisoformat(row[1]),
            row[2],
            row[3],
            row[4],
            *(decode_value(text.encode(), dict[str, Money]) for text in row[5:8]),
        )
        for row in rows
    )
