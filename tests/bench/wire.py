"""What a batch of 500 events weighs on its way, in each coding, against the batch as it is."""

from __future__ import annotations

from pathlib import Path

from access_desk.protocol.coding import CODINGS, packed
from access_desk.protocol.messages import MOST_EVENTS
from tests.bench.figures import Figure
from tests.fleet import outage


def measure(folder: Path) -> list[Figure]:
    """Bytes; the same in every run."""
    del folder
    body = outage(MOST_EVENTS).of("F", "desk1").batches()[0]
    sizes = {coding: len(packed(body, coding)) for coding in CODINGS}
    return [
        Figure(
            f"a batch of {MOST_EVENTS} events in {coding}", size / len(body), 0.2, "as it is", f"{size:,} of {len(body):,} bytes"
        )
        for coding, size in sizes.items()
    ]
