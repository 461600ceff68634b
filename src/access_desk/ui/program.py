"""The program on screen: window, pages, cover, palette and strip, put together for one opened desk."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from access_desk.domain.errors import UnavailableError
from access_desk.presentation.beginning import BeginModel
from access_desk.presentation.facilities import Facilities
from access_desk.presentation.first_start import FirstStartModel
from access_desk.presentation.palette import PaletteModel
from access_desk.presentation.registration_drafts import DRAFT_KIND
from access_desk.presentation.shell import places_for, strip_texts
from access_desk.presentation.sign_in import SignInModel
from access_desk.presentation.sync_status import SyncPageModel, offline_text, strip_text
from access_desk.services.desk import Desk
from access_desk.services.desk_view import DeskStatus
from access_desk.sync.loop import SyncLoop, SyncStatus
from access_desk.ui.context import PageContext
from access_desk.ui.desk.first_start_view import FirstStartCover
from access_desk.ui.desk.joining_view import BeginCover
from access_desk.ui.desk.pages import desk_pages
from access_desk.ui.desk.palette_view import PaletteView
from access_desk.ui.desk.sign_in_view import SignInCover
from access_desk.ui.desk.sync_view import SyncView
from access_desk.ui.money.pages import MoneyContext, money_pages
from access_desk.ui.pages import Page
from access_desk.ui.shell.frame import RailItem, StripItem
from access_desk.ui.shell.window import ShellWindow
from access_desk.ui.task_runner import LongRunner, TaskRunner

TICK_MS = 1_000
TICKS_BETWEEN_STRIPS = 30
MOST_ON_BADGE = 99


class Program(QObject):
    """One desk's window. Nothing is decided here: signals of the parts are connected to each other."""

    _sync_said = Signal(object)
    # Somebody wants to work for another facility of this desk; emitted with its id.
    facility_wanted = Signal(object)

    def __init__(
        self,
        window: ShellWindow,
        desk: Desk,
        runner: TaskRunner,
        sign_in: SignInModel,
        cover: SignInCover,
        *,
        builds_meanwhile: bool = False,
        sync: SyncLoop | None = None,
        facilities: Facilities | None = None,
    ) -> None:
        super().__init__(window)
        # The outermost window is held too: a page that is being built must not lose what it is put into.
        self._outermost = window.window()
        self.window, self.desk, self.runner = window, desk, runner
        self.sign_in, self.cover = sign_in, cover
        self.long_runner = LongRunner()
        who = lambda: self.sign_in.person_id  # noqa: E731
        contact = lambda: sync.status.last_contact if sync is not None else None  # noqa: E731
        self.context = PageContext(desk, who, runner.run, self.long_runner.run, contact)
        self._sync, self._received = sync, 0
        self._facilities = facilities
        self._beginning: BeginModel | None = None
        self.sync_page = SyncPageModel(desk, runner.run, sync, self.context.who, facilities)
        if sync is not None:
            # Rounds run on a thread of their own; what they say is heard here.
            self._sync_said.connect(self._on_sync, Qt.ConnectionType.QueuedConnection)
            sync.heard = self._sync_said.emit
            desk.journal.recorded = sync.carry
            window.round_wanted.connect(sync.poke)
        self.pages: list[Page] = []
        self._unbuilt = self._all_pages()
        known = lambda: [page.page_id for page in self.pages]  # noqa: E731
        self.palette_model = PaletteModel(desk, runner.run, self.carry_out, known, facilities)
        self.palette = PaletteView(self.palette_model, over=window)
        window.palette_requested.connect(self.palette_model.open)
        window.lock_requested.connect(self.lock)
        runner.working.connect(window.progress.show_working)
        self._ticks, self._last_person = 0, ""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._builder = QTimer(self)
        self._builder.timeout.connect(self._build_next)
        if builds_meanwhile:
            # The pages take longer than a person needs to find the first key of the PIN: one at each turn of the event loop.
            self._builder.start(0)
        else:
            self.build_pages()

    def _all_pages(self) -> Iterator[Page]:
        yield from desk_pages(self.context)
        yield from money_pages(MoneyContext(self.desk, self.context.who, self.runner.run))
        yield SyncView(self.sync_page)

    def build_pages(self) -> None:
        """Build what is not built yet: somebody is about to see it."""
        while self._build_next():
            pass

    def _build_next(self) -> bool:
        page = next(self._unbuilt, None)
        if page is None:
            self._builder.stop()
            return False
        self.pages.append(page)
        self.window.add_pages([page], [])
        page.status_changed.connect(self.refresh_strip)
        return True

    def _keep_names_hidden(self, hidden: object) -> None:
        self.runner.run(lambda: self.desk.screen.hide_names(hidden=bool(hidden)), lambda _: None, self._not_kept)

    def _not_kept(self, problem: Exception) -> None:
        if not isinstance(problem, UnavailableError):
            raise problem
        self.window.toasts.say(problem.text, "short")

    def start(self) -> None:
        """Ask who is at the desk; a new desk is set up first."""
        if self.desk.screen.hides_names():
            self.window.hide_names(hidden=True)
        self.window.names_hidden.connect(self._keep_names_hidden)
        self._timer.start()
        if self._sync is not None:
            self._sync.start()
        if not FirstStartModel.is_needed(self.desk):
            self._ask_who()
        elif self._sync is None:
            self._practise()
        else:
            self._beginning = BeginModel(self.desk, self.runner.run, self._begun)
            self.window.cover_with(BeginCover(self._beginning, self._practise))
            self._beginning.heard(self._sync.status)

    def _practise(self) -> None:
        """A practice desk: its facility and people are published with the program."""
        self._beginning = None
        model = FirstStartModel(self.desk, self.runner.run, self._ask_who)
        before = self.window.cover
        self.window.cover_with(FirstStartCover(model))
        if before is not None and before is not self.cover:
            before.hide()
            before.deleteLater()
        model.choose_practice()

    def _begun(self) -> None:
        self._beginning = None
        self._ask_who()

    def _ask_who(self) -> None:
        before = self.window.cover
        if before is not None and before is not self.cover:
            before.hide()
            before.deleteLater()
        self.window.cover_with(self.cover)
        self.sign_in.attach(self.desk, self._signed_in, self._signed_out, self._facilities, self.facility_wanted.emit)
        self.cover.focus_first()

    def leave(self) -> None:
        """The person at the desk signs out, and what was typed is saved."""
        here = self.window.here
        if self.sign_in.person_id:
            if here is not None:
                here.left()
            self.sign_in.sign_out()

    def stop(self) -> None:
        """The window closes: what was begun is finished, nothing new is taken up."""
        self._timer.stop()
        self._builder.stop()
        if self._sync is not None:
            self.desk.journal.recorded = lambda: None
            self._sync.stop()
        self.long_runner.stop()
        self.runner.stop()

    def lock(self, idle: object = False) -> None:
        """Cover the desk; what was typed stays."""
        if not self.window.is_covered and self.sign_in.person_id:
            here = self.window.here
            if here is not None:
                here.left()
            self.sign_in.lock(idle=bool(idle))
            self.window.cover_with(self.cover)
            self.cover.setFocus()

    def refresh_strip(self) -> None:
        """Look again at what the strip says."""
        person_id = self.sign_in.person_id
        if person_id:
            self.runner.run(lambda: self._look(person_id), self._show_status, self._not_now)

    def carry_out(self, command: str) -> None:
        """What was chosen in the palette: ``page:…``, ``shell:…``, or a command of a page (``page_id:what``)."""
        where, _, what = command.partition(":")
        if where == "page":
            self.window.go(*_page_and_argument(what))
        elif where == "facility":
            self.facility_wanted.emit(what)
        elif command == "shell:lock":
            self.lock()
        elif command == "shell:sign_out":
            self.sign_in.sign_out()
        elif where == "today" and what == "names":
            self.window.toggle_names()
        else:
            self.window.go(where, what or None)

    def _signed_in(self, person_id: str) -> None:
        self.build_pages()
        self.window.uncover()
        person = self.desk.view.facility().person(person_id)
        items = [RailItem(place.page_id, place.text, place.key, place.icon) for place in places_for(person.role)]
        self.window.rail.show_places(items)
        self.refresh_strip()
        here = self.window.here
        came_back = here is not None and self._last_person == person_id
        self._last_person = person_id
        self.window.go(here.page_id if here is not None and came_back else "today")

    def _signed_out(self, person_id: str) -> None:
        del person_id
        here = self.window.here
        if here is not None:
            here.left()
        self.window.cover_with(self.cover)

    def _look(self, person_id: str) -> tuple[DeskStatus, int, int]:
        drafts = len(self.desk.drafts.of(person_id, DRAFT_KIND))
        return self.desk.view.status(person_id), drafts, self.desk.flags.open_count()

    def _show_status(self, found: tuple[DeskStatus, int, int]) -> None:
        status, open_drafts, flagged = found
        self.window.rail.show_badge("register", open_drafts)
        self.window.rail.show_badge("flagged", min(flagged, MOST_ON_BADGE))
        synced = self._sync.status if self._sync is not None else None
        texts = strip_texts(status, self.desk.label, strip_text(synced, self.desk.view.local))
        items = [StripItem(one.name, one.caption, one.value, one.icon, one.tone) for one in texts]
        self.window.show_strip(items, practice=self.desk.practice)

    def _on_sync(self, status: SyncStatus) -> None:
        head, text = offline_text(status, self.desk.view.local)
        self.window.offline.say(head, text, status.waiting)
        if not status.is_running:
            self.refresh_strip()
        here = self.window.here
        if here is not None and here.page_id == SyncView.page_id:
            self.sync_page.heard(status)
        if self._beginning is not None:
            self._beginning.heard(status)
        if status.received > self._received and self.window.is_covered:
            self.sign_in.start()
        if status.received > self._received and here is not None and here.follows_others and not self.window.is_covered:
            here.refresh()
        self._received = status.received

    def _not_now(self, wrong: Exception) -> None:
        if not isinstance(wrong, UnavailableError):
            raise wrong
        self.window.toasts.say(wrong.text, "short")

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % TICKS_BETWEEN_STRIPS == 0:
            self.refresh_strip()


def _page_and_argument(what: str) -> tuple[str, object]:
    page_id, _, argument = what.partition("/")
    return page_id, argument or None
