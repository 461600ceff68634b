"""Hostile names and notes on every page of the desk: shown as text, no wider than the window, and nothing raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.privacy.events import DisclosureRecorded
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.visits.emergency import Arrival
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.presentation.papers_registration import TITLES, form_key
from access_desk.services.registration import Registration
from access_desk.ui.kit.theme import keeper
from tests.ui.test_desk_pages import Stage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MARKUP = '<img src="file:///etc/passwd"><b>&amp;</b><a href="http://x/">'
TEXTS = {
    "short": MARKUP + "\u202eשלום\u202c مرحبا \u2066x\u2069 👩\u200d👧 é́́ a\x00\x07\x1b[31m\n\r\t\u2028b",
    "long": "W" * 10_000,
    "many words": "word " * 2_000,
}


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    del qapp
    keeper().use("light")
    made = Stage(qtbot)
    made.window.resize(1366, 768)
    yield made
    made.window.close()
    made.program.stop()


class Hostile:
    """Somebody whose every text is hostile, with everything that pages list."""

    def __init__(self, stage: Stage, text: str) -> None:
        self.stage, self.text, desk, money = stage, text, stage.desk, stage.money
        money.open_drawer()
        texts = {field.name: text for field in fields(Demographics) if field.name not in ("birth_date", "sex", "ssn")}
        person = Demographics(**texts, birth_date=date(1987, 3, 14), sex="female")
        plan = Coverage(text, text, text, text, "self", text, Money(7_500))
        details = VisitDetails("outpatient", text, text, text)
        said = {"preferred_name": text, "previous_names": text, "guarantor": "other", "guarantor_name": text}
        made = Registration(details, (plan,), NewPatient(person), patient_details=said)
        self.visit = self.registered(made)
        emergency = VisitDetails("emergency", text, text, text)
        arrival = Arrival(desk.journal.clock.now(), text[:200] if text.strip() else "pain")
        self.emergency = self.registered(Registration(emergency, (), NewPatient(person, despite_match=text), arrival=arrival))
        self.payment = money.pay(self.visit.visit_id, "25.00")
        desk.blocked.block(desk.by(money.dana), self.visit.visit_id, "other", text)
        told = DisclosureRecorded("", self.visit.patient_id, desk.journal.today(), text, text, text, text)
        desk.privacy.disclose(desk.by(money.dana), told)
        at = desk.journal.clock.now() + timedelta(minutes=33)
        expected = AppointmentDetails("S-1", at, details, "", text, text, date(1961, 12, 9), pre_registered=True)
        assert [one.recorded for one in desk.schedule.import_rows([(2, expected)])] == [1]
        other = self.registered(Registration(details, (), NewPatient(Demographics(text, text))))
        desk.links.flag(desk.by(money.dana), self.visit.patient_id, other.patient_id, text)

    def registered(self, registration: Registration) -> VisitRegistered:
        events = self.stage.desk.registration.register(self.stage.desk.by(self.stage.money.dana), registration)
        return next(event.body for event in events if isinstance(event.body, VisitRegistered))

    def shows(self, page_id: str, argument: object = None) -> None:
        """The page as it is shown: its texts plain, itself no wider than the window."""
        window = self.stage.window
        window.go(page_id, argument)
        self.stage.settle()
        assert window.here is not None
        assert window.here.page_id == page_id
        rich = [one for one in window.findChildren(QLabel) if one.text() and one.textFormat() is not Qt.TextFormat.PlainText]
        assert [one.objectName() for one in rich] == []
        assert (window.width(), window.height()) == (1366, 768)
        assert window.minimumSizeHint().width() <= 1366, page_id
        assert not window.grab().isNull()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_page_shows_it_as_text(stage: Stage, text: str) -> None:
    made = Hostile(stage, text)
    stage.enter("marcus")
    made.shows("today")
    for kind in ("forms", "payment", "privacy"):
        made.shows(kind, made.visit.patient_id if kind == "privacy" else made.visit.visit_id)
    for document in TITLES:
        about = form_key(made.visit.visit_id, "consent", "initial", "en").about if document == "form" else made.visit.visit_id
        about = made.visit.patient_id if document == "disclosures" else about
        if document not in ("estimate-letter", "good-faith-estimate"):
            made.shows("preview", (document, about))
    made.shows("register", ("visit", made.visit.visit_id))
    made.shows("emergency")
    made.shows("duplicates")
    # The reason of the pair, which the page scrolls away when it is shown, and the window may count afterwards.
    beside = [one for one in stage.window.findChildren(QLabel) if one.isVisible() and one.minimumSizeHint().width() > 1366]
    assert [one.text()[:40] for one in beside] == []
    made.shows("disputed")
    made.shows("find")
    stage.find().model.type("family", text[:200])
    stage.find().model.search()
    stage.settle()
    made.shows("find")
    stage.sign_in.sign_out()
    stage.settle()
    stage.enter("dana")
    made.shows("drawer")
    made.shows("receipt", made.payment)
    made.shows("handoff")
    made.shows("today")
