"""All use cases of one desk, built once."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.ports import Places
from access_desk.services.blocked import BlockService
from access_desk.services.cash_drawer import CashDrawerService
from access_desk.services.coverage import CoverageService
from access_desk.services.day_steps import DeskServices
from access_desk.services.desk_clock import DeskClock
from access_desk.services.desk_view import DeskView
from access_desk.services.disputes import DisputeService
from access_desk.services.drafts import DraftService
from access_desk.services.drawers import DrawersService
from access_desk.services.duplicate_queue import DuplicateQueue
from access_desk.services.emergency import EmergencyService
from access_desk.services.flags import FlagService
from access_desk.services.forms import FormService
from access_desk.services.index_import import IndexImport
from access_desk.services.journal import By, Journal
from access_desk.services.likely_records import LikelyRecords
from access_desk.services.numbers import NumberService
from access_desk.services.outbox import Outbox
from access_desk.services.papers import PaperService
from access_desk.services.patient_index import PatientIndex
from access_desk.services.patient_links import PatientLinkService
from access_desk.services.payments import PaymentService
from access_desk.services.people import PeopleService
from access_desk.services.person_alerts import AlertService
from access_desk.services.places import ZipPlaces
from access_desk.services.privacy import PrivacyService
from access_desk.services.provision import Provisioning
from access_desk.services.queue import QueueService
from access_desk.services.registration import RegistrationService
from access_desk.services.registration_papers import RegistrationPapers
from access_desk.services.registration_quality import RegistrationQuality
from access_desk.services.schedule import ScheduleService
from access_desk.services.screen import ScreenService
from access_desk.services.set_up import SetUpService


@dataclass(frozen=True, slots=True)
class Desk:
    """What screens and commands call. ``practice`` desks say so everywhere."""

    journal: Journal
    label: str
    practice: bool
    drawers: CashDrawerService
    payments: PaymentService
    registration: RegistrationService
    coverage: CoverageService
    forms: FormService
    emergency: EmergencyService
    people: PeopleService
    drafts: DraftService
    view: DeskView
    index: PatientIndex
    likely: LikelyRecords
    alerts: AlertService
    index_import: IndexImport
    papers: PaperService
    registration_papers: RegistrationPapers
    duplicates: DuplicateQueue
    links: PatientLinkService
    disputes: DisputeService
    flags: FlagService
    all_drawers: DrawersService
    clock: DeskClock
    numbers: NumberService
    outbox: Outbox
    provisioning: Provisioning
    set_up: SetUpService
    queue: QueueService
    schedule: ScheduleService
    blocked: BlockService
    privacy: PrivacyService
    quality: RegistrationQuality
    screen: ScreenService
    places: Places

    @classmethod
    def over(cls, journal: Journal, *, label: str, practice: bool) -> Desk:
        """The use cases over a journal."""
        coverage, forms = CoverageService(journal), FormService(journal)
        provisioning, index = Provisioning(journal, journal.pins), PatientIndex(journal)
        duplicates = DuplicateQueue(journal, index)
        return cls(
            journal=journal,
            label=label,
            practice=practice,
            drawers=CashDrawerService(journal),
            payments=PaymentService(journal),
            registration=RegistrationService(journal),
            coverage=coverage,
            forms=forms,
            emergency=EmergencyService(journal),
            people=PeopleService(journal),
            drafts=DraftService(journal),
            view=DeskView(journal),
            index=index,
            likely=LikelyRecords(journal),
            alerts=AlertService(journal),
            index_import=IndexImport(journal),
            papers=PaperService(journal, practice=practice, desk_label=label),
            registration_papers=RegistrationPapers(journal, forms, coverage),
            duplicates=duplicates,
            links=PatientLinkService(journal, duplicates),
            disputes=DisputeService(journal),
            flags=FlagService(journal),
            all_drawers=DrawersService(journal),
            clock=DeskClock(journal),
            numbers=NumberService(journal),
            outbox=Outbox(journal),
            provisioning=provisioning,
            set_up=SetUpService(journal, provisioning),
            queue=QueueService(journal, label),
            schedule=ScheduleService(journal),
            blocked=BlockService(journal),
            privacy=PrivacyService(journal),
            quality=RegistrationQuality(journal, duplicates),
            screen=ScreenService(journal),
            places=ZipPlaces(),
        )

    def for_day(self) -> DeskServices:
        """The use cases that a day file's steps call."""
        return DeskServices(self.drawers, self.payments, self.registration)

    def by(self, person_id: str, command_id: str | None = None, note: str = "") -> By:
        """Who acts, under a command id that is new unless a form brings its own."""
        return By(person_id, command_id or self.journal.ids.new_id(), note)
