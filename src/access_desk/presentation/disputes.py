"""The Disputed page: what two desks said differently of a person, side by side, and which answer is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.patients.disputes import Dispute
from access_desk.domain.permissions import Action, may
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.hidden_names import hidden_number, hidden_text
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date, shown_time
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk

TWO_SAID = "Two desks said different things of this person."
FIELD_WORDS = {
    "family": "Family name",
    "given": "Given name",
    "middle": "Middle name",
    "suffix": "Suffix",
    "birth_date": "Birth date",
    "sex": "Sex",
    "ssn": "Social Security number",
}


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer as it is shown: what, who, where, when; ``is_now`` when the record says it now."""

    value: str
    shown: str
    who: str
    where: str
    when: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """One disputed field of one record."""

    key: str
    mrn: str
    field: str
    title: str
    answers: tuple[AnswerLine, ...]
    dispute: Dispute


@dataclass(frozen=True, slots=True)
class DisputesState:
    """``chosen`` is the key of the line that is looked at; ``picked`` the number of its answer, -1 for another, None for none."""

    lines: tuple[DisputeLine, ...] = ()
    chosen: str = ""
    picked: int | None = None
    may_settle: bool = False
    notice: str = ""
    problem: str = ""
    busy: bool = False
    names_hidden: bool = False

    @property
    def shown(self) -> tuple[DisputeLine, ...]:
        """The lines as they are shown: while names are hidden, that two answers differ, and not what they say."""
        return tuple(_hidden(one) for one in self.lines) if self.names_hidden else self.lines

    @property
    def blocked(self) -> str:
        """Why nothing can be settled now; blank when it can."""
        if not self.may_settle:
            return "A shift lead or a supervisor settles this."
        return "Names are hidden. Ctrl . shows the answers." if self.names_hidden else ""

    @property
    def line(self) -> DisputeLine | None:
        """What is looked at."""
        return next((one for one in self.lines if one.key == self.chosen), None)


def _hidden(line: DisputeLine) -> DisputeLine:
    answers = (replace(one, shown=hidden_text(one.shown)) for one in line.answers)
    return replace(line, mrn=hidden_number(line.mrn), answers=tuple(answers))


class DisputesModel(ViewModel[DisputesState]):
    """Intents of the Disputed page."""

    def __init__(self, desk: Desk, run: Run, who: Callable[[], str]) -> None:
        super().__init__(DisputesState())
        self._desk, self._run, self._who = desk, run, who

    def refresh(self, notice: str = "") -> None:
        """Look again; what was picked stays while it is still disputed."""
        person_id = self._who()

        def look() -> tuple[FacilityState, tuple[Dispute, ...]]:
            return self._desk.view.facility(), self._desk.disputes.open()

        def done(found: tuple[FacilityState, tuple[Dispute, ...]]) -> None:
            facility, disputes = found
            lines = tuple(self._line(facility, one) for one in disputes)
            before = self.state.line
            kept = next((one for one in lines if before is not None and one.dispute == before.dispute), None)
            first = kept or next(iter(lines), None)
            self._show(
                DisputesState(
                    lines,
                    first.key if first else "",
                    self.state.picked if kept else None,
                    may(facility.person(person_id).role, Action.SETTLE_DISPUTE),
                    notice,
                    names_hidden=self.state.names_hidden,
                )
            )

        self._run(look, done, self._failed)

    def hide_names(self, *, hidden: bool) -> None:
        """Ctrl . hides or shows whose record it is and what was answered."""
        self._show(replace(self.state, names_hidden=hidden))

    def _line(self, facility: FacilityState, dispute: Dispute) -> DisputeLine:
        last = dispute.answers[-1]
        answers = []
        for one in dispute.answers:
            person, at = facility.people.get(one.said_by), self._desk.view.local(one.said_at)
            number = facility.desk_numbers.get(one.desk_id)
            here = one.desk_id == self._desk.journal.stream.desk_id
            where = "This desk" if here else f"Desk {number}" if number is not None else "Another desk"
            when = f"{shown_date(at.date())} {shown_time(at)}"
            who = person.name if person else one.said_by
            answers.append(AnswerLine(one.value, shown_value(dispute.field, one.value), who, where, when, one is last))
        key = f"{dispute.patient_id}/{dispute.field}"
        return DisputeLine(key, dispute.mrn, dispute.field, FIELD_WORDS[dispute.field], tuple(answers), dispute)

    def choose(self, key: str) -> None:
        """Look at another line."""
        if key != self.state.chosen:
            self._show(replace(self.state, chosen=key, picked=None, problem="", notice=""))

    def pick(self, number: int) -> None:
        """The answer of that number, from 0; -1 is another one."""
        line = self.state.line
        if line is not None and -1 <= number < len(line.answers):
            self._show(replace(self.state, picked=number, problem=""))

    def settle(self, other: str, reason: str) -> None:
        """Record which answer is right, and how that is known."""
        line, picked = self.state.line, self.state.picked
        if line is None or self.state.busy:
            return
        if picked is None:
            self._show(replace(self.state, problem="Pick the answer that is right first."))
            return
        if line.field == "ssn" and picked >= 0:
            # Only the last four are shown here; the whole number is entered from the card, or stays as the record says it.
            if not line.answers[picked].is_now:
                self._show(replace(self.state, problem="Enter the whole number as the card says it: pick Another."))
                return
            other = ""
        try:
            value = self._value(line, picked, other.strip())
        except TypedTextError as wrong:
            self._show(replace(self.state, problem=wrong.text))
            return
        by, dispute = self._desk.by(self._who()), line.dispute
        self._show(replace(self.state, busy=True, problem=""))
        call = self._desk.disputes.settle
        self._run(
            lambda: call(by, dispute.patient_id, dispute.field, dispute.stamps, value, reason),
            lambda _: self.refresh(f"{line.title} of MRN {hidden_number(line.mrn)} is settled."),
            self._failed,
        )

    def _value(self, line: DisputeLine, picked: int, other: str) -> str | None:
        if line.field == "ssn" and picked >= 0:
            return None
        if picked >= 0:
            return line.answers[picked].value
        if line.field == "birth_date" and other:
            return read_date(other, self._desk.view.now().date()).isoformat()
        return other

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, problem=problem.text, busy=False))


def shown_value(field: str, value: str) -> str:
    """An answer as it is read."""
    if not value:
        return "Not known"
    if field == "birth_date":
        return shown_date(date.fromisoformat(value))
    return f"ends in {value}" if field == "ssn" else value


def disputed_text(disputes: Sequence[Dispute]) -> str:
    """What whoever opens the record is told; blank when nothing is disputed."""
    if not disputes:
        return ""
    told = "; ".join(
        f"{FIELD_WORDS[one.field]}: {' or '.join(shown_value(one.field, answer.value) for answer in one.answers)}"
        for one in disputes
    )
    return f"{TWO_SAID} {told}. Ask the patient; a shift lead settles it on Disputed."
