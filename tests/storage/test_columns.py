"""How values become columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.storage.projections.rows import utc_text

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
