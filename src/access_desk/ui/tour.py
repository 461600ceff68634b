"""Every screen once, with the demo day behind it: the pictures of the documentation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from access_desk.domain.day import DayStep
from access_desk.domain.events import Recorded
from access_desk.domain.flags.rules import Flag, FlagKind, flag_id
from access_desk.domain.payments.events import PaymentReceived
from access_desk.domain.staff import Role
from access_desk.services.play import DayPlayer
from access_desk.storage.engine import write_transaction
from access_desk.storage.event_log import events_about
from access_desk.storage.flag_rows import keep_flags
from access_desk.ui.program import Program
from access_desk.ui.rehearsal import Rehearsal, RehearsalError

SEARCH = (("family", "Vega Trujillo"), ("given", "Marisol"), ("birth_date", "03/14/1987"))
PLANS = (
    ("plan1.payer", "Northlake Health PPO"),
    ("plan1.member_id", "NHP447199203"),
    ("plan1.group", "80-2217"),
    ("plan1.relationship", "self"),
    ("plan1.copay", "75"),
    ("plan1.eb_status", "1"),
    ("plan1.eb_coinsurance", "20"),
    ("plan2.payer", "Ohio Valley Mutual"),
    ("plan2.relationship", "spouse"),
)
MEDICARE = (
    ("plan2.payer", "Medicare"),
    ("plan2.relationship", "self"),
    ("plan2.medicare", "1"),
    ("plan2.member_id", "1EG4TE5MK73"),
)
# A child with what rules find: at fields that were left, on the right side, what stops filing and what does not.
WRONG = (
    ("birth_date", "05/01/2015"),
    ("phone", "21655501"),
    ("line", "418 Birchmont Avenue"),
    ("zip", "44107"),
    ("interpreter", "phone"),
    ("language", ""),
    ("emergency_contact", "Villanueva, Rosa"),
    ("guarantor", "self"),
    ("service", "MRI"),
    ("plan1.payer", "Aetna"),
    ("plan1.member_id", "W12"),
    ("plan1.relationship", "child"),
    ("plan1.ends", "12/31/2025"),
)
# Somebody on file, with a letter less, another telephone number and a birth year that was heard wrong.
ALIKE = {
    "family": "Vega-Trujilo",
    "given": "Marisol",
    "birth_date": "03/14/1978",
    "sex": "female",
    "phone": "(216) 555-0101",
    "line": "7 Birchmont Avenue",
    "city": "Larkin Falls",
    "service": "Lab draw",
}
NEWCOMER = {"family": "Villanueva", "given": "Beatriz", "birth_date": "02/29/1996", "sex": "female"}


class Tour:
    """Walks through the program; ``take`` is given the name of each screen when it stands."""

    def __init__(self, program: Program, player: DayPlayer, take: Callable[[str], object]) -> None:
        self._program, self._player, self._take = program, player, take
        self._rehearsal = Rehearsal(program, player)

    def walk(self) -> None:
        """All screens."""
        self._rehearsal.settle()
        self._take("sign-in")
        steps = list(self._player.day.steps)
        count = next(n for n, step in enumerate(steps) if step.do == "count_drawer" and not step.expect_refused)
        closed = next(n for n, step in enumerate(steps) if step.do == "close_drawer" and not step.expect_refused)
        for step in steps[:count]:
            self._player.play_step(step)
        self._sign_in(steps[count])
        self._desk_pages()
        self._money_pages()
        self._counting(steps[count])
        for step in steps[count + 1 : closed]:
            self._player.play_step(step)
        self._explaining(steps[closed])
        self._rehearsal.play_step(steps[closed])
        self._stand("preview", "cash-sheet")
        self._stand("handoff", "handoff")
        self._player.play_step(steps[closed + 1])
        self._supervision(steps)

    def _sign_in(self, step: DayStep) -> None:
        self._player.set_clock(step)
        self._rehearsal.sign_in(step)

    def _stand(self, page_id: str, name: str, argument: object = None) -> Any:
        model = self._rehearsal.go(page_id, argument)
        self._program.refresh_strip()
        self._rest()
        self._take(name)
        return model

    def _rest(self) -> None:
        self._rehearsal.settle()
        self._program.window.focus_page()
        self._rehearsal.settle()

    def _desk_pages(self) -> None:
        self._stand("today", "today")
        find = self._rehearsal.go("find")
        for name, text in SEARCH:
            find.type(name, text)
        self._rehearsal.settle()
        self._take("find-as-typed")
        find.search()
        self._rehearsal.settle()
        self._take("find")
        self._likely(find)
        self._stand("register", "register", ("new", dict(NEWCOMER), ""))
        self._rules()
        self._coverage_pages()
        self._rehearsal.go("today")
        visits = self._program.desk.view.visits_today(
            self._program.desk.view.status(self._program.sign_in.person_id).business_date
        )
        if visits:
            self._stand("register", "register-on-file", ("visit", visits[0].visit_id))
            self._forms(visits[0].visit_id)
        self._emergency()
        self._stand("help", "help")
        self._program.palette_model.open()
        self._rehearsal.settle()
        self._program.palette_model.type("void")
        self._rehearsal.settle()
        self._take("palette")
        self._program.palette_model.close()
        self._program.lock()
        self._rehearsal.settle()
        self._take("lock")
        self._program.sign_in.submit(self._rehearsal.pin_of(self._who()))
        self._rehearsal.settle()

    def _likely(self, find: Any) -> None:
        """Before a second record is made, at Find and at filing; two records that may be one person."""
        find.ask_create()
        self._rehearsal.settle()
        self._take("find-likely")
        find.keep_looking()
        find.clear()
        find.type("phone", "(216) 555-01")
        find.search(wide=True)
        self._rehearsal.settle()
        QTest.keyClick(QApplication.focusWidget() or self._program.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        self._rehearsal.settle()
        self._take("find-pair")
        self._press(Qt.Key.Key_Escape)
        find.clear()
        register = self._rehearsal.go("register", ("new", dict(ALIKE), ""))
        register.file()
        self._rehearsal.settle()
        self._take("register-likely")
        register.use_beside(1)
        self._rest()
        self._take("register-used")
        register.discard()
        self._rehearsal.settle()

    def _emergency(self) -> None:
        """The central log, somebody unidentified being entered, and the exam."""
        model = self._rehearsal.go("emergency")
        model.choose("unidentified")
        for name, text in (("age", "30-40"), ("complaint", "Fall from a ladder")):
            model.type(name, text)
        self._rest()
        self._take("emergency")
        if model.state.line is not None:
            model.ask_for("exam")
            self._rehearsal.settle()
            self._take("emergency-exam")
            self._press(Qt.Key.Key_Escape)
        model.choose("known")

    def _forms(self, visit_id: str) -> None:
        """The forms of a visit, a signature, and the papers of a registration."""
        model = self._stand("forms", "forms", visit_id)
        self._press(Qt.Key.Key_F12)
        self._take("sign-form")
        self._press(Qt.Key.Key_Escape)
        key = model.paper()
        self._stand("preview", "form-paper", (key.document, key.about))
        for document in ("face-sheet", "wristband", "label"):
            self._stand("preview", document, (document, visit_id))
        self._stand("forms", "forms-clocks", "")

    def _rules(self) -> None:
        """What the rules of a registration say."""
        register = self._rehearsal.go("register", ("new", dict(NEWCOMER), ""))
        for key, text in WRONG:
            register.type(key, text)
            register.leave(key)
            self._rehearsal.settle()
        register.go_to("phone")
        self._rest()
        self._take("register-rules")
        register.discard()
        self._rehearsal.settle()

    def _coverage_pages(self) -> None:
        """Two plans, one of them checked; the estimate; the Medicare questionnaire."""
        register = self._rehearsal.go("register", ("new", {**NEWCOMER, "phone": "2165550148", "service": "MRI"}, ""))
        for key, text in PLANS:
            register.type(key, text)
            register.leave(key)
            if key == PLANS[-3][0]:
                register.add_plan()
        register.go_to("plan2.member_id")
        self._rest()
        self._take("register-coverage")
        register.open_panel("estimate1")
        register.type("plan1.es_allowed", "930")
        self._rest()
        self._take("register-clearance")
        for key, text in MEDICARE:
            register.type(key, text)
            register.leave(key)
        register.go_to("panel:questionnaire")
        for key in ("black_lung", "research", "va", "work", "accident"):
            register.type(f"msp_{key}", "no")
        register.type("msp_basis", "age")
        register.type("msp_employed", "yes")
        self._rest()
        self._take("register-questionnaire")
        register.discard()
        self._rehearsal.settle()

    def _who(self) -> str:
        people = self._program.desk.view.facility().people
        return people[self._program.sign_in.state.chosen.person_id].key if self._program.sign_in.state.chosen else ""

    def _money_pages(self) -> None:
        desk = self._program.desk
        status = desk.view.status(self._program.sign_in.person_id)
        owing = [visit for visit in desk.view.visits_today(status.business_date) if visit.copay_owed]
        if owing:
            payment = self._rehearsal.go("payment", owing[0].visit_id)
            payment.type_tender(received="100.00")
            self._rest()
            self._take("payment")
        self._stand("drawer", "drawer")
        drawer = status.drawer
        book = desk.view.book(drawer.custody_id) if drawer and drawer.custody_id else None
        if book is not None and book.receipts:
            self._stand("receipt", "receipt", book.receipts[-1].payment_id)
            self._press(Qt.Key.Key_Delete)
            self._take("void")
            self._press(Qt.Key.Key_Escape)
        self._rehearsal.go("drawer")

    def _counting(self, step: DayStep) -> None:
        count = self._rehearsal.go("count")
        for key, pieces in (("100", "0"), ("50", "1"), ("20", "9+3"), ("10", "5"), ("5", "6"), ("2", "0"), ("1", "22")):
            count.type_box(key, pieces)
        self._rest()
        self._take("count")
        self._player.play_step(step)

    def _explaining(self, step: DayStep) -> None:
        variance = self._rehearsal.go("variance")
        self._rehearsal.settle()
        if not variance.state.found:
            raise RehearsalError("there is no count to explain")
        variance.explain(reason=str(step.values["reason"]), happened=str(step.values["memo"]))
        self._rest()
        self._take("variance")

    def _supervision(self, steps: list[DayStep]) -> None:
        lead = next(step for step in steps if step.do == "take_over")
        self._sign_in(lead)
        self._stand("open_drawer", "open-drawer")
        self._stand("deposit", "deposit")
        self._duplicates()
        self._disputed()
        self._privacy()
        report = self._rehearsal.go("shift_report")
        facility = self._player.day.facility
        report.choose(day=report.state.day, shift=facility.policy.shifts[0].name)
        self._rest()
        self._take("end-of-shift")
        supervisor = next(one for one in self._player.day.staff if one.role is Role.SUPERVISOR)
        self._rehearsal.sign_in(replace(lead, by=supervisor.key))
        self._stand("setup", "set-up")
        self._stand("drawers", "drawers")
        self._flagged()
        self._stand("sync", "sync")

    def _flagged(self) -> None:
        """As if central had flagged payments of somebody who left meanwhile, and a clock."""
        desk = self._program.desk
        person, journal = next(one for one in self._player.day.staff if one.role is Role.REGISTRAR), desk.journal
        person_id = next(one.person_id for one in desk.view.facility().people.values() if one.key == person.key)
        flags: list[Flag] = []
        with write_transaction(journal.engine) as connection:
            for custody in desk.view.last_custodies(20):
                for event in events_about(connection, journal.facility_id, custody.custody_id):
                    kind = FlagKind.REVOKED_PERSON if event.actor_id == person_id else FlagKind.CLOCK_BACK
                    if event.kind == "payment.received" and (kind is FlagKind.REVOKED_PERSON or not flags):
                        flags.append(_flag_of(event, kind, person_id if kind is FlagKind.REVOKED_PERSON else "3960"))
            keep_flags(connection, journal.facility_id, flags)
        self._stand("flagged", "flagged")

    def _duplicates(self) -> None:
        desk, person = self._program.desk, self._program.sign_in.person_id
        met = dict.fromkeys(one.patient_id for one in desk.view.visits_today(desk.view.status(person).business_date))
        if len(met) > 1:
            one, other = list(met)[:2]
            desk.links.flag(desk.by(person), one, other, "The same telephone number, and the names sound alike")
        self._stand("duplicates", "duplicates")
        self._stand("rates", "rates")

    def _disputed(self) -> None:
        """A birth date that two clerks changed without knowing of each other."""
        desk, person = self._program.desk, self._program.sign_in.person_id
        visits = desk.view.visits_today(desk.view.status(person).business_date)
        if not visits:
            return
        patient_id = visits[0].patient_id
        given = desk.journal.read(lambda states: states.patient(patient_id)).demographics.given
        desk.registration.amend(desk.by(person), patient_id, {"given": f"{given} Ann"})
        desk.registration.amend(desk.by(person), patient_id, {"given": f"{given} Anne"}, {"given": given})
        self._stand("disputed", "disputed")

    def _privacy(self) -> None:
        """A protected record while it is closed, and opened for a reason."""
        desk, person = self._program.desk, self._program.sign_in.person_id
        visits = desk.view.visits_today(desk.view.status(person).business_date)
        if not visits:
            return
        patient_id = visits[-1].patient_id
        desk.privacy.flag(desk.by(person), patient_id, "no_information", is_on=True)
        desk.privacy.flag(desk.by(person), patient_id, "vip", is_on=True, reason="The patient asked")
        self._stand("privacy", "privacy-closed", patient_id)
        desk.privacy.break_glass(desk.by(person), patient_id, "registration", "At my window now")
        desk.registration.view(desk.by(person), patient_id)
        self._stand("privacy", "privacy", patient_id)

    def _press(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self._program.window, key)
        self._rehearsal.settle()


def _flag_of(event: Recorded, kind: FlagKind, detail: str) -> Flag:
    cents = event.body.amount.cents if isinstance(event.body, PaymentReceived) else 0
    return Flag(
        flag_id(kind, event.desk_id, event.stream_epoch, event.desk_seq),
        kind.value,
        event.desk_id,
        event.stream_epoch,
        event.desk_seq,
        event.event_id,
        event.kind,
        event.actor_id,
        event.recorded_at,
        event.recorded_at,
        cents,
        detail,
    )
