"""How values become columns."""

from __future__ import annotations

from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final

from access_desk.domain.events import Recorded
from access_desk.domain.ledger import Posting
from access_desk.domain.patients.events import Demographics
from access_desk.protocol.encoding import encode_value
from access_desk.storage.row_changes import InsertRows, RowChange

_DEMOGRAPHICS: Final = Demographics.__slots__
_demographics_of: Final = attrgetter(*_DEMOGRAPHICS)
_POSTING: Final = ("facility_id", "event_id", "line", "account", "amount_cents", "custody_id")


def utc_text(moment: datetime) -> str:
    """ISO 8601 with microseconds and ``Z``. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    # Every moment of an event that was read is UTC already.
    moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    # An eighth of the time of `isoformat`, and without zeros.
    text = encode_value(moment)[1:-1].decode()
    return text if moment.microsecond else f"{text[:-1]}.000000Z"


def json_text(value: object) -> str:
    """A domain value as JSON text, money in cents."""
    return encode_value(value).decode()


def demographics_texts(demographics: Demographics) -> dict[str, str]:
    """Every field of somebody's as text, in order; blank where nothing is known."""
    fields: dict[str, Any] = dict(zip(_DEMOGRAPHICS, _demographics_of(demographics), strict=True))
    born = demographics.birth_date
    fields["birth_date"] = born.isoformat() if born else ""
    return fields


def posting_rows(event: Recorded, postings: tuple[Posting, ...]) -> list[RowChange]:
    """The ledger lines of a money event."""
    rows = [
        (event.facility_id, event.event_id, line, posting.account.value, posting.amount.cents, posting.custody_id)
        for line, posting in enumerate(postings, 1)
    ]
    return [InsertRows("postings", _POSTING, rows)] if rows else []
