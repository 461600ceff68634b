"""When a desk's clock is worth an entry in its log."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from access_desk.domain.flags.rules import CLOCK_MAY_BE_OFF

# Said again when it went so much further from what was last said.
_FURTHER_SECONDS: Final = 60


def ahead_of(offset_seconds: int) -> timedelta:
    """What a clock is too far ahead; nothing within what clocks may be off."""
    offset = timedelta(seconds=offset_seconds)
    return offset if offset > CLOCK_MAY_BE_OFF else timedelta(0)


def worth_saying(offset_seconds: int, last_said: int) -> int | None:
    """What to record of a clock that is so far from central's; None when that was said, or is within what clocks may be off."""
    is_off = abs(offset_seconds) > CLOCK_MAY_BE_OFF.total_seconds()
    if not is_off:
        return 0 if last_said else None
    return offset_seconds if abs(offset_seconds - last_said) > _FURTHER_SECONDS else None
