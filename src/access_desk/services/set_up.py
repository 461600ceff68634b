"""Use cases of whoever sets a facility up: its beginning, the drawers of a desk, the rules of its money."""

from __future__ import annotations

from zoneinfo import available_timezones

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import DrawerInstalled, FacilityEstablished, PolicySet
from access_desk.domain.money import Money
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.policy import LEAST_DETAILS_DAYS, Policy
from access_desk.domain.staff import Role
from access_desk.domain.staff_rules import check_drawer, check_person, check_pin
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.provision import Provisioning


class SetUpService:
    """Sets a facility up. Who may do what of it is a supervisor's, except at the very beginning, when there is nobody."""

    def __init__(self, journal: Journal, provisioning: Provisioning) -> None:
        self._journal = journal
        self._provisioning = provisioning

    def begin(self, facility: FacilityEstablished, key: str, name: str, pin: str) -> str:
        """The facility and its first supervisor, at a desk where nobody works yet; the supervisor's id.

        Raises:
            DeskError: ``bad_value``; ``not_permitted`` when there is somebody already.
        """
        state = self._journal.read(lambda states: states.facility())
        if state.people:
            raise DeskError(Refusal.NOT_PERMITTED, "People work here already. Sign in, or ask a supervisor for a PIN.")
        if not facility.name.strip():
            raise DeskError(Refusal.BAD_VALUE, "Enter the facility's name, as its papers should say it.")
        if facility.timezone not in available_timezones():
            raise DeskError(Refusal.BAD_VALUE, "Choose the facility's time zone, such as America/Chicago.")
        check_person(state, key, name)
        check_pin(pin)
        self._provisioning.establish(facility)
        return self._provisioning.add_person(key, name.strip(), Role.SUPERVISOR, pin)

    def install_drawer(self, by: By, key: str, label: str, imprest: Money) -> str:
        """A cash drawer of this desk; its id. It is leased to this desk: only here its money is written."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.MANAGE_FACILITY)
            check_drawer(unit.states.facility().drawers, key, label, imprest)
            drawer_id = unit.derived_id("drawer")
            installed = DrawerInstalled(drawer_id, key, label.strip(), imprest)
            return [Fact(drawer_id, installed, None, (self._journal.facility_id,))]

        made = self._journal.perform(by, Action.MANAGE_FACILITY, decided)
        return made[-1].subject_id

    def set_policy(self, by: By, policy: Policy) -> None:
        """The rules of the facility from now on; the same as before records nothing.

        Raises:
            DeskError: ``bad_value`` when details would be kept for too few days; ``not_permitted``.
        """
        if 0 < policy.details_days < LEAST_DETAILS_DAYS:
            text = f"Other desks' payments stay for {LEAST_DETAILS_DAYS} days at least: that long they may be asked for."
            raise DeskError(Refusal.BAD_VALUE, text)

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.MANAGE_FACILITY)
            if unit.states.facility().policy == policy:
                return []
            return [Fact(self._journal.facility_id, PolicySet(policy))]

        self._journal.perform(by, Action.MANAGE_FACILITY, decided)
