"""Opening, counting, comparing, closing, handing over, depositing: view-models on an in-memory desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from access_desk.domain.denominations import CashCount
from access_desk.domain.money import Money
from access_desk.domain.policy import Policy
from access_desk.presentation.cash_count import CashCountViewModel, CheckLine, CountPurpose
from access_desk.presentation.cash_count_boxes import BOX_ORDER, CountBoxes, typed_pieces
from access_desk.presentation.cash_sheet import PreviewViewModel
from access_desk.presentation.drawer import DrawerViewModel
from access_desk.presentation.drawer_deposit import DepositViewModel
from access_desk.presentation.drawer_moves import MoveKind, MoveViewModel
from access_desk.presentation.drawer_receipt import ReceiptViewModel
from access_desk.presentation.handoff import HandoffViewModel
from access_desk.presentation.open_drawer import OpenDrawerViewModel
from access_desk.presentation.papers_drawing import CASH_SHEET, HANDOFF_SHEET, Paper
from access_desk.presentation.papers_shift_report import ShiftReportViewModel
from access_desk.presentation.variance import VarianceViewModel
from tests.presentation.money_desk import FLOAT, PINS, HeldRuns, MoneyDesk


@pytest.fixture
def desk() -> MoneyDesk:
    made = MoneyDesk()
    made.open_drawer()
    return made


def count_closing(desk: MoneyDesk, cash: dict[str, int], card_total: str = "0") -> CashCountViewModel:
    model = CashCountViewModel(desk.session())
    model.load()
    for key, pieces in cash.items():
        model.type_box(key, str(pieces))
    model.end_checks()
    model.type_card("", card_total)
    model.fill_blanks()
    model.submit()
    return model


def close(desk: MoneyDesk, cash: dict[str, int], **bank: str) -> VarianceViewModel:
    count_closing(desk, cash)
    model = VarianceViewModel(desk.session())
    model.load()
    if bank:
        model.bank(amount=bank.get("amount", model.state.to_bank), bag=bank.get("bag", ""))
    return model


@pytest.mark.parametrize(("text", "pieces"), [("", None), ("0", 0), ("12+8", 20), (" 1 + 2+3 ", 6)])
def test_boxes_take_whole_numbers_and_sums(text: str, pieces: int | None) -> None:
    assert typed_pieces(text) == pieces


@pytest.mark.parametrize("text", ["1.5", "-1", "12+", "a", "+3", "1000001", "٣"])
def test_other_texts_stay_and_say_so(text: str) -> None:
    boxes = CountBoxes().typed("20", text)
    assert boxes.text("20") == text
    assert boxes.error("20")
    assert boxes.pieces("20") is None


def test_enter_runs_bills_then_coin_loose_and_rolls() -> None:
    assert BOX_ORDER[6:11] == ("1", "1c$", "roll:1c$", "0.50", "roll:0.50")


def test_open_shows_the_float_and_asks_for_every_blank() -> None:
    desk = MoneyDesk()
    model = OpenDrawerViewModel(desk.session())
    model.load()
    assert model.state.chosen is not None
    assert (model.state.chosen.key, model.state.chosen.should_hold) == ("03", Money(20_000))
    model.type_box("20", "5+5")
    model.open()
    assert model.state.missing[0][0] == "100"
    assert model.state.opened == ""
    model.fill_blanks()
    assert model.state.difference == Money(0)
    model.open()
    assert model.state.opened == "03"


def test_open_needs_a_witness_where_the_policy_asks() -> None:
    desk = MoneyDesk(Policy(two_person_open=True))
    model = OpenDrawerViewModel(desk.session())
    model.load()
    model.fill_blanks()
    model.open()
    assert "witness" in model.state.problem
    model.sign(desk.priya, "000000")
    model.open()
    assert "PIN" in model.state.problem
    model.sign(desk.priya, PINS["priya"])
    model.open()
    assert model.state.opened == "03"


def test_the_drawer_hides_cash_until_a_lead_shows_it(desk: MoneyDesk) -> None:
    visit = desk.register("25.00")
    desk.pay(visit, "25.00")
    model = DrawerViewModel(desk.session())
    model.load()
    assert next(line.amount for line in model.state.by_tender) is None
    assert "200.00" in model.state.headline
    model.reveal(desk.marcus, "1")
    assert next(line.amount for line in model.state.by_tender) is None
    model.reveal(desk.marcus, PINS["marcus"])
    assert next(line.amount for line in model.state.by_tender) == "$25.00"
    assert model.state.cash_moves[-1].amount == "$225.00"
    assert "drawer.expected_revealed" in desk.kinds() or model.state.revealed
    model.leave()
    model.load()
    assert next(line.amount for line in model.state.by_tender) is None


def test_moves_are_recorded_and_listed(desk: MoneyDesk) -> None:
    move = MoveViewModel(desk.session(), MoveKind.DROP)
    move.load(desk.drawer_id, "03")
    move.enter(amount="80", bag="0716-01")
    move.record()
    move.record()
    assert move.state.done == "$80.00 dropped to the safe"
    desk.later(1)
    out = MoveViewModel(desk.session(), MoveKind.PAID_OUT)
    out.load(desk.drawer_id, "03")
    out.enter(amount="11.75", reason="Patient parking", detail="PO-118")
    out.record()
    assert "approve" in out.state.problem
    out.enter(person=desk.marcus, pin=PINS["marcus"])
    out.record()
    assert out.state.done
    model = DrawerViewModel(desk.session())
    model.load()
    assert [(row.kind, row.amount) for row in model.state.rows] == [("paid_out", "−11.75"), ("drop", "−80.00")]
    assert model.state.rows[0].text == "Patient parking, PO-118, approved by Marcus Okafor"


def test_exchange_by_pieces_has_equal_totals(desk: MoneyDesk) -> None:
    move = MoveViewModel(desk.session(), MoveKind.EXCHANGE)
    move.load(desk.drawer_id, "03")
    move.type_box("20", "1")
    move.type_take("5", "3")
    move.record()
    assert "same total" in move.state.problem
    assert move.state.exchange_left == Money(500)
    move.type_take("5", "4")
    move.record()
    assert move.state.done == "$20.00 exchanged with the safe"


def test_void_and_refund_keep_the_line(desk: MoneyDesk) -> None:
    visit = desk.register("25.00")
    first, second = desk.pay(visit, "10.00"), desk.pay(visit, "15.00")
    void = ReceiptViewModel(desk.session())
    void.load(first)
    void.enter(reason="Wrong account", approver=desk.marcus, pin=PINS["marcus"])
    void.void()
    assert void.state.done == "03-000001 voided, $10.00"
    refund = ReceiptViewModel(desk.session())
    refund.load(second)
    refund.enter(reason="Overpaid", refund_amount="5", approver=desk.marcus, pin=PINS["marcus"])
    refund.refund()
    assert refund.state.done == "$5.00 of 03-000002 refunded"
    refund.load(second)
    assert refund.state.left == Money(1000)
    assert "refunded" in refund.state.void_problem
    model = DrawerViewModel(desk.session())
    model.load()
    assert {row.kind for row in model.state.rows} == {"void", "receipt", "refund"}


def test_a_count_survives_a_crash(desk: MoneyDesk) -> None:
    model = CashCountViewModel(desk.session())
    model.load()
    model.type_box("20", "12+8")
    model.type_check(0, CheckLine("2214", "350"))
    model.save_draft()
    after = CashCountViewModel(desk.session())
    after.load()
    assert after.state.boxes.text("20") == "12+8"
    assert after.state.checks[0] == CheckLine("2214", "350")
    assert after.state.checks_total == Money(35_000)


def test_submit_asks_for_every_blank(desk: MoneyDesk) -> None:
    model = CashCountViewModel(desk.session())
    model.load()
    model.submit()
    assert len(model.state.missing) == len(BOX_ORDER) + 2
    assert model.state.left_text == "19 boxes, checks and card batch left"
    model.fill_blanks()
    assert model.state.left_text == "Everything is counted"


def test_a_balanced_drawer_needs_no_explanation(desk: MoneyDesk) -> None:
    model = close(desk, dict(FLOAT))
    assert model.state.is_balanced
    assert model.state.needs == frozenset()
    model.close()
    assert model.state.closed
    again = VarianceViewModel(desk.session())
    again.load()
    assert not again.state.found


def test_a_short_drawer_is_recounted_explained_and_approved(desk: MoneyDesk) -> None:
    visit = desk.register("35.00")
    desk.pay(visit, "35.00", received="40.00")
    cash = {**FLOAT, "10": FLOAT["10"] + 3}
    model = close(desk, cash)
    assert model.state.worst is not None
    assert model.state.worst.difference == Money(-500)
    assert model.state.may_recount
    assert model.state.suspects[0].receipt == "03-000001"
    assert [part.title for part in model.state.made_of] == ["Opening float", "+ Cash receipts, 1"]
    count_closing(desk, cash)
    model.load()
    assert (model.state.attempt, model.state.may_recount) == (2, False)
    assert "agree. Both are kept." in model.state.history
    model.close()
    assert "reason" in model.state.problem
    model.explain(reason="Change given twice", happened="Patient came back")
    model.close()
    assert "lead" in model.state.problem
    model.sign(desk.marcus, PINS["marcus"])
    model.bank(amount="30.00", bag="0716-03")
    model.close()
    assert model.state.closed


def closed_desk(desk: MoneyDesk) -> MoneyDesk:
    close(desk, dict(FLOAT), bag="0716-03").close()
    return desk


def test_the_handoff_needs_count_items_and_both_people(desk: MoneyDesk) -> None:
    desk.register("25.00")
    closed_desk(desk)
    model = HandoffViewModel(desk.session())
    model.load()
    assert (model.state.drawer_key, model.state.left) == ("03", Money(20_000))
    assert model.state.left_pieces == CashCount({key: pieces for key, pieces in FLOAT.items() if pieces})
    assert [item.state for item in model.state.items] == ["Waiting"]
    model.take()
    assert {"items", "also", "name"} <= {what for what, _ in model.state.missing}
    for key, pieces in FLOAT.items():
        model.type_box(key, str(pieces))
    model.fill_blanks()
    model.read_item(0, on=True)
    for index in range(len(model.state.also)):
        model.tick_also(index, on=True)
    model.add_item("Receipt paper is low")
    model.sign("priya", "999999")
    assert model.state.incoming == "Priya Raman"
    assert model.state.step == 3
    model.take()
    assert "PIN" in model.state.problem
    model.sign("priya", PINS["priya"])
    model.take()
    assert model.state.taken_custody
    desk.who = desk.priya
    preview = PreviewViewModel(desk.session())
    preview.load(HANDOFF_SHEET, model.state.taken_custody)
    assert preview.state.paper is not None
    assert preview.state.paper.pdf.startswith(b"%PDF")


def test_the_sheet_is_recorded_before_it_is_printed(desk: MoneyDesk) -> None:
    closed_desk(desk)
    model = PreviewViewModel(desk.session())
    model.load(CASH_SHEET, "")
    assert model.state.paper is not None
    assert model.state.paper.copy_text == "original"
    printed: list[Paper] = []
    model.print(printed.append)
    assert [paper.copy_number for paper in printed] == [1]
    assert model.state.paper.copy_text == "copy 2"
    assert desk.kinds().count("document.printed") == 1
    assert model.state.may_hand_off


def test_bags_go_to_the_carrier_and_the_bank_confirms(desk: MoneyDesk) -> None:
    visit = desk.register("35.00")
    desk.pay(visit, "35.00")
    close(desk, {**FLOAT, "10": FLOAT["10"] + 3, "5": FLOAT["5"] + 1}, bag="0716-03").close()
    model = DepositViewModel(desk.session())
    model.load()
    assert model.state.leaving_amount == Money(3500)
    model.enter(carrier="Loomis", witness=desk.marcus, pin=PINS["marcus"])
    model.send()
    assert [one.bag for one in model.state.at("in_transit")] == ["0716-03"]
    model.type_confirmed("0716-03", "34")
    model.confirm("0716-03")
    assert model.state.at("bank")[0].result == "Short −1.00"


def test_a_lead_counts_by_surprise_and_takes_over(desk: MoneyDesk) -> None:
    desk.who = desk.marcus
    audit = CashCountViewModel(desk.session(), CountPurpose.AUDIT)
    audit.load()
    assert audit.state.drawer_key == "03"
    for key, pieces in FLOAT.items():
        audit.type_box(key, str(pieces))
    audit.fill_blanks()
    audit.submit()
    assert audit.state.result == "Surprise count recorded: everything is there."
    take = CashCountViewModel(desk.session(), CountPurpose.TAKE_OVER)
    take.load()
    for key, pieces in FLOAT.items():
        take.type_box(key, str(pieces))
    take.fill_blanks()
    take.submit()
    assert take.state.submitted


def test_the_shift_report_is_for_leads(desk: MoneyDesk) -> None:
    model = ShiftReportViewModel(desk.session())
    model.load()
    assert model.state.refusal
    desk.who = desk.marcus
    model.load()
    assert [line.drawer for line in model.state.lines] == ["03"]
    assert model.state.about == "2026-11-23/day"


def test_whatever_is_pressed_three_times_happens_once(desk: MoneyDesk) -> None:
    payment = desk.pay(desk.register("25.00"), "25.00")
    runs = HeldRuns()

    def thrice(act: Callable[[], None], kind: str) -> None:
        for _ in range(2):
            for _ in range(3):
                act()
            runs.run_all()
        assert desk.kinds().count(kind) == 1, kind

    move = MoveViewModel(desk.session(runs), MoveKind.DROP)
    move.load(desk.drawer_id, "03")
    move.enter(amount="10")
    thrice(move.record, "cash.dropped")
    void = ReceiptViewModel(desk.session(runs))
    void.load(payment)
    runs.run_all()
    void.enter(reason="Wrong account", approver=desk.marcus, pin=PINS["marcus"])
    thrice(void.void, "payment.voided")
    count = CashCountViewModel(desk.session(runs))
    count.load()
    runs.run_all()
    for key, pieces in {**FLOAT, "10": FLOAT["10"] - 2}.items():
        count.type_box(key, str(pieces))
    count.fill_blanks()
    thrice(count.submit, "drawer.counted")
    variance = VarianceViewModel(desk.session(runs))
    variance.load()
    runs.run_all()
    variance.explain(reason="Not found", happened="")
    variance.sign(desk.marcus, PINS["marcus"])
    thrice(variance.close, "custody.closed")
