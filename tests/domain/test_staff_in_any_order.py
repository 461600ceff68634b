"""What several desks say about a facility and its staff comes out the same in whatever order it arrives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

from access_desk.domain.events import Recorded, kind_of, version_of
from access_desk.domain.facility.events import FacilityEstablished, PolicySet, StaffAdded, StaffAmended
from access_desk.domain.facility.state import FacilityState, evolve
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Role


def recorded(stamp: str, body: object) -> Recorded:
    kind = kind_of(body)
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    place = ("e" + stamp, "F", "desk", 1, 1, moment, stamp, date(2026, 11, 24), "system", None, None)
    return Recorded(*place, kind, version_of(kind), "F", (), body)


def test_the_order_of_arrival_does_not_matter() -> None:
    said = [
        recorded("2", FacilityEstablished("F", "Cedar Hollow", "America/Chicago")),
        recorded("1", FacilityEstablished("F", "Cedar", "America/New_York")),
        recorded("3", StaffAdded("p", "ann", "Ann", Role.REGISTRAR)),
        recorded("4", StaffAmended("p", Role.LEAD, active=True)),
        recorded("5", StaffAmended("p", Role.REGISTRAR, active=False)),
        recorded("6", PolicySet(Policy(recounts=2))),
        recorded("7", PolicySet(Policy(recounts=3))),
    ]
    found = []
    for order in permutations(said):
        state = FacilityState(facility_id="F")
        for event in order:
            state = evolve(state, event)
        found.append(replace(state, stamps={}))
    assert all(state == found[0] for state in found)
    assert found[0].timezone == "America/New_York"
    assert found[0].policy.recounts == 3
    person = found[0].people["p"]
    assert (person.role, person.active) == (Role.REGISTRAR, False)
