"""Payment: intents in, states out, on an in-memory desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from access_desk.domain.errors import UnavailableError
from access_desk.domain.money import Money
from access_desk.domain.papers.receipt import Language
from access_desk.domain.policy import Policy
from access_desk.presentation.payment import PaymentViewModel
from access_desk.presentation.payment_change import change_pieces, quick_amounts
from access_desk.presentation.payment_receipt import ReceiptHead, receipt_lines
from tests.presentation.money_desk import HeldRuns, MoneyDesk


class Printed:
    def __init__(self) -> None:
        self.papers: list[tuple[bytes, str]] = []
        self.is_broken = False

    def draw(self, payment_id: str, language: Language) -> bytes:
        return f"{payment_id} {language}".encode()

    def put_out(self, paper: bytes, title: str) -> None:
        if self.is_broken:
            raise UnavailableError("The receipt printer does not answer.")
        self.papers.append((paper, title))


def screen(desk: MoneyDesk, visit: str, printed: Printed | None = None, runs: HeldRuns | None = None) -> PaymentViewModel:
    printed = printed or Printed()
    model = PaymentViewModel(desk.session(runs), printed.draw, printed.put_out)
    model.load_visit(visit)
    return model


@pytest.fixture
def desk() -> MoneyDesk:
    made = MoneyDesk()
    made.open_drawer()
    return made


def test_owed_is_listed_by_plan_and_ticked(desk: MoneyDesk) -> None:
    model = screen(desk, desk.register("75.00", "20.00"))
    assert [(line.detail, line.text, line.ticked) for line in model.state.lines] == [
        ("Northlake Health PPO 1", "75.00", True),
        ("Northlake Health PPO 2", "20.00", True),
    ]
    assert model.state.paying == Money(9500)


def test_what_was_paid_settles_the_first_plan_first(desk: MoneyDesk) -> None:
    visit = desk.register("75.00", "20.00")
    desk.pay(visit, "80.00")
    model = screen(desk, visit)
    assert [line.owed for line in model.state.lines] == [Money(0), Money(1500)]
    assert [line.ticked for line in model.state.lines] == [False, True]


def test_cash_with_change_is_recorded_and_printed(desk: MoneyDesk) -> None:
    printed = Printed()
    model = screen(desk, desk.register("75.00"), printed)
    model.add_line("prior_balance")
    model.type_amount(1, "43.6")
    model.type_tender(received="120")
    assert model.state.paying == Money(11860)
    assert model.state.change_due == Money(140)
    assert model.state.change_in_pieces == ((1, "$1 bill"), (1, "quarter"), (1, "dime"), (1, "nickel"))
    model.record()
    last = model.state.last
    assert last is not None
    assert (last.receipt, last.amount, last.change, last.is_printed) == ("03-000001", Money(11860), Money(140), True)
    assert printed.papers[0][1] == "Receipt 03-000001"
    assert model.state.lines[0].owed == Money(0)
    assert model.state.tender.received == ""


def test_a_failed_print_never_touches_the_payment(desk: MoneyDesk) -> None:
    printed = Printed()
    printed.is_broken = True
    model = screen(desk, desk.register("25.00"), printed)
    model.receive_exact()
    model.record()
    assert model.state.last is not None
    assert model.state.last.print_fault == "The receipt printer does not answer."
    printed.is_broken = False
    model.print_again()
    assert model.state.last.is_printed
    assert desk.kinds().count("payment.received") == 1


def test_pressed_often_it_is_recorded_once(desk: MoneyDesk) -> None:
    runs = HeldRuns()
    model = screen(desk, desk.register("25.00"), runs=runs)
    runs.run_all()
    model.receive_exact()
    for _ in range(3):
        model.record()
    runs.run_all()
    model.record()
    runs.run_all()
    assert desk.kinds().count("payment.received") == 1


def test_too_little_cash_is_said_and_nothing_recorded(desk: MoneyDesk) -> None:
    model = screen(desk, desk.register("25.00"))
    model.type_tender(received="20")
    model.record()
    assert model.state.problem == "Cash received: $5.00 is missing."
    assert "payment.received" not in desk.kinds()


def test_unreadable_text_stays(desk: MoneyDesk) -> None:
    model = screen(desk, desk.register("25.00"))
    model.type_amount(0, "12.345")
    model.record()
    assert model.state.lines[0].text == "12.345"
    assert model.state.problem == "Enter cents with two decimals at most."


def test_a_refused_form_can_be_corrected(desk: MoneyDesk) -> None:
    model = screen(desk, desk.register("25.00"))
    model.choose_tender("check")
    model.record()
    assert model.state.problem == "Check: enter its number."
    model.type_tender(check_number="2214")
    model.record()
    assert model.state.last is not None


def test_a_split_covers_all_of_it(desk: MoneyDesk) -> None:
    model = screen(desk, desk.register("75.00"))
    model.choose_tender("split")
    model.type_part("cash", "30")
    model.type_tender(received="40")
    model.record()
    assert model.state.problem == "Split: $45.00 is not covered yet."
    model.type_part("card", "45")
    model.type_tender(card_last4="4242")
    model.record()
    assert model.state.last is not None
    assert model.state.last.change == Money(1000)


def test_cash_is_rounded_where_the_facility_rounds() -> None:
    desk = MoneyDesk(Policy(cash_rounding="nearest_5"))
    desk.open_drawer()
    model = screen(desk, desk.register("18.62"))
    assert (model.state.cash_asked, model.state.rounding) == (Money(1860), Money(-2))
    model.receive_exact()
    model.record()
    assert model.state.last is not None


def test_an_emergency_visit_is_held(desk: MoneyDesk) -> None:
    visit = desk.register("75.00", kind="emergency")
    model = screen(desk, visit)
    hold = model.state.hold
    assert hold is not None
    assert "screening exam" in hold.text
    model.receive_exact()
    model.record()
    assert model.state.problem == hold.text
    desk.desk.registration.reach_milestone(desk.desk.by(desk.dana), visit, "mse_completed")
    model.load_visit(visit)
    assert model.state.hold is None


def test_without_a_drawer_it_says_what_to_do() -> None:
    desk = MoneyDesk()
    model = screen(desk, desk.register("25.00"))
    model.receive_exact()
    model.record()
    assert model.state.problem.startswith("Open a drawer first")


def test_nobody_chosen_offers_who_owes(desk: MoneyDesk) -> None:
    desk.register("25.00")
    desk.register("30.00", kind="emergency", family="Held")
    printed = Printed()
    model = PaymentViewModel(desk.session(), printed.draw, printed.put_out)
    model.load()
    assert [payer.name for payer in model.state.payers] == ["Vega-Trujillo, Marisol A."]


def test_the_preview_says_what_will_be_printed(desk: MoneyDesk) -> None:
    model = screen(desk, desk.register("75.00"))
    model.type_tender(received="80")
    head = ReceiptHead("Cedar Hollow Regional", (), "", "Admitting 3", "Dana Whitfield", desk.desk.view.now())
    lines = receipt_lines(head, model.state)
    assert ("Change / Cambio", "5.00") in [(line.left, line.right) for line in lines]
    english = receipt_lines(head, replace(model.state, language=Language.ENGLISH))
    assert ("Taken by", "Dana W.") in [(line.left, line.right) for line in english]


def test_quick_amounts_and_change() -> None:
    assert quick_amounts(Money(11860)) == (Money(12000), Money(14000), Money(15000))
    assert quick_amounts(Money(2500)) == (Money(3000), Money(4000), Money(5000))
    assert quick_amounts(Money(0)) == ()
    assert change_pieces(Money(3)) == ((3, "pennies"),)
