"""What the palette lists: verbs first, then places and receipts, then help. Patients are never found here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from access_desk.domain.errors import UnavailableError
from access_desk.domain.papers.words import TENDER_WORDS
from access_desk.domain.payments.views import ReceiptRow
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.facilities import Facilities, ServedFacility
from access_desk.presentation.help import HELP_TOPICS
from access_desk.presentation.registration_dates import shown_time
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk

DO, GO_TO, HELP = "Do", "Go to", "Help"
GROUPS = (DO, GO_TO, HELP)
MOST_RECEIPTS = 5
MOST_BLANK_VERBS = 6
MOST_LINES = 12
_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One line. ``command`` is what the shell carries out; ``words`` are matched besides the title."""

    group: str
    title: str
    detail: str
    icon: str
    command: str
    key: str = ""
    words: str = ""


VERBS = (
    PaletteEntry(DO, "Take a payment", "For a visit of today", "hand-coins", "page:payment", "F8", "copay money cash card check"),
    PaletteEntry(DO, "Void a receipt…", "Choose from your drawer", "ban", "page:drawer", "F9", "cancel undo payment"),
    PaletteEntry(DO, "Open your drawer", "Count what is in it", "lock-open", "page:drawer", "F9", "start float"),
    PaletteEntry(DO, "Count and close your drawer", "Blind count", "coins", "page:drawer", "F9", "end shift balance"),
    PaletteEntry(DO, "Drop cash to the safe", "From your drawer", "vault", "page:drawer", "F9", "bag deposit"),
    PaletteEntry(DO, "Find a patient", "Search before you create", "search", "page:find", "F3", "register new"),
    PaletteEntry(
        DO, "Register an unidentified patient", "No name yet", "user-plus", "register:unidentified", "", "john doe unknown"
    ),
    PaletteEntry(
        DO, "Register an emergency arrival", "Name, complaint, arrival", "siren", "page:emergency", "Shift F3", "emtala quick"
    ),
    PaletteEntry(DO, "Park this registration", "Keep it for later", "square-parking", "register:park", "Shift F7", "draft"),
    PaletteEntry(
        DO,
        "Offer or sign a form",
        "Forms of this visit and their clocks",
        "file-check",
        "page:forms",
        "Shift F8",
        "consent notice signature moon im gfe abn",
    ),
    PaletteEntry(DO, "Hide or show names", "On screens facing the public", "eye-off", "today:names", "Ctrl .", "privacy"),
    PaletteEntry(DO, "Lock the desk", "Nothing is lost", "lock", "shell:lock", "Ctrl L", "leave"),
    PaletteEntry(DO, "Sign out", "Drafts and drawer stay yours", "log-out", "shell:sign_out", "", "leave switch user"),
)
PLACES = (
    PaletteEntry(GO_TO, "Today", "Who is waiting", "list-checks", "page:today", "F2", "list arrivals"),
    PaletteEntry(GO_TO, "Find", "One person, one record", "search", "page:find", "F3", "patient search"),
    PaletteEntry(
        GO_TO, "Emergency", "Arrivals and the central log", "siren", "page:emergency", "Shift F3", "emtala exam screening log"
    ),
    PaletteEntry(GO_TO, "Register", "Open draft", "clipboard-pen", "page:register", "F7", "visit coverage"),
    PaletteEntry(GO_TO, "Payment", "Take money for a visit", "hand-coins", "page:payment", "F8", ""),
    PaletteEntry(
        GO_TO, "Forms", "Of this visit, or all clocks", "file-check", "page:forms", "Shift F8", "clocks papers wristband label"
    ),
    PaletteEntry(GO_TO, "Drawer", "Running drawer", "wallet", "page:drawer", "F9", "receipts void drop"),
    PaletteEntry(GO_TO, "Duplicates", "Records of one person", "users", "page:duplicates", "", "merge unmerge mrn"),
    PaletteEntry(
        GO_TO, "Rates", "Duplicates, errors, accuracy", "scale", "page:rates", "", "quality ahima error accuracy overlay report"
    ),
    PaletteEntry(
        GO_TO,
        "Privacy",
        "Protected records, disclosures",
        "shield",
        "page:privacy",
        "Shift F2",
        "vip confidential break glass directory",
    ),
    PaletteEntry(GO_TO, "Disputed", "Two answers for one person", "equal-not", "page:disputed", "", "conflict identity review"),
    PaletteEntry(
        GO_TO, "Drawers", "Of the whole facility", "wallet-cards", "page:drawers", "", "all lease lost supervisor custody"
    ),
    PaletteEntry(GO_TO, "Flagged", "What central noticed", "triangle-alert", "page:flagged", "", "revoked clock review fork"),
    PaletteEntry(GO_TO, "Sync", "What is not yet at central", "cloud-check", "page:sync", "", "offline network waiting central"),
    PaletteEntry(
        GO_TO,
        "Set up",
        "Staff, drawers, rules, your PIN",
        "key-round",
        "page:setup",
        "",
        "people user role pin policy settings add",
    ),
    PaletteEntry(GO_TO, "Handoff", "The drawer changes hands", "arrow-left-right", "page:handoff", "Shift F9", "shift"),
    PaletteEntry(GO_TO, "Bank deposit", "Bags on their way to the bank", "landmark", "page:deposit", "", "bag confirm carrier"),
    PaletteEntry(GO_TO, "Sheets", "End-of-shift report, cash sheets", "file-text", "page:shift_report", "", "report print"),
)


