"""Questions about payments, refunds, cash moves and bags."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping

from access_desk.domain.denominations import CashCount
from access_desk.domain.money import Money
from access_desk.domain.payments.events import PaymentLine, TenderTaken
from access_desk.domain.payments.on_paper import PaperReceipt, paper_key
from access_desk.domain.payments.views import BagRow, MoveRow, ReceiptRow, RefundRow
from access_desk.protocol.encoding import decode_value

_RECEIPTS = (
    "SELECT p.*, a.family, a.given, a.middle, a.suffix, a.mrn, v.account_number, v.service, "
    "(SELECT coalesce(sum(r.amount_cents), 0) FROM refunds r "
    "WHERE r.facility_id = p.facility_id AND r.payment_id = p.payment_id) AS refunded_cents, n.taken_at, n.paper_number "
    "FROM payments p JOIN patients a ON a.facility_id = p.facility_id AND a.patient_id = p.patient_id "
    "LEFT JOIN visits v ON v.facility_id = p.facility_id AND v.visit_id = p.visit_id "
    "LEFT JOIN payment_papers n ON n.facility_id = p.facility_id AND n.payment_id = p.payment_id WHERE p.facility_id = ? "
)


def in_custody(
    connection: Connection, facility_id: str, custody_id: str
) -> tuple[list[ReceiptRow], list[MoveRow], list[RefundRow]]:
    """Everything that happened in a custody: its receipts, its cash moves, its refunds."""
    return (
        receipts_of_custody(connection, facility_id, custody_id),
        moves_of_custody(connection, facility_id, custody_id),
        refunds_of_custody(connection, facility_id, custody_id),
    )


def receipts_of_custody(connection: Connection, facility_id: str, custody_id: str) -> list[ReceiptRow]:
    """The payments of a custody by receipt number."""
    asked = _RECEIPTS + "AND p.custody_id = ? ORDER BY p.receipt_number"
    rows = connection.exec_driver_sql(asked, (facility_id, custody_id)).mappings().all()
    return [_receipt(connection, row) for row in rows]


def receipt(connection: Connection, facility_id: str, payment_id: str) -> ReceiptRow | None:
    """One payment."""
    row = connection.exec_driver_sql(_RECEIPTS + "AND p.payment_id = ?", (facility_id, payment_id)).mappings().first()
    return _receipt(connection, row) if row else None


def entered_as(connection: Connection, facility_id: str, paper: PaperReceipt) -> str:
    """The receipt as which a paper receipt was entered before, and not voided since; blank for a new one."""
    if not paper_key(paper.number):
        return ""
    row = connection.exec_driver_sql(
        "SELECT p.receipt FROM payment_papers n JOIN payments p ON p.facility_id = n.facility_id "
        "AND p.payment_id = n.payment_id WHERE n.facility_id = ? AND n.number_key = ? AND p.voided_at IS NULL LIMIT 1",
        (facility_id, paper_key(paper.number)),
    ).first()
    return row[0] if row else ""


def ids_of_visit(connection: Connection, facility_id: str, visit_id: str) -> list[str]:
    """The payments of a visit, voided ones too."""
    asked = "SELECT payment_id FROM payments WHERE facility_id = ? AND visit_id = ? ORDER BY received_at, payment_id"
    return [row[0] for row in connection.exec_driver_sql(asked, (facility_id, visit_id)).all()]


def receipts_like(connection: Connection, facility_id: str, text: str, most: int) -> list[ReceiptRow]:
    """Payments whose receipt number ends with the text or contains it, the newest first."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    asked = _RECEIPTS + "AND p.receipt LIKE ? ESCAPE '\\' ORDER BY p.received_at DESC LIMIT ?"
    rows = connection.exec_driver_sql(asked, (facility_id, f"%{plain}%", most)).mappings().all()
    return [_receipt(connection, row) for row in rows]


