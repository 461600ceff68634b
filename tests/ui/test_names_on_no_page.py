"""While names are hidden, no widget of any page says who a patient is: not in its text, tooltip, accessible name, table or paper.

What a registrar types into the fields of a record stays legible while they type it; nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QAbstractItemModel, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from access_desk.domain.events import Fact
from access_desk.domain.facility.events import StaffAmended
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.privacy.events import DisclosureRecorded
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.staff import Role
from access_desk.domain.visits.emergency import Arrival
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.presentation.papers_registration import TITLES, form_key
from access_desk.services.journal import SYSTEM_ACTOR
from access_desk.services.registration import Registration
from access_desk.ui.kit.pdf_view import PdfView
from access_desk.ui.kit.table import Row, Table
from tests.documents.paper import read
from tests.ui.test_desk_pages import Stage, _dressed, pytestmark, stage

__all__ = ["_dressed", "pytestmark", "stage"]
FAMILY, GIVEN, TWIN, EXPECTED = "Quillfeather", "Zebulona", "Zebulonia", "Wolverhampton"
BORN, PHONE, STREET = "03/14/1987", "867-5301", "418 Birchmont"
SECRETS = (
    *(FAMILY, GIVEN, TWIN, "Octavian", "Zebbie", "Brackenridge", "Thistlewood", EXPECTED, "Ignatius", "Marchbanks"),
    *(BORN, PHONE, STREET, "zeb@example.org", "NHP447199203"),
)
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def said_by(widget: QWidget) -> Iterator[str]:
    """Everything that a widget shows or a screen reader says of it, but what is typed into a field."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip())
    yield from (widget.whatsThis(), widget.windowTitle())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    if isinstance(widget, QAbstractItemView):
        yield from _in_model(widget.model())
    if isinstance(widget, Table):
        for number in range(widget.model().rowCount()):
            yield from _painted(widget.row_at(number))


def _in_model(model: QAbstractItemModel) -> Iterator[str]:
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            yield from (str(model.data(index, role) or "") for role in ROLES)


def _painted(row: Row) -> Iterator[str]:
    yield row.spoken
    for cell in row.cells:
        yield from (cell.text, cell.second)


def _under(parent: QObject, without: list[QObject]) -> Iterator[QObject]:
    yield parent
    for child in parent.children():
        if child not in without:
            yield from _under(child, without)


