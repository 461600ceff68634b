"""The content of papers, read from the projections, and the record that a paper was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.denominations import ALL_DENOMINATIONS, CashCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import DocumentPrinted
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.money import Money
from access_desk.domain.papers.cash_sheet import CashSheet, CountMoment, SheetReceipt
from access_desk.domain.papers.handoff import BagInSafe, HandoffSheet, OpenItem
from access_desk.domain.papers.imprint import Imprint, LogHead, Remark
from access_desk.domain.papers.mid_shift import MidShiftSheet
from access_desk.domain.papers.receipt import Receipt, ReceiptCharge, ReceiptKind
from access_desk.domain.papers.shift_report import BagEntry, ShiftCustody, ShiftReport
from access_desk.domain.papers.words import purposes_text
from access_desk.domain.payments.views import ReceiptRow
from access_desk.domain.permissions import Action, check_role
from access_desk.services.journal import SYSTEM_ACTOR, By, Journal
from access_desk.services.paper_parts import (
    Printing,
    cash_moves,
    paper_remarks,
    receipt_span,
    refund_entries,
    remarks,
    tender_parts,
    void_entries,
)
from access_desk.services.receipt_due import still_due
from access_desk.services.states import AT_CENTRAL
from access_desk.storage.engine import read_transaction
from access_desk.storage.handles import Connection
from access_desk.storage.queries import custodies, overview, payments
from access_desk.storage.queries.let_go import GoneOfShift, gone_of_shift, is_custody_gone

SHIFT_REPORT = "end-of-shift"
_BY_VALUE = sorted(ALL_DENOMINATIONS, key=lambda piece: (-piece.value.cents, piece.is_roll))


@dataclass(frozen=True, slots=True)
class PaperKey:
    """Which paper: its kind (``cash-sheet``, ``receipt``, …) and what it is about (a custody, a payment, a shift)."""

    document: str
    about: str


class PaperService:
    """Builds what papers say. Printing is recorded first; the copy number counts what was recorded."""

    def __init__(self, journal: Journal, *, practice: bool, desk_label: str) -> None:
        self._journal = journal
        self._practice = practice
        self._desk_label = desk_label

    def printing(self, key: PaperKey, person_id: str | None) -> Printing:
        """The imprint of the next print of a paper: who, when, which log head, which copy.

        Raises:
            DeskError: ``not_permitted`` when the person may not see this paper; the refusal is in the log.
        """
        facility = self._journal.read(lambda states: states.facility())
        self._check_reader(facility, key, person_id)
        with read_transaction(self._journal.engine) as connection:
            copies = overview.copies_printed(connection, self._journal.facility_id, key.document, key.about)
        now = self._journal.clock.now().astimezone(ZoneInfo(facility.timezone))
        person = facility.people.get(person_id or "")
        head = self._journal.head
        imprint = Imprint(
            facility.name,
            now,
            person.name if person else "the command line",
            self._desk_label,
            LogHead(head.seq, head.hash),
            copies + 1,
            self._practice,
            facility.address_lines,
            facility.phone,
        )
        return Printing(facility, imprint)

    def _check_reader(self, facility: FacilityState, key: PaperKey, person_id: str | None) -> None:
        """The command line prints for whoever may read the desk's file; at the screen the person's role counts."""
        if person_id is None or person_id == SYSTEM_ACTOR:
            return
        action = Action.END_OF_SHIFT_REPORT if key.document == SHIFT_REPORT else Action.PRINT_DOCUMENT
        try:
            check_role(facility.person(person_id), action)
        except DeskError as refusal:
            self._journal.refuse(By(person_id, self._journal.ids.new_id()), action, refusal)
            raise

    def record_print(self, key: PaperKey, printing: Printing, person_id: str | None) -> None:
        """Record that the paper was made, with the log head that stands on it."""
        head = printing.imprint.log_head
        seq, digest = (head.seq, head.hash) if head else (0, "")
        body = DocumentPrinted(key.document, key.about, printing.imprint.copy_number, seq, digest)
        self._journal.record(person_id or SYSTEM_ACTOR, [Fact(key.about, body)])

    def custody(self, custody_id: str) -> CustodyFigures:
        """A custody's figures. Raises ``unknown_reference``."""
        with read_transaction(self._journal.engine) as connection:
            found = custodies.custody(connection, self._journal.facility_id, custody_id)
            is_gone = found is None and is_custody_gone(connection, self._journal.facility_id, custody_id)
        if found is None:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, AT_CENTRAL if is_gone else "This custody is not in the log.")
        return found

    def number(self, custody_id: str) -> str:
        """The number of a custody's cash sheet."""
        one = self.custody(custody_id)
        with read_transaction(self._journal.engine) as connection:
            return sheet_number(connection, self._journal.facility_id, one)

    def cash_sheet(self, printing: Printing, custody_id: str) -> CashSheet:
        """The cash sheet of a closed custody. Raises ``drawer_not_open`` while it is open."""
        one = self.custody(custody_id)
        if one.counted is None or one.over_short is None or one.closed_at is None:
            raise DeskError(Refusal.DRAWER_NOT_OPEN, "This drawer is not closed yet. Print the mid-shift sheet instead.")
        with read_transaction(self._journal.engine) as connection:
            number = sheet_number(connection, self._journal.facility_id, one)
            receipts, moves, refunds = payments.in_custody(connection, self._journal.facility_id, custody_id)
            before = self._holder_before(connection, printing, one)
        counts = one.closing_counts
        last = counts[-1]
        policy = printing.facility.policy
        limit = policy.approval_from()
        return CashSheet(
            imprint=printing.imprint,
            number=number,
            business_date=one.business_date,
            shift=one.shift,
            drawer=one.drawer_key,
            desk_label=one.desk_label,
            holder=printing.signed(one.holder_id, None),
            counted_by=printing.signed(last.counted_by, last.counted_at),
            opened_at=printing.local(one.opened_at),
            opening_count=one.opening_count,
            received=one.received,
            received_counts=one.received_counts,
            expected=one.expected,
            counted=one.counted,
            over_short=one.over_short,
            pieces=last.count.cash,
            to_bank=one.to_bank or Money(0),
            left_in_drawer=one.left_in_drawer or Money(0),
            receipts=tuple(_sheet_receipt(printing, row) for row in receipts),
            counts=tuple(CountMoment(printing.local(count.counted_at), count.counted) for count in counts),
            shift_hours=policy.shift_hours(one.shift),
            closed_at=printing.local(one.closed_at),
            approver=printing.signed(one.approver_id, one.closed_at) if one.approver_id else None,
            witness=printing.signed(one.witness_id, one.closed_at) if one.witness_id else None,
            opening_witness=printing.name(one.opening_witness_id),
            opening_variance=one.opening_variance,
            previous_holder=before,
            approval_limit=limit - Money(1) if limit else None,
            moves=cash_moves(printing, moves, one.drawer_key),
            refunds=refund_entries(printing, refunds, one.drawer_key),
            rounding=one.rounding,
            card_batch=one.card_batch,
            counted_checks=last.count.checks,
            to_bank_pieces=one.to_bank_pieces or pieces_making(last.count.cash, one.to_bank or Money(0)),
            reason=one.reason,
            memo=one.memo,
            explained_by=printing.name(one.closed_by),
            bag=one.bag,
            also_recorded=(*remarks(printing, moves, one), *paper_remarks(printing, receipts)),
        )

    def receipt(self, printing: Printing, payment_id: str) -> Receipt:
        """The receipt of a payment, or its void slip when it was voided. Raises ``unknown_reference``."""
        with read_transaction(self._journal.engine) as connection:
            row = payments.receipt(connection, self._journal.facility_id, payment_id)
            if row is None:
                raise DeskError(Refusal.UNKNOWN_REFERENCE, "This payment is not in the log.")
            due = None
            if row.visit_id and not row.voided_at:
                due = still_due(connection, self._journal.facility_id, row.visit_id, payment_id)
        rounding = Money(sum((part.taken - part.amount).cents for part in row.tenders))
        return Receipt(
            imprint=printing.imprint,
            number=row.receipt,
            at=printing.local(row.received_at),
            taken_by=printing.name(row.received_by),
            patient_given=row.patient_given,
            patient_family=row.patient_family,
            patient_suffix=row.patient_suffix,
            visit_number=row.account_number or row.mrn,
            amount=row.amount,
            charges=tuple(ReceiptCharge(line.purpose, line.amount) for line in row.lines),
            tenders=tender_parts(row),
            kind=ReceiptKind.VOID if row.voided_at else ReceiptKind.PAYMENT,
            rounding=rounding,
            voided_at=printing.local(row.voided_at) if row.voided_at else None,
            reason=row.void_reason,
            approved_by=printing.name(row.void_approver_id),
            still_due=due,
            taken_on_paper_at=printing.local(row.taken_on_paper_at) if row.taken_on_paper_at else None,
            paper_number=row.paper_number,
        )

    def mid_shift_sheet(self, printing: Printing, custody_id: str, *, blind: bool) -> MidShiftSheet:
        """How an open custody stands; it closes nothing."""
        one = self.custody(custody_id)
        with read_transaction(self._journal.engine) as connection:
            number = sheet_number(connection, self._journal.facility_id, one).replace("CS-", "MS-")
            receipts, moves, refunds = payments.in_custody(connection, self._journal.facility_id, custody_id)
        return MidShiftSheet(
            imprint=printing.imprint,
            number=number,
            business_date=one.business_date,
            shift=one.shift,
            drawer=one.drawer_key,
            desk_label=one.desk_label,
            holder=printing.signed(one.holder_id, None),
            opened_at=printing.local(one.opened_at),
            at=printing.imprint.printed_at,
            blind=blind,
            opening_count=one.opening_count,
            received=one.received,
            received_counts=one.received_counts,
            receipts=receipt_span(one, receipts),
            expected=None if blind else one.expected,
            rounding=one.rounding,
            moves=cash_moves(printing, moves, one.drawer_key),
            voids=void_entries(printing, receipts, one.drawer_key),
            refunds=refund_entries(printing, refunds, one.drawer_key),
        )

    def handoff_sheet(self, printing: Printing, custody_id: str) -> HandoffSheet:
        """How the custody came from the person before; about the receiver's custody. Raises ``unknown_reference``."""
        one = self.custody(custody_id)
        if one.handed_over_by is None or one.previous_custody_id is None:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "This drawer was opened, not handed over. There is no handoff sheet.")
        before = self.custody(one.previous_custody_id)
        with read_transaction(self._journal.engine) as connection:
            number = sheet_number(connection, self._journal.facility_id, one).replace("CS-", "HO-")
            bags = payments.bags(connection, self._journal.facility_id, before.custody_id)
        left = before.left_in_drawer or Money(0)
        pieces = before.closing_counts[-1].count.cash if before.to_bank == Money(0) and before.closing_counts else None
        in_safe = [
            BagInSafe(bag.bag, bag.amount, printing.local(bag.sealed_at), "drop" if bag.source == "drop" else "deposit")
            for bag in bags
            if bag.place == "safe"
        ]
        return HandoffSheet(
            imprint=printing.imprint,
            number=number,
            business_date=one.business_date,
            drawer=one.drawer_key,
            desk_label=one.desk_label,
            shift_from=before.shift,
            shift_to=one.shift,
            handed_at=printing.local(one.opened_at),
            outgoing=printing.signed(one.handed_over_by, one.opened_at),
            incoming=printing.signed(one.holder_id, one.opened_at),
            left_in_drawer=left,
            incoming_pieces=one.opening_pieces,
            outgoing_pieces=pieces,
            over_short=before.over_short,
            open_items=tuple(OpenItem(text) for text in one.open_items),
            note=one.handoff_note,
            bags=tuple(in_safe),
            also_handed=(f"Drawer key {one.drawer_key}",),
        )

    def shift_report(self, printing: Printing, day: date, shift: str | None) -> ShiftReport:
        """All custodies of a business date and shift, or of the whole date."""
        facility_id = self._journal.facility_id
        with read_transaction(self._journal.engine) as connection:
            figures = custodies.custodies_of_shift(connection, facility_id, day, shift)
            receipts = {one.custody_id: payments.receipts_of_custody(connection, facility_id, one.custody_id) for one in figures}
            moves = {one.custody_id: payments.moves_of_custody(connection, facility_id, one.custody_id) for one in figures}
            refunds = {one.custody_id: payments.refunds_of_custody(connection, facility_id, one.custody_id) for one in figures}
            bags = payments.bags(connection, facility_id)
            gone = gone_of_shift(connection, facility_id, day, shift)
        keys = {one.custody_id: one.drawer_key for one in figures}
        entries = [
            BagEntry(
                bag.bag,
                keys[bag.custody_id],
                bag.cash,
                bag.amount - bag.cash,
                bag.place,
                printing.local(bag.sealed_at),
                printing.name(bag.sealed_by),
                "",
                bag.confirmed,
            )
            for bag in bags
            if bag.custody_id in keys
        ]
        return ShiftReport(
            imprint=printing.imprint,
            number=f"ES-{day:%m%d}-{shift[:1].upper() if shift else 'ALL'}",
            business_date=day,
            shift=shift,
            custodies=tuple(_shift_custody(printing, one, receipts[one.custody_id]) for one in figures),
            shift_hours=printing.facility.policy.shift_hours(shift) if shift else None,
            voids=tuple(entry for c, rows in receipts.items() for entry in void_entries(printing, rows, keys[c])),
            refunds=tuple(entry for c, rows in refunds.items() for entry in refund_entries(printing, rows, keys[c])),
            moves=tuple(entry for c, rows in moves.items() for entry in cash_moves(printing, rows, keys[c])),
            bags=tuple(entries),
            also_recorded=(
                *(remark for one in figures for remark in remarks(printing, moves[one.custody_id], one)),
                *_gone_remarks(gone),
            ),
            still_open=_still_open(printing, figures, entries),
        )

    def _holder_before(self, connection: Connection, printing: Printing, one: CustodyFigures) -> str:
        if one.previous_custody_id is None:
            return ""
        before = custodies.custody(connection, self._journal.facility_id, one.previous_custody_id)
        return printing.name(before.holder_id) if before else ""


