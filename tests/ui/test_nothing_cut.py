"""What a list says is whole on the window that most desks have: no ellipsis where a clerk has to read on."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.visits.events import Coverage, VisitDetails
from access_desk.services.registration import Registration
from access_desk.ui.desk.duplicates_view import DuplicatesView
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current, keeper
from tests.ui.test_desk_pages import Stage
from tests.ui.test_hostile_everywhere import stage

__all__ = ["stage"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
# Beside a cell's text: the margins of the cell at both sides, and an icon where there is one.
MARGINS, ICON = 24, 21


def registered(stage: Stage, person: Demographics, kind: str = "outpatient", plans: tuple[Coverage, ...] = ()) -> str:
    made = Registration(VisitDetails(kind, "Medicine"), plans, NewPatient(person, despite_match="twin"))
    events = stage.desk.registration.register(stage.desk.by(stage.money.dana), made)
    return next(one.body.patient_id for one in events if isinstance(one.body, PatientRegistered))


def cut(table: Table) -> list[str]:
    """The texts of a table that do not fit their cells."""
    theme, found = current(), []
    for number in range(table.model().rowCount()):
        row = table.row_at(number)
        for place, cell in enumerate(() if row.group else row.cells):
            room = table.columnWidth(place) - theme.px(MARGINS)
            first = QFontMetrics(theme.font("body", 600 if cell.bold else 400)).horizontalAdvance(cell.text)
            second = QFontMetrics(theme.font("caption")).horizontalAdvance(cell.second)
            found += [cell.text] * (first > room - (ICON if cell.icon else 0)) + [cell.second] * (second > room)
    return found


def test_clocks_and_blocked_accounts_on_today(stage: Stage) -> None:
    medicare = (Coverage("Medicare", "A and B", "1EG4TE5MK73", relationship="self", medicare=True),)
    for kind in ("inpatient", "observation"):
        registered(stage, Demographics("Abara", kind, birth_date=date(1950, 6, 1), sex="female"), kind, medicare)
    visit = stage.money.register("75.00")
    stage.desk.blocked.block(stage.desk.by(stage.money.dana), visit, "missing_authorization", "")
    stage.enter()
    page = stage.today()
    reasons = {one.reason for one in page.model.state.blocked}
    assert reasons == {"IM, Important Message", "MOON, observation notice", "Authorization missing"}
    assert cut(page.blocks) == []
    assert cut(page.table) == []


def test_two_records_side_by_side(stage: Stage) -> None:
    born = date(1987, 3, 14)
    people = [
        Demographics(
            family, "Marisol", birth_date=born, sex="female", phone="(216) 555-0148", line=line, city=city, state="OH", zip=zip_
        )
        for family, line, city, zip_ in (
            ("Vega-Trujillo", "1418 West Birchmont Avenue", "Larkin Falls", "44990-1234"),
            ("Vega-Trujillo", "12207 Quarry Road Apt 14", "North Ridgeville", "44039-2201"),
        )
    ]
    one, other = (registered(stage, person) for person in people)
    stage.desk.links.flag(stage.desk.by(stage.money.dana), one, other, "one phone")
    stage.enter("marcus")
    stage.window.go("duplicates", None)
    stage.settle()
    page = stage.window.here
    assert isinstance(page, DuplicatesView)
    assert cut(page.lines) == []
    assert page.lines.verticalScrollBar().maximum() == 0


def test_nobody_to_pay_is_said_at_the_top(stage: Stage) -> None:
    stage.money.open_drawer()
    stage.enter()
    stage.press(Qt.Key.Key_F8)
    assert stage.window.here is not None
    band = stage.window.here.findChild(QWidget, "nobodyOwes")
    assert band is not None
    assert band.isVisible()
    assert band.height() <= 2 * band.sizeHint().height()
    assert band.mapTo(stage.window, band.rect().topLeft()).y() < stage.window.height() // 3


def test_a_name_without_end_ends_in_a_mark_and_leaves_its_number_whole(stage: Stage) -> None:
    endless = "Wolfeschlegelsteinhausenbergerdorff " * 4
    patient_id = registered(stage, Demographics(endless, "Max", birth_date=date(1950, 6, 1), sex="male", phone="(216) 555-0101"))
    stage.enter()
    mrn = stage.desk.view.patient(patient_id).mrn
    stage.window.go("privacy", patient_id)
    stage.settle()
    shown = [label for label in stage.window.findChildren(PlainLabel) if label.isVisible() and mrn in label.text()]
    assert [one.text() for one in shown] == [f"MRN {mrn}"]
    assert shown[0].width() >= shown[0].fontMetrics().horizontalAdvance(shown[0].text())


def test_what_runs_from_the_right_keeps_the_order_of_its_line() -> None:
    line = PlainLabel("12 שלום Street, Larkin Falls, OH 44990")
    assert line.text() == "\u200e12 שלום Street, Larkin Falls, OH 44990"
    assert line.whole() == "12 שלום Street, Larkin Falls, OH 44990"
    assert PlainLabel("Vega").text() == "Vega"
    assert PlainLabel("علی\u200cرضا 👩\u200d👧").whole() == "علی\u200cرضا 👩\u200d👧"


def test_the_bold_part_of_a_name_ends_in_a_mark(qtbot: QtBot) -> None:
    """Two names that begin alike are painted alike: what is cut off begins at the mark, not somewhere in a letter."""
    keeper().use("light")
    width = 200

    def painted(name: str) -> QImage:
        table = Table((Column("Patient", width),), name="names", label="Names")
        qtbot.addWidget(table)
        table.resize(width, 120)
        table.show_rows([Row("1", (Cell(f"{name}, Max", strong=len(name)),))])
        return table.grab().toImage()

    whole = "Wolfeschlegelsteinhausenbergerdorff"
    metrics = QFontMetrics(current().font("body", 600))
    kept = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, width - current().px(MARGINS)).rstrip("…")
    assert kept != whole
    assert painted(whole) == painted(f"{kept}{'W' * 20}")
