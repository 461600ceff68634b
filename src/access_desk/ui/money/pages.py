"""Every money page, built over one desk: what the shell's composition root adds to its window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from access_desk.domain.papers.receipt import Language
from access_desk.presentation.cash_count import CashCountViewModel, CountPurpose
from access_desk.presentation.cash_sheet import PreviewViewModel
from access_desk.presentation.drawer import DrawerViewModel
from access_desk.presentation.drawer_deposit import DepositViewModel
from access_desk.presentation.drawer_receipt import ReceiptViewModel
from access_desk.presentation.drawer_session import MoneySession, Run
from access_desk.presentation.handoff import HandoffViewModel
from access_desk.presentation.open_drawer import OpenDrawerViewModel
from access_desk.presentation.papers_drawing import RECEIPT, draw_paper
from access_desk.presentation.papers_shift_report import ShiftReportViewModel
from access_desk.presentation.payment import PaymentViewModel
from access_desk.presentation.payment_receipt import ReceiptHead
from access_desk.presentation.variance import VarianceViewModel
from access_desk.services.desk import Desk
from access_desk.services.papers import PaperKey
from access_desk.ui.money.count_view import CashCountView
from access_desk.ui.money.deposit_view import DepositView
from access_desk.ui.money.drawer_dialogs import DrawerDialogs
from access_desk.ui.money.drawer_view import DrawerView
from access_desk.ui.money.handoff_view import HandoffView
from access_desk.ui.money.open_drawer_view import OpenDrawerView
from access_desk.ui.money.payment_view import PaymentView
from access_desk.ui.money.preview_view import PreviewView
from access_desk.ui.money.printing import print_receipt
from access_desk.ui.money.receipt_view import ReceiptView
from access_desk.ui.money.shift_report_view import ShiftReportView
from access_desk.ui.money.variance_view import VarianceView
from access_desk.ui.pages import Page

PutOut = Callable[[bytes, str], None]


@dataclass(frozen=True, slots=True)
class MoneyContext:
    """What the money pages are built over: the desk, who is at it, the task runner, and where receipts come out."""

    desk: Desk
    who: Callable[[], str]
    run: Run
    put_out: PutOut = print_receipt


def money_pages(context: MoneyContext) -> Iterator[Page]:
    """Payment, open drawer, drawer, receipt, counts, variance, handoff, papers, deposit, end-of-shift report, one by one."""
    desk = context.desk
    session = MoneySession(desk, context.who, context.run)

    def draw_receipt(payment_id: str, language: Language) -> bytes:
        return draw_paper(desk, PaperKey(RECEIPT, payment_id), context.who(), record=True, language=language).pdf

    def draw_copy(payment_id: str) -> bytes:
        return draw_paper(desk, PaperKey(RECEIPT, payment_id), context.who(), record=True).pdf

    def head() -> ReceiptHead:
        facility = desk.view.facility()
        taken_by = facility.person(context.who()).name
        return ReceiptHead(facility.name, facility.address_lines, facility.phone, desk.label, taken_by, desk.view.now())

    drawer = DrawerViewModel(session)
    payment = PaymentView(PaymentViewModel(session, draw_receipt, context.put_out), head)
    payment.model.on_protected = lambda patient_id: payment.go.emit("privacy", patient_id)
    yield payment
    yield OpenDrawerView(OpenDrawerViewModel(session))
    yield DrawerView(drawer, DrawerDialogs(session, drawer))
    yield ReceiptView(ReceiptViewModel(session), draw_copy, context.put_out)
    yield CashCountView(CashCountViewModel(session))
    yield CashCountView(CashCountViewModel(session, CountPurpose.AUDIT))
    yield CashCountView(CashCountViewModel(session, CountPurpose.TAKE_OVER))
    yield VarianceView(VarianceViewModel(session))
    yield HandoffView(HandoffViewModel(session))
    preview = PreviewView(PreviewViewModel(session))
    preview.model.on_protected = lambda patient_id: preview.go.emit("privacy", patient_id)
    yield preview
    yield DepositView(DepositViewModel(session))
    yield ShiftReportView(ShiftReportViewModel(session))