def _receipt(connection: Connection, row: RowMapping) -> ReceiptRow:
    key = (row["facility_id"], row["payment_id"])
    return ReceiptRow(
        payment_id=row["payment_id"],
        custody_id=row["custody_id"],
        drawer_id=row["drawer_id"],
        receipt=row["receipt"],
        receipt_number=row["receipt_number"],
        patient_id=row["patient_id"],
        patient_family=row["family"],
        patient_given=row["given"],
        patient_middle=row["middle"],
        patient_suffix=row["suffix"],
        mrn=row["mrn"],
        visit_id=row["visit_id"],
        account_number=row["account_number"] or "",
        service=row["service"] or "",
        amount=Money(row["amount_cents"]),
        lines=_lines(connection, key),
        tenders=_tenders(connection, key),
        received_at=datetime.fromisoformat(row["received_at"]),
        received_by=row["received_by"],
        refunded=Money(int(row["refunded_cents"])),
        voided_at=_moment(row["voided_at"]),
        voided_by=row["voided_by"],
        void_reason=row["void_reason"],
        void_approver_id=row["void_approver_id"],
        taken_on_paper_at=_moment(row["taken_at"]),
        paper_number=row["paper_number"] or "",
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _lines(connection: Connection, key: tuple[str, str]) -> tuple[PaymentLine, ...]:
    rows = connection.exec_driver_sql(
        "SELECT purpose, amount_cents FROM payment_lines WHERE facility_id = ? AND payment_id = ? ORDER BY line", key
    ).all()
    return tuple(PaymentLine(purpose, Money(cents)) for purpose, cents in rows)


def _tenders(connection: Connection, key: tuple[str, str]) -> tuple[TenderTaken, ...]:
    rows = connection.exec_driver_sql(
        "SELECT tender, amount_cents, taken_cents, tendered_cents, change_cents, check_number, card_last4, auth_code "
        "FROM payment_tenders WHERE facility_id = ? AND payment_id = ? ORDER BY part",
        key,
    ).all()
    return tuple(
        TenderTaken(
            row[0],
            Money(row[1]),
            Money(row[2]),
            Money(row[3]) if row[3] is not None else None,
            Money(row[4]),
            row[5],
            row[6],
            row[7],
        )
        for row in rows
    )


def refunds_of_custody(connection: Connection, facility_id: str, custody_id: str) -> list[RefundRow]:
    """The refunds reported under a custody, in order; without a receipt where the details of the payment are at central only."""
    rows = connection.exec_driver_sql(
        "SELECT r.refund_id, r.payment_id, coalesce(p.receipt, ''), v.account_number, "
        "r.custody_id, r.tender, r.amount_cents, r.reason, "
        "r.refunded_at, r.refunded_by, r.approver_id FROM refunds r "
        "LEFT JOIN payments p ON p.facility_id = r.facility_id AND p.payment_id = r.payment_id "
        "LEFT JOIN visits v ON v.facility_id = p.facility_id AND v.visit_id = p.visit_id "
        "WHERE r.facility_id = ? AND r.custody_id = ? ORDER BY r.refunded_at, r.refund_id",
        (facility_id, custody_id),
    ).all()
    return [
        RefundRow(
            row[0],
            row[1],
            row[2],
            row[3] or "",
            row[4],
            row[5],
            Money(row[6]),
            row[7],
            datetime.fromisoformat(row[8]),
            row[9],
            row[10],
        )
        for row in rows
    ]


def moves_of_custody(connection: Connection, facility_id: str, custody_id: str) -> list[MoveRow]:
    """The cash moves of a custody, in order."""
    rows = connection.exec_driver_sql(
        "SELECT move_id, custody_id, kind, amount_cents, reason, bag, pieces, moved_at, moved_by, approver_id "
        "FROM cash_moves WHERE facility_id = ? AND custody_id = ? ORDER BY moved_at, move_id",
        (facility_id, custody_id),
    ).all()
    return [
        MoveRow(
            row[0],
            row[1],
            row[2],
            Money(row[3]),
            row[4],
            row[5],
            decode_value(row[6].encode(), CashCount) if row[6] and row[2] == "drop" else None,
            datetime.fromisoformat(row[7]),
            row[8],
            row[9],
        )
        for row in rows
    ]


def bags(connection: Connection, facility_id: str, custody_id: str | None = None) -> list[BagRow]:
    """The bags sealed in a custody, or all of the facility, in the order they were sealed."""
    rows = connection.exec_driver_sql(
        "SELECT bag, custody_id, source, amount_cents, cash_cents, place, sealed_at, sealed_by, sent_at, confirmed_at, "
        "confirmed_cents FROM bags WHERE facility_id = ? AND (? IS NULL OR custody_id = ?) ORDER BY sealed_at, bag",
        (facility_id, custody_id, custody_id),
    ).all()
    return [
        BagRow(
            row[0],
            row[1],
            row[2],
            Money(row[3]),
            Money(row[4]),
            row[5],
            datetime.fromisoformat(row[6]),
            row[7],
            _moment(row[8]),
            _moment(row[9]),
            Money(row[10]) if row[10] is not None else None,
        )
        for row in rows
    ]
