"""The Privacy page: flags, a protected record opened for a reason, disclosures, and a supervisor's review."""

from __future__ import annotations

import pytest

from access_desk.domain.patients.state import PatientState
from access_desk.domain.staff import Role
from access_desk.presentation.find_patient import FindModel
from access_desk.presentation.privacy import PrivacyModel
from access_desk.presentation.registration import RegistrationModel
from tests.presentation.money_desk import MoneyDesk, run_now


class Office:
    """A desk with a supervisor, one registered person, and the page."""

    def __init__(self) -> None:
        self.desk = MoneyDesk()
        self.ines = self.desk.desk.provisioning.add_person("ines", "Ines Duarte", Role.SUPERVISOR, "5")
        self.visit = self.desk.register("25.00")
        row = self.desk.desk.view.visit(self.visit)
        assert row is not None
        self.patient_id, self.mrn = row.patient_id, row.mrn
        self.opened: list[PatientState] = []
        self.page = PrivacyModel(self.desk.desk, run_now, lambda: self.desk.who, self.opened.append)

    def protect(self) -> None:
        self.page.open(self.patient_id)
        self.page.turn("vip")
        assert self.page.state.asks == "flag"
        self.page.turn_for("the patient asked")
        assert self.page.state.flags == {"vip"}

    def views(self) -> int:
        return self.desk.kinds().count("record.viewed")


def is_closed(page: PrivacyModel) -> bool:
    return page.state.is_closed


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_record_is_found_by_its_number_and_its_flags_are_turned(office: Office) -> None:
    page = office.page
    page.find("000")
    assert "No record has this number" in page.state.notice
    page.find(office.mrn.lstrip("0"))
    assert page.state.who == "Vega-Trujillo, Marisol Ana"
    page.find(office.mrn)
    assert page.state.who == "Vega-Trujillo, Marisol Ana"
    assert "may be told" in page.state.directory
    page.turn("directory_opt_out")
    assert (page.state.flags, page.state.asks, page.state.notice) == (
        frozenset({"directory_opt_out"}),
        "",
        "Not in the directory: on.",
    )
    assert "no information" in page.state.directory
    page.turn("directory_opt_out")
    assert page.state.flags == frozenset()
    assert office.views() == 0


def test_what_protects_needs_a_reason(office: Office) -> None:
    page = office.page
    page.open(office.patient_id)
    page.turn("confidential")
    page.turn_for("  ")
    assert "Say who asked" in page.state.notice
    page.leave_it()
    assert (page.state.flags, page.state.asks) == (frozenset(), "")


def test_a_protected_record_opens_for_a_reason_and_for_a_while(office: Office) -> None:
    page, desk = office.page, office.desk
    office.protect()
    assert is_closed(page)
    assert "Vega-Trujillo" not in page.state.who
    page.use()
    page.break_glass("registration", " ")
    assert "own words" in page.state.notice
    assert office.opened == []
    page.break_glass("registration", "at my window now")
    assert not is_closed(page)
    assert page.state.standing.startswith("Open for you until")
    page.use()
    assert [one.patient_id for one in office.opened] == [office.patient_id]
    page.refresh()
    assert [(who, why) for _, who, why in page.state.views] == [("Dana Whitfield", "registration: at my window now")]
    desk.who = desk.priya
    page.refresh()
    assert is_closed(page)
    desk.who = desk.dana
    desk.later(540)
    page.refresh()
    assert is_closed(page)


def test_a_supervisor_reviews_and_nobody_judges_their_own(office: Office) -> None:
    page, desk = office.page, office.desk
    office.protect()
    page.break_glass("billing", "statement came back")
    assert (page.state.reviews, page.state.may_review) == ((), False)
    desk.who = office.ines
    page.break_glass("other", "looked at it with Dana")
    page.open("")
    assert {one.who for one in page.state.reviews} == {"Dana Whitfield", "Ines Duarte"}
    own = next(one for one in page.state.reviews if one.who == "Ines Duarte")
    page.ask_review(own.glass_id)
    page.judge("justified", "")
    assert "Somebody else" in page.state.notice
    page.leave_it()
    other = next(one for one in page.state.reviews if one.who == "Dana Whitfield")
    page.ask_review(other.glass_id)
    page.judge("not_justified", "")
    assert "Say why" in page.state.notice
    page.judge("not_justified", "no statement was open")
    assert [(one.who, one.verdict) for one in page.state.reviews] == [("Ines Duarte", ""), ("Dana Whitfield", "not_justified")]
    page.ask_review(other.glass_id)
    assert page.state.asks == ""


def test_a_disclosure_joins_the_accounting(office: Office) -> None:
    page = office.page
    page.open(office.patient_id)
    page.ask_disclosure()
    page.disclose("13/45/2026", "County health", "", "immunizations", "outbreak")
    assert page.state.notice.startswith("Date:")
    page.disclose("", "County health", "1 Main St", "", "outbreak")
    assert "what was disclosed" in page.state.notice
    page.disclose("11/20/2026", "County health", "1 Main St", "immunizations", "outbreak")
    assert page.state.disclosures == (("11/20/2026", "County health", "immunizations", "outbreak"),)


def test_find_and_register_ask_for_the_reason_instead_of_opening(office: Office) -> None:
    office.protect()
    desk, asked = office.desk, list[str]()
    find = FindModel(desk.desk, run_now, lambda: desk.who, office.opened.append, lambda *_: None)
    find.on_protected = asked.append
    find.type("family", "vega marisol 3/14/1987")
    assert "Vega" not in find.state.live[0].name
    find.search()
    (column,) = find.state.columns
    shown = ["".join(text for text, _ in cell.pieces) for cell in column.cells]
    assert shown[3:] == ["•••", "•••", "•••", "•••", "•••", "Known to the public"]
    find.use_selected()
    register = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    register.on_protected = asked.append
    register.open_visit(office.visit)
    assert (asked, office.opened, register.state.form) == ([office.patient_id] * 2, [], None)
    assert office.views() == 0


def test_names_are_hidden_from_the_public(office: Office) -> None:
    office.page.open(office.patient_id)
    office.page.hide_names(hidden=True)
    assert "Marisol" not in office.page.state.who


def test_other_faults_are_not_swallowed(office: Office) -> None:
    page = PrivacyModel(office.desk.desk, run_now, lambda: office.desk.who, office.opened.append)
    page.open("nobody")
    assert page.state.notice == "This patient is not registered here."

    def broken(_: object) -> None:
        raise ValueError("a fault of the program")

    failing = PrivacyModel(office.desk.desk, lambda call, done, failed: failed(ValueError("a fault")), lambda: "", broken)
    with pytest.raises(ValueError, match="a fault"):
        failing.open(office.patient_id)