@dataclass(frozen=True, slots=True)
class PaletteState:
    """What was typed, the lines in order, and which one Enter carries out."""

    text: str = ""
    entries: tuple[PaletteEntry, ...] = ()
    selected: int = 0
    is_open: bool = False


class PaletteModel(ViewModel[PaletteState]):
    """Intents of the palette. ``do`` carries a command out, after the palette has closed."""

    def __init__(
        self,
        desk: Desk,
        run: Run,
        do: Callable[[str], None],
        pages: Callable[[], Sequence[str]],
        facilities: Facilities | None = None,
    ) -> None:
        super().__init__(PaletteState())
        self._facilities = facilities
        self._elsewhere: tuple[PaletteEntry, ...] = ()
        self._desk = desk
        self._run = run
        self._do = do
        self._pages = pages
        self._receipts: tuple[PaletteEntry, ...] = ()

    def open(self) -> None:
        """Start blank: every verb and place."""
        self._receipts = ()
        self._list("")
        if self._facilities is not None:
            self._run(self._facilities.served, self._served, self._failed)

    def _served(self, served: tuple[ServedFacility, ...]) -> None:
        self._elsewhere = tuple(
            PaletteEntry(
                GO_TO, one.name, "Another facility of this desk", "building-2", f"facility:{one.facility_id}", "", "switch"
            )
            for one in served
            if not one.is_here
        )
        if self.state.is_open and self._elsewhere:
            self._list(self.state.text)

    def close(self) -> None:
        """Esc: nothing happens."""
        self._receipts = ()
        self._show(PaletteState())

    def type(self, text: str) -> None:
        """The lines that fit what is typed; receipts by their number are asked for."""
        self._receipts = ()
        self._list(text)
        if len(text.strip()) < _FEWEST_LETTERS or not any(letter.isdecimal() for letter in text):
            self._receipts = ()
            return

        def done(found: list[ReceiptRow]) -> None:
            if self.state.is_open and self.state.text == text:
                self._receipts = tuple(self._receipt(one) for one in found)
                self._list(text)

        self._run(lambda: self._desk.view.receipts_like(text.strip(), MOST_RECEIPTS), done, self._failed)

    def _list(self, text: str) -> None:
        offered = set(self._pages())
        built = [one for one in (*VERBS, *self._elsewhere, *PLACES) if _is_offered(one, offered)]
        lines = [one for one in (*built, *HELP_ENTRIES) if fits(one, text)]
        entries = [one for group in GROUPS for one in _of_group(group, lines, self._receipts)]
        if not text.strip():
            verbs = [one for one in entries if one.group == DO][:MOST_BLANK_VERBS]
            entries = [*verbs, *(one for one in entries if one.group == GO_TO)]
        self._show(PaletteState(text, tuple(entries[:MOST_LINES]), 0, is_open=True))

    def _receipt(self, found: ReceiptRow) -> PaletteEntry:
        """By number, amount and time; never by name."""
        tenders = " and ".join(dict.fromkeys(TENDER_WORDS[one.tender][0] for one in found.tenders))
        at = shown_time(self._desk.view.local(found.received_at))
        void = ", void" if found.voided_at is not None else ""
        detail = f"{tenders} {found.amount.dollars()}, {at}"
        return PaletteEntry(GO_TO, f"Receipt {found.receipt}{void}", detail, "receipt-text", f"receipt:{found.payment_id}")

    def move(self, step: int) -> None:
        """To the next or previous line, round the ends."""
        if self.state.entries:
            self._show(replace(self.state, selected=(self.state.selected + step) % len(self.state.entries)))

    def choose(self, index: int | None = None) -> None:
        """Enter, or a click on a line."""
        number = self.state.selected if index is None else index
        if 0 <= number < len(self.state.entries):
            command = self.state.entries[number].command
            self.close()
            self._do(command)

    def _failed(self, problem: Exception) -> None:
        # The palette goes on without receipts when they cannot be looked up; anything else is a bug.
        if not isinstance(problem, UnavailableError):
            raise problem


def fits(entry: PaletteEntry, text: str) -> bool:
    """Whether every typed word begins a word of the line."""
    words = f"{entry.title} {entry.detail} {entry.words}".casefold().replace("…", "").split()
    return all(any(word.startswith(typed) for word in words) for typed in text.casefold().split())


def _of_group(group: str, lines: Sequence[PaletteEntry], receipts: Sequence[PaletteEntry]) -> list[PaletteEntry]:
    own = [one for one in lines if one.group == group]
    return [*receipts, *own] if group == GO_TO else own


def _is_offered(entry: PaletteEntry, pages: set[str]) -> bool:
    kind, _, name = entry.command.partition(":")
    return kind != "page" or name in pages


HELP_ENTRIES = tuple(
    PaletteEntry(HELP, topic.title, "Opens Help", "circle-question-mark", f"help:{topic.name}", "F1", topic.words)
    for topic in HELP_TOPICS
)
