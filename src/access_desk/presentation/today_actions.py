"""What is done from Today: the queue, arrivals, blocked accounts, drafts handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from access_desk.domain.patients.state import PatientState
from access_desk.domain.schedule.rules import AppointmentState
from access_desk.presentation.registration_dates import shown_date
from access_desk.presentation.registration_form import EXPECTED
from access_desk.presentation.registration_state import shortened
from access_desk.presentation.today import Question, TodayBoard
from access_desk.presentation.today_lines import BLOCK_WORDS
from access_desk.presentation.today_rows import TodayRow

Register = Callable[[PatientState | None, dict[str, str]], None]


class TodayModel(TodayBoard):
    """Intents of the Today page."""

    def move(self, place: str) -> None:
        """Call the person of the row, begin with them, put them back, or be done."""
        row = self.state.row(self.state.selected)
        if row is None:
            return
        if row.kind == "expected":
            self._show(replace(self.state, notice="This visit is expected. Press A when the person is here."))
            return
        by = self._desk.by(self._person())
        self._run(lambda: self._desk.queue.move(by, row.visit_id, place), lambda _: self._again(), self._failed)

    def _again(self) -> None:
        self._show(replace(self.state, notice=""))
        self.refresh()

    def arrive(self) -> None:
        """The person of an expected visit is here."""
        row = self._expected_row()
        if row is not None:
            by = self._desk.by(self._person())
            self._run(lambda: self._desk.schedule.arrive(by, row.visit_id), lambda _: self._again(), self._failed)

    def _expected_row(self) -> TodayRow | None:
        row = self.state.row(self.state.selected)
        return row if row is not None and row.kind == "expected" else None

    def open_expected(self, appointment_id: str, register: Register) -> None:
        """Register an expected visit: the person is here, and what is known is filled in."""
        arriving, opening = self._desk.by(self._person()), self._desk.by(self._person())

        def asked() -> tuple[AppointmentState, PatientState | None]:
            expected = self._desk.schedule.appointment(appointment_id)
            # The record is opened first: a protected one stops here, and nobody is noted as arrived by mistake.
            patient = (
                self._desk.registration.view(opening, expected.patient_id, "expected visit") if expected.patient_id else None
            )
            self._desk.schedule.arrive(arriving, appointment_id)
            return expected, patient

        def done(answer: tuple[AppointmentState, PatientState | None]) -> None:
            expected, patient = answer
            register(patient, form_values(expected))

        self._run(asked, done, self._failed)

    # ------------------------------------------------------------ questions

    def ask_block(self) -> None:
        """Why the account of the row cannot go on."""
        row = self.state.row(self.state.selected)
        if row is not None:
            self._ask(
                "block",
                row.visit_id,
                f"Block account: {_name(row)}",
                "Block",
                "Why",
                tuple(BLOCK_WORDS.items()),
                "What is needed",
            )

    def ask_end(self) -> None:
        """Why nobody is expected any more."""
        row = self._expected_row()
        if row is not None:
            choices = (("no_show", "Nobody came"), ("cancelled", "Cancelled"))
            self._ask("end", row.visit_id, f"Not coming: {_name(row)}", "Record", "What happened", choices, "Reason")

    def ask_unblock(self, key: str) -> None:
        """What was done, so that the account can go on."""
        line = next((one for one in self.state.blocked if one.key == key), None)
        if line is not None and not line.is_clock:
            self._ask("unblock", key, f"Unblock: {shortened(line.name)}", "Unblock", "", (), "What was done")

    def ask_escalate(self, key: str) -> None:
        """Why an account cannot wait for its time to run out."""
        line = next((one for one in self.state.blocked if one.key == key), None)
        if line is not None and not line.is_clock:
            self._ask("escalate", key, f"Escalate: {shortened(line.name)}", "Escalate", "", (), "Why it cannot wait")

    def ask_hand_over(self, draft_id: str) -> None:
        """To whom a draft goes; a person whose drawer is open elsewhere is told of with their desk."""
        facility, me = self._desk.view.facility(), self._person()
        choices = []
        for person in sorted(facility.people.values(), key=lambda one: one.name):
            held = facility.held_by(person.person_id)
            away = f", now at {held.desk_label}" if held is not None and held.desk_label != self._desk.label else ""
            if person.active and person.person_id != me:
                choices.append((person.person_id, f"{person.name}{away}"))
        draft = next((one for one in self.state.parked if one.draft_id == draft_id), None)
        if draft is not None and choices:
            self._ask("hand_over", draft_id, f"Hand over: {shortened(draft.title)}", "Hand over", "To", tuple(choices), "")

    def _ask(
        self, kind: str, about: str, title: str, act: str, label: str, choices: tuple[tuple[str, str], ...], words: str
    ) -> None:
        asked = Question(kind, about, title, act, label, choices, words, self._desk.journal.ids.new_id())
        self._show(replace(self.state, question=asked, notice=""))

    def answer(self, choice: str, words: str) -> None:
        """What was chosen and typed; the question's own id makes a double press harmless."""
        asked = self.state.question
        if asked is None:
            return
        self._show(replace(self.state, question=None))
        by, desk = self._desk.by(self._person(), asked.command_id), self._desk

        def carry_out() -> str:
            match asked.kind:
                case "block":
                    desk.blocked.block(by, asked.about_id, choice, words)
                case "end":
                    desk.schedule.end(by, asked.about_id, choice, words)
                case "unblock":
                    desk.blocked.unblock(by, asked.about_id, words)
                case "escalate":
                    desk.blocked.escalate(by, asked.about_id, words)
                case "hand_over":
                    desk.drafts.hand_over(asked.about_id, by.actor_id, choice)
                    return self._where(choice)
            return ""

        def done(said: str) -> None:
            self._show(replace(self.state, notice=said))
            self.refresh(notice=said)

        self._run(carry_out, done, self._failed)

    def _where(self, person_id: str) -> str:
        facility, label = self._desk.view.facility(), self._desk.label
        held = facility.held_by(person_id)
        name = facility.person(person_id).name
        if held is not None and held.desk_label != label:
            return f"{name} is at {held.desk_label}. The draft stays at {label}: they find it on Today when they sign in here."
        return f"{name} finds the draft on Today when they sign in at this desk."

    def close_question(self) -> None:
        """Close the question; nothing was recorded."""
        self._show(replace(self.state, question=None))


def _name(row: TodayRow) -> str:
    return shortened(f"{row.family}{row.rest}")


def form_values(expected: AppointmentState) -> dict[str, str]:
    """An expected visit as a registration form's values."""
    said = expected.details
    values = {
        EXPECTED: expected.appointment_id,
        "family": said.family,
        "given": said.given,
        "birth_date": shown_date(said.birth_date),
        "type": said.visit.type,
        "service": said.visit.service,
        "reason": said.visit.reason,
        "location": said.visit.location,
        "attending_npi": said.visit.attending_npi,
    }
    return {name: text for name, text in values.items() if text}
