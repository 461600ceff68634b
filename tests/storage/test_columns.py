"""How values become columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.events import known_kinds, version_of
from access_desk.protocol.encoding import decode
from access_desk.storage.projections import project
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import Claim, Update
from tests.protocol.record_samples import SAMPLES, name_of

_ZONES = st.sampled_from([UTC, UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))])


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=_ZONES))  # noqa: DTZ001 - a zone is added
def test_a_moment_is_written_in_utc_with_microseconds(moment: datetime) -> None:
    at_greenwich = (moment - (moment.utcoffset() or timedelta())).replace(tzinfo=None)
    assert utc_text(moment) == at_greenwich.isoformat(timespec="microseconds") + "Z"


def test_a_whole_second_is_written_as_long_as_any_other() -> None:
    assert utc_text(datetime(2026, 3, 2, 6, 1, 2, tzinfo=UTC)) == "2026-03-02T06:01:02.000000Z"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        utc_text(datetime(2026, 3, 2, 6))  # noqa: DTZ001 - that is what is refused


# Files are compared with these, and rows are found by them: they stay what they are.
_PLACES = {
    "cash.dropped": ["004"],
    "custody.closed": ["003", "004", "005", "006", "007", "008"],
    "deposit.confirmed": ["003"],
    "deposit.sent": ["003", "004"],
    "drawer.counted": ["003"],
    "drawer.installed": ["003"],
    "drawer.leased": ["003"],
    "facility.established": ["003"],
    "facility.policy_set": ["003"],
    "payment.voided": ["003"],
    "staff.added": ["003"],
    "staff.amended": ["003"],
    "staff.pin_set": ["003"],
}


@pytest.mark.parametrize("kind", known_kinds())
def test_a_change_that_others_compete_with_has_the_place_that_it_always_had(kind: str) -> None:
    sample = decode((SAMPLES / name_of(kind, version_of(kind))).read_bytes())[0]
    event = replace(sample, also=("one more", "another"))
    places = [change.place for change in project(event) if isinstance(change, Update | Claim)]
    assert places == [f"{event.stamp}/{event.event_id}/{number}" for number in _PLACES.get(kind, [])]