def sheet_number(connection: Connection, facility_id: str, one: CustodyFigures) -> str:
    """The number of a custody's sheet: date, drawer, shift, and an ordinal when a shift had more than one."""
    ordinal = custodies.place_in_shift(connection, facility_id, one.custody_id)
    suffix = f"-{ordinal}" if ordinal > 1 else ""
    return f"CS-{one.business_date:%m%d}-{one.drawer_key}-{one.shift[:1].upper()}{suffix}"


def _gone_remarks(gone: GoneOfShift) -> tuple[Remark, ...]:
    if not gone.custodies:
        return ()
    many = "1 drawer" if gone.custodies == 1 else f"{gone.custodies} drawers"
    sums = f"received {gone.received.figures()}, over/short {gone.over_short.signed_figures()}"
    return (Remark(f"Not in this report: {many} of other desks, {sums}; the details are at central"),)


def pieces_making(counted: CashCount, amount: Money) -> CashCount | None:
    """Pieces of a count that make up an amount, the largest first; None when they cannot."""
    from_left, pieces = amount.cents, dict[str, int]()
    for denomination in _BY_VALUE:
        taken = min(from_left // denomination.value.cents, counted.pieces.get(denomination.key, 0))
        if taken:
            pieces[denomination.key] = taken
            from_left -= taken * denomination.value.cents
    return CashCount(pieces) if from_left == 0 else None


def _sheet_receipt(printing: Printing, row: ReceiptRow) -> SheetReceipt:
    return SheetReceipt(
        row.receipt,
        printing.local(row.received_at),
        row.account_number or row.mrn,
        purposes_text([line.purpose for line in row.lines], row.service),
        tender_parts(row),
        row.void_reason if row.voided_at else None,
        printing.name(row.void_approver_id),
        f"Refunded {row.refunded.figures()}" if row.refunded else "",
    )


def _shift_custody(printing: Printing, one: CustodyFigures, receipts: list[ReceiptRow]) -> ShiftCustody:
    return ShiftCustody(
        drawer=one.drawer_key,
        desk_label=one.desk_label,
        holder=printing.name(one.holder_id),
        shift=one.shift,
        opened_at=printing.local(one.opened_at),
        opening_count=one.opening_count,
        received=one.received,
        received_counts=one.received_counts,
        voided=one.voided,
        refunded=one.refunded,
        receipts=receipt_span(one, receipts),
        opening_variance=one.opening_variance,
        paid_in=one.paid_in,
        paid_out=one.paid_out,
        dropped=one.dropped,
        rounding=one.rounding,
        closed_at=printing.local(one.closed_at) if one.closed_at else None,
        expected=one.expected if one.closed_at else None,
        counted=one.counted,
        over_short=one.over_short,
        to_bank=one.to_bank,
        left_in_drawer=one.left_in_drawer,
        count_attempts=len(one.closing_counts),
        approved_by=printing.name(one.approver_id),
        witness=printing.name(one.witness_id),
        reason=one.reason,
        memo=one.memo,
        bag=one.bag,
        card_batch=one.card_batch,
        taken_over_by=printing.name(one.closed_by) if one.taken_over else "",
    )


def _still_open(printing: Printing, figures: list[CustodyFigures], bags: list[BagEntry]) -> tuple[str, ...]:
    lines = [
        f"Drawer {one.drawer_key}: {printing.name(one.holder_id)} still holds it ({one.status})"
        for one in figures
        if one.status != "closed"
    ]
    lines += [f"Bag {bag.bag}: {bag.amount.dollars()} still in the safe" for bag in bags if bag.state == "safe"]
    waiting = [bag for bag in bags if bag.state == "in_transit"]
    lines += [f"Bag {bag.bag}: {bag.amount.dollars()} not yet confirmed by the bank" for bag in waiting]
    return tuple(lines)
