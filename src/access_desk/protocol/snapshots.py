"""What central says of a snapshot of a facility, and what it signs of it.

A snapshot is a database with everything that a desk needs of a facility at one position of its feed: the log, the content
that events name, and the projections with their indexes. A desk that takes it in goes on from that position.
"""

from __future__ import annotations

from typing import Final

import msgspec

from access_desk.protocol.messages import Snapshot, SnapshotOffer

__all__ = ["FORMAT", "MOST_PART", "Snapshot", "SnapshotOffer", "signed_text"]

FORMAT: Final = 1
# As much of the file as one answer carries, in bytes.
MOST_PART: Final = 4 * 1024 * 1024


def signed_text(snapshot: Snapshot) -> bytes:
    """What central signs: everything that it says."""
    said = msgspec.structs.astuple(msgspec.structs.replace(snapshot, signature=""))
    return b"access-desk snapshot " + msgspec.json.encode(said)