class Hidden:
    """A desk with somebody on every list, and names hidden on its screen."""

    def __init__(self, stage: Stage) -> None:
        self.stage, desk, money = stage, stage.desk, stage.money
        self.walked: set[str] = set()
        self.leaks: list[str] = []
        money.open_drawer()
        promoted = Fact(money.priya, StaffAmended(money.priya, Role.SUPERVISOR, active=True), None, (desk.journal.facility_id,))
        desk.journal.record(SYSTEM_ACTOR, [promoted])
        self.details = VisitDetails("outpatient", "Imaging", "Radiology", "Cough")
        plan = Coverage("Northlake", "PPO", "NHP447199203", "80-2217", "spouse", "Ignatius Marchbanks", Money(7_500))
        said = {"preferred_name": "Zebbie", "previous_names": "Brackenridge", "guarantor": "other"}
        said |= {"guarantor_name": "Ambrose Thistlewood"}
        self.person = self.somebody(GIVEN)
        self.visit = self.registered(Registration(self.details, (plan,), NewPatient(self.person), patient_details=said))
        twin = NewPatient(self.somebody(TWIN), despite_match="Passport seen")
        self.twin = self.registered(Registration(self.details, (plan,), twin))
        arrival = Arrival(desk.journal.clock.now(), "Fall")
        emergency = NewPatient(self.somebody(GIVEN), despite_match="Twins")
        self.emergency = self.registered(
            Registration(VisitDetails("emergency", "Emergency", "Bay 2", "Fall"), (), emergency, arrival=arrival)
        )
        self.payment = money.pay(self.visit.visit_id, "25.00", "check")
        desk.blocked.block(desk.by(money.dana), self.visit.visit_id, "other", "Call back")
        told = DisclosureRecorded("", self.visit.patient_id, desk.journal.today(), "County health", "", "record", "outbreak")
        desk.privacy.disclose(desk.by(money.dana), told)
        at = desk.journal.clock.now() + timedelta(minutes=33)
        expected = AppointmentDetails("S-1", at, self.details, "", EXPECTED, "Ignatius", date(1987, 3, 14), pre_registered=True)
        desk.schedule.import_rows([(2, expected)])
        desk.links.flag(desk.by(money.dana), self.visit.patient_id, self.twin.patient_id, "One telephone")
        for who, changes, seen in (
            (money.dana, {"middle": "Octavian"}, {}),
            (money.dana, {"given": f"{GIVEN}ta"}, {}),
            (money.marcus, {"given": f"{GIVEN}na"}, {"given": GIVEN}),
        ):
            desk.registration.amend(desk.by(who), self.visit.patient_id, changes, seen)

    @staticmethod
    def somebody(given: str) -> Demographics:
        return Demographics(
            family=FAMILY,
            given=given,
            birth_date=date(1987, 3, 14),
            sex="female",
            phone="(216) 867-5301",
            email="zeb@example.org",
            line="418 Birchmont Avenue",
            emergency_contact="Clementine Thistlewood",
        )

    def registered(self, registration: Registration) -> VisitRegistered:
        events = self.stage.desk.registration.register(self.stage.desk.by(self.stage.money.dana), registration)
        return next(event.body for event in events if isinstance(event.body, VisitRegistered))

    def go(self, page_id: str, argument: object = None) -> None:
        """A page, as it stands when it was gone to."""
        self.stage.window.go(page_id, argument)
        self.stage.settle()
        assert self.stage.window.here is not None
        assert self.stage.window.here.page_id == page_id
        self.look(f"{page_id} {argument or ''}")

    def look(self, where: str) -> None:
        """What of the patients can be read or heard on the page that is shown, and around and over it."""
        window, here = self.stage.window, self.stage.window.here
        assert here is not None
        self.walked.add(here.page_id)
        others = [one for one in window.stack.children() if one is not here]
        self._look_at(where, (one for one in _under(window, others) if isinstance(one, QWidget)))

    def look_everywhere(self, where: str) -> None:
        """The same of all pages, shown or not."""
        self._look_at(where, [self.stage.window, *self.stage.window.findChildren(QWidget)])

    def _look_at(self, where: str, widgets: Iterable[QWidget]) -> None:
        secrets = (*SECRETS, self.number)
        for widget in widgets:
            for text in said_by(widget):
                found = [one for one in secrets if one in text]
                if found:
                    self.leaks.append(f"{where}: {type(widget).__name__} {widget.objectName()} says {found}: {text[:90]!r}")
            if isinstance(widget, PdfView) and widget.shown_pdf and any(one in read(widget.shown_pdf).text for one in secrets):
                self.leaks.append(f"{where}: the paper of {widget.objectName()} is shown")

    @property
    def number(self) -> str:
        return self.stage.desk.view.patient(self.visit.patient_id).mrn

    def ask(self, where: str, keys: Callable[[], object]) -> None:
        """A dialog or a further state of the page."""
        keys()
        self.stage.settle()
        self.look(where)


def test_nobody_is_named_anywhere(stage: Stage) -> None:
    made = Hidden(stage)
    stage.window.toggle_names()
    stage.enter("dana")
    _walk_the_desk(made)
    _walk_register(made)
    _walk_money(made)
    made.look_everywhere("before signing out")
    stage.sign_in.sign_out()
    stage.settle()
    stage.enter("priya")
    _walk_supervision(made)
    made.look_everywhere("at last")
    assert made.walked == {page.page_id for page in stage.program.pages}
    assert "\n".join(dict.fromkeys(made.leaks)) == ""


def _walk_the_desk(made: Hidden) -> None:
    stage, model = made.stage, made.stage.find().model
    made.go("today")
    for row in stage.today().model.state.waiting:
        made.ask("today, a row chosen", lambda row=row: stage.today().table.choose(row.visit_id))  # type: ignore[misc]
    today = stage.today().model
    for ask in (today.ask_block, lambda: today.ask_unblock(today.state.blocked[0].key)):
        made.ask("today, asked", ask)
        assert today.state.question is not None
        made.ask("today, left", lambda: stage.press(Qt.Key.Key_Escape))
    made.go("find")
    made.ask("find as typed", lambda: model.type("family", "Quillf"))
    made.ask("find", lambda: model.search(wide=True))
    assert model.state.columns
    made.ask("find, two are one", lambda: stage.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier))
    made.ask("find, closed", lambda: stage.press(Qt.Key.Key_Escape))
    for name, text in (("given", GIVEN), ("birth_date", BORN), ("phone", "2168675301")):
        model.type(name, text)
    made.ask("find, wide", lambda: model.search(wide=True))
    assert model.state.columns
    made.ask("find, before a new record", model.ask_create)
    assert model.state.beside is not None
    made.ask("find, kept looking", model.keep_looking)
    model.clear()
    for name, text in (("family", "Brackenridgeson"), ("given", "Q"), ("birth_date", "01/02/1903")):
        model.type(name, text)
    made.ask("find, nobody", model.search)
    assert model.state.phase == "nothing"
    made.go("forms", made.visit.visit_id)
    made.ask("forms, sign", lambda: stage.press(Qt.Key.Key_F12))
    made.ask("forms, closed", lambda: stage.press(Qt.Key.Key_Escape))
    made.go("forms", "")
    made.go("emergency")
    emergency = stage.window.page("emergency").model  # type: ignore[attr-defined]
    for name, text in (("family", FAMILY), ("given", GIVEN), ("birth_date", BORN), ("complaint", "Fall")):
        emergency.type(name, text)
    made.ask("emergency, somebody alike", emergency.register)
    assert emergency.state.candidates
    made.go("privacy", made.visit.patient_id)
    made.go("disputed")
    assert stage.window.here.model.state.lines  # type: ignore[union-attr]
    made.go("help")
    made.go("sync")
    made.ask("palette", stage.program.palette_model.open)
    made.ask("palette, typed", lambda: stage.program.palette_model.type("rec"))
    stage.program.palette_model.close()
    stage.settle()


