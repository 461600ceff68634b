"""Likely records before a second one is made: at Find, at filing, and what becomes of what was typed."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.state import PatientState
from access_desk.domain.visits.events import VisitDetails
from access_desk.presentation.find_patient import FindModel
from access_desk.presentation.likely_records import SAY_WHY
from access_desk.presentation.person_alerts import LIKELY_TEXT
from access_desk.presentation.record_pair import NEEDS_TWO, PairModel
from access_desk.presentation.registration import RegistrationModel
from access_desk.services.registration import Registration
from tests.presentation.money_desk import MoneyDesk, run_now

BORN = date(1987, 3, 14)
ON_FILE = {
    "middle": "Ana",
    "sex": "female",
    "phone": "(216) 555-0148",
    "line": "418 Birchmont Avenue",
    "city": "Larkin Falls",
    "state": "OH",
    "zip": "44107",
    "ssn": "219-09-6613",
}
TYPED = {
    "family": "Vega-Trujilo",
    "given": "Marisol",
    "birth_date": "03/14/1987",
    "sex": "female",
    "phone": "2165550149",
    "service": "Lab",
}


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def made(desk: MoneyDesk, family: str = "Vega-Trujillo", given: str = "Marisol", **more: str) -> str:
    new = NewPatient(Demographics(family, given, birth_date=BORN, **more), despite_match="seen")
    events = desk.desk.registration.register(desk.desk.by(desk.dana), Registration(VisitDetails("outpatient", "Lab"), (), new))
    return next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))


class Page:
    """Find with what it called."""

    def __init__(self, desk: MoneyDesk) -> None:
        self.used: list[tuple[PatientState, dict[str, str]]] = []
        self.created: list[tuple[dict[str, str], str, tuple[str, ...]]] = []
        self.model = FindModel(desk.desk, run_now, lambda: desk.who, lambda one: self.used.append((one, {})), self._create)
        self.model.use_instead = lambda patient, typed: self.used.append((patient, typed))

    def _create(self, values: dict[str, str], reason: str, seen: tuple[str, ...]) -> None:
        self.created.append((values, reason, seen))

    def search(self, **values: str) -> None:
        for name, text in values.items():
            self.model.type(name, text)
        self.model.search()


def registration(desk: MoneyDesk, **typed: str) -> RegistrationModel:
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_new({**TYPED, **typed})
    return model


def reviewed(desk: MoneyDesk) -> list[tuple[frozenset[str], str, str]]:
    pairs = desk.desk.links.board().pairs
    return [(frozenset((one.one.patient_id, one.other.patient_id)), one.source, one.reason) for one in pairs]


def test_a_misspelled_name_is_not_found_and_the_record_stands_beside_it_all_the_same(desk: MoneyDesk) -> None:
    known = made(desk, **ON_FILE)
    page = Page(desk)
    page.search(family="Vega Trujilo", given="Marisol", birth_date="3/14/1987")
    page.model.ask_create()
    asked = page.model.state.beside
    assert asked is not None
    (column,) = asked.columns
    assert (column.patient_id, column.chip, column.is_strong) == (known, "Strong match", True)
    marks = dict(zip(asked.titles, [cell.mark for cell in column.cells], strict=True))
    assert (marks["Name"], marks["Birth date"], marks["Phone"]) == ("differs", "agrees", "plain")
    assert column.cells[0].pieces[0] == ("Vega-Trujillo", True)
    page.model.create_despite(" ")
    assert (page.created, page.model.state.notice) == ([], SAY_WHY)
    page.model.keep_looking()
    assert page.model.state.beside is None


def test_the_record_is_used_with_what_was_said_beyond_it(desk: MoneyDesk) -> None:
    known = made(desk, phone="")
    page = Page(desk)
    page.search(family="Vega", given="Mari", birth_date="3/14/1987", phone="2165550148")
    page.model.ask_create()
    page.model.use_beside(1)
    ((patient, typed),) = page.used
    assert (patient.patient_id, typed) == (known, {"birth_date": "03/14/1987", "phone": "(216) 555-0148"})
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_patient(patient, typed)
    form = model.state.form
    assert form is not None
    assert (form.value("family"), form.value("phone")) == ("Vega-Trujillo", "(216) 555-0148")


def test_the_last_visit_is_of_the_day_at_the_facility(desk: MoneyDesk) -> None:
    desk.later(690)  # half past two in the night by UTC, half past eight in the evening in Chicago
    made(desk, **ON_FILE)
    page = Page(desk)
    page.search(family="Vega", given="Marisol", birth_date="3/14/1987")
    assert page.model.state.columns[0].cells[7].text == "11/23/2026, outpatient"
    page.model.ask_create()
    assert page.model.state.beside is not None
    assert page.model.state.beside.columns[0].cells[7].text == "11/23/2026, outpatient"


def test_of_a_protected_record_no_more_shows_than_tells_people_apart(desk: MoneyDesk) -> None:
    known = made(desk, **ON_FILE)
    desk.desk.privacy.flag(desk.desk.by(desk.dana), known, "vip", is_on=True, reason="asked for it")
    model = registration(desk)
    protected: list[str] = []
    model.on_protected = protected.append
    model.file()
    assert model.state.beside is not None
    assert "555-0148" not in repr(model.state.beside.columns)
    model.use_beside(1)
    assert protected == [known]
    form = model.state.form
    assert form is not None
    assert (form.patient_id, form.value("family")) == ("", "Vega-Trujilo"), "what was typed is still there"


def test_filing_asks_once_more_when_more_is_known_and_never_twice_for_one_record(desk: MoneyDesk) -> None:
    known = made(desk, **ON_FILE)
    other = made(desk, "Obrador", "Marisol", ssn="219-09-6613", phone="(216) 555-0190")
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_new({**TYPED, "ssn": "219-09-6613"}, "cousin, seen at Find", (known,))
    model.file()
    assert model.state.beside is not None
    assert set(model.state.beside.ids) == {known, other}
    model.create_despite("cousins, both passports seen")
    assert model.state.filed is not None
    new = model.state.filed.patient_id
    assert {pair for pair, _, _ in reviewed(desk)} >= {frozenset((known, new)), frozenset((other, new))}
    assert {(source, reason) for pair, source, reason in reviewed(desk) if new in pair} == {
        ("despite_match", "cousins, both passports seen")
    }


def test_what_was_typed_becomes_a_change_of_the_record(desk: MoneyDesk) -> None:
    known = made(desk, **ON_FILE)
    model = registration(desk, line="99 Oak Road", city="Benning", birth_date="03/14/1978", ssn="219-09-6613")
    model.file()
    model.use_beside(1)
    form, state = model.state.form, model.state
    assert form is not None
    assert (form.patient_id, form.value("middle"), form.value("phone")) == (known, "Ana", "(216) 555-0149")
    assert [form.value(name) for name in ("line", "city", "zip")] == ["99 Oak Road", "Benning", ""], "an address is kept whole"
    assert state.cautions["birth_date"] == "On file: 03/14/1987. Filing changes it."
    assert state.cautions["family"] == "On file: Vega-Trujillo. Filing changes it."
    assert "ssn" not in state.cautions
    assert (state.focus, state.section) == ("family", 1)
    for name, text in (("family", "Vega-Trujillo"), ("birth_date", "03/14/1987"), ("zip", "44107")):
        model.type(name, text)
        model.leave(name)
    assert "birth_date" not in model.state.cautions
    model.file()
    assert model.state.filed is not None
    now = desk.desk.view.patient(known).demographics
    assert (now.family, now.birth_date, now.phone, now.line) == ("Vega-Trujillo", BORN, "(216) 555-0149", "99 Oak Road")
    assert desk.kinds().count("patient.registered") == 1
    assert len(desk.desk.view.visits_of(known)) == 2


def test_while_typing_it_is_said_that_somebody_is_likely_on_file(desk: MoneyDesk) -> None:
    known = made(desk, **ON_FILE)
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_new({"family": "Vega-Trujilo", "given": "Marisol"})
    banner = model.state.banner
    assert banner is not None
    assert LIKELY_TEXT not in banner.alerts
    for name in ("birth_date", "phone"):
        model.type(name, TYPED[name])
        model.leave(name)
    banner = model.state.banner
    assert banner is not None
    assert LIKELY_TEXT in banner.alerts
    model.compare()
    assert model.state.beside is not None
    assert model.state.beside.ids == (known,)
    model.create_despite("cousin, passport seen")
    form, banner = model.state.form, model.state.banner
    assert form is not None
    assert banner is not None
    assert (model.state.phase, form.despite_match, form.seen_alike) == ("editing", "cousin, passport seen", (known,))
    assert LIKELY_TEXT not in banner.alerts
    assert model.state.problems == (), "comparing files nothing and complains of nothing"
    model.compare()
    assert model.state.beside is not None, "and can be looked at again"


def test_a_draft_remembers_which_records_were_looked_at(desk: MoneyDesk) -> None:
    known = made(desk, **ON_FILE)
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_new(dict(TYPED), "cousin", (known,))
    model.save_draft()
    after = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    after.open_latest()
    after.file()
    assert after.state.beside is None
    assert after.state.filed is not None


def test_unidentified_and_newborn_patients_are_not_held_up(desk: MoneyDesk) -> None:
    made(desk, "Doe", "Jane")
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_new({"who": "unidentified", "type": "emergency", "family": "Doe", "given": "Jane", "sex": "female"})
    model.file()
    assert model.state.filed is not None


def test_two_found_records_are_flagged_or_linked(desk: MoneyDesk) -> None:
    one, other = made(desk, **ON_FILE), made(desk, given="Maricela", phone="(216) 555-0148")
    page = Page(desk)
    page.search(family="Vega", given="Mari", birth_date="3/14/1987")
    pair = PairModel(desk.desk, run_now, lambda: desk.who)
    said: list[str] = []
    pair.on_said = lambda text, _tone: said.append(text)
    pair.ask(page.model.state.columns[:1], 0)
    assert (said, pair.state.is_open) == ([NEEDS_TWO], False)
    pair.ask(page.model.state.columns, 1)
    assert {pair.state.one, pair.state.other} == {one, other}
    pair.record(" ")
    assert pair.state.problem == "Say why they may be one person."
    pair.choose(other=pair.state.one)
    pair.record("one phone")
    assert "same record" in pair.state.problem
    pair.choose(one=one, other=other)
    pair.record("one phone")
    assert reviewed(desk)[-1][1:] == ("flag", "one phone")
    pair.ask(page.model.state.columns, 0)
    pair.choose(kind="link")
    pair.record("twins")
    page.model.search()
    alerts = [column.cells[-1].text for column in page.model.state.columns]
    assert sorted(alerts) == ["Not Vega-Trujillo, Maricela: twins", "Not Vega-Trujillo, Marisol Ana: twins"]
