"""A cash sheet with 40 receipts, against its strings on a bare ReportLab canvas."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from access_desk.documents.cash_sheet import render_cash_sheet
from tests.bench.figures import Figure
from tests.documents import samples
from tests.documents.test_same_bytes import bare_canvas, placed_pages

RUNS = 21


def measure(folder: Path) -> list[Figure]:
    """Medians, in turns."""
    del folder
    content = samples.pictured_cash_sheet(receipts=samples.long_receipts(40))
    pages = placed_pages(content, pytest.MonkeyPatch())
    ours, floor = [], []
    for _ in range(RUNS):
        ours.append(_timed(lambda: render_cash_sheet(content)))
        floor.append(_timed(lambda: bare_canvas(pages)))
    a, b = statistics.median(ours), statistics.median(floor)
    detail = f"{a * 1000:.1f} ms against {b * 1000:.1f} ms"
    return [Figure("cash sheet with 40 receipts", a / b, 3.0, "the same strings on a bare canvas", detail)]


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