def _walk_register(made: Hidden) -> None:
    stage, page = made.stage, made.stage.register()
    made.go("register", ("visit", made.visit.visit_id))
    for number in range(1, 6):
        made.ask(f"register, part {number}", lambda number=number: page.alt(number))  # type: ignore[misc]
    stage.window.resize(1920, 1080)
    made.look("register, wide")
    stage.window.resize(1366, 768)
    patient = stage.desk.view.patient(made.visit.patient_id)
    typed = {"family": f"{FAMILY}s", "given": TWIN, "phone": "2168675302", "line": "419 Birchmont Avenue"}
    made.go("register", ("patient", patient, typed))
    made.ask("register, parked", page.model.park)
    made.ask("register, taken back", page.model.undo_park)
    made.ask("register, filed", page.model.file)
    made.ask("register, discard", page._ask_discard)
    made.ask("register, closed", lambda: stage.press(Qt.Key.Key_Escape))
    page.model.discard()
    stage.settle()
    born = {"birth_date": BORN, "sex": "female", "phone": "2168675301", "line": "418 Birchmont Avenue", "service": "Lab"}
    made.go("register", ("new", {"family": FAMILY, "given": f"{GIVEN}a", **born}, ""))
    made.ask("register, likely", page.model.file)
    assert page.model.state.beside is not None
    made.ask("register, a record used", lambda: page.model.use_beside(1))
    made.ask("register, filed on it", page.model.file)
    assert page.model.state.filed is not None
    made.go("register", ("new", {"family": FAMILY, "who": "newborn", "mother_mrn": made.number}, ""))
    page.model.park()
    stage.settle()
    made.go("register")
    made.go("today")


def _walk_money(made: Hidden) -> None:
    stage = made.stage
    made.go("payment", made.visit.visit_id)
    made.go("drawer")
    made.go("receipt", made.payment)
    made.ask("receipt, void", lambda: stage.press(Qt.Key.Key_Delete))
    made.ask("receipt, kept", lambda: stage.press(Qt.Key.Key_Escape))
    made.go("handoff")
    for page_id in ("count", "audit", "take_over", "variance", "open_drawer"):
        made.go(page_id)
    for document in TITLES:
        about = made.visit.patient_id if document == "disclosures" else made.visit.visit_id
        about = form_key(made.visit.visit_id, "consent", "initial", "en").about if document == "form" else about
        if document not in ("estimate-letter", "good-faith-estimate"):
            made.go("preview", (document, about))
    made.go("preview", ("cash-sheet", ""))


def _walk_supervision(made: Hidden) -> None:
    stage = made.stage
    made.go("duplicates")
    assert stage.window.here.model.state.pair is not None  # type: ignore[union-attr]
    for keys in (Qt.Key.Key_F12, Qt.Key.Key_Escape):
        made.ask("duplicates, asked", lambda keys=keys: stage.press(keys))  # type: ignore[misc]
    made.go("disputed")
    for page_id in ("rates", "setup", "drawers", "flagged", "deposit", "shift_report", "today", "privacy"):
        made.go(page_id)


@pytest.mark.parametrize("page_id", ["today", "find"])
def test_they_are_named_when_names_are_shown(stage: Stage, page_id: str) -> None:
    made = Hidden(stage)
    stage.enter("dana")
    stage.window.go(page_id)
    if page_id == "find":
        stage.find().model.type("family", "Quillf")
    stage.settle()
    made.look(page_id)
    assert any(FAMILY in leak for leak in made.leaks)
