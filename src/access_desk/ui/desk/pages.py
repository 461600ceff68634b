"""The desk's own pages, wired to each other."""

from __future__ import annotations

from access_desk.domain.patients.state import PatientState
from access_desk.presentation.all_drawers import AllDrawersModel
from access_desk.presentation.disputes import DisputesModel
from access_desk.presentation.duplicates import DuplicatesModel
from access_desk.presentation.emergency import EmergencyModel
from access_desk.presentation.find_patient import FindModel
from access_desk.presentation.flagged import FlaggedModel
from access_desk.presentation.forms import FormsViewModel
from access_desk.presentation.index_sweep import SweepModel
from access_desk.presentation.privacy import PrivacyModel
from access_desk.presentation.rates import RatesModel
from access_desk.presentation.record_pair import PairModel
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.set_up import SetUpModel
from access_desk.presentation.today_actions import TodayModel
from access_desk.ui.context import PageContext
from access_desk.ui.desk.all_drawers_view import AllDrawersView
from access_desk.ui.desk.disputes_view import DisputesView
from access_desk.ui.desk.duplicates_view import DuplicatesView
from access_desk.ui.desk.emergency_view import EmergencyView
from access_desk.ui.desk.find_view import FindView
from access_desk.ui.desk.flagged_view import FlaggedView
from access_desk.ui.desk.forms_view import FormsView
from access_desk.ui.desk.help_view import HelpView
from access_desk.ui.desk.privacy_view import PrivacyView
from access_desk.ui.desk.rates_view import RatesView
from access_desk.ui.desk.register_view import RegisterView
from access_desk.ui.desk.set_up_view import SetUpView
from access_desk.ui.desk.today_view import TodayView
from access_desk.ui.pages import Page


def desk_pages(context: PageContext) -> list[Page]:
    """Every page of the desk but those of money, for the person at it."""
    today = TodayView(TodayModel(context.desk, context.run, context.who))
    register = RegisterView(RegistrationModel(context.desk, context.run, context.who))

    def use(patient: PatientState) -> None:
        find.go.emit("register", ("patient", patient))

    def use_instead(patient: PatientState, typed: dict[str, str]) -> None:
        find.go.emit("register", ("patient", patient, typed))

    def create(values: dict[str, str], reason: str, seen: tuple[str, ...]) -> None:
        find.go.emit("register", ("new", values, reason, seen))

    def protected(patient_id: str) -> None:
        find.go.emit("privacy", patient_id)

    pair = PairModel(context.desk, context.run, context.who)
    find = FindView(FindModel(context.desk, context.run, context.who, use, create), pair)
    find.model.on_protected = protected
    find.model.use_instead = use_instead
    register.model.on_protected = protected
    today.model.on_protected = protected
    forms = FormsView(FormsViewModel(context.session))
    forms.model.on_protected = protected
    privacy = PrivacyView(PrivacyModel(context.desk, context.run, context.who, use))
    sweep = SweepModel(context.desk, context.run, context.run_long)
    duplicates = DuplicatesView(DuplicatesModel(context.desk, context.run, context.who), sweep)
    rates = RatesView(RatesModel(context.desk, context.run, context.who))
    emergency = EmergencyView(EmergencyModel(context.session))
    set_up = SetUpView(SetUpModel(context.desk, context.run, context.who))
    disputed = DisputesView(DisputesModel(context.desk, context.run, context.who))
    drawers = AllDrawersView(AllDrawersModel(context.desk, context.run, context.who, context.last_contact))
    flagged = FlaggedView(FlaggedModel(context.desk, context.run, context.who))
    mine = [today, find, register, forms, emergency, duplicates, rates, disputed, privacy, set_up]
    return [*mine, drawers, flagged, HelpView()]
