"""Central says how long it wants to be left alone, and the desk leaves it alone that long."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from access_desk.central.authority import certificates
from access_desk.sync.core import Request, RetryLaterError, RoundResult, kind_of_central
from access_desk.sync.loop import SyncLoop
from access_desk.sync.pace import LONGEST_SECONDS, SyncPace
from access_desk.sync.transport import HttpTransport
from tests.desks import SetClock
from tests.sync.loops import ScriptedRounds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("", 0.0), ("-1", 0.0), ("1e9", 0.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0), ("nan", 0.0), ("99999999", 0.0)],
)
def test_the_transport_reads_whole_seconds_and_nothing_else(header: str, seconds: float, tmp_path: Path) -> None:
    with a_transport(tmp_path, header) as transport:
        assert transport.ask(Request("GET", "/v1/central")).retry_after == seconds
        with pytest.raises(RetryLaterError) as away:
            transport.drive(kind_of_central())
        assert away.value.seconds == seconds


def a_transport(folder: Path, header: str) -> HttpTransport:
    transport = HttpTransport("https://central.invalid", certificates(folder, SetClock().now()).authority_pem)
    transport._client.close()
    answer = httpx2.MockTransport(lambda _: httpx2.Response(429, headers={"Retry-After": header}))
    transport._client = httpx2.Client(base_url="https://central.invalid", transport=answer)
    return transport


@pytest.mark.parametrize(
    ("asked", "chance", "waits"), [(7.0, 0.0, 7.0), (7.0, 1.0, 8.0), (0.0, 1.0, 1.0), (1e9, 0.0, LONGEST_SECONDS)]
)
def test_the_next_round_waits_that_long_and_a_little_by_chance(asked: float, chance: float, waits: float) -> None:
    ends: list[RoundResult | Exception] = [RetryLaterError("central answered 429", asked)]
    loop = SyncLoop(ScriptedRounds(ends), SetClock(), SyncPace(lambda: chance))
    assert loop._round() == waits


def test_who_was_given_a_moment_comes_then_and_nobody_else_waits_less() -> None:
    pace = SyncPace(lambda: 1.0)
    asked = (100.0, 100.0, 1.0, 0.0, 100.0, 3.0, 2.0)
    assert [pace.after_failure(one) for one in asked] == [101.0, 101.0, 5.0, 8.0, 101.0, 4.0, 66.0]
