"""How values become columns."""

from __future__ import annotations

from datetime import UTC, datetime

from access_desk.domain.events import Recorded
from access_desk.domain.ledger import Posting
from access_desk.protocol.encoding import encode_value
from access_desk.storage.row_changes import Insert, RowChange


def utc_text(moment: datetime) -> str:
    """ISO 8601 with microseconds and ``Z``. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    if moment.tzinfo is UTC:  # as every moment of an event that was read
        return moment.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def json_text(value: object) -> str:
    """A domain value as JSON text, money in cents."""
    return encode_value(value).decode()


def posting_rows(event: Recorded, postings: tuple[Posting, ...]) -> list[RowChange]:
    """The ledger lines of a money event."""
    return [
        Insert(
            "postings",
            {
                "facility_id": event.facility_id,
                "event_id": event.event_id,
                "line": line,
                "account": posting.account.value,
                "amount_cents": posting.amount.cents,
                "custody_id": posting.custody_id,
            },
        )
        for line, posting in enumerate(postings, 1)
    ]
