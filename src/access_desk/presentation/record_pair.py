"""Two found records that may be one person, or belong together: said by whoever sees it, decided by a lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.find_patient_columns import Column
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk

FLAG, LINK = "flag", "link"
_FEWEST = 2
NEEDS_TWO = "Search until both records stand side by side, then say that they may be one person."
_SAID = {
    FLAG: "Both records wait for a shift lead now. Nothing of them changed.",
    LINK: "Noted on both records: they belong together and stay two.",
}


@dataclass(frozen=True, slots=True)
class PairState:
    """``records`` are (id, words) to choose from; ``kind`` is ``flag`` or ``link``. Nothing is asked while there are none."""

    records: tuple[tuple[str, str], ...] = ()
    one: str = ""
    other: str = ""
    kind: str = FLAG
    note: str = ""
    problem: str = ""
    busy: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is asked which two, and why."""
        return bool(self.records)


class PairModel(ViewModel[PairState]):
    """Intents of the question."""

    def __init__(self, desk: Desk, run: Run, person: Callable[[], str]) -> None:
        super().__init__(PairState())
        # Told in words of what was recorded, or of what is needed first.
        self.on_said: Callable[[str, str], object] = lambda _text, _tone: None
        self._desk, self._run, self._person = desk, run, person

    def ask(self, columns: Sequence[Column], selected: int) -> None:
        """Ask about the selected record and the one that fits best beside it."""
        if len(columns) < _FEWEST:
            self.on_said(NEEDS_TWO, "attention")
            return
        one = columns[selected]
        other = next(column for column in columns if column is not one)
        records = tuple((column.patient_id, f"{column.name}, MRN {column.mrn}") for column in columns)
        self._show(PairState(records, one.patient_id, other.patient_id))

    def choose(self, *, one: str = "", other: str = "", kind: str = "") -> None:
        """Another record, or the other meaning."""
        state = self.state
        self._show(replace(state, one=one or state.one, other=other or state.other, kind=kind or state.kind, problem=""))

    def record(self, note: str) -> None:
        """Say it, with why."""
        state = self.state
        if not state.is_open or state.busy:
            return
        by, links = self._desk.by(self._person()), self._desk.links
        call = links.flag if state.kind == FLAG else links.link

        def done(_: object) -> None:
            self._show(PairState())
            self.on_said(_SAID[state.kind], "balanced")

        def failed(problem: Exception) -> None:
            if not isinstance(problem, DeskError | UnavailableError):
                raise problem
            self._show(replace(self.state, problem=problem.text, busy=False))

        self._show(replace(state, note=note, problem="", busy=True))
        self._run(lambda: call(by, state.one, state.other, note), done, failed)

    def leave_it(self) -> None:
        """Close the question; nothing was recorded."""
        if self.state.is_open:
            self._show(PairState())
