"""Changes of a visit's plans from two desks give the same rows and the same plans in whatever order they arrive."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations

from access_desk.domain.coverage.events import CoverageAdded, CoverageAmended, CoverageRemoved, CoveragesReordered
from access_desk.domain.estimates.events import EstimateMade
from access_desk.domain.estimates.share import RULE, ShareInputs, share_of
from access_desk.domain.events import Body, Recorded, kind_of
from access_desk.domain.money import Money
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.queries.coverage import coverages_of_visit, shares_of_visit
from access_desk.storage.replay import differing_tables, project_all
from access_desk.storage.schema import metadata

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PPO = Coverage("Northlake Health", "PPO", "NHP447199203", copay=Money(7_500))


def recorded(desk: str, seq: int, millis: int, body: Body) -> Recorded:
    stamp, day = f"{millis:013d}-00000-{desk}", date(2026, 11, 23)
    return Recorded(f"{desk}-{seq}", "F", desk, 1, seq, NOON, stamp, day, "ann", None, None, kind_of(body), 1, "V", ("P",), body)


def estimate(name: str, allowed: int) -> EstimateMade:
    inputs = ShareInputs(Money(allowed), coinsurance=2_000)
    return EstimateMade(name, "V", "P", "V.1", inputs, share_of(inputs), RULE)


EVENTS = (
    recorded("north", 1, 1, VisitRegistered("V", "P", "1", VisitDetails(), (PPO,))),
    recorded("north", 2, 20, CoverageAmended("V", "P", "V.1", {"copay": "25.00", "group": "80-2217"})),
    recorded("south", 7, 30, CoverageAmended("V", "P", "V.1", {"copay": "30.00"})),
    recorded("south", 8, 40, CoverageAdded("V", "P", "C", 2, Coverage("Ohio Valley Mutual"))),
    recorded("south", 9, 50, CoveragesReordered("V", "P", ("C", "V.1"))),
    recorded("north", 3, 60, estimate("E1", 10_000)),
    recorded("south", 10, 70, estimate("E2", 20_000)),
)
GONE = recorded("north", 4, 80, CoverageRemoved("V", "P", "C", "not hers"))


def test_plans_are_the_same_in_every_order_of_arrival() -> None:
    first = open_memory_database()
    metadata.create_all(first)
    with write_transaction(first) as connection:
        project_all(connection, EVENTS)
        plans = coverages_of_visit(connection, "F", "V")
        shares = shares_of_visit(connection, "F", "V", tuple(plans))
    assert list(plans) == ["C", "V.1"]
    assert (plans["V.1"].copay, plans["V.1"].group) == (Money(3_000), "80-2217")
    assert shares["V.1"].coinsurance == Money(4_000)
    for number, order in enumerate(permutations(EVENTS)):
        if number % 97:
            continue
        other = open_memory_database()
        metadata.create_all(other)
        with write_transaction(other) as connection:
            project_all(connection, order)
            assert list(coverages_of_visit(connection, "F", "V").items()) == list(plans.items())
            assert shares_of_visit(connection, "F", "V", tuple(plans)) == shares
        with read_transaction(first) as one, read_transaction(other) as two:
            assert differing_tables(one, two) == []
        other.dispose()
    with write_transaction(first) as connection:
        project_all(connection, (GONE,))
        assert list(coverages_of_visit(connection, "F", "V")) == ["V.1"]
    first.dispose()
